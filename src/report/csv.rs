//! A row a finding, for a spreadsheet: RFC 4180, every cell quoted, no cell a formula.

use std::io::{self, Write};

use super::{Outcome, Report, Reported, safe};

/// A longer text is cut, in characters: a spreadsheet's cell takes 32,767.
const LONGEST: usize = 8000;

const HEADER: [&str; 20] = [
    "severity",
    "rule",
    "message",
    "kind",
    "name",
    "appId",
    "id",
    "path",
    "line",
    "column",
    "endLine",
    "endColumn",
    "record",
    "pointer",
    "label",
    "help",
    "commands",
    "reference",
    "fingerprint",
    "suppressed",
];

/// The `csv` format.
#[derive(Debug, Default)]
pub struct Csv;

impl Csv {
    pub fn new() -> Csv {
        Csv
    }
}

impl Report for Csv {
    fn begin(&mut self, _: &Outcome, out: &mut dyn Write) -> io::Result<()> {
        row(&HEADER, out)
    }

    fn finding(&mut self, finding: &Reported, out: &mut dyn Write) -> io::Result<()> {
        let place = &finding.location;
        let subject = finding.subject.as_ref();
        let of = |part: Option<&String>| part.map_or("", String::as_str).to_owned();
        let suppression = finding.suppression.as_ref();
        row(
            &[
                finding.severity.name(),
                finding.rule.id,
                &finding.message,
                subject.map_or("", |subject| subject.kind.name()),
                &of(subject.and_then(|subject| subject.name.as_ref())),
                &of(subject.and_then(|subject| subject.app_id.as_ref())),
                &of(subject.and_then(|subject| subject.id.as_ref())),
                &place.path,
                &place.start.line.to_string(),
                &place.start.column.to_string(),
                &place.end.line.to_string(),
                &place.end.column.to_string(),
                &place
                    .record
                    .map_or_else(String::new, |line| line.to_string()),
                &place.pointer,
                &place.label,
                finding.help.as_deref().unwrap_or(""),
                // One a line would need a line break in the cell, which many readers cannot bear.
                &finding.commands.join(" ; "),
                finding.rule.url(),
                &finding.fingerprint,
                suppression.map_or("", |suppression| suppression.reason.as_str()),
            ],
            out,
        )
    }

    fn end(&mut self, _: &Outcome, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

fn row(cells: &[&str; HEADER.len()], out: &mut dyn Write) -> io::Result<()> {
    let cells = cells.map(|text| safe::cell(text, LONGEST));
    // Cells are joined, and what they make together is looked at once more.
    let line = cells.join(",") + "\r\n";
    out.write_all(safe::defuse(&line).as_bytes())
}
