//! Which name comes next: a guess that is nearly always right.

use super::names::Name;

/// Depths that are told apart; deeper ones share with these.
const DEPTHS: usize = 8;

/// Which known name came at a depth behind which other when they came last. Records of an export
/// have the same names in the same order, so nearly each is the expected one, and that is told
/// sooner than which one it is. The depth tells what follows the last member of an object from
/// what follows the same name elsewhere.
#[derive(Debug)]
pub struct Order {
    /// By the number of a name and the depth behind it, the number of the one that came; 0 for any
    /// other, and for none.
    next: [[u16; DEPTHS]; Name::COUNT + 1],
    last: u16,
}

impl Default for Order {
    fn default() -> Self {
        Order {
            next: [[0; DEPTHS]; Name::COUNT + 1],
            last: 0,
        }
    }
}

impl Order {
    /// Another record begins.
    pub fn begin(&mut self) {
        self.last = 0;
    }

    /// The number and the length of the name that `text` begins with, if it is the one expected at
    /// the depth and a quote ends it.
    #[inline(always)]
    pub fn expected(&mut self, text: &[u8], depth: u32) -> Option<(u16, usize)> {
        let behind = self.next.get(usize::from(self.last))?;
        let number = behind[depth as usize % DEPTHS];
        // Without a number there is no such place.
        let name = Name::SPELLINGS.get(usize::from(number).wrapping_sub(1))?;
        let length = name.begins(text)?;
        self.last = number;
        Some((number, length))
    }

    /// Notes that the name of a number came at the depth, which was not expected.
    pub fn note(&mut self, number: u16, depth: u32) {
        if let Some(behind) = self.next.get_mut(usize::from(self.last)) {
            behind[depth as usize % DEPTHS] = number;
        }
        self.last = number;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What stands behind a name in these tests: long enough for it to be told at a glance.
    const REST: &str = "\": \"0123456789abcdef\"";

    #[test]
    fn a_name_is_expected_behind_the_one_before_it() {
        let number = |name: &str| Name::number_of(name.as_bytes());
        let mut order = Order::default();
        let names = [
            ("id", 1),
            ("appId", 1),
            ("requiredResourceAccess", 1),
            ("resourceAccess", 2),
            ("id", 3),
            ("type", 3),
            ("id", 3),
            ("type", 3),
            ("resourceAppId", 2),
            ("web", 1),
        ];
        for (name, depth) in names {
            if order
                .expected(format!("{name}{REST}").as_bytes(), depth)
                .is_none()
            {
                order.note(number(name), depth);
            }
        }
        order.begin();
        for (name, depth) in names {
            let text = format!("{name}{REST}");
            let expected = Some((number(name), name.len()));
            assert_eq!(order.expected(text.as_bytes(), depth), expected, "{name}");
        }
        for other in ["id", "ID\"", "i", "idx\"", "", "appId\""] {
            order.begin();
            let text = format!("{other}{}", REST.replace('"', " "));
            assert_eq!(order.expected(text.as_bytes(), 1), None, "{other}");
        }
    }
}
