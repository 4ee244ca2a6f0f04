//! Taking elements and members out, with the comma that goes with each.

use super::super::{Kind, Value};
use super::Change;
use crate::model::Span;

/// What leaves, by what it leaves.
#[derive(Default)]
pub struct Removals<'r> {
    holders: Vec<(Value<'r>, Vec<Span>)>,
}

impl<'r> Removals<'r> {
    /// The element at `at` leaves `list`; `None` when that is no list.
    pub fn element(&mut self, list: Value<'r>, at: Span) -> Option<()> {
        list.is_array().then(|| self.add(list, at))
    }

    /// The member whose name stands at `name` leaves `object`.
    pub fn member(&mut self, object: Value<'r>, name: Span) -> Option<()> {
        let mut members = object.members();
        let member = members.find(|member| member.key.span() == name)?;
        self.add(object, member.span());
        Some(())
    }

    fn add(&mut self, holder: Value<'r>, at: Span) {
        let known = self
            .holders
            .iter_mut()
            .find(|(known, _)| known.index() == holder.index());
        match known {
            Some((_, gone)) => gone.push(at),
            None => self.holders.push((holder, vec![at])),
        }
    }

    /// Each thing goes with the comma before it; the first ones with the comma behind them, and
    /// what is left empty keeps its brackets alone.
    pub fn changes(&self) -> Vec<Change> {
        let mut changes = Vec::new();
        for (holder, gone) in &self.holders {
            let all: Vec<Span> = match holder.kind() {
                Kind::Array => holder.elements().map(|value| value.span()).collect(),
                _ => holder.members().map(|member| member.span()).collect(),
            };
            let stays = |span: &Span| !gone.contains(span);
            let mut cut = |start, end| {
                changes.push(Change {
                    span: Span::new(start, end),
                    text: String::new(),
                });
            };
            let Some(first) = all.iter().position(stays) else {
                let whole = holder.span();
                cut(whole.start + 1, whole.end - 1);
                continue;
            };
            if first > 0 {
                cut(all[0].start, all[first].start);
            }
            for pair in all[first..].windows(2) {
                if !stays(&pair[1]) {
                    cut(pair[0].end, pair[1].end);
                }
            }
        }
        changes
    }
}

/// Members of an object that are compared by name; a larger one is no copy of anything.
const MOST_MEMBERS: usize = 64;

/// Whether two values say the same: blanks, the order of members and the case of letters aside,
/// which Microsoft's ids and types do not tell apart either.
pub fn same(a: Value<'_>, b: Value<'_>) -> bool {
    if a.kind() != b.kind() || a.len() != b.len() {
        return false;
    }
    match a.kind() {
        Kind::String => a
            .as_str()
            .zip(b.as_str())
            .is_some_and(|(a, b)| a.eq_ignore_ascii_case(&b)),
        Kind::Array => a.elements().zip(b.elements()).all(|(a, b)| same(a, b)),
        Kind::Object => {
            a.len() <= MOST_MEMBERS
                && a.members().all(|member| {
                    b.get(&member.name())
                        .is_some_and(|other| same(member.value, other))
                })
        }
        _ => a.raw() == b.raw(),
    }
}
