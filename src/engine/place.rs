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
