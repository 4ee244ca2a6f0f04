//! Strings and indentation, sixteen bytes at a time: exports consist mostly of the two.

use wide::u8x16;

/// Bytes told at once.
const WIDTH: usize = 16;

/// The first offset at or after `at` that is not JSON white space.
#[inline]
pub fn skip_blanks(bytes: &[u8], at: usize) -> usize {
    // Mostly there is none, or one blank.
    match bytes.get(at) {
        Some(&byte) if byte > b' ' => at,
        Some(b' ') if bytes.get(at + 1).is_some_and(|byte| *byte > b' ') => at + 1,
        _ => blanks(bytes, at),
    }
}

/// Mostly a line feed, and the indentation of the next line.
#[inline(always)]
fn blanks(bytes: &[u8], mut at: usize) -> usize {
    while let Some(some) = sixteen(bytes, at) {
        let of = |byte: u8| some.cmp_eq(u8x16::splat(byte));
        let blank = (of(b' ') | of(b'\n')) | (of(b'\r') | of(b'\t'));
        // Above the sixteen bits all are zero, so their complement ends a count at the width.
        let blanks = (!blank.move_mask()).trailing_zeros() as usize;
        at += blanks;
        if blanks < WIDTH {
            return at;
        }
    }
    // The last few bytes of the text, one by one.
    while let Some(b' ' | b'\n' | b'\r' | b'\t') = bytes.get(at) {
        at += 1;
    }
    at
}

/// Where a string's plain text stops.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// Offset of the first quote, backslash or control character, or of the end.
    pub at: usize,
    /// Whether a curly bracket opens before it.
    pub braced: bool,
}

/// Goes through a string from `at` on.
#[inline(always)]
pub fn string_stop(bytes: &[u8], mut at: usize) -> Stop {
    let mut braces = u8x16::ZERO;
    while let Some(some) = sixteen(bytes, at) {
        let of = |byte: u8| some.cmp_eq(u8x16::splat(byte));
        let control = some.min(u8x16::splat(0x1f)).cmp_eq(some);
        let stops = (of(b'"') | of(b'\\') | control).move_mask();
        if stops != 0 {
            // Of these sixteen, only the bits below the stop's are the string's.
            let before = (stops & stops.wrapping_neg()) - 1;
            return Stop {
                at: at + stops.trailing_zeros() as usize,
                braced: braces.move_mask() | of(b'{').move_mask() & before != 0,
            };
        }
        braces |= of(b'{');
        at += WIDTH;
    }
    let mut braced = braces.any();
    while let Some(byte) = bytes.get(at) {
        if *byte == b'"' || *byte == b'\\' || *byte < 0x20 {
            break;
        }
        braced |= *byte == b'{';
        at += 1;
    }
    Stop { at, braced }
}

#[inline(always)]
fn sixteen(bytes: &[u8], at: usize) -> Option<u8x16> {
    let sixteen: &[u8; WIDTH] = bytes.get(at..)?.first_chunk()?;
    Some(u8x16::new(*sixteen))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_end_where_something_else_stands() {
        let plain = |bytes: &[u8], at: usize| {
            let blank = |byte: &&u8| matches!(byte, b' ' | b'\n' | b'\r' | b'\t');
            at + bytes[at..].iter().take_while(blank).count()
        };
        for indent in 0..40 {
            for blanks in ["", "\n", "\r\n", "\n\n", "\t", " \n ", "\n\t \n"] {
                for end in ["", "x", "\0", "\u{b}", "\u{a0}", "!"] {
                    let text = format!("{blanks}{}{end}", " ".repeat(indent));
                    let bytes = text.as_bytes();
                    for at in 0..=bytes.len() {
                        assert_eq!(skip_blanks(bytes, at), plain(bytes, at), "{text:?} {at}");
                    }
                }
            }
        }
    }

    #[test]
    fn strings_stop_where_they_end_and_nowhere_else() {
        for length in 0..40 {
            for filler in [
                "a",
                "!",
                "#",
                "[",
                "]",
                "\u{7f}",
                "\u{80}",
                "é",
                "€",
                "\u{10ffff}",
            ] {
                for stop in ["\"", "\\", "\u{1f}", "\0", "\n"] {
                    let start = filler.repeat(length);
                    let text = format!("{start}{stop}\"{filler}");
                    let found = string_stop(text.as_bytes(), 0);
                    assert_eq!(found.at, start.len(), "{text:?}");
                }
                let endless = filler.repeat(length);
                assert_eq!(string_stop(endless.as_bytes(), 0).at, endless.len());
            }
        }
    }

    #[test]
    fn brackets_count_before_the_stop() {
        for length in 0..40 {
            for brace in 0..40 {
                for rest in ["", "\"", "\"{ {{{{{{{{{{{{{{{{{{{{{{"] {
                    let mut text = vec![b'a'; length];
                    if let Some(byte) = text.get_mut(brace) {
                        *byte = b'{';
                    }
                    text.extend_from_slice(rest.as_bytes());
                    let braced = brace < length;
                    let stop = Stop { at: length, braced };
                    assert_eq!(string_stop(&text, 0), stop, "{length} {brace} {rest}");
                }
            }
        }
    }
}
