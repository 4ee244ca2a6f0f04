//! `entralint access`: whether applications reach their instances.

use std::io::{self, BufWriter, Write};

use super::{human, say, watched};
use crate::cli::{AccessArgs, AccessFormat};
use crate::engine::{self, Progress};
use crate::failure::{EXIT_FAILURE, EXIT_FINDINGS, Failure};
use crate::report::access::{AccessHuman, AccessJson, AccessMarkdown, AccessReport};
use crate::settings::{Settings, Surroundings, When};

/// Judges what was named, and writes the verdicts; returns the exit code.
pub(super) fn access(args: &AccessArgs, color: When, around: &Surroundings) -> Result<u8, Failure> {
    let settings = Settings::for_access(args, around)?;
    if settings.rules.profile.is_none() {
        return Err(Failure::NoProfile);
    }
    let progress = Progress::default();
    let run = if settings.progress {
        watched(&progress, || engine::run(&settings, &progress))
    } else {
        engine::run(&settings, &progress)
    };
    for trouble in run.troubles() {
        say(&format!("error: {}", super::clean(trouble)));
    }
    if !args.instance.is_empty() {
        let unknown = run.unknown_instances();
        if !unknown.is_empty() {
            return Err(Failure::UnknownInstance(unknown));
        }
    }
    let mut report: Box<dyn AccessReport> = match args.format {
        AccessFormat::Human => Box::new(AccessHuman::new(human(
            around.stdout(color),
            settings.verbosity.verbose,
            settings.verbosity.quiet,
        ))),
        AccessFormat::Json => Box::new(AccessJson::new()),
        AccessFormat::Markdown => Box::new(AccessMarkdown::new()),
    };
    let mut out = BufWriter::with_capacity(64 * 1024, io::stdout().lock());
    let told = run
        .access(report.as_mut(), &mut out)
        .and_then(|end| out.flush().map(|()| end));
    let end = match told {
        Ok(Some(end)) => end,
        Ok(None) if run.incomplete => return Ok(EXIT_FAILURE),
        Ok(None) => return Err(Failure::NothingToJudge),
        Err(error) => {
            // What is still in the buffer would be written again when it is dropped.
            let _ = out.into_parts();
            return Err(Failure::Output(error));
        }
    };
    let mut failed = run.incomplete;
    for changed in run.changed() {
        failed = true;
        say(&format!("error: {}", super::clean(&changed.to_string())));
    }
    Ok(if failed {
        EXIT_FAILURE
    } else if end.asked == end.yes {
        0
    } else {
        EXIT_FINDINGS
    })
}
