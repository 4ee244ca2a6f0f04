//! Finds what may be a secret in a piece of an input, so that no excerpt shows it.
//!
//! The text may be any part of a file, cut off anywhere, and need not be JSON at all: secrets stand
//! in broken files too. So this is no parser but a scanner that errs on the side of hiding. It
//! looks for names (`secretText`, `password`, `AccountKey=`), for the company a plain `value`
//! keeps, and for shapes (Entra's own secrets, JSON web tokens, PEM, long random runs).

mod certain;
mod name;
mod shape;
mod start;

use std::borrow::Cow;
use std::ops::Range;

use memchr::memchr2;

pub use certain::hide;
pub use start::by_value;

use name::{Name, classify, is_companion, is_guid, tells_scope};

/// What stands where a secret was; its length says nothing.
pub const MASK: &str = "••••••";

/// What is known of what stands before a text.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// Nothing: it is the file's begin.
    File,
    /// A line break, so the text begins outside of any string.
    Line,
    /// A bracket that opens or a comma, so no name waits for its value.
    Member,
    /// A part of the string in whose middle the text begins.
    Inside,
    /// Anything: it may begin in the middle of a string or not.
    Unknown,
}

/// `text` with its secrets masked.
pub fn redact(text: &str) -> Cow<'_, str> {
    let secrets = find(text, Start::File, false);
    if secrets.is_empty() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(masked(text, secrets))
}

/// `text` with masks in place of ranges that are sorted, apart and on character boundaries.
fn masked(text: &str, secrets: Vec<Range<usize>>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for secret in secrets {
        out.push_str(&text[from..secret.start]);
        out.push_str(MASK);
        from = secret.end;
    }
    out.push_str(&text[from..]);
    out
}

/// Where secrets stand: sorted, apart, not empty, on character boundaries. With `elements`, the
/// elements of a list whose beginning is out of sight are secrets too.
pub fn find(text: &str, start: Start, elements: bool) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    if start != Start::Inside {
        Scanner::new(text, start, elements, &mut found).run(0);
    }
    if matches!(start, Start::Inside | Start::Unknown) {
        let end = string_end(text.as_bytes(), 0, b'"');
        found.push(0..end);
        Scanner::new(text, start, elements, &mut found).run((end + 1).min(text.len()));
    }
    shape::find(text, &mut found);
    merge(text, found)
}

/// Whether a JSON Pointer leads to, or into, a value that is secret by its name.
pub fn names_secret(pointer: &str) -> bool {
    let mut credentials = false;
    pointer.split('/').any(|step| match classify(step) {
        Name::Secret => true,
        Name::Token => pointer.ends_with(step),
        Name::Credentials => {
            credentials = true;
            false
        }
        Name::Value | Name::Key => credentials,
        Name::Other | Name::Unseen => {
            credentials |= step == "keyCredentials";
            false
        }
    })
}

/// Whether a text is itself only such a name, in quotes or not.
pub fn is_name(text: &str) -> bool {
    let text = text.trim_matches(|c: char| c == '"' || c == '\'' || c.is_whitespace());
    text.len() <= 64 && classify(text) != Name::Other
}

/// The ranges sorted, apart and on character boundaries.
pub(super) fn merge(text: &str, mut found: Vec<Range<usize>>) -> Vec<Range<usize>> {
    found.retain(|range| range.start < range.end);
    found.sort_unstable_by_key(|range| range.start);
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(found.len());
    for range in found {
        let range = floor(text, range.start)..ceil(text, range.end);
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

/// The character boundary at or before `at`.
pub(super) fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The character boundary at or after `at`.
pub(super) fn ceil(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

/// Where a string that began before `from` ends: at its quote, the line's end or the text's.
fn string_end(bytes: &[u8], from: usize, quote: u8) -> usize {
    let mut at = from;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            // No line break is ever escaped.
            b'\\' if bytes.get(at + 1) != Some(&b'\n') => at += 1,
            b'\n' => return at,
            _ if byte == quote => return at,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// An object or array that is open.
#[derive(Default)]
struct Frame {
    /// Everything in it is secret: it stands under `secretText` or the like.
    secret: bool,
    /// It, or what holds it, stands under `passwordCredentials`: a `value` in it is a secret.
    credentials: bool,
    /// Its members are those of a credential, or one names a secret: so is its `value`.
    companion: bool,
    /// Its members are those of an exposed scope or app role: its `value` is a scope's name.
    scope: bool,
    /// Its elements are secrets, but not what their members are.
    elements: bool,
    /// Whether its beginning and its name were seen; of another, not all members are known.
    whole: bool,
    /// Strings under `value`.
    values: Vec<Range<usize>>,
}

impl Frame {
    fn close(self, closed: bool, found: &mut Vec<Range<usize>>) {
        let known = self.whole && closed;
        if self.credentials || self.companion || !known && !self.scope {
            found.extend(self.values);
        }
    }
}

struct Scanner<'t, 'f> {
    text: &'t str,
    found: &'f mut Vec<Range<usize>>,
    /// What is open, in sight.
    frames: Vec<Frame>,
    /// What was open before the text began.
    outer: Frame,
    /// The name whose value comes next, and whether it stood in quotes.
    pending: Option<(Name, bool)>,
    /// A secret's name among the bare words since the last separator.
    phrase: bool,
    /// The first string is a name if a colon follows it.
    member: bool,
}

impl<'t, 'f> Scanner<'t, 'f> {
    fn new(
        text: &'t str,
        start: Start,
        elements: bool,
        found: &'f mut Vec<Range<usize>>,
    ) -> Scanner<'t, 'f> {
        let unseen = start != Start::File;
        Scanner {
            text,
            found,
            frames: Vec::new(),
            outer: Frame {
                elements: unseen && elements,
                whole: !unseen,
                ..Frame::default()
            },
            // A value whose name is out of sight, wholly or in part, may be a secret.
            pending: unseen.then_some((Name::Unseen, true)),
            phrase: false,
            member: start == Start::Member,
        }
    }

    fn run(mut self, from: usize) {
        let bytes = self.text.as_bytes();
        let mut at = from;
        while let Some(&byte) = bytes.get(at) {
            at = match byte {
                b'"' | b'\'' => self.string(at, byte),
                b'{' | b'[' => self.open(at),
                b'}' | b']' => self.close(at),
                b',' | b';' => {
                    self.pending = None;
                    self.phrase = false;
                    at + 1
                }
                b'\n' => {
                    // A quoted name may stand on the line before its value, a bare one does not.
                    self.pending = self.pending.filter(|(_, quoted)| *quoted);
                    self.phrase = false;
                    at + 1
                }
                b':' | b'=' => {
                    if std::mem::take(&mut self.phrase) {
                        self.pending = Some((Name::Secret, false));
                    }
                    at + 1
                }
                b' ' | b'\t' | b'\r' => at + 1,
                _ => self.bare(at),
            };
        }
        while let Some(frame) = self.frames.pop() {
            frame.close(false, self.found);
        }
        self.outer.close(false, self.found);
    }

    fn frame(&mut self) -> &mut Frame {
        self.frames.last_mut().unwrap_or(&mut self.outer)
    }

    fn open(&mut self, at: usize) -> usize {
        let name = self.pending.take().map(|(name, _)| name);
        self.phrase = false;
        let list = self.text.as_bytes()[at] == b'[';
        let outer = self.frame();
        let frame = Frame {
            secret: outer.secret || name == Some(Name::Secret),
            credentials: outer.credentials || name == Some(Name::Credentials),
            elements: list && name == Some(Name::Unseen),
            whole: name.map_or(outer.whole, |name| name != Name::Unseen),
            ..Frame::default()
        };
        self.frames.push(frame);
        at + 1
    }

    fn close(&mut self, at: usize) -> usize {
        self.pending = None;
        self.phrase = false;
        match self.frames.pop() {
            Some(frame) => frame.close(true, self.found),
            None => {
                let outer = Frame {
                    elements: self.outer.elements,
                    ..Frame::default()
                };
                std::mem::replace(&mut self.outer, outer).close(false, self.found);
            }
        }
        at + 1
    }

    /// A string in quotes: a name or a value.
    fn string(&mut self, at: usize, quote: u8) -> usize {
        let bytes = self.text.as_bytes();
        let content = at + 1..string_end(bytes, at + 1, quote);
        let next = (content.end + 1).min(bytes.len());
        // Both ends stand beside ASCII, so they are character boundaries; `ceil` only makes sure.
        let text = &self.text[content.start..ceil(self.text, content.end)];
        let follows = bytes[next..]
            .iter()
            .find(|byte| !byte.is_ascii_whitespace())
            .copied();
        let name = classify(text);
        let is_key = matches!(follows, Some(b':' | b'='))
            // A file that is broken just here lacks the colon.
            || name == Name::Secret && matches!(follows, Some(b'"' | b'\'' | b'{' | b'['));
        let pending = self.pending.take().map(|(name, _)| name);
        let expected = matches!(pending, Some(Name::Secret | Name::Token | Name::Unseen));
        if is_key {
            let frame = self.frame();
            frame.companion |= is_companion(text);
            frame.scope |= tells_scope(text);
            self.pending = Some((name, true));
            if expected && !(self.member && pending == Some(Name::Unseen)) {
                // Where a colon or comma is wrong, what looks like a name is the value.
                self.found.push(content);
            }
            return next;
        }
        self.phrase = false;
        if name == Name::Secret {
            // `{"name": "AZURE_CLIENT_SECRET", "value": …}`
            self.frame().companion = true;
        }
        let frame = self.frame();
        if frame.secret || expected || frame.elements && pending.is_none() {
            self.found.push(content);
        } else if pending == Some(Name::Value) {
            self.frame().values.push(content);
        } else if pending == Some(Name::Key) && content.len() >= 16 && !is_guid(text) {
            // Of a certificate it is the public half, yet nobody can tell at a glance.
            self.found.push(content);
        } else if let Some(from) = name_inside(text) {
            self.found.push(content.start + from..content.end);
        }
        next
    }

    /// A word without quotes: a literal, a number, or text that is not JSON.
    fn bare(&mut self, at: usize) -> usize {
        let bytes = self.text.as_bytes();
        let end = bytes[at..]
            .iter()
            .position(|&b| !(b.is_ascii_alphanumeric() || b"_-.+/~".contains(&b) || b >= 0x80))
            .map_or(bytes.len(), |length| at + length)
            .max(at + 1);
        let word = &bytes[at..end];
        let inside = self.frame().secret;
        let quoted = match self.pending {
            Some((Name::Secret | Name::Token | Name::Unseen, quoted)) => quoted,
            _ if inside => true,
            _ => {
                self.pending = None;
                self.phrase |= std::str::from_utf8(word)
                    .is_ok_and(|word| matches!(classify(word), Name::Secret | Name::Token));
                return end;
            }
        };
        if matches!(word, b"null" | b"true" | b"false") {
            self.pending = None;
            return end;
        }
        let stop: &[u8] = if quoted { b",}]\n" } else { b"\n" };
        let end = bytes[at..]
            .iter()
            .position(|byte| stop.contains(byte))
            .map_or(bytes.len(), |length| at + length);
        self.found.push(at..end);
        self.pending = None;
        end
    }
}

/// Where a secret begins inside a string: after `AccountKey=`, `?sig=`, `\"password\":`.
fn name_inside(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(found) = memchr2(b'=', b':', &bytes[from..]) {
        let sign = from + found;
        let name_end = bytes[..sign]
            .iter()
            .rposition(|b| !matches!(b, b'\\' | b'"' | b'\'' | b' '))
            .map_or(0, |at| at + 1);
        let name_start = bytes[..name_end]
            .iter()
            .rposition(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')))
            .map_or(0, |at| at + 1);
        // A long run before the sign is no name, and looking at all of it again and again would
        // make the search quadratic; names are short.
        if name_end - name_start <= 64
            && text.get(name_start..name_end).is_some_and(|name| {
                matches!(classify(name), Name::Secret | Name::Token)
                    || name.eq_ignore_ascii_case("sig") && bytes[sign] == b'='
            })
        {
            return Some(sign + 1);
        }
        from = sign + 1;
    }
    None
}

#[cfg(test)]
mod tests;
