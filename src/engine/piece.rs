//! One piece of a source: its records, read and judged.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::reading::{End, From, LocalDirty, LocalRecord, Reading};
use super::source::advance;
use super::tail::{comment_or, nothing_but_blanks};
use crate::infrastructure::File;
use crate::input::{Boundary, Link, Origin};
use crate::json::read::skip_blanks;
use crate::json::{ErrorKind, SyntaxError, Tape, read};
use crate::judge::{Judge, Keep, Setting, Verdict, add_all};
use crate::report::Position;
use crate::rules::{RULES, Sink};
use crate::tenant::{Harvest, mark};

/// How a source's records stand in its text.
#[derive(Clone, Debug)]
pub enum Splitting {
    Elements(Boundary),
    Lines,
    Whole,
}

/// What is known of a piece before it is read.
#[derive(Copy, Clone, Debug)]
pub struct Task<'t> {
    pub text: &'t str,
    /// Where to start in it.
    pub start: usize,
    pub from: From,
    /// No record of the source stands before it, and nothing at all after it.
    pub first: bool,
    pub last: bool,
    pub file: FileNote<'t>,
}

/// What a source's path tells of its records.
#[derive(Copy, Clone, Debug, Default)]
pub struct FileNote<'o> {
    /// The source is a leaf of a collector's tree.
    pub leaf: bool,
    pub link: Link,
    pub file: File<'o>,
}

impl<'o> FileNote<'o> {
    pub fn of(origin: &'o Origin) -> FileNote<'o> {
        FileNote {
            leaf: origin.is_leaf_of_tree(),
            link: origin.link(),
            file: origin.file(),
        }
    }
}

/// Reads and judges pieces; one per worker, its buffers are reused.
pub struct Worker<'j> {
    judge: &'j Judge<'j>,
    statistics: bool,
    pub(super) tape: Tape,
    /// What is read next is one record, and was parsed already: it is on the tape, and ends there.
    pub(super) parsed: Option<usize>,
    /// While a small file is read, its number among those of this worker.
    pub(super) small: Option<u32>,
    /// What is known of small files. Each knows little, and an index of its own for each of many
    /// takes more than what stands in it.
    pub(super) pool: Option<Box<Harvest>>,
}

impl<'j> Worker<'j> {
    pub fn new(judge: &'j Judge<'j>, statistics: bool) -> Worker<'j> {
        Worker {
            judge,
            statistics,
            tape: Tape::default(),
            parsed: None,
            small: None,
            pool: None,
        }
    }

    /// Reads one piece.
    pub fn read(&mut self, splitting: &Splitting, task: Task<'_>) -> Reading {
        let mut state = State {
            worker: self,
            task,
            sink: Sink::default(),
            reading: Reading::default(),
            seen: (0, START),
        };
        if state.worker.statistics {
            state.sink.by_rule = Some(vec![0; RULES.len()]);
        }
        match splitting {
            Splitting::Elements(boundary) => state.elements(boundary),
            Splitting::Lines => state.lines(),
            Splitting::Whole => state.whole(),
        }
        let State {
            sink, mut reading, ..
        } = state;
        reading.tally = sink.tally;
        reading.by_rule = sink.by_rule.unwrap_or_default();
        reading
    }
}

/// Where a piece begins, as far as the piece knows.
pub const START: Position = Position::START;

struct State<'s, 'j, 't> {
    worker: &'s mut Worker<'j>,
    task: Task<'t>,
    sink: Sink,
    reading: Reading,
    /// How far lines have been counted, and where that is.
    seen: (usize, Position),
}

impl State<'_, '_, '_> {
    fn elements(&mut self, boundary: &Boundary) {
        let text = self.task.text;
        let bytes = text.as_bytes();
        let mut at = self.task.start;
        let mut from = self.task.from;
        loop {
            at = skip_blanks(bytes, at);
            if at == bytes.len() {
                self.reading.end = End::Open(from);
                return;
            }
            if from == From::Separator {
                match bytes[at] {
                    b',' => {
                        at += 1;
                        from = From::Element;
                        continue;
                    }
                    b']' => {
                        // Behind a mistake the guess may have led into a list within a record:
                        // then that list ends here, not ours.
                        if !self.reading.errors.is_empty()
                            && let Some(next) = boundary.first_in(bytes, at)
                        {
                            (at, from) = (next, From::Element);
                            continue;
                        }
                        self.reading.end = End::Closed(at + 1);
                        return;
                    }
                    _ => {
                        let error = SyntaxError {
                            offset: at,
                            kind: comment_or(bytes, at, ErrorKind::ExpectedCommaOrEnd),
                        };
                        let Some(next) = self.resume(boundary, error) else {
                            return;
                        };
                        (at, from) = (next, From::Element);
                        continue;
                    }
                }
            }
            let start = at;
            match read::parse(text, start, &mut self.worker.tape) {
                Ok(end) if end == bytes.len() && is_number(bytes[start]) && !self.task.last => {
                    // Of all values only a number may go on where the text was cut.
                    self.reading.end = End::Inside(start);
                    return;
                }
                Ok(end) => {
                    // A list of one is that one: its author means it.
                    let alone = self.task.first
                        && self.reading.elements == 0
                        && bytes.get(skip_blanks(bytes, end)) == Some(&b']');
                    self.record(start, end, self.reading.elements, alone);
                    self.reading.elements += 1;
                    (at, from) = (end, From::Separator);
                }
                Err(error) if error.kind == ErrorKind::UnexpectedEnd => {
                    self.reading.end = End::Inside(start);
                    return;
                }
                Err(mut error) => {
                    if bytes[start] == b']' {
                        error.kind = ErrorKind::TrailingComma;
                    } else {
                        self.reading.elements += 1;
                    }
                    let Some(next) = self.resume(boundary, error) else {
                        return;
                    };
                    (at, from) = (next, From::Element);
                }
            }
        }
    }

    /// Notes an error and finds the next likely element behind it.
    fn resume(&mut self, boundary: &Boundary, error: SyntaxError) -> Option<usize> {
        self.reading.errors.push(error);
        let next = boundary.first_in(self.task.text.as_bytes(), error.offset.max(1));
        if next.is_none() {
            // Go on with the next piece, which begins at a likely element.
            self.reading.end = End::Open(From::Element);
        }
        next
    }

    fn lines(&mut self) {
        let text = self.task.text;
        let mut at = self.task.start;
        while at < text.len() {
            let end = memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |n| at + n);
            let number = self.reading.lines;
            self.reading.lines += 1;
            let start = skip_blanks(text.as_bytes(), at);
            if start < end {
                match read::parse(&text[..end], start, &mut self.worker.tape) {
                    Ok(after) => {
                        let rest = skip_blanks(text.as_bytes(), after);
                        let alone = self.task.first
                            && self.task.last
                            && self.reading.records == 0
                            && self.reading.errors.is_empty()
                            && rest == text.len();
                        self.record(start, after, number, alone);
                        if rest < end {
                            self.reading.errors.push(SyntaxError {
                                offset: rest,
                                kind: comment_or(text.as_bytes(), rest, ErrorKind::TextAfter),
                            });
                        }
                    }
                    Err(error) => self.reading.errors.push(error),
                }
            }
            at = end + 1;
        }
    }

    fn whole(&mut self) {
        let text = self.task.text;
        let tape = &mut self.worker.tape;
        let read = match self.worker.parsed.take() {
            Some(end) => read::record_again(text, Ok(end), tape),
            None => read::record(text, tape),
        };
        match read {
            Ok(end) => {
                let start = skip_blanks(text.as_bytes(), 0);
                self.record(start, end, 0, true);
                if let Err(error) = nothing_but_blanks(text, end) {
                    self.reading.errors.push(error);
                }
            }
            Err(mut error) => {
                if skip_blanks(text.as_bytes(), 0) == text.len() {
                    error.kind = ErrorKind::Empty;
                }
                self.reading.errors.push(error);
            }
        }
        self.reading.end = End::Closed(text.len());
    }

    /// Judges the record that was just parsed.
    fn record(&mut self, start: usize, end: usize, number: u64, alone: bool) {
        let record = LocalRecord {
            offset: start,
            len: end - start,
            number,
        };
        let alone = alone && !self.task.file.leaf;
        let before = self.sink.tally.total();
        let text = self.task.text;
        let Worker {
            judge,
            tape,
            pool,
            small,
            ..
        } = &mut *self.worker;
        let mut keep = Keep {
            harvest: &mut self.reading.harvest,
            pool: small.map(|number| (pool, number)),
            record: self.reading.indexed.len() as u32,
            start: start as u32,
            kept: false,
        };
        let judged = catch_unwind(AssertUnwindSafe(|| {
            let setting = Setting {
                alone,
                link: self.task.file.link,
                file: self.task.file.file,
                known: None,
            };
            judge.record(text, tape, setting, &mut self.sink, Some(&mut keep))
        }));
        let kept = keep.kept;
        let fired = std::mem::take(&mut self.sink.fired);
        self.reading.records += 1;
        self.reading.longest = self.reading.longest.max(record.len);
        for rule in std::mem::take(&mut self.sink.failed) {
            self.reading.panics.push((start, RULES.get(rule).copied()));
        }
        match judged {
            Ok(verdict) => self.count(verdict),
            Err(_) => self.reading.panics.push((start, None)),
        }
        let findings = self.sink.tally.total() - before;
        if findings > 0 {
            let at = advance(self.seen.1, &text[self.seen.0..start]);
            self.seen = (start, at);
            self.reading.dirty.push(LocalDirty {
                record,
                at,
                findings: u32::try_from(findings).unwrap_or(u32::MAX),
                alone,
                fired,
                mark: mark(&text[start..end]),
            });
        }
        if kept {
            self.reading.indexed.push(record);
        }
    }

    fn count(&mut self, verdict: Verdict) {
        add_all(&mut self.reading.objects, verdict.objects);
        self.reading.unrecognised += u64::from(verdict.unrecognised);
        if let Some(nearest) = verdict.nearest {
            self.reading.nearest.get_or_insert(nearest);
        }
        self.reading.unsupported = self.reading.unsupported.take().or(verdict.unsupported);
        self.reading.out_of_scope += u64::from(verdict.out_of_scope);
        self.reading.left_out += u64::from(verdict.left_out);
        self.reading.cut |= verdict.linked;
        self.reading.empty = verdict.empty.or(self.reading.empty);
    }
}

fn is_number(first: u8) -> bool {
    matches!(first, b'-' | b'0'..=b'9')
}
