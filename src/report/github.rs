//! Workflow commands of GitHub Actions: findings as annotations (GitHub documentation, "Workflow
//! commands"; how the runner reads them: actions/runner, `ActionCommand.cs`).

use std::io::{self, Write};

use super::annotate::{self, LONGEST, Log};
use super::{Outcome, Position, Report, Reported, safe};
use crate::rules::Severity;

/// The `github` format.
#[derive(Debug)]
pub struct Github {
    log: Log,
}

impl Github {
    /// Paths below `root` are shown as seen from there.
    pub fn new(root: &str) -> Github {
        Github {
            log: Log::new(root),
        }
    }
}

impl Report for Github {
    fn begin(&mut self, _: &Outcome, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    fn finding(&mut self, finding: &Reported, out: &mut dyn Write) -> io::Result<()> {
        if finding.suppression.is_some() || !self.log.has_room(finding.severity) {
            return self.log.line(finding, out);
        }
        let place = &finding.location;
        let level = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "notice",
        };
        let path = safe::relative(&place.path, &self.log.root);
        let mut line = format!(
            "::{level} file={},line={}",
            safe::github_property(path, usize::MAX),
            place.start.line
        );
        // Columns over several lines are none to GitHub.
        if place.end.line > place.start.line {
            line.push_str(&format!(",endLine={}", place.end.line));
        } else if place.start != Position::START || place.end != Position::START {
            let last = place.end.column.max(place.start.column);
            line.push_str(&format!(",col={},endColumn={last}", place.start.column));
        }
        line.push_str(&format!(
            ",title={}::{}\n",
            safe::github_property(finding.rule.id, LONGEST),
            safe::github_message(&annotate::words(finding), LONGEST)
        ));
        out.write_all(line.as_bytes())
    }

    fn end(&mut self, outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
        self.log.end(outcome, out)
    }
}
