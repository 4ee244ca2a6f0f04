//! Cutting a file into pieces at likely starts of records.

use std::io::{self, Seek, SeekFrom, Write};

use tempfile::SpooledTempFile;

use super::decode::valid;
use super::layout::detect;
use super::{Feed, Layout, PIECE, too_long};
use crate::json::Tape;

/// A stretch of a file: whole records, if the guess was right.
#[derive(Debug)]
pub struct Piece {
    /// Counts from 0.
    pub number: u64,
    /// Offset in the source: behind the byte order mark of a file, from 0 in a spool.
    pub start: u64,
    pub bytes: Vec<u8>,
    /// Nothing comes after this one.
    pub last: bool,
}

/// Reads a source and cuts it. One worker at a time holds it; reading and cutting are cheap.
pub struct Cutter<'f> {
    feed: Feed<'f>,
    layout: Layout,
    /// Read, but not yet handed out.
    rest: Vec<u8>,
    next: u64,
    start: u64,
    ended: bool,
    /// How long a record may be, in bytes.
    longest: usize,
    /// A copy of everything, for a source that cannot be read twice.
    spool: Option<SpooledTempFile>,
    spare: Vec<Vec<u8>>,
}

/// Pieces without a likely start of a record grow to this size before they are cut anywhere.
const UNSURE_PIECE: usize = 16 * PIECE;

impl<'f> Cutter<'f> {
    /// Reads the first block and tells the layout from it. With `spool`, everything that is read
    /// is also kept (in memory up to 64 MiB, then in a temporary file that has no name). No line,
    /// and no file that is one record, may be longer than `longest` bytes; elements of a list are
    /// cut wherever they are long, and are measured when they are put together.
    ///
    /// # Errors
    /// What reading reports.
    pub fn new(
        mut feed: Feed<'f>,
        lines: bool,
        spool: bool,
        longest: usize,
    ) -> io::Result<Cutter<'f>> {
        const IN_MEMORY: usize = 64 * 1024 * 1024;
        let mut block = Vec::with_capacity(PIECE + PIECE / 4);
        let mut ended = false;
        while block.len() < PIECE && !ended {
            let want = PIECE - block.len();
            ended = feed.fill(&mut block, want)? == 0;
        }
        let mut cutter = Cutter {
            layout: detect(&block, valid(&block), lines, &mut Tape::default()),
            feed,
            rest: Vec::new(),
            next: 0,
            start: 0,
            ended,
            longest,
            spool: spool.then(|| SpooledTempFile::new(IN_MEMORY)),
            spare: Vec::new(),
        };
        cutter.keep(&block)?;
        cutter.rest = block;
        Ok(cutter)
    }

    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    pub fn feed(&self) -> &Feed<'f> {
        &self.feed
    }

    /// The copy of what was read, rewound.
    pub fn into_spool(self) -> Option<SpooledTempFile> {
        self.spool
    }

    /// Gives a buffer back for the next piece.
    pub fn recycle(&mut self, mut buffer: Vec<u8>) {
        if self.spare.len() < 8 && buffer.capacity() <= 2 * UNSURE_PIECE {
            buffer.clear();
            self.spare.push(buffer);
        }
    }

    /// The next piece, or `None` after the last.
    ///
    /// # Errors
    /// What reading reports; what was read until then is lost.
    pub fn next_piece(&mut self) -> io::Result<Option<Piece>> {
        if self.next > 0 && self.ended && self.rest.is_empty() {
            return Ok(None);
        }
        let mut bytes = std::mem::replace(&mut self.rest, self.spare.pop().unwrap_or_default());
        let mut want = PIECE;
        let cut = loop {
            let uncut = self.uncut(&bytes);
            if uncut.is_some_and(|len| len > self.longest) {
                return Err(too_long(self.longest));
            }
            if self.ended {
                break bytes.len();
            }
            if bytes.len() >= want
                && let Some(cut) = self.cut(&bytes)
            {
                break cut;
            }
            if bytes.len() >= want {
                want = bytes.len() + bytes.len().max(PIECE);
                if uncut.is_some() {
                    // One byte more than there may be, and no further.
                    want = want.min(self.longest + 1);
                }
            }
            let from = bytes.len();
            self.ended = self.feed.fill(&mut bytes, want - from)? == 0;
            if let Some(spool) = &mut self.spool {
                spool.write_all(&bytes[from..])?;
            }
        };
        self.rest.extend_from_slice(&bytes[cut..]);
        bytes.truncate(cut);
        let piece = Piece {
            number: self.next,
            start: self.start,
            last: self.ended && self.rest.is_empty(),
            bytes,
        };
        self.next += 1;
        self.start += cut as u64;
        Ok(Some(piece))
    }

    /// How many bytes have to stay together, where what was read is the start of one record.
    fn uncut(&self, bytes: &[u8]) -> Option<usize> {
        let one = match &self.layout {
            Layout::Whole => true,
            Layout::Lines => memchr::memchr(b'\n', bytes).is_none(),
            Layout::Elements { .. } | Layout::NotJson => false,
        };
        one.then_some(bytes.len())
    }

    /// Where to cut what was read, or `None` to read on.
    fn cut(&self, bytes: &[u8]) -> Option<usize> {
        match &self.layout {
            Layout::Elements {
                boundary, first, ..
            } => boundary
                .last_in(bytes)
                // The first piece holds the first record: whether it is the only one shows there.
                .filter(|at| self.next > 0 || at > first)
                .or_else(|| {
                    // No guess at all: cut at a character, and let the verification sort it out.
                    (bytes.len() >= UNSURE_PIECE).then(|| {
                        let tail = bytes.len() - 4;
                        (tail..bytes.len())
                            .rev()
                            .find(|at| bytes[*at] & 0xC0 != 0x80)
                            .unwrap_or(tail)
                    })
                }),
            Layout::Lines => memchr::memrchr(b'\n', bytes).map(|at| at + 1),
            Layout::Whole => None,
            Layout::NotJson => Some(bytes.len()),
        }
    }

    fn keep(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.spool {
            Some(spool) => spool.write_all(bytes),
            None => Ok(()),
        }
    }
}

/// Reads `len` bytes at `start` of a spool.
///
/// # Errors
/// What the temporary file reports.
pub fn read_spool(spool: &mut SpooledTempFile, start: u64, len: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; len];
    spool.seek(SeekFrom::Start(start))?;
    io::Read::read_exact(spool, &mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::LONGEST_RECORD;

    fn pieces(text: &str, lines: bool) -> Vec<Piece> {
        let feed = Feed::open(Box::new(text.as_bytes()), 1 << 30).unwrap();
        let mut cutter = Cutter::new(feed, lines, true, LONGEST_RECORD).unwrap();
        let mut pieces = Vec::new();
        while let Some(piece) = cutter.next_piece().unwrap() {
            pieces.push(piece);
        }
        let mut spool = cutter.into_spool().unwrap();
        let all = read_spool(&mut spool, 0, text.len()).unwrap();
        assert_eq!(all, text.as_bytes());
        pieces
    }

    fn element(number: usize) -> String {
        format!(
            "{{\n    \"id\": {number},\n    \"x\": \"{}\"\n  }}",
            "y".repeat(900)
        )
    }

    #[test]
    fn pieces_join_to_the_whole_and_begin_at_elements() {
        let elements: Vec<String> = (0..2000).map(element).collect();
        let text = format!("[\n  {}\n]\n", elements.join(",\n  "));
        let pieces = pieces(&text, false);
        assert!(pieces.len() > 4, "{}", pieces.len());
        let joined: Vec<u8> = pieces.iter().flat_map(|p| p.bytes.clone()).collect();
        assert_eq!(joined, text.as_bytes());
        assert!(pieces.last().unwrap().last);
        for piece in &pieces[1..] {
            assert!(piece.bytes.starts_with(b"{\n    \"id\""));
            assert_eq!(
                &text.as_bytes()[piece.start as usize..][..8],
                &piece.bytes[..8]
            );
        }
    }

    #[test]
    fn lines_are_cut_behind_line_feeds() {
        let line = format!("{{\"x\":\"{}\"}}\n", "y".repeat(1000));
        let text = line.repeat(1000);
        let pieces = pieces(&text, true);
        assert!(pieces.len() > 2);
        assert!(pieces.iter().all(|p| p.bytes.ends_with(b"\n")));
    }

    #[test]
    fn an_empty_source_is_one_empty_piece() {
        let pieces = pieces("", false);
        assert_eq!(pieces.len(), 1);
        assert!(pieces[0].last && pieces[0].bytes.is_empty());
    }
}
