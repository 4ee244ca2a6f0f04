//! What people see: the human report of runs that look like real ones.

#[path = "common/reported.rs"]
mod common;

use common::{File, Say, finding, outcome, render, rule};
use entralint::report::{Human, HumanOptions, NotEvaluated, Outcome, Reported, Skipped};
use entralint::rules::{Severity, Tally};

const APPS: &str = r#"[
  {
    "appId": "e1ebaa50-706c-4805-b1b0-b0e3a1e68127",
    "displayName": "factory-twins",
    "id": "a44e2742-c745-4ec0-a412-d9d67e29649e",
    "passwordCredentials": [
      {
        "customKeyIdentifier": null,
        "displayName": "factory-twins 2026",
        "endDateTime": "2026-10-13T00:00:00Z",
        "hint": "v0H",
        "keyId": "260e85f1-f3dd-4f29-a1d4-9bb5ed8459a7",
        "secretText": "CANARY.never-issued",
        "startDateTime": "2026-04-16T00:00:00Z"
      }
    ],
    "publicClient": {
      "redirectUris": [
        "https://localhost"
      ]
    },
    "web": {
      "redirectUris": [
        "http://localhost"
      ]
    },
    "signInAudience": "AzureADMultipleOrgs"
  },
  {
    "appId": "5387b929-0f4e-468d-906b-cf946dcf83a1",
    "displayName": "press-line-twins",
    "id": "7e23cf59-3a8a-4fde-af3e-6bcfa9245c46",
    "signInAudience": "AzureADMyOrg"
  }
]
"#;

const ROLES: &str = r#"[
  {
    "principalId": "2f1a3a0e-7a6e-4b0f-9c9e-6c1f2b7a1d55",
    "principalName": "factory-twins",
    "roleDefinitionName": "Contributor",
    "scope": "/subscriptions/0b07f429-9f4b-4714-9392-cc5e8e80c8b0/resourceGroups/rg-factory/providers/Microsoft.DigitalTwins/digitalTwinsInstances/factory"
  }
]
"#;

fn expired(apps: &File) -> Reported {
    finding(
        rule("secret-expired"),
        "the client secret \"factory-twins 2026\" expired 41 days ago and no other credential is valid",
        apps.place("\"2026-10-13T00:00:00Z\"", "expired 41 days ago"),
    )
    .of("factory-twins", "e1ebaa50-706c-4805-b1b0-b0e3a1e68127")
    .related(apps.place("\"factory-twins 2026\"", "this secret"))
    .help("add a new secret, hand it to whoever runs the application, then delete this one")
    .command("az ad app credential reset --id e1ebaa50-706c-4805-b1b0-b0e3a1e68127 --append")
}

fn roles(apps: &File, roles: &File) -> Reported {
    finding(
        rule("adt-control-plane-role-only"),
        "factory-twins holds Contributor on the instance, which gives no access to its data",
        apps.place("\"e1ebaa50-706c-4805-b1b0-b0e3a1e68127\"", "no data role"),
    )
    .of("factory-twins", "e1ebaa50-706c-4805-b1b0-b0e3a1e68127")
    .related(roles.place("\"Contributor\"", "manages the instance only"))
    .help("assign Azure Digital Twins Data Owner (or Data Reader) on the instance")
    .command("az role assignment create --assignee-object-id 2f1a3a0e-7a6e-4b0f-9c9e-6c1f2b7a1d55 --assignee-principal-type ServicePrincipal --role \"Azure Digital Twins Data Owner\" --scope /subscriptions/0b07f429-9f4b-4714-9392-cc5e8e80c8b0/resourceGroups/rg-factory/providers/Microsoft.DigitalTwins/digitalTwinsInstances/factory")
}

fn wide(width: usize) -> HumanOptions {
    HumanOptions {
        width,
        ..HumanOptions::default()
    }
}

fn quiet(width: usize) -> HumanOptions {
    HumanOptions {
        quiet: true,
        ..wide(width)
    }
}

fn show(options: HumanOptions, findings: &[Reported]) -> String {
    render(&mut Human::new(options), &outcome(), findings)
}

/// A run of all kinds of findings.
fn run() -> (Outcome, Vec<Reported>) {
    let apps = File::new("exports/apps.json", APPS);
    let assignments = File::new("exports/role-assignments.json", ROLES);
    let package = File::new("exports/secret.json", "{\n  \"password\": \"CANARY\"\n}\n");
    let again = finding(
        rule("secret-expired"),
        "the client secret \"gateway\" expired 3 days ago",
        apps.place(
            "\"260e85f1-f3dd-4f29-a1d4-9bb5ed8459a7\"",
            "expired 3 days ago",
        ),
    )
    .of("factory-twins", "e1ebaa50-706c-4805-b1b0-b0e3a1e68127")
    .help("add a new secret, hand it to whoever runs the application, then delete this one")
    .command("az ad app credential reset --id e1ebaa50-706c-4805-b1b0-b0e3a1e68127 --append");
    let audience = finding(
        rule("multi-tenant-unlocked"),
        "factory-twins is open to other tenants and its service principals are not locked",
        apps.place("\"AzureADMultipleOrgs\"", "more than one tenant"),
    )
    .severity(Severity::Warning)
    .of("factory-twins", "e1ebaa50-706c-4805-b1b0-b0e3a1e68127")
    .help("lock all properties, or make the application single tenant");
    let press = finding(
        rule("secret-in-use"),
        "press-line-twins signs in with a secret where a certificate or federation would do",
        apps.place("\"5387b929-0f4e-468d-906b-cf946dcf83a1\"", ""),
    )
    .severity(Severity::Info)
    .of("press-line-twins", "5387b929-0f4e-468d-906b-cf946dcf83a1");
    let leaked = finding(
        rule("secret-in-file"),
        "a live client secret is in this file",
        package.place("\"CANARY\"", "a live secret"),
    )
    .help("rotate the secret, then delete the file");
    let mut unreadable = finding(
        rule("unreadable-input"),
        "cannot be opened: permission denied",
        File::new("exports/zz-locked.json", "").place("", ""),
    );
    unreadable.location.source = None;
    let mut outcome = outcome();
    outcome.tally = Tally {
        errors: 5,
        warnings: 1,
        infos: 1,
    };
    outcome.objects = [
        ("application", 120),
        ("servicePrincipal", 118),
        ("roleAssignment", 1309),
    ]
    .into();
    outcome.out_of_scope = 1;
    outcome.suppressed = 4;
    for name in [
        "adt-consent-missing",
        "adt-consent-lacks-scope",
        "consent-orphaned",
        "x-y",
    ] {
        outcome.not_evaluated.push(NotEvaluated {
            rule: name.to_owned(),
            reason: "no delegated permission grants in the input".to_owned(),
            command: "az rest --url 'https://graph.microsoft.com/v1.0/oauth2PermissionGrants'"
                .to_owned(),
        });
    }
    for name in ["package.json", "tsconfig.json"] {
        outcome.skipped.push(Skipped {
            path: name.to_owned(),
            reason: "no known kind of export".to_owned(),
        });
    }
    let roles = roles(&apps, &assignments);
    let findings = vec![
        roles,
        expired(&apps),
        again,
        audience,
        press,
        leaked,
        unreadable,
    ];
    (outcome, findings)
}

#[test]
fn two_labels() {
    let apps = File::new("exports/apps.json", APPS);
    insta::assert_snapshot!(show(quiet(100), &[expired(&apps)]));
}

#[test]
fn narrow() {
    let apps = File::new("exports/apps.json", APPS);
    let assignments = File::new("exports/role-assignments.json", ROLES);
    insta::assert_snapshot!(show(
        quiet(60),
        &[roles(&apps, &assignments), expired(&apps)]
    ));
}

#[test]
fn wide_and_in_another_file() {
    let apps = File::new("exports/apps.json", APPS);
    let assignments = File::new("exports/role-assignments.json", ROLES);
    insta::assert_snapshot!(show(quiet(120), &[roles(&apps, &assignments)]));
}

#[test]
fn minified() {
    let mut text = "{\"value\":[".to_owned();
    for _ in 0..3000 {
        text.push_str(
            r#"{"appId":"00000003-0000-0000-c000-000000000000","displayName":"filler","tags":[]},"#,
        );
    }
    let compact: String = APPS.lines().map(str::trim).collect();
    text.push_str(&compact.replace("\": ", "\":")[1..]);
    text.push('}');
    let apps = File::new("exports/minified.json", &text);
    insta::assert_snapshot!(show(quiet(100), &[expired(&apps)]));
}

#[test]
fn colours() {
    let apps = File::new("exports/apps.json", APPS);
    let options = HumanOptions {
        color: true,
        links: true,
        ..quiet(100)
    };
    insta::assert_snapshot!(show(options, &[expired(&apps)]).replace('\u{1b}', "␛"));
}

#[test]
fn ascii() {
    let apps = File::new("exports/apps.json", APPS);
    let options = HumanOptions {
        unicode: false,
        ..quiet(60)
    };
    insta::assert_snapshot!(show(options, &[expired(&apps)]));
}

#[test]
fn a_whole_run() {
    let (outcome, findings) = run();
    insta::assert_snapshot!(render(&mut Human::new(wide(100)), &outcome, &findings));
}

#[test]
fn a_whole_run_in_detail() {
    let (mut outcome, findings) = run();
    outcome.statistics = Some(vec![
        (rule("secret-expired"), 1412),
        (rule("secret-in-file"), 1),
    ]);
    let options = HumanOptions {
        verbose: 1,
        ..wide(100)
    };
    insta::assert_snapshot!(render(&mut Human::new(options), &outcome, &findings[5..]));
}

#[test]
fn many_findings_cost_little_each() {
    let apps = File::new("exports/apps.json", APPS);
    let findings = vec![expired(&apps); 2000];
    let begin = std::time::Instant::now();
    let text = show(quiet(100), &findings);
    let each = begin.elapsed() / 2000;
    assert!(text.len() > 100_000);
    // Some 40 µs in a release build; a debug build on a busy machine is slower, a quadratic one
    // far slower.
    assert!(each.as_millis() < 5, "{each:?}");
}
