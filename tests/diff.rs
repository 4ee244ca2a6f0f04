//! `entralint diff`: what the three formats say of small pairs of exports, what a pipeline gates
//! on, and what must hold for every pair.

mod common;

use std::fs;
use std::path::Path;
use std::process::Command;

use common::run::NOW;
use entralint::json::schema::Schema;
use entralint::json::{Tape, read};
use pulldown_cmark::{Event, Parser, Tag};
use serde_json::{Value, json};

/// What `diff` prints on standard output and on standard error, and its exit code, run in `folder`.
fn process(folder: impl AsRef<Path>, words: &[&str]) -> (String, String, i32) {
    let done = Command::new(env!("CARGO_BIN_EXE_entralint"))
        .args(["diff", "--now", NOW])
        .args(words)
        .current_dir(folder)
        .env_clear()
        .output()
        .expect("it runs");
    let said = String::from_utf8(done.stdout).expect("UTF-8");
    let errors = String::from_utf8(done.stderr).expect("UTF-8");
    (said, errors, done.status.code().unwrap_or(-1))
}

/// The same for a pair of the fixtures, in one format.
fn case(name: &str, format: &str) -> (String, i32) {
    let words = ["--no-config", "--format", format, "old", "new"];
    let (said, errors, code) = process(format!("fixtures/diff/{name}"), &words);
    assert_eq!(errors, "", "{name}");
    (said, code)
}

/// A json report, validated.
fn report(text: &str) -> Value {
    let mut tape = Tape::default();
    read::parse(text, 0, &mut tape).expect("JSON");
    let faults = Schema::Diff.faults(tape.root(text), 10);
    assert!(faults.is_empty(), "{faults:?}\n{text}");
    serde_json::from_str(text).expect("JSON")
}

fn cases() -> Vec<String> {
    let mut cases: Vec<String> = fs::read_dir("fixtures/diff")
        .expect("the cases")
        .map(|entry| {
            let name = entry.expect("a case").file_name();
            name.into_string().expect("UTF-8")
        })
        .collect();
    cases.sort();
    cases
}

/// `change kind name` of every object.
fn objects(report: &Value) -> Vec<String> {
    let all = report["objects"].as_array().expect("objects");
    all.iter()
        .map(|entry| {
            let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
            let (object, change) = (&entry["object"], &entry["change"]);
            [change, &object["kind"], &object["name"]]
                .map(word)
                .join(" ")
        })
        .collect()
}

#[test]
fn people_read_it() {
    for name in cases() {
        let (said, _) = case(&name, "human");
        insta::assert_snapshot!(format!("human-{name}"), said);
    }
    for name in ["changed", "hostile"] {
        let (said, _) = case(name, "markdown");
        insta::assert_snapshot!(format!("markdown-{name}"), said);
    }
    let words = ["--no-config", "-q", "old", "new"];
    let (quiet, ..) = process("fixtures/diff/absent", &words);
    assert_eq!(quiet, "", "nothing was found");
}

#[test]
fn programs_read_it() {
    for name in cases() {
        let (said, _) = case(&name, "json");
        let _ = report(&said);
    }
    let (said, _) = case("changed", "json");
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    insta::assert_snapshot!("json-changed", said.replace(&version, "\"version\": \"…\""));
}

/// A report of its own, which says of findings what the report of `check` says.
#[test]
fn the_schema_shares_its_findings_with_the_report_of_check() {
    let read = |name: &str| -> Value {
        let text = fs::read_to_string(format!("schemas/{name}.schema.json")).expect("a schema");
        serde_json::from_str(&text).expect("JSON")
    };
    let (diff, check) = (read("diff"), read("report"));
    for name in [
        "tool",
        "finding",
        "subject",
        "location",
        "position",
        "fix",
        "suppression",
    ] {
        assert_eq!(diff["$defs"][name], check["$defs"][name], "{name}");
    }
}

#[test]
fn order_and_indentation_are_no_change() {
    let (said, code) = case("same", "json");
    let report = report(&said);
    assert_eq!(code, 0);
    for list in ["newFindings", "goneFindings", "objects", "notCompared"] {
        assert_eq!(report[list], json!([]), "{list}");
    }
    assert_eq!(report["summary"]["findings"]["unchanged"], 1);
    let kinds = report["summary"]["objects"].as_object().expect("kinds");
    for (kind, counts) in kinds {
        let want = if kind == "servicePrincipal" { 3 } else { 2 };
        assert_eq!(
            *counts,
            json!({ "added": 0, "removed": 0, "changed": 0, "unchanged": want }),
            "{kind}"
        );
    }
    assert_eq!(kinds.len(), 4);
}

#[test]
fn a_tenant_is_what_it_is() {
    for family in ["fixtures/tenants", "fixtures/access"] {
        for entry in fs::read_dir(family).expect("folders") {
            let path = entry.expect("a folder").path();
            let path = path.to_string_lossy();
            let words = ["--format", "json", "--persona", "audit", &path, &path];
            let (said, errors, code) = process(".", &words);
            assert_eq!((errors.as_str(), code), ("", 0), "{path}");
            let report = report(&said);
            for list in ["newFindings", "goneFindings", "objects"] {
                assert_eq!(report[list], json!([]), "{path}: {list}");
            }
        }
    }
}

/// What came the one way went the other way.
#[test]
fn the_way_back_is_the_mirror() {
    let folder = "fixtures/diff/changed";
    let words = ["--no-config", "--format", "json"];
    let there = process(folder, &[&words[..], &["old", "new"]].concat()).0;
    let back = process(folder, &[&words[..], &["new", "old"]].concat()).0;
    let (there, back) = (report(&there), report(&back));
    let mirrored = |line: String| match line.split_once(' ') {
        Some(("added", rest)) => format!("removed {rest}"),
        Some(("removed", rest)) => format!("added {rest}"),
        _ => line,
    };
    let mut turned: Vec<String> = objects(&back).into_iter().map(mirrored).collect();
    let mut objects = objects(&there);
    turned.sort();
    objects.sort();
    assert_eq!(objects, turned);
    let prints = |report: &Value, list: &str| -> Vec<String> {
        let all = report[list].as_array().expect("a list");
        all.iter().map(|f| f["fingerprint"].to_string()).collect()
    };
    assert!(!prints(&there, "newFindings").is_empty());
    assert_eq!(prints(&there, "newFindings"), prints(&back, "goneFindings"));
}

#[test]
fn workers_change_nothing() {
    let words = |jobs| {
        [
            "--no-config",
            "--format",
            "json",
            "--jobs",
            jobs,
            "old",
            "new",
        ]
    };
    let one = process("fixtures/diff/changed", &words("1"));
    let four = process("fixtures/diff/changed", &words("4"));
    assert_eq!(one, four);
}

#[test]
fn what_one_side_lacks_is_neither_added_nor_removed() {
    let absent = report(&case("absent", "json").0);
    assert_eq!(objects(&absent), Vec::<String>::new());
    let kinds: Vec<_> = absent["notCompared"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|not| {
            (
                not["side"].clone(),
                not["kind"].clone(),
                not["findings"].clone(),
            )
        })
        .collect();
    assert_eq!(
        kinds,
        [
            (json!("new"), json!("oauth2PermissionGrant"), json!(0)),
            (json!("old"), json!("roleAssignment"), json!(1)),
        ]
    );
    // OLD is a page of several: what NEW has more may have been there.
    let truncated = report(&case("truncated", "json").0);
    assert_eq!(
        objects(&truncated),
        [
            "removed application Line Gateway 1",
            "changed application Line Gateway 2"
        ]
    );
    // NEW holds what cannot be read: what it has not may be in there.
    let unread = report(&case("unread", "json").0);
    assert_eq!(objects(&unread), Vec::<String>::new());
    let reason = unread["notCompared"][0]["reason"].to_string();
    assert!(reason.contains("new/b.json"), "{reason}");
}

#[test]
fn a_pipeline_can_gate_on_it() {
    let desk = tempfile::tempdir().expect("a folder");
    fs::create_dir(desk.path().join("empty")).expect("a folder");
    let empty = desk.path().join("empty").to_string_lossy().into_owned();
    let (same, changed) = ("fixtures/diff/same/", "fixtures/diff/changed/");
    let old = |case: &str| format!("{case}old");
    let new = |case: &str| format!("{case}new");
    for (words, path, other, want) in [
        (&[][..], old(same), new(same), 0),
        (&[], old(changed), new(changed), 1),
        // What is gone does not fail.
        (&[], new(changed), old(changed), 0),
        (&["--fail-on", "never"], old(changed), new(changed), 0),
        (&["--select", "role"], old(changed), new(changed), 0),
        (
            &["--select", "role", "--fail-on", "warning"],
            old(changed),
            new(changed),
            1,
        ),
        (&[], old(changed), "no-such-file".to_owned(), 2),
        (&[], "no-such-file".to_owned(), new(changed), 2),
        (&["--profile", "nonsense"], old(same), new(same), 2),
        (&["--format", "sarif"], old(same), new(same), 2),
        (&[], empty.clone(), new(changed), 3),
        (&[], old(changed), empty, 3),
    ] {
        let mut all = vec!["--no-config"];
        all.extend(words);
        all.extend([path.as_str(), other.as_str()]);
        let (said, errors, code) = process(".", &all);
        assert_eq!(code, want, "{all:?}: {said}{errors}");
    }
}

#[test]
fn the_configuration_of_new_counts_for_both() {
    let desk = tempfile::tempdir().expect("a folder");
    let path = |name: &str| desk.path().join(name);
    for side in ["old", "new"] {
        fs::create_dir(path(side)).expect("a folder");
        for file in ["apps.json", "sps.json", "grants.json", "assignments.json"] {
            let from = format!("fixtures/diff/changed/{side}/{file}");
            fs::copy(from, path(side).join(file)).expect("a fixture");
        }
    }
    let words = ["--format", "json", "old", "new"];
    assert_eq!(process(desk.path(), &words).2, 1);
    let config = "[rules]\nservice-principal-disabled = \"off\"\n[[suppress]]\n\
                  rule = \"adt-audience-not-single-tenant\"\n\
                  subject = \"c100c000-0000-4000-8000-000000000001\"\nreason = \"a pilot\"\n\
                  [[suppress]]\nrule = \"implicit-grant\"\n\
                  subject = \"c100c000-0000-4000-8000-000000000001\"\nreason = \"was there\"\n";
    fs::write(path("new/entralint.toml"), config).expect("a file");
    let (said, errors, code) = process(desk.path(), &words);
    assert_eq!((errors.as_str(), code), ("", 0), "{said}");
    let report = report(&said);
    let findings = &report["summary"]["findings"];
    assert_eq!(
        (&findings["new"]["errors"], &findings["suppressed"]),
        (&json!(0), &json!(1))
    );
    let new = report["newFindings"].as_array().expect("findings");
    let known = new.iter().find(|finding| !finding["suppression"].is_null());
    let known = known.expect("the suppressed one is told");
    assert_eq!(known["suppression"]["reason"], "a pilot");
    assert!(!said.contains("suppression-unused"), "{said}");
    // In OLD it says nothing.
    fs::rename(path("new/entralint.toml"), path("old/entralint.toml")).expect("moved");
    assert_eq!(process(desk.path(), &words).2, 1);
}

/// One fingerprint may stand for several findings.
#[test]
fn findings_are_counted() {
    let desk = tempfile::tempdir().expect("a folder");
    let path = |name: &str| desk.path().join(name);
    for side in ["old", "new"] {
        fs::create_dir(path(side)).expect("a folder");
        fs::write(path(side).join("a.json"), "{\"appId\": ").expect("a file");
    }
    fs::write(path("new/b.json"), "{\"appId\": ").expect("a file");
    let words = ["--no-config", "--format", "json", "old", "new"];
    let (said, _, code) = process(desk.path(), &words);
    let report = report(&said);
    assert_eq!(code, 1, "{said}");
    let new = report["newFindings"].as_array().expect("findings");
    assert_eq!(new.len(), 1, "{said}");
    assert_eq!(new[0]["location"]["path"], "new/b.json");
    assert_eq!(report["summary"]["findings"]["unchanged"], 1);
}

#[test]
fn a_hostile_name_stays_a_name() {
    for format in ["human", "markdown", "json"] {
        let (said, _) = case("hostile", format);
        for bad in [
            "\u{1b}", "\u{202e}", "\n::", "\n##vso[", "a1B2c3D4", "b1B2c3D4", "c1B2c3D4",
        ] {
            assert!(!said.contains(bad), "{format}: {bad:?} in {said}");
        }
        assert!(format == "json" || !said.contains("##vso["), "{said}");
    }
}

#[test]
fn markdown_holds_no_markup_of_theirs() {
    let (said, _) = case("hostile", "markdown");
    let mut links = 0;
    for event in Parser::new(&said) {
        match event {
            Event::Start(Tag::Link { dest_url, .. }) => {
                links += 1;
                let ours = dest_url.starts_with("https://learn.microsoft.com/");
                assert!(ours, "{dest_url}");
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                panic!("{html} in {said}");
            }
            _ => {}
        }
    }
    assert!(links > 0, "{said}");
}

/// Manifests of people's own have no ids: their names tell them apart, as long as they do.
#[test]
fn manifests_without_ids_go_by_their_names() {
    let desk = tempfile::tempdir().expect("a folder");
    let path = |name: &str| desk.path().join(name);
    let manifest = |name: &str, audience: &str| {
        json!({
            "displayName": name, "signInAudience": audience,
            "web": { "redirectUris": [] }, "requiredResourceAccess": [],
        })
        .to_string()
    };
    let changed = || {
        let words = ["--no-config", "--format", "json", "old", "new"];
        let (said, errors, _) = process(desk.path(), &words);
        assert_eq!(errors, "");
        report(&said)
    };
    for side in ["old", "new"] {
        fs::create_dir(path(side)).expect("a folder");
    }
    let (my, many) = ("AzureADMyOrg", "AzureADMultipleOrgs");
    fs::write(path("old/a.json"), manifest("Press", my)).expect("a file");
    fs::write(path("new/a.json"), manifest("Press", many)).expect("a file");
    let told = changed();
    assert_eq!(objects(&told), ["changed application Press"]);
    assert_eq!(
        told["objects"][0]["changes"],
        json!([{
            "change": "changed", "aspect": "audience", "item": null,
            "before": my, "after": many,
        }])
    );
    // Two of one name: which is which, nothing tells.
    fs::write(path("new/b.json"), manifest("Press", my)).expect("a file");
    let told = changed();
    assert_eq!(objects(&told), Vec::<String>::new());
    let not = &told["notCompared"][0];
    assert_eq!(
        (&not["side"], &not["kind"]),
        (&json!("new"), &json!("application"))
    );
}
