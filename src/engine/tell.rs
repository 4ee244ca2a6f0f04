//! The second phase: records with findings are read again, and every finding is worded, placed and
//! handed to the report in order.

use std::cmp::Ordering;
use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;

use super::ahead::Ahead;
use super::crossing::{Crossing, Mark};
use super::known::Matcher;
use super::look::Looker;
use super::place::elsewhere;
use super::shared::{SharedFinding, SharedPlace};
use super::source::{Source, internal_error};
use super::word::{Changed, about_source};
use super::{Run, judge};
use crate::report::{Report, Reported};
use crate::rules::Rule;
use crate::rules::joined::{JoinedFinding, Look};
use crate::tenant::At;

/// Why telling stopped or is not all.
#[derive(Debug)]
pub enum Trouble {
    /// Writing the report failed.
    Output(io::Error),
    /// An input is no longer what it was when it was read first.
    Changed(String),
    /// A rule panicked while it worded a finding, or, without a rule, reading the record again did;
    /// and the input.
    Failed(Option<&'static Rule>, String),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::Output(error) => write!(f, "the report cannot be written: {error}"),
            Trouble::Changed(name) => write!(f, "{name} changed while it was read; run again"),
            Trouble::Failed(rule, name) => {
                f.write_str(&internal_error(*rule, &format!("on a record of {name}")))
            }
        }
    }
}

impl Run<'_> {
    /// Writes the report. What could not be told is returned; the report is complete otherwise.
    ///
    /// # Errors
    /// Writing to `out` failed.
    pub fn tell(
        &self,
        report: &mut dyn Report,
        out: &mut dyn Write,
    ) -> Result<Vec<Trouble>, Trouble> {
        self.tell_all(report, out, &mut Matcher::new(self.settings))
    }

    /// The same, with what decides of each finding whether it counts.
    pub(super) fn tell_all(
        &self,
        report: &mut dyn Report,
        out: &mut dyn Write,
        matcher: &mut Matcher<'_>,
    ) -> Result<Vec<Trouble>, Trouble> {
        let mut troubles = Vec::new();
        report.begin(&self.outcome, out).map_err(Trouble::Output)?;
        let judge = judge(self.settings);
        Ahead::with(self, &judge, |ahead| {
            self.tell_sources(report, out, (matcher, &mut troubles, ahead))
        })?;
        report.end(&self.outcome, out).map_err(Trouble::Output)?;
        troubles.extend(self.changed());
        Ok(troubles)
    }

    /// Writes what was found, source by source, and the inventory behind it.
    fn tell_sources(
        &self,
        report: &mut dyn Report,
        out: &mut dyn Write,
        (matcher, troubles, ahead): (&mut Matcher<'_>, &mut Vec<Trouble>, &mut Ahead<'_>),
    ) -> Result<(), Trouble> {
        let teller = Teller {
            run: self,
            crossing: Crossing::new(&self.tenant, self.settings),
            looker: Looker::new(&self.sources),
        };
        // The configuration's own findings stand where its path belongs.
        let config = self.settings.config.as_deref().unwrap_or_default();
        let mut extra = self.extra.iter().cloned().peekable();
        for index in self.told() {
            let Some(source) = self.sources.get(index) else {
                continue;
            };
            if extra.peek().is_some() && config <= source.origin.name.as_str() {
                pass(extra.by_ref(), matcher, report, out)?;
            }
            let state = (&mut *matcher, &mut *troubles, &mut *ahead);
            teller.source(index, source, report, out, state)?;
        }
        pass(extra, matcher, report, out)?;
        if report.wants_inventory() {
            self.take_stock(&teller.crossing, &teller.looker, |inventory| {
                report.inventory(inventory, out)
            })
            .map_err(Trouble::Output)?;
        }
        Ok(())
    }

    /// The places of sources of which there is something to tell, in order.
    fn told(&self) -> impl Iterator<Item = usize> {
        let mut told = self.loud.clone();
        told.extend(self.shared.iter().map(|shared| shared.primary.at.source));
        let by_source = |one: &Mark, other: &Mark| one.at.source == other.at.source;
        let marks = self.marks.chunk_by(by_source);
        told.extend(marks.filter_map(|marks| Some(marks.first()?.at.source)));
        told.sort_unstable();
        told.dedup();
        told.into_iter().map(|source| source as usize)
    }

    /// Inputs that were not, or not for certain, what they had been when something of them was
    /// read again: once each, in order. What is told of them may be wrong, or not all.
    pub fn changed(&self) -> impl Iterator<Item = Trouble> {
        let changed = self.sources.iter().filter(|source| source.has_changed());
        changed.map(|source| Trouble::Changed(source.origin.name.clone()))
    }

    /// Internal errors of the scan, one line each.
    pub fn troubles(&self) -> impl Iterator<Item = &str> {
        // Where there was one, the run is incomplete.
        let sources = self.sources.iter().take_while(|_| self.incomplete);
        sources.flat_map(|source| source.troubles.iter().map(String::as_str))
    }
}

/// What telling needs of the whole run.
struct Teller<'t> {
    run: &'t Run<'t>,
    crossing: Crossing<'t>,
    looker: Looker<'t>,
}

impl Teller<'_> {
    fn source(
        &self,
        index: usize,
        source: &Source,
        report: &mut dyn Report,
        out: &mut dyn Write,
        (matcher, troubles, ahead): (&mut Matcher<'_>, &mut Vec<Trouble>, &mut Ahead<'_>),
    ) -> Result<(), Trouble> {
        let path: Arc<str> = source.origin.name.as_str().into();
        let mut waiting: Vec<Reported> = source
            .findings
            .iter()
            .map(|finding| about_source(source, &path, finding))
            .collect();
        for shared in part_of(&self.run.shared, index, |shared| shared.primary.at) {
            match self.shared(shared) {
                Some(reported) => waiting.push(reported),
                None => source.note_change(),
            }
        }
        waiting.sort_by(by_order);
        let mut waiting = waiting.into_iter().peekable();
        let mut marks = part_of(&self.run.marks, index, |mark| mark.at)
            .chunk_by(|a, b| a.at.record == b.at.record)
            .peekable();
        let mut dirty = source.dirty.iter().peekable();
        let offset = |marks: &&[Mark]| {
            let record = source.indexed.get(marks.first()?.at.record as usize)?;
            Some(record.offset)
        };
        let mut findings = Vec::new();
        loop {
            // Records that rules found something in, and those that only joined rules did.
            let next = match (dirty.peek(), marks.peek().map(offset)) {
                (None, None) => break,
                (Some(dirty), None) => dirty.record.offset,
                (None, Some(joined)) => joined.unwrap_or(u64::MAX),
                (Some(dirty), Some(joined)) => dirty.record.offset.min(joined.unwrap_or(u64::MAX)),
            };
            let mut end = next;
            if let Some(dirty) = dirty.next_if(|dirty| dirty.record.offset == next) {
                end = dirty.record.offset + u64::from(dirty.record.len);
                match ahead.next(&mut findings) {
                    Ok(failed) => {
                        let name = || source.origin.name.clone();
                        troubles.extend(failed.map(|rule| Trouble::Failed(rule, name())));
                    }
                    Err(Changed) => source.note_change(),
                }
            }
            if let Some(marks) = marks.next_if(|marks| offset(marks).unwrap_or(u64::MAX) == next) {
                for mark in marks {
                    let mut joined = Vec::new();
                    for rule in self.crossing.say(*mark, &self.looker, &mut joined) {
                        if !source.has_failed(Some(rule)) {
                            let name = source.origin.name.clone();
                            troubles.push(Trouble::Failed(Some(rule), name));
                        }
                    }
                    for finding in joined {
                        match self.joined(finding) {
                            Some(reported) => findings.push(reported),
                            None => source.note_change(),
                        }
                    }
                }
            }
            end = findings
                .iter()
                .map(|f| f.location.start.offset + 1)
                .fold(end, u64::max);
            while let Some(next) = waiting.next_if(|next| next.location.start.offset < end) {
                findings.push(next);
            }
            if findings.is_sorted_by(|one, other| by_order(one, other).is_le()) {
                pass(findings.drain(..), matcher, report, out)?;
            } else {
                let unsorted = std::mem::take(&mut findings);
                pass(in_order(unsorted), matcher, report, out)?;
            }
        }
        pass(waiting, matcher, report, out)
    }

    fn joined(&self, mut finding: JoinedFinding) -> Option<Reported> {
        self.looker.tell(&mut finding);
        self.run
            .tenant
            .rows
            .stand_ins
            .spell_all(&mut finding.wording);
        let JoinedFinding {
            rule,
            severity,
            at,
            part,
            wording,
        } = finding;
        let location = self.looker.place(at, part, &wording.label)?;
        let related = elsewhere(&wording, &self.looker).collect();
        let subject = self.looker.subject(at).map(Arc::new);
        Some(Reported::of(
            (rule, severity),
            subject,
            wording,
            location,
            related,
        ))
    }

    fn shared(&self, shared: &SharedFinding) -> Option<Reported> {
        let mut wording = shared.wording.clone();
        self.run.tenant.rows.stand_ins.spell_all(&mut wording);
        let place = |shared: &SharedPlace| {
            let SharedPlace { at, span, label } = shared;
            self.looker.place_of(*at, *span, label)
        };
        Some(Reported::of(
            (shared.rule, shared.severity),
            Some(Arc::clone(&shared.subject)),
            wording,
            place(&shared.primary)?,
            shared.related.iter().filter_map(place).collect(),
        ))
    }
}

/// Those of one source, among what is sorted by source.
fn part_of<T>(all: &[T], source: usize, at: impl Fn(&T) -> At) -> &[T] {
    let of = |one: &T| at(one).source as usize;
    let from = all.partition_point(|one| of(one) < source);
    let to = all.partition_point(|one| of(one) <= source);
    all.get(from..to).unwrap_or_default()
}

/// Hands findings on, each marked if it is known.
fn pass(
    findings: impl Iterator<Item = Reported>,
    matcher: &mut Matcher<'_>,
    report: &mut dyn Report,
    out: &mut dyn Write,
) -> Result<(), Trouble> {
    for mut finding in findings {
        matcher.mark(&mut finding);
        report.finding(&finding, out).map_err(Trouble::Output)?;
    }
    Ok(())
}

/// Findings come by offset, then by rule; what is equal in both by message.
pub(super) fn by_order(one: &Reported, other: &Reported) -> Ordering {
    fn key(finding: &Reported) -> (u64, &'static str, &str) {
        let offset = finding.location.start.offset;
        (offset, finding.rule.id, &finding.message)
    }
    key(one).cmp(&key(other))
}

/// The same findings in their order. They are large and may be many, so they stay where they are
/// until each is asked for.
fn in_order(findings: Vec<Reported>) -> impl Iterator<Item = Reported> {
    let mut order: Vec<usize> = (0..findings.len()).collect();
    order.sort_by(|one, other| by_order(&findings[*one], &findings[*other]));
    let mut slots: Vec<Option<Reported>> = findings.into_iter().map(Some).collect();
    order
        .into_iter()
        .filter_map(move |at| slots.get_mut(at)?.take())
}
