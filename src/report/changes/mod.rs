//! The report of `diff`: findings and objects that came, went and changed, rendered by three
//! formats.

mod human;
mod json;
mod markdown;

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{Reported, phrase, safe};
use crate::changes::{Altered, Counts, Line, NotCompared, Objects, Side};
use crate::model::{Instant, ObjectKind};
use crate::rules::{Persona, Severity, Subject, Tally};

pub use human::human;
pub use json::json;
pub use markdown::markdown;

/// Which findings came, which went, and how many stayed.
#[derive(Clone, Debug, Default)]
pub struct FindingChanges {
    /// In NEW and not in OLD, in the order of NEW; suppressed ones too, which do not count.
    pub new: Vec<Reported>,
    /// In OLD and not in NEW, in the order of OLD; without those that were suppressed.
    pub gone: Vec<Reported>,
    /// How many are in both, without those that are suppressed.
    pub unchanged: u64,
    /// Of `new`, what counts, by severity.
    pub tally: Tally,
    /// Of `new`, how many are suppressed.
    pub suppressed: u64,
}

/// One of the two inputs.
#[derive(Clone, Debug)]
pub struct Input {
    /// As it was typed: untrusted text.
    pub path: String,
    /// Files that were found in it, whether or not they could be read.
    pub files: u64,
}

/// Everything that a run of `diff` tells.
#[derive(Clone, Debug)]
pub struct Changes {
    pub evaluated_at: Instant,
    pub profile: String,
    pub persona: Persona,
    pub old: Input,
    pub new: Input,
    pub findings: FindingChanges,
    pub objects: Objects,
}

/// Objects of one kind that changed, with their numbers.
type Kind<'c> = (ObjectKind, Counts, Vec<&'c Altered>);

impl Changes {
    /// In one line: `2 new findings (1 error, 1 warning), 1 gone, 40 unchanged; objects: 1 changed`.
    fn summary(&self) -> String {
        let findings = &self.findings;
        let new = findings.tally.total();
        let mut text = if new == 0 {
            "no new findings".to_owned()
        } else {
            let by_severity: Vec<String> = Severity::ALL
                .into_iter()
                .filter(|severity| findings.tally.of(*severity) > 0)
                .map(|severity| phrase::count(findings.tally.of(severity), severity.name()))
                .collect();
            let many = phrase::count(new, "new finding");
            format!("{many} ({})", by_severity.join(", "))
        };
        if findings.suppressed > 0 {
            text += &format!(", {} suppressed", phrase::thousands(findings.suppressed));
        }
        let gone = findings.gone.len() as u64;
        text += &format!(
            ", {} gone, {} unchanged; ",
            phrase::thousands(gone),
            phrase::thousands(findings.unchanged)
        );
        let all = self.objects.counts.iter().map(|(_, counts)| counts);
        let sum = |of: fn(&Counts) -> u64| all.clone().map(of).sum();
        let changed = counted(&Counts {
            added: sum(|counts| counts.added),
            removed: sum(|counts| counts.removed),
            changed: sum(|counts| counts.changed),
            unchanged: 0,
        });
        text + &if self.objects.counts.is_empty() {
            "no object compared".to_owned()
        } else if changed.is_empty() {
            "no object changed".to_owned()
        } else {
            format!("objects: {changed}")
        }
    }

    /// Objects that changed, by kind.
    fn kinds(&self) -> Vec<Kind<'_>> {
        let all = &self.objects.altered;
        let counts = self.objects.counts.iter();
        counts
            .map(|(kind, counts)| {
                let of = all.iter().filter(|altered| altered.subject.kind == *kind);
                (*kind, *counts, of.collect())
            })
            .filter(|(.., altered): &Kind<'_>| !altered.is_empty())
            .collect()
    }

    /// What could not be compared, a line each; what has one reason together. May quote the input.
    fn not_compared(&self) -> Vec<String> {
        let mut groups: BTreeMap<(Side, &str), (u64, Vec<&str>)> = BTreeMap::new();
        for not in &self.objects.not_compared {
            let NotCompared {
                rule,
                side,
                reason,
                findings,
                ..
            } = not;
            let (count, rules) = groups.entry((*side, reason)).or_default();
            *count += findings;
            rules.extend(rule.as_deref());
        }
        groups
            .into_iter()
            .map(|((side, reason), (findings, rules))| {
                let mut line = format!("{}: {reason}", side.called());
                if findings > 0 {
                    let other = match side {
                        Side::Old => Side::New,
                        Side::New => Side::Old,
                    };
                    let many = phrase::count(findings, "finding");
                    line += &format!("; {many} of {} left out", other.called());
                }
                if !rules.is_empty() {
                    line += &format!(" ({})", rules.join(", "));
                }
                line
            })
            .collect()
    }
}

/// `Applications: 1 added, 2 changed, 12 unchanged`.
fn heading(kind: ObjectKind, counts: &Counts) -> String {
    let mut name = kind.plural().to_owned();
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    format!("{name}: {}", counted(counts))
}

/// `1 added, 2 changed, 12 unchanged`.
fn counted(counts: &Counts) -> String {
    let all = [
        (counts.added, "added"),
        (counts.removed, "removed"),
        (counts.changed, "changed"),
        (counts.unchanged, "unchanged"),
    ];
    let told: Vec<String> = all
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| format!("{} {word}", phrase::thousands(number)))
        .collect();
    told.join(", ")
}

/// What an object is called, and the id that people know it by. Both may be foreign.
fn called(subject: &Subject) -> (&str, Option<&str>) {
    let id = subject.app_id.as_deref().or(subject.id.as_deref());
    let name = subject.name.as_deref().map(str::trim);
    match name.filter(|name| !name.is_empty()) {
        // Who has what tells an assignment better than its id.
        Some(name) if is_named_by_what_it_gives(subject.kind) => (name, None),
        Some(name) => (name, id),
        None => (id.unwrap_or("without a name"), None),
    }
}

fn is_named_by_what_it_gives(kind: ObjectKind) -> bool {
    matches!(
        kind,
        ObjectKind::DelegatedGrant
            | ObjectKind::AppRoleAssignment
            | ObjectKind::RoleAssignment
            | ObjectKind::RoleSchedule
            | ObjectKind::DirectoryRoleAssignment
    )
}

/// A line of an object: the sign, what it is about, and the words on it. The words are foreign.
fn said(line: &Line, arrow: &str) -> (char, &'static str, String) {
    let mut words = line.item.clone();
    let value = match (&line.before, &line.after) {
        (Some(before), Some(after)) => Some(format!("{before} {arrow} {after}")),
        (Some(value), None) | (None, Some(value)) => Some(value.clone()),
        (None, None) => None,
    };
    if let Some(value) = value {
        if !words.is_empty() {
            words.push_str(", ");
        }
        words.push_str(&value);
    }
    let words = masked(&words).into_owned();
    (line.change.sign(), line.aspect.name(), words)
}

/// What an object holds, with whatever looks like a secret masked: people put keys into redirect
/// URIs and conditions.
fn masked(text: &str) -> Cow<'_, str> {
    safe::redact(text)
}
