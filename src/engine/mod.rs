//! Runs it all: scan every source, join what only joins tell, report.
//!
//! Two phases. The *scan* streams every source once and keeps, per record, nothing but what joins
//! need and whether anything was found. The *telling* reads the records that had findings again,
//! words them, and hands them to the report in order. So memory grows with ids and with dirty
//! records, not with bytes or messages, and clean exports are read once.

mod access;
mod again;
mod ahead;
mod conclude;
mod crew;
mod cross;
mod crossing;
mod diff;
mod files;
mod gather;
mod keys;
mod known;
mod look;
mod merge;
mod piece;
mod place;
mod reading;
mod reconsider;
mod records;
mod scan;
mod shared;
mod source;
mod statistics;
mod stock;
mod sum;
mod tail;
mod tell;
#[cfg(test)]
mod tests;
mod word;

use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::baseline::{Baseline, Entry};
use crate::changes;
use crate::collect::supply;
use crate::judge::Judge;
use crate::report::{NotEvaluated, Outcome, Reported};
use crate::rules::joined::Look;
use crate::rules::{Group, RULES, Rule, Severity, Sink, Subject, Tally};
use crate::settings::Settings;
use crate::tenant::{At, Tenant};
use crossing::{Crossing, Mark};
use gather::All;
use look::Looker;
use shared::SharedFinding;
use sum::Sum;

pub use diff::{Compared, compare_findings};
use source::{Addressing, Sources};
pub use source::{Source, SourceFinding};
pub use tell::Trouble;

/// How far a run has come; another thread may look at it.
#[derive(Debug, Default)]
pub struct Progress {
    pub files: AtomicU64,
    pub bytes: AtomicU64,
    pub records: AtomicU64,
}

/// A run after its scan.
pub struct Run<'r> {
    settings: &'r Settings,
    sources: Sources,
    /// The places of those that have findings, and may have more from joins.
    loud: Vec<u32>,
    tenant: Tenant,
    /// Objects that joined rules found something about, in order.
    marks: Vec<Mark>,
    shared: Vec<SharedFinding>,
    /// Findings in the configuration itself, in its order.
    extra: Vec<Reported>,
    /// Entries of the baseline that are for nothing.
    stale: Vec<Entry>,
    /// What `--write-baseline` writes.
    baseline: Option<Baseline>,
    pub outcome: Outcome,
    /// Something could not be read, or a rule failed: the run exits 2.
    pub incomplete: bool,
}

/// Scans everything `settings` name.
pub fn run<'r>(settings: &'r Settings, progress: &Progress) -> Run<'r> {
    let judge = judge(settings);
    let All {
        mut sources,
        mut loud,
        mut sum,
        rows,
        keys,
    } = scan::scan(settings, &judge, progress);
    progress
        .files
        .store(sources.len() as u64, Ordering::Relaxed);
    number(&mut sources, &loud);
    let ((tenant, again), keys) = beside(
        settings.jobs > 1 && keys.len() >= MANY_KEYS,
        || {
            let tenant = cross::tenant(&sources, &mut sum, rows);
            let again = reconsider::reconsider(settings, &judge, &tenant, &mut sources, &mut sum);
            (tenant, again)
        },
        || shared::candidates(settings, keys),
    );
    loud.extend(again);
    loud.sort_unstable();
    loud.dedup();
    let shared = shared::join(settings, &sources, &keys);
    let found = Crossing::new(&tenant, settings).cross(settings.statistics());
    for (rule, at) in found.failed {
        if let Some(source) = sources.get_mut(at.source as usize) {
            let record = source.indexed.get(at.record as usize);
            let offset = record.map_or(0, |record| record.offset);
            source.fail(RULES.get(rule).copied(), offset);
            sum.failed = true;
        }
    }
    let incomplete = sum.failed;
    let of_sources = loud.iter().filter_map(|at| sources.get(*at as usize));
    let of_sources = of_sources
        .flat_map(|source| &source.findings)
        .map(|finding| (finding.rule, finding.severity));
    let of_several = shared
        .iter()
        .map(|finding| (finding.rule, finding.severity));
    let further = (&found.sink, of_sources.chain(of_several));
    let outcome = summarise(settings, sources.len(), sum, &tenant, further);
    let mut run = Run {
        settings,
        sources,
        loud,
        tenant,
        marks: found.marks,
        shared,
        extra: Vec::new(),
        stale: Vec::new(),
        baseline: None,
        outcome,
        incomplete,
    };
    run.settle();
    run
}

/// Fewer keys are looked through before another thread has started.
const MANY_KEYS: usize = 10_000;

/// Does both, side by side where there are `two` to do so.
fn beside<A, B: Send>(
    two: bool,
    one: impl FnOnce() -> A,
    other: impl FnOnce() -> B + Send,
) -> (A, B) {
    if !two {
        return (one(), other());
    }
    std::thread::scope(|scope| {
        let other = scope.spawn(other);
        let one = one();
        (
            one,
            other.join().unwrap_or_else(|panic| resume_unwind(panic)),
        )
    })
}

/// Numbers findings about sources that nothing else tells apart.
fn number(sources: &mut [Box<Source>], loud: &[u32]) {
    let mut seen: BTreeMap<(&'static str, String), u32> = BTreeMap::new();
    for at in loud {
        let Some(source) = sources.get_mut(*at as usize) else {
            continue;
        };
        source.findings.sort_by_key(|finding| finding.at);
        for finding in &mut source.findings {
            let kind = (finding.rule.id, finding.wording.key.clone());
            let count = seen.entry(kind).or_default();
            finding.before = *count;
            *count += 1;
        }
    }
}

fn judge<'r>(settings: &'r Settings) -> Judge<'r> {
    Judge::new(
        &settings.rules,
        &settings.scope,
        &settings.policy,
        |rule, index| settings.policy.enabled(rule, index),
    )
    .costing(settings.costs.as_deref())
}

impl Run<'_> {
    /// The path of the input called `name`, if it is a file that is one record.
    pub fn single(&self, name: &str) -> Option<&Path> {
        let at = self
            .sources
            .binary_search_by(|source| source.origin.name.as_str().cmp(name))
            .ok()?;
        let source = self.sources.get(at)?;
        let single = source.addressing == Addressing::Whole;
        source.origin.path().filter(|_| single)
    }

    /// The index of everything that was read.
    pub fn tenant(&self) -> &Tenant {
        &self.tenant
    }

    /// Kind, ids and name of an object of the index, read again.
    pub fn subject(&self, at: At) -> Option<Subject> {
        Looker::new(&self.sources).subject(at)
    }

    /// Whether findings like these fail the run.
    pub fn fails(&self, tally: &Tally) -> bool {
        self.settings.fails(tally)
    }

    /// Whether anything at all was there to look at.
    pub fn is_empty(&self) -> bool {
        self.sources.is_empty()
            || self.outcome.objects.is_empty()
                // What is known is there all the same.
                && self.outcome.tally.total() + self.outcome.suppressed == 0
    }
}

/// Counts everything: so many sources, what they have together, and what was found `further`, by
/// joined rules and otherwise.
fn summarise(
    settings: &Settings,
    sources: usize,
    sum: Sum,
    tenant: &Tenant,
    further: (&Sink, impl Iterator<Item = (&'static Rule, Severity)>),
) -> Outcome {
    let (joined, others) = further;
    let Sum {
        counts,
        objects,
        mut skipped,
        ..
    } = sum;
    let mut tally = joined.tally.clone();
    tally.merge(&counts.tally);
    let mut by_rule = vec![0; RULES.len()];
    statistics::add(&mut by_rule, &counts.by_rule);
    statistics::add(&mut by_rule, joined.by_rule.as_deref().unwrap_or_default());
    for (rule, severity) in others {
        tally.add(severity);
        by_rule[rule.index()] += 1;
    }
    skipped.sort();
    let mut by_name = BTreeMap::new();
    for (kind, count) in objects {
        *by_name.entry(kind.name()).or_insert(0) += count;
    }
    Outcome {
        evaluated_at: settings.rules.now,
        profile: settings.profile.name().to_owned(),
        persona: settings.persona,
        files: sources as u64,
        not_evaluated: not_evaluated(settings, tenant, &by_name),
        objects: by_name,
        tally,
        suppressed: 0,
        out_of_scope: counts.out_of_scope,
        left_out: counts.left_out,
        skipped,
        fixed: Vec::new(),
        statistics: settings.statistics().then(|| statistics::rows(&by_rule)),
    }
}

/// Rules that could not judge: a kind of document is not in the input, or not all of it; with the
/// command that supplies it.
fn not_evaluated(
    settings: &Settings,
    tenant: &Tenant,
    objects: &BTreeMap<&'static str, u64>,
) -> Vec<NotEvaluated> {
    let mut out = Vec::new();
    // Without any object there is nothing to say about rules.
    if objects.is_empty() {
        return out;
    }
    for (index, rule) in RULES.iter().enumerate() {
        let wanted = settings.policy.weigh(index, rule.severity).is_some();
        let of_a_profile_that_is_off =
            rule.group == Group::DigitalTwins && settings.rules.profile.is_none();
        if !wanted || of_a_profile_that_is_off {
            continue;
        }
        if let Some((kind, coverage)) = cross::lacks(rule, tenant, settings) {
            let reason = if coverage.present {
                changes::partial(kind)
            } else {
                changes::absent(kind)
            };
            out.push(NotEvaluated {
                rule: rule.id.to_owned(),
                reason,
                command: supply(kind).to_owned(),
            });
        }
    }
    out
}
