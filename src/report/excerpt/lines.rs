//! Which lines of a window an excerpt shows, and how much of each is looked at.

use std::ops::Range;

use memchr::{memchr, memrchr};

use super::line::Spot;
use crate::report::Window;

/// How far the ends of a line are looked for, in bytes.
pub const REACH: usize = 4096;
/// No excerpt has more lines, however the places are scattered.
const LINES: usize = 16;

/// A line of the window, or what may be shown of it.
pub struct Raw {
    pub number: u64,
    /// Bytes of the window, without the line break.
    pub range: Range<usize>,
    /// Whether the line begins and ends where the range does.
    pub begins: bool,
    pub ends: bool,
    pub spots: Vec<usize>,
}

impl Raw {
    /// Without the carriage return of a line break.
    fn without_return(mut self, text: &str) -> Raw {
        if self.ends && text[self.range.clone()].ends_with('\r') {
            self.range.end -= 1;
        }
        self
    }
}

/// Looks for the lines to show.
pub struct Lines<'t> {
    text: &'t str,
    /// Whether the text begins with a line's beginning.
    begins_whole: bool,
    spots: &'t [Spot],
    room: usize,
}

impl<'t> Lines<'t> {
    pub fn new(window: &'t Window, spots: &'t [Spot], room: usize) -> Lines<'t> {
        Lines {
            text: &window.text,
            begins_whole: window.start.column <= 1,
            spots,
            room,
        }
    }

    /// Those with a mark, those between, and one before and after; the first marked one has the
    /// given number.
    pub fn around(&self, mut number: u64) -> Vec<Raw> {
        let bytes = self.text.as_bytes();
        let mut order: Vec<usize> = (0..self.spots.len()).collect();
        order.sort_by_key(|&spot| self.spots[spot].range.start);
        let mut rest = &order[..];
        let mut lines = Vec::with_capacity(4);
        // Where the next line begins, once one was seen to its end.
        let mut next: Option<usize> = None;
        while let Some(&spot) = rest.first() {
            let at = self.spots[spot].range.start;
            if let Some(begin) = next
                && let Some(end) = line_end(bytes, begin, at)
            {
                // A line between two marked ones.
                lines.push(self.line(begin..end, number));
                next = Some(end + 1);
            } else {
                let begin = next.or_else(|| line_start(bytes, at));
                if lines.is_empty() {
                    lines.extend(self.before(begin, number));
                }
                let end = line_end(bytes, at, bytes.len());
                let on_line = rest
                    .iter()
                    .take_while(|&&spot| end.is_none_or(|end| self.spots[spot].range.start <= end))
                    .count();
                let (these, others) = rest.split_at(on_line);
                rest = others;
                lines.push(self.marked(begin, end, these, number));
                next = end.map(|end| end + 1);
            }
            number += 1;
            if lines.len() == LINES {
                next = None;
                break;
            }
        }
        if let Some(begin) = next.filter(|&begin| begin < bytes.len()) {
            let end = line_end(bytes, begin, bytes.len()).unwrap_or(bytes.len());
            lines.push(self.line(begin..end, number));
            if self.is_blank(&lines[lines.len() - 1]) {
                lines.pop();
            }
        }
        self.dedent(&mut lines);
        lines
    }

    /// Takes off the blanks that all lines begin with: exports are nested deep, terminals narrow.
    fn dedent(&self, lines: &mut [Raw]) {
        let blanks = |line: &Raw| {
            let text = &self.text[line.range.clone()];
            // Not those that are marked.
            let limit = line
                .spots
                .iter()
                .map(|&spot| {
                    self.spots[spot]
                        .range
                        .start
                        .saturating_sub(line.range.start)
                })
                .min();
            let blanks = text.len() - text.trim_start_matches([' ', '\t']).len();
            &text[..limit.map_or(blanks, |limit| limit.min(blanks))]
        };
        if lines.iter().any(|line| !line.begins) {
            return;
        }
        let mut common: Option<&str> = None;
        for line in lines
            .iter()
            .filter(|line| !self.is_blank(line) || !line.spots.is_empty())
        {
            let these = blanks(line);
            let shared = common.map_or(these.len(), |common| {
                common
                    .bytes()
                    .zip(these.bytes())
                    .take_while(|(a, b)| a == b)
                    .count()
            });
            common = Some(&these[..shared]);
        }
        let shared = common.map_or(0, str::len);
        for line in lines {
            line.range.start = (line.range.start + shared).min(line.range.end);
        }
    }

    /// The line of `spots`, which begins and ends where that was found.
    fn marked(
        &self,
        begin: Option<usize>,
        end: Option<usize>,
        spots: &[usize],
        number: u64,
    ) -> Raw {
        let first = spots
            .first()
            .map_or(0, |&spot| self.spots[spot].range.start);
        let last = spots.last().map_or(0, |&spot| self.spots[spot].range.start);
        let mut left = back(self.text, first, self.reach());
        if let Some(begin) = begin {
            left = left.max(begin);
        }
        let mut right = forward(self.text, last, self.reach());
        if let Some(end) = end {
            right = right.min(end);
        }
        Raw {
            number,
            begins: begin == Some(left) && (left > 0 || self.begins_whole),
            ends: right == self.text.len() || end == Some(right),
            range: left..right,
            spots: spots.to_vec(),
        }
        .without_return(self.text)
    }

    /// The line before the one that begins at `begin`, unless it is blank or too long to find.
    fn before(&self, begin: Option<usize>, number: u64) -> Option<Raw> {
        let end = begin?.checked_sub(1)?;
        let begin = line_start(self.text.as_bytes(), end)?;
        let mut line = self.line(begin..end, number.checked_sub(1)?);
        line.begins = begin > 0 || self.begins_whole;
        (number > 1 && !self.is_blank(&line)).then_some(line)
    }

    /// A line without marks, from its beginning.
    fn line(&self, range: Range<usize>, number: u64) -> Raw {
        let end = forward(self.text, range.start, self.reach()).min(range.end);
        Raw {
            number,
            begins: true,
            ends: end == range.end,
            range: range.start..end,
            spots: Vec::new(),
        }
        .without_return(self.text)
    }

    /// Characters of a line that are looked at on either side of a mark: blanks to take off too.
    fn reach(&self) -> usize {
        2 * self.room
    }

    fn is_blank(&self, line: &Raw) -> bool {
        self.text[line.range.clone()].trim().is_empty()
    }
}

/// Where the line of `at` begins, if that is within reach.
fn line_start(bytes: &[u8], at: usize) -> Option<usize> {
    let from = at.saturating_sub(REACH);
    match memrchr(b'\n', &bytes[from..at]) {
        Some(found) => Some(from + found + 1),
        None => (from == 0).then_some(0),
    }
}

/// Where the line of `at` ends, if that is within reach and before `limit`.
fn line_end(bytes: &[u8], at: usize, limit: usize) -> Option<usize> {
    let to = (at + REACH).min(limit);
    memchr(b'\n', bytes.get(at..to)?).map(|found| at + found)
}

/// `count` characters before `at`.
fn back(text: &str, at: usize, count: usize) -> usize {
    text[..at]
        .char_indices()
        .rev()
        .take(count)
        .last()
        .map_or(at, |(at, _)| at)
}

/// `count` characters after `at`.
fn forward(text: &str, at: usize, count: usize) -> usize {
    text[at..]
        .char_indices()
        .nth(count)
        .map_or(text.len(), |(length, _)| at + length)
}
