//! Where findings stand: lines, columns and pointers of spans that rules named.

use super::look::{Looker, address, line_of};
use super::shared::SharedPlace;
use super::source::{Source, advance};
use crate::json::{Tape, pointer, read};
use crate::model::Span;
use crate::report::{Place, Position, Window};
use crate::rules::Wording;

/// The places of a finding in other objects.
pub fn elsewhere(wording: &Wording, looker: &Looker<'_>) -> impl Iterator<Item = Place> {
    wording
        .see
        .iter()
        .filter_map(|seen| looker.place(seen.at, seen.part, &seen.label))
}

/// The place of a finding that several records tell together; `None` when its record is no longer
/// what it was.
pub fn shared_place(sources: &[Source], joined: &SharedPlace) -> Option<Place> {
    let source = sources.get(joined.source)?;
    let text = source
        .text(joined.record.offset, joined.record.len as usize)
        .ok()?;
    let mut tape = Tape::default();
    read::parse(&text, 0, &mut tape).ok()?;
    let pointers = pointer::pointers(tape.root(&text), &[joined.span]);
    let base = source.position(joined.record.offset).ok()?;
    let start = advance(base, &text[..joined.span.start as usize]);
    let end = advance(start, joined.span.of(&text));
    Some(Place {
        path: source.origin.name.as_str().into(),
        pointer: address(source, joined.record) + &pointers[0],
        record: line_of(source, joined.record),
        start,
        end,
        label: joined.label.clone(),
        source: Some(Window {
            text: text.into(),
            start: base,
        }),
    })
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
