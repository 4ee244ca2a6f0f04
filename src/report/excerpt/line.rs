//! One line of an excerpt: cleaned, clipped around its marks.

use std::ops::Range;

use super::Look;
use crate::report::safe;
use crate::report::wrap::char_cells;

/// What is marked on a line: bytes of the window, and the cells of its label.
pub struct Spot {
    pub range: Range<usize>,
    pub label: usize,
}

/// A piece of a line: a character or its sign, or a masked secret.
struct Piece {
    /// Where it begins in the window.
    raw: usize,
    /// Where it begins in [`Line::text`].
    text: usize,
    /// The cells before it.
    cells: usize,
}

/// A line in pieces.
pub struct Line {
    text: String,
    pieces: Vec<Piece>,
    /// Where the line ends: in the window, in the text, in cells.
    end: Piece,
    ellipsis: &'static str,
}

impl Line {
    /// Makes what stands in `range` harmless; `masks` are sorted and apart.
    pub fn clean(window: &str, range: Range<usize>, masks: &[Range<usize>], look: &Look) -> Line {
        let mut line = Line {
            text: String::with_capacity(range.len() + 16),
            pieces: Vec::with_capacity(range.len()),
            end: Piece {
                raw: range.end,
                text: 0,
                cells: 0,
            },
            ellipsis: look.ellipsis,
        };
        let mut masks = masks
            .iter()
            .skip(masks.partition_point(|mask| mask.end <= range.start))
            .peekable();
        let mut at = range.start;
        let mut flat = 0;
        while at < range.end {
            if let Some(mask) = masks.next_if(|mask| mask.start <= at) {
                line.piece(at, look.mask, look.mask.chars().count());
                at = mask.end.max(at);
                continue;
            }
            let rest = &window[at..];
            let Some(c) = rest.chars().next() else { break };
            let width = char_cells(c);
            flat = if width == 0 { flat + 1 } else { 0 };
            let mut sign = String::new();
            if c == '\t' {
                sign.push_str("    ");
            } else if safe::begins_command(rest.as_bytes()) || flat > 2 && !c.is_control() {
                // Marks upon marks upon marks hide what is below them.
                safe::push_code(&mut sign, c);
            } else if width == 1 && !c.is_control() && !safe::is_hidden(c) {
                line.piece(at, rest.get(..c.len_utf8()).unwrap_or(""), 1);
                at += c.len_utf8();
                continue;
            } else {
                safe::push(&mut sign, c);
            }
            let cells = sign.chars().map(char_cells).sum();
            line.piece(at, &sign, cells);
            at += c.len_utf8();
        }
        line
    }

    fn piece(&mut self, raw: usize, text: &str, cells: usize) {
        self.pieces.push(Piece {
            raw,
            text: self.end.text,
            cells: self.end.cells,
        });
        self.text.push_str(text);
        self.end.text += text.len();
        self.end.cells += cells;
    }

    fn at(&self, piece: usize) -> &Piece {
        self.pieces.get(piece).unwrap_or(&self.end)
    }

    /// The piece that holds a byte of the window: the first one that ends behind it.
    fn holding(&self, raw: usize) -> usize {
        self.pieces
            .partition_point(|piece| piece.raw <= raw)
            .saturating_sub(usize::from(raw < self.end.raw))
    }

    /// The first piece that does not belong to what ends at a byte of the window.
    fn behind(&self, raw: usize) -> usize {
        self.pieces.partition_point(|piece| piece.raw < raw)
    }

    /// Writes as much of the line as there is `room` for, with its marks and their labels in
    /// sight if that is possible, and returns where the marks stand in `out`. `cut` says whether
    /// the line goes on to the left and to the right of its pieces.
    pub fn clip(
        &self,
        spots: &[&Spot],
        cut: [bool; 2],
        room: usize,
        out: &mut String,
    ) -> Vec<Range<usize>> {
        let marks: Vec<(Range<usize>, usize)> = spots
            .iter()
            .map(|spot| {
                let start = self.holding(spot.range.start);
                (start..self.behind(spot.range.end).max(start), spot.label)
            })
            .collect();
        let from = self.left(&marks, cut, room);
        let left = from > 0 || cut[0];
        let dots = self.ellipsis.chars().count();
        let space = room.saturating_sub(if left { dots } else { 0 });
        let begin = self.at(from).cells;
        let mut to = self.pieces.len();
        if self.end.cells - begin > space || cut[1] {
            let limit = begin + space.saturating_sub(dots);
            to = (0..=to)
                .rev()
                .find(|&to| to <= from || self.at(to).cells <= limit)
                .unwrap_or(from);
        }
        if left {
            out.push_str(self.ellipsis);
        }
        let shift = out.len();
        let base = self.at(from).text;
        out.push_str(&self.text[base..self.at(to).text]);
        if to < self.pieces.len() || cut[1] {
            out.push_str(self.ellipsis);
        }
        marks
            .into_iter()
            .map(|(mark, _)| {
                let place = |piece: usize| shift + self.at(piece.clamp(from, to)).text - base;
                place(mark.start)..place(mark.end)
            })
            .collect()
    }

    /// The first piece to show.
    fn left(&self, marks: &[(Range<usize>, usize)], cut: [bool; 2], room: usize) -> usize {
        let Some((first, _)) = marks.first() else {
            return 0;
        };
        let dots = self.ellipsis.chars().count();
        let edge = room.saturating_sub(2 * dots);
        // How far to the right a mark's label reaches, when the line is shown `from` some cell on:
        // it hangs from the middle of what is seen of the mark, three signs and a blank further.
        let reach = |mark: &Range<usize>, label: usize, from: usize| {
            let begin = self.at(mark.start).cells.max(from);
            let end = self
                .at(mark.end)
                .cells
                .clamp(begin + 1, (from + edge).max(begin + 1));
            (begin + end) / 2 + 4 + label
        };
        let fits = marks.iter().all(|(mark, label)| {
            reach(mark, *label, 0) <= room && self.at(mark.start).cells < edge
        });
        if fits && !cut[0] {
            return 0;
        }
        // Else most of the room left beside the marks goes to what stands before them: the name.
        let start = self.at(first.start).cells;
        let ends = marks.iter().map(|(mark, _)| self.at(mark.end).cells).max();
        let width = ends.unwrap_or(start).saturating_sub(start).min(room / 2);
        let mut left = start.saturating_sub((room - width) * 6 / 10);
        for (mark, label) in marks {
            left = left.max((reach(mark, *label, left) + dots).saturating_sub(room));
        }
        self.pieces
            .partition_point(|piece| piece.cells < left)
            .min(first.start)
    }
}
