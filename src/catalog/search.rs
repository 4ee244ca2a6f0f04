//! Searching a sorted slice, and the order of names without regard to case.

use std::cmp::Ordering;
use std::ops::Range;

use crate::model::Guid;

/// Where in a table sorted by GUID the rows begin whose GUID has a first byte. GUIDs are random, so
/// their first byte leaves a handful.
pub(super) struct Buckets([u16; 257]);

impl Buckets {
    /// Of a table whose rows have GUIDs with these first bytes, in their order.
    pub(super) const fn of(first_bytes: &[u8]) -> Buckets {
        let mut buckets = [0; 257];
        let mut at = 0;
        while at < first_bytes.len() {
            at += 1;
            buckets[first_bytes[at - 1] as usize + 1] = at as u16;
        }
        // A byte that no id begins with has an empty bucket.
        let mut byte = 1;
        while byte < 257 {
            if buckets[byte] < buckets[byte - 1] {
                buckets[byte] = buckets[byte - 1];
            }
            byte += 1;
        }
        Buckets(buckets)
    }

    /// The rows that may be those of `id`.
    pub(super) fn rows(&self, id: Guid) -> Range<usize> {
        let bucket = usize::from(first_byte(id));
        usize::from(self.0[bucket])..usize::from(self.0[bucket + 1])
    }
}

/// The first byte of a GUID as it is written.
pub(super) const fn first_byte(id: Guid) -> u8 {
    (id.0 >> 120) as u8
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
    fn buckets_hold_all_rows_of_a_first_byte() {
        let buckets = Buckets::of(&[0, 0, 3, 255]);
        for (byte, rows) in [
            (0, 0..2),
            (1, 2..2),
            (3, 2..3),
            (4, 3..3),
            (254, 3..3),
            (255, 3..4),
        ] {
            assert_eq!(buckets.rows(Guid(byte << 120 | 7)), rows, "{byte}");
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
