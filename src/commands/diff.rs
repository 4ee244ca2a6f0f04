//! `entralint diff`: what changed between two inputs.

use std::io::{self, BufWriter, Write};

use super::{clean, human, say, watched};
use crate::changes;
use crate::cli::{DiffArgs, ListFormat};
use crate::engine::{self, Progress, Run, Trouble};
use crate::failure::{EXIT_FAILURE, EXIT_FINDINGS, Failure};
use crate::report::changes as report;
use crate::settings::{Settings, Surroundings, When};

/// Compares the two that were named, and writes what changed; returns the exit code.
pub(super) fn diff(args: &DiffArgs, color: When, around: &Surroundings) -> Result<u8, Failure> {
    let [old, new] = Settings::for_diff(args, around)?;
    let (old, new) = (scan(&old), scan(&new));
    let color_of_errors = around.stderr(color).color;
    let mut failed = false;
    for run in [&old, &new] {
        for trouble in run.troubles() {
            say(&format!("error: {}", clean(trouble)));
        }
        failed |= run.incomplete;
    }
    for (run, path) in [(&old, &args.old), (&new, &args.new)] {
        if run.is_empty() && !run.incomplete {
            let failure = Failure::NothingToLint(vec![path.to_string_lossy().into_owned()]);
            if failed {
                super::report_failure(&failure, color_of_errors);
                return Ok(EXIT_FAILURE);
            }
            return Err(failure);
        }
    }
    let (changes, troubles) = match compare(args, &old, &new) {
        Ok(done) => done,
        Err(Trouble::Output(error)) => return Err(Failure::Output(error)),
        Err(other) => return Err(Failure::Internal(other.to_string())),
    };
    for trouble in &troubles {
        failed = true;
        say(&format!("error: {}", clean(&trouble.to_string())));
    }
    let mut out = BufWriter::with_capacity(64 * 1024, io::stdout().lock());
    let (verbose, quiet) = (args.talk.verbose, args.talk.quiet);
    let root = around.folder.to_string_lossy().replace('\\', "/");
    let written = match args.format {
        ListFormat::Human => {
            let options = human(around.stdout(color), verbose, quiet);
            report::human(&changes, &options, &mut out)
        }
        ListFormat::Json => report::json(&changes, &mut out),
        ListFormat::Markdown => report::markdown(&changes, &root, &mut out),
    };
    if let Err(error) = written.and_then(|()| out.flush()) {
        // What is still in the buffer would be written again when it is dropped.
        let _ = out.into_parts();
        return Err(Failure::Output(error));
    }
    Ok(if failed {
        EXIT_FAILURE
    } else if new.fails(&changes.findings.tally) {
        EXIT_FINDINGS
    } else {
        0
    })
}

fn scan(settings: &Settings) -> Run<'_> {
    let progress = Progress::default();
    if settings.progress {
        watched(&progress, || engine::run(settings, &progress))
    } else {
        engine::run(settings, &progress)
    }
}

/// Findings and objects of both; with what could not be told.
fn compare(
    args: &DiffArgs,
    old: &Run<'_>,
    new: &Run<'_>,
) -> Result<(report::Changes, Vec<Trouble>), Trouble> {
    let engine::Compared {
        findings,
        not_compared,
        mut troubles,
    } = engine::compare_findings(old, new)?;
    let unread = [old, new].map(|run| run.unread().map(str::to_owned).collect::<Vec<_>>());
    let [of_old, of_new] = &unread;
    let mut objects = old.stock(|before| {
        new.stock(|after| changes::compare(before, after, [of_old.as_slice(), of_new.as_slice()]))
    });
    objects.add_not_compared(not_compared);
    // Objects are read after the findings were told.
    troubles.retain(|trouble| !matches!(trouble, Trouble::Changed(_)));
    troubles.extend([old, new].into_iter().flat_map(Run::changed));
    let input = |path: &std::path::Path, run: &Run<'_>| report::Input {
        path: path.to_string_lossy().into_owned(),
        files: run.outcome.files,
    };
    let changes = report::Changes {
        evaluated_at: new.outcome.evaluated_at,
        profile: new.outcome.profile.clone(),
        persona: new.outcome.persona,
        old: input(&args.old, old),
        new: input(&args.new, new),
        findings,
        objects,
    };
    Ok((changes, troubles))
}
