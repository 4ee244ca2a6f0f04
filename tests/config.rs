//! `entralint.toml`: what is wrong with a configuration is said at its place, and the schema for
//! editors agrees with the code.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use entralint::config::{
    AdminConsent, CREDENTIALS_KEYS, Config, DIGITAL_TWINS_KEYS, FailOn, Level, PROFILE_KEYS,
    ProfileName, ROOT_KEYS, SUPPRESS_KEYS, duration, parse,
};
use entralint::failure::Failure;
use entralint::model::Audience;
use entralint::rules::{CredentialLimits, Flow, RULES, Severity};
use jsonschema::Validator;
use proptest::prelude::*;
use serde_json::Value;

/// Makes foreign text visible, as the reports do.
fn clean(text: &str) -> String {
    let harmless = |c: char| !c.is_control() && !"\u{200b}\u{202e}".contains(c);
    text.chars()
        .map(|c| {
            if harmless(c) {
                c.to_string()
            } else {
                c.escape_unicode().to_string()
            }
        })
        .collect()
}

fn fixtures(folder: &str) -> Vec<(String, PathBuf)> {
    let mut files: Vec<(String, PathBuf)> = fs::read_dir(Path::new("fixtures/config").join(folder))
        .expect("a folder of fixtures")
        .map(|entry| entry.expect("a fixture").path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "toml")
        })
        .map(|path| {
            let name = path
                .file_stem()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            (name, path)
        })
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{folder}");
    files
}

fn schema() -> Value {
    let text = fs::read_to_string("schemas/config.schema.json").expect("the schema");
    serde_json::from_str(&text).expect("a schema is JSON")
}

fn validator(schema: &Value) -> Validator {
    jsonschema::draft202012::options()
        .should_validate_formats(true)
        .build(schema)
        .expect("a valid schema")
}

/// A configuration as an editor's validator sees it; `None` where it is no TOML.
fn as_json(bytes: &[u8]) -> Option<Value> {
    let text = std::str::from_utf8(bytes).ok()?;
    let table: toml::Table = text.strip_prefix('\u{feff}').unwrap_or(text).parse().ok()?;
    serde_json::to_value(table).ok()
}

#[test]
fn every_error_points_into_the_file() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../fixtures/config/bad");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for (name, path) in fixtures("bad") {
            let bytes = fs::read(&path).expect("a fixture");
            let problems = parse(&bytes).expect_err(&name);
            let failure = Failure::Config("entralint.toml".to_owned(), problems);
            insta::assert_snapshot!(name, failure.render(false, &clean));
        }
    });
}

#[test]
fn good_ones_have_no_error_here_nor_in_an_editor() {
    let validator = validator(&schema());
    for (name, path) in fixtures("good") {
        let bytes = fs::read(&path).expect("a fixture");
        if let Err(problems) = parse(&bytes) {
            panic!("{}", Failure::Config(name, problems));
        }
        let json = as_json(&bytes).expect("a good configuration is TOML");
        assert!(validator.is_valid(&json), "{name}: {json}");
    }
}

#[test]
fn bad_ones_are_bad_in_an_editor_too() {
    // What a schema cannot know: which profiles there are, and which roles give access to data.
    let beyond = ["profile-unknown", "profile-role"];
    let validator = validator(&schema());
    for (name, path) in fixtures("bad") {
        let Some(json) = as_json(&fs::read(&path).expect("a fixture")) else {
            continue;
        };
        let only_here = beyond.contains(&name.as_str());
        assert_eq!(validator.is_valid(&json), only_here, "{name}: {json}");
    }
}

#[test]
fn the_schema_knows_the_keys_that_the_code_knows() {
    let schema = schema();
    let keys = |place: &str| -> BTreeSet<String> {
        let properties = schema.pointer(place).and_then(Value::as_object);
        properties.expect(place).keys().cloned().collect()
    };
    let known = |lists: &[&[&str]]| -> BTreeSet<String> {
        lists.concat().into_iter().map(str::to_owned).collect()
    };
    assert_eq!(keys("/properties"), known(&[ROOT_KEYS]));
    for (table, list) in [
        ("azure-digital-twins", DIGITAL_TWINS_KEYS),
        ("credentials", CREDENTIALS_KEYS),
        ("suppress", SUPPRESS_KEYS),
        ("profile", &[PROFILE_KEYS, DIGITAL_TWINS_KEYS].concat()),
    ] {
        assert_eq!(
            keys(&format!("/$defs/{table}/properties")),
            known(&[list]),
            "{table}"
        );
    }
}

#[test]
fn the_schema_knows_the_values_that_the_code_knows() {
    let schema = schema();
    let values = |place: &str| -> BTreeSet<String> {
        let list = schema
            .pointer(place)
            .and_then(Value::as_array)
            .expect(place);
        list.iter()
            .map(|value| value.as_str().expect(place).to_owned())
            .collect()
    };
    let set = |names: &[&str]| -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    };
    let twins = "/$defs/azure-digital-twins/properties";
    assert_eq!(values("/properties/fail-on/enum"), set(&FailOn::NAMES));
    assert_eq!(
        values("/properties/profile/examples"),
        set(&ProfileName::NAMES)
    );
    assert_eq!(values("/$defs/severity/enum"), set(&Level::NAMES));
    assert_eq!(values("/$defs/flow/enum"), set(&Flow::ALL.map(Flow::name)));
    assert_eq!(
        values(&format!("{twins}/want/enum")),
        set(&["read", "write"])
    );
    assert_eq!(
        values(&format!("{twins}/admin-consent/enum")),
        set(&AdminConsent::NAMES)
    );

    assert_eq!(
        values("/$defs/profile/properties/audience/enum"),
        set(&Audience::ALL.map(Audience::key))
    );

    let default = |place: &str| {
        schema
            .pointer(place)
            .and_then(Value::as_str)
            .expect("a default")
    };
    let days = |key: &str| {
        duration::days(default(&format!(
            "/$defs/credentials/properties/{key}/default"
        )))
    };
    let limits = CredentialLimits::default();
    assert_eq!(days("expiring-within"), Some(limits.expiring));
    assert_eq!(days("secret-lifetime"), Some(limits.secret));
    assert_eq!(days("certificate-lifetime"), Some(limits.certificate));
    assert_eq!(
        default("/properties/profile/default"),
        ProfileName::default().name()
    );
    assert_eq!(default("/properties/fail-on/default"), "error");
}

#[test]
fn a_configuration_is_what_it_says() {
    let bytes = fs::read("fixtures/config/good/everything.toml").expect("a fixture");
    let Config {
        profile,
        fail_on,
        exclude,
        digital_twins,
        credentials,
        rules,
        ..
    } = parse(&bytes).expect("a good configuration");
    assert_eq!(profile, Some(ProfileName::AzureDigitalTwins));
    assert!(matches!(fail_on, Some(FailOn::From(severity)) if severity.name() == "error"));
    assert_eq!(exclude, ["**/archive/**", "*.bak.json"]);
    assert_eq!(
        digital_twins.flows,
        Some(vec![Flow::Interactive, Flow::AppOnly])
    );
    assert_eq!(digital_twins.admin_consent, Some(AdminConsent::Optional));
    assert_eq!(digital_twins.instances.map_or(0, |list| list.len()), 1);
    let apps = digital_twins.apps.unwrap_or_default();
    assert_eq!(apps[0].to_string(), "aaaaaaaa-2222-3333-4444-555555555555");
    assert_eq!(
        (
            credentials.expiring,
            credentials.secret,
            credentials.certificate
        ),
        (30, 184, 366)
    );
    let said: Vec<(&str, Level)> = rules
        .iter()
        .map(|(index, level)| (RULES[*index].id, *level))
        .collect();
    let want = [
        ("implicit-grant", Level::Off),
        ("native-authentication", Level::At(Severity::Warning)),
    ];
    assert_eq!(said, want);
}

/// Whatever comes, it is read or complained about; every complaint has a place and can be shown.
fn holds(bytes: &[u8]) -> Result<(), TestCaseError> {
    let Err(problems) = parse(bytes) else {
        return Ok(());
    };
    prop_assert!(!problems.is_empty());
    let lines = bytes.iter().filter(|byte| **byte == b'\n').count() + 1;
    for problem in &problems {
        prop_assert!((1..=lines).contains(&problem.line));
        prop_assert!(problem.column >= 1 && !problem.message.contains('\n'));
    }
    let failure = Failure::Config("entralint.toml".to_owned(), problems);
    let shown = failure.render(false, &clean);
    prop_assert!(
        shown.chars().all(|c| c == '\n' || !c.is_control()),
        "{shown:?}"
    );
    prop_assert!(!failure.to_string().is_empty());
    Ok(())
}

/// Configurations that are nearly right.
fn nearly() -> impl Strategy<Value = String> {
    let key = prop_oneof![
        prop::sample::select([ROOT_KEYS, DIGITAL_TWINS_KEYS, CREDENTIALS_KEYS].concat())
            .prop_map(str::to_owned),
        "[a-z_.-]{1,8}",
        Just("implicit-grant".to_owned()),
    ];
    let value = prop_oneof![
        "\"[ -~é\u{202e}]{0,20}\"",
        "[0-9]{1,4}[a-z.:-]{0,2}",
        r#"\[("[a-z*{\[]{0,4}",? ?){0,3}\]"#,
        r"\{ ?[a-z]{0,3} = [0-9] ?\}",
        Just("\"off\"".to_owned()),
        Just("2026-12-31".to_owned()),
        Just("\"\"\"\n\n\"\"\"".to_owned()),
    ];
    let line = prop_oneof![
        4 => (key.clone(), value).prop_map(|(key, value)| format!("{key} = {value}")),
        1 => key.clone().prop_map(|key| format!("[{key}]")),
        1 => key.prop_map(|key| format!("[[{key}]]")),
        1 => Just(String::new()),
    ];
    prop::collection::vec(line, 0..12).prop_map(|lines| lines.join("\r\n"))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_complained_about(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        holds(&bytes)?;
    }

    #[test]
    fn any_text_is_read_or_complained_about(text in "\\PC{0,200}") {
        holds(text.as_bytes())?;
    }

    #[test]
    fn what_is_nearly_right_is_read_or_complained_about(text in nearly()) {
        holds(text.as_bytes())?;
    }

    #[test]
    fn the_schema_and_the_code_know_the_same_time_spans(
        text in "P?[0-9]?[dwmoyYMWD]{0,2}([0-9][YMWD]){0,3}",
    ) {
        static PATTERN: LazyLock<Validator> = LazyLock::new(|| {
            let pattern = &schema()["$defs"]["duration"]["pattern"];
            validator(&serde_json::json!({ "pattern": pattern }))
        });
        let valid = PATTERN.is_valid(&Value::from(text.as_str()));
        prop_assert_eq!(duration::days(&text).is_some(), valid, "{}", text);
    }
}

#[test]
fn size_and_depth_are_no_weapon() {
    for text in [
        "[".repeat(1 << 20),
        "a = ".to_owned() + &"[".repeat(1 << 19),
        "a = ".to_owned() + &"{a=".repeat(1 << 18),
        "a.".repeat(1 << 19),
        format!("[{}]", ["a"; 1000].join(".")),
        "x=1\n".repeat(1 << 10),
        (0..50_000).map(|n| format!("k{n}=1\n")).collect(),
        "[rules]\n".to_owned() + &(0..50_000).map(|n| format!("k{n}=1\n")).collect::<String>(),
        format!(
            "exclude = [{}]",
            (0..50_000).map(|n| format!("\"{n}\",")).collect::<String>()
        ),
        format!("exclude = [{}]", "\"[\",".repeat(50_000)),
    ] {
        if let Err(problems) = parse(text.as_bytes()) {
            let failure = Failure::Config("entralint.toml".to_owned(), problems);
            assert!(failure.render(true, &clean).len() < 20_000);
        }
    }
}
