//! Names as they are usually written, made to be compared in two looks.

/// How a name stands in a text when it is written as usual, its closing quote behind it.
pub(super) struct Spelling {
    /// The first sixteen bytes; of a shorter name and its quote those there are, then zeros.
    head: u128,
    /// Ones where `head` has bytes.
    kept: u128,
    /// Of a name with sixteen bytes or more the last fifteen, and the quote.
    tail: u128,
    text: &'static [u8],
}

impl Spelling {
    /// Of a known name.
    pub(super) const fn of(name: &'static str) -> Spelling {
        let text = name.as_bytes();
        let (mut head, mut kept, mut tail) = ([0; 16], [0; 16], [0; 16]);
        let mut at = 0;
        while at < 16 {
            if at < text.len() {
                head[at] = text[at];
            } else if at == text.len() {
                head[at] = b'"';
            }
            if at <= text.len() {
                kept[at] = 0xff;
            }
            if text.len() >= 16 && at < 15 {
                tail[at] = text[text.len() - 15 + at];
            }
            at += 1;
        }
        tail[15] = b'"';
        Spelling {
            head: u128::from_le_bytes(head),
            kept: u128::from_le_bytes(kept),
            tail: u128::from_le_bytes(tail),
            text,
        }
    }

    /// The length of the name, if `text` begins with it and a quote; not told of the last sixteen
    /// bytes of a text. Names have some twenty bytes: a call costs more than to compare them.
    #[inline(always)]
    pub(super) fn begins(&self, text: &[u8]) -> Option<usize> {
        let length = self.text.len();
        let head = u128::from_le_bytes(*text.first_chunk()?);
        if (head ^ self.head) & self.kept != 0 {
            return None;
        }
        if length >= 16 {
            let tail = u128::from_le_bytes(*text.get(length - 15..)?.first_chunk()?);
            // Up to 31 bytes, head and tail are all of it.
            if tail != self.tail || length > 31 && text.get(16..length) != self.text.get(16..) {
                return None;
            }
        }
        Some(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Behind the name: long enough for it to be told at a glance.
    const REST: &str = "\": \"0123456789abcdef\"";

    #[test]
    fn a_name_is_compared_to_its_last_byte_and_its_quote() {
        const NAMES: [Spelling; 8] = [
            Spelling::of(""),
            Spelling::of("id"),
            Spelling::of("fifteenBytesAll"),
            Spelling::of("sixteenBytesNow1"),
            Spelling::of("requiredResourceAccess"),
            Spelling::of("aNameOfThirtyOneBytesAndNoMore1"),
            Spelling::of("aNameOfThirtyTwoBytesAndNoMore12"),
            Spelling::of("applicationAuthenticationResourceSignInActivity"),
        ];
        for name in &NAMES {
            let mut text = [name.text, REST.as_bytes()].concat();
            assert_eq!(name.begins(&text), Some(name.text.len()));
            for at in 0..=name.text.len() {
                text[at] ^= 1;
                assert_eq!(name.begins(&text), None, "{:?} {at}", name.text);
                text[at] ^= 1;
            }
            for length in 0..text.len() {
                let told = name.begins(&text[..length]);
                assert!(
                    told.is_none() || told == Some(name.text.len()) && length > name.text.len()
                );
            }
        }
    }
}
