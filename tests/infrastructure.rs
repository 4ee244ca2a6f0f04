//! Templates, plans and states: the same rules as for exports, verdicts for the state after the
//! plan, and no secret of a state anywhere.

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, Output};

use common::run::{NOW, check, check_path};

/// The program in the package's folder, without any variable of the environment.
fn entralint(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_entralint"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_clear()
        .args(words)
        .output()
        .expect("a process")
}

fn told(words: &[&str]) -> String {
    let out = entralint(words);
    let text = String::from_utf8(out.stdout).expect("UTF-8");
    let errors = String::from_utf8(out.stderr).expect("UTF-8");
    format!("exit {:?}\n{text}{errors}", out.status.code())
}

#[test]
fn a_plan_with_mistakes() {
    let words = ["check", "--now", NOW, "fixtures/infrastructure/mistakes"];
    insta::assert_snapshot!("mistakes_terraform", told(&words));
}

#[test]
fn the_same_mistakes_in_bicep() {
    let words = [
        "check",
        "--now",
        NOW,
        "fixtures/infrastructure/mistakes-bicep",
    ];
    insta::assert_snapshot!("mistakes_bicep", told(&words));
}

#[test]
fn fixtures_of_templates_and_plans() {
    let mut all = String::new();
    for folder in [
        "fixtures/arm",
        "fixtures/terraform",
        "fixtures/infrastructure/new-application",
    ] {
        let words = ["check", "--now", NOW, "--format", "concise", folder];
        all += &told(&words);
    }
    insta::assert_snapshot!("concise", all);
}

/// What both languages show is judged alike, and findings are about what the author calls it.
#[test]
fn terraform_and_bicep_are_judged_by_the_same_rules() {
    let rules = |folder: &str| -> BTreeSet<&'static str> {
        let told = check_path(folder, &[]);
        assert!(!told.incomplete, "{:?}", told.troubles);
        for finding in &told.findings {
            assert_eq!(
                finding.commands,
                Vec::<String>::new(),
                "{}",
                finding.rule.id
            );
            let help = finding.help.as_deref().unwrap_or_default();
            assert!(help.starts_with("In "), "{}: {help}", finding.rule.id);
        }
        told.findings
            .iter()
            .map(|finding| finding.rule.id)
            .collect()
    };
    let terraform = rules("fixtures/infrastructure/mistakes");
    let mut bicep = rules("fixtures/infrastructure/mistakes-bicep");
    assert!(bicep.len() > 4, "{bicep:?}");
    // Bicep leaves alone what it does not name, so that a redirect stands under no other platform
    // cannot be told.
    bicep.insert("adt-localhost-redirect-wrong-platform");
    assert_eq!(terraform, bicep);
}

#[test]
fn addresses_name_the_objects() {
    let told = check([
        "--app",
        "azuread_application.report",
        "fixtures/infrastructure/mistakes",
    ]);
    assert!(told.findings.len() > 3);
    for finding in &told.findings {
        let subject = finding.subject.as_ref().expect("a subject");
        let id = subject.id.as_deref().expect("an address");
        assert!(
            [
                "azuread_application.report",
                "azuread_application_federated_identity_credential.main"
            ]
            .contains(&id),
            "{id}"
        );
        assert_eq!(subject.app_id, None);
    }
}

/// Verdicts are for the state after the plan, whatever the exports beside it show.
#[test]
fn verdicts_after_the_plan() {
    let exports = "fixtures/access/procedure-clean";
    let access = |plan: &str| told(&["access", "--now", NOW, exports, plan]);
    insta::assert_snapshot!(
        "after_new_application",
        access("fixtures/infrastructure/new-application")
    );
    insta::assert_snapshot!(
        "after_takes_the_role",
        access("fixtures/infrastructure/takes-the-role")
    );
}

/// A plan is no export: what it does not create may well be there.
#[test]
fn a_plan_proves_no_absence() {
    let told = check_path("fixtures/terraform/first-plan", &[]);
    let rules: Vec<_> = told
        .outcome
        .not_evaluated
        .iter()
        .map(|row| &*row.rule)
        .collect();
    assert!(rules.contains(&"adt-data-role-missing"), "{rules:?}");
}

/// Fingerprints hold on to the address: neither the file's name nor ids that do not exist yet
/// change them.
#[test]
fn fingerprints_of_a_plan_survive_a_move() {
    let folder = tempfile::tempdir().expect("a folder");
    let moved = folder.path().join("elsewhere.json");
    fs::copy("fixtures/infrastructure/mistakes/plan.json", &moved).expect("a copy");
    let prints = |told: common::run::Told| -> Vec<String> {
        told.findings.into_iter().map(|f| f.fingerprint).collect()
    };
    let before = prints(check_path("fixtures/infrastructure/mistakes", &[]));
    assert_eq!(before, prints(check_path(&moved, &[])));
}

#[test]
fn secrets_of_states_and_templates_are_found_and_never_printed() {
    const SECRETS: [&str; 3] = [
        "not-a-real-value-2",
        "not-a-real-value-3",
        "Tr0ub4dor-default",
    ];
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    fs::copy(
        "fixtures/terraform/state/terraform.tfstate",
        path("a.tfstate"),
    )
    .expect("a copy");
    let template = r#"{
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "parameters": {"key": {"type": "secureString", "defaultValue": "Tr0ub4dor-default"}},
        "resources": []
    }"#;
    fs::write(path("b.json"), template).expect("a file");
    let input = folder.path().to_str().expect("UTF-8");
    for format in [
        "human", "concise", "json", "ndjson", "sarif", "github", "azure", "gitlab", "junit",
        "markdown", "csv", "html",
    ] {
        let out = told(&["check", "--now", NOW, "-v", "--format", format, input]);
        assert!(
            out.contains("secret-in-file") || format == "junit",
            "{format}: {out}"
        );
        for secret in SECRETS {
            assert!(!out.contains(secret), "{format} prints {secret}");
        }
    }
    let told = check_path(folder.path(), &[]);
    let found = told
        .findings
        .iter()
        .filter(|f| f.rule.id == "secret-in-file");
    assert_eq!(found.count(), 3);
}

#[test]
fn what_is_not_understood_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let said = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).expect("a file");
        let told = check([path.clone()]);
        fs::remove_file(path).expect("the file");
        let reasons = told.outcome.skipped.iter().map(|row| row.reason.clone());
        let rules = told.findings.iter().map(|f| f.rule.id.to_owned());
        reasons.chain(rules).collect::<Vec<_>>().join("; ")
    };
    assert_eq!(
        said(
            "plan.json",
            r#"{"format_version": "2.0", "planned_values": {}}"#
        ),
        "a Terraform plan of format 2.0; this version reads 1.x"
    );
    assert_eq!(
        said(
            "old.tfstate",
            r#"{"version": 3, "terraform_version": "0.11.0", "lineage": "x", "resources": []}"#
        ),
        "a Terraform state of version 3; this version reads 4"
    );
    assert_eq!(
        said(
            "cut.json",
            r#"{"format_version": "1.2", "planned_values": {"root_module": {"#
        ),
        "invalid-json"
    );
    assert_eq!(
        said(
            "other.tfstate",
            r#"{"version": 4, "terraform_version": "1.9.8", "lineage": "x", "resources": [
                {"mode": "managed", "type": "acme_thing", "name": "x", "provider": "provider[\"acme\"]",
                 "instances": [{"attributes": {"id": "1", "value": "x"}}, 7, null]}]}"#
        ),
        ""
    );
}

/// A GUID that stands in for an id which does not exist yet: of version 8, as no real one is.
fn stand_in(text: &str) -> Option<&str> {
    (0..text.len().saturating_sub(35))
        .filter_map(|at| text.get(at..at + 36))
        .find(|part| {
            part.char_indices().all(|(at, c)| match at {
                8 | 13 | 18 | 23 => c == '-',
                14 => c == '8',
                _ => c.is_ascii_hexdigit(),
            })
        })
}

#[test]
fn ids_that_do_not_exist_yet_are_spelled_out() {
    assert!(stand_in("x 1877d63a-f8e1-80c7-b91c-c72aea9743f6").is_some());
    let input = [
        "fixtures/access/procedure-clean",
        "fixtures/arm",
        "fixtures/infrastructure",
        "fixtures/terraform",
    ];
    for format in ["human", "json", "sarif", "html", "csv"] {
        let mut words = vec!["check", "--now", NOW, "--all-apps", "--format", format];
        words.extend(input);
        let out = told(&words);
        assert!(out.len() > 1000, "{out}");
        assert_eq!(stand_in(&out), None, "{format}");
    }
    let mut words = vec!["access", "--now", NOW, "--all-apps", "--format", "json"];
    words.extend(input);
    assert_eq!(stand_in(&told(&words)), None);
    let (old, new) = (
        "fixtures/terraform/first-plan",
        "fixtures/infrastructure/mistakes",
    );
    assert_eq!(stand_in(&told(&["diff", "--now", NOW, old, new])), None);
}

/// Of two plans the same address is the same object, whatever the files are called.
#[test]
fn two_plans_compare() {
    let folder = tempfile::tempdir().expect("a folder");
    let plan = fs::read_to_string("fixtures/infrastructure/mistakes/plan.json").expect("a plan");
    let (old, new) = (
        folder.path().join("old.json"),
        folder.path().join("new.json"),
    );
    fs::write(&old, &plan).expect("a file");
    fs::write(&new, plan.replace("AzureADMultipleOrgs", "AzureADMyOrg")).expect("a file");
    let path = |path: &std::path::Path| path.to_str().expect("UTF-8").to_owned();
    let out = told(&["diff", "--now", NOW, &path(&old), &path(&new)]);
    assert!(
        out.contains("no new findings, 1 gone, 6 unchanged; objects: 1 changed"),
        "{out}"
    );
    assert!(
        out.contains("~ audience AzureADMultipleOrgs → AzureADMyOrg"),
        "{out}"
    );
}

/// A parameter is what the parameters file beside the template passes; without one it is unknown.
#[test]
fn parameters_files_are_applied() {
    let rules = |path: &std::path::Path| -> Vec<(&'static str, String)> {
        let told = check_path(path, &[]);
        assert!(!told.incomplete, "{:?}", told.troubles);
        let place = |f: &entralint::report::Reported| f.location.pointer.clone();
        told.findings
            .iter()
            .map(|f| (f.rule.id, place(f)))
            .collect()
    };
    let with = std::path::Path::new("fixtures/infrastructure/parameters");
    let at = |member: &str| format!("/resources/viewer/properties/{member}");
    let expected = vec![
        ("adt-audience-not-single-tenant", at("signInAudience")),
        ("redirect-wildcard", at("web/redirectUris")),
    ];
    assert_eq!(rules(with), expected);
    assert_eq!(rules(&with.join("main.json")), expected);
    let folder = tempfile::tempdir().expect("a folder");
    let alone = folder.path().join("main.json");
    fs::copy(with.join("main.json"), &alone).expect("a copy");
    assert_eq!(rules(&alone), []);
    // As the portal calls the two.
    fs::rename(&alone, folder.path().join("template.json")).expect("a move");
    let parameters = folder.path().join("parameters.json");
    fs::copy(with.join("main.parameters.json"), &parameters).expect("a copy");
    assert_eq!(rules(folder.path()), expected);
    // A broken one leaves the template as it is, and is told itself.
    fs::write(&parameters, "{").expect("a file");
    let told = check_path(folder.path(), &[]);
    let ids: Vec<_> = told.findings.iter().map(|f| f.rule.id).collect();
    assert_eq!(ids, ["invalid-json"]);
}

/// What stands before an application in a plan is not walked through for each of its findings: that
/// took as long as there are findings times resources.
#[test]
fn many_findings_in_a_large_plan_cost_no_more_than_each() {
    let temp = tempfile::tempdir().expect("a folder");
    let cost = |others: usize, apps: usize| {
        let other = r#"{"address":"x.y","mode":"managed","type":"x","name":"y","values":{}}"#;
        let app = |n: usize| {
            format!(
                r#"{{"address":"azuread_application.a[{n}]","mode":"managed","type":"azuread_application","name":"a","index":{n},"values":{{"object_id":"1d7a3c50-5b0e-4b43-8b0a-{n:012x}","client_id":"5f0b9f6e-3c52-4a7e-9d52-{n:012x}","display_name":"Line Report","sign_in_audience":"AzureADMyOrg","web":[{{"redirect_uris":["http://localhost","https://a.contoso.com/*/cb"],"implicit_grant":[{{"access_token_issuance_enabled":true}}]}}]}}}}"#
            )
        };
        let resources = std::iter::repeat_n(other.to_owned(), others).chain((0..apps).map(app));
        let text = format!(
            r#"{{"format_version":"1.2","planned_values":{{"root_module":{{"resources":[{}]}}}}}}"#,
            resources.collect::<Vec<_>>().join(",")
        );
        let path = temp.path().join("plan.json");
        fs::write(&path, text).expect("a plan");
        let began = std::time::Instant::now();
        let told = check_path(&path, &["--no-config", "--jobs", "1"]);
        let took = began.elapsed();
        let names = told
            .rules()
            .into_iter()
            .filter(|r| *r == "display-name-shared");
        assert_eq!(names.count(), apps - 1);
        assert!(
            told.findings.len() >= 3 * apps - 1,
            "{}",
            told.findings.len()
        );
        let last = told
            .findings
            .last()
            .map(|found| found.location.pointer.as_str());
        let start = format!(
            "/planned_values/root_module/resources/{}/",
            others + apps - 1
        );
        assert!(
            last.is_some_and(|pointer| pointer.starts_with(&start)),
            "{last:?}"
        );
        took
    };
    let (apart, together) = (cost(60_000, 1) + cost(0, 600), cost(60_000, 600));
    assert!(together < 5 * apart, "{together:?} for {apart:?}");
}
