//! Findings counted by rule, for `--statistics`.
//!
//! Counts are kept by a rule's place in [`RULES`]; none at all where nobody asked for them.

use crate::rules::{RULES, Rule};

/// Adds `counts` to `totals`, which grow to as many rules.
pub fn add(totals: &mut Vec<u64>, counts: &[u64]) {
    if totals.len() < counts.len() {
        totals.resize(counts.len(), 0);
    }
    for (total, count) in totals.iter_mut().zip(counts) {
        *total += count;
    }
}

/// The rules that found anything, and how often: most first, and by id where they found as much.
pub fn rows(by_rule: &[u64]) -> Vec<(&'static Rule, u64)> {
    let mut rows: Vec<(&'static Rule, u64)> = RULES
        .iter()
        .copied()
        .zip(by_rule.iter().copied())
        .filter(|(_, count)| *count > 0)
        .collect();
    rows.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.id.cmp(b.0.id)));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_of_no_rules_and_of_all_add_up() {
        let mut totals = Vec::new();
        add(&mut totals, &[]);
        assert!(totals.is_empty());
        add(&mut totals, &[1, 0, 2]);
        add(&mut totals, &[]);
        add(&mut totals, &[0, 3, 2]);
        assert_eq!(totals, [1, 3, 4]);
    }

    #[test]
    fn most_come_first_and_what_found_nothing_not_at_all() {
        let mut counts = vec![0; RULES.len()];
        counts[..4].copy_from_slice(&[1, 3, 0, 1]);
        let mut alike = [RULES[0].id, RULES[3].id];
        alike.sort_unstable();
        let rows = rows(&counts);
        let rows: Vec<(&str, u64)> = rows.iter().map(|(rule, count)| (rule.id, *count)).collect();
        assert_eq!(rows, [(RULES[1].id, 3), (alike[0], 1), (alike[1], 1)]);
    }
}
