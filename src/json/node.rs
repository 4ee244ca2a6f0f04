//! The tree that rules' models are built from: a flat tape and the handles that walk it.

use std::borrow::Cow;

use super::names::Name;
use super::order::Order;
use crate::model::Span;

/// The JSON type of a node.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    Null,
    False,
    True,
    Number,
    String,
    Array,
    Object,
    /// A member's name; its value is the next node.
    Key,
}

/// One value or member name: its place, its kind, and where the tape goes on after it.
#[derive(Copy, Clone, Debug)]
pub struct Node {
    pub(super) start: u32,
    pub(super) end: u32,
    /// Index of the node after this one and all below it. While a container is open: its parent.
    pub(super) next: u32,
    /// Elements or members of a container, saturating; of a name, which known one it is
    /// ([`super::Name`]).
    pub(super) count: u16,
    pub(super) kind: Kind,
    /// A string with a backslash in it, which has to be decoded. Of a root that is a container,
    /// whether a curly bracket may open in some string below it.
    pub(super) escaped: bool,
}

/// A parsed record. The buffer is reused from record to record.
#[derive(Default, Debug)]
pub struct Tape {
    pub(super) nodes: Vec<Node>,
    /// Which names are expected in the next record.
    pub(super) order: Order,
}

impl Tape {
    /// The root value; `text` must be the text that was parsed.
    pub fn root<'r>(&'r self, text: &'r str) -> Value<'r> {
        Value {
            text,
            tape: &self.nodes,
            at: 0,
        }
    }

    /// The value at a place of the tape that [`Value::index`] told.
    pub fn value<'r>(&'r self, text: &'r str, index: u32) -> Value<'r> {
        Value {
            text,
            tape: &self.nodes,
            at: index,
        }
    }
}

/// A handle on one JSON value: cheap to copy, borrowing the record's text.
#[derive(Copy, Clone)]
pub struct Value<'r> {
    pub(super) text: &'r str,
    pub(super) tape: &'r [Node],
    pub(super) at: u32,
}

/// One member of an object, in document order, duplicates included.
#[derive(Copy, Clone)]
pub struct Member<'r> {
    pub key: Value<'r>,
    pub value: Value<'r>,
}

impl<'r> Member<'r> {
    /// The member's name, decoded.
    pub fn name(&self) -> Cow<'r, str> {
        self.key.decoded()
    }

    /// From the name's first quote to the value's end.
    pub fn span(&self) -> Span {
        Span::new(self.key.span().start, self.value.span().end)
    }
}

impl<'r> Value<'r> {
    pub(super) fn node(&self) -> &'r Node {
        &self.tape[self.at as usize]
    }

    /// What stands at another place of the same tape, a value or a name.
    pub(super) fn on_tape(&self, at: u32) -> Value<'r> {
        Value { at, ..*self }
    }

    pub fn kind(&self) -> Kind {
        self.node().kind
    }

    /// The value's place in the record, quotes and brackets included.
    pub fn span(&self) -> Span {
        let node = self.node();
        Span::new(node.start, node.end)
    }

    /// The value as written.
    pub fn raw(&self) -> &'r str {
        self.span().of(self.text)
    }

    /// The position of this value on the tape: unique within the record.
    pub fn index(&self) -> u32 {
        self.at
    }

    /// The text of a string, escapes decoded, a lone surrogate as U+FFFD.
    #[inline]
    pub fn as_str(&self) -> Option<Cow<'r, str>> {
        (self.kind() == Kind::String).then(|| self.decoded())
    }

    pub fn as_bool(&self) -> Option<bool> {
        match self.kind() {
            Kind::True => Some(true),
            Kind::False => Some(false),
            _ => None,
        }
    }

    pub fn is_null(&self) -> bool {
        self.kind() == Kind::Null
    }

    pub fn is_object(&self) -> bool {
        self.kind() == Kind::Object
    }

    pub fn is_array(&self) -> bool {
        self.kind() == Kind::Array
    }

    #[inline]
    pub(super) fn decoded(&self) -> Cow<'r, str> {
        if self.node().escaped {
            Cow::Owned(unescape(self.inner_raw()).0)
        } else {
            Cow::Borrowed(self.inner_raw())
        }
    }

    /// Whether a string or name holds an escaped surrogate without its other half.
    pub fn has_lone_surrogate(&self) -> bool {
        self.node().escaped && unescape(&self.raw()[1..self.raw().len() - 1]).1
    }

    /// Whether a curly bracket may open in some string of the record.
    pub fn may_have_braces(&self) -> bool {
        self.tape.first().is_none_or(|root| root.escaped)
    }

    /// Whether a string or name is written with escapes.
    pub fn is_escaped(&self) -> bool {
        self.node().escaped
    }

    /// The inner text of a string or name exactly as written, escapes not decoded.
    #[inline]
    pub fn inner_raw(&self) -> &'r str {
        let node = self.node();
        self.text
            .get(node.start as usize + 1..node.end as usize - 1)
            .unwrap_or("")
    }

    /// The first byte behind a string's opening quote, escapes not decoded: of an empty string the
    /// closing one.
    pub fn first_byte(&self) -> Option<u8> {
        let inner = self.node().start as usize + 1;
        self.text.as_bytes().get(inner).copied()
    }

    /// Number of elements or members.
    pub fn len(&self) -> usize {
        let node = self.node();
        if node.count != u16::MAX {
            return usize::from(node.count);
        }
        match node.kind {
            Kind::Array => self.elements().count(),
            Kind::Object => self.members().count(),
            _ => 0,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The elements of an array; nothing for any other kind.
    pub fn elements(&self) -> Elements<'r> {
        let node = self.node();
        let (at, end) = if node.kind == Kind::Array {
            (self.at + 1, node.next)
        } else {
            (0, 0)
        };
        Elements {
            text: self.text,
            tape: self.tape,
            at,
            end,
        }
    }

    /// The members of an object; nothing for any other kind.
    pub fn members(&self) -> Members<'r> {
        let node = self.node();
        let (at, end) = if node.kind == Kind::Object {
            (self.at + 1, node.next)
        } else {
            (0, 0)
        };
        Members {
            text: self.text,
            tape: self.tape,
            at,
            end,
        }
    }

    /// The first member of that name, whatever its case.
    pub fn get(&self, name: &str) -> Option<Value<'r>> {
        self.members()
            .find(|member| member.is_named(name))
            .map(|member| member.value)
    }

    /// The first member of a known name.
    pub fn named(&self, name: Name) -> Option<Value<'r>> {
        self.members()
            .find(|member| Name::of(member) == name)
            .map(|member| member.value)
    }

    /// Every value of this record, this one first, in document order; names are not among them.
    pub fn descendants(&self) -> impl Iterator<Item = Value<'r>> + use<'r> {
        let (text, tape) = (self.text, self.tape);
        (self.at..self.node().next)
            .map(move |at| Value { text, tape, at })
            .filter(|value| value.kind() != Kind::Key)
    }
}

impl Member<'_> {
    /// Whether the name equals `name` without regard to ASCII case.
    pub fn is_named(&self, name: &str) -> bool {
        let node = self.key.node();
        if node.escaped {
            return self.name().eq_ignore_ascii_case(name);
        }
        (node.end - node.start) as usize == name.len() + 2
            && self.key.inner_raw().eq_ignore_ascii_case(name)
    }
}

#[derive(Clone)]
pub struct Elements<'r> {
    text: &'r str,
    tape: &'r [Node],
    at: u32,
    end: u32,
}

impl<'r> Iterator for Elements<'r> {
    type Item = Value<'r>;
    fn next(&mut self) -> Option<Value<'r>> {
        if self.at >= self.end {
            return None;
        }
        let value = Value {
            text: self.text,
            tape: self.tape,
            at: self.at,
        };
        self.at = value.node().next;
        Some(value)
    }
}

#[derive(Clone)]
pub struct Members<'r> {
    text: &'r str,
    tape: &'r [Node],
    at: u32,
    end: u32,
}

impl<'r> Iterator for Members<'r> {
    type Item = Member<'r>;
    fn next(&mut self) -> Option<Member<'r>> {
        if self.at >= self.end {
            return None;
        }
        let (text, tape) = (self.text, self.tape);
        let key = Value {
            text,
            tape,
            at: self.at,
        };
        let value = Value {
            text,
            tape,
            at: self.at + 1,
        };
        self.at = value.node().next;
        Some(Member { key, value })
    }
}

/// Decodes a JSON string's inner text. The flag says whether a surrogate stood alone.
pub(super) fn unescape(inner: &str) -> (String, bool) {
    let mut out = String::with_capacity(inner.len());
    let mut lone = false;
    let mut rest = inner;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let escape = rest.as_bytes().get(at + 1).copied().unwrap_or(b'\\');
        rest = rest.get(at + 2..).unwrap_or("");
        match escape {
            b'b' => out.push('\u{8}'),
            b'f' => out.push('\u{c}'),
            b'n' => out.push('\n'),
            b'r' => out.push('\r'),
            b't' => out.push('\t'),
            b'u' => {
                let first = hex4(rest);
                rest = rest.get(4..).unwrap_or("");
                let unit = match first {
                    0xD800..=0xDBFF => {
                        let second = rest.strip_prefix("\\u").map_or(0, hex4);
                        if (0xDC00..=0xDFFF).contains(&second) {
                            rest = rest.get(6..).unwrap_or("");
                            0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)
                        } else {
                            first
                        }
                    }
                    other => other,
                };
                match char::from_u32(unit) {
                    Some(c) => out.push(c),
                    None => {
                        lone = true;
                        out.push(char::REPLACEMENT_CHARACTER);
                    }
                }
            }
            // The reader has checked the escape: what is left is `"`, `\` and `/`.
            other => out.push(char::from(other)),
        }
    }
    out.push_str(rest);
    (out, lone)
}

fn hex4(text: &str) -> u32 {
    text.get(..4)
        .and_then(|digits| u32::from_str_radix(digits, 16).ok())
        .unwrap_or(0)
}
