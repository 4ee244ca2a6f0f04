//! The reader: text to tape.
//!
//! One pass, no recursion, no copy.

use super::lenient;
use super::names::Name;
use super::node::{Kind, Node, Tape, unescape};
use super::order::Order;
pub use super::words::skip_blanks;
use super::words::string_stop;
pub use crate::model::SyntaxFault as ErrorKind;

/// Containers may nest this deep. Real exports stay under 20; the cap keeps hostile input from
/// costing more than a message.
pub const MAX_DEPTH: u32 = 512;

/// Why a text is not JSON, and where.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Byte offset in the text that was given to [`parse`].
    pub offset: usize,
    pub kind: ErrorKind,
}

/// Parses one value that starts at or after `at`; returns the offset just behind it.
///
/// Places on the tape count from the start of `text`. What follows the value is left to the
/// caller, so that a list can be read element by element.
pub fn parse(text: &str, at: usize, tape: &mut Tape) -> Result<usize, SyntaxError> {
    tape.nodes.clear();
    tape.order.begin();
    if text.len() > u32::MAX as usize {
        return Err(SyntaxError {
            offset: 0,
            kind: ErrorKind::TooLong,
        });
    }
    Reader {
        bytes: text.as_bytes(),
        at,
        nodes: &mut tape.nodes,
        order: &mut tape.order,
    }
    .value()
}

/// Parses the one value of a whole text, as [`parse`] does; of an ARM template also one with
/// comments and trailing commas, which Azure Resource Manager takes (Microsoft Learn, "Understand
/// the structure and syntax of ARM templates"). Returns the offset behind the value, and behind
/// comments that follow it.
///
/// Places on the tape hold for `text`: what is left out is left out in a copy of the same length.
pub fn record(text: &str, tape: &mut Tape) -> Result<usize, SyntaxError> {
    let strict = parse(text, 0, tape);
    record_again(text, strict, tape)
}

/// The same after [`parse`] was asked, which left its value on the `tape`.
///
/// # Errors
/// As [`record`] has.
pub fn record_again(
    text: &str,
    strict: Result<usize, SyntaxError>,
    tape: &mut Tape,
) -> Result<usize, SyntaxError> {
    let tolerable = match &strict {
        Ok(end) => {
            let rest = skip_blanks(text.as_bytes(), *end);
            matches!(text.as_bytes().get(rest..rest + 2), Some(b"//" | b"/*"))
        }
        Err(error) => matches!(error.kind, ErrorKind::Comment | ErrorKind::TrailingComma),
    };
    if !tolerable || !lenient::is_template(text) {
        return strict;
    }
    let plain = lenient::without_comments(text);
    let end = parse(&plain, 0, tape)?;
    Ok(skip_blanks(plain.as_bytes(), end))
}

struct Reader<'t> {
    bytes: &'t [u8],
    at: usize,
    nodes: &'t mut Vec<Node>,
    order: &'t mut Order,
}

/// No container is open: the `next` of a root.
const NO_PARENT: u32 = u32::MAX;

impl Reader<'_> {
    fn value(mut self) -> Result<usize, SyntaxError> {
        let mut open = NO_PARENT;
        let mut depth = 0;
        'value: loop {
            self.at = skip_blanks(self.bytes, self.at);
            match self.bytes.get(self.at) {
                Some(b'"') => {
                    self.string(Kind::String)?;
                }
                Some(b'{') => {
                    open = self.open(Kind::Object, open, &mut depth)?;
                    self.at = skip_blanks(self.bytes, self.at);
                    if self.bytes.get(self.at) != Some(&b'}') {
                        self.name()?;
                        continue 'value;
                    }
                    open = self.close(open, &mut depth);
                }
                Some(b'[') => {
                    open = self.open(Kind::Array, open, &mut depth)?;
                    self.at = skip_blanks(self.bytes, self.at);
                    if self.bytes.get(self.at) != Some(&b']') {
                        continue 'value;
                    }
                    open = self.close(open, &mut depth);
                }
                Some(b't') => self.literal(b"true", Kind::True)?,
                Some(b'f') => self.literal(b"false", Kind::False)?,
                Some(b'n') => self.literal(b"null", Kind::Null)?,
                Some(b'-' | b'0'..=b'9') => self.number()?,
                _ => return Err(self.unexpected(ErrorKind::ExpectedValue)),
            }
            // A value is complete: close what closes, and find where the next one stands.
            loop {
                if open == NO_PARENT {
                    return Ok(self.at);
                }
                let parent = &mut self.nodes[open as usize];
                parent.count = parent.count.saturating_add(1);
                let object = parent.kind == Kind::Object;
                self.at = skip_blanks(self.bytes, self.at);
                match self.bytes.get(self.at) {
                    Some(b',') => {
                        self.at = skip_blanks(self.bytes, self.at + 1);
                        if matches!(self.bytes.get(self.at), Some(b'}' | b']')) {
                            return Err(self.error(ErrorKind::TrailingComma));
                        }
                        if object {
                            self.name()?;
                        }
                        continue 'value;
                    }
                    Some(b'}') if object => open = self.close(open, &mut depth),
                    Some(b']') if !object => open = self.close(open, &mut depth),
                    _ => return Err(self.unexpected(ErrorKind::ExpectedCommaOrEnd)),
                }
            }
        }
    }

    fn open(&mut self, kind: Kind, parent: u32, depth: &mut u32) -> Result<u32, SyntaxError> {
        *depth += 1;
        if *depth > MAX_DEPTH {
            return Err(self.error(ErrorKind::TooDeep));
        }
        let index = self.nodes.len() as u32;
        self.nodes.push(Node {
            start: self.at as u32,
            end: 0,
            next: parent,
            count: 0,
            kind,
            escaped: false,
        });
        self.at += 1;
        Ok(index)
    }

    /// Ends the innermost container at its bracket; returns the container around it.
    fn close(&mut self, open: u32, depth: &mut u32) -> u32 {
        *depth -= 1;
        self.at += 1;
        let after = self.nodes.len() as u32;
        let node = &mut self.nodes[open as usize];
        node.end = self.at as u32;
        std::mem::replace(&mut node.next, after)
    }

    /// A member's name and its colon.
    #[inline(always)]
    fn name(&mut self) -> Result<(), SyntaxError> {
        if self.bytes.get(self.at) != Some(&b'"') {
            return Err(self.unexpected(ErrorKind::ExpectedName));
        }
        let start = self.at;
        let name = self.bytes.get(start + 1..).unwrap_or_default();
        let known = match self.order.expected(name) {
            Some((known, length)) => {
                self.at += length + 2;
                self.leaf(start, Kind::Key, false);
                known
            }
            None => self.other_name()?,
        };
        if let Some(node) = self.nodes.last_mut() {
            node.count = known;
        }
        if self.bytes.get(self.at) != Some(&b':') {
            self.at = skip_blanks(self.bytes, self.at);
            if self.bytes.get(self.at) != Some(&b':') {
                return Err(self.unexpected(ErrorKind::ExpectedColon));
            }
        }
        self.at += 1;
        Ok(())
    }

    /// A name that was not expected; its number.
    fn other_name(&mut self) -> Result<u16, SyntaxError> {
        let start = self.at;
        let escaped = self.string(Kind::Key)?;
        let known = match self.bytes.get(start + 1..self.at - 1) {
            Some(name) if !escaped => Name::number_of(name),
            Some(name) => Name::number_of(decoded(name).as_bytes()),
            None => 0,
        };
        self.order.note(known);
        Ok(known)
    }

    /// A string or a name; whether it has escapes.
    // Most of an export is strings and names: called out of line, they cost a quarter more.
    #[inline(always)]
    fn string(&mut self, kind: Kind) -> Result<bool, SyntaxError> {
        let start = self.at;
        self.at = string_stop(self.bytes, start + 1);
        let escaped = self.bytes.get(self.at) != Some(&b'"');
        if escaped {
            self.rest_of_string()?;
        }
        self.at += 1;
        self.leaf(start, kind, escaped);
        Ok(escaped)
    }

    /// Goes on to the closing quote from what is none.
    #[cold]
    fn rest_of_string(&mut self) -> Result<(), SyntaxError> {
        loop {
            match self.bytes.get(self.at) {
                Some(b'"') => return Ok(()),
                Some(b'\\') => self.escape()?,
                Some(_) => return Err(self.error(ErrorKind::ControlCharacter)),
                None => return Err(self.error(ErrorKind::UnexpectedEnd)),
            }
            self.at = string_stop(self.bytes, self.at);
        }
    }

    fn escape(&mut self) -> Result<(), SyntaxError> {
        match self.bytes.get(self.at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 2,
            Some(b'u') => {
                for digit in self.at + 2..self.at + 6 {
                    match self.bytes.get(digit) {
                        Some(byte) if byte.is_ascii_hexdigit() => {}
                        Some(_) => return Err(self.error(ErrorKind::InvalidEscape)),
                        None => return Err(self.end()),
                    }
                }
                self.at += 6;
            }
            Some(_) => return Err(self.error(ErrorKind::InvalidEscape)),
            None => return Err(self.end()),
        }
        Ok(())
    }

    #[inline(always)]
    fn literal<const N: usize>(&mut self, word: &[u8; N], kind: Kind) -> Result<(), SyntaxError> {
        let start = self.at;
        let rest = self.bytes.get(start..).unwrap_or_default();
        if rest.first_chunk() != Some(word) {
            return Err(self.no_literal(word));
        }
        self.at += N;
        self.leaf(start, kind, false);
        Ok(())
    }

    /// The error for a text that begins like a literal and is none.
    #[cold]
    fn no_literal(&self, word: &[u8]) -> SyntaxError {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        if word.starts_with(rest) {
            self.end()
        } else {
            self.error(ErrorKind::ExpectedValue)
        }
    }

    fn number(&mut self) -> Result<(), SyntaxError> {
        let start = self.at;
        if self.bytes[self.at] == b'-' {
            self.at += 1;
        }
        match self.bytes.get(self.at) {
            Some(b'0') => {
                self.at += 1;
                if matches!(self.bytes.get(self.at), Some(b'0'..=b'9')) {
                    return Err(self.error(ErrorKind::InvalidNumber));
                }
            }
            Some(b'1'..=b'9') => self.digits()?,
            Some(_) => return Err(self.error(ErrorKind::InvalidNumber)),
            None => return Err(self.end()),
        }
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.bytes.get(self.at), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.bytes.get(self.at), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        self.leaf(start, Kind::Number, false);
        Ok(())
    }

    /// One digit or more.
    fn digits(&mut self) -> Result<(), SyntaxError> {
        match self.bytes.get(self.at) {
            Some(b'0'..=b'9') => {}
            Some(_) => return Err(self.error(ErrorKind::InvalidNumber)),
            None => return Err(self.end()),
        }
        while matches!(self.bytes.get(self.at), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        Ok(())
    }

    fn leaf(&mut self, start: usize, kind: Kind, escaped: bool) {
        let next = self.nodes.len() as u32 + 1;
        self.nodes.push(Node {
            start: start as u32,
            end: self.at as u32,
            next,
            count: 0,
            kind,
            escaped,
        });
    }

    fn error(&self, kind: ErrorKind) -> SyntaxError {
        SyntaxError {
            offset: self.at,
            kind,
        }
    }

    fn end(&self) -> SyntaxError {
        SyntaxError {
            offset: self.bytes.len(),
            kind: ErrorKind::UnexpectedEnd,
        }
    }

    /// The error for a byte that cannot stand here, named as precisely as it can be.
    #[cold]
    fn unexpected(&self, expected: ErrorKind) -> SyntaxError {
        self.error(match self.bytes.get(self.at) {
            None => ErrorKind::UnexpectedEnd,
            Some(b'/') if matches!(self.bytes.get(self.at + 1), Some(b'/' | b'*')) => {
                ErrorKind::Comment
            }
            Some(b'\'') => ErrorKind::SingleQuote,
            Some(b'+' | b'.') if expected == ErrorKind::ExpectedValue => ErrorKind::InvalidNumber,
            Some(_) => expected,
        })
    }
}

/// A name with its escapes decoded.
fn decoded(name: &[u8]) -> String {
    std::str::from_utf8(name).map_or_else(|_| String::new(), |name| unescape(name).0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_order_survive() {
        let text = r#" {"a": [1, "x\u0041"], "a": null} "#;
        let mut tape = Tape::default();
        let end = parse(text, 0, &mut tape).unwrap();
        assert_eq!(&text[end..], " ");
        let root = tape.root(text);
        let members: Vec<_> = root.members().collect();
        assert_eq!(members.len(), 2);
        assert_eq!(root.len(), 2);
        assert_eq!(members[0].name(), "a");
        let elements: Vec<_> = members[0].value.elements().collect();
        assert_eq!(elements[0].raw(), "1");
        assert_eq!(elements[1].as_str().unwrap(), "xA");
        assert!(members[1].value.is_null());
    }

    #[test]
    fn errors_say_where_and_what() {
        let cases: [(&str, usize, ErrorKind); 14] = [
            ("", 0, ErrorKind::UnexpectedEnd),
            ("{\"a\":1,}", 7, ErrorKind::TrailingComma),
            ("[1,]", 3, ErrorKind::TrailingComma),
            ("[1 2]", 3, ErrorKind::ExpectedCommaOrEnd),
            ("{a:1}", 1, ErrorKind::ExpectedName),
            ("{'a':1}", 1, ErrorKind::SingleQuote),
            ("{\"a\" 1}", 5, ErrorKind::ExpectedColon),
            ("// x\n{}", 0, ErrorKind::Comment),
            ("[1, /* x */ 2]", 4, ErrorKind::Comment),
            ("[01]", 2, ErrorKind::InvalidNumber),
            ("[\"\\x\"]", 2, ErrorKind::InvalidEscape),
            ("[\"a\nb\"]", 3, ErrorKind::ControlCharacter),
            ("[\"a", 3, ErrorKind::UnexpectedEnd),
            ("[tru]", 1, ErrorKind::ExpectedValue),
        ];
        for (text, offset, kind) in cases {
            let error = parse(text, 0, &mut Tape::default()).unwrap_err();
            assert_eq!(error, SyntaxError { offset, kind }, "{text}");
        }
    }

    #[test]
    fn depth_is_capped_not_the_stack() {
        let deep = "[".repeat(100_000);
        let error = parse(&deep, 0, &mut Tape::default()).unwrap_err();
        assert_eq!(error.kind, ErrorKind::TooDeep);
        assert_eq!(error.offset, MAX_DEPTH as usize);
    }
}
