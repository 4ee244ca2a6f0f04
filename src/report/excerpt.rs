//! Cuts a small, clean window out of an input for the human report.
//!
//! An export may be one line of 100 MB, and what stands in it is foreign. So a renderer gets only
//! this: a few lines around the marked places, each clipped to the terminal around its marks, every
//! character harmless, secrets masked, and the marks moved to where their text now stands. The work
//! is in proportion to what is shown, never to the input.

mod line;
mod lines;

use std::ops::Range;

use memchr::memchr;

use super::secret::{self, Start};
use super::wrap::cells;
use super::{Place, Window, safe};
use line::{Line, Spot};
use lines::{Lines, REACH, Raw};

/// How much text before and after what is shown may tell that it is a secret.
const BEFORE: usize = 2048;
const AFTER: usize = 1024;
/// Places at most this many lines apart share an excerpt.
const NEAR: u64 = 5;
/// A label is six words; a longer one is cut.
const LABEL: usize = 60;

/// How an excerpt is to look.
#[derive(Clone, Debug)]
pub struct Look {
    /// Cells of the terminal's line, those of the line number included.
    pub width: usize,
    /// Stands where a line was cut; as many cells as characters.
    pub ellipsis: &'static str,
    /// Stands where a secret was.
    pub mask: &'static str,
}

/// A few clean lines.
#[derive(Debug)]
pub struct Excerpt {
    /// The lines, each with its `\n`.
    pub text: String,
    /// The first line's number in the file, from 1.
    pub first_line: u64,
    /// How many lines there are.
    pub lines: usize,
    /// What is marked: first the place that was asked for, then those near it, in their order.
    pub marks: Vec<Mark>,
}

/// A marked stretch of an excerpt, within one of its lines.
#[derive(Debug)]
pub struct Mark {
    /// Bytes of [`Excerpt::text`].
    pub range: Range<usize>,
    pub label: String,
}

/// Whether `other` can be shown in one excerpt with `place`.
pub fn is_near(place: &Place, other: &Place, look: &Look) -> bool {
    let Some(window) = &place.source else {
        return false;
    };
    if place.path != other.path
        || place.start.line.abs_diff(other.start.line) > NEAR
        || within(window, other.start.offset).is_none()
    {
        return false;
    }
    let apart = place.start.offset.abs_diff(other.start.offset);
    if place.start.line == other.start.line {
        apart <= look.width as u64 / 2
    } else {
        apart <= REACH as u64 / 2
    }
}

/// The excerpt around `place` and those `near` it; `None` when there is no text to show. With
/// `hide`, nothing that `place` marks is shown.
pub fn cut(place: &Place, near: &[&Place], hide: bool, look: &Look) -> Option<Excerpt> {
    let window = place.source.as_ref()?;
    let places = || std::iter::once(place).chain(near.iter().copied());
    let labels: Vec<String> = places()
        .map(|place| safe::capped(&place.label, LABEL).replace('…', look.ellipsis))
        .collect();
    let mut spots = Vec::with_capacity(labels.len());
    for (place, label) in places().zip(&labels) {
        spots.push(Spot {
            range: stretch(window, place)?,
            label: cells(label),
        });
    }
    // No file has more lines than this; a larger number must not overflow.
    let number = places()
        .map(|place| place.start.line)
        .min()?
        .clamp(1, 1 << 40);
    let digits = (number + NEAR + 1).ilog10() as usize + 1;
    let room = look.width.clamp(40, 200) - digits - 4;
    let lines = Lines::new(window, &spots, room).around(number);

    let hidden = places()
        .zip(&spots)
        .enumerate()
        .filter(|(at, (place, _))| *at == 0 && hide || secret::names_secret(&place.pointer))
        .filter_map(|(_, (_, spot))| content(&window.text, &spot.range))
        .collect();
    // A pointer tells what the list is in which a place stands.
    let elements =
        places().any(|place| place.pointer.is_empty() || secret::names_secret(&place.pointer));
    // And that it is a whole value.
    let value = (!place.pointer.is_empty()).then(|| spots[0].range.clone());
    let masks = masks(window, &lines, hidden, elements, value);

    let mut text = String::new();
    let mut ranges = vec![None; spots.len()];
    for raw in &lines {
        let line = Line::clean(&window.text, raw.range.clone(), &masks, look);
        let on_line: Vec<&Spot> = raw.spots.iter().map(|&spot| &spots[spot]).collect();
        let marked = line.clip(&on_line, [!raw.begins, !raw.ends], room, &mut text);
        for (&spot, range) in raw.spots.iter().zip(marked) {
            ranges[spot] = Some(range);
        }
        text.push('\n');
    }
    ranges.first()?.as_ref()?;
    Some(Excerpt {
        text,
        first_line: lines.first()?.number,
        lines: lines.len(),
        marks: ranges
            .into_iter()
            .zip(labels)
            .filter_map(|(range, label)| {
                let range = range?;
                Some(Mark { range, label })
            })
            .collect(),
    })
}

/// Where an offset of the file stands in the window.
fn within(window: &Window, offset: u64) -> Option<usize> {
    let at = usize::try_from(offset.checked_sub(window.start.offset)?).ok()?;
    (at <= window.text.len()).then(|| secret::floor(&window.text, at))
}

/// What a place marks, in bytes of the window.
fn stretch(window: &Window, place: &Place) -> Option<Range<usize>> {
    let start = within(window, place.start.offset)?;
    let end = place.end.offset.saturating_sub(window.start.offset);
    let end = usize::try_from(end).unwrap_or(usize::MAX);
    Some(start..secret::ceil(&window.text, end).max(start))
}

/// What to hide of a marked value: the inside of a string, the whole of anything else but a name.
fn content(text: &str, marked: &Range<usize>) -> Option<Range<usize>> {
    let value = &text[marked.clone()];
    if secret::is_name(value) {
        return None;
    }
    let quoted = value.len() >= 2
        && matches!(value.as_bytes()[0], b'"' | b'\'')
        && value.as_bytes()[0] == value.as_bytes()[value.len() - 1];
    Some(if quoted {
        marked.start + 1..marked.end - 1
    } else {
        marked.clone()
    })
}

/// Where secrets stand in and around the lines.
fn masks(
    window: &Window,
    lines: &[Raw],
    hidden: Vec<Range<usize>>,
    elements: bool,
    value: Option<Range<usize>>,
) -> Vec<Range<usize>> {
    let text = &*window.text;
    let bytes = text.as_bytes();
    let mut masks = hidden;
    let mut lines = lines.iter().map(|line| &line.range).peekable();
    while let Some(line) = lines.next() {
        let mut shown = line.clone();
        while let Some(line) = lines.next_if(|line| line.start.saturating_sub(shown.end) <= BEFORE)
        {
            shown.end = line.end;
        }
        let mut from = secret::floor(text, shown.start.saturating_sub(BEFORE));
        let mut start = Start::Unknown;
        if from == 0 && window.start.offset == 0 {
            start = Start::File;
        } else if from == 0 && window.start.column <= 1 {
            start = Start::Line;
        } else if let Some(found) = memchr(b'\n', &bytes[from..shown.start]) {
            from += found + 1;
            start = begun(&bytes[..from]);
        } else {
            // Not between a backslash and what it escapes.
            while from > 0 && bytes[from - 1] == b'\\' && shown.start - from < 2 * BEFORE {
                from -= 1;
            }
            if let Some(value) = value.clone().filter(|value| shown.contains(&value.start)) {
                start = secret::by_value(&text[from..], value.start - from..value.end - from);
                if start == Start::Line {
                    start = begun(&bytes[..from]);
                }
            }
        }
        let to = secret::ceil(text, (shown.end + AFTER).min(text.len()));
        masks.extend(
            secret::find(&text[from..to], start, elements)
                .into_iter()
                .map(|range| range.start + from..range.end + from),
        );
    }
    secret::merge(text, masks)
}

/// How a text begins that stands outside of any string, behind `before`.
fn begun(before: &[u8]) -> Start {
    match before.trim_ascii_end().last() {
        Some(b'{' | b'[' | b',') => Start::Member,
        _ => Start::Line,
    }
}

#[cfg(test)]
mod tests;
