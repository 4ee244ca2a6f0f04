//! Logging commands of Azure Pipelines: findings as issues of the build (Azure DevOps
//! documentation, "Logging commands"; how the agent reads them: azure-pipelines-agent,
//! `Command.cs`).

use std::io::{self, Write};

use super::annotate::{self, LONGEST, Log};
use super::{Outcome, Report, Reported, safe};
use crate::rules::Severity;

/// The `azure` format.
#[derive(Debug)]
pub struct Azure {
    log: Log,
}

impl Azure {
    /// Paths below `root` are shown as seen from there.
    pub fn new(root: &str) -> Azure {
        Azure {
            log: Log::new(root),
        }
    }
}

impl Report for Azure {
    fn begin(&mut self, _: &Outcome, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    fn finding(&mut self, finding: &Reported, out: &mut dyn Write) -> io::Result<()> {
        let level = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            // The agent knows no third level.
            Severity::Info => return self.log.line(finding, out),
        };
        if finding.suppression.is_some() || !self.log.has_room(finding.severity) {
            return self.log.line(finding, out);
        }
        let place = &finding.location;
        let path = safe::relative(&place.path, &self.log.root);
        let line = format!(
            "##vso[task.logissue type={level};sourcepath={};linenumber={};columnnumber={};code={};]{}\n",
            safe::azure_property(path, usize::MAX),
            place.start.line,
            place.start.column,
            safe::azure_property(finding.rule.id, LONGEST),
            safe::azure_message(&annotate::words(finding), LONGEST)
        );
        out.write_all(line.as_bytes())
    }

    /// Marks the step, too: with findings it succeeded with issues, unless the exit code says that
    /// it failed, which outranks this.
    fn end(&mut self, outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
        self.log.end(outcome, out)?;
        if self.log.is_bad() {
            out.write_all(b"##vso[task.complete result=SucceededWithIssues;]\n")?;
        }
        Ok(())
    }
}
