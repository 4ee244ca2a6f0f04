//! What each rule costs, for `--statistics`.
//!
//! The times are the run's, not the input's: two runs differ. So they are told beside the report,
//! never in it, and nothing else may look at the clock.
#![expect(
    clippy::disallowed_methods,
    reason = "the home of measuring what rules cost"
)]

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::rules::RULES;

/// Rules that are named; what the others cost is told as one sum.
const NAMED: usize = 15;

/// Times added up by rule, by its place in [`RULES`], over all workers.
#[derive(Debug)]
pub struct Costs {
    rules: Vec<Cost>,
}

#[derive(Debug, Default)]
struct Cost {
    nanoseconds: AtomicU64,
    asked: AtomicU64,
}

impl Default for Costs {
    fn default() -> Costs {
        Costs {
            rules: RULES.iter().map(|_| Cost::default()).collect(),
        }
    }
}

impl Costs {
    /// Adds the time that `ask` takes to what the rule has cost so far.
    pub fn time<T>(&self, rule: usize, ask: impl FnOnce() -> T) -> T {
        let begin = Instant::now();
        let answer = ask();
        self.add(rule, begin.elapsed());
        answer
    }

    fn add(&self, rule: usize, time: Duration) {
        if let Some(cost) = self.rules.get(rule) {
            let nanoseconds = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
            cost.nanoseconds.fetch_add(nanoseconds, Ordering::Relaxed);
            cost.asked.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// A table, the dearest rule first: milliseconds in all, nanoseconds each time. Empty when no
    /// rule was asked.
    pub fn table(&self) -> String {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let mut rows: Vec<(u64, u64, &str)> = RULES
            .iter()
            .zip(&self.rules)
            .map(|(rule, cost)| (read(&cost.nanoseconds), read(&cost.asked), rule.id))
            .filter(|(_, asked, _)| *asked > 0)
            .collect();
        if rows.is_empty() {
            return String::new();
        }
        rows.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.2.cmp(b.2)));
        let total: u64 = rows.iter().map(|(time, ..)| time).sum();
        let mut text = format!(
            "Time in rules, on all cores together: {} ms\n",
            millis(total)
        );
        let rest = rows.get(NAMED..).unwrap_or_default();
        let others = rest.iter().map(|(time, ..)| time).sum();
        let dearest = rows.first().map_or(0, |row| row.0);
        let width = millis(dearest.max(others)).len();
        for (time, asked, rule) in rows.iter().take(NAMED) {
            let (time, each) = (millis(*time), time / asked);
            // Writing to a string cannot fail.
            let _ = writeln!(text, "  {time:>width$} ms  {each:>6} ns each  {rule}");
        }
        if !rest.is_empty() {
            let time = millis(others);
            let _ = writeln!(text, "  {time:>width$} ms  {} more", rest.len());
        }
        text
    }
}

/// Nanoseconds as milliseconds, to a tenth.
fn millis(nanoseconds: u64) -> String {
    format!("{}.{}", nanoseconds / 1_000_000, nanoseconds / 100_000 % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dearest_rule_comes_first_and_the_rest_is_one_sum() {
        let costs = Costs::default();
        assert_eq!(costs.table(), "");
        assert_eq!(costs.time(0, || 7), 7);
        for rule in 1..20 {
            costs.add(rule, Duration::from_micros(1_000 * rule as u64));
            costs.add(rule, Duration::from_micros(1_000 * rule as u64));
        }
        let table = costs.table();
        let lines: Vec<&str> = table.lines().collect();
        assert!(lines[0].starts_with("Time in rules, on all cores together: 380."));
        assert_eq!(
            lines[1],
            format!("  38.0 ms  19000000 ns each  {}", RULES[19].id)
        );
        assert_eq!(lines.len(), 1 + NAMED + 1);
        assert!(lines[NAMED + 1].starts_with("  20."), "{table}");
        assert!(lines[NAMED + 1].ends_with(" ms  5 more"), "{table}");
    }
}
