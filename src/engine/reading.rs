//! What reading one piece gave, before it is put together with the others.

use super::source::advance;
use crate::json::SyntaxError;
use crate::kinds::Unrecognised;
use crate::model::ObjectKind;
use crate::report::Position;
use crate::rules::{Fired, Rule, Tally};
use crate::tenant::Harvest;

/// Where in a list a text begins.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum From {
    /// An element comes next.
    Element,
    /// A comma or the closing bracket comes next.
    Separator,
}

/// How a text ended.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// Where the next text has to begin.
    Open(From),
    /// In the middle of the record that begins here.
    Inside(usize),
    /// The list closed just before here.
    Closed(usize),
}

/// A record of a piece; places count from the piece's start.
#[derive(Copy, Clone, Debug)]
pub struct LocalRecord {
    pub offset: usize,
    pub len: usize,
    /// Counts the piece's records (or lines) from 0.
    pub number: u64,
}

/// A record of a piece that has findings.
#[derive(Copy, Clone, Debug)]
pub struct LocalDirty {
    pub record: LocalRecord,
    /// Position relative to the piece: line 1 and column 1 are its start.
    pub at: Position,
    pub findings: u32,
    pub alone: bool,
    /// Of which rules they are.
    pub fired: Fired,
    /// The [`mark`] of its text.
    pub mark: u64,
}

/// What reading a piece gave.
#[derive(Debug)]
pub struct Reading {
    pub end: End,
    pub records: u64,
    /// Bytes of its longest record.
    pub longest: usize,
    /// Elements begun in it: its records, and those that were not JSON.
    pub elements: u64,
    /// Lines begun in it, for JSON Lines.
    pub lines: u64,
    pub dirty: Vec<LocalDirty>,
    pub indexed: Vec<LocalRecord>,
    pub harvest: Option<Box<Harvest>>,
    pub errors: Vec<SyntaxError>,
    /// Records on which something panicked: offset, and the rule that did, unless it was reading.
    pub panics: Vec<(usize, Option<&'static Rule>)>,
    pub tally: Tally,
    pub by_rule: Vec<u64>,
    pub objects: Vec<(ObjectKind, u64)>,
    pub unrecognised: u64,
    pub nearest: Option<Unrecognised>,
    /// Why nothing, or not all, of a template or plan was understood.
    pub unsupported: Option<String>,
    pub out_of_scope: u64,
    pub left_out: u64,
    /// A wrapper inside a record links to a further page.
    pub cut: bool,
    /// A record is an empty list; of what, where it tells.
    pub empty: Option<Option<ObjectKind>>,
}

impl Default for Reading {
    fn default() -> Self {
        Reading {
            end: End::Open(From::Element),
            records: 0,
            longest: 0,
            elements: 0,
            lines: 0,
            dirty: Vec::new(),
            indexed: Vec::new(),
            harvest: None,
            errors: Vec::new(),
            panics: Vec::new(),
            tally: Tally::default(),
            by_rule: Vec::new(),
            objects: Vec::new(),
            unrecognised: 0,
            nearest: None,
            unsupported: None,
            out_of_scope: 0,
            left_out: 0,
            cut: false,
            empty: None,
        }
    }
}

/// A piece that was read by itself.
pub struct Part {
    /// Offset and length of its bytes in the source's home.
    pub raw: u64,
    pub raw_len: u64,
    pub text: String,
    /// Its bytes, when they are no UTF-8.
    pub mixed: Option<Vec<u8>>,
    pub last: bool,
    /// The position behind it, if it began at the start of a file; where that was not asked for
    /// yet, `None`.
    pub behind: Option<Position>,
    pub reading: Reading,
}

impl Part {
    /// The position behind it.
    pub fn behind(&self) -> Position {
        self.behind
            .unwrap_or_else(|| advance(Position::START, &self.text))
    }
}
