//! JUnit's XML, as Jenkins, GitLab and Azure Pipelines read it: a suite a file, a test case a
//! finding. There is no official schema; `junit-10.xsd` of Jenkins' xUnit plugin is the usual one.

use std::io::{self, Seek, SeekFrom, Write};
use std::sync::Arc;

use tempfile::SpooledTempFile;

use super::{Outcome, Report, Reported, phrase, safe};
use crate::rules::Severity;

/// A longer text is cut, in characters.
const LONGEST: usize = 4000;
/// Test cases of one file are kept in memory up to here, then beside it: a suite begins with how
/// many it has.
const IN_MEMORY: usize = 1 << 20;

/// The `junit` format.
#[derive(Debug)]
pub struct Junit {
    root: String,
    suite: Option<Suite>,
    any: bool,
}

#[derive(Debug)]
struct Suite {
    path: Arc<str>,
    cases: SpooledTempFile,
    tests: u64,
    failures: u64,
    skipped: u64,
}

impl Junit {
    /// Paths below `root` are shown as seen from there.
    pub fn new(root: &str) -> Junit {
        Junit {
            root: root.to_owned(),
            suite: None,
            any: false,
        }
    }

    /// Writes the suite that is open.
    fn close(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let Some(mut suite) = self.suite.take() else {
            return Ok(());
        };
        self.any = true;
        let path = safe::xml(safe::relative(&suite.path, &self.root), usize::MAX);
        let Suite {
            tests,
            failures,
            skipped,
            ..
        } = suite;
        let head = format!(
            "  <testsuite name=\"{path}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\">\n"
        );
        out.write_all(safe::defuse(&head).as_bytes())?;
        suite.cases.seek(SeekFrom::Start(0))?;
        io::copy(&mut suite.cases, out)?;
        out.write_all(b"  </testsuite>\n")
    }
}

impl Report for Junit {
    fn begin(&mut self, _: &Outcome, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(
            b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"entralint\">\n",
        )
    }

    fn finding(&mut self, finding: &Reported, out: &mut dyn Write) -> io::Result<()> {
        let path = &finding.location.path;
        if self.suite.as_ref().is_some_and(|suite| suite.path != *path) {
            self.close(out)?;
        }
        let suite = self.suite.get_or_insert_with(|| Suite {
            path: Arc::clone(path),
            cases: SpooledTempFile::new(IN_MEMORY),
            tests: 0,
            failures: 0,
            skipped: 0,
        });
        suite.tests += 1;
        let mut name = finding.rule.id.to_owned();
        if let Some(subject) = &finding.subject {
            let (title, ids) = phrase::subject(subject);
            name.push_str(": ");
            name.push_str(if title.is_empty() { &ids } else { title });
        }
        let class = safe::xml(safe::relative(path, &self.root), usize::MAX);
        let mut case = format!(
            "    <testcase name=\"{}\" classname=\"{class}\">\n",
            safe::xml(&name, LONGEST)
        );
        let message = safe::xml(&finding.message, LONGEST);
        let severity = finding.severity.name();
        let words = words(finding);
        if let Some(suppression) = &finding.suppression {
            suite.skipped += 1;
            let reason = safe::xml(&suppression.reason, LONGEST);
            case.push_str(&format!("      <skipped message=\"{reason}\"/>\n"));
        } else if finding.severity == Severity::Info {
            // Worth knowing, but nothing that fails.
            case.push_str(&format!(
                "      <system-out>{message}\n{words}</system-out>\n"
            ));
        } else {
            suite.failures += 1;
            case.push_str(&format!(
                "      <failure type=\"{severity}\" message=\"{message}\">{words}</failure>\n"
            ));
        }
        case.push_str("    </testcase>\n");
        suite.cases.write_all(safe::defuse(&case).as_bytes())
    }

    fn end(&mut self, _: &Outcome, out: &mut dyn Write) -> io::Result<()> {
        self.close(out)?;
        if !self.any {
            // A report without any test fails a build.
            out.write_all(
                b"  <testsuite name=\"entralint\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\">\n    \
                <testcase name=\"no findings\" classname=\"entralint\"/>\n  </testsuite>\n",
            )?;
        }
        out.write_all(b"</testsuites>\n")
    }
}

/// Where it is and what to do, a line each.
fn words(finding: &Reported) -> String {
    let place = &finding.location;
    let mut lines = vec![format!(
        "{}:{}:{}",
        place.path, place.start.line, place.start.column
    )];
    lines.extend(finding.help.clone());
    lines.extend(finding.commands.iter().cloned());
    let mut out = String::new();
    for line in lines {
        out.push_str(&safe::xml(&line, LONGEST));
        out.push('\n');
    }
    out
}
