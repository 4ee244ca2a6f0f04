//! Verdicts as a comment or a job's summary. Foreign text stands outside of tables, where a bar
//! cannot end a cell.

use std::io::{self, Write};

use super::{
    AccessApplication, AccessEnd, AccessHead, AccessInstance, AccessReport, called, folded, ids,
    shared, word,
};
use crate::report::safe;
use crate::rules::Want;

/// A longer text is cut, in characters.
const LONGEST: usize = 400;

/// The `markdown` format.
#[derive(Debug, Default)]
pub struct AccessMarkdown;

impl AccessMarkdown {
    pub fn new() -> AccessMarkdown {
        AccessMarkdown
    }
}

impl AccessReport for AccessMarkdown {
    fn wants_places(&self) -> bool {
        false
    }

    fn begin(&mut self, head: &AccessHead, out: &mut dyn Write) -> io::Result<()> {
        let want = match head.want {
            Want::Read => "read",
            Want::Write => "write",
        };
        writeln!(
            out,
            "# Access\n\nProfile {}, to {want}, evaluated at {}.",
            safe::markdown(&head.profile, LONGEST),
            head.evaluated_at.date()
        )?;
        if !head.notes.is_empty() {
            writeln!(out)?;
        }
        for note in &head.notes {
            writeln!(out, "- {}", safe::markdown(note, LONGEST))?;
        }
        Ok(())
    }

    fn instance(
        &mut self,
        instance: Option<&AccessInstance>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        match instance {
            Some(instance) => {
                writeln!(out, "\n## {}", safe::markdown(&instance.name, LONGEST))?;
                let id = safe::line(&instance.id).into_owned();
                write!(out, "\n{}", safe::span(&id))?;
                if let Some(apart) = &instance.apart {
                    write!(out, " ({})", safe::markdown(apart, LONGEST))?;
                }
                writeln!(out)
            }
            None => writeln!(out, "\n## No instance: the applications' side alone"),
        }
    }

    fn application(
        &mut self,
        application: &AccessApplication,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let subject = &application.subject;
        writeln!(out, "\n### {}", safe::markdown(called(subject), LONGEST))?;
        write!(out, "\n{}", safe::markdown(&ids(subject), LONGEST))?;
        if let Some(apart) = &application.apart {
            write!(out, ", in {}", safe::span(&safe::line(apart)))?;
        }
        writeln!(out)?;
        let (told, not_offered) = folded(application);
        if !told.is_empty() {
            writeln!(out, "\n| flow | read | write |\n| --- | --- | --- |")?;
        }
        for verdict in &told {
            let [read, write] = [verdict.read, verdict.write].map(word);
            writeln!(out, "| {} | {read} | {write} |", verdict.flow.name())?;
        }
        let groups = shared(&told);
        if !groups.is_empty() || !not_offered.is_empty() {
            writeln!(out)?;
        }
        for (flows, reasons) in groups {
            let names: Vec<&str> = flows.iter().map(|verdict| verdict.flow.name()).collect();
            writeln!(out, "- {}", names.join(", "))?;
            for reason in reasons {
                let kind = if reason.closed { "no" } else { "unknown" };
                let only = if reason.only_write { ", to write" } else { "" };
                write!(
                    out,
                    "  - **{kind}{only}**, {}: {}",
                    reason.gate.name(),
                    safe::markdown(&reason.message, LONGEST)
                )?;
                match reason.rule {
                    Some(rule) => writeln!(out, " ({})", safe::span(rule))?,
                    None => writeln!(out)?,
                }
            }
        }
        if !not_offered.is_empty() {
            writeln!(out, "- not offered: {}", not_offered.join(", "))?;
        }
        Ok(())
    }

    fn end(&mut self, end: &AccessEnd, out: &mut dyn Write) -> io::Result<()> {
        if !end.not_evaluated.is_empty() {
            writeln!(out, "\n## What would decide the unknown\n")?;
            for entry in &end.not_evaluated {
                writeln!(
                    out,
                    "- {}: {}",
                    safe::markdown(&entry.reason, LONGEST),
                    safe::span(&safe::line(&entry.command))
                )?;
            }
        }
        writeln!(
            out,
            "\n{} asked for: {} yes, {} no, {} unknown.",
            end.asked, end.yes, end.no, end.unknown
        )
    }
}
