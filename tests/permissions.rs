//! One mistake, one finding; and unknown is never wrong. The rules of the groups permission and
//! digital-twins overlap on purpose in what they look at, and must not overlap in what they say.

use entralint::judge::judge_text;
use entralint::model::{Date, Guid};
use entralint::rules::{
    Filter, Finding, Flow, Group, Persona, Profile, Rule, RuleSettings, Severity,
};

/// The two groups under test, for everyone's persona.
struct TheseGroups;

impl Filter for TheseGroups {
    fn judge(&self, rule: &Rule, _: usize, severity: Severity) -> Option<Severity> {
        let ours = matches!(rule.group, Group::Permission | Group::DigitalTwins);
        (ours && rule.persona == Persona::Regular).then_some(severity)
    }
}

fn settings() -> RuleSettings {
    let now = Date::parse("2026-11-23T00:00:00Z").instant();
    RuleSettings::new(now.expect("a moment"))
}

fn findings(text: &str, settings: &RuleSettings) -> Vec<Finding> {
    judge_text(text, settings, &TheseGroups).unwrap_or_else(|error| panic!("{error:?}: {text}"))
}

/// Ids of the rules that fire, sorted, once for each finding.
fn fired(text: &str, settings: &RuleSettings) -> Vec<&'static str> {
    let mut ids: Vec<&str> = findings(text, settings)
        .iter()
        .map(|finding| finding.rule.id)
        .collect();
    ids.sort_unstable();
    ids
}

#[track_caller]
fn expect(text: &str, rules: &[&str]) {
    assert_eq!(fired(&expand(text), &settings()), rules, "{text}");
}

/// Short names for the GUIDs everybody knows.
fn expand(text: &str) -> String {
    [
        ("ADT", "0b07f429-9f4b-4714-9392-cc5e8e80c8b0"),
        ("READ_WRITE", "4589bd03-58cb-4e6c-b17f-b580e39652f8"),
        ("MS_GRAPH", "00000003-0000-0000-c000-000000000000"),
        ("AAD_GRAPH", "00000002-0000-0000-c000-000000000000"),
        ("USER_READ", "e1fe6dd8-ba31-4d61-89e7-88639da4683d"),
        ("DATA_OWNER", "bcd981a7-7f74-457b-83e1-cceb9e632ffe"),
        ("MINE", "d2ab1f0c-6f5e-4c0e-9a0b-2f4f3e1c7a55"),
    ]
    .into_iter()
    .fold(text.to_owned(), |text, (name, guid)| {
        text.replace(&format!("<{name}>"), guid)
    })
}

fn entry(api: &str, permissions: &str) -> String {
    format!(r#"{{"resourceAppId": "{api}", "resourceAccess": [{permissions}]}}"#)
}

const SCOPE: &str = r#"{"id": "<READ_WRITE>", "type": "Scope"}"#;

#[test]
fn a_mistake_in_the_profiles_entry_is_told_once() {
    let adt = |permissions: &str| format!("[{}]", entry("<ADT>", permissions));
    expect(&adt(SCOPE), &[]);
    expect(&adt(""), &["adt-permission-wrong-scope"]);
    for (permission, rule) in [
        (
            r#"{"id": "<READ_WRITE>", "type": "Role"}"#,
            "permission-wrong-type",
        ),
        (
            r#"{"id": "<READ_WRITE>", "type": "Scopes"}"#,
            "permission-malformed",
        ),
        (r#"{"id": "<READ_WRITE>"}"#, "permission-malformed"),
        (r#"{"type": "Scope"}"#, "permission-malformed"),
        (r#""<READ_WRITE>""#, "permission-malformed"),
        (
            r#"{"id": "Read.Write", "type": "Scope"}"#,
            "permission-not-guid",
        ),
        (
            r#"{"id": "{<READ_WRITE>}", "type": "Scope"}"#,
            "permission-not-guid",
        ),
        (
            r#"{"id": "<ADT>", "type": "Scope"}"#,
            "permission-swapped-ids",
        ),
        (
            r#"{"id": "<DATA_OWNER>", "type": "Role"}"#,
            "permission-swapped-ids",
        ),
        (
            r#"{"id": "<USER_READ>", "type": "Scope"}"#,
            "adt-permission-wrong-scope",
        ),
        (
            r#"{"id": "<MINE>", "type": "Scope"}"#,
            "adt-permission-wrong-scope",
        ),
    ] {
        expect(&adt(permission), &[rule]);
        // Beside the right one it is another mistake, and told once as well.
        let beside = match rule {
            "adt-permission-wrong-scope" => "permission-unknown",
            rule => rule,
        };
        let same = permission.contains("READ_WRITE") && permission.contains("Scope\"");
        if !same {
            expect(&adt(&format!("{SCOPE}, {permission}")), &[beside]);
        }
    }
}

#[test]
fn a_missing_entry_is_told_once() {
    for (list, rule) in [
        ("[]".to_owned(), None),
        (
            format!(
                "[{}]",
                entry("<MS_GRAPH>", r#"{"id": "<USER_READ>", "type": "Scope"}"#)
            ),
            Some("adt-permission-missing"),
        ),
        (
            format!("[{}]", entry("<MS_GRAPH>", SCOPE)),
            Some("adt-permission-missing"),
        ),
        (
            format!("[{}]", entry("https://digitaltwins.azure.net/", SCOPE)),
            Some("permission-not-guid"),
        ),
        (
            format!("[{}]", entry("Azure Digital Twins", SCOPE)),
            Some("permission-not-guid"),
        ),
        (
            format!("[{}]", entry("{<ADT>}", SCOPE)),
            Some("permission-not-guid"),
        ),
        (
            format!("[{}]", entry("factory twins", SCOPE)),
            Some("permission-not-guid"),
        ),
        (
            format!("[{}]", entry("<READ_WRITE>", SCOPE)),
            Some("permission-swapped-ids"),
        ),
        (
            format!(
                "[{}]",
                entry("<READ_WRITE>", r#"{"id": "<ADT>", "type": "Scope"}"#)
            ),
            Some("permission-swapped-ids"),
        ),
        (
            format!("[{}]", entry("<DATA_OWNER>", SCOPE)),
            Some("permission-swapped-ids"),
        ),
        (
            format!(
                "[{}]",
                entry("<MS_GRAPH>", r#"{"id": "<ADT>", "type": "Scope"}"#)
            ),
            Some("permission-swapped-ids"),
        ),
        (
            format!(r#"[{{"resourceAccess": [{SCOPE}]}}]"#),
            Some("permission-malformed"),
        ),
        (entry("<ADT>", SCOPE), Some("permission-unwrapped")),
    ] {
        expect(&list, rule.as_slice());
    }
}

/// The script of Azure-Samples/digital-twins-samples makes three mistakes in one file.
#[test]
fn three_mistakes_are_three_findings() {
    expect(
        &format!(
            r#"{{"resourceAppId": "https://digitaltwins.azure.net", "resourceAccess": {SCOPE}}}"#
        ),
        &[
            "permission-malformed",
            "permission-not-guid",
            "permission-unwrapped",
        ],
    );
    expect(
        &format!(
            r#"[{}, {}]"#,
            entry("<MS_GRAPH>", r#"{"id": "User.Read", "type": "Scope"}"#),
            entry("<MS_GRAPH>", "")
        ),
        &[
            "adt-permission-missing",
            "permission-duplicate",
            "permission-not-guid",
        ],
    );
}

#[test]
fn other_apis_are_told_once() {
    for (other, rule) in [
        (
            entry("<MS_GRAPH>", r#"{"id": "<USER_READ>", "type": "Scope"}"#),
            "adt-extra-permission",
        ),
        (
            entry("<AAD_GRAPH>", r#"{"id": "<USER_READ>", "type": "Scope"}"#),
            "permission-retired-api",
        ),
        (entry("<MS_GRAPH>", ""), "permission-empty"),
        (entry("<ADT>", SCOPE), "permission-duplicate"),
        (entry("<ADT>", ""), "permission-duplicate"),
        (
            entry("<USER_READ>", r#"{"id": "<USER_READ>", "type": "Scope"}"#),
            "permission-swapped-ids",
        ),
    ] {
        expect(&format!("[{}, {other}]", entry("<ADT>", SCOPE)), &[rule]);
    }
}

/// Placeholders, values that PowerShell cut off, and what an export does not tell.
#[test]
fn unknown_is_never_wrong() {
    for text in [
        r#"[{"resourceAppId": "${{API}}", "resourceAccess": [{"id": "${{SCOPE}}", "type": "${{TYPE}}"}]}]"#,
        r#"[{"resourceAppId": "<ADT>", "resourceAccess": [{"id": "{{scope}}", "type": "Scope"}]}]"#,
        r#"[{"resourceAppId": "<ADT>", "resourceAccess": ["${{PERMISSION}}"]}]"#,
        r#"[{"resourceAppId": "<ADT>", "resourceAccess": "System.Object[]"}]"#,
        r#"[{"resourceAppId": "<client id>", "resourceAccess": [{"id": "<permission id>", "type": "Scope"}]}]"#,
        r#"[{"resourceAppId": "${{API}}", "resourceAccess": [{"id": "${{SCOPE}}", "type": "Scope"}, {"id": "${{SCOPE}}", "type": "Scope"}]},
            {"resourceAppId": "${{API}}", "resourceAccess": [{"id": "Orders.Read", "type": "Scope"}]}]"#,
        r#"{"appId": "<MINE>", "displayName": "contoso-bay-twins", "requiredResourceAccess": "${{PERMISSIONS}}"}"#,
        r#"{"appId": "<MINE>", "displayName": "contoso-bay-twins", "requiredResourceAccess": "System.Object[]"}"#,
        r#"{"appId": "<MINE>", "displayName": "contoso-bay-twins", "signInAudience": "${{AUDIENCE}}"}"#,
        r#"{"appId": "<MINE>", "displayName": "contoso-bay-twins", "signInAudience": "AzureADMyOrg", "web": {"redirectUris": ["http://localhost"]}}"#,
        // An API that is its own client; what it exposes is not told.
        r#"{"appId": "<MINE>", "signInAudience": "AzureADMyOrg", "requiredResourceAccess": [
            {"resourceAppId": "<ADT>", "resourceAccess": [{"id": "<READ_WRITE>", "type": "Scope"}]},
            {"resourceAppId": "<MINE>", "resourceAccess": [{"id": "2f1d7f0e-0d8c-4e0c-8f5a-6a1f4b0c9d11", "type": "Scope"}]}]}"#,
        // Teams Toolkit resolves names when it fills the placeholders.
        r#"{"id": "${{AAD_APP_OBJECT_ID}}", "appId": "${{AAD_APP_CLIENT_ID}}", "signInAudience": "AzureADMyOrg", "requiredResourceAccess": [
            {"resourceAppId": "<ADT>", "resourceAccess": [{"id": "<READ_WRITE>", "type": "Scope"}]},
            {"resourceAppId": "Microsoft Graph", "resourceAccess": [{"id": "User.Read", "type": "Scope"}]}]}"#,
        // The same id is a scope and a role; upper case is only a spelling.
        r#"[{"resourceAppId": "0B07F429-9F4B-4714-9392-CC5E8E80C8B0", "resourceAccess": [{"id": "4589BD03-58CB-4E6C-B17F-B580E39652F8", "type": "Scope"}]}]"#,
    ] {
        expect(text, &[]);
    }
    // It resolves those of Microsoft Graph and SharePoint, and has never heard of the profile's.
    expect(
        r#"[{"resourceAppId": "Azure Digital Twins", "resourceAccess": [{"id": "${{SCOPE}}", "type": "Scope"}]}]"#,
        &["permission-not-guid"],
    );
    let mut without_profile = settings();
    without_profile.profile = None;
    for text in [
        r#"[{"resourceAppId": "<MS_GRAPH>", "resourceAccess": [{"id": "405a51b5-8d8d-430b-9842-8be4b0e9f324", "type": "Scope"},
            {"id": "405a51b5-8d8d-430b-9842-8be4b0e9f324", "type": "Role"}]}]"#,
        r#"[{"resourceAppId": "<MS_GRAPH>", "resourceAccess": [{"id": "${{MAIL}}", "type": "Role"}]}]"#,
        r#"[{"resourceAppId": "<MINE>", "resourceAccess": [{"id": "<MINE>", "type": "Role"}]}]"#,
    ] {
        assert!(fired(&expand(text), &without_profile).is_empty(), "{text}");
    }
}

/// Registrations "made exactly by the docs" of three years: no native platform, as it should be,
/// no redirect at all.
#[test]
fn exactly_one_rule_speaks_of_localhost() {
    let app = |web: &str, spa: &str, public: &str| {
        format!(
            r#"{{"appId": "<MINE>", "signInAudience": "AzureADMyOrg", "web": {{"redirectUris": [{web}]}},
            "spa": {{"redirectUris": [{spa}]}}, "publicClient": {{"redirectUris": [{public}]}},
            "requiredResourceAccess": [{}]}}"#,
            entry("<ADT>", SCOPE)
        )
    };
    const LOCAL: &str = r#""http://localhost""#;
    const SITE: &str = r#""https://twins.contoso.com/cb""#;
    const LOOP: &str = r#""http://127.0.0.1""#;
    for (web, spa, public, rule) in [
        (LOCAL, "", "", Some("adt-localhost-redirect-wrong-platform")),
        ("", "", LOCAL, None),
        ("", "", "", Some("adt-localhost-redirect-missing")),
        (SITE, "", "", Some("adt-localhost-redirect-missing")),
        ("", "", LOOP, Some("adt-localhost-redirect-unmatched")),
        ("", "", SITE, Some("adt-localhost-redirect-unmatched")),
        (
            LOCAL,
            "",
            LOOP,
            Some("adt-localhost-redirect-wrong-platform"),
        ),
        // Moving it away from there is all there is to say: no word on a proxy.
        ("", LOCAL, "", Some("adt-localhost-redirect-wrong-platform")),
        ("", SITE, LOCAL, Some("adt-spa-needs-proxy")),
        (SITE, LOCAL, LOCAL, None),
        (
            "",
            "",
            r#""msauth.com.contoso.twins://auth""#,
            Some("adt-localhost-redirect-missing"),
        ),
        ("", "", r#""${{REDIRECT}}""#, None),
        (r#""http://${{HOST}}""#, "", "", None),
    ] {
        expect(&app(web, spa, public), rule.as_slice());
    }
    let mut device_code = settings();
    device_code.flows = Some(vec![Flow::DeviceCode, Flow::AppOnly]);
    for web in [LOCAL, SITE, ""] {
        assert!(fired(&expand(&app(web, "", "")), &device_code).is_empty());
    }
}

#[test]
fn app_only_clients_can_do_without_the_permission() {
    let mut app_only = settings();
    app_only.flows = Some(vec![Flow::AppOnlyCertificate, Flow::ManagedIdentity]);
    let list = expand(&format!(
        "[{}]",
        entry("<MS_GRAPH>", r#"{"id": "<USER_READ>", "type": "Scope"}"#)
    ));
    let found = findings(&list, &app_only);
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].rule.id, found[0].severity),
        ("adt-permission-missing", Severity::Info)
    );
    app_only.flows = Some(vec![Flow::AppOnlyCertificate, Flow::Interactive]);
    assert_eq!(findings(&list, &app_only)[0].severity, Severity::Error);
}

/// The same rules check an API of one's own, and speak of it by its name.
#[test]
fn a_profile_of_ones_own() {
    let guid = |text: &str| Guid::parse_strict(text).expect("a GUID");
    let mut orders = settings();
    orders.profile = Some(Profile {
        resource_name: "Contoso Orders".to_owned(),
        scopes: vec![
            guid("91b7d0a4-2c3e-4f65-8a19-7e5d3c1b0f28"),
            guid("a4c9e7f1-6b2d-4803-b5e7-1d9f3a6c8e50"),
        ],
        ..Profile::new("orders-api", guid("7c1e3b52-5f0a-4a8e-9d6b-0f2c4e8a1b37"))
    });
    let api = "7c1e3b52-5f0a-4a8e-9d6b-0f2c4e8a1b37";
    let second = r#"{"id": "a4c9e7f1-6b2d-4803-b5e7-1d9f3a6c8e50", "type": "Scope"}"#;
    for (list, rules) in [
        (format!("[{}]", entry(api, second)), &[][..]),
        (
            format!("[{}]", entry("<ADT>", SCOPE)),
            &["adt-permission-missing"],
        ),
        (
            format!("[{}]", entry(api, SCOPE)),
            &["adt-permission-wrong-scope"],
        ),
        (
            format!("[{}]", entry(api, &second.replace("Scope", "Role"))),
            &["permission-wrong-type"],
        ),
        (
            format!("[{}]", entry("contoso orders", second)),
            &["permission-not-guid"],
        ),
        (
            format!(
                "[{}]",
                entry("a4c9e7f1-6b2d-4803-b5e7-1d9f3a6c8e50", second)
            ),
            &["permission-swapped-ids"],
        ),
        (
            format!(
                "[{}]",
                entry(api, &format!(r#"{{"id": "{api}", "type": "Scope"}}"#))
            ),
            &["permission-swapped-ids"],
        ),
        (
            format!("[{}, {}]", entry(api, second), entry("<ADT>", SCOPE)),
            &["adt-extra-permission"],
        ),
    ] {
        let text = expand(&list);
        assert_eq!(fired(&text, &orders), rules, "{text}");
        for finding in findings(&text, &orders) {
            let said = &finding.wording.message;
            assert!(
                !said.contains(api) && !said.contains("Azure Digital Twins accepts"),
                "{said}"
            );
        }
    }
    // Nothing is known about cross-origin requests there.
    let page = expand(
        r#"{"appId": "<MINE>", "signInAudience": "AzureADMultipleOrgs", "web": {}, "publicClient": {"redirectUris": ["http://localhost"]},
        "spa": {"redirectUris": ["https://shop.contoso.com/"]}, "requiredResourceAccess": [
        {"resourceAppId": "7c1e3b52-5f0a-4a8e-9d6b-0f2c4e8a1b37", "resourceAccess": [{"id": "a4c9e7f1-6b2d-4803-b5e7-1d9f3a6c8e50", "type": "Scope"}]}]}"#,
    );
    assert_eq!(fired(&page, &orders), ["adt-audience-not-single-tenant"]);
    assert!(
        findings(&page, &orders)[0]
            .wording
            .message
            .contains("Contoso Orders")
    );
}

/// What a finding's command does is what its help says: real ids, the other redirects kept.
#[test]
fn commands_are_exact() {
    let app = expand(
        r#"{"appId": "<MINE>", "signInAudience": "AzureADMyOrg", "requiredResourceAccess": [],
        "web": {"redirectUris": ["http://localhost:8080", "https://twins.contoso.com/a b"]}, "spa": {},
        "publicClient": {"redirectUris": ["https://login.microsoftonline.com/common/oauth2/nativeclient"]}}"#,
    );
    let mut commands: Vec<String> = findings(&app, &settings())
        .into_iter()
        .flat_map(|finding| finding.wording.commands)
        .collect();
    commands.sort();
    assert_eq!(
        commands,
        [
            "az ad app permission add --id d2ab1f0c-6f5e-4c0e-9a0b-2f4f3e1c7a55 \
             --api 0b07f429-9f4b-4714-9392-cc5e8e80c8b0 \
             --api-permissions 4589bd03-58cb-4e6c-b17f-b580e39652f8=Scope",
            "az ad app update --id d2ab1f0c-6f5e-4c0e-9a0b-2f4f3e1c7a55 \
             --public-client-redirect-uris http://localhost \
             https://login.microsoftonline.com/common/oauth2/nativeclient \
             --web-redirect-uris 'https://twins.contoso.com/a b'",
        ]
    );
    // A list in a file of its own is mended in the file.
    let bare = findings(
        "[{\"resourceAppId\": \"00000002-0000-0000-c000-000000000000\", \"resourceAccess\": []}]",
        &settings(),
    );
    assert!(!bare.is_empty());
    assert!(
        bare.iter()
            .all(|finding| finding.wording.commands.is_empty() && finding.wording.help.is_some())
    );
}
