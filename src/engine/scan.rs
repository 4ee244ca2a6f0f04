//! The first phase: every source is streamed once, in parallel, and judged.
#![expect(clippy::disallowed_methods, reason = "the home of reading inputs")]

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::panic::resume_unwind;
use std::sync::atomic::Ordering;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::Progress;
use super::again::{Home, Stamp};
use super::merge::{Merger, Part};
use super::piece::{FileNote, From, START, Splitting, Task, Worker};
use super::source::{Source, advance};
use crate::input::decode::decode_mixed;
use crate::input::discover::reason_of;
use crate::input::{Cutter, Encoding, Envelope, Feed, Layout, Origin, PIECE, discover, layout};
use crate::judge::Judge;
use crate::settings::Settings;

/// Reads everything that `settings` name; sources come back sorted by name.
pub fn scan(settings: &Settings, judge: &Judge<'_>, progress: &Progress) -> Vec<Source> {
    let (mut slots, failures) = if settings.jobs > 1 && settings.paths.iter().any(|p| p.is_dir()) {
        side_by_side(settings, judge, progress)
    } else {
        one_by_one(settings, judge, progress)
    };
    for slot in &mut slots {
        if let Slot::Large(origin) = slot {
            let origin = std::mem::take(origin);
            *slot = Slot::Done(Box::new(large(settings, judge, origin, progress)));
        }
    }
    let mut sources: Vec<Source> = slots
        .into_iter()
        .filter_map(|slot| match slot {
            Slot::Done(source) => Some(*source),
            Slot::Large(_) => None,
        })
        .collect();
    for (name, reason) in failures {
        let origin = Origin {
            name,
            ..Origin::default()
        };
        sources.push(Source::unreadable(origin, &reason));
    }
    for source in &mut sources {
        source.keep_wanted(&settings.policy);
    }
    sources.sort_by(|a, b| a.origin.name.cmp(&b.origin.name));
    sources
}

enum Slot {
    Done(Box<Source>),
    /// Larger than one piece, or no regular file: all workers read it together.
    Large(Origin),
}

/// What could not be looked at: name and reason.
type Failures = Vec<(String, String)>;

fn one_by_one(
    settings: &Settings,
    judge: &Judge<'_>,
    progress: &Progress,
) -> (Vec<Slot>, Failures) {
    let mut worker = Worker::new(judge, settings.statistics);
    let mut buffer = Vec::with_capacity(PIECE);
    let mut slots = Vec::new();
    let failures = find(settings, &mut |origin| {
        slots.push(small(settings, &mut worker, &origin, &mut buffer, progress));
    });
    (slots, failures)
}

/// Workers read what one thread finds.
fn side_by_side(
    settings: &Settings,
    judge: &Judge<'_>,
    progress: &Progress,
) -> (Vec<Slot>, Failures) {
    /// Files handed over at once: a lock is cheap, but not for nothing.
    const BATCH: usize = 32;
    let (sender, receiver) = std::sync::mpsc::channel::<Vec<Origin>>();
    let receiver = Mutex::new(receiver);
    let work = || {
        let mut worker = Worker::new(judge, settings.statistics);
        let mut buffer = Vec::with_capacity(PIECE);
        let mut slots = Vec::new();
        loop {
            // The lock is held while waiting: whoever waits first gets the next batch.
            let batch = lock(&receiver).recv();
            let Ok(batch) = batch else {
                return slots;
            };
            for origin in batch {
                slots.push(small(settings, &mut worker, &origin, &mut buffer, progress));
            }
        }
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..settings.jobs).map(|_| scope.spawn(work)).collect();
        let mut batch = Vec::with_capacity(BATCH);
        let failures = find(settings, &mut |origin| {
            batch.push(origin);
            if batch.len() == BATCH {
                let full = std::mem::replace(&mut batch, Vec::with_capacity(BATCH));
                // Workers outlive the sender, so somebody receives.
                let _ = sender.send(full);
            }
        });
        let _ = sender.send(batch);
        drop(sender);
        let slots = workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic)))
            .collect();
        (slots, failures)
    })
}

fn find(settings: &Settings, found: &mut dyn FnMut(Origin)) -> Failures {
    discover(
        &settings.paths,
        &settings.stdin_name(),
        &settings.exclude,
        settings.force_exclude,
        found,
    )
}

fn small(
    settings: &Settings,
    worker: &mut Worker<'_>,
    origin: &Origin,
    buffer: &mut Vec<u8>,
    progress: &Progress,
) -> Slot {
    let Some(path) = &origin.path else {
        return Slot::Large(origin.clone());
    };
    if settings.drafts.contains_key(path) {
        return Slot::Large(origin.clone());
    }
    // What was found by walking is a regular file; what was named may be a pipe or a device,
    // from which a first look would take bytes away.
    if origin.named && !path.is_file() {
        return if path.exists() {
            Slot::Large(origin.clone())
        } else {
            let reason = "there is no such file or folder";
            Slot::Done(Box::new(Source::unreadable(origin.clone(), reason)))
        };
    }
    let stamp = match read_up_to(path, buffer) {
        Ok(stamp) => stamp,
        Err(error) => {
            let reason = reason_of(&error);
            return Slot::Done(Box::new(Source::unreadable(origin.clone(), &reason)));
        }
    };
    let length = buffer.len();
    if length == PIECE || length as u64 > settings.max_input_size {
        return Slot::Large(origin.clone());
    }
    progress.files.fetch_add(1, Ordering::Relaxed);
    progress.bytes.fetch_add(length as u64, Ordering::Relaxed);
    let (encoding, mark) = Encoding::sniff(buffer);
    if encoding != Encoding::Utf8 {
        // UTF-16 and UTF-32 are rare and small: the general way serves them.
        return Slot::Large(origin.clone());
    }
    buffer.drain(..mark);
    let layout = layout::detect(buffer, origin.is_lines());
    let origin = &beside(origin.clone(), buffer);
    let (splitting, start, envelope) = splitting(&layout);
    let mut source = Source {
        origin: origin.clone(),
        home: Home::File {
            mark: mark as u64,
            stamp,
        },
        ..Source::default()
    };
    source.address(&splitting, envelope.as_ref());
    source.envelope = envelope;
    let mut merger = Merger::new(
        source,
        splitting,
        layout == Layout::NotJson,
        settings.longest_record,
    );
    let part = judge_part(
        worker,
        &merger.splitting,
        std::mem::take(buffer),
        0,
        start,
        true,
        true,
        FileNote::of(origin),
    );
    if let Some(spare) = merger.accept(worker, part) {
        *buffer = spare;
    }
    Slot::Done(Box::new(merger.finish()))
}

/// The origin of a file that begins so, with the parameters beside it if it is a template. Only
/// templates of one piece have them.
fn beside(mut origin: Origin, start: &[u8]) -> Origin {
    let head = start.get(..4096).unwrap_or(start);
    if memchr::memmem::find(head, b"eploymentTemplate.json").is_some()
        && let Some(path) = origin.parameters_path()
        // As in the walk, symbolic links are not followed.
        && path.symlink_metadata().is_ok_and(|data| data.is_file())
    {
        let mut buffer = Vec::new();
        let read = read_up_to(&path, &mut buffer);
        let text = String::from_utf8(buffer).ok().filter(|_| read.is_ok());
        origin.parameters = text.map(|text| text.trim_start_matches('\u{feff}').into());
    }
    origin
}

/// Reads a file into `buffer` until its end or the size of a piece.
fn read_up_to(path: &std::path::Path, buffer: &mut Vec<u8>) -> io::Result<Stamp> {
    buffer.clear();
    let file = File::open(path)?;
    let stamp = Stamp::of(&file.metadata()?);
    file.take(PIECE as u64).read_to_end(buffer)?;
    Ok(stamp)
}

/// How the records of a layout are told apart, and where the first one stands.
fn splitting(layout: &Layout) -> (Splitting, usize, Option<Envelope>) {
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
    bytes: Vec<u8>,
    raw: u64,
    start: usize,
    first: bool,
    last: bool,
    file: FileNote<'_>,
) -> Part {
    let raw_len = bytes.len() as u64;
    let (text, mixed) = match String::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(error) => {
            let bytes = error.into_bytes();
            (decode_mixed(&bytes), Some(bytes))
        }
    };
    let task = Task {
        text: &text,
        start,
        from: From::Element,
        first,
        last,
        file,
    };
    let reading = worker.read(splitting, task);
    let behind = advance(START, &text);
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
fn large(settings: &Settings, judge: &Judge<'_>, origin: Origin, progress: &Progress) -> Source {
    progress.files.fetch_add(1, Ordering::Relaxed);
    // What is no regular file is read once.
    let (reader, stamp): (Box<dyn Read + Send>, Option<Stamp>) = match &origin.path {
        None => (Box::new(io::stdin()), None),
        Some(path) => match (settings.drafts.get(path), File::open(path)) {
            (Some(draft), _) => (Box::new(&**draft), None),
            (None, Ok(file)) => {
                let data = file.metadata().ok().filter(Metadata::is_file);
                (Box::new(file), data.as_ref().map(Stamp::of))
            }
            (None, Err(error)) => return Source::unreadable(origin, &reason_of(&error)),
        },
    };
    let opened = Feed::open(reader, settings.max_input_size).and_then(|feed| {
        let copy = stamp.is_none() || feed.encoding() != Encoding::Utf8;
        Cutter::new(feed, origin.is_lines(), copy, settings.longest_record)
    });
    let cutter = match opened {
        Ok(cutter) => cutter,
        Err(error) => return Source::unreadable(origin, &reason_of(&error)),
    };
    let mark = cutter.feed().mark() as u64;
    let (splitting, start, envelope) = splitting(cutter.layout());
    let hopeless = *cutter.layout() == Layout::NotJson;
    let noted = origin.clone();
    let file = FileNote::of(&noted);
    let mut source = Source {
        origin,
        ..Source::default()
    };
    source.address(&splitting, envelope.as_ref());
    source.envelope = envelope;
    let shared = Shared {
        file,
        cutter: Mutex::new((cutter, Ok(()))),
        merger: Mutex::new(Ordered {
            merger: Merger::new(source, splitting.clone(), hopeless, settings.longest_record),
            next: 0,
            waiting: Vec::new(),
        }),
        turn: Condvar::new(),
    };
    let work = || {
        let mut worker = Worker::new(judge, settings.statistics);
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
        (Some(spool), _) => Home::Copy(Mutex::new(spool)),
        (None, Some(stamp)) => Home::File { mark, stamp },
        (None, None) => Home::Nowhere,
    });
    let mut source = match &read {
        Ok(()) => merger.finish_with(replaced.map(|at| (encoding, at))),
        Err(_) => merger.abandon(),
    };
    if let Err(error) = read {
        source.cannot_be_read(&reason_of(&error));
    }
    source
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

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
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
                piece.bytes,
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
