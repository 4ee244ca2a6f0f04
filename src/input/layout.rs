//! How a file lays out its records, told from its first block.

use super::boundary::Boundary;
use super::decode::Decoded;
use crate::json::{Tape, Value, read};
use crate::kinds::recognise::{is_required_access_entry, is_required_access_list};

/// Where the records of a file are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Layout {
    /// A list of objects, bare or in a page: each element is a record.
    Elements {
        /// Offset of the first element.
        first: usize,
        /// What the start of an element looks like.
        boundary: Boundary,
        /// The wrapper, when the list is a member of an object.
        envelope: Option<Envelope>,
    },
    /// JSON Lines: each line is a record.
    Lines,
    /// Anything else: the file is one record.
    Whole,
    /// The first byte that is not blank starts no JSON value.
    NotJson,
}

/// The members of a page before (and, later, after) its list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Envelope {
    /// The list's name as written: `value`, `data`.
    pub list: String,
    pub members: Vec<EnvelopeMember>,
}

/// One small member of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvelopeMember {
    pub name: String,
    /// The text of a string; other values as written, shortened.
    pub text: String,
    /// Whether the value is a string.
    pub is_string: bool,
    /// Place of the value in the file's text: from, to.
    pub at: (u64, u64),
}

impl Envelope {
    /// The member of that name, whatever its case.
    pub fn get(&self, name: &str) -> Option<&EnvelopeMember> {
        self.members
            .iter()
            .find(|member| member.name.eq_ignore_ascii_case(name))
    }

    /// Adds a member whose value was parsed; `base` is the offset of the parsed text in the file.
    pub fn add(&mut self, name: String, value: Value<'_>, base: u64) {
        const LONGEST: usize = 4096;
        let raw = value.raw();
        let mut text = value
            .as_str()
            .map_or_else(|| raw.to_owned(), std::borrow::Cow::into_owned);
        if text.len() > LONGEST {
            let end = (0..=LONGEST).rev().find(|at| text.is_char_boundary(*at));
            text.truncate(end.unwrap_or(0));
        }
        let span = value.span();
        self.members.push(EnvelopeMember {
            name,
            text,
            is_string: value.as_str().is_some(),
            at: (base + u64::from(span.start), base + u64::from(span.end)),
        });
    }
}

/// Looks at a file's first block, and its text as far as it is UTF-8. `lines` says that the
/// file's name promises JSON Lines. The `tape` is scratch.
pub fn detect(block: &[u8], valid: &str, lines: bool, tape: &mut Tape) -> Layout {
    let start = read::skip_blanks(block, 0);
    let Some(&byte) = block.get(start) else {
        return Layout::Whole;
    };
    match byte {
        b'[' | b'{' if lines => Layout::Lines,
        b'{' if is_first_line_complete(valid, start, tape) => Layout::Lines,
        b'[' => list(block, valid, start, None, tape).unwrap_or(Layout::Whole),
        b'{' => page(block, valid, start, tape).unwrap_or(Layout::Whole),
        b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n' | b'/' | b'\'' => Layout::Whole,
        _ => Layout::NotJson,
    }
}

/// Looks at a whole file, as [`detect`] does. A file that turned out to be one object by being read
/// is left on the tape: where the object ends is told, too.
pub fn detect_whole(decoded: &Decoded, lines: bool, tape: &mut Tape) -> (Layout, Option<usize>) {
    /// Where the list of nearly every page begins.
    const NEAR: usize = 1024;
    let block = decoded.bytes();
    let start = read::skip_blanks(block, 0);
    let near = block.get(..NEAR).unwrap_or(block);
    if block.get(start) == Some(&b'{')
        && !lines
        && decoded.mixed.is_none()
        && !has_wanted_list(near)
        && !is_first_line_complete(&decoded.text, start, tape)
        && let Ok(end) = read::parse(&decoded.text, start, tape)
        && !may_be_page(tape.root(&decoded.text))
    {
        return (Layout::Whole, Some(end));
    }
    (detect(block, decoded.valid(), lines, tape), None)
}

/// Whether one of the first members is a list as pages have it: [`page`] knows for certain.
fn may_be_page(root: Value<'_>) -> bool {
    root.members()
        .take(MOST + 1)
        .any(|member| member.value.is_array() && is_wanted(&member.name()))
}

/// Wrappers have a few small members before their list; anything else is one object.
const MOST: usize = 8;

fn is_wanted(name: &str) -> bool {
    name.eq_ignore_ascii_case("value") || name.eq_ignore_ascii_case("data")
}

/// A list of objects that starts at `open`, unless it is one object to the rules.
fn list(
    block: &[u8],
    valid: &str,
    open: usize,
    envelope: Option<Envelope>,
    tape: &mut Tape,
) -> Option<Layout> {
    let first = read::skip_blanks(block, open + 1);
    if block.get(first) != Some(&b'{') {
        return None;
    }
    match read::parse(valid, first, tape) {
        // A list of one in a small file is read whole only when it is a list of permissions;
        // everything else goes the one way that also serves large files.
        Ok(_) => {
            if is_required_access_entry(tape.root(valid)) {
                return None;
            }
        }
        Err(_) => {
            let name = read::skip_blanks(block, first + 1);
            let begins = |word: &[u8]| {
                block
                    .get(name..name + word.len())
                    .is_some_and(|head| head.eq_ignore_ascii_case(word))
            };
            if begins(b"\"resourceAppId\"") || begins(b"\"resourceAccess\"") {
                return None;
            }
        }
    }
    Some(Layout::Elements {
        first,
        boundary: Boundary::of(block, first),
        envelope,
    })
}

/// An object one of whose first members is a list called `value` or `data`.
fn page(block: &[u8], valid: &str, open: usize, tape: &mut Tape) -> Option<Layout> {
    if !has_wanted_list(block) {
        return None;
    }
    // Where the members before the list begin. Nearly all files are one object, so a member is
    // looked at closely only once it turns out to be one of a wrapper.
    let mut members: Vec<(usize, usize)> = Vec::with_capacity(MOST);
    let mut at = read::skip_blanks(block, open + 1);
    loop {
        let start = at;
        if block.get(at) != Some(&b'"') {
            return None;
        }
        let end = read::parse(valid, at, tape).ok()?;
        let name = tape.root(valid).as_str()?;
        let wanted = is_wanted(&name);
        let parameters = name.eq_ignore_ascii_case("parameters");
        at = read::skip_blanks(block, end);
        if block.get(at) != Some(&b':') {
            return None;
        }
        at = read::skip_blanks(block, at + 1);
        if wanted && block.get(at) == Some(&b'[') {
            let mut envelope = Envelope {
                list: name.into_owned(),
                ..Envelope::default()
            };
            for (name, value) in members {
                read::parse(valid, name, tape).ok()?;
                let name = tape.root(valid).as_str()?.into_owned();
                read::parse(valid, value, tape).ok()?;
                envelope.add(name, tape.root(valid), 0);
            }
            // Whose the elements are stands in the wrapper alone, so the two stay together; such
            // lists (owners, members, federated credentials) have one page's length.
            let context = envelope.get("@odata.context");
            if context.is_some_and(|context| context.text.contains("('")) {
                return None;
            }
            return list(block, valid, at, Some(envelope), tape);
        }
        if members.len() == MOST {
            return None;
        }
        members.push((start, at));
        let end = read::parse(valid, at, tape).ok()?;
        let value = tape.root(valid);
        if value.is_object() && parameters || value.is_array() && is_required_access_list(value) {
            return None;
        }
        at = read::skip_blanks(block, end);
        if block.get(at) != Some(&b',') {
            return None;
        }
        at = read::skip_blanks(block, at + 1);
    }
}

/// Whether a list called `value` or `data` may begin somewhere. Most files are one object and have
/// none: they are told from pages at each bracket, without being read.
fn has_wanted_list(block: &[u8]) -> bool {
    memchr::memchr2_iter(b'[', b'\\', block).any(|at| {
        // A name may be written with escapes.
        block[at] == b'\\'
            || match trimmed(&block[..at]) {
                [before @ .., b':'] => match trimmed(before) {
                    // Nearly all lists have other names.
                    [name @ .., b'e' | b'E', b'"'] => ends_with(name, b"valu"),
                    [name @ .., b'a' | b'A', b'"'] => ends_with(name, b"dat"),
                    _ => false,
                },
                _ => false,
            }
    })
}

/// A text without the blanks at its end, of which there mostly is one.
fn trimmed(text: &[u8]) -> &[u8] {
    match text {
        [text @ .., b' '] if text.last().is_some_and(|byte| *byte > b' ') => text,
        [.., byte] if *byte > b' ' => text,
        _ => text.trim_ascii_end(),
    }
}

fn ends_with(name: &[u8], wanted: &[u8]) -> bool {
    let start = name.len().checked_sub(wanted.len());
    start.is_some_and(|start| name[start..].eq_ignore_ascii_case(wanted))
}

/// Whether the first line is a JSON object by itself and more follows: JSON Lines without the
/// file name that says so.
fn is_first_line_complete(valid: &str, start: usize, tape: &mut Tape) -> bool {
    let Some(end) = memchr::memchr(b'\n', &valid.as_bytes()[start..]) else {
        return false;
    };
    let line = &valid[..start + end];
    let rest = &valid.as_bytes()[start + end..];
    let follows = read::skip_blanks(rest, 0);
    rest.get(follows) == Some(&b'{')
        && read::parse(line, start, tape).is_ok_and(|end| line[end..].trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::decode::valid;

    /// A whole file is told as a block is.
    fn detect(block: &[u8], lines: bool) -> Layout {
        let mut tape = Tape::default();
        let layout = super::detect(block, valid(block), lines, &mut tape);
        let decoded = Decoded::of(block.to_vec());
        let (whole, parsed) = detect_whole(&decoded, lines, &mut tape);
        assert_eq!(whole, layout);
        if let Some(end) = parsed {
            assert_eq!(layout, Layout::Whole);
            let read = decoded.text[..end].trim_start();
            assert_eq!(tape.root(&decoded.text).raw(), read);
        }
        layout
    }

    fn first_of(text: &str) -> Option<usize> {
        match detect(text.as_bytes(), false) {
            Layout::Elements { first, .. } => Some(first),
            _ => None,
        }
    }

    #[test]
    fn lists_and_pages_are_split_and_the_rest_is_whole() {
        assert_eq!(first_of("[{\"id\": 1}]"), Some(1));
        assert_eq!(first_of(" [\n  {\"id\": 1}]"), Some(5));
        let page = "{\"@odata.context\": \"x\", \"value\": [{\"id\": 1}]}";
        assert_eq!(first_of(page), page.find("{\"id\""));
        for page in [
            "{\"VALUE\"\n:\t[ {\"id\": 1}]}",
            "{\"a\": [], \"data\":[{\"id\": 1}]}",
            r#"{"v\u0061lue": [{"id": 1}]}"#,
            &format!(
                r#"{{"next": "{}", "value": [{{"id": 1}}]}}"#,
                "x".repeat(2000)
            ),
        ] {
            assert_eq!(first_of(page), page.find("{\"id\""), "{page}");
        }
        for whole in [
            "[]",
            "[1]",
            "{}",
            "{\"value\": \"x\"}",
            "{\"appId\": \"x\"}",
            "[{\"resourceAppId\": \"x\", \"resourceAccess\": []}]",
            "{\"value\": [{\"resourceAppId\": \"x\", \"resourceAccess\": []}], \"Count\": 1}",
            "{\"a\": 1}\nnot a line",
            "{\"a\": 1} // and more",
            "{\"value\": []}",
            "{\"a\": [], \"value\": [1]}",
            "{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":1,\"h\":1,\"i\":1,\"value\":[{\"id\": 1}],\"j\":1}",
            "",
        ] {
            assert_eq!(detect(whole.as_bytes(), false), Layout::Whole, "{whole}");
        }
        assert_eq!(detect(b"{\"a\":1}\n{\"a\":2}\n", false), Layout::Lines);
        assert_eq!(detect(b"{\"a\":1}", true), Layout::Lines);
        assert_eq!(detect(&[0; 16], false), Layout::NotJson);
        assert_eq!(detect(b"hello", false), Layout::NotJson);
    }

    #[test]
    fn a_page_that_alone_tells_whose_its_rows_are_stays_whole() {
        let page = |context: &str| format!(r#"{{"@odata.context": "{context}", "value": [{{}}]}}"#);
        assert_eq!(first_of(&page("…$metadata#applications('x')/owners")), None);
        assert!(first_of(&page("…$metadata#applications(id,appId)")).is_some());
    }

    #[test]
    fn boundaries_of_pretty_and_minified_lists() {
        let pretty = b"[\n  {\n    \"a\": {\n    }\n  },\n  {\n  }\n]";
        let Layout::Elements { boundary, .. } = detect(pretty, false) else {
            panic!("a list");
        };
        let second = boundary.last_in(pretty).unwrap();
        assert_eq!(&pretty[second..], b"{\n  }\n]");
        assert_eq!(boundary.first_in(pretty, 5), Some(second));
        let minified = br#"[{"a":{"b":1},"c":2},{"a":3}]"#;
        let Layout::Elements { boundary, .. } = detect(minified, false) else {
            panic!("a list");
        };
        assert_eq!(boundary.last_in(minified), Some(21));
    }
}
