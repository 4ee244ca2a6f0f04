//! Where findings stand: lines, columns and pointers of spans that rules named.

use super::look::Looker;
use super::source::advance;
use crate::model::Span;
use crate::report::{Place, Position};
use crate::rules::Wording;

/// The places of a finding in other objects.
pub fn elsewhere(wording: &Wording, looker: &Looker<'_>) -> impl Iterator<Item = Place> {
    wording
        .see
        .iter()
        .filter_map(|seen| looker.place(seen.at, seen.part, &seen.label))
}

/// Where the parts of a long text stand, asked for one by one: counted from the last of these
/// positions and not from its beginning.
#[derive(Debug)]
pub struct Steps(Vec<Position>);

impl Steps {
    /// Counts through `text`, which begins at `base`.
    pub fn new(base: Position, text: &str) -> Steps {
        const STEP: usize = 16 * 1024;
        let mut steps = vec![base];
        let (mut from, mut at) = (0, base);
        while let Some(to) = (from + STEP..text.len()).find(|to| text.is_char_boundary(*to)) {
            at = advance(at, &text[from..to]);
            steps.push(at);
            from = to;
        }
        Steps(steps)
    }

    /// Where `text` begins.
    pub fn base(&self) -> Position {
        self.0.first().copied().unwrap_or(Position::START)
    }

    /// The position of a byte of the same text; of its end, behind it.
    pub fn position(&self, text: &str, byte: usize) -> Position {
        let base = self.base();
        let offset = base.offset + byte as u64;
        let after = self.0.partition_point(|step| step.offset <= offset);
        let step = after.checked_sub(1).and_then(|at| self.0.get(at));
        let step = step.copied().unwrap_or(base);
        let from = (step.offset - base.offset) as usize;
        advance(step, text.get(from..byte).unwrap_or(""))
    }
}

/// Start and end of every span, in one pass over the text.
pub fn positions(base: Position, text: &str, spans: &[Span]) -> Vec<(Position, Position)> {
    let mut order: Vec<usize> = (0..spans.len()).collect();
    order.sort_by_key(|at| spans[*at].start);
    let mut out = vec![(base, base); spans.len()];
    let (mut seen, mut at) = (0, base);
    for index in order {
        let span = spans[index];
        let start = (span.start as usize).min(text.len());
        at = advance(at, text.get(seen..start).unwrap_or(""));
        seen = start;
        out[index] = (at, advance(at, span.of(text)));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_lead_where_counting_leads() {
        let base = Position {
            line: 7,
            column: 9,
            offset: 70,
        };
        for line in ["é", "🏭 x\n", "abc\n"] {
            let text = line.repeat(60_000);
            let steps = Steps::new(base, &text);
            assert!(steps.0.len() > 7);
            for part in [0, 1, 2, 9_999, 59_999, 60_000] {
                let byte = part * line.len();
                let counted = advance(base, &text[..byte]);
                assert_eq!(steps.position(&text, byte), counted, "{line:?} {part}");
            }
            for step in &steps.0 {
                let byte = (step.offset - base.offset) as usize;
                assert_eq!(steps.position(&text, byte), *step);
            }
        }
    }
}
