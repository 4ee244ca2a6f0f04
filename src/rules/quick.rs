//! What tells at once that nothing is wrong. Most of what exports hold is in order, and short.

/// Whether keys certainly differ: there are few, as in nearly all lists, and no two are equal.
pub fn differ<K: PartialEq>(keys: impl ExactSizeIterator<Item = K> + Clone) -> bool {
    const FEW: usize = 16;
    keys.len() <= FEW
        && keys
            .clone()
            .enumerate()
            .all(|(before, key)| keys.clone().take(before).all(|earlier| earlier != key))
}

/// How many characters a text has, if they are more than `most`.
pub fn longer_than(text: &str, most: usize) -> Option<usize> {
    // Fewer bytes than that are fewer characters, too.
    if text.len() <= most {
        return None;
    }
    Some(text.chars().count()).filter(|length| *length > most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_keys_differ_or_do_not() {
        assert!(differ([0; 0].iter()) && differ([7].iter()) && differ([3, 1, 2].iter()));
        assert!(!differ([3, 1, 3].iter()) && !differ([1, 2, 2].iter()));
        assert!(!differ(0..17), "too many to compare one by one");
    }

    #[test]
    fn characters_are_counted_not_bytes() {
        assert_eq!(longer_than("éé", 2), None);
        assert_eq!(longer_than("ééé", 2), Some(3));
        assert_eq!(longer_than("ab", 2), None);
        assert_eq!(longer_than("", 0), None);
    }
}
