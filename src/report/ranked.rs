//! The most severe of many, in bounded memory.

use crate::rules::Severity;

/// Keeps what is most severe within two limits; of one severity, what came first.
#[derive(Debug)]
pub struct Ranked<T> {
    /// By severity, most severe first; each with what it costs.
    rows: [Vec<(T, usize)>; 3],
    count: usize,
    bytes: usize,
    most: usize,
    most_bytes: usize,
    /// How many did not fit, by severity.
    cut: [u64; 3],
}

impl<T> Ranked<T> {
    /// Keeps at most `most` rows of together at most `most_bytes`.
    pub fn new(most: usize, most_bytes: usize) -> Ranked<T> {
        Ranked {
            rows: [const { Vec::new() }; 3],
            count: 0,
            bytes: 0,
            most,
            most_bytes,
            cut: [0; 3],
        }
    }

    /// Whether one more of this severity could stay; if not, it is counted as cut.
    pub fn admits(&mut self, severity: Severity) -> bool {
        let rank = rank(severity);
        let full = self.count >= self.most || self.cut[rank] > 0;
        let weaker = self.rows[rank + 1..].iter().any(|rows| !rows.is_empty());
        if full && !weaker {
            self.cut[rank] += 1;
            return false;
        }
        true
    }

    /// Adds a row that costs `bytes`, and drops what then is too much.
    pub fn push(&mut self, severity: Severity, row: T, bytes: usize) {
        self.rows[rank(severity)].push((row, bytes));
        self.count += 1;
        self.bytes += bytes;
        while self.count > self.most || self.bytes > self.most_bytes {
            let weakest = (0..3).rev().find(|&rank| !self.rows[rank].is_empty());
            let Some(rank) = weakest else { break };
            if let Some((_, bytes)) = self.rows[rank].pop() {
                self.count -= 1;
                self.bytes -= bytes;
                self.cut[rank] += 1;
            }
        }
    }

    /// What was kept, most severe first.
    pub fn iter(&self) -> impl Iterator<Item = (Severity, &T)> {
        Severity::ALL
            .into_iter()
            .zip(&self.rows)
            .flat_map(|(severity, rows)| rows.iter().map(move |(row, _)| (severity, row)))
    }

    /// How many were kept.
    pub fn kept(&self) -> usize {
        self.count
    }

    /// How many were not kept.
    pub fn cut(&self) -> u64 {
        self.cut.iter().sum()
    }
}

/// The place in [`Severity::ALL`].
fn rank(severity: Severity) -> usize {
    match severity {
        Severity::Error => 0,
        Severity::Warning => 1,
        Severity::Info => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keep(ranked: &mut Ranked<u32>, severity: Severity, row: u32, bytes: usize) {
        if ranked.admits(severity) {
            ranked.push(severity, row, bytes);
        }
    }

    fn rows(ranked: &Ranked<u32>) -> Vec<u32> {
        ranked.iter().map(|(_, row)| *row).collect()
    }

    #[test]
    fn the_most_severe_stay() {
        let mut ranked = Ranked::new(3, 1000);
        for (at, severity) in [
            Severity::Info,
            Severity::Warning,
            Severity::Info,
            Severity::Error,
            Severity::Info,
            Severity::Warning,
            Severity::Warning,
        ]
        .into_iter()
        .enumerate()
        {
            keep(&mut ranked, severity, at as u32, 1);
        }
        assert_eq!(rows(&ranked), [3, 1, 5]);
        assert_eq!((ranked.kept(), ranked.cut()), (3, 4));
    }

    #[test]
    fn what_was_cut_once_leaves_no_gap() {
        let mut ranked = Ranked::new(10, 10);
        keep(&mut ranked, Severity::Info, 1, 8);
        keep(&mut ranked, Severity::Info, 2, 8);
        // It would fit, but one before it is missing.
        keep(&mut ranked, Severity::Info, 3, 1);
        keep(&mut ranked, Severity::Error, 4, 2);
        assert_eq!(rows(&ranked), [4, 1]);
        keep(&mut ranked, Severity::Error, 5, 20);
        assert_eq!((ranked.kept(), ranked.cut()), (1, 4));
    }
}
