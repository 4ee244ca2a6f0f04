//! `--baseline` and `--write-baseline`: what is said and written besides the report.

use std::io::Write;
use std::path::Path;

use super::{clean, say};
use crate::engine::Run;
use crate::failure::Failure;
use crate::report::{Target, safe};
use crate::settings::Settings;

/// Notes entries of the baseline that nothing was found for; with `-v` each of them.
pub fn say_stale(run: &Run<'_>, settings: &Settings) {
    let (stale, known) = (run.stale(), &settings.known);
    let Some((path, _)) = known.baseline.as_ref().filter(|_| !stale.is_empty()) else {
        return;
    };
    if settings.verbosity.quiet {
        return;
    }
    let path = safe::path(&path.to_string_lossy()).into_owned();
    let gone: u64 = stale.iter().map(|entry| u64::from(entry.count)).sum();
    let many = if gone == 1 { " that is" } else { "s that are" };
    let help = if known.prunes {
        "removed"
    } else {
        "--write-baseline to the same file removes what is gone"
    };
    say(&safe::defuse(&format!(
        "note: {path} has {gone} finding{many} gone; {help}"
    )));
    if settings.verbosity.verbose > 0 {
        for entry in stale {
            let words = format!("  {} {}: {}", entry.rule, entry.subject, entry.message);
            say(&safe::defuse(&clean(&words)));
        }
    }
}

/// Writes the baseline that was asked for: as a whole, or not at all.
///
/// # Errors
/// It cannot be written, or not everything could be read.
pub fn write(
    run: &Run<'_>,
    settings: &Settings,
    is_input: &dyn Fn(&Path) -> bool,
) -> Result<(), Failure> {
    let Some(path) = &settings.known.write else {
        return Ok(());
    };
    let shown = || path.display().to_string();
    let Some(baseline) = run.baseline() else {
        return Err(Failure::BaselineKept(shown()));
    };
    Target::file(path, is_input)
        .and_then(|mut target| {
            let mut text = Vec::new();
            baseline.write(&mut text)?;
            target.write_all(&text)?;
            target.finish()
        })
        .map_err(|error| Failure::BaselineTarget(shown(), error))
}
