//! The audit page: what it says, that it loads nothing, and that no input becomes markup in it.

mod common;

use std::fs;
use std::path::Path;
use std::process::Command;

use common::attacks::{run, text};
use common::page::{Piece, assert_links, pieces};
use common::parsers::assert_harmless;
use common::render;
use entralint::model::base64;
use entralint::report::Html;
use proptest::prelude::*;
use serde_json::json;
use sha2::{Digest, Sha256};

/// The words of the page, a line for each block, without style and script.
fn words(pieces: &[Piece<'_>]) -> String {
    let mut out = String::new();
    let mut hidden = false;
    for piece in pieces {
        match piece {
            Piece::Open("style" | "script", _) => hidden = true,
            Piece::Close("style" | "script") => hidden = false,
            Piece::Text(text) if !hidden => out.push_str(&text.replace('\n', " ")),
            Piece::Open("td" | "th", _) => out.push_str(" | "),
            Piece::Open("h1", _) => out.push_str("\n# "),
            Piece::Open("h2", _) => out.push_str("\n## "),
            Piece::Open("caption", _) => out.push_str("\nTable: "),
            Piece::Open("tr" | "p" | "li" | "summary" | "pre" | "dl" | "figcaption" | "g", _)
            | Piece::Open("div" | "main" | "footer", _) => out.push('\n'),
            Piece::Open("dd" | "label" | "option", _) => out.push(' '),
            _ => {}
        }
    }
    let lines = out
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines
        .filter(|line| !line.is_empty())
        .fold(String::new(), |mut text, line| {
            text.push_str(&line);
            text.push('\n');
            text
        })
}

fn inside<'p>(page: &'p str, from: &str, to: &str) -> &'p str {
    let (_, rest) = page.split_once(from).expect("it begins");
    rest.split_once(to).expect("it ends").0
}

/// The page of a real run.
fn page_of(path: &Path, words: &[&str]) -> String {
    let run = Command::new(env!("CARGO_BIN_EXE_entralint"))
        .args([
            "check",
            "--now",
            "2026-11-23",
            "--no-config",
            "--format",
            "html",
        ])
        .args(words)
        .arg(path)
        .env_clear()
        .output()
        .expect("the program runs");
    assert!(
        run.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
    String::from_utf8(run.stdout).expect("UTF-8")
}

#[test]
fn the_policy_allows_what_is_there_and_nothing_else() {
    let page = page_of(Path::new("fixtures/tenants/first-steps"), &[]);
    let policy = inside(&page, "Content-Security-Policy\" content=\"", "\"");
    for (directive, element) in [("style-src", "style"), ("script-src", "script")] {
        let listed = policy
            .split("; ")
            .find_map(|part| part.strip_prefix(directive))
            .expect("it is there");
        let hash = inside(listed, " 'sha256-", "'");
        let body = inside(&page, &format!("<{element}>"), &format!("</{element}>"));
        let digest = Sha256::digest(body.as_bytes());
        assert_eq!(
            base64::decode(hash).as_deref(),
            Some(&digest[..]),
            "{element}"
        );
        assert!(!listed.contains("unsafe"), "{listed}");
        assert_eq!(page.matches(&format!("<{element}>")).count(), 1);
    }
    assert!(policy.starts_with("default-src 'none'; "), "{policy}");
    // Nothing that a browser would load, in the style either.
    for word in [
        "url(",
        "@import",
        "src=",
        "fetch(",
        "XMLHttpRequest",
        "innerHTML",
        "eval(",
    ] {
        assert!(!page.contains(word), "{word}");
    }
}

#[test]
fn pages_of_whole_tenants_are_sound() {
    for (tenant, shown) in [
        ("ten-mistakes", "access fails"),
        ("contoso-clean", "no findings"),
        ("contoso-real", "AuditLog.Read.All"),
    ] {
        let page = page_of(&Path::new("fixtures/tenants").join(tenant), &[]);
        let pieces = pieces(&page);
        assert_links(&pieces);
        let text = words(&pieces);
        assert!(
            text.to_lowercase().contains(&shown.to_lowercase()),
            "{tenant}: {text}"
        );
        let sections = [
            "Summary",
            "Findings",
            "Credentials",
            "Access",
            "Who can",
            "Permissions",
        ];
        for section in sections {
            assert!(
                text.contains(&format!("\n## {section}")),
                "{tenant}: {section}"
            );
        }
    }
}

#[test]
fn the_same_input_gives_the_same_page() {
    let path = Path::new("fixtures/tenants/ten-mistakes");
    assert_eq!(
        page_of(path, &["--jobs", "1"]),
        page_of(path, &["--jobs", "4"])
    );
}

#[test]
fn what_a_small_page_says() {
    let page = page_of(Path::new("fixtures/tenants/first-steps"), &[]);
    let text = words(&pieces(&page));
    // What stands before names every rule that lacks something.
    let (_, text) = text.split_once("\n## Findings\n").expect("findings");
    insta::assert_snapshot!("small-page", text);
}

#[test]
fn a_stored_report_becomes_a_page_of_its_findings() {
    let temp = tempfile::tempdir().expect("a folder");
    let stored = temp.path().join("report.json");
    let entralint = |words: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_entralint"))
            .args(words)
            .output()
            .expect("it runs")
    };
    let run = entralint(&[
        "check",
        "--now",
        "2026-11-23",
        "--format",
        "json",
        "fixtures/tenants/first-steps",
    ]);
    fs::write(&stored, run.stdout).expect("a file");
    let page = entralint(&["convert", &stored.to_string_lossy(), "--format", "html"]).stdout;
    let page = String::from_utf8(page).expect("UTF-8");
    let pieces = pieces(&page);
    assert_links(&pieces);
    let text = words(&pieces);
    assert!(text.contains("made of a stored report"), "{text}");
    assert!(!text.contains("## Credentials"), "{text}");
    let whole = words(&self::pieces(&page_of(
        Path::new("fixtures/tenants/first-steps"),
        &[],
    )));
    let count = |text: &str| {
        text.lines()
            .filter(|line| line.starts_with("| error |"))
            .count()
    };
    assert!(count(&text) > 0 && count(&text) == count(&whole), "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any text in any field of a finding or of the run.
    #[test]
    fn no_finding_becomes_markup((outcome, findings) in run()) {
        let page = render(&mut Html::new(""), &outcome, &findings);
        assert_harmless(&page);
        let pieces = pieces(&page);
        assert_links(&pieces);
        let items = pieces.iter().filter(|piece| {
            matches!(piece, Piece::Open("li", list) if list.contains(&("class", "finding")))
        });
        prop_assert_eq!(items.count(), findings.len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any text wherever a tenant has names of its own.
    #[test]
    fn no_tenant_becomes_markup(names in prop::collection::vec(text(), 12)) {
        let temp = tempfile::tempdir().expect("a folder");
        for (file, document) in tenant(&names) {
            let text = serde_json::to_string(&document).expect("JSON");
            fs::write(temp.path().join(file), text).expect("a file");
        }
        let page = page_of(temp.path(), &["--persona", "audit"]);
        assert_harmless(&page);
        let pieces = pieces(&page);
        assert_links(&pieces);
        let rects = pieces.iter().filter(|piece| matches!(piece, Piece::Open("rect", _)));
        prop_assert_eq!(rects.count(), 2);
    }
}

/// A tenant with an application, its service principal, a group with a role, an instance.
fn tenant(names: &[String]) -> [(&'static str, serde_json::Value); 5] {
    let app = "5b1e2c1d-7a10-4c7e-9f0e-3d5a6b7c8d91";
    let principal = "6c2f3d2e-8b21-4d8f-8a1f-4e6b7c8d9ea2";
    let group = "7d304e3f-9c32-4e90-9b20-5f7c8d9eafb3";
    let subscription = "8e415f40-ad43-4fa1-ac31-608d9eafb0c4";
    let instance = format!(
        "/subscriptions/{subscription}/resourceGroups/rg/providers/Microsoft.DigitalTwins/digitalTwinsInstances/twins"
    );
    let role = format!(
        "/subscriptions/{subscription}/providers/Microsoft.Authorization/roleDefinitions/bcd981a7-7f74-457b-83e1-cceb9e632ffe"
    );
    let assignment = |id: &str, who: &str, kind: &str, name: &str| {
        json!({
            "id": format!("{instance}/providers/Microsoft.Authorization/roleAssignments/{id}"),
            "name": id, "principalId": who, "principalName": name, "principalType": kind,
            "roleDefinitionId": role, "roleDefinitionName": names[0], "scope": instance,
            "type": "Microsoft.Authorization/roleAssignments",
        })
    };
    let secret = |id: &str, name: &str| {
        json!({"displayName": name, "keyId": id, "hint": names[11],
            "startDateTime": "2026-09-01T00:00:00Z", "endDateTime": "2026-12-01T00:00:00Z"})
    };
    [
        (
            "applications.json",
            json!([{
                "id": "9f526051-be54-40b2-bd42-719eafb0c1d5", "appId": app,
                "displayName": names[1], "signInAudience": names[2],
                "identifierUris": [names[3]],
                "web": {"redirectUris": [names[4]], "implicitGrantSettings": {}},
                "spa": {"redirectUris": []}, "publicClient": {"redirectUris": [names[5]]},
                "requiredResourceAccess": [{"resourceAppId": "0b07f429-9f4b-4714-9392-cc5e8e80c8b0",
                    "resourceAccess": [{"id": "4589bd03-58cb-4e6c-b17f-b580e39652f8", "type": "Scope"}]}],
                "passwordCredentials": [
                    secret("af637162-cf65-41c3-8e53-82afb0c1d2e6", &names[6]),
                    secret("b0748273-d076-42d4-9f64-93b0c1d2e3f7", &names[7]),
                ],
                "keyCredentials": [],
            }]),
        ),
        (
            "service-principals.json",
            json!([{"id": principal, "appId": app, "displayName": names[8],
                "servicePrincipalType": "Application", "accountEnabled": true,
                "servicePrincipalNames": [app]}]),
        ),
        (
            "grants.json",
            json!([{"id": "grant", "clientId": principal, "consentType": "AllPrincipals",
                "principalId": null, "resourceId": "c1859384-e187-43e5-a075-a4c1d2e3f4a8",
                "scope": format!("{} Read.Write", names[9])}]),
        ),
        (
            "role-assignments.json",
            json!([
                assignment(
                    "d296a495-f298-44f6-b186-b5d2e3f4a5b9",
                    principal,
                    "ServicePrincipal",
                    &names[8]
                ),
                assignment(
                    "e3a7b5a6-03a9-4507-8297-c6e3f4a5b6ca",
                    group,
                    "Group",
                    &names[10]
                ),
            ]),
        ),
        (
            "instances.json",
            json!([{"id": instance, "name": "twins", "type": "Microsoft.DigitalTwins/digitalTwinsInstances",
                "location": "westeurope", "hostName": "twins.api.weu.digitaltwins.azure.net",
                "provisioningState": "Succeeded", "publicNetworkAccess": "Enabled",
                "resourceGroup": "rg", "tags": {"a": names[11]}}]),
        ),
    ]
}

#[test]
fn an_assignment_that_two_exports_list_is_shown_once() {
    let temp = tempfile::tempdir().expect("a folder");
    for file in fs::read_dir("fixtures/access/procedure-clean").expect("a fixture") {
        let file = file.expect("a file");
        fs::copy(file.path(), temp.path().join(file.file_name())).expect("a copy");
    }
    // A second role for each principal, so that a copy of the list does not stand beside it.
    let path = temp.path().join("role-assignments.json");
    let owners = fs::read_to_string(&path).expect("a list");
    let readers = owners
        .replace(
            "bcd981a7-7f74-457b-83e1-cceb9e632ffe",
            "d57506d4-4c8d-48b1-8587-93c323f6a5a3",
        )
        .replace("19ce6154", "29ce6154")
        .replace("54aa5297", "64aa5297")
        .replace("Data Owner", "Data Reader");
    let list = |text: &str| text.trim().trim_matches(['[', ']']).to_owned();
    let both = format!("[{},{}]", list(&owners), list(&readers));
    fs::write(&path, &both).expect("a list");
    let people = || {
        let page = page_of(temp.path(), &[]);
        inside(&page, "<section id=\"people\"", "</section>").to_owned()
    };
    let once = people();
    assert_eq!(once.matches("Data Reader").count(), 2, "{once}");
    fs::write(temp.path().join("role-assignments-again.json"), &both).expect("a list");
    assert_eq!(people(), once);
}
