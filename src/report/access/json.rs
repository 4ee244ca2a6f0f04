//! The versioned report (`schemas/access.schema.json`), written as the verdicts come.

use std::io::{self, Write};

use super::{AccessApplication, AccessEnd, AccessHead, AccessInstance, AccessReport, word};
use crate::report::json::{Location, NotEvaluatedEntry, SubjectEntry, Tool, pretty};
use crate::rules::Want;

/// The `json` format.
#[derive(Debug, Default)]
pub struct AccessJson {
    any: bool,
    instance: Option<AccessInstance>,
}

impl AccessJson {
    pub fn new() -> AccessJson {
        AccessJson::default()
    }
}

#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Head<'h> {
    schema_version: u32,
    tool: Tool,
    evaluated_at: String,
    profile: &'h str,
    want: &'static str,
    notes: &'h [String],
}

#[derive(serde::Serialize)]
struct Entry<'v> {
    application: SubjectEntry<'v>,
    instance: Option<Instance<'v>>,
    flow: &'static str,
    read: &'static str,
    write: &'static str,
    through: Vec<Through<'v>>,
    reasons: Vec<Reason<'v>>,
}

#[derive(serde::Serialize)]
struct Instance<'v> {
    id: &'v str,
    name: &'v str,
}

#[derive(serde::Serialize)]
struct Through<'v> {
    principal: SubjectEntry<'v>,
    role: &'v str,
    scope: &'v str,
}

#[derive(serde::Serialize)]
struct Reason<'v> {
    rule: Option<&'static str>,
    gate: &'static str,
    message: &'v str,
    location: Option<Location<'v>>,
}

#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Tail<'e> {
    not_evaluated: Vec<NotEvaluatedEntry<'e>>,
}

impl AccessReport for AccessJson {
    fn wants_places(&self) -> bool {
        true
    }

    fn begin(&mut self, head: &AccessHead, out: &mut dyn Write) -> io::Result<()> {
        let head = pretty(&Head {
            schema_version: 1,
            tool: Tool::this(),
            evaluated_at: head.evaluated_at.rfc3339(),
            profile: &head.profile,
            want: match head.want {
                Want::Read => "read",
                Want::Write => "write",
            },
            notes: &head.notes,
        })?;
        // The object goes on with its verdicts.
        out.write_all(head.strip_suffix(b"\n}").unwrap_or(&head))?;
        out.write_all(b",\n  \"verdicts\": [")
    }

    fn instance(&mut self, instance: Option<&AccessInstance>, _: &mut dyn Write) -> io::Result<()> {
        self.instance = instance.cloned();
        Ok(())
    }

    fn application(
        &mut self,
        application: &AccessApplication,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        for verdict in &application.verdicts {
            let entry = Entry {
                application: SubjectEntry::of(&application.subject),
                instance: self.instance.as_ref().map(|instance| Instance {
                    id: &instance.id,
                    name: &instance.name,
                }),
                flow: verdict.flow.name(),
                read: word(verdict.read),
                write: word(verdict.write),
                through: verdict
                    .through
                    .iter()
                    .map(|through| Through {
                        principal: SubjectEntry::of(&through.principal),
                        role: &through.role,
                        scope: &through.scope,
                    })
                    .collect(),
                reasons: verdict
                    .reasons
                    .iter()
                    .map(|reason| Reason {
                        rule: reason.rule,
                        gate: reason.gate.name(),
                        message: &reason.message,
                        location: reason.location.as_ref().map(Location::of),
                    })
                    .collect(),
            };
            if std::mem::replace(&mut self.any, true) {
                out.write_all(b",")?;
            }
            for line in pretty(&entry)?.split(|&byte| byte == b'\n') {
                out.write_all(b"\n    ")?;
                out.write_all(line)?;
            }
        }
        Ok(())
    }

    fn end(&mut self, end: &AccessEnd, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(if self.any { b"\n  ]," } else { b"]," })?;
        let tail = pretty(&Tail {
            not_evaluated: end
                .not_evaluated
                .iter()
                .map(NotEvaluatedEntry::of)
                .collect(),
        })?;
        out.write_all(tail.strip_prefix(b"{").unwrap_or(&tail))?;
        out.write_all(b"\n")
    }
}
