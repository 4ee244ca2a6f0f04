//! Reading a source again: for wording what was found in it, and for showing where.
//!
//! What is told has to be about what was judged. Of a record with findings the scan keeps a mark of
//! its text; everything else that is read again is believed while its file is as long and as old as
//! it was when it was opened first. Where neither holds, the source is noted as changed.
#![expect(
    clippy::disallowed_methods,
    reason = "the home of reading a record again"
)]

use std::fs::{File, Metadata};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::Ordering;
use std::time::SystemTime;

use tempfile::SpooledTempFile;

use super::source::{Dirty, Record, Source, advance};
use crate::input::PIECE;
use crate::input::decode::decode_mixed;
use crate::input::pieces::read_spool;
use crate::report::{Position, Window};
use crate::tenant;

/// Where a source's bytes can be read again.
#[derive(Debug, Default)]
pub enum Home {
    /// Nothing was read.
    #[default]
    Nowhere,
    /// The file itself; offsets begin behind a byte order mark of this length.
    File { mark: u64, stamp: Stamp },
    /// A copy, decoded to UTF-8: the source was a pipe, or in UTF-16 or UTF-32.
    Copy(Box<Mutex<SpooledTempFile>>),
}

/// What shows from outside that a file is another, or was written to. No inode: some network file
/// systems give the same file a new one every time.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    len: u64,
    /// `None` where the system keeps none.
    modified: Option<SystemTime>,
}

impl Stamp {
    pub fn of(data: &Metadata) -> Stamp {
        Stamp {
            len: data.len(),
            modified: data.modified().ok(),
        }
    }
}

/// The pieces of a source: one per 256 KiB.
#[derive(Clone, Debug, Default)]
pub enum Checkpoints {
    #[default]
    None,
    /// Most sources are one piece, and there may be many: its length is all there is to know.
    Whole {
        raw_len: u64,
        mixed: bool,
    },
    Many(Vec<Checkpoint>),
}

impl Checkpoints {
    /// Adds a piece behind the others.
    pub fn push(&mut self, next: Checkpoint) {
        if let Checkpoints::Many(all) = self {
            all.push(next);
            return;
        }
        let first = self.at(0);
        *self = match first {
            None if next.raw == 0 && next.at == Position::START => Checkpoints::Whole {
                raw_len: next.raw_len,
                mixed: next.mixed,
            },
            _ => Checkpoints::Many(first.into_iter().chain([next]).collect()),
        };
    }

    /// The piece that contains `offset` of the text.
    fn at(&self, offset: u64) -> Option<Checkpoint> {
        match self {
            Checkpoints::None => None,
            Checkpoints::Whole { raw_len, mixed } => Some(Checkpoint {
                raw: 0,
                raw_len: *raw_len,
                at: Position::START,
                mixed: *mixed,
            }),
            Checkpoints::Many(all) => {
                let after = all.partition_point(|piece| piece.text() <= offset);
                all.get(after.checked_sub(1)?).copied()
            }
        }
    }
}

/// A piece of a source, for finding lines and for reading again.
#[derive(Copy, Clone, Debug)]
pub struct Checkpoint {
    /// Offset and length of its bytes in the home.
    pub raw: u64,
    pub raw_len: u64,
    /// Where it begins in the text.
    pub at: Position,
    /// Its bytes are no UTF-8 and were decoded as Windows-1252.
    pub mixed: bool,
}

impl Checkpoint {
    /// Offset of the piece in the text.
    fn text(&self) -> u64 {
        self.at.offset
    }
}

/// What was read again, and whether its file looks as it did.
struct Again<T> {
    read: T,
    untouched: bool,
}

/// Reads records with findings again, one after the other. Between two of one source its file stays
/// open, and nobody asks how old it is: each record has its mark.
#[derive(Debug, Default)]
pub struct Reader<'s> {
    open: Option<(&'s Path, File)>,
    bytes: Vec<u8>,
}

impl<'s> Reader<'s> {
    /// Adds to `out` the text of a record with findings, which certainly is what was read first.
    ///
    /// # Errors
    /// What the system reports, or that the record is no longer what it was; that is noted.
    pub fn add(&mut self, source: &'s Source, dirty: &Dirty, out: &mut String) -> io::Result<()> {
        let added = self.add_same(source, dirty, out);
        if added.is_err() {
            source.note_change();
        }
        added
    }

    fn add_same(&mut self, source: &'s Source, dirty: &Dirty, out: &mut String) -> io::Result<()> {
        let Record { offset, len, .. } = dirty.record;
        let checkpoint = source.checkpoint(offset).ok_or_else(another)?;
        let path = source.origin.path();
        let (Home::File { mark, .. }, Some(path), false) = (&source.home, path, checkpoint.mixed)
        else {
            let (text, same) = source.record(dirty.record)?;
            out.push_str(same.then_some(&text).ok_or_else(another)?);
            return Ok(());
        };
        let file = match &mut self.open {
            Some((known, file)) if *known == path => file,
            open => &mut open.insert((path, File::open(path)?)).1,
        };
        let start = mark + checkpoint.raw + (offset - checkpoint.text());
        file.seek(SeekFrom::Start(start))?;
        self.bytes.clear();
        self.bytes.reserve(len as usize);
        file.take(u64::from(len)).read_to_end(&mut self.bytes)?;
        let text = std::str::from_utf8(&self.bytes).map_err(|_| another())?;
        if dirty.mark != tenant::mark(text) {
            return Err(another());
        }
        out.push_str(text);
        if self.bytes.capacity() > PIECE {
            self.bytes = Vec::new();
        }
        Ok(())
    }
}

fn another() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "it changed while it was read")
}

impl Source {
    /// The text of a record, and whether it certainly is what was read first; if not, that is
    /// noted.
    ///
    /// # Errors
    /// What the system reports, or that the file is no longer what it was.
    pub fn record(&self, record: Record) -> io::Result<(String, bool)> {
        let again = self.read(record.offset, record.len as usize);
        let same = again
            .as_ref()
            .is_ok_and(|again| match self.dirty_at(record.offset) {
                Some(dirty) => dirty.mark == tenant::mark(&again.read),
                None => again.untouched,
            });
        if !same {
            self.note_change();
        }
        again.map(|again| (again.read, same))
    }

    /// Where a record begins.
    ///
    /// # Errors
    /// As for [`Source::position`].
    pub fn start(&self, record: Record) -> io::Result<Position> {
        match self.dirty_at(record.offset) {
            Some(dirty) => Ok(dirty.start()),
            None => self.position(record.offset),
        }
    }

    /// What is kept of the record that begins there, if it has findings.
    pub fn dirty_at(&self, offset: u64) -> Option<&Dirty> {
        let at = self
            .dirty
            .binary_search_by_key(&offset, |dirty| dirty.record.offset);
        self.dirty.get(at.ok()?)
    }

    /// Notes that it is not, or not for certain, what it was.
    pub fn note_change(&self) {
        self.changed.store(true, Ordering::Relaxed);
    }

    /// Whether something that was read again was not, or not for certain, what was read first.
    pub fn has_changed(&self) -> bool {
        self.changed.load(Ordering::Relaxed)
    }

    /// The piece that contains `offset` of the text.
    fn checkpoint(&self, offset: u64) -> Option<Checkpoint> {
        self.checkpoints.at(offset)
    }

    /// Reads `len` bytes of the text at `offset` again.
    fn read(&self, offset: u64, len: usize) -> io::Result<Again<String>> {
        let checkpoint = self.checkpoint(offset).ok_or_else(another)?;
        if checkpoint.mixed {
            let raw = self.raw(checkpoint.raw, checkpoint.raw_len as usize)?;
            let text = decode_mixed(&raw.read);
            let start = (offset - checkpoint.text()) as usize;
            return Ok(Again {
                read: text.get(start..start + len).ok_or_else(another)?.to_owned(),
                untouched: raw.untouched,
            });
        }
        let raw = self.raw(checkpoint.raw + (offset - checkpoint.text()), len)?;
        Ok(Again {
            read: String::from_utf8(raw.read).map_err(|_| another())?,
            untouched: raw.untouched,
        })
    }

    fn raw(&self, start: u64, len: usize) -> io::Result<Again<Vec<u8>>> {
        match &self.home {
            Home::Nowhere => Err(io::Error::other("nothing was read")),
            Home::File { mark, stamp } => {
                let path = self.origin.path();
                let mut file = File::open(path.unwrap_or(Path::new("")))?;
                file.seek(SeekFrom::Start(mark + start))?;
                let mut bytes = vec![0; len];
                file.read_exact(&mut bytes)?;
                // Looked at behind the reading: what was written before it shows.
                let now = Stamp::of(&file.metadata()?);
                Ok(Again {
                    read: bytes,
                    untouched: now == *stamp,
                })
            }
            Home::Copy(spool) => {
                let mut spool = spool
                    .lock()
                    .unwrap_or_else(std::sync::PoisonError::into_inner);
                Ok(Again {
                    read: read_spool(&mut spool, start, len)?,
                    untouched: true,
                })
            }
        }
    }

    /// Line and column of `offset`: from the piece's start, so at most 256 KiB are read.
    ///
    /// # Errors
    /// What the system reports, or that the file is no longer what it was.
    pub fn position(&self, offset: u64) -> io::Result<Position> {
        self.position_from(None, offset)
    }

    /// The same; less is read where a place shortly before it is known.
    ///
    /// # Errors
    /// The same.
    pub fn position_from(&self, known: Option<Position>, offset: u64) -> io::Result<Position> {
        let Some(checkpoint) = self.checkpoint(offset) else {
            return Ok(Position::START);
        };
        let near = |at: &Position| (checkpoint.text()..=offset).contains(&at.offset);
        let from = known.filter(near).unwrap_or(checkpoint.at);
        let before = self.read(from.offset, (offset - from.offset) as usize);
        if !before.as_ref().is_ok_and(|before| before.untouched) {
            self.note_change();
        }
        Ok(advance(from, &before?.read))
    }

    /// Some text around a place, for showing it; `None` when it cannot be read again.
    pub fn around(&self, from: u64, to: u64) -> Option<Window> {
        const MARGIN: u64 = 4096;
        let checkpoint = self.checkpoint(from)?;
        let end = if checkpoint.mixed {
            let raw = self.raw(checkpoint.raw, checkpoint.raw_len as usize).ok()?;
            checkpoint.text() + decode_mixed(&raw.read).len() as u64
        } else {
            checkpoint.text() + checkpoint.raw_len
        };
        let low = from.saturating_sub(MARGIN).max(checkpoint.text());
        let high = (to + MARGIN).min(end).max(low);
        // The margins may fall into a character: step outwards until they do not.
        for shift in 0..4 {
            for shrink in 0..4 {
                let (low, high) = (low + shift, high.saturating_sub(shrink));
                if low > from || high < to.min(end) || low > high {
                    continue;
                }
                // Whether it is what it was shows where its position is looked for.
                if let Ok(text) = self.read(low, (high - low) as usize) {
                    return Some(Window {
                        start: self.position(low).ok()?,
                        text: text.read.into(),
                    });
                }
            }
        }
        None
    }
}
