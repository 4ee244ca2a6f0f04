//! Every rule has a `bad` fixture that fires exactly it, and a `good` one that is its nearest miss
//! and fires nothing. The fixture folders and the rules are the same set.
//!
//! A fixture is a file, or a folder that is walked. Beside it may stand an `entralint.toml`, and
//! in `arguments` further words for the command line.

mod common;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use common::run::check;
use entralint::model::{Date, Instant};
use entralint::rules::{
    Check, Filter, Flow, Persona, Profile, RULES, Rule, RuleSettings, Severity,
};

fn now() -> Instant {
    Date::parse(common::run::NOW).instant().expect("a moment")
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

/// Rules about an object are asked about it; those about records, files and several of them, and
/// all about a folder of documents, are asked by a whole run.
fn judges_one_object(rule: &Rule, fixture: &Path) -> bool {
    let one = |check: &Check| matches!(check, Check::Application(_) | Check::RequiredAccess(_));
    fixture.is_file() && rule.checks.iter().all(one)
}

/// Runs `findings` on every fixture that `with` picks. It gives, for each finding,
/// its rule and what is wrong with how it is told, if anything.
fn try_fixtures(
    with: impl Fn(&Rule, &Path) -> bool,
    findings: impl Fn(&'static Rule, &Path) -> Vec<(&'static str, Option<String>)>,
) {
    let mut wrong = Vec::new();
    for rule in RULES {
        let folder = Path::new("fixtures/rules").join(rule.id);
        for (prefix, expected) in [
            ("bad", BTreeSet::from([rule.id])),
            ("good", BTreeSet::new()),
        ] {
            let files = fixtures(&folder, prefix);
            if files.is_empty() {
                wrong.push(format!("{}: no {prefix} fixture", rule.id));
            }
            for file in files.iter().filter(|file| with(rule, file)) {
                let (fired, flaws): (BTreeSet<&str>, Vec<Option<String>>) =
                    findings(rule, file).into_iter().unzip();
                if fired != expected {
                    wrong.push(format!("{}: fired {fired:?}", file.display()));
                }
                let flaws = flaws.into_iter().flatten();
                wrong.extend(flaws.map(|flaw| format!("{}: {flaw}", file.display())));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// One sentence without its full stop, on one line; labels of at most six words.
fn is_well_told(message: &str, label: &str) -> bool {
    !message.is_empty()
        && !message.contains('\n')
        && !message.ends_with('.')
        && label.split_whitespace().count() <= 6
}

#[test]
fn bad_fires_exactly_its_rule_and_good_fires_nothing() {
    try_fixtures(judges_one_object, |rule, file| {
        let settings = settings(file.parent().expect("a folder"));
        let text = fs::read_to_string(file).expect("a fixture is UTF-8");
        let findings = entralint::judge::judge_text(&text, &settings, &Under(rule))
            .unwrap_or_else(|error| panic!("{}: {error:?}", file.display()));
        let tell = |finding: entralint::rules::Finding| {
            let say = &finding.wording;
            let well = is_well_told(&say.message, &say.label) && !finding.span.of(&text).is_empty();
            (finding.rule.id, (!well).then(|| format!("{finding:?}")))
        };
        findings.into_iter().map(tell).collect()
    });
}

#[test]
fn so_it_is_in_a_whole_run() {
    try_fixtures(
        |rule, fixture| !judges_one_object(rule, fixture),
        |rule, file| {
            let folder = file.parent().expect("a folder");
            // A folder may have a configuration of its own.
            let own = file.join("entralint.toml");
            let config = if own.is_file() {
                own
            } else {
                folder.join("entralint.toml")
            };
            let arguments = fs::read_to_string(folder.join("arguments")).unwrap_or_default();
            let mut words: Vec<OsString> = arguments.split_whitespace().map(Into::into).collect();
            words.extend(["--config".into(), config.into(), file.into()]);
            if rule.persona == Persona::Audit {
                words.extend(["--persona".into(), "audit".into()]);
            }
            let told = check(words);
            assert!(told.troubles.is_empty(), "{:?}", told.troubles);
            let unread = told.rules().contains(&"unreadable-input");
            assert_eq!(told.incomplete, unread, "{}", file.display());
            let tell = |finding: &entralint::report::Reported| {
                let place = &finding.location;
                let path = Path::new(&*place.path);
                let well = is_well_told(&finding.message, &place.label)
                    && finding
                        .related
                        .iter()
                        .all(|place| is_well_told("x", &place.label))
                    && place.start <= place.end
                    && (path == file || path.starts_with(file))
                    && finding.fingerprint.len() == 32
                    && finding.help.is_some();
                (finding.rule.id, (!well).then(|| format!("{finding:?}")))
            };
            // What other rules tell auditors is no business of this fixture.
            let counts = |finding: &&entralint::report::Reported| {
                finding.suppression.is_none()
                    && (finding.rule == rule || finding.rule.persona == Persona::Regular)
            };
            told.findings.iter().filter(counts).map(tell).collect()
        },
    );
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
