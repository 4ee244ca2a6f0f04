//! Findings for the tests of the reports; `run` gets them from a whole run.
#![allow(dead_code, reason = "each test binary uses its part")]

pub mod attacks;
pub mod page;
pub mod parsers;
pub mod run;
pub mod signal;

use std::collections::BTreeMap;
use std::sync::Arc;

use entralint::model::{Date, ObjectKind};
use entralint::report::{Outcome, Place, Position, Report, Reported, Window};
use entralint::rules::{Check, Group, Persona, Rule, Severity, Subject, Tally};

/// A rule of that id, declared already or not.
pub fn rule(id: &'static str) -> &'static Rule {
    Rule::find(id).unwrap_or_else(|| {
        Box::leak(Box::new(Rule {
            id,
            group: Group::Credential,
            severity: Severity::Error,
            persona: Persona::Regular,
            more_for: None,
            needs: &[&[ObjectKind::Application]],
            complete: &[],
            since: "0.1.0",
            options: &[],
            references: &[
                "https://learn.microsoft.com/entra/identity-platform/reference-error-codes",
            ],
            peers: &[],
            fix: None,
            docs: " The bad state.\n",
            checks: &[Check::Input],
        }))
    })
}

/// An input.
pub struct File {
    path: Arc<str>,
    text: Arc<str>,
}

impl File {
    pub fn new(path: &str, text: &str) -> File {
        File {
            path: path.into(),
            text: text.into(),
        }
    }

    /// The place of the first `what`.
    pub fn place(&self, what: &str, label: &str) -> Place {
        let at = self.text.find(what).expect("it is there");
        self.mark(at, at + what.len(), label)
    }

    pub fn mark(&self, start: usize, end: usize, label: &str) -> Place {
        Place {
            path: Arc::clone(&self.path),
            pointer: String::new(),
            record: None,
            start: self.position(start),
            end: self.position(end),
            label: label.to_owned(),
            source: Some(Window {
                text: Arc::clone(&self.text).into(),
                start: Position::START,
            }),
        }
    }

    fn position(&self, at: usize) -> Position {
        let before = &self.text[..at];
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        Position {
            line: before.matches('\n').count() as u64 + 1,
            column: before[line..].chars().count() as u64 + 1,
            offset: at as u64,
        }
    }
}

pub fn finding(rule: &'static Rule, message: &str, location: Place) -> Reported {
    Reported {
        rule,
        severity: rule.severity,
        message: message.to_owned(),
        subject: None,
        location,
        related: Vec::new(),
        help: None,
        commands: Vec::new(),
        facts: Vec::new(),
        key: String::new(),
        fingerprint: "0123456789abcdef0123456789abcdef".to_owned(),
        suppression: None,
        fix: None,
    }
}

/// The rest of a finding, part by part.
pub trait Say: Sized {
    fn severity(self, severity: Severity) -> Self;
    fn of(self, name: &str, app_id: &str) -> Self;
    fn related(self, place: Place) -> Self;
    fn help(self, help: &str) -> Self;
    fn command(self, command: &str) -> Self;
}

impl Say for Reported {
    fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    fn of(mut self, name: &str, app_id: &str) -> Self {
        self.subject = Some(Arc::new(Subject {
            kind: ObjectKind::Application,
            id: None,
            app_id: Some(app_id.to_owned()),
            name: Some(name.to_owned()),
        }));
        self
    }

    fn related(mut self, place: Place) -> Self {
        self.related.push(place);
        self
    }

    fn help(mut self, help: &str) -> Self {
        self.help = Some(help.to_owned());
        self
    }

    fn command(mut self, command: &str) -> Self {
        self.commands.push(command.to_owned());
        self
    }
}

/// A run of fourteen files, without findings.
pub fn outcome() -> Outcome {
    Outcome {
        evaluated_at: Date::parse("2026-11-23T00:00:00Z")
            .instant()
            .expect("a moment"),
        profile: "azure-digital-twins".to_owned(),
        persona: Persona::Regular,
        files: 14,
        objects: BTreeMap::from([("application", 2)]),
        tally: Tally::default(),
        suppressed: 0,
        out_of_scope: 0,
        left_out: 0,
        not_evaluated: Vec::new(),
        skipped: Vec::new(),
        fixed: Vec::new(),
        statistics: None,
    }
}

pub fn render(report: &mut dyn Report, outcome: &Outcome, findings: &[Reported]) -> String {
    let mut bytes = Vec::new();
    report.begin(outcome, &mut bytes).expect("a Vec takes all");
    for finding in findings {
        report
            .finding(finding, &mut bytes)
            .expect("a Vec takes all");
    }
    report.end(outcome, &mut bytes).expect("a Vec takes all");
    String::from_utf8(bytes).expect("UTF-8")
}
