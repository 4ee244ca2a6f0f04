//! Putting the pieces of a source together, and verifying that they fit.

use super::again::{Checkpoint, Home};
use super::conclude::Extent;
use super::gather::Merged;
use super::piece::{FileNote, Splitting, Task, Worker};
use super::reading::{End, From, Part, Reading};
use super::source::{Dirty, Record, Source, advance, join};
use super::sum::Counts;
use super::{statistics, tail};
use crate::input::decode::{Decoded, decode_mixed, raw_offset};
use crate::input::reason_of;
use crate::input::{self, Encoding, Envelope, Origin};
use crate::json::ErrorKind;
use crate::judge::add_all;
use crate::report::Position;
use crate::tenant::Harvest;

/// Errors of one source that get a finding each (JSON Lines); further ones are counted.
const ERRORS_SHOWN: usize = 20;

/// Builds a [`Source`] from its parts, in order.
pub struct Merger {
    source: Box<Source>,
    counts: Counts,
    harvest: Option<Box<Harvest>>,
    extent: Extent,
    pub splitting: Splitting,
    /// The first byte starts no JSON value: nothing more is read.
    hopeless: bool,
    /// How long a record may be, in bytes, and whether one is longer: nothing more is read then.
    longest: usize,
    too_long: bool,
    /// Where the next part has to begin.
    from: From,
    /// Bytes of a record that began in an earlier part, and where they stand in the home.
    carry: Vec<u8>,
    carry_raw: u64,
    /// Try again when the carry has grown to this.
    retry_at: usize,
    /// Text behind the list's end.
    tail: Option<(u64, String)>,
    /// Position behind what was taken so far.
    at: Position,
    lines: u64,
    errors: Vec<(u64, ErrorKind)>,
    further_errors: u64,
    /// Something was decoded as Windows-1252; the first place.
    mixed_at: Option<u64>,
}

impl Merger {
    /// A merger of the parts of `source`, which come from a list in `envelope`.
    pub fn new(
        source: Box<Source>,
        envelope: Option<Envelope>,
        splitting: Splitting,
        hopeless: bool,
        longest: usize,
    ) -> Merger {
        Merger {
            source,
            counts: Counts::default(),
            harvest: None,
            extent: Extent {
                envelope,
                ..Extent::default()
            },
            splitting,
            hopeless,
            longest,
            too_long: false,
            from: From::Element,
            carry: Vec::new(),
            carry_raw: 0,
            retry_at: 0,
            tail: None,
            at: Position::START,
            lines: 0,
            errors: Vec::new(),
            further_errors: 0,
            mixed_at: None,
        }
    }

    /// Says where the source's bytes can be read again.
    pub fn settle(&mut self, home: Home) {
        self.source.home = home;
    }

    /// The source that is put together.
    pub fn origin(&self) -> &Origin {
        &self.source.origin
    }

    /// Whether reading on is pointless.
    pub fn is_done(&self) -> bool {
        self.hopeless || self.too_long
    }

    /// Takes the next part; gives its buffer back when it is free.
    pub fn accept(&mut self, worker: &mut Worker<'_>, part: Part) -> Option<Vec<u8>> {
        if self.hopeless && !self.errors.is_empty() {
            // How much more of it was read when that showed depends on the other workers.
            return Some(part.text.into_bytes());
        }
        if self.too_long {
            return Some(part.text.into_bytes());
        }
        if !self.errors.is_empty() && part.reading.records > 0 {
            // Behind a mistake, the bracket that seemed to end the list was one within a record.
            self.tail = None;
        }
        if self.tail.is_some() {
            return self.behind_the_list(part);
        }
        if self.carry.is_empty() && self.from == From::Element {
            return self.commit(part);
        }
        // The guess was wrong, or the cut fell into a record: read again from where the last part
        // ended. Only when the carry has doubled, so that a long record is not read over and over.
        let first = self.extent.elements == 0 && self.errors.is_empty();
        let last = part.last;
        if self.carry.is_empty() {
            self.carry_raw = part.raw;
        }
        match part.mixed {
            Some(bytes) => self.carry.extend_from_slice(&bytes),
            None => self.carry.extend_from_slice(part.text.as_bytes()),
        }
        if self.carry.len() < self.retry_at && !last {
            return None;
        }
        let bytes = std::mem::take(&mut self.carry);
        let raw_len = bytes.len() as u64;
        let Decoded { text, mixed } = Decoded::of(bytes);
        let task = Task {
            text: &text,
            start: 0,
            from: self.from,
            first,
            last,
            file: FileNote::of(&self.source.origin),
        };
        let reading = worker.read(&self.splitting, task);
        self.commit(Part {
            raw: self.carry_raw,
            raw_len,
            text,
            mixed,
            last,
            behind: None,
            reading,
        })
    }

    /// Takes a part that stands behind the list's closing bracket.
    fn behind_the_list(&mut self, part: Part) -> Option<Vec<u8>> {
        self.checkpoint(part.raw, part.raw_len, part.mixed.as_deref());
        self.note_mixed(part.mixed.as_deref());
        self.at = join(self.at, part.behind());
        if let Some((_, tail)) = &mut self.tail {
            tail.push_str(&part.text);
            self.too_long |= tail.len() > self.longest;
        }
        Some(part.text.into_bytes())
    }

    /// Notes that what stands at `raw` begins where everything before it ended.
    fn checkpoint(&mut self, raw: u64, raw_len: u64, mixed: Option<&[u8]>) {
        self.source.checkpoints.push(Checkpoint {
            raw,
            raw_len,
            at: self.at,
            mixed: mixed.is_some(),
        });
    }

    /// Remembers the first byte that is no UTF-8.
    fn note_mixed(&mut self, mixed: Option<&[u8]>) {
        if let Some(bytes) = mixed {
            let valid = std::str::from_utf8(bytes).map_or_else(|e| e.valid_up_to(), str::len);
            self.mixed_at.get_or_insert(self.at.offset + valid as u64);
        }
    }

    /// Takes over what a part told; its beginning is verified.
    fn commit(&mut self, mut part: Part) -> Option<Vec<u8>> {
        let taken = match part.reading.end {
            End::Inside(at) => at,
            End::Closed(at) => at,
            End::Open(_) => part.text.len(),
        };
        let raw_taken = match &part.mixed {
            Some(bytes) => raw_offset(bytes, taken),
            None => taken,
        };
        let raw_len = match part.reading.end {
            End::Open(_) => part.raw_len,
            End::Inside(_) | End::Closed(_) => raw_taken as u64,
        };
        self.checkpoint(part.raw, raw_len, part.mixed.as_deref());
        self.note_mixed(part.mixed.as_deref());
        let reading = std::mem::take(&mut part.reading);
        let end = reading.end;
        self.too_long |= reading.longest > self.longest;
        self.take(reading);
        match end {
            End::Open(from) => {
                self.from = from;
                self.at = join(self.at, part.behind());
            }
            End::Inside(at) => {
                self.from = From::Element;
                self.at = advance(self.at, &part.text[..at]);
                self.carry_raw = part.raw + raw_taken as u64;
                match &part.mixed {
                    Some(bytes) => self.carry.extend_from_slice(&bytes[raw_taken..]),
                    None => self.carry.extend_from_slice(&part.text.as_bytes()[at..]),
                }
                self.too_long |= part.text.len() - at > self.longest;
                // As soon as it is too long, that shows.
                self.retry_at = (self.carry.len() * 2).min(self.longest + 1);
            }
            // Most files are one record, and end with it.
            End::Closed(at) if at == part.text.len() => {
                let end = self.at.offset + at as u64;
                self.tail = Some((end, String::new()));
                if !part.last {
                    self.at = join(self.at, part.behind());
                }
            }
            End::Closed(at) => {
                self.at = advance(self.at, &part.text[..at]);
                let tail = &part.text[at..];
                self.checkpoint(
                    part.raw + raw_taken as u64,
                    part.raw_len - raw_taken as u64,
                    part.mixed.as_deref(),
                );
                self.tail = Some((self.at.offset, tail.to_owned()));
                self.at = advance(self.at, tail);
            }
        }
        Some(part.text.into_bytes())
    }

    fn take(&mut self, reading: Reading) {
        let base = self.at;
        let lines = matches!(self.splitting, Splitting::Lines);
        let before = match lines {
            true => self.lines + 1,
            false => self.extent.elements,
        };
        let number = |number: u64| {
            let number = before + number;
            u32::try_from(number).unwrap_or(u32::MAX)
        };
        // Most sources are one small file, and there may be many.
        if self.source.dirty.is_empty() {
            self.source.dirty.reserve_exact(reading.dirty.len());
        }
        for local in &reading.dirty {
            let at = join(base, local.at);
            let record = Record {
                offset: base.offset + local.record.offset as u64,
                len: local.record.len as u32,
                number: number(local.record.number),
            };
            self.source.dirty.push(Dirty {
                record,
                line: at.line,
                column: at.column,
                findings: local.findings,
                alone: local.alone,
                fired: local.fired,
                mark: local.mark,
            });
        }
        let first = self.source.indexed.len() as u32;
        for local in &reading.indexed {
            let record = Record {
                offset: base.offset + local.offset as u64,
                len: local.len as u32,
                number: number(local.number),
            };
            self.source.indexed.push(record);
        }
        match (&mut self.harvest, reading.harvest) {
            (_, None) => {}
            (Some(harvest), Some(more)) => harvest.absorb(*more, 0, first),
            (None, more) => self.harvest = more,
        }
        self.source.cut |= reading.cut;
        self.source.empty = reading.empty.or(self.source.empty);
        for error in &reading.errors {
            if self.errors.len() < ERRORS_SHOWN {
                self.errors
                    .push((base.offset + error.offset as u64, error.kind));
            } else {
                self.further_errors += 1;
            }
        }
        for (offset, rule) in &reading.panics {
            self.source.fail(*rule, base.offset + *offset as u64);
        }
        self.lines += reading.lines;
        self.extent.records += reading.records;
        self.extent.elements += reading.elements;
        self.counts.tally.merge(&reading.tally);
        statistics::add(&mut self.counts.by_rule, &reading.by_rule);
        add_all(&mut self.source.objects, reading.objects);
        self.extent.unrecognised += reading.unrecognised;
        if let Some(reason) = reading.unsupported {
            self.source.skipped.get_or_insert(reason);
        }
        if let Some(nearest) = reading.nearest {
            self.extent.nearest.get_or_insert(nearest);
        }
        self.counts.out_of_scope += reading.out_of_scope;
        self.counts.left_out += reading.left_out;
    }

    /// The source, after its last part.
    pub fn finish(self) -> Merged {
        self.finish_with(None)
    }

    /// The same; `replaced` names the encoding some of whose units were no characters, and the
    /// place of the first of them.
    pub fn finish_with(mut self, replaced: Option<(Encoding, u64)>) -> Merged {
        if self.too_long {
            let reason = reason_of(&input::too_long(self.longest));
            let mut merged = self.abandon();
            merged.source.cannot_be_read(&reason);
            return merged;
        }
        if let Splitting::Elements(_) = self.splitting {
            self.close();
        }
        let errors = if matches!(self.splitting, Splitting::Lines) {
            std::mem::take(&mut self.errors)
        } else {
            // After an error in a list, guesses find the records behind it; what they stumble
            // over is the same mistake.
            self.further_errors += (self.errors.len() as u64).saturating_sub(1);
            self.errors.iter().take(1).copied().collect()
        };
        self.source.conclude(
            &errors,
            self.further_errors,
            &self.extent,
            self.mixed_at,
            replaced,
        );
        self.merged()
    }

    /// The source as far as it was read when reading failed.
    pub fn abandon(mut self) -> Merged {
        let errors = std::mem::take(&mut self.errors);
        if !errors.is_empty() {
            self.source
                .conclude(&errors[..1], 0, &self.extent, self.mixed_at, None);
        }
        self.merged()
    }

    fn merged(self) -> Merged {
        Merged {
            source: self.source,
            counts: self.counts,
            harvest: self.harvest,
        }
    }

    /// Checks that a list is closed and reads the members behind it.
    fn close(&mut self) {
        let Some((base, text)) = self.tail.take() else {
            if self.errors.is_empty() {
                // The record that is cut off may hold bytes that are no UTF-8 as well.
                let carry = std::mem::take(&mut self.carry);
                let mixed = std::str::from_utf8(&carry).is_err();
                let text = match mixed {
                    true => decode_mixed(&carry).len(),
                    false => carry.len(),
                };
                let end = self.at.offset + text as u64;
                let raw_len = carry.len() as u64;
                self.checkpoint(self.carry_raw, raw_len, mixed.then_some(&carry));
                self.errors.push((end, ErrorKind::UnexpectedEnd));
            }
            return;
        };
        let result = match &mut self.extent.envelope {
            Some(envelope) => tail::rest_of_page(envelope, &text, base),
            None => tail::nothing_but_blanks(&text, 0),
        };
        if let Err(error) = result {
            self.errors.push((base + error.offset as u64, error.kind));
        }
    }
}
