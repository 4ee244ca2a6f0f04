//! `convert`: a stored `json` report in other formats.

use std::io;
use std::path::Path;

use super::report_failure;
use super::write::{Paper, lost};
use crate::cli::ConvertArgs;
use crate::failure::{EXIT_FAILURE, Failure};
use crate::json::Tape;
use crate::report::document::{self, Unread};
use crate::report::stored::Stored;
use crate::report::target;
use crate::settings::{Surroundings, Verbosity, When, outputs};

/// Reads the report and writes it; the exit code says whether that worked, not what it holds.
pub fn convert(args: &ConvertArgs, color: When, around: &Surroundings) -> Result<u8, Failure> {
    let outputs = outputs(&args.format, &around.folder)?;
    let (path, shown) = (&args.report, args.report.display().to_string());
    let text = document::text(path).map_err(|unread| match unread {
        Unread::Io(error) => Failure::StoredIo(shown.clone(), error),
        Unread::Unfit(unfit) => Failure::Stored(shown.clone(), unfit),
    })?;
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
        show_suppressed: args.show_suppressed,
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
