//! Severities and places of the group `posture`, where one fixture folder tells several apart.

mod common;

use common::run::check;
use entralint::rules::Severity;

/// Severity, message and the files of all places of the only finding of `rule` in `fixture`.
fn only(rule: &str, fixture: &str) -> (Severity, String, Vec<String>) {
    let folder = format!("fixtures/rules/{rule}");
    let words = [
        "--config".to_owned(),
        format!("{folder}/entralint.toml"),
        "--persona".to_owned(),
        "audit".to_owned(),
        "--select".to_owned(),
        rule.to_owned(),
        format!("{folder}/{fixture}"),
    ];
    let told = check(words);
    assert_eq!(told.findings.len(), 1, "{rule} {fixture}");
    let finding = &told.findings[0];
    let places = std::iter::once(&finding.location).chain(&finding.related);
    let mut files: Vec<String> = places
        .filter_map(|place| place.path.rsplit('/').next().map(str::to_owned))
        .collect();
    files.sort();
    files.dedup();
    (finding.severity, finding.message.clone(), files)
}

#[test]
fn every_document_that_proves_it_is_shown() {
    for (rule, fixture, severity, files) in [
        (
            "directory-role-privileged",
            "bad",
            Severity::Warning,
            &["directory-roles.json", "service-principals.json"][..],
        ),
        (
            "directory-role-privileged",
            "bad-with-secret",
            Severity::Error,
            &[
                "applications.json",
                "directory-roles.json",
                "service-principals.json",
            ],
        ),
        (
            "directory-role-privileged",
            "bad-through-group",
            Severity::Warning,
            &[
                "directory-roles.json",
                "groups.json",
                "service-principals.json",
            ],
        ),
        (
            "privileged-with-secret",
            "bad",
            Severity::Warning,
            &[
                "applications.json",
                "directory-roles.json",
                "service-principals.json",
            ],
        ),
        (
            "privileged-with-owner",
            "bad-listed",
            Severity::Warning,
            &[
                "directory-roles.json",
                "owners.json",
                "service-principals.json",
            ],
        ),
        (
            "privileged-foreign",
            "bad",
            Severity::Warning,
            &["app-role-assignments.json", "service-principals.json"],
        ),
        (
            "privileged-foreign",
            "bad-tier-zero",
            Severity::Error,
            &["app-role-assignments.json", "service-principals.json"],
        ),
        (
            "application-unused",
            "bad",
            Severity::Info,
            &["service-principals.json", "sign-ins.json"],
        ),
        (
            "tenant-credential-policy",
            "bad-exempt",
            Severity::Warning,
            &["default.json", "policies.json"],
        ),
    ] {
        let (found, message, shown) = only(rule, fixture);
        assert_eq!(
            (found, shown),
            (severity, files.iter().map(ToString::to_string).collect()),
            "{message}"
        );
    }
}

#[test]
fn the_worst_right_is_named() {
    let (_, message, _) = only("privileged-foreign", "bad-tier-zero");
    assert!(
        message.contains("RoleManagement.ReadWrite.Directory and 1 strong right more"),
        "{message}"
    );
}

#[test]
fn self_signed_is_worth_an_info() {
    let severity = |fixture| only("certificate-weak", fixture).0;
    assert_eq!(severity("bad-self-signed.json"), Severity::Info);
    assert_eq!(severity("bad-short.json"), Severity::Warning);
    assert_eq!(severity("bad-sha1.json"), Severity::Warning);
}

#[test]
fn microsofts_managed_consent_is_told_to_auditors() {
    let folder = std::env::temp_dir().join(format!("entralint-posture-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    let legacy = std::fs::read_to_string("fixtures/rules/tenant-user-consent/bad.json");
    let managed = legacy
        .expect("the fixture")
        .replace("-default-legacy", "-default-recommended");
    let file = folder.join("authorization-policy.json");
    std::fs::write(&file, managed).expect("a temporary file");
    let findings = |persona: &str| {
        let words = [
            "--no-config",
            "--select",
            "tenant-user-consent",
            "--persona",
            persona,
        ];
        let words = words.into_iter().map(std::ffi::OsString::from);
        check(words.chain([file.clone().into_os_string()])).findings
    };
    assert!(findings("regular").is_empty());
    let told = findings("audit");
    std::fs::remove_dir_all(&folder).expect("the temporary folder is ours");
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].severity, Severity::Info);
    assert!(told[0].commands.iter().any(|command| {
        command.contains("microsoft-user-default-low") && command.contains("OwnedResource")
    }));
}
