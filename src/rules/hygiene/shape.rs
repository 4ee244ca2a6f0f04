//! What readers see of a name.

use std::sync::LazyLock;

use super::confusables::{is_invisible, plain};

/// The letters of a name as a reader sees them.
pub fn as_seen(name: &str) -> impl Iterator<Item = char> {
    // After a right-to-left override the rest is read from its end.
    let (head, tail) = name.split_once('\u{202e}').unwrap_or((name, ""));
    head.chars()
        .chain(tail.chars().rev())
        .filter(|c| !is_invisible(*c))
        .map(plain)
}

/// What readers go by (the skeleton of TR39, for ASCII): in lower case, single blanks, and equal
/// what is confused: `0` and `o`; `1`, `l`, `I` and `i`; `rn` and `m`; `vv` and `w`.
pub fn shape(name: &str) -> String {
    let mut shape = Shape::default();
    shape.seen.reserve(name.len());
    if name.is_ascii() {
        // Nearly all are, and none of them is read from its end.
        for byte in name.bytes() {
            match ASCII.get(usize::from(byte)) {
                Some(0) | None => {}
                Some(seen) => shape.push(char::from(*seen)),
            }
        }
    } else {
        for c in as_seen(name) {
            let lower = c.to_lowercase().next().unwrap_or(c);
            let ascii = u8::try_from(lower).ok().filter(u8::is_ascii);
            shape.push(ascii.map_or(lower, |byte| char::from(confused(byte))));
        }
    }
    shape.seen.truncate(shape.seen.trim_end().len());
    shape.seen
}

/// A shape in the making.
#[derive(Default)]
struct Shape {
    seen: String,
    last: Option<char>,
}

impl Shape {
    fn push(&mut self, c: char) {
        let c = match (self.last, c) {
            (Some('r'), 'n') => {
                self.seen.pop();
                'm'
            }
            (Some('v'), 'v') => {
                self.seen.pop();
                'w'
            }
            (None | Some(' '), c) if c.is_whitespace() => return,
            (_, c) if c.is_whitespace() => ' ',
            (_, c) => c,
        };
        self.seen.push(c);
        self.last = Some(c);
    }
}

/// One for all characters that are taken for each other.
const fn confused(seen: u8) -> u8 {
    match seen.to_ascii_lowercase() {
        b'0' => b'o',
        b'1' | b'i' => b'l',
        lower => lower,
    }
}

/// The same for every ASCII character as a reader sees it; 0 for those that nobody sees.
static ASCII: LazyLock<[u8; 128]> = LazyLock::new(|| {
    std::array::from_fn(|code| {
        let c = char::from(code as u8);
        if is_invisible(c) {
            0
        } else {
            confused(plain(c) as u8)
        }
    })
});

/// Which ASCII characters a shape has, as bits: most names lack a letter of most products, and
/// need no search.
pub fn letters(shape: &str) -> u128 {
    let (low, high) = shape.bytes().fold((0u64, 0u64), |(low, high), byte| {
        let bit = 1 << (byte & 63);
        match byte >> 6 {
            0 => (low | bit, high),
            1 => (low, high | bit),
            _ => (low, high),
        }
    });
    u128::from(high) << 64 | u128::from(low)
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        /// A letter that is none of ASCII's has the rest read as any name is.
        #[test]
        fn names_in_ascii_are_read_as_all_are(name in "[ -~\\x00-\\x1frnvIl1O0| ]{0,12}") {
            let other = shape(&format!("é {name}"));
            let same = format!("é {}", shape(&name));
            proptest::prop_assert_eq!(other, same.trim_end());
        }
    }
}
