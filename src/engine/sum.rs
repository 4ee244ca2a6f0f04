//! What is counted of all sources together, and what they tell of the whole input.

use std::collections::{BTreeMap, BTreeSet};

use super::source::Source;
use super::statistics;
use crate::model::{Guid, ObjectKind, Relation};
use crate::report::Skipped;
use crate::rules::Tally;
use crate::tenant::Coverage;

/// What judging records counts.
#[derive(Debug, Default)]
pub struct Counts {
    pub tally: Tally,
    /// Findings by rule, when statistics are wanted.
    pub by_rule: Vec<u64>,
    pub out_of_scope: u64,
    pub left_out: u64,
}

impl Counts {
    pub fn merge(&mut self, other: &Counts) {
        self.tally.merge(&other.tally);
        statistics::add(&mut self.by_rule, &other.by_rule);
        self.out_of_scope += other.out_of_scope;
        self.left_out += other.left_out;
    }
}

/// What is known of many sources together.
#[derive(Debug, Default)]
pub struct Sum {
    /// Of their records; what is found in sources themselves is not among it.
    pub counts: Counts,
    pub objects: BTreeMap<ObjectKind, u64>,
    pub coverage: BTreeMap<ObjectKind, Coverage>,
    /// Whose owners, members or credentials are listed in an empty file of their own.
    pub listed: BTreeSet<(Relation, Guid)>,
    /// What no rule looked at, in no order.
    pub skipped: Vec<Skipped>,
    /// One of them is a template, a plan or a state.
    pub has_code: bool,
    /// One could not be read to its end, or a rule failed on it.
    pub failed: bool,
}

impl Sum {
    /// Adds a source that was read, with what was counted of its records.
    pub fn add(&mut self, source: &mut Source, counts: &Counts) {
        self.counts.merge(counts);
        for (kind, count) in &source.objects {
            *self.objects.entry(*kind).or_default() += count;
        }
        for (kind, coverage) in source.coverage() {
            self.cover(kind, coverage);
        }
        if source.empty.is_some()
            && !source.cut
            && let link = source.origin.link()
            && let Some(relation) = link.relation
        {
            self.listed
                .insert((relation, link.owner(relation, Guid::NIL)));
        }
        self.skipped.extend(source.skipped.take().map(|reason| {
            let path = source.origin.name.clone();
            Skipped { path, reason }
        }));
        self.has_code |= source.is_code();
        self.failed |= source.failed;
    }

    /// Takes over what is known of other sources.
    pub fn merge(&mut self, other: Sum) {
        self.counts.merge(&other.counts);
        for (kind, count) in other.objects {
            *self.objects.entry(kind).or_default() += count;
        }
        for (kind, coverage) in other.coverage {
            self.cover(kind, coverage);
        }
        self.listed.extend(other.listed);
        self.skipped.extend(other.skipped);
        self.has_code |= other.has_code;
        self.failed |= other.failed;
    }

    fn cover(&mut self, kind: ObjectKind, more: Coverage) {
        let known = self.coverage.entry(kind).or_default();
        known.present |= more.present;
        known.listed |= more.listed;
        known.cut |= more.cut;
    }
}
