//! Strings, names, numbers and literals: where each ends, and what is wrong with one.

use super::skip::{Stop, string_stop};
use crate::model::SyntaxFault as ErrorKind;

/// Why a text is not JSON, and where.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Byte offset in the text that was given to [`parse`](super::read::parse).
    pub offset: usize,
    pub kind: ErrorKind,
}

/// A string or name that was read.
pub(super) struct Text {
    /// The offset behind it.
    pub end: usize,
    pub escaped: bool,
    /// Whether a curly bracket may open in it.
    pub braced: bool,
}

/// The string or name at `start`.
// Most of an export is strings and names: called out of line, they cost a quarter more.
#[inline(always)]
pub(super) fn string(bytes: &[u8], start: usize) -> Result<Text, SyntaxError> {
    let Stop { at, braced } = string_stop(bytes, start + 1);
    match bytes.get(at) {
        Some(b'"') => Ok(Text {
            end: at + 1,
            escaped: false,
            braced,
        }),
        _ => Ok(Text {
            end: rest_of_string(bytes, at)? + 1,
            escaped: true,
            braced: true,
        }),
    }
}

/// The closing quote behind what is none.
#[cold]
fn rest_of_string(bytes: &[u8], mut at: usize) -> Result<usize, SyntaxError> {
    loop {
        match bytes.get(at) {
            Some(b'"') => return Ok(at),
            Some(b'\\') => at = escape(bytes, at)?,
            Some(_) => return Err(error(at, ErrorKind::ControlCharacter)),
            None => return Err(error(at, ErrorKind::UnexpectedEnd)),
        }
        at = string_stop(bytes, at).at;
    }
}

/// The offset behind an escape.
fn escape(bytes: &[u8], at: usize) -> Result<usize, SyntaxError> {
    match bytes.get(at + 1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(at + 2),
        Some(b'u') => {
            for digit in at + 2..at + 6 {
                match bytes.get(digit) {
                    Some(byte) if byte.is_ascii_hexdigit() => {}
                    Some(_) => return Err(error(at, ErrorKind::InvalidEscape)),
                    None => return Err(end(bytes)),
                }
            }
            Ok(at + 6)
        }
        Some(_) => Err(error(at, ErrorKind::InvalidEscape)),
        None => Err(end(bytes)),
    }
}

/// The error for a text whose `rest` begins like a literal and is none.
#[cold]
pub(super) fn no_literal(rest: &[u8], start: usize, word: &[u8]) -> SyntaxError {
    if word.starts_with(rest) {
        error(start + rest.len(), ErrorKind::UnexpectedEnd)
    } else {
        error(start, ErrorKind::ExpectedValue)
    }
}

/// The offset behind a number.
pub(super) fn number(bytes: &[u8], start: usize) -> Result<usize, SyntaxError> {
    let mut at = start;
    if bytes[at] == b'-' {
        at += 1;
    }
    match bytes.get(at) {
        Some(b'0') => {
            at += 1;
            if matches!(bytes.get(at), Some(b'0'..=b'9')) {
                return Err(error(at, ErrorKind::InvalidNumber));
            }
        }
        Some(b'1'..=b'9') => at = digits(bytes, at)?,
        Some(_) => return Err(error(at, ErrorKind::InvalidNumber)),
        None => return Err(end(bytes)),
    }
    if bytes.get(at) == Some(&b'.') {
        at = digits(bytes, at + 1)?;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        at += 1;
        if matches!(bytes.get(at), Some(b'+' | b'-')) {
            at += 1;
        }
        at = digits(bytes, at)?;
    }
    Ok(at)
}

/// One digit or more; the offset behind them.
fn digits(bytes: &[u8], mut at: usize) -> Result<usize, SyntaxError> {
    match bytes.get(at) {
        Some(b'0'..=b'9') => {}
        Some(_) => return Err(error(at, ErrorKind::InvalidNumber)),
        None => return Err(end(bytes)),
    }
    while matches!(bytes.get(at), Some(b'0'..=b'9')) {
        at += 1;
    }
    Ok(at)
}

pub(super) fn error(offset: usize, kind: ErrorKind) -> SyntaxError {
    SyntaxError { offset, kind }
}

fn end(bytes: &[u8]) -> SyntaxError {
    error(bytes.len(), ErrorKind::UnexpectedEnd)
}

/// The error for a byte that cannot stand here, named as precisely as it can be.
#[cold]
pub(super) fn unexpected(bytes: &[u8], at: usize, expected: ErrorKind) -> SyntaxError {
    let kind = match bytes.get(at) {
        None => ErrorKind::UnexpectedEnd,
        Some(b'/') if matches!(bytes.get(at + 1), Some(b'/' | b'*')) => ErrorKind::Comment,
        Some(b'\'') => ErrorKind::SingleQuote,
        Some(b'+' | b'.') if expected == ErrorKind::ExpectedValue => ErrorKind::InvalidNumber,
        Some(_) => expected,
    };
    error(at, kind)
}
