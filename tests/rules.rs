//! Every rule has a `bad` fixture that fires exactly it, and a `good` one that is its nearest miss
//! and fires nothing. The fixture folders and the rules are the same set.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use entralint::model::{Date, Instant};
use entralint::rules::{
    Check, Filter, Flow, Persona, Profile, RULES, Rule, RuleSettings, Severity,
};

fn now() -> Instant {
    Date::parse("2026-11-23T00:00:00Z")
        .instant()
        .expect("a moment")
}

/// The rule under test and every rule of the regular persona.
struct Under<'r>(&'r Rule);

impl Filter for Under<'_> {
    fn judge(&self, rule: &Rule, _: usize, severity: Severity) -> Option<Severity> {
        (rule == self.0 || rule.persona == Persona::Regular).then_some(severity)
    }
}

fn settings(folder: &Path) -> RuleSettings {
    let mut settings = RuleSettings::new(now());
    let Ok(text) = fs::read_to_string(folder.join("entralint.toml")) else {
        return settings;
    };
    let config: toml::Table = text.parse().expect("a fixture's configuration is TOML");
    if config.get("profile").and_then(|p| p.as_str()) == Some("entra") {
        settings.profile = None;
    } else {
        settings.profile = Some(Profile::azure_digital_twins());
    }
    if let Some(flows) = config
        .get("azure-digital-twins")
        .and_then(|table| table.get("flows"))
        .and_then(|flows| flows.as_array())
    {
        settings.flows = Some(
            flows
                .iter()
                .map(|flow| Flow::parse(flow.as_str().unwrap_or("")).expect("a known flow"))
                .collect(),
        );
    }
    settings
}

fn fixtures(folder: &Path, prefix: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| {
            path.file_name()
                .and_then(|name| name.to_str())
                .is_some_and(|name| name.starts_with(prefix) && !name.ends_with(".toml"))
        })
        .collect();
    files.sort();
    files
}

/// Rules that only a whole run can fire have their fixtures run in `tests/check.rs`.
fn judges_one_record(rule: &Rule) -> bool {
    !matches!(rule.check, Check::Joined | Check::Input)
}

#[test]
fn bad_fires_exactly_its_rule_and_good_fires_nothing() {
    let mut wrong = Vec::new();
    for rule in RULES.iter().filter(|rule| judges_one_record(rule)) {
        let folder = Path::new("fixtures/rules").join(rule.id);
        let settings = settings(&folder);
        for (prefix, expected) in [
            ("bad", BTreeSet::from([rule.id])),
            ("good", BTreeSet::new()),
        ] {
            let files = fixtures(&folder, prefix);
            if files.is_empty() {
                wrong.push(format!("{}: no {prefix} fixture", rule.id));
            }
            for file in files {
                let text = fs::read_to_string(&file).expect("a fixture is UTF-8");
                let findings = entralint::judge::judge_text(&text, &settings, &Under(rule))
                    .unwrap_or_else(|error| panic!("{}: {error:?}", file.display()));
                let fired: BTreeSet<&str> = findings.iter().map(|f| f.rule.id).collect();
                if fired != expected {
                    wrong.push(format!("{}: fired {fired:?}", file.display()));
                }
                for finding in findings {
                    let say = &finding.wording;
                    if say.message.is_empty()
                        || say.message.contains('\n')
                        || say.message.ends_with('.')
                        || say.label.split_whitespace().count() > 6
                        || finding.span.of(&text).is_empty()
                    {
                        wrong.push(format!("{}: {finding:?}", file.display()));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn rules_are_sorted_unique_and_documented() {
    for pair in RULES.windows(2) {
        assert!(
            pair[0].id < pair[1].id,
            "{} before {}",
            pair[0].id,
            pair[1].id
        );
    }
    for rule in RULES {
        assert!(
            rule.id
                .bytes()
                .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-')),
            "{}",
            rule.id
        );
        assert!(!rule.summary().is_empty(), "{}", rule.id);
        for heading in ["**Why it matters.**", "**What is checked.**", "**Fix.**"] {
            assert!(rule.docs.contains(heading), "{}: no {heading}", rule.id);
        }
        assert!(!rule.references.is_empty(), "{}: no reference", rule.id);
    }
}

#[test]
fn fixture_folders_are_the_rules() {
    let folders: BTreeSet<String> = fs::read_dir("fixtures/rules")
        .expect("fixtures/rules")
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    let rules: BTreeSet<String> = RULES.iter().map(|rule| rule.id.to_owned()).collect();
    assert_eq!(folders, rules);
}
