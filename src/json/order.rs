//! Which name comes next: a guess that is nearly always right.

use super::names::Name;

/// Which known name came behind which when they came last. Records of an export have the same
/// names in the same order, so nearly each is the expected one, and that is told sooner than which
/// one it is.
#[derive(Debug)]
pub struct Order {
    /// By the number of a name, the number of the one behind it; 0 for any other, and for none.
    next: [u16; Name::COUNT + 1],
    last: u16,
}

impl Default for Order {
    fn default() -> Self {
        Order {
            next: [0; Name::COUNT + 1],
            last: 0,
        }
    }
}

impl Order {
    /// Another record begins.
    pub fn begin(&mut self) {
        self.last = 0;
    }

    /// The number and the length of the name that `text` begins with, if it is the expected one and
    /// a quote ends it.
    #[inline(always)]
    pub fn expected(&mut self, text: &[u8]) -> Option<(u16, usize)> {
        let number = *self.next.get(usize::from(self.last))?;
        let known = Name::KNOWN.get(usize::from(number).checked_sub(1)?)?;
        let name = known.text.as_bytes();
        let is_it = text.get(name.len()) == Some(&b'"') && begins_with(text, name);
        is_it.then(|| {
            self.last = number;
            (number, name.len())
        })
    }

    /// Notes that the name of a number came, which was not expected.
    pub fn note(&mut self, number: u16) {
        if let Some(next) = self.next.get_mut(usize::from(self.last)) {
            *next = number;
        }
        self.last = number;
    }
}

/// Whether a text, which is longer, begins with a name. Names have some twenty bytes: a call costs
/// more than to compare them.
#[inline(always)]
fn begins_with(text: &[u8], name: &[u8]) -> bool {
    let text = text.get(..name.len()).unwrap_or_default();
    match (text.last_chunk::<8>(), name.last_chunk::<8>()) {
        (Some(one), Some(other)) => {
            let word = |bytes: &[u8; 8]| u64::from_le_bytes(*bytes);
            let (ones, others) = (text.as_chunks::<8>().0, name.as_chunks::<8>().0);
            word(one) == word(other)
                && ones
                    .iter()
                    .zip(others)
                    .all(|(one, other)| word(one) == word(other))
        }
        _ => text == name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_expected_behind_the_one_before_it() {
        let number = |name: &str| Name::number_of(name.as_bytes());
        let mut order = Order::default();
        let names = ["id", "appId", "requiredResourceAccess", "web"];
        for name in names {
            assert_eq!(order.expected(name.as_bytes()), None);
            order.note(number(name));
        }
        order.begin();
        for name in names {
            let expected = Some((number(name), name.len()));
            assert_eq!(
                order.expected(format!("{name}\": 1").as_bytes()),
                expected,
                "{name}"
            );
        }
        for other in ["id", "ID\"", "i", "idx\"", "", "appId\""] {
            order.begin();
            assert_eq!(order.expected(other.as_bytes()), None, "{other}");
        }
    }

    #[test]
    fn names_are_compared_to_their_last_byte() {
        for length in 0..40 {
            let name: Vec<u8> = (b'a'..).cycle().take(length).map(|b| b & 0x7f).collect();
            let longer = [name.as_slice(), b"\""].concat();
            assert!(begins_with(&longer, &name));
            for at in 0..length {
                let mut other = longer.clone();
                other[at] ^= 1;
                assert!(!begins_with(&other, &name), "{length} {at}");
            }
        }
    }
}
