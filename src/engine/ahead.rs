//! Words records ahead of the report, on every core: reading a record again and wording what was
//! found in it takes longer than writing it down.

use std::collections::VecDeque;
use std::sync::Arc;

use super::Run;
use super::look::Looker;
use super::source::{Dirty, Source};
use super::word::{Worded, record};
use crate::json::Tape;
use crate::judge::{Judge, Known, Setting};

/// Records that are worded at once, and the bytes they may have together: what is worded waits in
/// memory, with its text.
const MOST: usize = 1024;
const ROOM: u64 = 8 << 20;
/// Fewer are not worth another thread.
const FEW: usize = 32;

/// The records with findings of all sources, in order, each with its findings in words.
pub struct Ahead<'t> {
    run: &'t Run<'t>,
    judge: &'t Judge<'t>,
    /// Where to go on: the source, and the place among its records with findings.
    next: (usize, usize),
    ready: VecDeque<Worded>,
}

impl<'t> Ahead<'t> {
    pub fn new(run: &'t Run<'t>, judge: &'t Judge<'t>) -> Ahead<'t> {
        Ahead {
            run,
            judge,
            next: (0, 0),
            ready: VecDeque::new(),
        }
    }

    /// What was found in the next record; `None` when it is no longer what it was.
    pub fn next(&mut self) -> Worded {
        if self.ready.is_empty() {
            self.fill();
        }
        self.ready.pop_front().flatten()
    }

    fn fill(&mut self) {
        let mut records = Vec::new();
        let mut bytes = 0;
        while records.len() < MOST && bytes < ROOM {
            let (index, at) = self.next;
            let Some(source) = self.run.sources.get(index) else {
                break;
            };
            match source.dirty.get(at) {
                Some(dirty) => {
                    records.push((index, source, dirty));
                    bytes += u64::from(dirty.record.len);
                    self.next = (index, at + 1);
                }
                None => self.next = (index + 1, 0),
            }
        }
        let jobs = match records.len() {
            0..FEW => 1,
            _ => self.run.settings.jobs,
        };
        let share = records.len().div_ceil(jobs.max(1)).max(1);
        let word = |share| word(self.run, self.judge, share);
        if jobs == 1 {
            self.ready.extend(word(&records));
            return;
        }
        std::thread::scope(|scope| {
            let shares = records.chunks(share);
            let workers: Vec<_> = shares
                .map(|share| (share.len(), scope.spawn(move || word(share))))
                .collect();
            for (count, worker) in workers {
                match worker.join() {
                    Ok(worded) => self.ready.extend(worded),
                    // Rules are guarded, so this is no rule's doing; nothing is told of these.
                    Err(_) => self.ready.extend((0..count).map(|_| None)),
                }
            }
        });
    }
}

fn word(run: &Run<'_>, judge: &Judge<'_>, records: &[(usize, &Source, &Dirty)]) -> Vec<Worded> {
    let looker = Looker::new(&run.sources);
    let mut tape = Tape::default();
    let mut path: (usize, Arc<str>) = (usize::MAX, Arc::from(""));
    records
        .iter()
        .map(|(index, source, dirty)| {
            if path.0 != *index {
                path = (*index, source.origin.name.as_str().into());
            }
            let setting = setting(run, *index, source, dirty);
            record(source, &path.1, dirty, setting, (judge, &looker), &mut tape)
        })
        .collect()
}

fn setting<'s>(run: &'s Run<'_>, index: usize, source: &'s Source, dirty: &Dirty) -> Setting<'s> {
    let record = source
        .indexed
        .binary_search_by_key(&dirty.record.offset, |record| record.offset)
        .ok();
    Setting {
        alone: dirty.alone,
        link: source.origin.link(),
        file: source.origin.file(),
        known: record.map(|record| Known {
            tenant: &run.tenant,
            source: index as u32,
            record: record as u32,
        }),
    }
}
