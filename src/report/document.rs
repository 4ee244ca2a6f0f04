//! A JSON document that this tool wrote before, read again: a stored report, a baseline.
#![expect(
    clippy::disallowed_methods,
    reason = "the home of reading what the tool itself wrote"
)]

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use crate::input::decode::Feed;
use crate::json::schema::Schema;
use crate::json::{Kind, Tape, Value, pointer, read};
use crate::model::Span;

/// No such document is longer, in bytes: some two million findings.
const LARGEST: u64 = 4_000_000_000;

/// Why a text is no document that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfit {
    pub line: u64,
    pub column: u64,
    /// One sentence, no full stop; may quote the text.
    pub message: String,
}

/// What is wrong, before its line is known.
pub struct Fault(pub Span, pub String);

impl Fault {
    /// Finds the line.
    pub fn within(self, text: &str) -> Unfit {
        let Fault(span, message) = self;
        // Half a character is no place.
        let at = (0..=text.len().min(span.start as usize)).rev();
        let before = at.filter_map(|at| text.get(..at)).next().unwrap_or("");
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        Unfit {
            line: before.matches('\n').count() as u64 + 1,
            column: before[line..].chars().count() as u64 + 1,
            message,
        }
    }
}

/// Why the text of a document is not there.
#[derive(Debug)]
pub enum Unread {
    Io(io::Error),
    Unfit(Unfit),
}

impl From<io::Error> for Unread {
    fn from(error: io::Error) -> Unread {
        Unread::Io(error)
    }
}

/// The document's text: in UTF-8, or as Windows PowerShell redirects it. `-` is standard input.
///
/// # Errors
/// It cannot be read, or it is no text.
pub fn text(path: &Path) -> Result<String, Unread> {
    let reader: Box<dyn Read + Send> = if path.as_os_str() == "-" {
        Box::new(io::stdin())
    } else {
        let file = File::open(path)?;
        if file.metadata().is_ok_and(|meta| meta.is_dir()) {
            return Err(Unread::Io(ErrorKind::IsADirectory.into()));
        }
        Box::new(file)
    };
    let mut bytes = Vec::new();
    let mut feed = Feed::open(reader, LARGEST)?;
    while feed.fill(&mut bytes, 1 << 20)? > 0 {}
    String::from_utf8(bytes).map_err(|error| {
        Unread::Unfit(Unfit {
            line: 1,
            column: 1,
            message: format!(
                "not UTF-8 from byte {} on",
                error.utf8_error().valid_up_to()
            ),
        })
    })
}

/// Reads a whole text as one JSON value.
///
/// # Errors
/// It is not JSON, or more than that.
pub fn parse<'t>(text: &'t str, tape: &'t mut Tape) -> Result<Value<'t>, Unfit> {
    let at = |offset: usize| {
        let offset = u32::try_from(offset).unwrap_or(u32::MAX);
        Span::new(offset, offset)
    };
    let fault = |offset: usize, why: &str| Fault(at(offset), why.to_owned()).within(text);
    let end = read::parse(text, 0, tape).map_err(|error| {
        fault(
            error.offset,
            match error.kind {
                crate::json::ErrorKind::UnexpectedEnd => "not JSON: it ends here, cut off",
                _ => "not JSON from here on",
            },
        )
    })?;
    let rest = read::skip_blanks(text.as_bytes(), end);
    if rest < text.len() {
        return Err(fault(
            rest,
            "not one JSON document: more text stands behind it",
        ));
    }
    Ok(tape.root(text))
}

/// Checks version and shape of a document; `what` says what it ought to be.
///
/// # Errors
/// It is something else, of another version, or it does not keep to its schema.
pub fn check(root: Value<'_>, version: u64, schema: Schema, what: &str) -> Result<(), Fault> {
    // Another version has another schema: what that would say of it helps nobody.
    match root.get("schemaVersion") {
        Some(found) if number(found) == Some(version) => {}
        Some(found) if found.kind() == Kind::Number => {
            return Err(Fault(
                found.span(),
                format!(
                    "schemaVersion {} is not {version}, the one this version reads",
                    found.raw()
                ),
            ));
        }
        _ => {
            let start = root.span().start;
            return Err(Fault(Span::new(start, start), format!("no {what}")));
        }
    }
    match schema.faults(root, 1).into_iter().next() {
        None => Ok(()),
        Some((span, what)) => Err(Fault(
            span,
            match pointer::pointer(root, span) {
                pointer if pointer.is_empty() => what,
                pointer => format!("{pointer}: {what}"),
            },
        )),
    }
}

/// A whole number that fits.
pub fn number(value: Value<'_>) -> Option<u64> {
    value.raw().parse().ok()
}
