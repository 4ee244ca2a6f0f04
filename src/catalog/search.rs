//! Searching a sorted slice, and the order of names without regard to case.

use std::cmp::Ordering;
use std::ops::Range;

use crate::model::Guid;

/// How many of a GUID's first bits are told apart: the longest table has two rows for each.
const BITS: usize = 10;

/// Where in a table sorted by GUID the rows begin whose GUID has certain first bits. GUIDs are
/// random, so their first bits leave one row or two.
pub(super) struct Buckets([u16; (1 << BITS) + 1]);

impl Buckets {
    /// Of a table whose rows have GUIDs with these [`first_bits`], in their order.
    pub(super) const fn of(first_bits: &[u16]) -> Buckets {
        let mut buckets = [0; (1 << BITS) + 1];
        let mut at = 0;
        while at < first_bits.len() {
            at += 1;
            buckets[first_bits[at - 1] as usize + 1] = at as u16;
        }
        // Bits that no id begins with have an empty bucket.
        let mut bits = 1;
        while bits < buckets.len() {
            if buckets[bits] < buckets[bits - 1] {
                buckets[bits] = buckets[bits - 1];
            }
            bits += 1;
        }
        Buckets(buckets)
    }

    /// The rows that may be those of `id`.
    pub(super) fn rows(&self, id: Guid) -> Range<usize> {
        let bucket = usize::from(first_bits(id));
        usize::from(self.0[bucket])..usize::from(self.0[bucket + 1])
    }
}

/// The first bits of a GUID as it is written.
pub(super) const fn first_bits(id: Guid) -> u16 {
    (id.0 >> (128 - BITS)) as u16
}

/// The run of entries for which `compare` says `Equal`. The slice must be sorted by
/// what `compare` looks at.
pub(super) fn equal_range<T>(sorted: &[T], compare: impl Fn(&T) -> Ordering) -> &[T] {
    let start = sorted.partition_point(|entry| compare(entry).is_lt());
    let rest = &sorted[start..];
    &rest[..rest.partition_point(|entry| compare(entry).is_eq())]
}

/// Compares as if both were in lower case; only ASCII letters have a case here.
pub(super) fn ignoring_case(left: &str, right: &str) -> Ordering {
    let lower = |byte: u8| byte.to_ascii_lowercase();
    left.bytes().map(lower).cmp(right.bytes().map(lower))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_all_equal_entries_and_no_others() {
        let sorted = [1, 2, 2, 2, 5];
        assert_eq!(equal_range(&sorted, |entry| entry.cmp(&2)), [2, 2, 2]);
        assert_eq!(equal_range(&sorted, |entry| entry.cmp(&5)), [5]);
        for absent in [0, 3, 6] {
            assert!(equal_range(&sorted, |entry| entry.cmp(&absent)).is_empty());
        }
    }

    #[test]
    fn buckets_hold_all_rows_of_their_first_bits() {
        let buckets = Buckets::of(&[0, 0, 3, 1023]);
        for (bits, rows) in [
            (0, 0..2),
            (1, 2..2),
            (3, 2..3),
            (4, 3..3),
            (1022, 3..3),
            (1023, 3..4),
        ] {
            assert_eq!(buckets.rows(Guid(bits << 118 | 7)), rows, "{bits}");
        }
        assert_eq!(Buckets::of(&[]).rows(Guid::NIL), 0..0);
    }

    #[test]
    fn case_does_not_matter() {
        assert!(ignoring_case("User.Read", "USER.read").is_eq());
        assert!(ignoring_case("User.Read", "user.read.all").is_lt());
        assert!(ignoring_case("b", "A").is_gt());
    }
}
