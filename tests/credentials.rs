//! What the rules about credentials and clients say, how severe it is, and what they keep quiet
//! about: severities and words, which `tests/rules.rs` does not look at, and the cases that need
//! other settings or a placeholder.

use std::fs;

use entralint::judge::judge_text;
use entralint::model::{Date, Instant};
use entralint::rules::{FactValue, Filter, Finding, Flow, Group, Rule, RuleSettings, Severity};

fn now() -> Instant {
    Date::parse("2026-11-23T00:00:00Z")
        .instant()
        .expect("a moment")
}

/// The two groups of rules that this file is about, for every persona.
struct OurGroups;

impl Filter for OurGroups {
    fn judge(&self, rule: &Rule, _: usize, severity: Severity) -> Option<Severity> {
        matches!(rule.group, Group::Client | Group::Credential).then_some(severity)
    }
}

fn fixture(path: &str) -> String {
    fs::read_to_string(format!("fixtures/rules/{path}.json")).expect("a fixture")
}

/// Settings of the profile `entra`.
fn plain() -> RuleSettings {
    let mut settings = RuleSettings::new(now());
    settings.profile = None;
    settings
}

fn with_flows(mut settings: RuleSettings, flows: &[Flow]) -> RuleSettings {
    settings.flows = Some(flows.to_vec());
    settings
}

fn find(text: &str, settings: &RuleSettings, rule: &str) -> Vec<Finding> {
    let findings = judge_text(text, settings, &OurGroups).expect("a fixture is JSON");
    findings.into_iter().filter(|f| f.rule.id == rule).collect()
}

fn fires(text: &str, settings: &RuleSettings, rule: &str) -> bool {
    !find(text, settings, rule).is_empty()
}

/// Replaces a piece that must stand there.
fn swap(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from}");
    text.replace(from, to)
}

#[test]
fn severities_and_labels() {
    use Severity::{Error, Info, Warning};
    for (path, severity, label) in [
        ("secret-expired/bad", Error, "expired 41 days ago"),
        (
            "secret-expired/bad-at-the-moment",
            Error,
            "expired less than a day ago",
        ),
        (
            "secret-expired/bad-another-is-valid",
            Info,
            "expired 20 days ago",
        ),
        (
            "secret-expired/bad-certificate-is-valid",
            Info,
            "expired 20 days ago",
        ),
        (
            "secret-expired/bad-federated-is-valid",
            Info,
            "expired 20 days ago",
        ),
        ("secret-expiring/bad", Warning, "ends in 30 days"),
        ("secret-expiring/bad-7-days", Warning, "ends in 7 days"),
        ("secret-expiring/bad-error", Error, "ends in 6 days"),
        (
            "secret-expiring/bad-last-hours",
            Error,
            "ends in less than a day",
        ),
        ("secret-not-yet-valid/bad", Warning, "starts in 12 days"),
        (
            "secret-long-lived/bad",
            Warning,
            "lives 185 days, limit 180",
        ),
        (
            "secret-long-lived/bad-two-years",
            Warning,
            "lives 730 days, limit 180",
        ),
        (
            "secret-long-lived/bad-error",
            Error,
            "lives 732 days, limit 180",
        ),
        ("secret-never-expires/bad", Error, "never ends"),
        ("secret-dates-inverted/bad", Error, "ends before it starts"),
        (
            "secret-dates-inverted/bad-same-moment",
            Error,
            "ends as it starts",
        ),
        (
            "secret-no-overlap/bad",
            Info,
            "no other credential overlaps it",
        ),
        ("secret-in-use/bad", Warning, "a valid client secret"),
        ("too-many-secrets/bad", Warning, "one of 3 valid secrets"),
        (
            "too-many-secrets/bad-personal-accounts",
            Error,
            "one of 3, limit 2",
        ),
        ("certificate-expired/bad", Error, "expired 41 days ago"),
        (
            "certificate-expired/bad-secret-is-valid",
            Info,
            "expired 41 days ago",
        ),
        (
            "certificate-expired/bad-signing",
            Error,
            "expired 10 days ago",
        ),
        ("certificate-expiring/bad", Warning, "ends in 30 days"),
        ("certificate-expiring/bad-error", Error, "ends in 6 days"),
        (
            "certificate-long-lived/bad",
            Warning,
            "lives 370 days, limit 365",
        ),
        (
            "certificate-long-lived/bad-error",
            Error,
            "lives 732 days, limit 365",
        ),
        ("certificate-long-lived/bad-never", Error, "never ends"),
        (
            "certificate-dates-inverted/bad",
            Error,
            "ends before it starts",
        ),
        ("no-usable-flow/bad", Error, "no way to sign in"),
        ("public-client-flow-on/bad", Info, "public client flows on"),
        (
            "public-client-with-credential/bad",
            Warning,
            "an installed app cannot keep it",
        ),
    ] {
        let rule = path.split('/').next().expect("a folder");
        let found = find(&fixture(path), &plain(), rule);
        assert_eq!(found.len(), 1, "{path}: {found:?}");
        assert_eq!(found[0].severity, severity, "{path}");
        assert_eq!(found[0].wording.label, label, "{path}");
    }
}

#[test]
fn an_expired_secret_says_all_of_it() {
    let found = find(&fixture("secret-expired/bad"), &plain(), "secret-expired");
    let say = &found[0].wording;
    assert_eq!(
        say.message,
        "secret \"payroll 2026\" expired 41 days ago, on 2026-10-13, and this export shows no other valid credential"
    );
    let subject = found[0].subject.as_ref().expect("an application");
    let app = subject.app_id.as_deref().expect("a client id");
    assert_eq!(
        say.commands,
        [
            format!("az ad app credential reset --id {app} --append --end-date 2027-05-22"),
            format!(
                "az ad app credential delete --id {app} --key-id {}",
                say.key
            ),
        ]
    );
    let fact = |name: &str| say.facts.iter().find(|fact| fact.0 == name).map(|f| &f.1);
    assert_eq!(fact("daysPastExpiry"), Some(&FactValue::Number(41)));
    assert_eq!(
        fact("endDateTime"),
        Some(&FactValue::Text("2026-10-13T00:00:00Z".into()))
    );
}

#[test]
fn what_the_commands_make_is_clean() {
    let text = fixture("secret-long-lived/bad");
    let found = find(&text, &plain(), "secret-long-lived");
    let end = found[0].wording.commands[0]
        .split_once("--end-date ")
        .expect("an end date")
        .1;
    let new = swap(&text, "2027-02-16T00:00:00Z", &format!("{end}T00:00:00Z"));
    let new = swap(&new, "2026-08-15T00:00:00Z", "2026-11-23T00:00:00Z");
    assert!(!fires(&new, &plain(), "secret-long-lived"));
}

#[test]
fn unknown_dates_are_silent() {
    for (path, end) in [
        ("secret-expired/bad", "2026-10-13T00:00:00Z"),
        ("secret-never-expires/bad", "9999-12-31T23:59:59.9999999Z"),
        ("secret-long-lived/bad", "2027-02-16T00:00:00Z"),
        (
            "secret-dates-inverted/bad-in-the-past",
            "2026-03-05T00:00:00Z",
        ),
        ("certificate-expired/bad", "2026-10-13T00:00:00Z"),
        ("certificate-long-lived/bad-never", "9999-12-31T23:59:59Z"),
    ] {
        let text = fixture(path);
        for unknown in [
            "${{SECRET_END}}",
            "10/13/2026 2:50:24 PM",
            "System.DateTime",
            "1900-01-01T00:00:00Z",
            "0001-01-01T00:00:00",
        ] {
            let found = judge_text(&swap(&text, end, unknown), &plain(), &OurGroups).expect("JSON");
            assert!(found.is_empty(), "{path} {unknown}: {found:?}");
        }
    }
}

#[test]
fn a_credential_that_cannot_be_read_may_be_valid() {
    let text = fixture("secret-expired/bad");
    let unreadable = swap(
        &text,
        "\"keyCredentials\": []",
        "\"keyCredentials\": [\"Microsoft.Graph.PowerShell.Models.MicrosoftGraphKeyCredential\"]",
    );
    let found = find(&unreadable, &plain(), "secret-expired");
    assert_eq!(found[0].severity, Severity::Info);
    assert!(found[0].wording.message.ends_with("cannot be told"));
}

#[test]
fn names_from_the_input_stay_on_one_line() {
    let name = format!("two\\nlines {}", "x".repeat(200));
    let text = swap(&fixture("secret-expired/bad"), "payroll 2026", &name);
    let message = &find(&text, &plain(), "secret-expired")[0].wording.message;
    assert!(message.contains("\"two lines xxx") && message.contains("x…\" expired"));
    assert!(!message.contains('\n'));
}

#[test]
fn a_credential_without_key_id_is_told_apart_by_its_dates() {
    let text = fixture("secret-expired/bad");
    let key = find(&text, &plain(), "secret-expired")[0]
        .wording
        .key
        .clone();
    let text = swap(&text, &key, "");
    let say = &find(&text, &plain(), "secret-expired")[0].wording;
    assert_eq!(say.key, "2026-04-16T00:00:00Z2026-10-13T00:00:00Z");
    assert!(say.commands[1].ends_with("--key-id <keyId>"));
}

#[test]
fn limits_are_configurable() {
    let mut settings = plain();
    settings.credentials.secret = 365;
    settings.credentials.expiring = 10;
    let silent = |path: &str, rule: &str| !fires(&fixture(path), &settings, rule);
    assert!(silent(
        "secret-long-lived/bad-one-year",
        "secret-long-lived"
    ));
    assert!(!silent(
        "secret-long-lived/bad-two-years",
        "secret-long-lived"
    ));
    assert!(silent("secret-expiring/bad", "secret-expiring"));
    assert!(!silent("secret-expiring/bad-7-days", "secret-expiring"));
}

#[test]
fn a_missing_credential_is_the_one_the_flow_names() {
    let rule = "credential-missing";
    let label = |path: &str, flow: Flow| {
        let found = find(&fixture(path), &with_flows(plain(), &[flow]), rule);
        found
            .first()
            .map(|finding| finding.wording.label.to_string())
    };
    let label_of = |text: &str| Some(text.to_owned());
    let none = "credential-missing/bad";
    let certificate = "credential-missing/good";
    let federated = "credential-missing/good-federated";
    assert_eq!(label(none, Flow::Web), label_of("no credential"));
    assert_eq!(label(none, Flow::OnBehalfOf), label_of("no credential"));
    assert_eq!(label(none, Flow::AppOnly), label_of("no credential"));
    assert_eq!(label(certificate, Flow::AppOnly), None);
    assert_eq!(
        label(certificate, Flow::AppOnlySecret),
        label_of("no client secret")
    );
    assert_eq!(label(certificate, Flow::AppOnlyCertificate), None);
    assert_eq!(
        label(federated, Flow::AppOnlyCertificate),
        label_of("no certificate")
    );
    assert_eq!(label(federated, Flow::AppOnlyFederated), None);
    // This export does not show federated credentials.
    assert_eq!(label(none, Flow::AppOnlyFederated), None);
    for flow in [Flow::Interactive, Flow::DeviceCode, Flow::ManagedIdentity] {
        assert_eq!(label(none, flow), None);
    }
    assert!(!fires(&fixture(none), &plain(), rule), "nothing configured");
}

#[test]
fn public_client_flows_by_configuration() {
    let off = fixture("public-client-flow-off/bad");
    for (flow, wanted) in [
        (Flow::DeviceCode, true),
        (Flow::Ropc, true),
        (Flow::IntegratedWindows, true),
        (Flow::Interactive, false),
    ] {
        let settings = with_flows(plain(), &[flow]);
        assert_eq!(fires(&off, &settings, "public-client-flow-off"), wanted);
    }
    assert!(!fires(&off, &plain(), "public-client-flow-off"));

    let on = fixture("public-client-flow-on/bad");
    let profile = RuleSettings::new(now());
    for (settings, wanted) in [
        (plain(), true),
        (with_flows(plain(), &[Flow::DeviceCode]), false),
        (with_flows(plain(), &[Flow::Web]), true),
        (profile.clone(), false),
        (with_flows(profile, &[Flow::Web]), true),
    ] {
        let flows = settings.flows.clone();
        assert_eq!(
            fires(&on, &settings, "public-client-flow-on"),
            wanted,
            "{flows:?}"
        );
    }
}

#[test]
fn a_public_client_may_have_a_credential_for_another_flow() {
    let text = fixture("public-client-with-credential/bad");
    let profile = RuleSettings::new(now());
    for (settings, wanted) in [
        (plain(), true),
        // The published procedure makes a public client with a secret.
        (profile.clone(), false),
        (with_flows(profile.clone(), &[Flow::Interactive]), true),
        (
            with_flows(profile.clone(), &[Flow::Interactive, Flow::AppOnly]),
            false,
        ),
        (with_flows(profile, &[Flow::OnBehalfOf]), false),
    ] {
        let flows = settings.flows.clone();
        assert_eq!(
            fires(&text, &settings, "public-client-with-credential"),
            wanted,
            "{flows:?}"
        );
    }
}

#[test]
fn an_unseen_federated_credential_may_be_the_flow() {
    let rule = "no-usable-flow";
    let text = fixture("no-usable-flow/bad");
    let message = &find(&text, &plain(), rule)[0].wording.message;
    assert!(message.contains("which this export does not show"));
    for flow in [Flow::AppOnlyFederated, Flow::ManagedIdentity] {
        assert!(!fires(&text, &with_flows(plain(), &[flow]), rule));
    }
    let text = fixture("no-usable-flow/bad-no-federated");
    let message = &find(&text, &plain(), rule)[0].wording.message;
    assert!(!message.contains("federated"));
    assert!(fires(
        &text,
        &with_flows(plain(), &[Flow::AppOnlyFederated]),
        rule
    ));
}
