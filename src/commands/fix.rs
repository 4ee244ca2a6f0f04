//! `--fix` and `--diff`: what is said of them besides the report.

use std::io::{self, Write};

use super::{Verbosity, clean, say};
use crate::engine::Run;
use crate::failure::{EXIT_FAILURE, EXIT_FINDINGS, Failure};
use crate::fix::Fixer;
use crate::report::{Fixed, diff};

/// `3 findings in 2 files`
fn amount(fixed: &[Fixed]) -> String {
    let mut files: Vec<&str> = fixed.iter().map(|fixed| &*fixed.path).collect();
    files.dedup();
    let many = |count: usize| if count == 1 { "" } else { "s" };
    let (findings, files) = (fixed.len(), files.len());
    format!(
        "{findings} finding{} in {files} file{}",
        many(findings),
        many(files)
    )
}

/// Says what could not be mended; whether there was anything.
pub fn say_troubles(fixer: Option<&Fixer>) -> bool {
    let troubles = fixer.map(Fixer::troubles).unwrap_or_default();
    for trouble in troubles {
        say(&format!("error: {}", clean(trouble)));
    }
    !troubles.is_empty()
}

/// Says what was mended, beside a report that does not.
pub fn say_fixed(fixed: &[Fixed]) {
    if !fixed.is_empty() {
        say(&format!("fixed {}", amount(fixed)));
    }
}

/// Prints the changes; 1 when there are any, as a linter does that finds something.
pub fn print_diff(
    run: &Run<'_>,
    fixer: &Fixer,
    color: bool,
    verbosity: Verbosity,
) -> Result<u8, Failure> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut any = false;
    for (name, before, after) in fixer.changed() {
        any = true;
        let text = diff::unified(name, &before, &after, color);
        out.write_all(text.as_bytes()).map_err(Failure::Output)?;
    }
    out.flush().map_err(Failure::Output)?;
    drop(out);
    let fixed = fixer.fixed();
    if !verbosity.quiet {
        say(&match fixed.as_slice() {
            [] => "nothing can be fixed for certain".to_owned(),
            fixed => format!("{} can be fixed", amount(fixed)),
        });
    }
    let failed = say_troubles(Some(fixer)) | run.incomplete;
    for trouble in run.troubles() {
        say(&format!("error: {}", clean(trouble)));
    }
    Ok(match (failed, any) {
        (true, _) => EXIT_FAILURE,
        (false, true) => EXIT_FINDINGS,
        (false, false) => 0,
    })
}
