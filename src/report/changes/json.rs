//! The versioned report (`schemas/diff.schema.json`).

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::{Changes, Input, masked};
use crate::changes::{Altered, Counts, Line, NotCompared};
use crate::report::json::{Finding, SubjectEntry, Tool, pretty};
use crate::rules::Severity;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Head<'c> {
    schema_version: u32,
    tool: Tool,
    evaluated_at: String,
    profile: &'c str,
    persona: &'static str,
    old: InputEntry<'c>,
    new: InputEntry<'c>,
    summary: Summary,
}

#[derive(Serialize)]
struct InputEntry<'c> {
    path: &'c str,
    files: u64,
}

#[derive(Serialize)]
struct Summary {
    findings: FindingCounts,
    objects: BTreeMap<&'static str, CountsEntry>,
}

#[derive(Serialize)]
struct FindingCounts {
    new: Severities,
    suppressed: u64,
    gone: u64,
    unchanged: u64,
}

#[derive(Serialize)]
struct Severities {
    errors: u64,
    warnings: u64,
    infos: u64,
}

#[derive(Serialize)]
struct CountsEntry {
    added: u64,
    removed: u64,
    changed: u64,
    unchanged: u64,
}

#[derive(Serialize)]
struct AlteredEntry<'c> {
    change: &'static str,
    object: SubjectEntry<'c>,
    changes: Vec<LineEntry<'c>>,
}

#[derive(Serialize)]
struct LineEntry<'c> {
    change: &'static str,
    aspect: &'static str,
    item: Option<Cow<'c, str>>,
    before: Option<Cow<'c, str>>,
    after: Option<Cow<'c, str>>,
}

#[derive(Serialize)]
struct NotEntry<'c> {
    side: &'static str,
    kind: Option<&'static str>,
    rule: Option<&'c str>,
    reason: &'c str,
    findings: u64,
}

/// Writes the report.
///
/// # Errors
/// Writing to `out` failed.
pub fn json(changes: &Changes, out: &mut dyn Write) -> io::Result<()> {
    let head = pretty(&Head::of(changes))?;
    // The object goes on with its lists.
    out.write_all(head.strip_suffix(b"\n}").unwrap_or(&head))?;
    let findings = &changes.findings;
    list("newFindings", findings.new.iter().map(Finding::of), out)?;
    list("goneFindings", findings.gone.iter().map(Finding::of), out)?;
    let altered = changes.objects.altered.iter();
    list("objects", altered.map(AlteredEntry::of), out)?;
    let not = changes.objects.not_compared.iter();
    list("notCompared", not.map(NotEntry::of), out)?;
    out.write_all(b"\n}\n")
}

/// Writes a member that is a list, an item after the other.
fn list<T: Serialize>(
    name: &str,
    items: impl Iterator<Item = T>,
    out: &mut dyn Write,
) -> io::Result<()> {
    write!(out, ",\n  \"{name}\": [")?;
    let mut any = false;
    for item in items {
        if std::mem::replace(&mut any, true) {
            out.write_all(b",")?;
        }
        for line in pretty(&item)?.split(|&byte| byte == b'\n') {
            out.write_all(b"\n    ")?;
            out.write_all(line)?;
        }
    }
    out.write_all(if any { b"\n  ]" } else { b"]" })
}

impl<'c> Head<'c> {
    fn of(changes: &'c Changes) -> Head<'c> {
        let findings = &changes.findings;
        let input = |input: &'c Input| InputEntry {
            path: &input.path,
            files: input.files,
        };
        let of = |severity| findings.tally.of(severity);
        let counts = |counts: &Counts| CountsEntry {
            added: counts.added,
            removed: counts.removed,
            changed: counts.changed,
            unchanged: counts.unchanged,
        };
        let objects = changes.objects.counts.iter();
        Head {
            schema_version: 1,
            tool: Tool::this(),
            evaluated_at: changes.evaluated_at.rfc3339(),
            profile: &changes.profile,
            persona: changes.persona.name(),
            old: input(&changes.old),
            new: input(&changes.new),
            summary: Summary {
                findings: FindingCounts {
                    new: Severities {
                        errors: of(Severity::Error),
                        warnings: of(Severity::Warning),
                        infos: of(Severity::Info),
                    },
                    suppressed: findings.suppressed,
                    gone: findings.gone.len() as u64,
                    unchanged: findings.unchanged,
                },
                objects: objects
                    .map(|(kind, of_kind)| (kind.name(), counts(of_kind)))
                    .collect(),
            },
        }
    }
}

impl<'c> AlteredEntry<'c> {
    fn of(altered: &'c Altered) -> AlteredEntry<'c> {
        AlteredEntry {
            change: altered.change.name(),
            object: SubjectEntry::of(&altered.subject),
            changes: altered.lines.iter().map(LineEntry::of).collect(),
        }
    }
}

impl<'c> LineEntry<'c> {
    fn of(line: &'c Line) -> LineEntry<'c> {
        LineEntry {
            change: line.change.name(),
            aspect: line.aspect.name(),
            item: Some(line.item.as_str())
                .filter(|item| !item.is_empty())
                .map(masked),
            before: line.before.as_deref().map(masked),
            after: line.after.as_deref().map(masked),
        }
    }
}

impl<'c> NotEntry<'c> {
    fn of(not: &'c NotCompared) -> NotEntry<'c> {
        NotEntry {
            side: not.side.name(),
            kind: not.kind.map(|kind| kind.name()),
            rule: not.rule.as_deref(),
            reason: &not.reason,
            findings: not.findings,
        }
    }
}
