//! What the fixtures of the redirect rules cannot show: silence about templates, findings for
//! auditors, and commands that do not undo one another.

use entralint::model::Date;
use entralint::rules::{Filter, Finding, Group, Rule, RuleSettings, Severity};

/// Everything the group has to say, to an auditor or not.
struct Redirects {
    audits: bool,
}

impl Filter for Redirects {
    fn judge(&self, rule: &Rule, _: usize, severity: Severity) -> Option<Severity> {
        (rule.group == Group::Redirect).then_some(severity)
    }

    fn audits(&self) -> bool {
        self.audits
    }
}

const APP: &str = "8a119b9e-16bc-4732-8f7b-7676d015b0dc";

fn judge(web: &[&str], spa: &[&str], public: &[&str], audits: bool) -> Vec<Finding> {
    let list = |uris: &[&str]| {
        let quoted: Vec<String> = uris.iter().map(|uri| format!("{uri:?}")).collect();
        quoted.join(",")
    };
    let text = format!(
        r#"{{"appId":"{APP}","id":"2c63888f-28f0-4481-be6d-dce7a7ace732",
            "signInAudience":"AzureADMyOrg",
            "web":{{"redirectUris":[{}]}},"spa":{{"redirectUris":[{}]}},
            "publicClient":{{"redirectUris":[{}]}}}}"#,
        list(web),
        list(spa),
        list(public)
    );
    let now = Date::parse("2026-11-23T00:00:00Z").instant();
    let mut settings = RuleSettings::new(now.expect("a moment"));
    settings.profile = None;
    entralint::judge::judge_text(&text, &settings, &Redirects { audits }).expect("JSON")
}

fn ids(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.rule.id).collect()
}

#[test]
fn nothing_is_said_of_a_template() {
    let uris = [
        "http://${{HOST}}/auth",
        "http://<your-app>.azurewebsites.net/a b",
        "https://{host}/*",
        "${{REDIRECT}}",
        "msal${{CLIENT_ID}}://auth",
        "http://$(site).contoso.com/",
    ];
    assert_eq!(ids(&judge(&uris, &uris, &uris, true)), [""; 0]);
}

#[test]
fn localhost_under_web_is_an_auditors_business() {
    let web = ["http://localhost"];
    assert_eq!(ids(&judge(&web, &[], &[], false)), [""; 0]);
    assert_eq!(
        ids(&judge(&web, &[], &[], true)),
        ["redirect-wrong-platform"]
    );
    // Under both platforms it is one mistake.
    assert_eq!(
        ids(&judge(&web, &[], &web, true)),
        ["redirect-on-two-platforms"]
    );
}

#[test]
fn one_mistake_is_one_finding() {
    for (uri, rule) in [
        ("http://[::1]", "redirect-ipv6-loopback"),
        ("urn:ietf:wg:oauth:2.0:oob", "redirect-out-of-band"),
        ("https://*.contoso.com/(x)", "redirect-wildcard"),
        ("localhost:3000", "redirect-invalid"),
        ("contoso.com/#x", "redirect-invalid"),
        ("contoso-desk://auth", "redirect-wrong-platform"),
        ("http://contoso.com", "redirect-insecure"),
    ] {
        assert_eq!(ids(&judge(&[uri], &[], &[], true)), [rule], "{uri}");
    }
}

#[test]
fn a_command_mends_all_of_its_kind() {
    let findings = judge(
        &[
            "http://a.contoso.com/cb",
            "https://a.contoso.com/cb",
            "http://b.contoso.com/it",
        ],
        &[],
        &[],
        false,
    );
    assert_eq!(ids(&findings), ["redirect-insecure", "redirect-insecure"]);
    for finding in findings {
        assert_eq!(
            finding.wording.commands,
            [format!(
                "az ad app update --id {APP} --web-redirect-uris https://a.contoso.com/cb https://b.contoso.com/it"
            )]
        );
    }
}

#[test]
fn commands_do_not_undo_one_another() {
    let findings = judge(
        &[],
        &[],
        &["http://[::1]", "urn:ietf:wg:oauth:2.0:oob"],
        false,
    );
    assert_eq!(
        ids(&findings),
        ["redirect-ipv6-loopback", "redirect-out-of-band"]
    );
    for finding in findings {
        assert_eq!(finding.wording.commands, [""; 0]);
    }
}

#[test]
fn a_long_or_unknown_list_gets_no_command() {
    let many: Vec<String> = (0..7)
        .map(|i| format!("http://s{i}.contoso.com/"))
        .collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for web in [&many[..], &["http://contoso.com", "${{REDIRECT}}"]] {
        for finding in judge(web, &[], &[], false) {
            assert_eq!(finding.rule.id, "redirect-insecure");
            assert_eq!(finding.wording.commands, [""; 0]);
        }
    }
}

#[test]
fn the_last_redirect_is_removed_through_graph() {
    let local = ["http://localhost"];
    let findings = judge(&local, &[], &local, false);
    assert_eq!(
        findings[0].wording.commands,
        [
            "az rest --method PATCH --url https://graph.microsoft.com/v1.0/applications/2c63888f-28f0-4481-be6d-dce7a7ace732 --body '{\"web\":{\"redirectUris\":[]}}'"
        ]
    );
}
