//! Runs it all: scan every source, join what only joins tell, report.
//!
//! Two phases. The *scan* streams every source once and keeps, per record, nothing but what joins
//! need and whether anything was found. The *telling* reads the records that had findings again,
//! words them, and hands them to the report in order. So memory grows with ids and with dirty
//! records, not with bytes or messages, and clean exports are read once.

mod joined;
mod merge;
mod piece;
mod scan;
mod source;
mod tell;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::judge::Judge;
use crate::model::ObjectKind;
use crate::report::{NotEvaluated, Outcome, Skipped};
use crate::rules::{Filter, Group, RULES, Rule, Tally};
use crate::settings::Settings;

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
    sources: Vec<Source>,
    joined: Vec<joined::JoinedFinding>,
    pub outcome: Outcome,
    /// Something could not be read, or a rule failed: the run exits 2.
    pub incomplete: bool,
}

/// Scans everything `settings` name.
pub fn run<'r>(settings: &'r Settings, progress: &Progress) -> Run<'r> {
    let judge = judge(settings);
    let mut sources = scan::scan(settings, &judge, progress);
    progress
        .files
        .store(sources.len() as u64, Ordering::Relaxed);
    let joined = joined::join(settings, &mut sources);
    let outcome = summarise(settings, &sources, &joined);
    let incomplete = sources.iter().any(|source| source.failed);
    Run {
        settings,
        sources,
        joined,
        outcome,
        incomplete,
    }
}

fn judge<'r>(settings: &'r Settings) -> Judge<'r> {
    Judge::new(
        &settings.rules,
        &settings.scope,
        &settings.policy,
        |rule, index| settings.policy.enabled(rule, index),
    )
}

impl Run<'_> {
    /// Whether anything at all was there to look at.
    pub fn is_empty(&self) -> bool {
        self.sources.is_empty()
            || self.outcome.objects.is_empty() && self.outcome.tally.total() == 0
    }
}

fn summarise(settings: &Settings, sources: &[Source], joined: &[joined::JoinedFinding]) -> Outcome {
    let mut tally = Tally::default();
    let mut objects = BTreeMap::new();
    let mut out_of_scope = 0;
    let mut left_out = 0;
    let mut skipped = Vec::new();
    let mut by_rule = vec![0; RULES.len()];
    for source in sources {
        tally.merge(&source.tally);
        for (kind, count) in &source.objects {
            *objects.entry(kind.name()).or_insert(0) += count;
        }
        out_of_scope += source.out_of_scope;
        left_out += source.left_out;
        for finding in &source.findings {
            tally.add(finding.severity);
            by_rule[finding.rule.index()] += 1;
        }
        for (count, total) in source.by_rule.iter().zip(&mut by_rule) {
            *total += count;
        }
        if let Some(reason) = &source.skipped {
            skipped.push(Skipped {
                path: source.origin.name.clone(),
                reason: reason.clone(),
            });
        }
    }
    for finding in joined {
        tally.add(finding.severity);
        by_rule[finding.rule.index()] += 1;
    }
    for kind in not_judged(sources) {
        skipped.push(Skipped {
            path: kind.0,
            reason: kind.1,
        });
    }
    skipped.sort();
    Outcome {
        evaluated_at: settings.rules.now,
        profile: settings.profile.name().to_owned(),
        persona: settings.persona,
        files: sources.len() as u64,
        not_evaluated: not_evaluated(settings, &objects),
        objects,
        tally,
        suppressed: 0,
        out_of_scope,
        left_out,
        skipped,
        statistics: settings.statistics.then(|| statistics(&by_rule)),
    }
}

fn statistics(by_rule: &[u64]) -> Vec<(&'static Rule, u64)> {
    let mut rows: Vec<(&'static Rule, u64)> = RULES
        .iter()
        .copied()
        .zip(by_rule.iter().copied())
        .filter(|(_, count)| *count > 0)
        .collect();
    rows.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.id.cmp(b.0.id)));
    rows
}

/// Kinds that this version reads rules for; the others are recognised, counted, and said.
const JUDGED: [ObjectKind; 4] = [
    ObjectKind::Application,
    ObjectKind::RequiredResourceAccess,
    ObjectKind::SecretFile,
    ObjectKind::ErrorBody,
];

fn not_judged(sources: &[Source]) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for source in sources {
        let names: Vec<&str> = source
            .objects
            .iter()
            .map(|(kind, _)| *kind)
            .filter(|kind| !JUDGED.contains(kind))
            .map(ObjectKind::name)
            .collect();
        if !names.is_empty() {
            out.push((
                source.origin.name.clone(),
                format!("recognised, but no rule reads it yet: {}", names.join(", ")),
            ));
        }
    }
    out
}

/// Rules whose kind of object is not in the input at all, with the command that supplies it.
fn not_evaluated(settings: &Settings, objects: &BTreeMap<&'static str, u64>) -> Vec<NotEvaluated> {
    let mut out = Vec::new();
    for (index, rule) in RULES.iter().enumerate() {
        let wanted = settings.policy.judge(rule, index, rule.severity).is_some();
        let there = rule.needs.is_empty()
            || rule
                .needs
                .iter()
                .any(|kind| objects.contains_key(kind.name()));
        let of_a_profile_that_is_off =
            rule.group == Group::DigitalTwins && settings.rules.profile.is_none();
        // Without any object there is nothing to say about rules.
        if !wanted || there || of_a_profile_that_is_off || objects.is_empty() {
            continue;
        }
        out.push(NotEvaluated {
            rule: rule.id.to_owned(),
            reason: "no application in the input".to_owned(),
            command: "az ad app list --all".to_owned(),
        });
    }
    out
}
