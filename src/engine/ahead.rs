//! Words records ahead of the report, on every core: reading a record again and wording what was
//! found in it takes longer than writing it down.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::vec;

use super::Run;
use super::again::Reader;
use super::look::Looker;
use super::source::{Dirty, Source};
use super::word::{Changed, Failed, record};
use crate::json::Tape;
use crate::judge::{Judge, Known, Setting};
use crate::report::{Reported, Text};

/// Records that are worded ahead, on all cores together, and the bytes they may take: what is
/// worded waits in memory, with its text.
const MOST: usize = 1024;
const ROOM: u64 = 8 << 20;
/// What a finding in words takes, about.
const FINDING: u64 = 2048;
/// Fewer are not worth another thread.
const FEW: usize = 32;

/// The records with findings of all sources, in order, each with its findings in words.
pub struct Ahead<'t> {
    /// Of the share that is being told: its findings, and how many are whose.
    findings: vec::IntoIter<Reported>,
    records: vec::IntoIter<Worded>,
    words: Words<'t>,
}

/// What was found in a record: how many findings, and what failed in wording them.
type Worded = Result<(usize, Option<Failed>), Changed>;

/// The findings of some records.
#[derive(Default)]
struct Share {
    findings: Vec<Reported>,
    records: Vec<Worded>,
}

/// Where the next share comes from.
enum Words<'t> {
    /// From this thread, when it is asked for.
    Here(Box<Wording<'t>>, Shares<'t>),
    /// From the workers in turn: each words every how-manieth share.
    Workers {
        workers: Vec<Receiver<Share>>,
        turn: usize,
    },
}

impl<'t> Ahead<'t> {
    /// Hands `tell` all records with findings; what it leaves is not worded to the end.
    pub fn with<T>(
        run: &'t Run<'t>,
        judge: &'t Judge<'t>,
        tell: impl FnOnce(&mut Ahead<'_>) -> T,
    ) -> T {
        let jobs = run.settings.jobs;
        let sizes = || found(run).map(|(_, _, dirty)| size(dirty));
        let records = sizes().count();
        // Of records that fill the room alone, there is one in memory and not one for each share.
        let large = sizes().any(|size| size > ROOM);
        if jobs < 2 || large || records <= FEW {
            let wording = Box::new(Wording::new(run, judge));
            return tell(&mut Ahead::new(Words::Here(
                wording,
                Shares::new(run, records, 1),
            )));
        }
        std::thread::scope(|scope| {
            let workers = (0..jobs).map(|number| {
                // One share is worded while another one waits.
                let (sender, receiver) = sync_channel(1);
                scope.spawn(move || {
                    let shares = Shares::new(run, records, 2 * jobs)
                        .skip(number)
                        .step_by(jobs);
                    Wording::new(run, judge).send(shares, &sender);
                });
                receiver
            });
            let workers = workers.collect();
            tell(&mut Ahead::new(Words::Workers { workers, turn: 0 }))
        })
    }

    fn new(words: Words<'t>) -> Ahead<'t> {
        let Share { findings, records } = Share::default();
        Ahead {
            findings: findings.into_iter(),
            records: records.into_iter(),
            words,
        }
    }

    /// Adds to `out` what was found in the next record, in order; what failed in wording it is
    /// returned.
    ///
    /// # Errors
    /// The record is no longer what it was.
    pub fn next(&mut self, out: &mut Vec<Reported>) -> Result<Option<Failed>, Changed> {
        let (count, failed) = match self.records.next() {
            Some(worded) => worded?,
            None => self.next_share()?,
        };
        out.extend(self.findings.by_ref().take(count));
        Ok(failed)
    }

    /// Fetches the next share, and takes its first record.
    fn next_share(&mut self) -> Worded {
        let share = match &mut self.words {
            Words::Here(wording, shares) => shares.next().map(|share| wording.share(&share)),
            Words::Workers { workers, turn } => {
                let next = workers.get(*turn).and_then(|worker| worker.recv().ok());
                *turn = (*turn + 1) % workers.len().max(1);
                next
            }
        };
        let Share { findings, records } = share.unwrap_or_default();
        self.findings = findings.into_iter();
        self.records = records.into_iter();
        self.records.next().unwrap_or(Err(Changed))
    }
}

/// The bytes that a record and its findings take in words, about.
fn size(dirty: &Dirty) -> u64 {
    u64::from(dirty.record.len) + FINDING * u64::from(dirty.findings)
}

/// A record with findings, and its source with the source's place among all.
type Found<'t> = (usize, &'t Source, &'t Dirty);

/// Parts the records with findings in shares; the same ones, whoever asks.
struct Shares<'t> {
    found: Box<dyn Iterator<Item = Found<'t>> + 't>,
    /// How many records a share has at most, and how many bytes, but for the last record.
    most: usize,
    room: u64,
}

impl<'t> Shares<'t> {
    /// Shares of so many records in all, of which so many may be there at once.
    fn new(run: &'t Run<'t>, records: usize, at_once: usize) -> Shares<'t> {
        // Of a few hundred records every worker should have some.
        let even = records.div_ceil(at_once);
        Shares {
            found: Box::new(found(run)),
            most: (MOST / at_once).max(FEW).min(even),
            room: ROOM / at_once as u64,
        }
    }
}

impl<'t> Iterator for Shares<'t> {
    type Item = Vec<Found<'t>>;

    fn next(&mut self) -> Option<Vec<Found<'t>>> {
        let mut share = Vec::new();
        let mut bytes = 0;
        while share.len() < self.most && bytes < self.room {
            let Some(found) = self.found.next() else {
                break;
            };
            bytes += size(found.2);
            share.push(found);
        }
        (!share.is_empty()).then_some(share)
    }
}

/// All records with findings, in order.
fn found<'t>(run: &'t Run<'t>) -> impl Iterator<Item = Found<'t>> {
    run.loud.iter().flat_map(|place| {
        let index = *place as usize;
        let source = run.sources.get(index).map(|source| &**source);
        let dirty =
            move |source: &'t Source| source.dirty.iter().map(move |it| (index, source, it));
        source.into_iter().flat_map(dirty)
    })
}

/// Words records, one after the other.
struct Wording<'t> {
    run: &'t Run<'t>,
    judge: &'t Judge<'t>,
    looker: Looker<'t>,
    reader: Reader<'t>,
    tape: Tape,
    /// The source that was met last, and its name.
    path: (usize, Arc<str>),
}

impl<'t> Wording<'t> {
    fn new(run: &'t Run<'t>, judge: &'t Judge<'t>) -> Wording<'t> {
        Wording {
            run,
            judge,
            looker: Looker::new(&run.sources),
            reader: Reader::default(),
            tape: Tape::default(),
            path: (usize::MAX, Arc::from("")),
        }
    }

    /// Words shares until there are none or nobody waits for them.
    fn send(&mut self, shares: impl Iterator<Item = Vec<Found<'t>>>, receiver: &SyncSender<Share>) {
        for share in shares {
            let worded = catch_unwind(AssertUnwindSafe(|| self.share(&share)));
            // Rules are guarded, so a panic is no rule's doing; nothing is told of these.
            let worded = worded.unwrap_or_else(|_| Share {
                findings: Vec::new(),
                records: share.iter().map(|_| Err(Changed)).collect(),
            });
            if receiver.send(worded).is_err() {
                return;
            }
        }
    }

    fn share(&mut self, share: &[Found<'t>]) -> Share {
        // All in one text: a thousand of a few kilobytes each keep an allocator busy.
        let bytes = share.iter().map(|(_, _, dirty)| dirty.record.len as usize);
        let mut text = String::with_capacity(bytes.sum());
        let parts: Vec<_> = share
            .iter()
            .map(|(_, source, dirty)| {
                let from = text.len();
                self.reader.add(source, dirty, &mut text).ok()?;
                Some((from, text.len()))
            })
            .collect();
        let text: Arc<str> = text.into();
        let mut findings = Vec::new();
        let word = |(found, part): (&Found<'t>, Option<(usize, usize)>)| {
            let (from, to) = part.ok_or(Changed)?;
            let before = findings.len();
            let failed = self.record(*found, Text::part(&text, from, to), &mut findings)?;
            Ok((findings.len() - before, failed))
        };
        let records = share.iter().zip(parts).map(word).collect();
        Share { findings, records }
    }

    fn record(
        &mut self,
        (index, source, dirty): Found<'t>,
        text: Text,
        out: &mut Vec<Reported>,
    ) -> Result<Option<Failed>, Changed> {
        if self.path.0 != index {
            self.path = (index, source.origin.name.as_str().into());
        }
        let setting = setting(self.run, index, source, dirty);
        let with = (self.judge, &self.looker);
        let place = (source, &self.path.1);
        record(place, dirty, text, setting, with, &mut self.tape, out)
    }
}

fn setting<'s>(run: &'s Run<'_>, index: usize, source: &'s Source, dirty: &Dirty) -> Setting<'s> {
    let record = source.indexed.find(dirty.record.offset);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::tests::settings;
    use crate::engine::{Progress, run};

    #[test]
    fn a_few_hundred_records_are_for_every_worker() {
        let settings = settings("fixtures/rules");
        let run = run(&settings, &Progress::default());
        let all: Vec<u64> = found(&run).map(|(_, _, dirty)| dirty.mark).collect();
        assert!((FEW + 1..MOST).contains(&all.len()), "{}", all.len());
        for at_once in [1, 4, 8] {
            let shares: Vec<_> = Shares::new(&run, all.len(), at_once).collect();
            assert_eq!(shares.len(), at_once);
            let again = shares.iter().flatten().map(|(_, _, dirty)| dirty.mark);
            assert_eq!(again.collect::<Vec<u64>>(), all);
        }
    }
}
