//! The reader: text to tape.
//!
//! One pass, no recursion, no copy.

use super::lenient;
use super::names::Name;
use super::node::{Kind, Node, Tape, unescape};
use super::order::Order;
pub use super::skip::skip_blanks;
pub use super::token::SyntaxError;
use super::token::{Text, error, no_literal, number, string, unexpected};
pub use crate::model::SyntaxFault as ErrorKind;

/// Containers may nest this deep. Real exports stay under 20; the cap keeps hostile input from
/// costing more than a message.
pub const MAX_DEPTH: u32 = 512;

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
    let mut reader = Reader {
        bytes: text.as_bytes(),
        nodes: &mut tape.nodes,
        order: &mut tape.order,
        braced: false,
    };
    let end = reader.value(at)?;
    let braced = reader.braced;
    if let Some(root) = tape.nodes.first_mut()
        && matches!(root.kind, Kind::Array | Kind::Object)
    {
        root.escaped = braced;
    }
    Ok(end)
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
    nodes: &'t mut Vec<Node>,
    order: &'t mut Order,
    /// Whether a curly bracket may open in some string.
    braced: bool,
}

/// The innermost open container. What is around it waits in its node.
#[derive(Copy, Clone)]
struct Open {
    /// Its node.
    node: u32,
    /// The bracket that ends it.
    end: u8,
    /// Its elements or members so far, saturating.
    count: u16,
}

/// No container is open: the `next` of a root.
const NO_PARENT: u32 = u32::MAX;

// All that goes on is where the reader stands and what is open: each step takes and returns the
// offset, so that it stays in a register.
impl Reader<'_> {
    /// The value at or after `at`; the offset behind it.
    fn value(&mut self, mut at: usize) -> Result<usize, SyntaxError> {
        let bytes = self.bytes;
        let mut open = Open {
            node: NO_PARENT,
            end: 0,
            count: 0,
        };
        let mut depth = 0;
        'value: loop {
            at = skip_blanks(bytes, at);
            match bytes.get(at) {
                Some(b'"') => {
                    let text = string(bytes, at)?;
                    self.leaf(at, text.end, Kind::String, text.escaped);
                    self.braced |= text.braced;
                    at = text.end;
                }
                Some(&bracket @ (b'{' | b'[')) => {
                    if depth == MAX_DEPTH {
                        return Err(error(at, ErrorKind::TooDeep));
                    }
                    let (kind, end) = match bracket {
                        b'{' => (Kind::Object, b'}'),
                        _ => (Kind::Array, b']'),
                    };
                    let start = at;
                    at = skip_blanks(bytes, at + 1);
                    if bytes.get(at) == Some(&end) {
                        at += 1;
                        self.leaf(start, at, kind, false);
                    } else {
                        open = self.open(start, kind, end, open);
                        depth += 1;
                        if kind == Kind::Object {
                            at = self.name(at, depth, false)?;
                        }
                        continue 'value;
                    }
                }
                Some(b't') => at = self.literal(at, b"true", Kind::True)?,
                Some(b'f') => at = self.literal(at, b"false", Kind::False)?,
                Some(b'n') => at = self.literal(at, b"null", Kind::Null)?,
                Some(b'-' | b'0'..=b'9') => {
                    let start = at;
                    at = number(bytes, at)?;
                    self.leaf(start, at, Kind::Number, false);
                }
                // Behind an element there was a comma.
                Some(b'}' | b']') if open.end == b']' && open.count > 0 => {
                    return Err(error(at, ErrorKind::TrailingComma));
                }
                _ => return Err(unexpected(bytes, at, ErrorKind::ExpectedValue)),
            }
            // A value is complete: close what closes, and find where the next one stands.
            while open.node != NO_PARENT {
                open.count = open.count.saturating_add(1);
                at = skip_blanks(bytes, at);
                match bytes.get(at) {
                    Some(b',') => {
                        at = skip_blanks(bytes, at + 1);
                        if open.end == b'}' {
                            at = self.name(at, depth, true)?;
                        }
                        continue 'value;
                    }
                    Some(&end) if end == open.end => {
                        at += 1;
                        open = self.close(open, at);
                        depth -= 1;
                    }
                    _ => return Err(unexpected(bytes, at, ErrorKind::ExpectedCommaOrEnd)),
                }
            }
            return Ok(at);
        }
    }

    /// Begins a container within another.
    fn open(&mut self, start: usize, kind: Kind, end: u8, around: Open) -> Open {
        if let Some(node) = self.nodes.get_mut(around.node as usize) {
            node.count = around.count;
        }
        let node = self.nodes.len() as u32;
        self.nodes.push(Node {
            start: start as u32,
            end: 0,
            next: around.node,
            count: 0,
            kind,
            escaped: false,
        });
        Open {
            node,
            end,
            count: 0,
        }
    }

    /// Ends the innermost container before `at`; returns the container around it.
    fn close(&mut self, open: Open, at: usize) -> Open {
        let after = self.nodes.len() as u32;
        let node = &mut self.nodes[open.node as usize];
        node.end = at as u32;
        node.count = open.count;
        let around = std::mem::replace(&mut node.next, after);
        match self.nodes.get(around as usize) {
            Some(node) => Open {
                node: around,
                end: match node.kind {
                    Kind::Object => b'}',
                    _ => b']',
                },
                count: node.count,
            },
            None => Open {
                node: NO_PARENT,
                ..open
            },
        }
    }

    /// A member's name and its colon, behind a comma or the bracket that opens.
    #[inline(always)]
    fn name(&mut self, start: usize, depth: u32, comma: bool) -> Result<usize, SyntaxError> {
        let bytes = self.bytes;
        match bytes.get(start) {
            Some(b'"') => {}
            Some(b'}' | b']') if comma => return Err(error(start, ErrorKind::TrailingComma)),
            _ => return Err(unexpected(bytes, start, ErrorKind::ExpectedName)),
        }
        let name = bytes.get(start + 1..).unwrap_or_default();
        let mut at = match self.order.expected(name, depth) {
            Some((known, length)) => {
                let end = start + length + 2;
                self.push(start, end, Kind::Key, known, false);
                end
            }
            None => self.other_name(start, depth)?,
        };
        if bytes.get(at) != Some(&b':') {
            at = skip_blanks(bytes, at);
            if bytes.get(at) != Some(&b':') {
                return Err(unexpected(bytes, at, ErrorKind::ExpectedColon));
            }
        }
        Ok(at + 1)
    }

    /// A name that was not expected.
    fn other_name(&mut self, start: usize, depth: u32) -> Result<usize, SyntaxError> {
        let Text { end, escaped, .. } = string(self.bytes, start)?;
        let known = match self.bytes.get(start + 1..end - 1) {
            Some(name) if !escaped => Name::number_of(name),
            Some(name) => Name::number_of(decoded(name).as_bytes()),
            None => 0,
        };
        self.push(start, end, Kind::Key, known, escaped);
        self.order.note(known, depth);
        Ok(end)
    }

    #[inline(always)]
    fn literal<const N: usize>(
        &mut self,
        start: usize,
        word: &[u8; N],
        kind: Kind,
    ) -> Result<usize, SyntaxError> {
        let rest = self.bytes.get(start..).unwrap_or_default();
        if rest.first_chunk() != Some(word) {
            return Err(no_literal(rest, start, word));
        }
        self.leaf(start, start + N, kind, false);
        Ok(start + N)
    }

    /// A value without others in it.
    #[inline(always)]
    fn leaf(&mut self, start: usize, end: usize, kind: Kind, escaped: bool) {
        self.push(start, end, kind, 0, escaped);
    }

    #[inline(always)]
    fn push(&mut self, start: usize, end: usize, kind: Kind, count: u16, escaped: bool) {
        let next = (self.nodes.len() + 1) as u32;
        self.nodes.push(Node {
            start: start as u32,
            end: end as u32,
            next,
            count,
            kind,
            escaped,
        });
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
        let cases: [(&str, usize, ErrorKind); 18] = [
            ("", 0, ErrorKind::UnexpectedEnd),
            ("{\"a\":1,}", 7, ErrorKind::TrailingComma),
            ("[1,]", 3, ErrorKind::TrailingComma),
            ("[1,}", 3, ErrorKind::TrailingComma),
            ("{\"a\":1,]", 7, ErrorKind::TrailingComma),
            ("{]", 1, ErrorKind::ExpectedName),
            ("[}", 1, ErrorKind::ExpectedValue),
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
    fn brackets_in_strings_are_told() {
        let mut tape = Tape::default();
        for (text, braced) in [
            (r#"{"a": [{"b": {}}]}"#, false),
            (r#"{"{a}": "b"}"#, false),
            (r#"{"a": {"b": ["{c}"]}}"#, true),
            (r#"{"a": "a longer text than sixteen bytes {"}"#, true),
            // Told for certain by nobody: it may be spelled by its number.
            (r#"["{"]"#, true),
        ] {
            parse(text, 0, &mut tape).unwrap();
            assert_eq!(tape.root(text).may_have_braces(), braced, "{text}");
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
