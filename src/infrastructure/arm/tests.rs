use std::fmt::Write as _;

use crate::infrastructure::{File, Lowered, lower};
use crate::json::{Tape, Value, read};
use crate::kinds::{self, Object, Reading, recognise};
use crate::model::{Guid, ObjectKind};

fn fixture(name: &str) -> String {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/arm");
    std::fs::read_to_string(folder.join(name)).unwrap()
}

fn with<T>(text: &str, look: impl FnOnce(Value<'_>, &Lowered) -> T) -> T {
    let mut tape = Tape::default();
    read::record(text, &mut tape).unwrap();
    let root = tape.root(text);
    assert_eq!(recognise(root).ok(), Some(ObjectKind::ArmTemplate));
    look(
        root,
        &lower(ObjectKind::ArmTemplate, root, File::default()).unwrap(),
    )
}

/// Every document with its address, stand-ins spelled out. Each has to be recognised as what it is
/// said to be, and to have a block of its own.
fn told(text: &str) -> String {
    with(text, |_, lowered| {
        let mut out = String::new();
        let mut blocks = Vec::new();
        for coded in lowered.resources() {
            let written = coded.value();
            assert_eq!(
                recognise(written).ok(),
                Some(coded.kind()),
                "{}",
                written.raw()
            );
            blocks.push(coded.block());
            let written = lowered.stand_ins().spell(written.raw());
            writeln!(
                out,
                "{} {}\n  {written}",
                coded.kind().name(),
                coded.address()
            )
            .unwrap();
        }
        let count = blocks.len();
        blocks.dedup();
        assert_eq!(blocks.len(), count);
        if let Some(reason) = lowered.unsupported() {
            writeln!(out, "{reason}").unwrap();
        }
        out
    })
}

macro_rules! snapshots {
    ($($test:ident: $file:literal;)*) => {
        $(#[test]
        fn $test() {
            insta::assert_snapshot!(told(&fixture($file)));
        })*
    };
}

snapshots! {
    the_procedure_in_compiled_bicep: "procedure/main.json";
    all_styles_of_assignments: "assignment-styles/azuredeploy.json";
    comments_and_trailing_commas: "comments/azuredeploy.json";
    nothing_is_known: "unknown-everything/azuredeploy.json";
    schedules: "schedules/azuredeploy.json";
    managed_identities: "managed-identity/azuredeploy.json";
}

#[test]
fn values_point_into_the_template() {
    let text = fixture("procedure/main.json");
    with(&text, |_, lowered| {
        let of = |address: &str, pointer: &[&str]| {
            let coded = lowered
                .resources()
                .find(|coded| coded.address() == address)
                .unwrap();
            let value = pointer
                .iter()
                .try_fold(coded.value(), |value, name| value.get(name))
                .unwrap();
            coded.origin(value.span()).of(&text).to_owned()
        };
        assert_eq!(of("twinsApp", &["displayName"]), "\"Twins Explorer\"");
        assert_eq!(
            of("twinsApp", &["signInAudience"]),
            "\"[parameters('audience')]\""
        );
        assert_eq!(
            of("twinsApp", &["publicClient", "redirectUris"]),
            "\"[variables('redirects')]\""
        );
        assert!(of("twinsApp", &["id"]).starts_with('{'));
        assert_eq!(
            of("roles/twinsRole", &["properties", "principalId"]),
            "\"[parameters('principal')]\""
        );
        assert!(
            of("roles/twinsRole", &["properties", "scope"]).starts_with("\"[resourceId('Micro")
        );
    });
}

/// What is deployed together is joined: the assignment is the service principal's, on the instance,
/// with the role; the grant is for Azure Digital Twins.
#[test]
fn references_join() {
    with(&fixture("procedure/main.json"), |_, lowered| {
        let object = |address: &str| {
            let coded = lowered
                .resources()
                .find(|coded| coded.address() == address)
                .unwrap();
            kinds::build(coded.kind(), coded.value(), &Reading::default())
        };
        let (
            Object::Application(app),
            Object::ServicePrincipal(principal),
            Object::RoleAssignment(role),
            Object::Instance(instance),
            Object::DelegatedGrant(grant),
            Object::ServicePrincipal(api),
            Object::FederatedCredential(gateway),
        ) = (
            object("twinsApp"),
            object("twinsSp"),
            object("roles/twinsRole"),
            object("instance"),
            object("consent"),
            object("apiSp"),
            object("gateway"),
        )
        else {
            panic!("other kinds");
        };
        assert!(app.app_id.value().is_some());
        assert_eq!(principal.app_id.value(), app.app_id.value());
        assert_eq!(role.principal.value(), principal.id.value());
        assert_eq!(role.scope.value(), instance.id.value());
        assert_eq!(
            role.role_guid(),
            Guid::parse_strict("bcd981a7-7f74-457b-83e1-cceb9e632ffe")
        );
        assert!(instance.name.is_unknown() && instance.location.value().is_some());
        assert_eq!(grant.client.value(), principal.id.value());
        assert_eq!(grant.resource.value(), api.id.value());
        assert_eq!(gateway.application.value(), app.id.value());
    });
}

#[test]
fn no_secret_is_written_down() {
    with(
        &fixture("unknown-everything/azuredeploy.json"),
        |_, lowered| {
            assert!(!lowered.text().contains("not-to-be-read"));
            assert!(!lowered.text().contains("secretText"));
            assert!(!lowered.text().contains("paste the object id"));
        },
    );
}

fn template(variables: &str, resources: &str) -> String {
    format!(
        r#"{{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "variables": {variables}, "resources": {resources}}}"#
    )
}

fn assignment(principal: &str) -> String {
    format!(
        r#"{{"type": "Microsoft.Authorization/roleAssignments", "name": "[guid('x')]",
        "properties": {{"principalId": "{principal}", "roleDefinitionId": "[variables('v0')]"}}}}"#
    )
}

fn nested(name: &str, resources: &str) -> String {
    let inner = template("{}", resources);
    format!(
        r#"{{"type": "Microsoft.Resources/deployments", "name": "{name}",
        "properties": {{"template": {inner}}}}}"#
    )
}

/// The worker threads of small machines have little stack.
fn on_a_small_stack(text: String) -> (usize, Option<String>) {
    let look = move || {
        with(&text, |_, lowered| {
            let reason = lowered.unsupported().map(str::to_owned);
            (lowered.resources().count(), reason)
        })
    };
    std::thread::Builder::new()
        .stack_size(256 * 1024)
        .spawn(look)
        .unwrap()
        .join()
        .unwrap()
}

#[test]
fn a_thousand_nested_deployments() {
    let one = assignment("aaaaaaaa-0000-4000-8000-000000000001");
    let beside: Vec<String> = (0..1000)
        .map(|number| nested(&format!("d{number}"), &format!("[{one}]")))
        .collect();
    let text = template("{}", &format!("[{}]", beside.join(",")));
    assert_eq!(on_a_small_stack(text), (1000, None));

    let within = (0..100).fold(one, |inner, number| {
        nested(&format!("d{number}"), &format!("[{inner}]"))
    });
    let (count, reason) = on_a_small_stack(template("{}", &format!("[{within}]")));
    assert_eq!(count, 0);
    assert_eq!(
        reason.as_deref(),
        Some("deployments nested deeper than 24 are not read")
    );
}

#[test]
fn expressions_that_unfold_without_end() {
    let one = assignment("[variables('v0')]");
    // Each variable is twice the one before.
    let doubling: Vec<String> = (0..60)
        .map(|number| {
            let next = number + 1;
            format!(r#""v{number}": "[concat(variables('v{next}'), variables('v{next}'))]""#)
        })
        .collect();
    for variables in [
        format!("{{{}}}", doubling.join(",")),
        format!(
            r#"{{"v0": "[{}'x'{}]"}}"#,
            "toLower(".repeat(31),
            ")".repeat(31)
        ),
        r#"{"v0": "[variables('v0')]"}"#.to_owned(),
        r#"{"v0": "[createArray(variables('v0'), variables('v0'))]"}"#.to_owned(),
        format!(r#"{{"v0": {}{}}}"#, "[".repeat(400), "]".repeat(400)),
        format!(r#"{{"v0": "[{}]"}}"#, "if(true(),".repeat(2000)),
    ] {
        let many = [one.as_str(); 10].join(",");
        let (count, _) = on_a_small_stack(template(&variables, &format!("[{many}]")));
        assert_eq!(count, 10);
    }
}

#[test]
fn what_is_no_template_inside_is_nothing() {
    for resources in [
        "null",
        "7",
        "[1, null, {}, {\"type\": 1}, {\"type\": \"\"}, {\"type\": \"a/providers/\"}]",
        r#"{"a": {"type": "Microsoft.Graph/applications@v1.0"}}"#,
        r#"[{"type": "Microsoft.Resources/deployments", "properties": {"template": 1}}]"#,
        r#"[{"type": "Microsoft.Authorization/roleAssignments"}]"#,
        r#"[{"type": "Microsoft.Authorization/roleDefinitions", "properties": []}]"#,
    ] {
        with(&template("[]", resources), |_, lowered| {
            for coded in lowered.resources() {
                kinds::build(coded.kind(), coded.value(), &Reading::default());
            }
        });
    }
}
