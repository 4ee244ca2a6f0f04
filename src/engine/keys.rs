//! Keys that two objects must not share: which of them may stand in several records.

use super::gather::Places;
use crate::tenant::{self, At};

/// The keys of all records, as the workers left them.
pub struct Keys {
    /// Lists of keys, each with the place that the sources in it are numbered from.
    lists: Vec<(u32, Vec<(At, tenant::Entry)>)>,
    places: Places,
}

/// One record with a key of the index.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    pub mark: u64,
    pub at: At,
    pub span: u32,
}

impl Keys {
    /// Keys of sources that have moved to other places.
    pub fn new(lists: Vec<(u32, Vec<(At, tenant::Entry)>)>, places: Places) -> Keys {
        Keys { lists, places }
    }

    pub fn len(&self) -> usize {
        self.lists.iter().map(|(_, list)| list.len()).sum()
    }

    /// In order, the entries whose mark stands twice, and a few more. Most marks stand once, and
    /// sorting them all would take longer than anything else that one core does alone.
    pub fn repeated(self) -> Vec<Entry> {
        const BITS_EACH: usize = 16;
        let bits = (self.len() * BITS_EACH).max(64).next_power_of_two();
        let place = |mark: u64| {
            let bit = mark.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - bits.trailing_zeros());
            (bit as usize / 64, 1u64 << (bit % 64))
        };
        let mut seen = vec![0u64; bits / 64];
        let mut again = vec![0u64; bits / 64];
        for (_, entry) in self.lists.iter().flat_map(|(_, list)| list) {
            let (word, bit) = place(entry.mark);
            again[word] |= seen[word] & bit;
            seen[word] |= bit;
        }
        let mut out = Vec::new();
        for (first, list) in self.lists {
            let stands_twice = list.into_iter().filter(|(_, entry)| {
                let (word, bit) = place(entry.mark);
                again[word] & bit != 0
            });
            out.extend(stands_twice.map(|(at, entry)| Entry {
                mark: entry.mark,
                at: self.places.moved(at, first),
                span: entry.span,
            }));
        }
        out.sort_unstable();
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_twice_is_kept_and_most_of_the_rest_is_not() {
        let entry = |mark: u64, record: u32| {
            let at = At {
                record,
                ..At::default()
            };
            (at, tenant::Entry { mark, span: 0 })
        };
        let repeated = |once: Vec<_>, twice: Vec<_>| {
            let places = Places::of(vec![0, 1, 3, 2]);
            Keys::new(vec![(0, once), (3, twice)], places).repeated()
        };
        let once = (0..1000u32).map(|record| entry(u64::from(record) << 20, record));
        let twice = (0..10).map(|number| entry(u64::from(number * 100u32) << 20, 1000 + number));
        let kept = repeated(once.collect(), twice.collect());
        assert!(kept.is_sorted());
        for number in 0..10u32 {
            let mark = u64::from(number * 100) << 20;
            let all = kept.iter().filter(|entry| entry.mark == mark);
            let records: Vec<_> = all
                .map(|entry| (entry.at.source, entry.at.record))
                .collect();
            assert_eq!(records, [(0, number * 100), (2, 1000 + number)]);
        }
        assert!(kept.len() < 200, "{}", kept.len());
        assert!(repeated(Vec::new(), Vec::new()).is_empty());
    }
}
