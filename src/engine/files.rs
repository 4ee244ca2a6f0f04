//! Finds the inputs, and reads those that are small, which nearly all files of a folder are: a
//! worker takes a whole one.
#![expect(clippy::disallowed_methods, reason = "the home of reading inputs")]

use std::fs::File;
use std::io::{self, Read};
use std::panic::resume_unwind;
use std::sync::LazyLock;
use std::sync::atomic::Ordering;

use memchr::memmem::Finder;

use super::Progress;
use super::again::{Home, Stamp};
use super::crew::{Crew, FEW, OnDuty};
use super::gather::{Gathered, Merged};
use super::merge::Merger;
use super::piece::{FileNote, Worker};
use super::scan::{judge_part, splitting};
use super::source::Source;
use crate::input::decode::Decoded;
use crate::input::walk::{Item, Walk};
use crate::input::{Encoding, Layout, Origin, PIECE, layout, reason_of};
use crate::judge::Judge;
use crate::settings::Settings;

/// What the first look at all inputs gave.
#[derive(Default)]
pub struct Scanned {
    /// What each worker read, sorted.
    pub gathered: Vec<Gathered>,
    /// Larger than one piece, or no regular file: all workers read each together.
    pub large: Vec<Origin>,
    /// What could not be looked at: name and reason.
    pub failures: Vec<(String, String)>,
}

/// Finds every input, and reads those of one piece.
pub fn scan(settings: &Settings, judge: &Judge<'_>, progress: &Progress) -> Scanned {
    let (walk, items) = Walk::of(
        &settings.paths,
        &settings.stdin_name(),
        &settings.exclude,
        settings.force_exclude,
    );
    let folders = items.iter().any(|item| matches!(item, Item::Folder(_)));
    let jobs = match items.len() {
        // Not worth another thread.
        0..FEW if !folders => 1,
        _ => settings.jobs,
    };
    let crew = Crew::new(jobs, items);
    let work = || {
        let mut worker = Worker::new(judge, settings.statistics());
        let mut buffer = Vec::with_capacity(PIECE);
        let mut gathered = Gathered::default();
        let mut large = Vec::new();
        let mut failures = Vec::new();
        let mut read = |origin| {
            worker.small = Some(gathered.count());
            match small(settings, &mut worker, origin, &mut buffer, progress) {
                Ok(merged) => gathered.add(settings, merged),
                Err(Large(origin)) => large.push(origin),
            };
        };
        let on_duty = OnDuty(&crew);
        while let Some(items) = crew.next() {
            for item in items {
                match item {
                    Item::File(origin) => read(origin),
                    Item::Folder(folder) => {
                        let found = &mut |origin| match crew.lacks_files() {
                            true => crew.add(Item::File(origin)),
                            false => read(origin),
                        };
                        failures.extend(walk.folder(&folder, &crew, found));
                    }
                }
            }
        }
        drop(on_duty);
        gathered.sort(worker.pool);
        Scanned {
            gathered: vec![gathered],
            large,
            failures,
        }
    };
    let mut scanned = if jobs == 1 {
        work()
    } else {
        std::thread::scope(|scope| {
            let workers: Vec<_> = (0..jobs).map(|_| scope.spawn(work)).collect();
            let mut all = Scanned::default();
            for worker in workers {
                let one = worker.join().unwrap_or_else(|panic| resume_unwind(panic));
                all.gathered.extend(one.gathered);
                all.large.extend(one.large);
                all.failures.extend(one.failures);
            }
            all
        })
    };
    scanned.failures.sort();
    scanned
}

/// What is no small file.
struct Large(Origin);

/// Reads a file of one piece.
fn small(
    settings: &Settings,
    worker: &mut Worker<'_>,
    origin: Origin,
    buffer: &mut Vec<u8>,
    progress: &Progress,
) -> Result<Merged, Large> {
    let Some(path) = origin.path() else {
        return Err(Large(origin));
    };
    if settings.drafts.contains_key(path) {
        return Err(Large(origin));
    }
    // What was found by walking is a regular file; what was named may be a pipe or a device,
    // from which a first look would take bytes away.
    if origin.named && !path.is_file() {
        return if path.exists() {
            Err(Large(origin))
        } else {
            let reason = "there is no such file or folder";
            Ok(Merged::unreadable(origin, reason))
        };
    }
    let stamp = match read_up_to(path, buffer) {
        Ok(stamp) => stamp,
        Err(error) => {
            let reason = reason_of(&error);
            return Ok(Merged::unreadable(origin, &reason));
        }
    };
    let length = buffer.len();
    if length == PIECE || length as u64 > settings.max_input_size {
        return Err(Large(origin));
    }
    progress.files.fetch_add(1, Ordering::Relaxed);
    progress.bytes.fetch_add(length as u64, Ordering::Relaxed);
    let (encoding, mark) = Encoding::sniff(buffer);
    if encoding != Encoding::Utf8 {
        // UTF-16 and UTF-32 are rare and small: the general way serves them.
        return Err(Large(origin));
    }
    buffer.drain(..mark);
    let decoded = Decoded::of(std::mem::take(buffer));
    let layout;
    (layout, worker.parsed) = layout::detect_whole(&decoded, origin.is_lines(), &mut worker.tape);
    let origin = beside(origin, decoded.bytes());
    let (splitting, start, envelope) = splitting(&layout);
    let mut source = Box::new(Source {
        origin,
        home: Home::File {
            mark: mark as u64,
            stamp,
        },
        ..Source::default()
    });
    source.address(&splitting, envelope.as_ref());
    let mut merger = Merger::new(
        source,
        envelope,
        splitting,
        layout == Layout::NotJson,
        settings.longest_record,
    );
    let part = judge_part(
        worker,
        &merger.splitting,
        decoded,
        0,
        start,
        true,
        true,
        FileNote::of(merger.origin()),
    );
    if let Some(spare) = merger.accept(worker, part) {
        *buffer = spare;
    }
    Ok(merger.finish())
}

/// The origin of a file that begins so, with the parameters beside it if it is a template. Only
/// templates of one piece have them.
fn beside(mut origin: Origin, start: &[u8]) -> Origin {
    // Made once: for short texts, making a searcher costs more than the search.
    static SCHEMA: LazyLock<Finder<'static>> =
        LazyLock::new(|| Finder::new(b"eploymentTemplate.json"));
    let head = start.get(..4096).unwrap_or(start);
    // The name of the member that says so, `$schema`, begins like hardly anything else.
    if memchr::memchr(b'$', head).is_some()
        && SCHEMA.find(head).is_some()
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
    let mut file = File::open(path)?;
    let data = file.metadata()?;
    // A file that was as long as it said has ended: asking for more costs as much as asking for all.
    let length = data.len().min(PIECE as u64);
    (&mut file).take(length).read_to_end(buffer)?;
    if length == 0 || (buffer.len() as u64) < length {
        let rest = (PIECE - buffer.len()) as u64;
        file.take(rest).read_to_end(buffer)?;
    }
    Ok(Stamp::of(&data))
}
