//! Breaking text into lines of a terminal's width.
//!
//! Lines break at blanks only: an id, an address or a command is never cut, so it can be copied.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The cells that a character takes on a terminal; none for a combining mark.
pub fn char_cells(c: char) -> usize {
    c.width().unwrap_or(0)
}

/// The cells that a text takes on a terminal.
pub fn cells(text: &str) -> usize {
    text.width()
}

/// `text` in lines of at most `first`, then `rest` cells; a longer word has a line of its own.
pub fn wrap(text: &str, first: usize, rest: usize) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut room = first;
    // The line so far: where it begins and ends in the text, and its cells.
    let mut line: Option<(usize, usize, usize)> = None;
    let mut at = 0;
    for word in text.split(' ') {
        let (start, end) = (at, at + word.len());
        at = end + 1;
        if word.is_empty() {
            continue;
        }
        let width = cells(word);
        line = match line {
            Some((from, to, used)) if used + (start - to) + width <= room => {
                Some((from, end, used + (start - to) + width))
            }
            Some((from, to, _)) => {
                lines.push(&text[from..to]);
                room = rest;
                Some((start, end, width))
            }
            None => Some((start, end, width)),
        };
    }
    if let Some((from, to, _)) = line {
        lines.push(&text[from..to]);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_blanks_only() {
        assert_eq!(wrap("one two three", 7, 7), ["one two", "three"]);
        assert_eq!(wrap("one two three", 4, 20), ["one", "two three"]);
        assert_eq!(
            wrap("0b07f429-9f4b-4714 x", 5, 5),
            ["0b07f429-9f4b-4714", "x"]
        );
        assert_eq!(wrap("  a   b  ", 9, 9), ["a   b"]);
        assert_eq!(wrap("東京 東京", 5, 5), ["東京", "東京"]);
        assert!(wrap("", 5, 5).is_empty());
        assert_eq!(wrap("a b", 0, 0), ["a", "b"]);
    }
}
