//! Strings and indentation, eight bytes at a time (plain integer arithmetic, no intrinsics):
//! exports consist mostly of the two.

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
fn blanks(bytes: &[u8], mut at: usize) -> usize {
    const BLANKS: u64 = u64::from_le_bytes(*b"        ");
    if bytes.get(at) == Some(&b'\n') {
        at += 1;
    }
    while let Some(eight) = word(bytes, at) {
        let spaces = ((eight ^ BLANKS).trailing_zeros() / 8) as usize;
        at += spaces;
        if spaces == 8 {
            continue;
        }
        match bytes.get(at) {
            Some(b'\n' | b'\r' | b'\t') => at += 1,
            _ => return at,
        }
    }
    // The last few bytes of the text, one by one.
    while let Some(b' ' | b'\n' | b'\r' | b'\t') = bytes.get(at) {
        at += 1;
    }
    at
}

fn word(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// Offset of the first quote, backslash or control character at or after `at`.
#[inline(always)]
pub fn string_stop(bytes: &[u8], at: usize) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let rest = bytes.get(at..).unwrap_or_default();
    let (words, tail) = rest.as_chunks::<8>();
    for (number, eight) in words.iter().enumerate() {
        let eight = u64::from_le_bytes(*eight);
        // One bit turned, a quote (0x22) stands right above the control characters.
        let quote = eight ^ (ONES * 0x02);
        let slash = eight ^ (ONES * b'\\' as u64);
        // Each difference borrows into the high bit exactly in a byte that is a quote, a backslash
        // or below 0x20, if its high bit was not set before; borrows can only add false marks
        // above the first true one, which is all we take.
        let hit = quote.wrapping_sub(ONES * 0x21) | slash.wrapping_sub(ONES);
        let hit = hit & !eight & HIGH;
        if hit != 0 {
            return at + number * 8 + (hit.trailing_zeros() / 8) as usize;
        }
    }
    let stop = |byte: &u8| *byte == b'"' || *byte == b'\\' || *byte < 0x20;
    bytes.len() - tail.len() + tail.iter().position(stop).unwrap_or(tail.len())
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
                    assert_eq!(string_stop(text.as_bytes(), 0), start.len(), "{text:?}");
                }
                let endless = filler.repeat(length);
                assert_eq!(string_stop(endless.as_bytes(), 0), endless.len());
            }
        }
    }
}
