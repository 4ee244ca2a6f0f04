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
pub fn shape(name: &str) -> Vec<u8> {
    let mut shape = Vec::with_capacity(name.len());
    if name.is_ascii() {
        // None of these is read from its end.
        for seen in name.bytes().filter_map(seen) {
            push(&mut shape, seen);
        }
    } else {
        for c in as_seen(name) {
            let lower = c.to_lowercase().next().unwrap_or(c);
            match u8::try_from(lower) {
                _ if lower.is_whitespace() => push(&mut shape, b' '),
                Ok(byte) if byte.is_ascii() => push(&mut shape, confused(byte)),
                _ => shape.extend_from_slice(lower.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
    }
    if shape.last() == Some(&b' ') {
        shape.pop();
    }
    shape
}

/// Adds an ASCII character as it is seen behind the one before.
fn push(shape: &mut Vec<u8>, seen: u8) {
    match (shape.last_mut(), seen) {
        (Some(last @ b'r'), b'n') => *last = b'm',
        (Some(last @ b'v'), b'v') => *last = b'w',
        (None | Some(b' '), b' ') => {}
        _ => shape.push(seen),
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

/// What a reader sees of a character in ASCII; nothing of a control character.
fn seen(ascii: u8) -> Option<u8> {
    let c = char::from(ascii);
    (!is_invisible(c)).then(|| confused(plain(c) as u8))
}

/// Which pairs of neighbours stand in a shape, each as one bit.
pub fn pairs(shape: &[u8]) -> u64 {
    let class = |byte: &u8| class(*byte);
    let pairs = shape.iter().zip(shape.iter().skip(1));
    pairs.fold(0, |pairs, (one, next)| pairs | bit(class(one), class(next)))
}

/// The pairs of a name's shape, and perhaps some more, told without making it; all of them where
/// that cannot be done. Most names lack a pair of every name they could be taken for.
pub fn pairs_at_most(name: &str) -> u64 {
    let Pairs { classes, bits } = &*PAIRS;
    let mut pairs = 0;
    let mut last = BLANK;
    for byte in name.bytes() {
        let next = classes[usize::from(byte)];
        pairs |= bits[usize::from(last % CLASSES)][usize::from(next % CLASSES)];
        last = next;
    }
    if pairs & MERGED == 0 { pairs } else { !0 }
}

/// The letters are 1 to 26 of these.
const CLASSES: u8 = 32;
const BLANK: u8 = 27;
const OTHER: u8 = 28;
/// What is not seen, or seen in another script.
const UNSURE: u8 = 29;

/// The bit of neighbours for which a shape has one character, or none.
const MERGED: u64 = 1 << 63;

/// What [`pairs_at_most`] goes by.
struct Pairs {
    /// For each byte of a name.
    classes: [u8; 256],
    /// For each class, and each class behind it.
    bits: [[u64; CLASSES as usize]; CLASSES as usize],
}

static PAIRS: LazyLock<Pairs> = LazyLock::new(|| Pairs {
    classes: std::array::from_fn(|byte| {
        let ascii = u8::try_from(byte).ok().filter(u8::is_ascii);
        ascii.and_then(seen).map_or(UNSURE, class)
    }),
    bits: std::array::from_fn(|one| std::array::from_fn(|next| bit(one as u8, next as u8))),
});

fn class(seen: u8) -> u8 {
    match seen {
        b'a'..=b'z' => seen - b'a' + 1,
        b' ' => BLANK,
        _ => OTHER,
    }
}

fn bit(one: u8, next: u8) -> u64 {
    const R: u8 = b'r' - b'a' + 1;
    const N: u8 = b'n' - b'a' + 1;
    const V: u8 = b'v' - b'a' + 1;
    match (one, next) {
        (_, UNSURE) | (R, N) | (V, V) | (BLANK, BLANK) => MERGED,
        // Spread so that few pairs of frequent letters share a bit.
        _ => 1 << ((u32::from(one) * 33 + u32::from(next)) % MERGED.trailing_zeros()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        /// A letter that is none of ASCII's has the rest read as any name is.
        #[test]
        fn names_in_ascii_are_read_as_all_are(name in "[ -~\\x00-\\x1frnvIl1O0| ]{0,12}") {
            let other = shape(&format!("é {name}"));
            let same = ["é ".as_bytes(), &shape(&name)].concat();
            proptest::prop_assert_eq!(&other[..], same.trim_ascii_end());
        }

        #[test]
        fn no_pair_of_a_shape_is_missed(name in "[ -~\\x00-\\x1frnvIl1O0|é ]{0,12}") {
            let missed = pairs(&shape(&name)) & !pairs_at_most(&name);
            proptest::prop_assert_eq!(missed, 0);
        }
    }
}
