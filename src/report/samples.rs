//! A small run for the tests of the formats.

use std::collections::BTreeMap;
use std::io::Write;

use super::{
    NotEvaluated, Outcome, Place, Position, Report, Reported, Skipped, SuppressedBy, Suppression,
    Window,
};
use crate::model::{Date, Instant, ObjectKind};
use crate::rules::{Check, FactValue, Group, Persona, Rule, Severity, Subject, Tally};

pub static SECRET_EXPIRED: Rule = Rule {
    id: "secret-expired",
    group: Group::Credential,
    severity: Severity::Error,
    persona: Persona::Regular,
    more_for: None,
    needs: &[&[ObjectKind::Application]],
    complete: &[],
    since: "0.1.0",
    options: &["credentials.expiring-within"],
    references: &["https://learn.microsoft.com/entra/identity-platform/reference-error-codes"],
    peers: &["prowler entra_app_registration_credential_not_expired"],
    fix: None,
    docs: " A client secret has expired.\n\n **Why it matters.** Sign-in fails with `AADSTS7000222`, and it fails at\n night.\n\n **What is checked.** `passwordCredentials[].endDateTime`:\n - of applications;\n - of service principals, with a line that is long enough to be wrapped at eighty.\n\n **Fix.** Add a new one:\n\n ```\n az ad app credential reset --id <app> --append\n ```\n",
    checks: &[Check::Input],
};

pub fn now() -> Instant {
    Date::parse("2026-11-23T00:00:00Z")
        .instant()
        .expect("a moment")
}

/// A file of two applications.
pub const APPS: &str = "\
[
  {
    \"displayName\": \"press-line-twins\",
    \"endDateTime\": \"2026-10-13T00:00:00Z\",
    \"secretText\": \"CANARY-secret\",
    \"appId\": \"5387b929-0f4e-468d-906b-cf946dcf83a1\"
  },
  {
  \"enableAccessTokenIssuance\": true,
    \"appId\": \"e1ebaa50-706c-4805-b1b0-b0e3a1e68127\"
  }
]
";

/// A place that marks `what` in [`APPS`].
pub fn place(what: &str, label: &str) -> Place {
    let at = APPS.find(what).expect("it is there");
    let position = |at: usize| Position {
        line: APPS[..at].matches('\n').count() as u64 + 1,
        column: (at - APPS[..at].rfind('\n').map_or(0, |at| at + 1)) as u64 + 1,
        offset: at as u64,
    };
    Place {
        path: "exports/apps.json".into(),
        pointer: "/0/passwordCredentials/0/endDateTime".to_owned(),
        record: None,
        start: position(at),
        end: position(at + what.len()),
        label: label.to_owned(),
        source: Some(Window {
            text: APPS.into(),
            start: Position::START,
        }),
    }
}

pub fn subject(name: &str, app_id: &str) -> Subject {
    Subject {
        kind: ObjectKind::Application,
        id: None,
        app_id: Some(app_id.to_owned()),
        name: Some(name.to_owned()),
    }
}

/// What a run reports: an expired secret, an implicit grant, and one suppressed.
pub fn run() -> (Outcome, Vec<Reported>) {
    let rule = |id: &str| Rule::find(id).expect("a rule");
    let press_line = subject("press-line-twins", "5387b929-0f4e-468d-906b-cf946dcf83a1");
    let factory = subject("factory-twins", "e1ebaa50-706c-4805-b1b0-b0e3a1e68127");
    let findings = vec![
        Reported {
            rule: &SECRET_EXPIRED,
            severity: Severity::Error,
            message: "the client secret \"prod\" expired 41 days ago".to_owned(),
            subject: Some(press_line.into()),
            location: place("\"2026-10-13T00:00:00Z\"", "expired 41 days ago"),
            related: vec![place("\"press-line-twins\"", "this application")],
            help: Some("add a new secret, then delete this one".to_owned()),
            commands: vec![
                "az ad app credential reset --id 5387b929-0f4e-468d-906b-cf946dcf83a1 --append"
                    .to_owned(),
            ],
            facts: vec![
                ("daysPastExpiry", FactValue::Number(41)),
                ("keyId", FactValue::Text("260e85f1".to_owned())),
                ("only", FactValue::Bool(true)),
            ],
            key: "260e85f1".to_owned(),
            fingerprint: "0123456789abcdef0123456789abcdef".to_owned(),
            suppression: None,
            fix: None,
        },
        Reported {
            rule: rule("implicit-grant"),
            severity: Severity::Warning,
            message: "the implicit grant issues access tokens".to_owned(),
            subject: Some(factory.clone().into()),
            location: place("\"enableAccessTokenIssuance\": true", ""),
            related: Vec::new(),
            help: None,
            commands: Vec::new(),
            facts: Vec::new(),
            key: String::new(),
            fingerprint: "1123456789abcdef0123456789abcdef".to_owned(),
            suppression: None,
            fix: None,
        },
        Reported {
            rule: rule("native-authentication"),
            severity: Severity::Info,
            message: "native authentication is on".to_owned(),
            subject: Some(factory.into()),
            location: place("\"e1ebaa50", ""),
            related: Vec::new(),
            help: None,
            commands: Vec::new(),
            facts: Vec::new(),
            key: String::new(),
            fingerprint: "2123456789abcdef0123456789abcdef".to_owned(),
            suppression: Some(Suppression {
                source: SuppressedBy::Configuration,
                reason: "SEC-412".to_owned(),
                until: Some("2026-12-31".to_owned()),
            }),
            fix: None,
        },
    ];
    (outcome(), findings)
}

pub fn outcome() -> Outcome {
    Outcome {
        evaluated_at: now(),
        profile: "azure-digital-twins".to_owned(),
        persona: Persona::Regular,
        files: 14,
        objects: BTreeMap::from([("application", 120), ("servicePrincipal", 1)]),
        tally: Tally {
            errors: 1,
            warnings: 1,
            infos: 0,
        },
        suppressed: 1,
        out_of_scope: 1,
        left_out: 0,
        not_evaluated: vec![NotEvaluated {
            rule: "adt-data-role-missing".to_owned(),
            reason: "no role assignments in the input".to_owned(),
            command: "az role assignment list --all --include-inherited --include-groups"
                .to_owned(),
        }],
        skipped: vec![Skipped {
            path: "package.json".to_owned(),
            reason: "no known kind of export".to_owned(),
        }],
        fixed: Vec::new(),
        statistics: None,
    }
}

/// A schema of the project.
pub fn schema(name: &str) -> serde_json::Value {
    let text = std::fs::read_to_string(format!("schemas/{name}.schema.json")).expect("a schema");
    serde_json::from_str(&text).expect("JSON")
}

pub fn render(report: &mut dyn Report, outcome: &Outcome, findings: &[Reported]) -> String {
    let mut bytes = Vec::new();
    let out: &mut dyn Write = &mut bytes;
    report.begin(outcome, out).expect("a Vec takes all");
    for finding in findings {
        report.finding(finding, out).expect("a Vec takes all");
    }
    report.end(outcome, out).expect("a Vec takes all");
    String::from_utf8(bytes).expect("UTF-8")
}
