//! GitLab's code quality report: an array of issues (GitLab documentation, "Code Quality"; its own
//! check is `app/validators/json_schemas/codeclimate.json`).

use std::collections::HashMap;
use std::io::{self, Write};

use serde::Serialize;

use super::{Outcome, Report, Reported, json, safe};
use crate::rules::Severity;

/// The `gitlab` format.
#[derive(Debug)]
pub struct Gitlab {
    root: String,
    any: bool,
    /// How often a fingerprint came: GitLab folds issues with the same one.
    seen: Repeats,
}

impl Gitlab {
    /// Paths below `root` are shown as seen from there.
    pub fn new(root: &str) -> Gitlab {
        Gitlab {
            root: root.to_owned(),
            any: false,
            seen: Repeats::default(),
        }
    }
}

/// Tells findings apart that have the same fingerprint: the same object, exported twice.
#[derive(Debug, Default)]
pub struct Repeats(HashMap<u128, u64>);

impl Repeats {
    /// The how-manieth finding of this fingerprint this is, from 1.
    pub fn next(&mut self, fingerprint: &str) -> u64 {
        // 32 hexadecimal digits; what is none is not ours and needs no care.
        let key = u128::from_str_radix(fingerprint, 16).unwrap_or(0);
        let count = self.0.entry(key).or_insert(0);
        *count += 1;
        *count
    }
}

#[derive(Serialize)]
struct Issue<'f> {
    description: &'f str,
    check_name: &'static str,
    fingerprint: &'f str,
    severity: &'static str,
    location: Location<'f>,
}

#[derive(Serialize)]
struct Location<'f> {
    path: &'f str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u64,
}

impl Report for Gitlab {
    fn begin(&mut self, _: &Outcome, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(b"[")
    }

    fn finding(&mut self, finding: &Reported, out: &mut dyn Write) -> io::Result<()> {
        let fingerprint = match self.seen.next(&finding.fingerprint) {
            1 => finding.fingerprint.clone(),
            again => format!("{}-{again}", finding.fingerprint),
        };
        let path = safe::relative(&finding.location.path, &self.root);
        let description = match &finding.suppression {
            Some(known) => format!("(suppressed: {}) {}", known.reason, finding.message),
            None => finding.message.clone(),
        };
        let issue = Issue {
            description: &safe::line(&description),
            check_name: finding.rule.id,
            fingerprint: &fingerprint,
            severity: match finding.severity {
                _ if finding.suppression.is_some() => "info",
                Severity::Error => "major",
                Severity::Warning => "minor",
                Severity::Info => "info",
            },
            location: Location {
                path: &safe::path(path),
                lines: Lines {
                    begin: finding.location.start.line,
                },
            },
        };
        out.write_all(if std::mem::replace(&mut self.any, true) {
            b",\n"
        } else {
            b"\n"
        })?;
        out.write_all(&json::compact(&issue)?)
    }

    fn end(&mut self, _: &Outcome, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(if self.any { b"\n]\n" } else { b"]\n" })
    }
}
