//! `--fix` and `--diff`: mends what is certain in manifests that people write.
//!
//! Findings carry the change that mends them. All that are apart are made at once, in memory; the
//! changed texts are judged like files, with everything else that is in the run; and so on until
//! nothing is left to mend. Only what is clean of what was mended then reaches the disk, each file
//! as a whole or not at all.

mod file;
mod recode;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::engine::Run;
use crate::failure::Failure;
use crate::input::Drafts;
use crate::report::{Fix, Fixed, Outcome, Report, Reported, Window};
use crate::rules::Rule;
use crate::rules::document::DUPLICATE_KEY;
use crate::settings::{Fixing, Settings};
use recode::Coded;

/// Rounds after which a file is given up: fixes that meet take one each.
const MOST_ROUNDS: u32 = 50;

/// A file that is being mended.
struct Draft {
    /// As reports call it.
    name: Arc<str>,
    /// What stands in the file.
    before: Vec<u8>,
    /// What is to stand there.
    after: Arc<[u8]>,
    rounds: u32,
    written: bool,
    fixed: Vec<Fixed>,
    ledger: BTreeMap<Key, Entry>,
}

/// A rule and a fingerprint.
type Key = (&'static str, String);

/// How often a finding was there, and how often it was mended.
#[derive(Clone, Copy, Default)]
struct Entry {
    seen: u64,
    mended: u64,
}

/// Mends the manifests of a run.
pub struct Fixer {
    fixing: Fixing,
    max_input_size: u64,
    drafts: BTreeMap<PathBuf, Draft>,
    given_up: BTreeSet<PathBuf>,
    troubles: Vec<String>,
}

impl Fixer {
    /// `None` when nothing is to be mended.
    ///
    /// # Errors
    /// [`Failure::FixStream`]: an input can be read only once.
    pub fn new(settings: &Settings) -> Result<Option<Fixer>, Failure> {
        let Some(fixing) = settings.fixing else {
            return Ok(None);
        };
        if let Some(stream) = settings.paths.iter().find(|path| file::is_stream(path)) {
            return Err(Failure::FixStream(stream.to_string_lossy().into_owned()));
        }
        Ok(Some(Fixer {
            fixing,
            max_input_size: settings.max_input_size,
            drafts: BTreeMap::new(),
            given_up: BTreeSet::new(),
            troubles: Vec::new(),
        }))
    }

    /// One round: what the next run has to read instead of files. `None` when this run is the
    /// last, and its report tells what is left.
    pub fn next(&mut self, run: &Run<'_>) -> Option<Drafts> {
        let mut collector = Collector {
            run,
            files: BTreeMap::new(),
        };
        // What cannot be told is said when the report is written.
        run.tell(&mut collector, &mut io::sink()).ok()?;
        let files = collector.files;
        let mut again = false;
        for (path, found) in &files {
            if !found.fixes.is_empty() && !self.given_up.contains(path) {
                again = true;
                if let Err(reason) = self.mend(path, found) {
                    self.give_up(path, &found.name, &reason);
                }
            }
        }
        if !again {
            again = self.check(&files);
        }
        if !again && self.fixing == Fixing::Write {
            again = self.write();
        }
        again.then(|| {
            let drafts = self.drafts.iter();
            drafts
                .map(|(path, draft)| (path.clone(), Arc::clone(&draft.after)))
                .collect()
        })
    }

    /// Makes the fixes of one file that are apart.
    fn mend(&mut self, path: &Path, found: &Found) -> Result<(), String> {
        if !self.drafts.contains_key(path) {
            let before =
                file::read(path, self.max_input_size).map_err(|error| error.to_string())?;
            let draft = Draft {
                name: Arc::clone(&found.name),
                after: before.as_slice().into(),
                before,
                rounds: 0,
                written: false,
                fixed: Vec::new(),
                ledger: BTreeMap::new(),
            };
            self.drafts.insert(path.to_owned(), draft);
        }
        let Some(draft) = self.drafts.get_mut(path) else {
            return Ok(());
        };
        draft.rounds += 1;
        if draft.rounds > MOST_ROUNDS || draft.written {
            return Err("what is mended comes up again and again".to_owned());
        }
        for (key, count) in &found.counts {
            let entry = draft.ledger.entry(key.clone()).or_default();
            entry.seen = entry.seen.max(count + entry.mended);
        }
        let coded = Coded::read(&draft.after).map_err(|error| error.to_string())?;
        // While a property and its copy say the same, it is certain that one of them can go; once
        // the value of one was mended, it no longer is. So copies go first, and alone.
        let has_copies = found.fixes.iter().any(Candidate::is_of_a_copy);
        let mut chosen: Vec<&Candidate> = Vec::new();
        for candidate in &found.fixes {
            if has_copies && !candidate.is_of_a_copy() {
                continue;
            }
            if !candidate.still_fits(coded.text()) {
                return Err("it changed while it was read".to_owned());
            }
            if chosen.iter().all(|other| candidate.is_apart_from(other)) {
                chosen.push(candidate);
            }
        }
        let mut changes: Vec<(usize, usize, &str)> = chosen
            .iter()
            .flat_map(|candidate| &candidate.fix.replacements)
            .map(|change| {
                let place = |offset: u64| usize::try_from(offset).unwrap_or(usize::MAX);
                let text = change.text.as_str();
                (place(change.start.offset), place(change.end.offset), text)
            })
            .collect();
        changes.sort_unstable();
        let after = coded
            .with(&changes)
            .ok_or("its encoding has no room for the change")?;
        if !Coded::read(&after).is_ok_and(|coded| coded.is_json()) {
            return Err("the result would not be JSON, which is a bug of entralint".to_owned());
        }
        draft.after = after.into();
        for candidate in chosen {
            draft.ledger.entry(candidate.key()).or_default().mended += 1;
            draft.fixed.push(Fixed {
                path: Arc::clone(&found.name),
                rule: candidate.rule,
                description: candidate.fix.description.clone(),
            });
        }
        Ok(())
    }

    /// Whether what was mended is gone; gives up files of which it is not.
    fn check(&mut self, files: &BTreeMap<PathBuf, Found>) -> bool {
        let mut failed = Vec::new();
        for (path, draft) in self.drafts.iter().filter(|(_, draft)| !draft.written) {
            let left = |key: &Key| {
                let found = files.get(path);
                found.and_then(|found| found.counts.get(key)).copied()
            };
            let mut wrong: Vec<&str> = draft
                .ledger
                .iter()
                .filter(|(key, entry)| {
                    let expected = entry.seen.saturating_sub(entry.mended);
                    entry.mended > 0 && left(key).unwrap_or(0) > expected
                })
                .map(|(key, _)| key.0)
                .collect();
            wrong.sort_unstable();
            if let Some(rule) = wrong.first() {
                failed.push((
                    path.clone(),
                    Arc::clone(&draft.name),
                    format!("the result would still have {rule}"),
                ));
            }
        }
        for (path, name, reason) in &failed {
            self.give_up(path, name, reason);
        }
        !failed.is_empty()
    }

    /// Writes what is ready; whether a file could not be written, so that what was said of it
    /// does not hold.
    fn write(&mut self) -> bool {
        let mut failed = Vec::new();
        for (path, draft) in self.drafts.iter_mut().filter(|(_, draft)| !draft.written) {
            match file::replace(path, &draft.before, &draft.after) {
                Ok(()) => draft.written = true,
                Err(error) => {
                    failed.push((path.clone(), Arc::clone(&draft.name), error.to_string()));
                }
            }
        }
        for (path, name, reason) in &failed {
            self.give_up(path, name, reason);
        }
        !failed.is_empty()
    }

    fn give_up(&mut self, path: &Path, name: &str, reason: &str) {
        self.drafts.remove(path);
        self.given_up.insert(path.to_owned());
        self.troubles
            .push(format!("{name} was not mended and is as it was: {reason}"));
    }

    /// Why files could not be mended, one line each.
    pub fn troubles(&self) -> &[String] {
        &self.troubles
    }

    /// What was mended, or would be, by file.
    pub fn fixed(&self) -> Vec<Fixed> {
        let drafts = self.drafts.values();
        drafts.flat_map(|draft| draft.fixed.clone()).collect()
    }

    /// Every file that changes: its name, and its text before and after.
    pub fn changed(&self) -> impl Iterator<Item = (&str, String, String)> {
        self.drafts.values().filter_map(|draft| {
            let before = Coded::read(&draft.before).ok()?;
            let after = Coded::read(&draft.after).ok()?;
            Some((&*draft.name, before.into_text(), after.into_text()))
        })
    }
}

/// What was found in one file that may be a manifest.
struct Found {
    name: Arc<str>,
    fixes: Vec<Candidate>,
    /// How often each finding is there.
    counts: BTreeMap<Key, u64>,
}

/// A finding with a fix.
struct Candidate {
    rule: &'static Rule,
    fingerprint: String,
    fix: Fix,
    /// The text that was judged.
    window: Option<Window>,
}

impl Candidate {
    fn key(&self) -> Key {
        (self.rule.id, self.fingerprint.clone())
    }

    /// Whether it takes away a property that stands in its object twice.
    fn is_of_a_copy(&self) -> bool {
        self.rule.id == DUPLICATE_KEY.id
    }

    /// From the first to the last byte it touches.
    fn reach(&self) -> (u64, u64) {
        let replacements = &self.fix.replacements;
        let start = replacements.first().map_or(0, |first| first.start.offset);
        (start, replacements.last().map_or(0, |last| last.end.offset))
    }

    /// Whether both can be made at once. What only comes in must not meet anything either: two
    /// elements for one list would not know of each other's comma.
    fn is_apart_from(&self, other: &Candidate) -> bool {
        let ((start, end), (from, to)) = (self.reach(), other.reach());
        end < from || to < start
    }

    fn still_fits(&self, text: &str) -> bool {
        self.window.as_ref().is_some_and(|window| {
            let from = usize::try_from(window.start.offset).unwrap_or(usize::MAX);
            text.get(from..)
                .is_some_and(|text| text.starts_with(&*window.text))
        })
    }
}

/// A report that keeps what can be mended.
struct Collector<'c> {
    run: &'c Run<'c>,
    files: BTreeMap<PathBuf, Found>,
}

impl Report for Collector<'_> {
    fn begin(&mut self, _: &Outcome, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    fn finding(&mut self, finding: &Reported, _: &mut dyn Write) -> io::Result<()> {
        let name = &finding.location.path;
        let Some(path) = self.run.single(name) else {
            return Ok(());
        };
        // What somebody has a reason for is left as it is.
        if finding.suppression.is_some() {
            return Ok(());
        }
        if !self.files.contains_key(path) {
            let found = Found {
                name: Arc::clone(name),
                fixes: Vec::new(),
                counts: BTreeMap::new(),
            };
            self.files.insert(path.to_owned(), found);
        }
        if let Some(found) = self.files.get_mut(path) {
            let key = (finding.rule.id, finding.fingerprint.clone());
            *found.counts.entry(key).or_insert(0) += 1;
            found
                .fixes
                .extend(finding.fix.as_ref().map(|fix| Candidate {
                    rule: finding.rule,
                    fingerprint: finding.fingerprint.clone(),
                    fix: fix.clone(),
                    window: finding.location.source.clone(),
                }));
        }
        Ok(())
    }

    fn end(&mut self, _: &Outcome, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}
