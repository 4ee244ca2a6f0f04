//! Whatever stands in an input: the formats for tools say nothing but what we say. Each is read by a
//! parser of others, or by one rebuilt from its consumer's source.

#[path = "../common/mod.rs"]
mod common;
mod readers;

use common::attacks::{run, text};
use common::parsers::assert_harmless;
use common::render;
use entralint::report::{Format, HumanOptions, Outcome, Reported, safe};
use proptest::prelude::*;
use readers::check_all;

/// No tool is shown an excerpt.
fn small() -> impl Strategy<Value = (Outcome, Vec<Reported>)> {
    run().prop_map(|(outcome, mut findings)| {
        for finding in &mut findings {
            finding.location.source = None;
            for place in &mut finding.related {
                place.source = None;
            }
        }
        (outcome, findings)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_format_says_what_we_say((outcome, findings) in small()) {
        check_all(&outcome, &findings);
    }

    #[test]
    fn html_text_is_text(text in text()) {
        let html = safe::html(&text, 1000);
        assert_harmless(&html);
        prop_assert!(!html.contains(['<', '>', '"', '\'']));
        let entities = ["&amp;", "&lt;", "&gt;", "&quot;", "&#39;"];
        for (at, _) in html.match_indices('&') {
            prop_assert!(entities.iter().any(|entity| html[at..].starts_with(entity)));
        }
    }
}

/// One field after another with each attack in it, and a name of 100,000 characters.
#[test]
fn hostile_names_stay_names() {
    let file = common::File::new("exports/apps.json", "{}");
    let long = "x".repeat(100_000);
    for attack in [
        "\u{1b}]8;;http://x\u{7}\u{1b}[31m",
        "##vso[task.setvariable variable=a]b",
        "\n::error::x",
        "</script><script>alert(1)</script>",
        "=cmd|' /c calc'!A1",
        "\u{202e}gpj.exe",
        "[x](http://contoso.com) ![y](z) {0}",
        "` `` @admin #1 www.contoso.com <b>",
        &long,
    ] {
        let mut finding = common::finding(
            common::rule("implicit-grant"),
            attack,
            file.place("{}", attack),
        );
        finding.location.path = attack.into();
        finding.location.pointer = format!("/{attack}");
        finding.related = vec![finding.location.clone()];
        finding.help = Some(attack.to_owned());
        finding.commands = vec![attack.to_owned()];
        finding.subject = Some(std::sync::Arc::new(entralint::rules::Subject {
            kind: entralint::model::ObjectKind::Application,
            id: Some(attack.to_owned()),
            app_id: Some(attack.to_owned()),
            name: Some(attack.to_owned()),
        }));
        let mut outcome = common::outcome();
        outcome.profile = attack.to_owned();
        check_all(&outcome, &[finding]);
    }
}

/// What an attacker may choose in a tenant: names of applications and secrets, redirects, scopes,
/// and the names of files.
#[test]
fn hostile_exports_through_a_whole_run() {
    let temp = tempfile::tempdir().expect("a folder");
    let long = "x".repeat(100_000);
    let attacks = [
        "\u{1b}]8;;http://x\u{7}\u{1b}[31m",
        "##vso[task.setvariable variable=a]b",
        "##[error]x",
        "::error::x",
        "\n::error::x",
        "</script><script>alert(1)</script>",
        "=cmd|' /c calc'!A1",
        "\u{202e}gpj.exe",
        "[x](http://contoso.com) {0}",
        "`@admin` #1 <b>",
        &long,
    ];
    for (at, attack) in attacks.iter().enumerate() {
        let app = serde_json::json!({
            "appId": format!("5387b929-0f4e-468d-906b-cf946dcf83{at:02}"),
            "id": format!("7e23cf59-3a8a-4fde-af3e-6bcfa9245c{at:02}"),
            "displayName": attack,
            "signInAudience": attack,
            "identifierUris": [attack],
            "api": { "oauth2PermissionScopes": [{ "id": attack, "value": attack }] },
            "passwordCredentials": [
                { "keyId": attack, "displayName": attack, "endDateTime": "2026-03-01T00:00:00Z" },
                { "displayName": attack, "endDateTime": attack, "secretText": attack },
            ],
            "requiredResourceAccess": [{ "resourceAppId": attack, "resourceAccess": [{ "id": attack, "type": attack }] }],
            "web": { "redirectUris": [attack, attack], "logoutUrl": attack, "homePageUrl": attack },
        });
        let usual = |c: &char| *c != '/' && *c != '\0';
        let name: String = attack.chars().filter(usual).take(40).collect();
        let name = if cfg!(unix) { name } else { format!("{at}") };
        let path = temp.path().join(format!("{name}.json"));
        std::fs::write(path, app.to_string()).expect("a file");
    }
    let told = common::run::check_path(temp.path(), &["--persona", "audit"]);
    assert!(
        told.findings.len() > 5 * attacks.len(),
        "{}",
        told.findings.len()
    );
    check_all(&told.outcome, &told.findings);
    for format in [Format::Human, Format::Concise, Format::Json, Format::Ndjson] {
        let mut report = format.report(&HumanOptions::default(), "");
        assert_harmless(&render(report.as_mut(), &told.outcome, &told.findings));
    }
}
