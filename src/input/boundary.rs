//! Finding the next element of a list without reading the ones before it.

use crate::json::read;

/// What the start of an element looks like: a guess that is verified later.
///
/// In valid JSON a raw line feed is never inside a string, so a line feed, the indentation of the
/// first element and `{` are always structure, at worst nested. In a minified list the same holds
/// for `{` and the first element's first name in quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Boundary {
    pattern: Vec<u8>,
    /// How many bytes of the pattern stand before the element.
    before: usize,
}

impl Boundary {
    /// What the element looks like that begins at `first`.
    pub fn of(block: &[u8], first: usize) -> Boundary {
        let blanks = block[..first]
            .iter()
            .rev()
            .take_while(|byte| matches!(byte, b' ' | b'\t'))
            .count();
        let line = first - blanks;
        if line > 0 && block[line - 1] == b'\n' {
            return Boundary {
                pattern: block[line - 1..=first].to_vec(),
                before: blanks + 1,
            };
        }
        let name = read::skip_blanks(block, first + 1);
        let end = block[name..]
            .iter()
            .skip(1)
            .position(|byte| *byte == b'"')
            .map_or(name, |at| name + at + 2);
        Boundary {
            pattern: block[first..end.min(block.len())].to_vec(),
            before: 0,
        }
    }

    /// The start of the last element that seems to begin in `text`, not at its very start.
    pub fn last_in(&self, text: &[u8]) -> Option<usize> {
        memchr::memmem::rfind(text, &self.pattern)
            .map(|at| at + self.before)
            .filter(|at| *at > 0)
    }

    /// The first element that seems to begin at `from` or later.
    pub fn first_in(&self, text: &[u8], from: usize) -> Option<usize> {
        let start = from.saturating_sub(self.before);
        memchr::memmem::find_iter(text.get(start..)?, &self.pattern)
            .map(|at| start + at + self.before)
            .find(|at| *at >= from)
    }
}
