//! `convert`: a stored `json` report in other formats.
#![expect(
    clippy::disallowed_methods,
    reason = "the home of reading stored reports"
)]

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use super::report_failure;
use super::write::{Paper, lost};
use crate::cli::ConvertArgs;
use crate::failure::{EXIT_FAILURE, Failure};
use crate::input::decode::Feed;
use crate::json::Tape;
use crate::report::stored::{Stored, Unfit};
use crate::report::target;
use crate::settings::{Surroundings, Verbosity, When, outputs};

/// No stored report is longer, in bytes: some two million findings.
const LARGEST: u64 = 4_000_000_000;

/// Reads the report and writes it; the exit code says whether that worked, not what it holds.
pub fn convert(args: &ConvertArgs, color: When, around: &Surroundings) -> Result<u8, Failure> {
    let outputs = outputs(&args.format, &around.folder)?;
    let (path, shown) = (&args.report, args.report.display().to_string());
    let text = text(path, &shown)?;
    let mut tape = Tape::default();
    let stored =
        Stored::new(&text, &mut tape).map_err(|unfit| Failure::Stored(shown.clone(), unfit))?;
    let paper = Paper {
        around,
        color,
        verbosity: Verbosity {
            quiet: args.quiet,
            verbose: args.verbose,
        },
    };
    let is_input = |real: &Path| target::is_same(path, real);
    let mut outlets = paper.outlets(outputs.iter(), &is_input);
    if !outlets.is_empty() {
        // The outlets know which of them could not be written.
        let _ = stored.tell(&mut outlets, &mut io::sink());
    }
    let lost = lost(outlets.finish(), outputs.len() == 1)?;
    for failure in &lost {
        report_failure(failure, around.stderr(color).color);
    }
    Ok(if lost.is_empty() { 0 } else { EXIT_FAILURE })
}

/// The report's text: in UTF-8, or as Windows PowerShell redirects it.
fn text(path: &Path, shown: &str) -> Result<String, Failure> {
    let failed = |error: io::Error| Failure::StoredIo(shown.to_owned(), error);
    let reader: Box<dyn Read + Send> = if path.as_os_str() == "-" {
        Box::new(io::stdin())
    } else {
        let file = File::open(path).map_err(failed)?;
        if file.metadata().is_ok_and(|meta| meta.is_dir()) {
            return Err(failed(ErrorKind::IsADirectory.into()));
        }
        Box::new(file)
    };
    let mut bytes = Vec::new();
    let mut feed = Feed::open(reader, LARGEST).map_err(failed)?;
    while feed.fill(&mut bytes, 1 << 20).map_err(failed)? > 0 {}
    String::from_utf8(bytes).map_err(|error| {
        let unfit = Unfit {
            line: 1,
            column: 1,
            message: format!(
                "not UTF-8 from byte {} on",
                error.utf8_error().valid_up_to()
            ),
        };
        Failure::Stored(shown.to_owned(), unfit)
    })
}
