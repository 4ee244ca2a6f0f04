//! The first phase: every source is streamed once, in parallel, and judged.
#![expect(clippy::disallowed_methods, reason = "the home of reading inputs")]

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::sync::atomic::Ordering;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::Progress;
use super::again::{Home, Stamp};
use super::files::{self, Scanned};
use super::gather::{All, Gathered, Merged};
use super::merge::Merger;
use super::piece::{FileNote, START, Splitting, Task, Worker};
use super::reading::{From, Part};
use super::source::{Source, advance};
use crate::input::decode::Decoded;
use crate::input::reason_of;
use crate::input::{Cutter, Encoding, Envelope, Feed, Layout, Origin};
use crate::judge::Judge;
use crate::settings::Settings;

/// Reads everything that `settings` name; what was read comes in the order of names.
pub fn scan(settings: &Settings, judge: &Judge<'_>, progress: &Progress) -> All {
    let Scanned {
        mut gathered,
        large: origins,
        failures,
    } = files::scan(settings, judge, progress);
    let mut late = Gathered::default();
    for origin in origins {
        late.add(settings, large(settings, judge, origin, progress));
    }
    for (name, reason) in failures {
        let origin = Origin::called(name);
        late.add(settings, Merged::unreadable(origin, &reason));
    }
    late.sort(None);
    gathered.push(late);
    Gathered::join(gathered)
}

/// How the records of a layout are told apart, and where the first one stands.
pub fn splitting(layout: &Layout) -> (Splitting, usize, Option<Envelope>) {
    match layout {
        Layout::Elements {
            first,
            boundary,
            envelope,
        } => (
            Splitting::Elements(boundary.clone()),
            *first,
            envelope.clone(),
        ),
        Layout::Lines => (Splitting::Lines, 0, None),
        Layout::Whole | Layout::NotJson => (Splitting::Whole, 0, None),
    }
}

/// Reads one piece as far as it can be read by itself.
#[expect(clippy::too_many_arguments, reason = "what a piece is, said once")]
pub(super) fn judge_part(
    worker: &mut Worker<'_>,
    splitting: &Splitting,
    decoded: Decoded,
    raw: u64,
    start: usize,
    first: bool,
    last: bool,
    file: FileNote<'_>,
) -> Part {
    let raw_len = decoded.bytes().len() as u64;
    let Decoded { text, mixed } = decoded;
    let task = Task {
        text: &text,
        start,
        from: From::Element,
        first,
        last,
        file,
    };
    let reading = worker.read(splitting, task);
    // Nothing stands behind what is a whole file.
    let behind = (!first || !last).then(|| advance(START, &text));
    Part {
        raw,
        raw_len,
        text,
        mixed,
        last,
        behind,
        reading,
    }
}

/// Reads a source piece by piece with all workers.
fn large(settings: &Settings, judge: &Judge<'_>, origin: Origin, progress: &Progress) -> Merged {
    progress.files.fetch_add(1, Ordering::Relaxed);
    // What is no regular file is read once.
    let (reader, stamp): (Box<dyn Read + Send>, Option<Stamp>) = match origin.path() {
        None => (Box::new(io::stdin()), None),
        Some(path) => match (settings.drafts.get(path), File::open(path)) {
            (Some(draft), _) => (Box::new(&**draft), None),
            (None, Ok(file)) => {
                let data = file.metadata().ok().filter(Metadata::is_file);
                (Box::new(file), data.as_ref().map(Stamp::of))
            }
            (None, Err(error)) => return Merged::unreadable(origin, &reason_of(&error)),
        },
    };
    let opened = Feed::open(reader, settings.max_input_size).and_then(|feed| {
        let copy = stamp.is_none() || feed.encoding() != Encoding::Utf8;
        Cutter::new(feed, origin.is_lines(), copy, settings.longest_record)
    });
    let cutter = match opened {
        Ok(cutter) => cutter,
        Err(error) => return Merged::unreadable(origin, &reason_of(&error)),
    };
    let mark = cutter.feed().mark() as u64;
    let (splitting, start, envelope) = splitting(cutter.layout());
    let hopeless = *cutter.layout() == Layout::NotJson;
    let noted = origin.clone();
    let file = FileNote::of(&noted);
    let mut source = Box::new(Source {
        origin,
        ..Source::default()
    });
    source.address(&splitting, envelope.as_ref());
    let shared = Shared {
        file,
        cutter: Mutex::new((cutter, Ok(()))),
        merger: Mutex::new(Ordered {
            merger: Merger::new(
                source,
                envelope,
                splitting.clone(),
                hopeless,
                settings.longest_record,
            ),
            next: 0,
            waiting: Vec::new(),
        }),
        turn: Condvar::new(),
    };
    let work = || {
        let mut worker = Worker::new(judge, settings.statistics());
        shared.work(&mut worker, &splitting, start, settings.jobs, progress);
    };
    if settings.jobs == 1 {
        work();
    } else {
        std::thread::scope(|scope| {
            for _ in 0..settings.jobs {
                scope.spawn(work);
            }
        });
    }
    let Shared { cutter, merger, .. } = shared;
    let (cutter, read) = cutter.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut merger = merger
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner)
        .merger;
    let replaced = cutter.feed().replaced();
    let encoding = cutter.feed().encoding();
    merger.settle(match (cutter.into_spool(), stamp) {
        (Some(spool), _) => Home::Copy(Box::new(Mutex::new(spool))),
        (None, Some(stamp)) => Home::File { mark, stamp },
        (None, None) => Home::Nowhere,
    });
    let mut merged = match &read {
        Ok(()) => merger.finish_with(replaced.map(|at| (encoding, at))),
        Err(_) => merger.abandon(),
    };
    if let Err(error) = read {
        merged.source.cannot_be_read(&reason_of(&error));
    }
    merged
}

/// What the workers of one large source share.
struct Shared<'f> {
    file: FileNote<'f>,
    cutter: Mutex<(Cutter<'f>, io::Result<()>)>,
    merger: Mutex<Ordered>,
    turn: Condvar,
}

/// Takes pieces in the order of the source, whatever order they are finished in.
struct Ordered {
    merger: Merger,
    next: u64,
    waiting: Vec<(u64, Part)>,
}

pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared<'_> {
    fn work(
        &self,
        worker: &mut Worker<'_>,
        splitting: &Splitting,
        start: usize,
        jobs: usize,
        progress: &Progress,
    ) {
        loop {
            let piece = {
                let mut guard = lock(&self.cutter);
                let (cutter, read) = &mut *guard;
                if read.is_err() {
                    return;
                }
                match cutter.next_piece() {
                    Ok(Some(piece)) => piece,
                    Ok(None) => return,
                    Err(error) => {
                        *read = Err(error);
                        return;
                    }
                }
            };
            progress
                .bytes
                .fetch_add(piece.bytes.len() as u64, Ordering::Relaxed);
            let first = piece.number == 0;
            let start = if first { start } else { 0 };
            let (number, raw, last) = (piece.number, piece.start, piece.last);
            let part = judge_part(
                worker,
                splitting,
                Decoded::of(piece.bytes),
                raw,
                start,
                first,
                last,
                self.file,
            );
            progress
                .records
                .fetch_add(part.reading.records, Ordering::Relaxed);
            if !self.hand_over(worker, number, part, jobs) {
                return;
            }
        }
    }

    /// Puts a part in its place; false when nothing more is needed.
    fn hand_over(&self, worker: &mut Worker<'_>, number: u64, part: Part, jobs: usize) -> bool {
        let mut ordered = lock(&self.merger);
        // Workers that run ahead wait, so that memory stays bounded by a few pieces.
        while number > ordered.next + 4 * jobs as u64 {
            ordered = self
                .turn
                .wait(ordered)
                .unwrap_or_else(PoisonError::into_inner);
        }
        ordered.waiting.push((number, part));
        let mut spare = Vec::new();
        while let Some(at) = ordered
            .waiting
            .iter()
            .position(|(number, _)| *number == ordered.next)
        {
            let (_, part) = ordered.waiting.swap_remove(at);
            ordered.next += 1;
            spare.extend(ordered.merger.accept(worker, part));
        }
        let done = ordered.merger.is_done();
        drop(ordered);
        self.turn.notify_all();
        if !spare.is_empty() {
            let mut guard = lock(&self.cutter);
            for buffer in spare {
                guard.0.recycle(buffer);
            }
        }
        !done
    }
}
