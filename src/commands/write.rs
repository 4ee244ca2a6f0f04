//! Opening the reports that were asked for, and saying which ones could not be written.

use std::path::{Path, PathBuf};

use super::{human, say};
use crate::config::absolute;
use crate::failure::Failure;
use crate::input::Walk;
use crate::input::walk::Item;
use crate::report::{
    HumanOptions, Outcome, Outlets, Output, Target, Unwritten, safe, tally, target,
};
use crate::settings::{Exclude, Settings, Surroundings, Verbosity, When};

/// How reports are to look.
pub struct Paper<'p> {
    pub around: &'p Surroundings,
    pub color: When,
    pub verbosity: Verbosity,
    /// Suppressed findings in every format.
    pub show_suppressed: bool,
}

impl Paper<'_> {
    /// Opens all `outputs`; what cannot be opened is noted, and the others go on. `is_input` tells
    /// whether a canonical path must not be written to.
    pub fn outlets<'o>(
        &self,
        outputs: impl Iterator<Item = &'o Output>,
        is_input: &dyn Fn(&Path) -> bool,
    ) -> Outlets {
        let root = self.around.folder.to_string_lossy().replace('\\', "/");
        let Verbosity { verbose, quiet } = self.verbosity;
        let mut outlets = Outlets::default();
        for output in outputs {
            let (target, terminal, name) = match &output.path {
                None => (Ok(Target::stdout()), self.around.stdout(self.color), None),
                Some(path) => (
                    Target::file(path, is_input),
                    self.around.file(self.color),
                    Some(path.display().to_string()),
                ),
            };
            let options = HumanOptions {
                show_suppressed: self.show_suppressed,
                ..human(terminal, verbose, quiet)
            };
            let report = output.format.report(&options, &root);
            let suppressed = self.show_suppressed || output.format.keeps_suppressed();
            match target {
                Ok(target) => {
                    outlets.add(name, report, target, suppressed);
                }
                Err(error) => outlets.fail(name, error),
            }
        }
        outlets
    }
}

/// Keeps a walk from reading what an earlier run wrote and this one will write again: the same
/// command gives the same report twice.
pub fn leave_out_old_reports(settings: &mut Settings, folder: &Path) {
    let known = &settings.known;
    let read = known.baseline.as_ref().map(|(path, _)| path);
    let reports = settings.outputs.iter().filter_map(|out| out.path.as_ref());
    let paths: Vec<PathBuf> = reports
        .chain(read)
        .chain(&known.write)
        .map(|path| absolute(folder, path))
        .collect();
    for path in paths {
        if target::is_old_report(&path) {
            let glob = globset::escape(&path.to_string_lossy());
            // One that is too long for a glob is skipped with a word, as any other file of no kind.
            let _ = settings.exclude.add(folder, &[glob]);
        }
    }
}

/// Whether a report must not go to a canonical path: [`is_input`], or a baseline of this run, read
/// or written.
pub fn is_taken(settings: &Settings, real: &Path) -> bool {
    let known = &settings.known;
    let read = known.baseline.as_ref().map(|(path, _)| path);
    let mut baselines = read.into_iter().chain(&known.write);
    baselines.any(|path| target::is_same(path, real)) || is_input(settings, real)
}

/// Whether the file at a canonical path is one that a run of `check` reads, or might: it was named,
/// it is the configuration, or a walk finds it and it is no older report of ours.
pub fn is_input(settings: &Settings, real: &Path) -> bool {
    let named = settings.paths.iter().map(PathBuf::as_path);
    let configuration = settings.config.iter().map(Path::new);
    let mut read = named.chain(configuration);
    if read.any(|path| target::is_same(path, real)) {
        return true;
    }
    let below =
        |path: &&PathBuf| target::folder(path).is_some_and(|folder| real.starts_with(folder));
    let folders: Vec<PathBuf> = settings.paths.iter().filter(below).cloned().collect();
    if folders.is_empty() || target::is_old_report(real) {
        return false;
    }
    // An export that is left out of this run is one all the same.
    let nothing = Exclude::default();
    let mut found = false;
    let (walk, items) = Walk::of(&folders, "", &nothing, false);
    for item in items {
        let Item::Folder(folder) = item else { continue };
        walk.folder(&folder, &(), &mut |origin| {
            let path = origin.path().unwrap_or(Path::new(""));
            let alike = path.file_name() == real.file_name();
            found = found || alike && target::is_same(path, real);
        });
    }
    found
}

/// Where nothing goes to standard output, tells in a line how it went and where to read on: an exit
/// code alone would be a riddle.
pub fn say_where(outputs: &[Output], lost: &[Failure], outcome: &Outcome) {
    let paths: Vec<String> = outputs
        .iter()
        .filter_map(|output| output.path.as_ref())
        .map(|path| safe::path(&path.to_string_lossy()).into_owned())
        .collect();
    if paths.len() == outputs.len() && lost.is_empty() {
        let line = format!("entralint: {}; see {}", tally(outcome), paths.join(", "));
        say(&safe::defuse(&line));
    }
}

/// What is to be said of reports that are not there. A pipe whose reader went away is none of it.
///
/// # Errors
/// The `only` report could not be written: the run ends with that.
pub fn lost(unwritten: Vec<Unwritten>, only: bool) -> Result<Vec<Failure>, Failure> {
    let mut lost = Vec::new();
    for Unwritten { name, error } in unwritten {
        let closed = error.kind() == std::io::ErrorKind::BrokenPipe;
        let failure = match name {
            None => Failure::Output(error),
            Some(_) if closed => Failure::Output(error),
            Some(name) => Failure::Target(name, error),
        };
        if only {
            return Err(failure);
        }
        if !closed {
            lost.push(failure);
        }
    }
    Ok(lost)
}
