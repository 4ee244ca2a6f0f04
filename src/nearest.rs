//! "Did you mean": the known name that a mistyped one comes nearest to.

/// Longer names are nobody's slip of the finger.
const LONGEST: usize = 64;

/// The known name nearest to `name`, when it is near enough to have been meant: a third of its
/// letters at most differ, case and underscores aside; or it is the only one that begins like
/// `name`. Of two equally near the first one.
pub fn nearest<'k>(
    name: &str,
    known: impl IntoIterator<Item = &'k str> + Clone,
) -> Option<&'k str> {
    let name = folded(name);
    if name.is_empty() || name.len() > LONGEST {
        return None;
    }
    let near = (name.len() / 3).max(1);
    let slip = known
        .clone()
        .into_iter()
        .map(|candidate| (distance(&name, &folded(candidate)), candidate))
        .filter(|(distance, _)| *distance <= near)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate);
    slip.or_else(|| {
        let mut longer = known
            .into_iter()
            .filter(|candidate| folded(candidate).starts_with(&name));
        let only = longer.next()?;
        (name.len() > 2 && longer.next().is_none()).then_some(only)
    })
}

fn folded(name: &str) -> Vec<char> {
    name.trim()
        .chars()
        .map(|c| {
            if c == '_' {
                '-'
            } else {
                c.to_ascii_lowercase()
            }
        })
        .take(LONGEST + 1)
        .collect()
}

/// Insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b` (optimal
/// string alignment).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 0..a.len() {
        let mut row = Vec::with_capacity(b.len() + 1);
        row.push(i + 1);
        for j in 0..b.len() {
            let swap_or_keep = last[j] + usize::from(a[i] != b[j]);
            let mut best = swap_or_keep.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j] {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        for (a, b, want) in [
            ("", "abc", 3),
            ("abc", "", 3),
            ("abc", "abc", 0),
            ("abc", "acb", 1),
            ("kitten", "sitting", 3),
            ("warn", "warning", 3),
        ] {
            assert_eq!(distance(&folded(a), &folded(b)), want, "{a} {b}");
        }
    }

    #[test]
    fn near_enough_to_have_been_meant() {
        let known = ["secret-expired", "secret-expiring", "client"];
        for (typed, want) in [
            ("secret-expird", Some("secret-expired")),
            ("Secret_Expired", Some("secret-expired")),
            ("cleint", Some("client")),
            ("clie", Some("client")),
            ("secret-", None),
            ("cl", None),
            ("permission", None),
            ("", None),
        ] {
            assert_eq!(nearest(typed, known), want, "{typed}");
        }
        assert_eq!(nearest(&"x".repeat(1000), known), None);
    }
}
