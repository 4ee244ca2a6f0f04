//! Azure role assignments, of which there may be a million: twenty bytes each.
//!
//! In an export of them every record is an assignment, so where one stands tells where the next one
//! does. A row is put together when it is asked for.

use super::{AssignmentRow, At, DirectoryKind, ScopeId};
use crate::model::Schedule;

/// A list of [`AssignmentRow`]s.
#[derive(Clone, Debug, Default)]
pub struct Assignments {
    rows: Vec<Kept>,
    /// Where they stand, in the order of their numbers.
    runs: Vec<Run>,
}

/// What is kept of every row.
#[derive(Copy, Clone, Debug)]
struct Kept {
    principal: u32,
    role: u32,
    scope: ScopeId,
    own: u32,
    principal_kind: DirectoryKind,
    schedule: Schedule,
    bits: u8,
}

/// Rows that stand at the same place of records that follow each other, one in each.
#[derive(Copy, Clone, Debug)]
struct Run {
    /// Number of the first of them; the next run begins behind the last.
    first: u32,
    /// Where the first of them stands.
    at: At,
}

impl Run {
    /// Where the row with this number stands, if the run holds it.
    fn at(&self, number: u32) -> At {
        At {
            record: self.at.record.wrapping_add(number - self.first),
            ..self.at
        }
    }
}

/// Adds a run behind others, or lets the last of them go on.
fn append(runs: &mut Vec<Run>, run: Run) {
    if runs.last().is_none_or(|last| last.at(run.first) != run.at) {
        runs.push(run);
    }
}

impl Assignments {
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Adds a row behind the others.
    pub fn push(&mut self, row: AssignmentRow) {
        let first = self.rows.len() as u32;
        append(&mut self.runs, Run { first, at: row.at });
        self.rows.push(Kept {
            principal: row.principal,
            role: row.role,
            scope: row.scope,
            own: row.own,
            principal_kind: row.principal_kind,
            schedule: row.schedule,
            bits: row.bits,
        });
    }

    /// The row with this number.
    pub fn get(&self, number: usize) -> Option<AssignmentRow> {
        let row = self.rows.get(number)?;
        let number = number as u32;
        let after = self.runs.partition_point(|run| run.first <= number);
        let run = self.runs.get(after.checked_sub(1)?)?;
        Some(AssignmentRow {
            at: run.at(number),
            principal: row.principal,
            role: row.role,
            scope: row.scope,
            own: row.own,
            principal_kind: row.principal_kind,
            schedule: row.schedule,
            bits: row.bits,
        })
    }

    /// All rows, in their order.
    pub fn iter(&self) -> impl Iterator<Item = AssignmentRow> + '_ {
        (0..self.len()).filter_map(|number| self.get(number))
    }

    /// The number of the row that stands there.
    pub fn find(&self, at: At) -> Option<usize> {
        // Sources, records and objects come in order.
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            match self.get(middle)?.at < at {
                true => low = middle + 1,
                false => high = middle,
            }
        }
        self.get(low).filter(|row| row.at == at).map(|_| low)
    }

    /// Numbers of role and scope of the row with this number.
    pub(super) fn role_and_scope(&self, number: u32) -> Option<(u32, ScopeId)> {
        let row = self.rows.get(number as usize)?;
        Some((row.role, row.scope))
    }

    /// The scope of every row.
    pub(super) fn scopes(&self) -> impl Iterator<Item = ScopeId> + '_ {
        self.rows.iter().map(|row| row.scope)
    }

    /// Takes over the rows of another list.
    pub(super) fn append(&mut self, other: &mut Assignments) {
        let before = self.rows.len() as u32;
        // The longer list stays where it is.
        if self.rows.len() < other.rows.len() {
            other.rows.splice(0..0, self.rows.drain(..));
            std::mem::swap(&mut self.rows, &mut other.rows);
        } else {
            self.rows.append(&mut other.rows);
        }
        for run in other.runs.drain(..) {
            let first = run.first + before;
            append(&mut self.runs, Run { first, ..run });
        }
    }

    /// Notes where the rows stand now; `here` moves the records of one source together.
    pub(super) fn place(&mut self, here: impl Fn(At) -> At) {
        self.runs.iter_mut().for_each(|run| run.at = here(run.at));
    }

    /// Gives ids and scopes other numbers.
    pub(super) fn translate(&mut self, id: impl Fn(u32) -> u32, scope: impl Fn(&mut ScopeId)) {
        for row in &mut self.rows {
            row.principal = id(row.principal);
            row.role = id(row.role);
            scope(&mut row.scope);
        }
    }

    /// Numbers of the principals' ids.
    pub(super) fn principals_mut(&mut self) -> impl Iterator<Item = &mut u32> {
        self.rows.iter_mut().map(|row| &mut row.principal)
    }

    /// Leaves the rows that are to be kept.
    pub(super) fn retain(&mut self, keep: impl Fn(&AssignmentRow) -> bool) {
        let (mut left, mut runs) = (0, Vec::new());
        for number in 0..self.len() {
            if let Some(row) = self.get(number).filter(&keep) {
                let first = left as u32;
                append(&mut runs, Run { first, at: row.at });
                self.rows[left] = self.rows[number];
                left += 1;
            }
        }
        self.rows.truncate(left);
        self.runs = runs;
    }

    /// Puts the rows in the order of their sources; those of one source stay as they are.
    pub(super) fn sort_by_source(&mut self) {
        if self.runs.is_sorted_by_key(|run| run.at.source) {
            return;
        }
        let mut rows: Vec<AssignmentRow> = self.iter().collect();
        rows.sort_by_key(|row| row.at.source);
        *self = Assignments::default();
        rows.into_iter().for_each(|row| self.push(row));
    }
}

/// Numbers of assignments, those of each principal together.
#[derive(Clone, Debug, Default)]
pub(super) struct ByPrincipal {
    /// Ordered by principal, role and scope, so that those that give the same are found together.
    order: Vec<u32>,
    /// Where each principal's begin, by its number.
    starts: Vec<u32>,
}

impl ByPrincipal {
    /// Orders `rows`, whose principals have numbers below `principals`.
    pub(super) fn of(rows: &Assignments, principals: usize) -> ByPrincipal {
        let mut starts = vec![0u32; principals + 1];
        for row in &rows.rows {
            if let Some(count) = starts.get_mut(row.principal as usize) {
                *count += 1;
            }
        }
        let mut all = 0;
        for count in &mut starts {
            all += *count;
            *count = all;
        }
        // Where each principal's end; from there they are filled in to where they begin.
        let mut order = vec![0u32; rows.len()];
        for (number, row) in rows.rows.iter().enumerate().rev() {
            if let Some(start) = starts.get_mut(row.principal as usize) {
                *start -= 1;
                order[*start as usize] = number as u32;
            }
        }
        for bounds in starts.windows(2) {
            let [start, end] = [bounds[0], bounds[1]].map(|bound| bound as usize);
            order[start..end]
                .sort_unstable_by_key(|number| (rows.role_and_scope(*number), *number));
        }
        ByPrincipal { order, starts }
    }

    /// Numbers of the assignments to the principal with this number.
    pub(super) fn numbers(&self, principal: u32) -> &[u32] {
        let range = || {
            let start = *self.starts.get(principal as usize)?;
            let end = *self.starts.get(principal as usize + 1)?;
            self.order.get(start as usize..end as usize)
        };
        range().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn row(at: At, own: u32) -> AssignmentRow {
        AssignmentRow {
            at,
            principal: own % 3,
            role: own % 5,
            scope: ScopeId(own % 7),
            own,
            principal_kind: DirectoryKind::User,
            schedule: Schedule::Eligible,
            bits: own as u8,
        }
    }

    fn filled(rows: &[AssignmentRow]) -> Assignments {
        let mut list = Assignments::default();
        rows.iter().for_each(|row| list.push(*row));
        list
    }

    /// Rows as documents have them: in order, with records and objects between them that are none.
    fn rows(most: usize) -> impl Strategy<Value = Vec<AssignmentRow>> {
        let step = prop_oneof![8 => Just((0, 1, 0)), 1 => (0u32..2, 0u32..3, 1u32..3)];
        prop::collection::vec(step, 0..most).prop_map(|steps| {
            let mut at = At::default();
            let all = steps.into_iter().zip(1..);
            let rows = all.map(|((sources, records, objects), own)| {
                at = match (sources, records) {
                    (0, 0) => At {
                        object: at.object + objects,
                        ..at
                    },
                    (0, _) => At {
                        record: at.record + records,
                        object: objects,
                        ..at
                    },
                    _ => At {
                        source: at.source + sources,
                        record: 0,
                        object: 0,
                    },
                };
                row(at, own)
            });
            rows.collect()
        })
    }

    proptest! {
        #[test]
        fn what_was_put_in_comes_back(rows in rows(100)) {
            let list = filled(&rows);
            prop_assert_eq!(list.iter().collect::<Vec<_>>(), rows.clone());
            for (number, row) in rows.iter().enumerate() {
                prop_assert_eq!(list.find(row.at), Some(number));
            }
            prop_assert_eq!(list.get(rows.len()), None);
            prop_assert_eq!(list.find(At { object: u32::MAX, ..At::default() }), None);
        }

        #[test]
        fn lists_are_put_together_in_order(one in rows(20), two in rows(20)) {
            let mut list = filled(&one);
            let mut other = filled(&two);
            // As the records of the next piece of the same source, or of another source.
            let more = one.last().map_or(0, |row| row.at.record + 1);
            let here = |at: At| At { record: at.record + more, ..at };
            other.place(here);
            list.append(&mut other);
            let two = two.iter().map(|row| AssignmentRow { at: here(row.at), ..*row });
            let wanted: Vec<_> = one.iter().copied().chain(two).collect();
            prop_assert_eq!(list.iter().collect::<Vec<_>>(), wanted);
        }

        #[test]
        fn what_is_kept_stays_as_it_is(mut rows in rows(40), which in any::<u64>()) {
            let keep = |row: &AssignmentRow| which >> (row.own % 64) & 1 == 1;
            let mut list = filled(&rows);
            list.retain(keep);
            rows.retain(keep);
            prop_assert_eq!(list.iter().collect::<Vec<_>>(), rows);
        }

        #[test]
        fn sources_come_in_order(mut rows in rows(40)) {
            for row in &mut rows {
                row.at.source = row.own * 7 % 5;
            }
            let mut list = filled(&rows);
            list.sort_by_source();
            rows.sort_by_key(|row| row.at.source);
            prop_assert_eq!(list.iter().collect::<Vec<_>>(), rows);
        }

        #[test]
        fn a_principals_are_found_by_role_and_scope(rows in rows(60)) {
            let by_principal = ByPrincipal::of(&filled(&rows), 3);
            for principal in 0..3 {
                let mut wanted: Vec<_> = (0..rows.len() as u32)
                    .filter(|number| rows[*number as usize].principal == principal)
                    .collect();
                wanted.sort_by_key(|number| {
                    let row = &rows[*number as usize];
                    (row.role, row.scope)
                });
                prop_assert_eq!(by_principal.numbers(principal), wanted);
            }
            prop_assert!(by_principal.numbers(3).is_empty());
        }
    }

    #[test]
    fn an_export_of_assignments_is_one_run_of_small_rows() {
        assert_eq!(size_of::<Kept>(), 20);
        let mut whole = Assignments::default();
        for piece in 0..4 {
            let at = |record| At {
                source: 2,
                record: piece * 10 + record,
                object: 0,
            };
            let rows: Vec<_> = (0..10).map(|record| row(at(record), record)).collect();
            whole.append(&mut filled(&rows));
        }
        assert_eq!((whole.len(), whole.runs.len()), (40, 1));
    }
}
