//! `entralint access`: verdicts on small tenants, what the three formats say, and what must hold for
//! every tenant.

mod common;

use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::run::{NOW, access_settings};
use entralint::engine::{Progress, run};
use entralint::json::schema::Schema;
use entralint::json::{Tape, read};
use entralint::report::access::AccessJson;
use proptest::prelude::*;
use serde_json::{Value, json};

/// The verdicts on what these words name, as the json format tells them; validated.
fn access<W: Into<OsString>>(words: impl IntoIterator<Item = W>) -> Value {
    let settings = access_settings(words);
    let run = run(&settings, &Progress::default());
    let mut out = Vec::new();
    let mut report = AccessJson::new();
    run.access(&mut report, &mut out)
        .expect("a buffer takes everything")
        .expect("something to judge");
    let text = String::from_utf8(out).expect("UTF-8");
    let mut tape = Tape::default();
    read::parse(&text, 0, &mut tape).expect("JSON");
    let faults = Schema::Access.faults(tape.root(&text), 10);
    assert!(faults.is_empty(), "{faults:?}");
    serde_json::from_str(&text).expect("JSON")
}

/// One line a verdict: application, instance, flow, read, write, gates.
fn lines(report: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let verdicts = report["verdicts"].as_array().expect("verdicts");
    verdicts
        .iter()
        .map(|verdict| {
            let mut line = format!(
                "{} @ {}: {} {} {}",
                text(&verdict["application"]["name"]),
                text(&verdict["instance"]["id"])
                    .rsplit("/resourceGroups/")
                    .next()
                    .unwrap_or("-"),
                text(&verdict["flow"]),
                text(&verdict["read"]),
                text(&verdict["write"])
            );
            for reason in verdict["reasons"].as_array().expect("reasons") {
                let _ = write!(
                    line,
                    " [{} {}]",
                    text(&reason["gate"]),
                    text(&reason["rule"])
                );
            }
            line
        })
        .collect()
}

fn cases() -> Vec<PathBuf> {
    let mut cases: Vec<PathBuf> = fs::read_dir("fixtures/access")
        .expect("the cases")
        .map(|entry| entry.expect("a case").path())
        .collect();
    cases.sort();
    cases
}

#[test]
fn every_case_has_its_verdicts() {
    let mut told = String::new();
    for case in cases() {
        let _ = writeln!(
            told,
            "{}",
            case.file_name().unwrap_or_default().to_string_lossy()
        );
        for line in lines(&access([&case])) {
            let _ = writeln!(told, "  {line}");
        }
    }
    insta::assert_snapshot!("verdicts", told);
}

fn process(words: &[&str]) -> (String, i32) {
    let done = Command::new(env!("CARGO_BIN_EXE_entralint"))
        .arg("access")
        .args(["--now", NOW])
        .args(words)
        .env_clear()
        .output()
        .expect("it runs");
    let said = String::from_utf8(done.stdout).expect("UTF-8");
    let errors = String::from_utf8_lossy(&done.stderr).into_owned();
    (said + &errors, done.status.code().unwrap_or(-1))
}

#[test]
fn people_read_it() {
    for case in [
        "procedure-clean",
        "owner-only",
        "group-unknown",
        "mixed-tenants",
        "no-instances",
    ] {
        let folder = format!("fixtures/access/{case}");
        insta::assert_snapshot!(format!("human-{case}"), process(&[&folder]).0);
    }
    let folder = "fixtures/access/owner-only";
    let (said, _) = process(&["--format", "markdown", folder]);
    insta::assert_snapshot!("markdown-owner-only", said);
    let (said, _) = process(&["-v", folder]);
    insta::assert_snapshot!("verbose-owner-only", said);
}

#[test]
fn a_pipeline_can_gate_on_it() {
    let clean = "fixtures/access/procedure-clean";
    for (words, want) in [
        (vec![clean], 0),
        (vec!["fixtures/access/owner-only"], 1),
        (vec!["fixtures/access/group-unknown"], 1),
        // What was asked for decides.
        (
            vec!["--flow", "interactive", "fixtures/access/group-unknown"],
            0,
        ),
        (vec!["--flow", "device-code", clean], 1),
        (vec!["--instance", "factory", clean], 0),
        (vec!["--instance", "nowhere", clean], 2),
        (vec!["--profile", "entra", clean], 2),
        (vec!["fixtures/access/no-such-folder"], 2),
        (vec!["Cargo.toml"], 3),
    ] {
        let (said, code) = process(&words);
        assert_eq!(code, want, "{words:?}: {said}");
    }
}

/// A verdict is about fact, whatever somebody decided about the finding.
#[test]
fn what_is_suppressed_is_a_reason_all_the_same() {
    let case = "fixtures/access/owner-only";
    let temp = tempfile::tempdir().expect("a folder");
    let config = temp.path().join("entralint.toml");
    let (plain, code) = process(&["--format", "json", "--no-config", case]);
    let report: Value = serde_json::from_str(&plain).expect("JSON");
    let mut text = String::new();
    for verdict in report["verdicts"].as_array().expect("a list") {
        for reason in verdict["reasons"].as_array().expect("a list") {
            if let Some(rule) = reason["rule"].as_str() {
                let _ = writeln!(
                    text,
                    "[[suppress]]\nrule = \"{rule}\"\nsubject = {}\nreason = \"known\"",
                    verdict["application"]["appId"]
                );
            }
        }
    }
    assert!(text.contains("[[suppress]]"), "{plain}");
    fs::write(&config, text).expect("it is written");
    let config = config.display().to_string();
    let words = ["--format", "json", "--config", &config, case];
    assert_eq!(process(&words), (plain, code));
}

#[test]
fn a_command_is_told_once() {
    let (said, _) = process(&["-v", "fixtures/access/group-unknown"]);
    let words: Vec<&str> = said.split_whitespace().collect();
    let said = words.join(" ");
    assert_eq!(said.matches("az rest --url").count(), 1, "{said}");
}

#[test]
fn one_name_in_two_subscriptions_is_two_instances() {
    let report = access(["fixtures/access/two-subscriptions"]);
    let ids: std::collections::BTreeSet<&str> = report["verdicts"]
        .as_array()
        .expect("verdicts")
        .iter()
        .filter_map(|verdict| verdict["instance"]["id"].as_str())
        .collect();
    assert_eq!(ids.len(), 2, "{ids:?}");
    let (said, _) = process(&["fixtures/access/two-subscriptions"]);
    assert!(said.matches("subscription").count() >= 2, "{said}");
}

#[test]
fn a_hostile_name_stays_a_name() {
    let folder = tempfile::tempdir().expect("a folder");
    for entry in fs::read_dir("fixtures/access/owner-only").expect("the case") {
        let path = entry.expect("a file").path();
        let text = fs::read_to_string(&path).expect("text");
        let hostile = "x\\u001b[31m\\u202e\\n##vso[task.complete]\\n::error::<script>|a|`b`";
        let text = text.replace("Contoso Line Gateway", hostile);
        fs::write(folder.path().join(path.file_name().expect("a name")), text).expect("written");
    }
    let path = folder.path().to_string_lossy().into_owned();
    for format in ["human", "markdown", "json"] {
        let (said, _) = process(&["--format", format, &path]);
        for bad in ["\u{1b}", "\u{202e}", "\n::error", "\n##vso["] {
            assert!(!said.contains(bad), "{format}: {bad:?} in {said}");
        }
        assert!(
            format == "json" || !said.contains("##vso["),
            "{format}: {said}"
        );
    }
}

/// Writes the files of a case under other names, the records of each list the other way round.
fn turned(case: &Path, into: &Path) {
    let mut files: Vec<PathBuf> = Vec::new();
    let mut folders = vec![case.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the case") {
            let path = entry.expect("a file").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    for (at, path) in files.iter().enumerate() {
        let mut value: Value =
            serde_json::from_str(&fs::read_to_string(path).expect("text")).expect("JSON");
        let list = match &mut value {
            Value::Array(list) => Some(list),
            Value::Object(page) => page.get_mut("value").and_then(Value::as_array_mut),
            _ => None,
        };
        list.into_iter().for_each(|list| list.reverse());
        // The folder and the name may say whose members a file lists.
        let inside = path.strip_prefix(case).expect("below the case");
        let folder = inside.parent().unwrap_or(Path::new("")).to_owned();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let named = inside.components().count() > 1;
        let name = if named {
            name
        } else {
            format!("{:02}-{name}", 99 - at)
        };
        fs::create_dir_all(into.join(&folder)).expect("a folder");
        fs::write(into.join(folder).join(name), value.to_string()).expect("written");
    }
}

#[test]
fn the_order_of_files_and_records_changes_nothing() {
    for case in cases() {
        let folder = tempfile::tempdir().expect("a folder");
        turned(&case, folder.path());
        let (mut here, mut there) = (lines(&access([&case])), lines(&access([folder.path()])));
        here.sort();
        there.sort();
        assert_eq!(here, there, "{}", case.display());
    }
}

const INSTANCE: &str = "/subscriptions/3c9e5b7a-1d4f-4e82-a6b0-8f2d7c5e9a13/resourceGroups/contoso-twins/providers/Microsoft.DigitalTwins/digitalTwinsInstances/factory";

/// The clean case, its role assignments replaced by these: role and scope, to the service principal.
fn with_roles(roles: &[(usize, usize)]) -> Value {
    const ROLES: [&str; 5] = [
        "bcd981a7-7f74-457b-83e1-cceb9e632ffe",
        "d57506d4-4c8d-48b1-8587-93c323f6a5a3",
        "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
        "b24988ac-6180-42a0-ab88-20f7382dd24c",
        "acdd72a7-3385-48ef-bd42-f606fba81ae7",
    ];
    let scopes = [
        INSTANCE.to_owned(),
        format!("{INSTANCE}-2"),
        INSTANCE.to_uppercase(),
        "/subscriptions/3c9e5b7a-1d4f-4e82-a6b0-8f2d7c5e9a13/resourceGroups/contoso-twins/"
            .to_owned(),
        "/subscriptions/3c9e5b7a-1d4f-4e82-a6b0-8f2d7c5e9a13/resourceGroups/contoso".to_owned(),
        "/subscriptions/3c9e5b7a-1d4f-4e82-a6b0-8f2d7c5e9a13".to_owned(),
        "/".to_owned(),
    ];
    let case = Path::new("fixtures/access/procedure-clean");
    let principals = fs::read_to_string(case.join("service-principals.json")).expect("text");
    let principals: Value = serde_json::from_str(&principals).expect("JSON");
    let list = principals
        .as_array()
        .or(principals["value"].as_array())
        .expect("a list");
    let gateway = list
        .iter()
        .find(|row| row["appId"] == "4d7a1c90-6e2b-4f58-93ad-7b5e0c8f1d62")
        .expect("the service principal");
    // Somebody without data, so that the export speaks of the subscription.
    let stranger = json!({
        "id": format!("{INSTANCE}/providers/Microsoft.Authorization/roleAssignments/00000000-0000-4000-8000-0000000000ff"),
        "principalId": "9d0f5a31-7c2e-4b86-8e14-5f3a6c9b2d70",
        "principalType": "User",
        "roleDefinitionId": format!("/providers/Microsoft.Authorization/roleDefinitions/{}", ROLES[4]),
        "scope": INSTANCE
    });
    let mut rows = vec![stranger];
    for (number, (role, scope)) in roles.iter().enumerate() {
        rows.push(json!({
            "id": format!("{}/providers/Microsoft.Authorization/roleAssignments/00000000-0000-4000-8000-{number:012}", scopes[*scope]),
            "principalId": gateway["id"],
            "principalType": "ServicePrincipal",
            "roleDefinitionId": format!("/subscriptions/x/providers/Microsoft.Authorization/roleDefinitions/{}", ROLES[*role]),
            "scope": scopes[*scope]
        }));
    }
    let folder = tempfile::tempdir().expect("a folder");
    for file in [
        "applications.json",
        "grants.json",
        "instances.json",
        "service-principals.json",
    ] {
        fs::copy(case.join(file), folder.path().join(file)).expect("copied");
    }
    fs::write(
        folder.path().join("role-assignments.json"),
        Value::from(rows).to_string(),
    )
    .expect("written");
    let words: Vec<OsString> = vec![
        "--flow".into(),
        "app-only-secret".into(),
        folder.path().into(),
    ];
    access(words)
}

fn reaches(report: &Value) -> (bool, bool) {
    let verdict = &report["verdicts"][0];
    (verdict["read"] == "yes", verdict["write"] == "yes")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// More roles never take anything away, and the order of them says nothing.
    #[test]
    fn what_one_may_do_grows_with_the_roles(
        roles in proptest::collection::vec((0usize..5, 0usize..7), 0..5),
        more in (0usize..5, 0usize..7),
    ) {
        let before = reaches(&with_roles(&roles));
        let mut with_more = roles.clone();
        with_more.insert(0, more);
        let after = reaches(&with_roles(&with_more));
        prop_assert!(before <= after && (!before.0 || after.0) && (!before.1 || after.1));
        let mut reversed = with_more;
        reversed.reverse();
        prop_assert_eq!(reaches(&with_roles(&reversed)), after);
        // Of these, two roles give data, and four scopes hold the instance.
        let holds = |role: usize| {
            reversed.iter().any(|(r, scope)| *r == role && [0, 2, 3, 5, 6].contains(scope))
        };
        prop_assert_eq!(after, (holds(0) || holds(1), holds(0)));
    }
}
