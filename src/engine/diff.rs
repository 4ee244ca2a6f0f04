//! The findings of two runs side by side, matched by fingerprint.
//!
//! Both runs are told: first NEW to count its fingerprints, then OLD, of which those are kept that
//! NEW has not, then NEW again for the other way round. So only what changed is held in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use super::{Run, Trouble};
use crate::changes::{self, NotCompared, Side};
use crate::model::ObjectKind;
use crate::report::changes::FindingChanges;
use crate::report::{Outcome, Report, Reported};
use crate::rules::hygiene::suppression::{SUPPRESSION_EXPIRED, SUPPRESSION_UNUSED};

/// The findings of two runs side by side.
#[derive(Debug, Default)]
pub struct Compared {
    pub findings: FindingChanges,
    /// What the other side could not tell.
    pub not_compared: Vec<NotCompared>,
    /// What could not be told at all: the run exits 2.
    pub troubles: Vec<Trouble>,
}

/// How often each fingerprint occurs.
type Counts = BTreeMap<u128, u32>;

/// Compares the findings of two runs that had the same settings.
///
/// # Errors
/// Telling a run failed altogether.
pub fn compare_findings(old: &Run<'_>, new: &Run<'_>) -> Result<Compared, Trouble> {
    let (old_sees, new_sees) = (Sight::of(old), Sight::of(new));
    let mut hidden: BTreeMap<(Side, Lack), u64> = BTreeMap::new();
    let mut in_new = Counts::new();
    let mut troubles = hear(new, |finding| {
        match old_sees.lacks(finding) {
            Some(lack) => *hidden.entry((Side::Old, lack)).or_default() += 1,
            None => *in_new.entry(key(finding)).or_default() += 1,
        };
    })?;
    let mut findings = FindingChanges::default();
    let mut in_old = Counts::new();
    troubles.extend(hear(old, |finding| {
        if let Some(lack) = new_sees.lacks(finding) {
            *hidden.entry((Side::New, lack)).or_default() += 1;
            return;
        }
        *in_old.entry(key(finding)).or_default() += 1;
        let counts = finding.suppression.is_none();
        if take(&mut in_new, finding) {
            findings.unchanged += u64::from(counts);
        } else if counts {
            findings.gone.push(without_windows(finding));
        }
    })?);
    // What cannot be told was said the first time.
    hear(new, |finding| {
        if old_sees.lacks(finding).is_some() || take(&mut in_old, finding) {
            return;
        }
        match finding.suppression {
            Some(_) => findings.suppressed += 1,
            None => findings.tally.add(finding.severity),
        }
        findings.new.push(without_windows(finding));
    })?;
    let not_compared = hidden.into_iter().map(|((side, lack), findings)| {
        let (kind, rule, reason) = match lack {
            Lack::Kind(kind) => (Some(kind), None, changes::absent(kind)),
            Lack::Rule(rule, reason) => (None, Some(rule), reason),
        };
        NotCompared {
            kind,
            rule,
            side,
            reason,
            findings,
        }
    });
    Ok(Compared {
        findings,
        not_compared: not_compared.collect(),
        troubles,
    })
}

/// Why a finding of the one side cannot be looked for on the other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Lack {
    /// There are no objects of this kind.
    Kind(ObjectKind),
    /// The rule, and why it could not be evaluated.
    Rule(String, String),
}

/// What one side could have found.
struct Sight<'s> {
    run: &'s Run<'s>,
    not_evaluated: BTreeMap<&'s str, &'s str>,
    kinds: BTreeSet<&'static str>,
}

impl<'s> Sight<'s> {
    fn of(run: &'s Run<'s>) -> Sight<'s> {
        let rules = run.outcome.not_evaluated.iter();
        Sight {
            run,
            not_evaluated: rules
                .map(|not| (not.rule.as_str(), not.reason.as_str()))
                .collect(),
            kinds: run.outcome.objects.keys().copied().collect(),
        }
    }

    fn lacks(&self, finding: &Reported) -> Option<Lack> {
        if let Some(subject) = &finding.subject
            && !self.kinds.contains(subject.kind.name())
            && !self.run.tenant.has(subject.kind)
        {
            return Some(Lack::Kind(subject.kind));
        }
        let id = finding.rule.id;
        let reason = self.not_evaluated.get(id)?;
        Some(Lack::Rule(id.to_owned(), (*reason).to_owned()))
    }
}

/// Tells a run to `ear`; what could not be told. Findings about suppressions are left out: they
/// are about the configuration, of which there is one.
fn hear(run: &Run<'_>, ear: impl FnMut(&Reported)) -> Result<Vec<Trouble>, Trouble> {
    run.tell(&mut Ear(ear), &mut io::sink())
}

struct Ear<F>(F);

impl<F: FnMut(&Reported)> Report for Ear<F> {
    fn begin(&mut self, _: &Outcome, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    fn finding(&mut self, finding: &Reported, _: &mut dyn Write) -> io::Result<()> {
        if ![SUPPRESSION_EXPIRED.id, SUPPRESSION_UNUSED.id].contains(&finding.rule.id) {
            (self.0)(finding);
        }
        Ok(())
    }

    fn end(&mut self, _: &Outcome, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

fn key(finding: &Reported) -> u128 {
    u128::from_str_radix(&finding.fingerprint, 16).unwrap_or_default()
}

/// Takes one of the findings with this fingerprint away, if there is one left.
fn take(counts: &mut Counts, finding: &Reported) -> bool {
    match counts.get_mut(&key(finding)) {
        Some(left) if *left > 0 => {
            *left -= 1;
            true
        }
        _ => false,
    }
}

/// The finding without the texts around its places: they would keep whole records in memory.
fn without_windows(finding: &Reported) -> Reported {
    let mut finding = finding.clone();
    finding.location.source = None;
    for place in &mut finding.related {
        place.source = None;
    }
    finding
}
