//! Plans and states, as the documents that they become.

mod hostile;
mod references;

use crate::infrastructure::{Coded, File, Lowered, lower};
use crate::json::{Tape, Value, pointer::pointer, read};
use crate::kinds::{self, Object, Reading};
use crate::model::{Application, ObjectKind, Span};

fn lowered(text: &str) -> Lowered {
    let mut tape = Tape::default();
    read::parse(text, 0, &mut tape).expect("JSON");
    let root = tape.root(text);
    lower(
        kinds::recognise(root).expect("a kind"),
        root,
        File::default(),
    )
    .expect("Terraform")
}

fn fixture(name: &str) -> String {
    std::fs::read_to_string(format!("fixtures/terraform/{name}")).expect("a fixture")
}

fn coded<'l>(all: &'l Lowered, address: &str) -> Coded<'l> {
    let mut found = all
        .resources()
        .filter(|one| one.address() == address && !one.is_removed());
    found.next().unwrap_or_else(|| panic!("no {address}"))
}

/// A document as it was written, with what stands in for ids spelled out.
fn said(all: &Lowered, address: &str) -> String {
    all.stand_ins()
        .spell(coded(all, address).value().raw())
        .into_owned()
}

fn member(all: &Lowered, address: &str, path: &str) -> String {
    let value = inner(coded(all, address).value(), path);
    all.stand_ins().spell(value.raw()).into_owned()
}

fn inner<'r>(value: Value<'r>, path: &str) -> Value<'r> {
    path.split('.').fold(value, |value, step| {
        let found = match step.parse::<usize>() {
            Ok(index) => value.elements().nth(index),
            Err(_) => value.get(step),
        };
        found.unwrap_or_else(|| panic!("no {step} in {}", value.raw()))
    })
}

/// Where in the file a value of a document comes from, as a JSON pointer.
fn place(text: &str, all: &Lowered, address: &str, path: &str) -> String {
    let mut tape = Tape::default();
    read::parse(text, 0, &mut tape).expect("JSON");
    let one = coded(all, address);
    pointer(tape.root(text), one.origin(inner(one.value(), path).span()))
}

fn application(value: Value<'_>) -> Application<'_> {
    match kinds::build(ObjectKind::Application, value, &Reading::default()) {
        Object::Application(app) => app,
        _ => panic!("no application"),
    }
}

/// Every document is told to be what it was written as, and no two share a block.
fn is_well_formed(all: &Lowered) {
    let mut blocks: Vec<Span> = Vec::new();
    for one in all.resources() {
        assert_eq!(
            kinds::recognise(one.value()),
            Ok(one.kind()),
            "{}",
            one.address()
        );
        kinds::build(one.kind(), one.value(), &Reading::default());
        blocks.push(one.block());
    }
    let count = blocks.len();
    blocks.dedup();
    assert_eq!(blocks.len(), count);
}

#[test]
fn a_first_plan_is_joined_by_its_references() {
    let text = fixture("first-plan/plan.json");
    let all = lowered(&text);
    is_well_formed(&all);
    assert_eq!(all.unsupported(), None);
    let (app, principal) = (
        r#"module.client.azuread_application.twins["north"]"#,
        r#"module.client.azuread_service_principal.twins["north"]"#,
    );
    // Through `each.value` of a resource with `for_each`.
    assert_eq!(
        member(&all, app, "passwordCredentials"),
        r#"[{"displayName":"gateway north","keyId":[0],"startDateTime":[0],"endDateTime":"2027-05-01T00:00:00Z"}]"#
    );
    assert_eq!(member(&all, app, "appId"), format!("\"{app}.client_id\""));
    // Through `app[each.key]`.
    assert_eq!(member(&all, principal, "appId"), member(&all, app, "appId"));
    assert_eq!(member(&all, principal, "displayName"), r#""twins-north""#);
    // Through a module's output.
    let owner = r#"azurerm_role_assignment.data_owner["north"]"#;
    assert_eq!(
        member(&all, owner, "principalId"),
        member(&all, principal, "id")
    );
    assert_eq!(
        member(&all, owner, "scope"),
        member(&all, "azurerm_digital_twins_instance.twins", "id")
    );
    assert_eq!(
        member(&all, owner, "roleDefinitionId"),
        r#""/providers/Microsoft.Authorization/roleDefinitions/bcd981a7-7f74-457b-83e1-cceb9e632ffe""#
    );
    // A resource group and an instance in it have one subscription.
    let reader = "azurerm_role_assignment.data_reader";
    let group = member(&all, reader, "scope");
    let instance = member(&all, "azurerm_digital_twins_instance.twins", "id");
    assert!(
        instance.starts_with(group.trim_end_matches('"')),
        "{instance} {group}"
    );
    assert_eq!(
        member(&all, reader, "principalId"),
        r#""azurerm_digital_twins_instance.twins.identity[0].principal_id""#
    );
    // What was looked up while planning, and what refers to it.
    let grant = "module.client.azuread_service_principal_delegated_permission_grant.twins";
    assert_eq!(
        said(&all, grant),
        r#"{"id":[0],"clientId":"module.client.azuread_service_principal.twins["north"].object_id","resourceId":"c5a9e0d2-3b1f-4c6e-8a77-51d20e9f4b36","consentType":"AllPrincipals","principalId":null,"scope":"Read.Write"}"#
    );
    let target = "module.client.data.azuread_service_principal.adt";
    assert_eq!(
        member(&all, target, "appId"),
        r#""0b07f429-9f4b-4714-9392-cc5e8e80c8b0""#
    );
    assert_eq!(
        member(&all, target, "id"),
        member(&all, grant, "resourceId")
    );
}

#[test]
fn places_point_at_what_says_it() {
    let text = fixture("first-plan/plan.json");
    let all = lowered(&text);
    let app = r#"module.client.azuread_application.twins["north"]"#;
    let at = |path: &str| place(&text, &all, app, path);
    let module = "/planned_values/root_module/child_modules/0/resources";
    assert_eq!(
        at("signInAudience"),
        format!("{module}/0/values/sign_in_audience")
    );
    assert_eq!(
        at("publicClient.redirectUris.0"),
        format!("{module}/0/values/public_client/0/redirect_uris/0")
    );
    assert_eq!(
        at("requiredResourceAccess.0.resourceAccess.0.id"),
        format!("{module}/0/values/required_resource_access/0/resource_access/0/id")
    );
    // A block that is not there.
    assert_eq!(at("web.redirectUris"), format!("{module}/0/values/web"));
    assert_eq!(
        at("web.implicitGrantSettings.enableIdTokenIssuance"),
        format!("{module}/0/values/web")
    );
    // Said by another resource.
    assert_eq!(
        at("passwordCredentials.0.endDateTime"),
        format!("{module}/2/values/end_date")
    );
    let one = coded(&all, app);
    let says = |path: &str| one.said_by(one.origin(inner(one.value(), path).span())).0;
    assert_eq!(
        says("passwordCredentials.0.endDateTime"),
        r#"module.client.azuread_application_password.twins["north"]"#
    );
    assert_eq!(says("signInAudience"), app);
    let principal = coded(
        &all,
        r#"module.client.azuread_service_principal.twins["north"]"#,
    );
    let name = inner(principal.value(), "displayName").span();
    assert_eq!(principal.said_by(principal.origin(name)).0, app);
    assert_eq!(
        principal.said_by(Span::new(0, 1)),
        (principal.address(), principal.block())
    );
    // Said by none.
    assert_eq!(at("appId"), format!("{module}/0/values"));
    let role = r#"azurerm_role_assignment.data_owner["north"]"#;
    assert_eq!(
        place(&text, &all, role, "roleDefinitionId"),
        "/planned_values/root_module/resources/2/values/role_definition_name"
    );
}

#[test]
fn an_application_in_pieces_is_put_together() {
    let text = fixture("update-plan/plan.json");
    let all = lowered(&text);
    is_well_formed(&all);
    let address = "azuread_application_registration.portal";
    let app = application(coded(&all, address).value());
    assert_eq!(app.secrets.items.len(), 1);
    // Others may have made more secrets, and the rest of the registration.
    assert!(!app.secrets.tells_all(app.complete) && !app.certificates.tells_all(app.complete));
    assert!(!app.scopes.tells_all(app.complete));
    assert!(app.public_client_flow.is_true() && app.implicit_access_tokens.is_true());
    assert_eq!(app.redirects.len(), 3);
    assert!(app.public_redirects.value().is_some() && app.web_redirects.value().is_some());
    assert!(app.spa_redirects.is_unknown());
    assert_eq!(app.required.resources.len(), 1);
    assert!(app.required.malformed.is_empty() && app.required.list.is_unknown());
    assert_eq!(
        place(&text, &all, address, "web.redirectUris.1"),
        "/planned_values/root_module/resources/2/values/redirect_uris/1"
    );
    assert!(!all.text().contains("not-a-real-value"));
    let federated = coded(
        &all,
        "azuread_application_federated_identity_credential.github",
    );
    let Object::FederatedCredential(federated) =
        kinds::build(federated.kind(), federated.value(), &Reading::default())
    else {
        panic!("no federated credential");
    };
    let owner = federated.application.value().map(ToString::to_string);
    assert_eq!(
        owner.as_deref(),
        Some("2f6b1c84-0d3e-4a95-b7c2-8e1f40a9d653")
    );
    // A role that becomes another: the old one is gone.
    let gone: Vec<_> = all.resources().filter(Coded::is_removed).collect();
    assert_eq!(gone.len(), 1);
    assert!(
        gone[0]
            .value()
            .raw()
            .contains("d57506d4-4c8d-48b1-8587-93c323f6a5a3")
    );
    assert_eq!(
        member(&all, "azurerm_role_assignment.portal", "principalType"),
        r#""ServicePrincipal""#
    );
}

#[test]
fn what_is_deleted_is_told_as_that() {
    let text = fixture("delete-plan/plan.json");
    let all = lowered(&text);
    is_well_formed(&all);
    let gone: Vec<_> = all
        .resources()
        .filter(Coded::is_removed)
        .map(|one| one.kind())
        .collect();
    assert_eq!(
        gone,
        [
            ObjectKind::ServicePrincipal,
            ObjectKind::DelegatedGrant,
            ObjectKind::FederatedCredential,
            ObjectKind::DigitalTwinsInstance,
            ObjectKind::RoleAssignment,
        ]
    );
    let left: Vec<_> = all.resources().filter(|one| !one.is_removed()).collect();
    assert_eq!(left.len(), 1);
    // The secret is gone with its resource.
    assert_eq!(application(left[0].value()).secrets.items.len(), 0);
}

#[test]
fn a_stored_state_gives_no_secret_away() {
    let text = fixture("state/terraform.tfstate");
    let all = lowered(&text);
    is_well_formed(&all);
    assert!(text.contains("not-a-real-value") && !all.text().contains("not-a-real-value"));
    let address = r#"module.gateway["west"].azuread_application.twins[0]"#;
    let app = application(coded(&all, address).value());
    let names: Vec<_> = app.secrets.iter().filter_map(|s| s.name.value()).collect();
    assert_eq!(names, ["inline", "gateway"]);
    assert!(
        app.secrets
            .iter()
            .all(|secret| secret.end.value().is_some())
    );
    assert_eq!(
        place(&text, &all, address, "passwordCredentials.1.endDateTime"),
        "/resources/1/instances/0/attributes/end_date"
    );
    // What was deposed is not there any more.
    assert_eq!(
        all.resources()
            .filter(|one| one.kind() == ObjectKind::RoleAssignment)
            .count(),
        1
    );
}

#[test]
fn a_plan_of_changes_alone_with_the_names_of_version_2() {
    let text = r#"{"format_version": "1.1", "resource_changes": [
      {"address": "azuread_application.old", "type": "azuread_application", "change": {"actions": ["update"],
        "before": null, "after": {"application_id": "11d4e7a0-5b2c-4f68-93ab-c07d1e6f2b84",
        "id": "22d4e7a0-5b2c-4f68-93ab-c07d1e6f2b84", "display_name": "old", "web": "oops",
        "sign_in_audience": "AzureADMyOrg", "group_membership_claims": ["All", "SecurityGroup"]},
        "after_unknown": {}, "after_sensitive": {"display_name": true, "application_id": true}}},
      {"address": "azuread_application_password.old", "type": "azuread_application_password", "change": {
        "actions": ["create"], "after": {"application_object_id": "22d4e7a0-5b2c-4f68-93ab-c07d1e6f2b84",
        "end_date_relative": "4320h"}, "after_unknown": {"end_date": true, "value": true}}},
      {"address": "data.azuread_service_principal.later", "mode": "data", "type": "azuread_service_principal",
        "change": {"actions": ["read"], "after": {}, "after_unknown": {"object_id": true, "client_id": true}}},
      {"address": "random_uuid.x", "type": "random_uuid", "change": {"actions": ["create"], "after": {}}}]}"#;
    let all = lowered(text);
    is_well_formed(&all);
    assert_eq!(all.resources().count(), 1);
    assert_eq!(
        all.text(),
        concat!(
            r##"[{"@odata.type":"#microsoft.graph.application","##,
            r#""id":"22d4e7a0-5b2c-4f68-93ab-c07d1e6f2b84","appId":"11d4e7a0-5b2c-4f68-93ab-c07d1e6f2b84","#,
            r#""displayName":[0],"signInAudience":"AzureADMyOrg","groupMembershipClaims":"All,SecurityGroup","#,
            r#""web":{"homePageUrl":[0],"logoutUrl":[0],"redirectUris":[[0]],"#,
            r#""implicitGrantSettings":{"enableAccessTokenIssuance":[0],"enableIdTokenIssuance":[0]}},"#,
            r#""passwordCredentials":[{"keyId":[0],"startDateTime":[0],"endDateTime":[0]},[0]],"#,
            r#""keyCredentials":[[0]]}]"#,
        )
    );
}

#[test]
fn a_printed_state_with_schedules_groups_and_roles() {
    let text = r#"{"format_version": "1.0", "values": {"root_module": {"resources": [
      {"address": "azurerm_pim_eligible_role_assignment.x", "type": "azurerm_pim_eligible_role_assignment",
       "values": {"principal_id": "11d4e7a0-5b2c-4f68-93ab-c07d1e6f2b84", "scope": "/subscriptions/s",
        "role_definition_id": "/providers/r", "schedule": [{"start_date_time": "2026-01-01T00:00:00Z",
        "expiration": [{"duration_days": 30, "duration_hours": null, "end_date_time": null}]}]}},
      {"address": "azurerm_pim_active_role_assignment.x", "type": "azurerm_pim_active_role_assignment",
       "values": {"principal_id": "11d4e7a0-5b2c-4f68-93ab-c07d1e6f2b84", "scope": "/subscriptions/s",
        "role_definition_id": "/providers/r", "schedule": [{"start_date_time": "2026-01-01T00:00:00Z",
        "expiration": []}]}},
      {"address": "azurerm_role_definition.x", "type": "azurerm_role_definition", "values": {"name": "Reader of twins",
        "id": "/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/33d4e7a0-5b2c-4f68-93ab-c07d1e6f2b84|/subscriptions/s",
        "scope": "/subscriptions/s", "assignable_scopes": [], "permissions": [{"actions": null, "not_actions": null,
        "data_actions": ["Microsoft.DigitalTwins/digitaltwins/read"], "not_data_actions": null}]}},
      {"address": "azurerm_role_assignment.x", "type": "azurerm_role_assignment", "values": {"role_definition_name": "reader of Twins",
        "scope": "/subscriptions/s", "principal_id": "44d4e7a0-5b2c-4f68-93ab-c07d1e6f2b84"}},
      {"address": "azuread_group.x", "type": "azuread_group", "values": {"id": "44d4e7a0-5b2c-4f68-93ab-c07d1e6f2b84",
        "display_name": "g", "members": []}},
      {"address": "azuread_group_member.x", "type": "azuread_group_member", "values": {
        "group_object_id": "44d4e7a0-5b2c-4f68-93ab-c07d1e6f2b84", "member_object_id": "11d4e7a0-5b2c-4f68-93ab-c07d1e6f2b84"}},
      {"address": "azuread_app_role_assignment.x", "type": "azuread_app_role_assignment", "values": {
        "app_role_id": "55d4e7a0-5b2c-4f68-93ab-c07d1e6f2b84", "principal_object_id": "11d4e7a0-5b2c-4f68-93ab-c07d1e6f2b84",
        "resource_object_id": "66d4e7a0-5b2c-4f68-93ab-c07d1e6f2b84", "principal_type": "ServicePrincipal"}}
      ]}}}"#;
    let all = lowered(text);
    is_well_formed(&all);
    assert_eq!(
        member(
            &all,
            "azurerm_pim_eligible_role_assignment.x",
            "properties.endDateTime"
        ),
        "[0]"
    );
    assert_eq!(
        member(
            &all,
            "azurerm_pim_active_role_assignment.x",
            "properties.endDateTime"
        ),
        "null"
    );
    assert_eq!(
        said(&all, "azurerm_role_definition.x"),
        concat!(
            r#"{"id":"/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/33d4e7a0-5b2c-4f68-93ab-c07d1e6f2b84","#,
            r#""roleName":"Reader of twins","roleType":"CustomRole","permissions":[{"actions":null,"notActions":null,"#,
            r#""dataActions":["Microsoft.DigitalTwins/digitaltwins/read"],"notDataActions":null}],"assignableScopes":["/subscriptions/s"]}"#,
        )
    );
    assert_eq!(
        member(&all, "azurerm_role_assignment.x", "roleDefinitionId"),
        member(&all, "azurerm_role_definition.x", "id")
    );
    assert_eq!(
        member(&all, "azuread_group.x", "members"),
        r#"[{"id":"11d4e7a0-5b2c-4f68-93ab-c07d1e6f2b84"}]"#
    );
    assert_eq!(all.resources().count(), 6);
}
