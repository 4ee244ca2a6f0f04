//! What changed, for people: the summary first, then what is new, and the rest behind it.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::{Changes, called, heading, said};
use crate::changes::Change;
use crate::report::options::HumanOptions;
use crate::report::paint::Paint;
use crate::report::{Reported, safe};

/// Findings that are gone, objects of a kind and lines of an object that are told, unless all are
/// asked for.
const GONE: usize = 50;
const OBJECTS: usize = 50;
const LINES: usize = 20;

/// Writes the report.
///
/// # Errors
/// Writing to `out` failed.
pub fn human(changes: &Changes, options: &HumanOptions, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page {
        options,
        paint: Paint {
            color: options.color,
        },
        text: String::new(),
    };
    if !options.quiet {
        let summary = changes.summary();
        let style = if changes.findings.tally.total() > 0 {
            Style::new().bold()
        } else {
            Paint::GOOD
        };
        page.paint.put(&mut page.text, style, &summary);
        page.text.push('\n');
    }
    page.flush(out)?;
    let findings = &changes.findings;
    let new = || {
        let all = findings.new.iter();
        all.filter(|finding| finding.suppression.is_none() || options.verbose > 0)
    };
    if new().next().is_some() {
        page.heading("New findings");
        for finding in new() {
            page.finding(finding, true);
            page.flush(out)?;
        }
    }
    if !findings.gone.is_empty() {
        page.heading("Gone");
        for finding in findings.gone.iter().take(page.most(GONE)) {
            page.finding(finding, options.verbose > 0);
            page.flush(out)?;
        }
        page.rest(findings.gone.len(), GONE, "  ");
    }
    for (kind, counts, altered) in changes.kinds() {
        page.heading(&heading(kind, &counts));
        for altered in altered.iter().take(page.most(OBJECTS)) {
            let (name, id) = called(&altered.subject);
            let mut words = options.clean(name, 2 * safe::LONGEST).into_owned();
            if let Some(id) = id {
                words += &format!(", {}", options.clean(id, 2 * safe::LONGEST));
            }
            page.line("  ", altered.change, &words);
            for line in altered.lines.iter().take(page.most(LINES)) {
                let (_, aspect, words) = said(line, if options.unicode { "→" } else { "->" });
                let words = options.clean(&words, 2 * safe::LONGEST);
                page.line("      ", line.change, &format!("{aspect} {words}"));
            }
            page.rest(altered.lines.len(), LINES, "      ");
            page.flush(out)?;
        }
        page.rest(altered.len(), OBJECTS, "  ");
    }
    let not = changes.not_compared();
    if !not.is_empty() && !options.quiet {
        page.heading("Not compared");
        for line in not {
            let line = options.clean(&line, 2 * safe::LONGEST).into_owned();
            page.text.push_str(&format!("  {line}\n"));
        }
    }
    page.flush(out)
}

struct Page<'p> {
    options: &'p HumanOptions,
    paint: Paint,
    text: String,
}

impl Page<'_> {
    fn most(&self, most: usize) -> usize {
        if self.options.verbose > 0 {
            usize::MAX
        } else {
            most
        }
    }

    /// How many were not told.
    fn rest(&mut self, all: usize, most: usize, indent: &str) {
        let rest = all.saturating_sub(self.most(most));
        if rest > 0 {
            self.text
                .push_str(&format!("{indent}and {rest} more (-v shows all)\n"));
        }
    }

    fn heading(&mut self, words: &str) {
        if !self.options.quiet {
            self.text.push('\n');
            self.paint.put(&mut self.text, Paint::BOLD, words);
            self.text.push('\n');
        }
    }

    /// A finding in one line, with its place or without.
    fn finding(&mut self, finding: &Reported, placed: bool) {
        self.text.push_str("  ");
        if placed {
            let place = &finding.location;
            self.text.push_str(&format!(
                "{}:{}:{}: ",
                safe::path(&place.path),
                place.start.line,
                place.start.column
            ));
        }
        let style = self.paint.severity(finding.severity);
        self.paint
            .put(&mut self.text, style, finding.severity.name());
        self.text.push_str(&format!("[{}]: ", finding.rule.id));
        if let Some(suppression) = &finding.suppression {
            let reason = self.options.clean(&suppression.reason, safe::LONGEST);
            self.text.push_str(&format!("suppressed ({reason}): "));
        }
        let message = self.options.clean(&finding.message, 2 * safe::LONGEST);
        self.text.push_str(&message);
        self.text.push('\n');
    }

    /// A line with its sign; the words are harmless already.
    fn line(&mut self, indent: &str, change: Change, words: &str) {
        let style = match change {
            Change::Added => AnsiColor::Green,
            Change::Removed => AnsiColor::Red,
            Change::Changed => AnsiColor::Yellow,
        };
        self.text.push_str(indent);
        let line = format!("{} {words}", change.sign());
        self.paint
            .put(&mut self.text, style.on_default(), line.trim_end());
        self.text.push('\n');
    }

    fn flush(&mut self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(safe::defuse(&self.text).as_bytes())?;
        self.text.clear();
        Ok(())
    }
}
