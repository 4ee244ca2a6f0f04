//! What stands behind a list or a record: blanks, or the rest of the page around it.

use crate::input::Envelope;
use crate::json::read::{self, skip_blanks};
use crate::json::{ErrorKind, SyntaxError, Tape};

/// Checks that nothing but blanks stands in `text` from the byte `from` on.
///
/// # Errors
/// Something does; where in `text`.
pub fn nothing_but_blanks(text: &str, from: usize) -> Result<(), SyntaxError> {
    let bytes = text.as_bytes();
    let at = skip_blanks(bytes, from);
    match bytes.get(at) {
        None => Ok(()),
        Some(_) => Err(SyntaxError {
            offset: at,
            kind: comment_or(bytes, at, ErrorKind::TextAfter),
        }),
    }
}

/// Reads `, "name": value … }` behind a page's list into the page's `envelope`; `base` is where
/// `tail` begins in the source's text.
///
/// # Errors
/// It is no JSON, or something stands behind the page; where in `tail`.
pub fn rest_of_page(envelope: &mut Envelope, tail: &str, base: u64) -> Result<(), SyntaxError> {
    let bytes = tail.as_bytes();
    let mut tape = Tape::default();
    let mut at = 0;
    let fail = |offset: usize, kind: ErrorKind| {
        let kind = if offset >= bytes.len() {
            ErrorKind::UnexpectedEnd
        } else {
            kind
        };
        Err(SyntaxError { offset, kind })
    };
    loop {
        at = skip_blanks(bytes, at);
        match bytes.get(at) {
            Some(b'}') => return nothing_but_blanks(tail, at + 1),
            Some(b',') => {}
            _ => return fail(at, ErrorKind::ExpectedCommaOrEnd),
        }
        at = skip_blanks(bytes, at + 1);
        if bytes.get(at) != Some(&b'"') {
            return fail(at, ErrorKind::ExpectedName);
        }
        let end = read::parse(tail, at, &mut tape)?;
        let name = tape.root(tail).as_str().unwrap_or_default().into_owned();
        at = skip_blanks(bytes, end);
        if bytes.get(at) != Some(&b':') {
            return fail(at, ErrorKind::ExpectedColon);
        }
        at = read::parse(tail, at + 1, &mut tape)?;
        envelope.add(name, tape.root(tail), base);
    }
}

/// What is wrong at `at`: `kind`, but a comment is named as one wherever it stands.
pub fn comment_or(bytes: &[u8], at: usize, kind: ErrorKind) -> ErrorKind {
    match bytes.get(at..at + 2) {
        Some(b"//" | b"/*") => ErrorKind::Comment,
        _ => kind,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rest(text: &str) -> Result<(), (usize, ErrorKind)> {
        rest_of_page(&mut Envelope::default(), text, 0).map_err(|error| (error.offset, error.kind))
    }

    #[test]
    fn pages_are_closed_once() {
        assert_eq!(rest(" , \"a\": [1] }\n"), Ok(()));
        assert_eq!(rest("}"), Ok(()));
        assert_eq!(rest(", \"a\": 1"), Err((8, ErrorKind::UnexpectedEnd)));
        assert_eq!(rest("]"), Err((0, ErrorKind::ExpectedCommaOrEnd)));
        assert_eq!(rest(", }"), Err((2, ErrorKind::ExpectedName)));
        assert_eq!(rest(", \"a\" 1}"), Err((6, ErrorKind::ExpectedColon)));
        assert_eq!(rest("} }"), Err((2, ErrorKind::TextAfter)));
        assert_eq!(rest("} // the end"), Err((2, ErrorKind::Comment)));
    }
}
