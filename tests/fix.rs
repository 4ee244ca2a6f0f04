//! What `--fix` mends, on every fixture of every rule that can be mended, in every encoding and
//! layout: nothing else changes, the result is JSON, what was mended is gone, and a second run
//! changes nothing.

mod common;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use common::run::{Told, check_and_fix, fix_and_meanwhile};
use entralint::report::{Fix, Reported};
use entralint::rules::RULES;

/// Fixtures that are one file, of the rules that can be mended, with their configuration.
fn fixtures() -> Vec<(PathBuf, PathBuf)> {
    let mut found = Vec::new();
    for rule in RULES.iter().filter(|rule| rule.fix.is_some()) {
        let folder = Path::new("fixtures/rules").join(rule.id);
        let mut files: Vec<PathBuf> = fs::read_dir(&folder)
            .expect("a rule has fixtures")
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.extension().is_some_and(|kind| kind == "json"))
            .collect();
        files.sort();
        let config = folder.join("entralint.toml");
        found.extend(files.into_iter().map(|file| (file, config.clone())));
    }
    found
}

/// Runs `check` on one file; with `words` behind it.
fn run(file: &Path, config: &Path, words: &[&str]) -> Told {
    let mut all: Vec<OsString> = words.iter().map(OsString::from).collect();
    if config.exists() {
        all.extend(["--config".into(), config.into()]);
    } else {
        all.push("--no-config".into());
    }
    all.push(file.into());
    let told = check_and_fix(all);
    assert!(told.troubles.is_empty(), "{:?}", told.troubles);
    told
}

struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Desk {
        Desk {
            folder: tempfile::tempdir().expect("a folder"),
        }
    }

    fn put(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, bytes).expect("it is written");
        path
    }
}

/// The text with the fix made, by hand.
fn made(text: &str, fix: &Fix) -> String {
    let mut out = String::new();
    let mut from = 0;
    for change in &fix.replacements {
        out += &text[from..change.start.offset as usize];
        out += &change.text;
        from = change.end.offset as usize;
    }
    out + &text[from..]
}

fn fixes(told: &Told) -> Vec<&Fix> {
    let fixes = told.findings.iter();
    fixes.filter_map(|found| found.fix.as_ref()).collect()
}

#[test]
fn what_was_mended_is_gone_and_nothing_else_is_touched() {
    let desk = Desk::new();
    let mut mended = BTreeSet::new();
    for (fixture, config) in fixtures() {
        let shown = fixture.display();
        let text = fs::read_to_string(&fixture).expect("a fixture is UTF-8");
        let path = desk.put("manifest.json", text.as_bytes());
        let before = run(&path, &config, &[]);
        for found in before.findings.iter().filter(|found| found.fix.is_some()) {
            assert!(found.rule.fix.is_some(), "{shown}: {}", found.rule.id);
            let description = &found.fix.as_ref().expect("it has one").description;
            assert!(
                !description.ends_with('.') && !description.contains('\n'),
                "{shown}"
            );
        }
        let told = run(&path, &config, &["--fix"]);
        let after = fs::read_to_string(&path).expect("it is UTF-8 still");
        match fixes(&before).as_slice() {
            [] => assert_eq!(after, text, "{shown}"),
            // Unless something else only shows then.
            [only] if told.outcome.fixed.len() == 1 => {
                assert_eq!(after, made(&text, only), "{shown}");
            }
            _ => {}
        }
        assert_eq!(fixes(&told).len(), 0, "{shown}: {:?}", told.rules());
        serde_json::from_str::<serde_json::Value>(&after)
            .unwrap_or_else(|error| panic!("{shown}: {error}\n{after}"));
        assert_eq!(after.ends_with('\n'), text.ends_with('\n'), "{shown}");
        for fixed in &told.outcome.fixed {
            mended.insert(fixed.rule.id);
            let of_rule = |told: &Told| {
                let findings = told.findings.iter();
                findings.filter(|found| found.rule == fixed.rule).count()
            };
            let more = of_rule(&told) >= of_rule(&before).max(1);
            assert!(!more, "{shown}: {} is left", fixed.rule.id);
        }
        let again = run(&path, &config, &["--fix"]);
        assert!(again.outcome.fixed.is_empty(), "{shown}");
        let second = fs::read_to_string(&path).expect("it is there");
        assert_eq!(second, after, "{shown}");
    }
    // Each rule that says it can be mended has a fixture that is.
    let fixable: BTreeSet<&str> = RULES
        .iter()
        .filter(|rule| rule.fix.is_some())
        .map(|rule| rule.id)
        .collect();
    assert_eq!(mended, fixable);
}

/// The text without blanks between its values.
fn minified(text: &str) -> String {
    let (mut inside, mut escaped) = (false, false);
    text.chars()
        .filter(|&c| {
            let quote = c == '"' && !escaped;
            escaped = inside && c == '\\' && !escaped;
            inside ^= quote;
            inside || !c.is_ascii_whitespace()
        })
        .collect()
}

#[test]
fn every_layout_keeps_its_style() {
    let tabs = |text: &str| -> String {
        text.split_inclusive('\n')
            .map(|line| {
                let words = line.trim_start_matches(' ');
                "\t".repeat((line.len() - words.len()) / 2) + words
            })
            .collect()
    };
    let desk = Desk::new();
    for (fixture, config) in fixtures() {
        let shown = fixture.display();
        let text = fs::read_to_string(&fixture).expect("a fixture is UTF-8");
        let result = |text: &str| {
            let path = desk.put("manifest.json", text.as_bytes());
            run(&path, &config, &["--fix"]);
            fs::read_to_string(&path).expect("it is there")
        };
        let plain = result(&text);
        assert_eq!(
            result(&text.replace('\n', "\r\n")),
            plain.replace('\n', "\r\n"),
            "{shown}"
        );
        assert_eq!(result(text.trim_end()), plain.trim_end(), "{shown}");
        assert_eq!(result(&tabs(&text)), tabs(&plain), "{shown}");
        let small = result(&minified(&text));
        assert_eq!(small, minified(&small), "{shown}");
        let value = |text: &str| -> serde_json::Value { serde_json::from_str(text).expect("JSON") };
        assert_eq!(value(&small), value(&plain), "{shown}");
    }
}

fn encoded(text: &str, mark: bool, wide: usize, big: bool) -> Vec<u8> {
    let text = if mark {
        format!("\u{feff}{text}")
    } else {
        text.to_owned()
    };
    match (wide, big) {
        (1, _) => text.into_bytes(),
        (2, false) => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        (2, true) => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        (_, false) => text
            .chars()
            .flat_map(|c| (c as u32).to_le_bytes())
            .collect(),
        (_, true) => text
            .chars()
            .flat_map(|c| (c as u32).to_be_bytes())
            .collect(),
    }
}

#[test]
fn every_encoding_stays_what_it_is() {
    let desk = Desk::new();
    for (fixture, config) in fixtures() {
        let shown = fixture.display();
        let text = fs::read_to_string(&fixture).expect("a fixture is UTF-8");
        // Something beyond ASCII, of two, three and four bytes.
        let text = text.replacen("Contoso", "Contoso Zürich 双子 🏭", 1);
        let path = desk.put("plain.json", text.as_bytes());
        run(&path, &config, &["--fix"]);
        let after = fs::read_to_string(&path).expect("it is there");
        for (mark, wide, big) in [
            (true, 1, false),
            (false, 2, false),
            (true, 2, false),
            (true, 2, true),
            (true, 4, false),
            (false, 4, true),
        ] {
            let path = desk.put("manifest.json", &encoded(&text, mark, wide, big));
            run(&path, &config, &["--fix"]);
            let bytes = fs::read(&path).expect("it is there");
            let wanted = encoded(&after, mark, wide, big);
            assert!(
                bytes == wanted,
                "{shown}: mark {mark}, {wide} bytes, big {big}"
            );
        }
        // Windows-1252: what is no UTF-8 stays, byte for byte.
        let old = |text: &str| -> Vec<u8> {
            let text = text.replace("Zürich 双子 🏭", "Z\u{1}rich");
            let bytes = text.bytes();
            bytes
                .map(|byte| if byte == 1 { 0xFC } else { byte })
                .collect()
        };
        if text.contains("Zürich") {
            let path = desk.put("manifest.json", &old(&text));
            run(&path, &config, &["--fix"]);
            assert!(
                fs::read(&path).expect("it is there") == old(&after),
                "{shown}"
            );
        }
    }
}

#[test]
fn exports_of_many_are_left_alone() {
    let desk = Desk::new();
    let mut tried = 0;
    for (fixture, config) in fixtures() {
        let text = fs::read_to_string(&fixture).expect("a fixture is UTF-8");
        if !text.contains("displayName") {
            continue;
        }
        let line = minified(&text);
        for (name, text) in [
            ("one.json", format!("[{text}]")),
            ("two.json", format!("[{text},{text}]")),
            ("page.json", format!("{{\"value\": [{text}]}}")),
            ("lines.jsonl", format!("{line}\n")),
            ("lines.ndjson", format!("{line}\n{line}\n")),
            (
                "batch.json",
                format!(
                    "{{\"responses\": [{{\"id\": \"1\", \"status\": 200, \"body\": {text}}}]}}"
                ),
            ),
        ] {
            let path = desk.put(name, text.as_bytes());
            let told = run(&path, &config, &["--fix", "--all-apps"]);
            assert_eq!(fixes(&told).len(), 0, "{}: {name}", fixture.display());
            assert!(told.outcome.fixed.is_empty());
            assert_eq!(fs::read_to_string(&path).expect("it is there"), text);
            tried += usize::from(told.outcome.objects.contains_key("application"));
        }
    }
    assert!(tried > 50, "{tried}");
    // A leaf of a collector's tree, too.
    let leaf = desk
        .folder
        .path()
        .join("tree/a712755f-6cac-44d5-99d5-269512e74f7b");
    fs::create_dir_all(&leaf).expect("a folder");
    let file = leaf.join("a712755f-6cac-44d5-99d5-269512e74f7b.json");
    fs::copy("fixtures/rules/adt-permission-missing/bad.json", &file).expect("a copy");
    let root = desk.folder.path().join("tree");
    let told = run(&root, Path::new("none"), &["--fix", "--all-apps"]);
    assert!(told.rules().contains(&"adt-permission-missing"));
    assert!(told.outcome.fixed.is_empty());
}

/// Somebody saves the file while it is judged.
#[test]
fn a_file_that_changes_meanwhile_stays_as_it_is() {
    let desk = Desk::new();
    let text = fs::read("fixtures/rules/permission-unwrapped/bad.json").expect("a fixture");
    for (round, other) in [(0, "[]"), (1, "{}")] {
        let path = desk.put("manifest.json", &text);
        let words = ["--fix".into(), "--no-config".into(), OsString::from(&path)];
        let mut rounds = 0;
        let told = fix_and_meanwhile(words, || {
            if rounds == round {
                fs::write(&path, other).expect("it is written");
            }
            rounds += 1;
        });
        assert!(
            told.outcome.fixed.is_empty(),
            "{round}: {:?}",
            told.outcome.fixed
        );
        assert!(
            told.troubles.join(" ").contains("changed"),
            "{round}: {:?}",
            told.troubles
        );
        assert_eq!(fs::read_to_string(&path).expect("it is there"), other);
    }
    assert_eq!(
        fs::read_dir(desk.folder.path()).expect("a folder").count(),
        1
    );
}

/// One mistake that hides another: the unwrapped entry, a loose GUID, a type, a missing entry.
#[test]
fn what_meets_is_mended_in_rounds() {
    let desk = Desk::new();
    let path = desk.put(
        "manifest.json",
        b"{\n  \"resourceAppId\": \"{00000003-0000-0000-c000-000000000000}\",\n  \"resourceAccess\": {\n    \"id\": \"e1fe6dd8ba314d6189e788639da4683d\",\n    \"type\": \"Scopes\"\n  }\n}\n",
    );
    let told = run(&path, Path::new("none"), &["--fix"]);
    assert_eq!(told.rules(), ["adt-extra-permission"]);
    assert_eq!(told.outcome.fixed.len(), 6, "{:?}", told.outcome.fixed);
    let after = fs::read_to_string(&path).expect("it is there");
    assert_eq!(
        after,
        "[\n  {\n    \"resourceAppId\": \"00000003-0000-0000-c000-000000000000\",\n    \"resourceAccess\": [\n      {\n        \"id\": \"e1fe6dd8-ba31-4d61-89e7-88639da4683d\",\n        \"type\": \"Scope\"\n      }\n    ]\n  },\n  {\n    \"resourceAppId\": \"0b07f429-9f4b-4714-9392-cc5e8e80c8b0\",\n    \"resourceAccess\": [\n      {\n        \"id\": \"4589bd03-58cb-4e6c-b17f-b580e39652f8\",\n        \"type\": \"Scope\"\n      }\n    ]\n  }\n]\n"
    );
}

/// The value of a property was mended while its copy waited for another round: then the two were
/// no longer equal, and nothing could tell which one holds. Found by fuzzing.
#[test]
fn copies_go_before_what_they_copy_is_mended() {
    let desk = Desk::new();
    let text = fs::read_to_string("fixtures/hostile/copies-and-a-wrong-type.json").expect("it");
    let path = desk.put("manifest.json", text.as_bytes());
    let told = run(&path, Path::new("none"), &["--fix"]);
    assert_eq!(told.outcome.fixed.len(), 4, "{:?}", told.outcome.fixed);
    assert!(
        !told.rules().contains(&"duplicate-key"),
        "{:?}",
        told.rules()
    );
    let after = fs::read_to_string(&path).expect("it is there");
    let copies = ",\n  \"identifierUris\": [],\n  \"tags\": \"factory\",\n  \"addIns\": []\n}";
    let whole = text.replace(copies, "\n}");
    assert_ne!(whole, text);
    let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON");
    let mut wanted = value(&whole);
    wanted["tags"] = serde_json::json!(["factory"]);
    assert_eq!(value(&after), wanted);
}

/// What `--select`, `--ignore` and the configuration leave out is not mended either.
#[test]
fn only_what_is_reported_is_mended() {
    let desk = Desk::new();
    let text = fs::read("fixtures/tenants/first-steps/factory-twins.json").expect("a fixture");
    let path = desk.put("manifest.json", &text);
    let ignored = ["--fix", "--ignore", "digital-twins"];
    assert!(
        run(&path, Path::new("none"), &ignored)
            .outcome
            .fixed
            .is_empty()
    );
    let selected = ["--fix", "--select", "adt-audience-not-single-tenant"];
    let told = run(&path, Path::new("none"), &selected);
    assert_eq!(told.outcome.fixed.len(), 1);
    let after = fs::read_to_string(&path).expect("it is there");
    let before = String::from_utf8(text).expect("UTF-8");
    assert_eq!(after, before.replace("AzureADMultipleOrgs", "AzureADMyOrg"));
}

/// A redirect that a local web server uses stays where it is.
#[test]
fn localhost_with_a_port_is_not_moved() {
    let desk = Desk::new();
    let bad = "fixtures/rules/adt-localhost-redirect-wrong-platform/bad.json";
    let text = fs::read_to_string(bad).expect("a fixture");
    let text = text.replace("\"http://localhost\"", "\"http://localhost:3000\"");
    let path = desk.put("manifest.json", text.as_bytes());
    let told = run(&path, Path::new("none"), &["--fix"]);
    let rule = "adt-localhost-redirect-wrong-platform";
    assert!(told.rules().contains(&rule));
    assert!(told.outcome.fixed.iter().all(|fixed| fixed.rule.id != rule));
}

/// Nothing is widened: an application permission reaches further than a delegated one.
#[test]
fn no_fix_asks_for_more_than_was_asked() {
    let desk = Desk::new();
    for (id, kind) in [
        // Application permissions of Microsoft Graph: User.Read.All, Directory.Read.All.
        ("df021288-bdef-4463-88db-98f22de89214", "Scope"),
        ("7ab1d382-f21e-4acd-a863-ba3e13f7da61", "Xyz"),
        // Delegated User.Read.All, whose name an application permission has too.
        ("a154be20-db9c-4678-8ab7-66f6cc099a59", "Role"),
    ] {
        let text = format!(
            "[{{\"resourceAppId\":\"00000003-0000-0000-c000-000000000000\",\"resourceAccess\":[{{\"id\":\"{id}\",\"type\":\"{kind}\"}}]}}]"
        );
        let path = desk.put("manifest.json", text.as_bytes());
        let told = run(&path, Path::new("none"), &["--fix", "--profile", "entra"]);
        let bad = |found: &&Reported| found.severity == entralint::rules::Severity::Error;
        assert_eq!(told.findings.iter().filter(bad).count(), 1, "{id}");
        assert!(told.outcome.fixed.is_empty(), "{:?}", told.outcome.fixed);
    }
}
