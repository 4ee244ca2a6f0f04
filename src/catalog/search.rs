//! Searching a sorted slice, and the order of names without regard to case.

use std::cmp::Ordering;

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
    fn case_does_not_matter() {
        assert!(ignoring_case("User.Read", "USER.read").is_eq());
        assert!(ignoring_case("User.Read", "user.read.all").is_lt());
        assert!(ignoring_case("b", "A").is_gt());
    }
}
