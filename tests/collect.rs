//! The script of `entralint collect`, run for real against a stand-in for az (`collect/az`): the
//! folder comes out complete, and `entralint check` reads every file of it.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

const FIRST: &str = "11111111-0000-4000-8000-000000000001";
const SECOND: &str = "11111111-0000-4000-8000-000000000002";
const ENTRALINT: &str = env!("CARGO_BIN_EXE_entralint");

struct Place {
    root: tempfile::TempDir,
}

impl Place {
    fn new() -> Place {
        let root = tempfile::tempdir().expect("a folder");
        let az = root.path().join("bin/az");
        fs::create_dir(root.path().join("bin")).expect("a folder");
        fs::copy("tests/collect/az", &az).expect("a copy");
        fs::set_permissions(&az, fs::Permissions::from_mode(0o755)).expect("a program");
        Place { root }
    }

    fn export(&self) -> PathBuf {
        self.root.path().join("export")
    }

    /// Writes the script with these words, and runs it; `deny` is what az refuses.
    fn run(&self, words: &[&str], deny: &str) -> Output {
        let written = Command::new(ENTRALINT)
            .arg("collect")
            .args(words)
            .output()
            .expect("it runs");
        assert!(written.status.success(), "{written:?}");
        let script = self.root.path().join("script.sh");
        fs::write(&script, written.stdout).expect("a file");
        Command::new("bash")
            .arg(&script)
            .arg(self.export())
            .current_dir(self.root.path())
            .env_clear()
            .env(
                "PATH",
                format!("{}/bin:/usr/bin:/bin", self.root.path().display()),
            )
            .env("AZ_LOG", self.root.path().join("log"))
            .env("AZ_DENY", deny)
            .output()
            .expect("bash runs")
    }

    /// What az was asked.
    fn log(&self) -> String {
        fs::read_to_string(self.root.path().join("log")).expect("a log")
    }

    /// Every file of the export, by its name from there.
    fn files(&self) -> BTreeMap<String, String> {
        let mut files = BTreeMap::new();
        walk(&self.export(), &self.export(), &mut files);
        files
    }
}

fn walk(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            walk(root, &path, files);
        } else {
            let name = path.strip_prefix(root).expect("below").to_string_lossy();
            files.insert(name.into_owned(), fs::read_to_string(&path).expect("UTF-8"));
        }
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn complete() -> Vec<String> {
    let mut names: Vec<String> = [
        "admin-consent-request-policy.json",
        "app-management-policies.json",
        "app-role-assignments.json",
        "applications.json",
        "authorization-policy.json",
        "default-app-management-policy.json",
        "directory-role-assignment-schedules.json",
        "directory-role-assignments.json",
        "directory-role-eligibility-schedules.json",
        "groups.json",
        "management-groups.json",
        "oauth2-permission-grants.json",
        "service-principal-sign-in-activities.json",
        "service-principals.json",
        "users.json",
        // The ids of this one come in capitals.
        "federated-identity-credentials/33333333-0000-4000-8000-00000000000a.json",
        "federated-identity-credentials/33333333-0000-4000-8000-000000000002.json",
        "owners/33333333-0000-4000-8000-00000000000a.json",
        "owners/33333333-0000-4000-8000-000000000002.json",
        "group-members/66666666-0000-4000-8000-000000000001.json",
        "group-members/66666666-0000-4000-8000-00000000000b.json",
    ]
    .map(str::to_owned)
    .to_vec();
    for n in 1..=3 {
        names.push(format!(
            "service-principal-owners/44444444-0000-4000-8000-00000000000{n}.json"
        ));
    }
    for kind in [
        "role-assignments",
        "role-definitions",
        "deny-assignments",
        "role-eligibility-schedules",
        "role-assignment-schedules",
        "digital-twins-instances",
    ] {
        for subscription in [FIRST, SECOND] {
            names.push(format!("{kind}/{subscription}.json"));
        }
    }
    names.sort();
    names
}

fn records(files: &BTreeMap<String, String>, name: &str) -> usize {
    let document: Value = serde_json::from_str(&files[name]).expect(name);
    document["value"].as_array().expect(name).len()
}

#[test]
fn the_folder_is_complete_and_every_file_is_read() {
    let place = Place::new();
    let output = place.run(&[], "");
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(output.stdout.is_empty());
    let files = place.files();
    assert_eq!(files.keys().cloned().collect::<Vec<_>>(), complete());
    assert!(!place.root.path().join("evil.json").exists());

    // Pages are joined, and no link is left that would look like a page more.
    assert_eq!(records(&files, "applications.json"), 3);
    assert_eq!(
        records(&files, &format!("role-definitions/{FIRST}.json")),
        2
    );
    assert_eq!(
        records(&files, &format!("role-definitions/{SECOND}.json")),
        0
    );
    // Two of a batch and one behind its link; one object was gone, which is no fault.
    assert_eq!(records(&files, "app-role-assignments.json"), 3);
    for (name, text) in &files {
        let document: Value = serde_json::from_str(text).expect(name);
        assert!(
            !text.contains("nextLink") && !text.contains("/next/"),
            "{name}"
        );
        let context = document["@odata.context"].as_str().unwrap_or_default();
        let of_azure = ["-assignments/", "-definitions/", "-schedules/", "instances"];
        let none = of_azure.iter().any(|part| name.contains(part))
            || ["management-groups", "authorization", "admin-consent"]
                .iter()
                .any(|part| name.starts_with(part));
        assert_eq!(context.is_empty(), none, "{name}: {context}");
    }
    let applications = &files["applications.json"];
    assert!(applications.contains(r"Z\u00fcrich\ttwins\nnorth"));
    // One record a line.
    assert_eq!(applications.lines().count(), 3 + 3);
    let throttled = "federated-identity-credentials/33333333-0000-4000-8000-000000000002.json";
    assert_eq!(records(&files, throttled), 0);

    let mode = fs::metadata(place.export().join("users.json")).expect("a file");
    assert_eq!(mode.permissions().mode() & 0o077, 0, "for its owner alone");

    let run = Command::new(ENTRALINT)
        .args([
            "check",
            "--format",
            "json",
            "--now",
            "2026-11-23",
            "--no-config",
        ])
        .arg(place.export())
        .env_clear()
        .output()
        .expect("it runs");
    let report: Value = serde_json::from_slice(&run.stdout).expect("a report");
    assert_eq!(
        report["summary"]["files"].as_u64(),
        Some(files.len() as u64)
    );
    for (kind, count) in [
        ("application", 3),
        ("servicePrincipal", 3),
        ("oauth2PermissionGrant", 1),
        ("appRoleAssignment", 3),
        ("federatedIdentityCredential", 1),
        ("roleAssignment", 2),
        ("roleDefinition", 2),
        ("roleSchedule", 1),
        ("directoryRoleAssignment", 3),
        ("digitalTwinsInstance", 1),
        ("authorizationPolicy", 1),
        ("adminConsentRequestPolicy", 1),
    ] {
        assert_eq!(report["summary"]["objects"][kind], count, "{kind}");
    }
    for finding in report["findings"].as_array().expect("a list") {
        let rule = finding["rule"].as_str().expect("an id");
        for about_the_file in [
            "invalid-json",
            "error-response",
            "export-truncated",
            "depth-truncated",
            "duplicate-key",
            "shape-mismatch",
            "conflicting-objects",
            "unreadable-input",
        ] {
            assert_ne!(rule, about_the_file, "{finding}");
        }
    }
    for skipped in report["skipped"].as_array().expect("a list") {
        let path = skipped["path"].as_str().expect("a path");
        let of_later = [
            "management-groups",
            "management-polic",
            "sign-in-activities",
        ];
        if !of_later.iter().any(|part| path.contains(part)) {
            assert_ne!(skipped["reason"], "no known kind of export", "{path}");
        }
    }
}

#[test]
fn what_is_refused_is_named_and_leaves_no_file() {
    let place = Place::new();
    let output = place.run(
        &[],
        "servicePrincipalSignIn|Schedules|applications/.*/owners|/applications.*/owners|/next/assigned|batch",
    );
    let said = said(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    let files = place.files();
    let missing = |name: &str| {
        name.contains("schedules")
            || name.contains("sign-in")
            || name.starts_with("owners/")
            || name == "group-members/66666666-0000-4000-8000-00000000000b.json"
    };
    for name in complete() {
        // Without batches each is asked for alone, and the stand-in knows few alone.
        let alone = name.starts_with("service-principal-owners/")
            || name.starts_with("group-members/")
            || name == "app-role-assignments.json";
        if !alone {
            assert_eq!(files.contains_key(&name), !missing(&name), "{name}");
        }
    }
    assert!(!files.contains_key("app-role-assignments.json"));
    assert!(!place.export().join(".partial").exists());
    for line in [
        "missing: service-principal-sign-in-activities.json (needs: Entra ID P1 or P2",
        "missing: owners/{id}.json (needs: ",
        "missing: app-role-assignments.json (needs: ",
        &format!("missing: role-eligibility-schedules/{FIRST}.json (needs: Entra ID P2"),
        "Authorization_RequestDenied",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
    // What goes into one file is lost with its first part: the others are not asked for.
    assert_eq!(place.log().matches("/appRoleAssignedTo").count(), 1);
}

#[test]
fn an_older_export_is_not_mixed_in() {
    let place = Place::new();
    fs::create_dir(place.export()).expect("a folder");
    let output = place.run(&[], "");
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("is there already"));
    assert!(place.files().is_empty());
}

#[test]
fn another_tenant_is_not_exported() {
    let place = Place::new();
    let tenant = "99999999-0000-4000-8000-00000000000b";
    let output = place.run(&["--tenant", tenant], "");
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains(&format!("az login --tenant {tenant}")));
    assert!(!place.export().exists());

    let place = Place::new();
    let tenant = "99999999-0000-4000-8000-00000000000A";
    let words = ["--tenant", tenant, "--subscription", SECOND];
    let output = place.run(&words, "");
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(!place.log().contains(FIRST) && place.log().contains(SECOND));
}

#[test]
fn nobody_is_signed_in() {
    let place = Place::new();
    let output = place.run(&[], "account show");
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("Sign in first: az login"));
    assert!(
        !place.export().exists(),
        "it is not in the way of the next try"
    );
}
