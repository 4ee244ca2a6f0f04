//! Looking for words in names, types and resource ids, which Azure compares without regard to case.

/// Where `word` first stands in `text`, in any case of its ASCII letters: the byte it begins at.
/// `word` is in lower case.
///
/// Role assignments, role definitions and the parts of every path are asked, so nothing is
/// allocated, and most places are passed by their first letter.
pub fn find_ignoring_case(text: &str, word: &str) -> Option<usize> {
    let (text, word) = (text.as_bytes(), word.as_bytes());
    let Some(first) = word.first() else {
        return Some(0);
    };
    // Behind the last place where all of it fits, not even the first letter is looked for.
    let starts = text.get(..=text.len().checked_sub(word.len())?)?;
    memchr::memchr2_iter(*first, first.to_ascii_uppercase(), starts).find(|at| {
        text.get(*at..at + word.len())
            .is_some_and(|place| place.eq_ignore_ascii_case(word))
    })
}

#[cfg(test)]
mod tests {
    use super::find_ignoring_case;
    use proptest::prelude::*;

    #[test]
    fn words_in_resource_ids() {
        let id = "/subscriptions/1/PROVIDERS/Microsoft.Authorization/roleDefinitions/2";
        let provider = "/providers/microsoft.authorization/";
        assert_eq!(find_ignoring_case(id, provider), Some(16));
        assert_eq!(find_ignoring_case(id, "/providers/microsoft.graph/"), None);
        assert_eq!(find_ignoring_case("Owner", "owner"), Some(0));
        assert_eq!(find_ignoring_case("coowner", "owner"), Some(2));
        assert_eq!(find_ignoring_case("owne", "owner"), None);
        // Bit 0x20 tells capitals from small letters, but other signs apart too.
        assert_eq!(find_ignoring_case("\u{10}a", "0a"), None);
        assert_eq!(find_ignoring_case("[", "{"), None);
        // The Kelvin sign is no k, whatever Unicode folds it to.
        assert_eq!(find_ignoring_case("\u{212a}ey", "key"), None);
    }

    proptest! {
        /// Few letters, so that words are found and nearly found.
        #[test]
        fn as_in_lower_case(text in "[aAbBſé/ü\u{212a}]{0,24}", word in "[abé/]{0,4}") {
            let plain = text.to_ascii_lowercase().find(&word);
            prop_assert_eq!(find_ignoring_case(&text, &word), plain);
        }
    }
}
