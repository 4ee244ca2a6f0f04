//! What GitHub Actions and Azure Pipelines have in common: commands in a log, of which a runner
//! shows the first ten of each level.

use std::io::{self, Write};

use super::concise::Concise;
use super::{Outcome, Report, Reported, phrase, safe};
use crate::rules::Severity;

/// Annotations of one level that a step shows (GitHub: actions/toolkit, "Problem matchers",
/// limitations; the Azure agent keeps as many issues of each type).
pub const SHOWN: u64 = 10;
/// A longer message is cut, in characters.
pub const LONGEST: usize = 800;

/// What a log says besides its commands.
#[derive(Debug)]
pub struct Log {
    pub root: String,
    /// Writes the findings that are not annotated, as lines that the runner leaves alone.
    rest: Concise,
    /// How many there were of each level.
    errors: u64,
    warnings: u64,
    infos: u64,
    plain: u64,
}

impl Log {
    pub fn new(root: &str) -> Log {
        Log {
            root: root.to_owned(),
            rest: Concise::new(false, true),
            errors: 0,
            warnings: 0,
            infos: 0,
            plain: 0,
        }
    }

    /// Whether a finding of this severity is still shown as an annotation.
    pub fn has_room(&mut self, severity: Severity) -> bool {
        let count = match severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
            Severity::Info => &mut self.infos,
        };
        *count += 1;
        *count <= SHOWN
    }

    /// A finding as a line of the log.
    pub fn line(&mut self, finding: &Reported, out: &mut dyn Write) -> io::Result<()> {
        self.plain += 1;
        self.rest.finding(finding, out)
    }

    /// Whether there was anything that a build should be marked for.
    pub fn is_bad(&self) -> bool {
        self.errors + self.warnings > 0
    }

    /// The last line.
    pub fn end(&self, outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
        let mut line = format!("entralint: {}", phrase::tally(outcome));
        if self.plain > 0 {
            line.push_str(&format!(
                "; {} above without an annotation",
                phrase::count(self.plain, "finding")
            ));
        }
        if !outcome.not_evaluated.is_empty() {
            line.push_str(&format!(
                "; {} not evaluated, because something is missing",
                phrase::count(outcome.not_evaluated.len() as u64, "rule")
            ));
        }
        line.push('\n');
        out.write_all(safe::defuse(&line).as_bytes())
    }
}

/// What an annotation says: the finding, then what to do.
pub fn words(finding: &Reported) -> Vec<&str> {
    let mut lines = vec![finding.message.as_str()];
    lines.extend(finding.help.as_deref());
    // A command that was cut must not be run.
    let whole = |command: &&String| command.chars().nth(LONGEST).is_none();
    lines.extend(finding.commands.iter().filter(whole).map(String::as_str));
    lines
}
