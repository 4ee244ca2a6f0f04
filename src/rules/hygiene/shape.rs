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
    for c in as_seen(name) {
        let lower = c.to_lowercase().next().unwrap_or(c);
        match u8::try_from(lower) {
            _ if lower.is_whitespace() => push(&mut shape, b' '),
            Ok(byte) if byte.is_ascii() => push(&mut shape, confused(byte)),
            _ => shape.extend_from_slice(lower.encode_utf8(&mut [0; 4]).as_bytes()),
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

/// Which pairs of neighbours stand in a shape, each as one bit of 64.
pub fn pairs(shape: &[u8]) -> u64 {
    shape
        .windows(2)
        .fold(0, |pairs, pair| pairs | bit(pair[0], pair[1]))
}

/// The pairs of a name's shape, and perhaps some more, told without making it; all of them where
/// that cannot be done. Most names lack a pair of every name they could be taken for.
pub fn pairs_at_most(name: &str) -> u64 {
    const ALL: u64 = !0;
    let ascii = &*ASCII;
    let mut pairs = 0;
    let mut last = b' ';
    for byte in name.bytes() {
        let Some(&seen) = ascii.get(usize::from(byte)) else {
            return ALL;
        };
        // Here a shape has one character for two, or for none.
        if let (_, 0) | (b'r', b'n') | (b'v', b'v') | (b' ', b' ') = (last, seen) {
            return ALL;
        }
        pairs |= bit(last, seen);
        last = seen;
    }
    pairs
}

fn bit(one: u8, next: u8) -> u64 {
    1 << (one.wrapping_mul(31).wrapping_add(next) % 64)
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn no_pair_of_a_shape_is_missed(name in "[ -~\\x00-\\x1frnvIl1O0|é ]{0,12}") {
            let missed = pairs(&shape(&name)) & !pairs_at_most(&name);
            proptest::prop_assert_eq!(missed, 0);
        }
    }
}
