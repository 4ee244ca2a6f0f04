//! Known findings: `[[suppress]]` and baselines, in whole runs.

mod common;

use std::fs;
use std::path::Path;

use common::run::{Told, check};
use entralint::report::SuppressedBy;
use tempfile::TempDir;

const APP: &str = "3d1c2b64-8a0f-4f0e-9d4b-6f5a0c3e7b19";
const OBJECT: &str = "b8f0a9d2-51c4-4e7d-8c36-2a9e4d7f1c05";
const KEY: &str = "5e0c8d17-42ab-4a3e-8f92-d7b16c9e0a34";

/// An application with a secret that expired.
fn application() -> String {
    fs::read_to_string("fixtures/rules/suppression-unused/good/application.json")
        .expect("a fixture")
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let temp = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        fs::write(temp.path().join(name), text).expect("a file");
    }
    temp
}

fn suppress(more: &str) -> String {
    format!(
        "profile = \"entra\"\n[[suppress]]\nrule = \"secret-expired\"\nsubject = \"{}\"\n\
         reason = \"SEC-412\"\n{more}\n",
        APP.to_uppercase()
    )
}

fn run(paths: &[&Path], folder: &Path, more: &[&str]) -> Told {
    let mut words: Vec<String> = more.iter().map(|&word| word.to_owned()).collect();
    let config = folder.join("entralint.toml");
    words.extend(["--config".to_owned(), config.display().to_string()]);
    words.extend(paths.iter().map(|path| path.display().to_string()));
    check(words)
}

/// Rules, and what suppresses each finding.
fn known(told: &Told) -> Vec<(&'static str, Option<SuppressedBy>)> {
    let one = |finding: &entralint::report::Reported| {
        let by = finding.suppression.as_ref().map(|known| known.source);
        (finding.rule.id, by)
    };
    told.findings.iter().map(one).collect()
}

#[test]
fn a_suppressed_finding_stays_and_does_not_count() {
    let config = suppress(&format!("key = \"{KEY}\"\nuntil = 2026-11-23"));
    let temp = folder(&[("a.json", &application()), ("entralint.toml", &config)]);
    let told = run(&[temp.path()], temp.path(), &["--statistics"]);
    let by = Some(SuppressedBy::Configuration);
    assert_eq!(known(&told), [("secret-expired", by)]);
    assert_eq!(
        (told.outcome.tally.total(), told.outcome.suppressed),
        (0, 1)
    );
    assert_eq!(told.outcome.statistics, Some(Vec::new()));
    let suppression = told.findings[0].suppression.as_ref().expect("one");
    assert_eq!(suppression.reason, "SEC-412");
    assert_eq!(suppression.until.as_deref(), Some("2026-11-23"));
    let told = run(&[temp.path()], temp.path(), &["--no-suppressions"]);
    assert_eq!(known(&told), [("secret-expired", None)]);
    assert_eq!(
        (
            told.outcome.tally.errors + told.outcome.tally.warnings,
            told.outcome.suppressed
        ),
        (1, 0)
    );
}

#[test]
fn one_past_its_date_is_without_effect_and_says_where() {
    let config = suppress("until = 2026-11-22");
    let temp = folder(&[("a.json", &application()), ("entralint.toml", &config)]);
    let told = run(&[temp.path()], temp.path(), &[]);
    let expected = [("secret-expired", None), ("suppression-expired", None)];
    assert_eq!(known(&told), expected);
    let place = &told.findings[1].location;
    assert_eq!((place.start.line, place.start.column), (6, 9));
    assert_eq!((place.end.line, place.end.column), (6, 19));
    assert!(place.path.ends_with("entralint.toml"), "{}", place.path);
}

#[test]
fn one_that_matches_nothing_is_called_so_only_where_the_run_can_tell() {
    let clean = fs::read_to_string("fixtures/rules/suppression-unused/bad/application.json")
        .expect("a fixture");
    let elsewhere = "12c5ca34-3b6a-4b0c-8e04-7cf9f9f2d1a5";
    let client = suppress("");
    let here = client.replace(&APP.to_uppercase(), OBJECT);
    let absent = here.replace(OBJECT, elsewhere);
    let joined = here.replace("secret-expired", "display-name-shared");
    let platform = here.replace("secret-expired", "redirect-wrong-platform");
    const SELECT: &str = "redirect-wrong-platform,suppression-unused";
    let unused: &[&str] = &["suppression-unused"];
    // The configuration; a whole folder or one file; further words; what is said.
    for (config, whole, more, said) in [
        (&here, true, &[][..], unused),
        (&here, false, &[], unused),
        (&absent, true, &[], unused),
        (&absent, false, &[], &[]),
        // The service principal has the client id too, and may have the secret.
        (&client, true, &[], &[]),
        (&client, false, &[], &[]),
        (&joined, true, &[], unused),
        (&joined, false, &[], &[]),
        (&here, true, &["--select", "secret-expiring"], &[]),
        (&here, true, &["--ignore", "secret-expired"], &[]),
        (&here, true, &["--app", APP], &[]),
        (&here, true, &["--min-severity", "warning"], &[]),
        (&here, true, &["--no-suppressions"], &[]),
        // It says more to auditors.
        (&platform, true, &[], &[]),
        (
            &platform,
            true,
            &["--persona", "audit", "--select", SELECT],
            unused,
        ),
    ] {
        let temp = folder(&[("a.json", &clean), ("entralint.toml", config)]);
        let file = temp.path().join("a.json");
        let path = if whole { temp.path() } else { &file };
        let told = run(&[path], temp.path(), more);
        assert_eq!(told.rules(), said, "{config} {whole} {more:?}");
    }
}

#[test]
fn of_a_client_id_both_objects_have_to_be_seen() {
    let clean = fs::read_to_string("fixtures/rules/suppression-unused/bad/application.json")
        .expect("a fixture");
    let principal = |app_id: &str| {
        format!(
            "{{\"value\": [{{\"@odata.type\": \"#microsoft.graph.servicePrincipal\", \
             \"id\": \"2a8c5f1e-7b34-4d96-a0c8-5e1f3b7d9a24\", \"appId\": \"{app_id}\", \
             \"displayName\": \"Parcel Gateway\", \"servicePrincipalType\": \"Application\", \
             \"accountEnabled\": true, \"passwordCredentials\": [], \"keyCredentials\": []}}]}}"
        )
    };
    let config = suppress("");
    // What only applications have is told by the application alone.
    let own = config.replace("secret-expired", "implicit-grant");
    let unused: &[&str] = &["suppression-unused"];
    for (config, other, said) in [
        (&config, Some(principal(APP)), unused),
        // The export is whole, and has none.
        (
            &config,
            Some(principal("12c5ca34-3b6a-4b0c-8e04-7cf9f9f2d1a5")),
            unused,
        ),
        (&config, None, &[]),
        (&own, None, unused),
    ] {
        let temp = folder(&[("a.json", &clean), ("entralint.toml", config)]);
        if let Some(other) = &other {
            fs::write(temp.path().join("sp.json"), other).expect("a file");
        }
        let told = run(
            &[temp.path()],
            temp.path(),
            &[
                "--select",
                "secret-expired,implicit-grant,suppression-unused",
            ],
        );
        assert_eq!(told.rules(), said, "{config} {other:?}");
    }
}

/// The program in a folder: its exit code, and what it says on both streams.
fn program(folder: &Path, words: &[&str]) -> (Option<i32>, String) {
    let out = std::process::Command::new(env!("CARGO_BIN_EXE_entralint"))
        .current_dir(folder)
        .args(["check", "--now", "2026-11-23", "--no-config"])
        .args(words)
        .env_clear()
        .output()
        .expect("it runs");
    let said = [out.stdout, out.stderr].concat();
    (
        out.status.code(),
        String::from_utf8_lossy(&said).into_owned(),
    )
}

#[test]
fn a_broken_file_that_is_known_is_something_to_lint() {
    let temp = folder(&[("a.json", "[{]")]);
    assert_eq!(
        program(temp.path(), &["--write-baseline", "b", "a.json"]).0,
        Some(1)
    );
    let (code, said) = program(temp.path(), &["--baseline", "b", "a.json"]);
    assert_eq!(code, Some(0), "{said}");
}

/// The file's indentation, its name and its neighbours change, and the mistake is still known.
#[test]
fn a_finding_about_a_file_goes_by_what_is_certain() {
    let temp = folder(&[("a.json", "[{\"id\": 1, }]"), ("c.json", "[{\"id\": 1, }]")]);
    assert_eq!(
        program(temp.path(), &["--write-baseline", "b", "a.json"]).0,
        Some(1)
    );
    let known = |path: &str| program(temp.path(), &["--baseline", "b", path]).0;
    for (text, code) in [
        ("[\n\t{\n\t\t\"id\": 12,\n\t}\n]\n", Some(0)),
        ("[{\"id\" 1}]", Some(1)),
    ] {
        fs::write(temp.path().join("d.json"), text).expect("a file");
        assert_eq!(known("d.json"), code, "{text}");
    }
    fs::remove_file(temp.path().join("d.json")).expect("it is there");
    assert_eq!(known("c.json"), Some(0));
    // Two, of which one is known.
    let both = ["--baseline", "b", "a.json", "c.json"];
    assert_eq!(program(temp.path(), &both).0, Some(1));
}

#[test]
fn no_report_takes_the_place_of_a_baseline() {
    let temp = folder(&[("a.json", &application())]);
    let file = temp.path().join("b.json");
    assert_eq!(
        program(temp.path(), &["--write-baseline", "b.json", "a.json"]).0,
        Some(1)
    );
    let baseline = fs::read_to_string(&file).expect("it was written");
    for words in [
        &["--baseline", "b.json", "--format", "json=b.json", "a.json"][..],
        &["--baseline", "b.json", "--format", "json=./b.json", "."],
        &[
            "--write-baseline",
            "b.json",
            "--format",
            "json=b.json",
            "a.json",
        ],
    ] {
        let (code, said) = program(temp.path(), words);
        assert_eq!(code, Some(2), "{words:?}: {said}");
        assert_eq!(
            fs::read_to_string(&file).expect("a file"),
            baseline,
            "{words:?}"
        );
    }
    // Pruning writes it again.
    let prune = [
        "--baseline",
        "b.json",
        "--write-baseline",
        "b.json",
        "a.json",
    ];
    assert_eq!(program(temp.path(), &prune).0, Some(0));
}

#[test]
fn a_large_baseline_is_pruned_in_a_moment() {
    let entries: Vec<String> = (0..40_000)
        .map(|n| {
            format!(
                "{{\"rule\":\"secret-expired\",\"subject\":\"x\",\"message\":\"m\",\"fingerprint\":\"{n:032x}\"}}"
            )
        })
        .collect();
    let text = format!(
        "{{\"schemaVersion\": 1, \"tool\": {{\"name\": \"entralint\"}}, \"baseline\": [{}]}}",
        entries.join(",\n")
    );
    let temp = folder(&[("a.json", &application()), ("b", &text)]);
    let began = std::time::Instant::now();
    program(
        temp.path(),
        &[
            "--profile",
            "entra",
            "--baseline",
            "b",
            "--write-baseline",
            "b",
            ".",
        ],
    );
    let left = fs::read_to_string(temp.path().join("b")).expect("a baseline");
    assert!(!left.contains("secret-expired"), "{}", left.len());
    // Every pair of entries compared would take a minute.
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
}

#[test]
fn a_baseline_knows_an_export_that_was_made_again() {
    let config = "profile = \"entra\"\n";
    let other = application()
        .replace(APP, "12c5ca34-3b6a-4b0c-8e04-7cf9f9f2d1a5")
        .replace(
            "b8f0a9d2-51c4-4e7d-8c36-2a9e4d7f1c05",
            "6e5f4c7b-93d1-4a80-b2c6-0d7e8f9a1b23",
        )
        .replace("Parcel Gateway", "Harbour Desk");
    let both = format!("{{\"value\": [{}, {other}]}}", application());
    let temp = folder(&[("a.json", &both), ("entralint.toml", config)]);
    let baseline = temp.path().join("known.json");
    let file = baseline.display().to_string();
    let binary = |more: &[&str]| {
        let out = std::process::Command::new(env!("CARGO_BIN_EXE_entralint"))
            .current_dir(temp.path())
            .args(["check", "--now", "2026-11-23", "--fail-on", "info"])
            .args(more)
            .output()
            .expect("it runs");
        (
            out.status.code(),
            String::from_utf8_lossy(&out.stdout).into_owned(),
            String::from_utf8_lossy(&out.stderr).into_owned(),
        )
    };
    // What is written counts all the same.
    assert_eq!(binary(&["--write-baseline", &file]).0, Some(1));
    let text = fs::read_to_string(&baseline).expect("it was written");
    assert_eq!(text.matches("\"secret-expired\"").count(), 2, "{text}");
    // Another order, another indentation, another file.
    let again: serde_json::Value =
        serde_json::from_str(&format!("[{other}, {}]", application())).expect("JSON");
    fs::remove_file(temp.path().join("a.json")).expect("it is there");
    fs::write(temp.path().join("b.json"), again.to_string()).expect("a file");
    let (code, _, said) = binary(&["--baseline", &file]);
    assert_eq!((code, said.contains("gone")), (Some(0), false), "{said}");
    let shown = binary(&[
        "--baseline",
        &file,
        "--show-suppressed",
        "--format",
        "concise",
    ])
    .1;
    assert!(shown.contains("suppressed (in the baseline)"), "{shown}");
    // One of them is gone: a note, and pruning takes it out.
    fs::write(temp.path().join("b.json"), application()).expect("a file");
    let (code, _, said) = binary(&["--baseline", &file, "-v"]);
    assert_eq!(code, Some(0));
    assert!(
        said.contains("known.json has 2 findings that are gone"),
        "{said}"
    );
    assert!(
        said.contains("6e5f4c7b-93d1-4a80-b2c6-0d7e8f9a1b23"),
        "{said}"
    );
    // A part of the input tells nothing of the rest.
    assert!(!binary(&["--baseline", &file, "b.json"]).2.contains("gone"));
    assert_eq!(
        binary(&["--baseline", &file, "--write-baseline", &file]).0,
        Some(0)
    );
    let pruned = fs::read_to_string(&baseline).expect("it was written");
    assert_eq!(pruned.matches("\"secret-expired\"").count(), 1, "{pruned}");
    // What is new counts, and pruning does not take it in.
    fs::write(temp.path().join("c.json"), &other).expect("a file");
    assert_eq!(
        binary(&["--baseline", &file, "--write-baseline", &file]).0,
        Some(1)
    );
    assert_eq!(fs::read_to_string(&baseline).expect("a file"), pruned);
    // One that is cut in half, and one of another version.
    for (broken, why) in [
        (pruned[..pruned.len() / 2].to_owned(), "cut off"),
        (pruned.replace("sion\": 1", "sion\": 7"), "schemaVersion 7"),
        ("no".to_owned(), "not JSON"),
    ] {
        fs::write(&baseline, &broken).expect("a file");
        let (code, _, said) = binary(&["--baseline", &file]);
        assert_eq!(code, Some(2));
        assert!(said.contains(why), "{said}");
    }
}
