//! Profiles of one's own: `[profiles.NAME]` asks of another API's clients what the flagship asks of
//! those of Azure Digital Twins.

mod common;

use std::path::{Path, PathBuf};

use common::run::{Told, check};

/// A run with a configuration of `fixtures/profiles` on another file of it.
fn run(profile: &str, path: &str, words: &[&str]) -> Told {
    let folder = Path::new("fixtures/profiles").join(profile);
    let config = folder.join("entralint.toml");
    let mut all: Vec<PathBuf> = vec!["--config".into(), config];
    all.extend(words.iter().map(PathBuf::from));
    all.push(folder.join(path));
    check(all)
}

/// All that findings say, a line each: message, help and commands.
fn said(told: &Told) -> String {
    let lines = told.findings.iter().map(|found| {
        let help = found.help.as_deref().unwrap_or("");
        format!("{}; {help}; {}", found.message, found.commands.join("; "))
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_client_as_the_profile_wants_it_is_clean() {
    for (profile, path, count) in [("orders-api", "good.json", 1), ("service-bus", "good", 2)] {
        let told = run(profile, path, &[]);
        assert!(told.findings.is_empty(), "{}", told.dump());
        assert!(!told.incomplete);
        assert_eq!(told.outcome.profile, profile);
        let applications: u64 = told.outcome.objects.values().sum();
        assert!(applications >= count, "{}", told.dump());
    }
}

#[test]
fn permission_audience_and_redirect_are_those_of_the_profile() {
    let told = run("orders-api", "bad.json", &[]);
    assert_eq!(
        told.rules(),
        [
            "adt-permission-missing",
            "adt-audience-not-single-tenant",
            "adt-localhost-redirect-wrong-platform"
        ]
    );
    let said = said(&told);
    assert!(said.contains("Orders API › 4a1b2c3d-5e6f-4708-9a1b-2c3d4e5f6071"));
    assert!(said.contains(
        "--api 6f1c3d52-8a0e-4b7d-9c21-5e4f3a2b1c0d \
         --api-permissions 4a1b2c3d-5e6f-4708-9a1b-2c3d4e5f6071=Scope"
    ));
    assert!(!said.contains("Digital Twins"), "{said}");
}

#[test]
fn a_data_role_shows_intent_and_no_permission_is_expected_without_scopes() {
    let told = run("service-bus", "bad", &[]);
    assert_eq!(told.rules(), ["adt-audience-not-single-tenant"]);
    assert!(said(&told).contains("Azure Service Bus accepts tokens of its own tenant alone; "));
    // The application that holds no data role is none of the profile's.
    assert_eq!(told.outcome.out_of_scope, 1);
    // Under the flagship neither of them is judged.
    let told = run("service-bus", "bad", &["--profile", "azure-digital-twins"]);
    assert_eq!(told.rules(), [""; 0]);
    assert_eq!(told.outcome.out_of_scope, 2);
}

#[test]
fn a_role_of_the_control_plane_gives_no_access_to_data() {
    let told = run("service-bus", "contributor", &[]);
    assert_eq!(told.rules(), ["adt-control-plane-role-only"]);
    let said = said(&told);
    assert!(
        said.contains("has the role Contributor on the instance \"contoso-orders\""),
        "{said}"
    );
    assert!(
        said.contains("--role 'Azure Service Bus Data Sender' --scope /subscriptions/"),
        "{said}"
    );
    assert!(!said.contains("Digital Twins"), "{said}");
}

#[test]
fn a_profile_may_allow_a_wider_audience() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = folder.path().join("entralint.toml");
    let text = std::fs::read_to_string("fixtures/profiles/orders-api/entralint.toml").unwrap();
    let with = |audience: &str| {
        std::fs::write(&config, format!("{text}audience = \"{audience}\"\n")).unwrap();
        let words = [
            PathBuf::from("--config"),
            config.clone(),
            "fixtures/profiles/orders-api/bad.json".into(),
        ];
        said(&check(words))
    };
    assert!(!with("AzureADMultipleOrgs").contains("signInAudience"));
    assert!(!with("AzureADandPersonalMicrosoftAccount").contains("signInAudience"));
    assert!(with("PersonalMicrosoftAccount").contains(
        "accounts of other tenants, and the profile orders-api allows PersonalMicrosoftAccount at \
         the widest"
    ));
}
