//! Whole tenants, as they are exported: what is said of them, and that neither the order of files
//! and records nor the spelling of ids nor a second copy changes it.

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use common::run::{Dice, NOW, Told, check_path};
use entralint::rules::Severity;
use proptest::prelude::*;
use serde_json::Value;

/// The day on which the generator's world is clean.
const GENERATED: &str = "2026-06-01";

fn tenant(name: &str) -> PathBuf {
    Path::new("fixtures/tenants").join(name)
}

/// The program in the package's folder, without any variable of the environment.
fn entralint(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_entralint"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_clear()
        .args(words)
        .output()
        .expect("a process")
}

fn concise(name: &str, now: &str) -> String {
    let path = tenant(name);
    let path = path.to_str().expect("a name in ASCII");
    let words = ["check", "--now", now, "--format", "concise", path];
    let out = entralint(&words);
    let told = String::from_utf8(out.stdout).expect("UTF-8");
    format!("exit {:?}\n{told}", out.status.code())
}

#[test]
fn the_clean_tenant_is_clean() {
    let told = check_path(tenant("contoso-clean"), &[]);
    assert!(!told.incomplete, "{:?}", told.troubles);
    let loud = |severity| severity >= Severity::Warning;
    let loud: Vec<_> = told
        .findings
        .iter()
        .filter(|found| loud(found.severity))
        .map(|found| format!("{}: {}", found.rule.id, found.message))
        .collect();
    assert_eq!(loud, Vec::<String>::new());
    // An empty list tells that there is nothing; no other document is left unread.
    assert_eq!(told.outcome.skipped, []);
    insta::assert_snapshot!("clean", concise("contoso-clean", NOW));
}

#[test]
fn every_mistake_is_found_and_nothing_else() {
    insta::assert_snapshot!("ten_mistakes", concise("ten-mistakes", NOW));
}

#[test]
fn a_tenant_of_some_hundred_applications() {
    insta::assert_snapshot!("real", concise("contoso-real", GENERATED));
}

/// Each verdict in a line: what is asked, its answer, and the rules that say why.
fn verdicts(name: &str, now: &str) -> String {
    let path = tenant(name);
    let path = path.to_str().expect("a name in ASCII");
    let out = entralint(&["access", "--now", now, "--format", "json", path]);
    let told: Value = serde_json::from_slice(&out.stdout).expect("JSON");
    let text = |value: &Value| value.as_str().unwrap_or("none").to_owned();
    let mut lines = vec![format!("exit {:?}", out.status.code())];
    for verdict in told["verdicts"].as_array().expect("a list") {
        let reasons = verdict["reasons"].as_array().expect("a list");
        let reasons: Vec<_> = reasons.iter().map(|why| text(&why["rule"])).collect();
        lines.push(format!(
            "{} > {} by {}: read {}, write {} {}",
            text(&verdict["application"]["name"]),
            text(&verdict["instance"]["name"]),
            text(&verdict["flow"]),
            text(&verdict["read"]),
            text(&verdict["write"]),
            reasons.join(" ")
        ));
    }
    let lines: Vec<_> = lines.iter().map(|line| line.trim_end()).collect();
    lines.join("\n")
}

#[test]
fn verdicts_about_the_tenants() {
    insta::assert_snapshot!("verdicts_clean", verdicts("contoso-clean", NOW));
    insta::assert_snapshot!("verdicts_ten_mistakes", verdicts("ten-mistakes", NOW));
    insta::assert_snapshot!("verdicts_real", verdicts("contoso-real", GENERATED));
}

/// What does not depend on where an object stands and how its ids are spelled.
fn essence(told: &Told) -> BTreeSet<(String, Severity, String)> {
    assert!(!told.incomplete, "{:?}", told.troubles);
    told.findings
        .iter()
        .map(|found| {
            (
                found.rule.id.to_owned(),
                found.severity,
                found.fingerprint.clone(),
            )
        })
        .collect()
}

/// The files of a tenant below its folder, in the order of their names.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(next) = waiting.pop() {
        for entry in fs::read_dir(next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|kind| kind == "json") {
                files.push(path.strip_prefix(folder).expect("inside").to_owned());
            }
        }
    }
    files.sort();
    files
}

/// A copy in a folder of its own, every document passed through `change` and moved below the
/// folder that `place` names.
fn copy(
    from: &Path,
    mut place: impl FnMut() -> String,
    mut change: impl FnMut(Value) -> Value,
) -> tempfile::TempDir {
    let to = tempfile::tempdir().expect("a folder");
    let settings = from.join("entralint.toml");
    if settings.exists() {
        fs::copy(settings, to.path().join("entralint.toml")).expect("a copy");
    }
    for file in files(from) {
        let text = fs::read_to_string(from.join(&file)).expect("a document");
        let document = change(serde_json::from_str(&text).expect("JSON"));
        let path = to.path().join(place()).join(&file);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, document.to_string()).expect("a copy");
    }
    to
}

fn shuffle<T>(list: &mut [T], dice: &mut Dice) {
    for at in (1..list.len()).rev() {
        list.swap(at, dice.roll(at + 1));
    }
}

/// Records in another order.
fn reorder(mut document: Value, dice: &mut Dice) -> Value {
    let records = match &mut document {
        Value::Array(records) => Some(records),
        Value::Object(page) => page.get_mut("value").and_then(Value::as_array_mut),
        _ => None,
    };
    if let Some(records) = records {
        shuffle(records, dice);
    }
    document
}

/// Members whose whole value is an object's id, which services write in several ways.
const IDS: [&str; 9] = [
    "appId",
    "clientId",
    "resourceId",
    "principalId",
    "appRoleId",
    "appOwnerOrganizationId",
    "tenantId",
    "createdBy",
    "keyId",
];
/// Members with a path of Azure Resource Manager, where case does not count.
const PATHS: [&str; 3] = ["id", "scope", "roleDefinitionId"];

/// Ids in capitals or in braces; of the others, paths in capitals.
fn respell(document: Value, dice: &mut Dice) -> Value {
    match document {
        Value::Array(items) => items.into_iter().map(|item| respell(item, dice)).collect(),
        Value::Object(members) => members
            .into_iter()
            .map(|(name, value)| {
                let value = match value {
                    Value::String(id) if IDS.contains(&name.as_str()) => match dice.roll(3) {
                        0 => Value::String(id.to_uppercase()),
                        1 if id.len() == 36 => Value::String(format!("{{{id}}}")),
                        _ => Value::String(id),
                    },
                    Value::String(path)
                        if PATHS.contains(&name.as_str()) && path.starts_with('/') =>
                    {
                        match dice.roll(2) {
                            0 => Value::String(path.to_uppercase()),
                            _ => Value::String(path),
                        }
                    }
                    // Ids of permissions are held to their form by a rule.
                    value if name == "requiredResourceAccess" => value,
                    value => respell(value, dice),
                };
                (name, value)
            })
            .collect(),
        other => other,
    }
}

const PLACES: [&str; 3] = ["a", "b/c", "z"];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(6) })]

    #[test]
    fn the_order_of_files_and_records_changes_nothing(seed: u64) {
        for name in ["contoso-clean", "ten-mistakes"] {
            let mut places = Dice::new(seed);
            let mut dice = Dice::new(!seed);
            let place = || places.pick(&PLACES).to_owned();
            let other = copy(&tenant(name), place, |document| reorder(document, &mut dice));
            prop_assert_eq!(
                essence(&check_path(other.path(), &[])),
                essence(&check_path(tenant(name), &[])),
                "{}", name
            );
        }
    }

    #[test]
    fn the_spelling_of_ids_changes_nothing(seed: u64) {
        for name in ["contoso-clean", "ten-mistakes"] {
            let mut dice = Dice::new(seed);
            let other = copy(&tenant(name), String::new, |document| respell(document, &mut dice));
            prop_assert_eq!(
                essence(&check_path(other.path(), &[])),
                essence(&check_path(tenant(name), &[])),
                "{}", name
            );
        }
    }
}

/// Each document twice: what is said of one object is said of it again, and nothing else is.
#[test]
fn a_second_copy_of_every_document_changes_nothing() {
    for name in ["contoso-clean", "ten-mistakes"] {
        let from = tenant(name);
        let both = copy(&from, || "one".to_owned(), |document| document);
        for file in files(&from) {
            let path = both.path().join("two").join(&file);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::copy(from.join(&file), path).expect("a copy");
        }
        let told = essence(&check_path(both.path(), &[]));
        assert_eq!(told, essence(&check_path(&from, &[])), "{name}");
    }
}

/// With `--app`, what belongs to the named application is judged too, by whatever it is named: its
/// service principal, and federated credentials in documents of their own.
#[test]
fn what_belongs_to_a_named_application_is_judged() {
    const APPS: [(&str, &str, &str); 2] = [
        (
            "4a0d9f7e-31c6-4b85-9e27-d5f8b1a6c340",
            "c81f6b2d-7e94-4d03-a5b8-190f3e6d2c7a",
            "Parcel Gateway",
        ),
        (
            "e6b2c5d8-0f47-4a19-8c3e-72d91b5fa064",
            "5d3e8a91-b60c-4f72-9d14-c8a7e2f0b536",
            "Harbour Desk",
        ),
    ];
    let temp = tempfile::tempdir().expect("a folder");
    let write = |name: &str, value: Value| {
        fs::write(temp.path().join(name), value.to_string()).expect("a file");
    };
    let applications: Vec<Value> = APPS
        .iter()
        .map(|(id, app_id, name)| {
            serde_json::json!({
                "id": id, "appId": app_id, "displayName": name, "signInAudience": "AzureADMyOrg",
                "requiredResourceAccess": []
            })
        })
        .collect();
    let principals: Vec<Value> = APPS
        .iter()
        .map(|(id, app_id, name)| {
            serde_json::json!({
                // Every principal has an id of its own.
                "id": id.replacen(['4', 'e'], "9", 1),
                "appId": app_id,
                "displayName": name,
                "servicePrincipalType": "Application",
                "accountEnabled": true,
                "passwordCredentials": [{
                    "displayName": "rotation", "keyId": id.replacen(['4', 'e'], "7", 1),
                    "startDateTime": "2024-01-01T00:00:00Z", "endDateTime": "2025-01-01T00:00:00Z"
                }]
            })
        })
        .collect();
    write(
        "applications.json",
        serde_json::json!({ "value": applications }),
    );
    write(
        "service-principals.json",
        serde_json::json!({ "value": principals }),
    );
    for (number, (id, _, name)) in APPS.iter().enumerate() {
        let context = format!(
            "https://graph.microsoft.com/v1.0/$metadata#applications('{id}')/federatedIdentityCredentials"
        );
        let credential = serde_json::json!({
            "id": id.replacen(['4', 'e'], "6", 1), "name": name,
            "issuer": "https://oidc.contoso.com", "subject": "system:serviceaccount:a:b",
            "audiences": ["api://AzureADTokenExchange/"]
        });
        write(
            &format!("federated-{number}.json"),
            serde_json::json!({ "@odata.context": context, "value": [credential] }),
        );
    }
    let told = |app: &str| {
        let words = ["--app", app, "--select", "secret-expired,federated-invalid"];
        let told = check_path(
            temp.path(),
            if app.is_empty() { &words[2..] } else { &words },
        );
        let mut found: Vec<(&str, String)> = told
            .findings
            .iter()
            .map(|found| {
                let subject = found.subject.as_ref();
                let name = subject.and_then(|subject| subject.name.clone());
                (found.rule.id, name.unwrap_or_default())
            })
            .collect();
        found.sort();
        found.dedup();
        (found, told.outcome.left_out)
    };
    let of =
        |name: &str| ["federated-invalid", "secret-expired"].map(|rule| (rule, name.to_owned()));
    let (all, left_out) = told("");
    assert_eq!(all.len(), 4, "{all:?}");
    assert_eq!(left_out, 0);
    for (id, app_id, name) in APPS {
        for named in [app_id.to_uppercase(), id.to_owned(), name.to_owned()] {
            let (found, left_out) = told(&named);
            assert_eq!(found, of(name), "{named}");
            assert_eq!(left_out, 3, "{named}");
        }
    }
    assert_eq!(told("b7c1e0f4-2a58-4d96-8b3d-6f90a1c4e275").0, []);
}

/// Applications of one list, among them some with and some without findings of their own, between
/// lines of any length.
fn many_applications(count: usize) -> String {
    let text =
        fs::read_to_string("fixtures/rules/credential-violates-policy/bad/applications.json");
    let one = text.expect("a fixture");
    let one = one.trim().trim_matches(['[', ']']).to_owned();
    let mut dice = Dice::new(7);
    let all = (0..count).map(|number| {
        let id = |first: &str| format!("{first}{number:04x}");
        let mut app = one
            .replace("da3cd61d", &id("da3c"))
            .replace("08a6a1e8", &id("08a6"))
            .replace("7e3cb3e2", &id("7e3c"))
            .replace("0d5c7a9e", &id("0d5c"))
            .replace("931A52FB", &id("931A"))
            .replace("Contoso Key Rack", &format!("Zürich Key Rack {number}"));
        if number % 3 == 0 {
            // Within what the policy allows.
            app = app.replace("2027-02-01T00", "2026-11-30T00");
        }
        if number % 5 == 0 {
            app = app.replace(
                "\"enableAccessTokenIssuance\": false",
                "\"enableAccessTokenIssuance\": true",
            );
        }
        format!("{}{app}", "\n".repeat(dice.roll(4)))
    });
    format!("[{}]", all.collect::<Vec<_>>().join(","))
}

#[test]
fn many_records_in_another_light_are_told_where_they_stand() {
    const MANY: usize = 300;
    let folder = tempfile::tempdir().expect("a folder");
    let text = many_applications(MANY);
    fs::write(folder.path().join("applications.json"), &text).expect("a file");
    let policy = "fixtures/rules/credential-violates-policy/bad/app-management-policies.json";
    fs::copy(policy, folder.path().join("policy.json")).expect("a file");
    let one = check_path(folder.path(), &[]);
    let by_policy = one
        .findings
        .iter()
        .filter(|f| f.rule.id == "credential-violates-policy");
    let mut met = BTreeSet::new();
    for finding in by_policy {
        let start = finding.location.start;
        assert!(
            text[start.offset as usize..].starts_with("\"2027-02-01T00:00:00Z\""),
            "{start:?}"
        );
        let before = &text[..start.offset as usize];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        assert_eq!((start.line, start.column), (line as u64, column as u64));
        let name = finding
            .subject
            .as_ref()
            .and_then(|subject| subject.name.clone());
        met.insert(name.expect("a name"));
    }
    let wanted = (0..MANY).filter(|number| number % 3 != 0);
    let wanted: BTreeSet<String> = wanted.map(|n| format!("Zürich Key Rack {n}")).collect();
    assert_eq!(met, wanted);
    assert_eq!(one.outcome.tally.total(), one.findings.len() as u64);
    let report = |jobs| {
        let path = folder.path().to_str().expect("a name in ASCII");
        let words = ["check", "--now", NOW, "--format", "json", "--statistics"];
        let out = entralint(&[words.as_slice(), &["--jobs", jobs, path]].concat());
        String::from_utf8(out.stdout).expect("UTF-8")
    };
    let alone = report("1");
    assert!(alone.matches("\"credential-violates-policy\"").count() > MANY / 2);
    for jobs in ["2", "5"] {
        assert_eq!(alone, report(jobs), "{jobs}");
    }
}
