//! The second phase: records with findings are read again, and every finding is worded, placed and
//! handed to the report in order.

use std::fmt;
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::cross::{Crossing, Mark};
use super::known::Matcher;
use super::look::{Looker, address, line_of};
use super::shared::{SharedFinding, SharedPlace};
use super::source::{Addressing, Dirty, Source, SourceFinding, advance, internal_error};
use super::{Run, judge};
use crate::json::{Tape, Value, edit, pointer, read};
use crate::judge::{Judge, Known, Setting};
use crate::model::{self, Span};
use crate::report::{Fix, Place, Position, Replacement, Report, Reported, Window};
use crate::rules::joined::{JoinedFinding, Look};
use crate::rules::{Finding, Group, RULES, Rule, Sink, Subject, Wording};

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
        let teller = Teller {
            run: self,
            judge: judge(self.settings),
            crossing: Crossing::new(&self.tenant, self.settings),
            looker: Looker::new(&self.sources),
        };
        // The configuration's own findings stand where its path belongs.
        let config = self.settings.config.as_deref().unwrap_or_default();
        let mut extra = self.extra.iter().cloned().peekable();
        for (index, source) in self.sources.iter().enumerate() {
            if config <= source.origin.name.as_str() && extra.peek().is_some() {
                let findings = extra.by_ref().collect();
                pass(findings, matcher, report, out)?;
            }
            teller.source(index, source, report, out, (matcher, &mut troubles))?;
        }
        pass(extra.collect(), matcher, report, out)?;
        if report.wants_inventory() {
            self.take_stock(&teller.crossing, &teller.looker, |inventory| {
                report.inventory(inventory, out)
            })
            .map_err(Trouble::Output)?;
        }
        report.end(&self.outcome, out).map_err(Trouble::Output)?;
        Ok(troubles)
    }

    /// Internal errors of the scan, one line each.
    pub fn troubles(&self) -> impl Iterator<Item = &str> {
        self.sources
            .iter()
            .flat_map(|source| source.troubles.iter().map(String::as_str))
    }
}

/// What telling needs of the whole run.
struct Teller<'t> {
    run: &'t Run<'t>,
    judge: Judge<'t>,
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
        (matcher, troubles): (&mut Matcher<'_>, &mut Vec<Trouble>),
    ) -> Result<(), Trouble> {
        let path: Arc<str> = source.origin.name.as_str().into();
        let changed = || Trouble::Changed(source.origin.name.clone());
        let mut waiting: Vec<Reported> = source
            .findings
            .iter()
            .map(|finding| about_source(source, &path, finding))
            .collect();
        for shared in self.run.shared.iter().filter(|s| s.primary.source == index) {
            match self.shared(shared) {
                Some(reported) => waiting.push(reported),
                None => troubles.push(changed()),
            }
        }
        waiting.sort_by_key(order);
        let mut waiting = waiting.into_iter().peekable();
        let mut marks = self
            .marks(index)
            .chunk_by(|a, b| a.at.record == b.at.record)
            .peekable();
        let mut dirty = source.dirty.iter().peekable();
        let mut tape = Tape::default();
        let offset = |marks: &&[Mark]| {
            let record = source.indexed.get(marks.first()?.at.record as usize)?;
            Some(record.offset)
        };
        loop {
            // Records that rules found something in, and those that only joined rules did.
            let next = match (dirty.peek(), marks.peek().map(offset)) {
                (None, None) => break,
                (Some(dirty), None) => dirty.record.offset,
                (None, Some(joined)) => joined.unwrap_or(u64::MAX),
                (Some(dirty), Some(joined)) => dirty.record.offset.min(joined.unwrap_or(u64::MAX)),
            };
            let mut findings = Vec::new();
            let mut end = next;
            if let Some(dirty) = dirty.next_if(|dirty| dirty.record.offset == next) {
                end = dirty.record.offset + u64::from(dirty.record.len);
                let setting = self.setting(index, source, dirty);
                match record(
                    source,
                    &path,
                    dirty,
                    setting,
                    (&self.judge, &self.looker),
                    &mut tape,
                ) {
                    Some((found, failed)) => {
                        let name = || source.origin.name.clone();
                        troubles.extend(failed.map(|rule| Trouble::Failed(rule, name())));
                        findings = found;
                    }
                    None => troubles.push(changed()),
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
                            None => troubles.push(changed()),
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
            findings.sort_by_key(order);
            pass(findings, matcher, report, out)?;
        }
        pass(waiting.collect(), matcher, report, out)
    }

    /// The marks of one source, in the order of its records.
    fn marks(&self, source: usize) -> &[Mark] {
        let marks = &self.run.marks;
        let from = marks.partition_point(|mark| (mark.at.source as usize) < source);
        let to = marks.partition_point(|mark| mark.at.source as usize <= source);
        marks.get(from..to).unwrap_or_default()
    }

    fn setting(&self, index: usize, source: &Source, dirty: &Dirty) -> Setting<'_> {
        let record = source
            .indexed
            .binary_search_by_key(&dirty.record.offset, |record| record.offset)
            .ok();
        Setting {
            alone: dirty.alone,
            link: source.origin.link(),
            known: record.map(|record| Known {
                tenant: &self.run.tenant,
                source: index as u32,
                record: record as u32,
            }),
        }
    }

    fn joined(&self, finding: JoinedFinding) -> Option<Reported> {
        let JoinedFinding {
            rule,
            severity,
            at,
            part,
            wording,
        } = finding;
        let subject = self.looker.subject(at);
        let related = elsewhere(&wording, &self.looker).collect();
        Some(Reported {
            rule,
            severity,
            message: wording.message,
            fingerprint: fingerprint(rule, subject.as_ref(), &wording.key),
            key: wording.key,
            subject,
            location: self.looker.place(at, part, &wording.label)?,
            related,
            help: wording.help,
            commands: wording.commands,
            facts: wording.facts,
            suppression: None,
            fix: None,
        })
    }

    fn shared(&self, shared: &SharedFinding) -> Option<Reported> {
        let wording = shared.wording.clone();
        Some(Reported {
            rule: shared.rule,
            severity: shared.severity,
            message: wording.message,
            fingerprint: fingerprint(shared.rule, Some(&shared.subject), &wording.key),
            key: wording.key,
            subject: Some(shared.subject.clone()),
            location: self.place(&shared.primary)?,
            related: shared
                .related
                .iter()
                .filter_map(|p| self.place(p))
                .collect(),
            help: wording.help,
            commands: wording.commands,
            facts: wording.facts,
            suppression: None,
            fix: None,
        })
    }

    fn place(&self, joined: &SharedPlace) -> Option<Place> {
        let source = self.run.sources.get(joined.source)?;
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
}

/// Hands findings on, each marked if it is known.
fn pass(
    findings: Vec<Reported>,
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
pub(super) fn order(finding: &Reported) -> (u64, &'static str, String) {
    (
        finding.location.start.offset,
        finding.rule.id,
        finding.message.clone(),
    )
}

/// Judges one record again, now in words; with what failed in doing so, unless it failed in the
/// scan already. `None` when the record is no longer what it was.
fn record(
    source: &Source,
    path: &Arc<str>,
    dirty: &Dirty,
    setting: Setting<'_>,
    (judge, looker): (&Judge<'_>, &Looker<'_>),
    tape: &mut Tape,
) -> Option<(Vec<Reported>, Option<Option<&'static Rule>>)> {
    let text = source
        .text(dirty.record.offset, dirty.record.len as usize)
        .ok()?;
    read::parse(&text, 0, tape).ok()?;
    let mut sink = Sink {
        wording: true,
        ..Sink::default()
    };
    let judged = catch_unwind(AssertUnwindSafe(|| {
        judge.record(&text, tape, setting, &mut sink, None);
    }));
    let all = sink.findings.len() == dirty.findings as usize;
    let failed = sink.failed.first().map(|rule| RULES.get(*rule).copied());
    let failed = failed.or(judged.is_err().then_some(None));
    if failed.is_none() && !all {
        return None;
    }
    let failed = failed.filter(|rule| !source.has_failed(*rule));
    let text: Arc<str> = text.into();
    let base = Position {
        line: dirty.line,
        column: dirty.column,
        offset: dirty.record.offset,
    };
    let mut spans: Vec<Span> = Vec::new();
    for finding in &sink.findings {
        spans.push(finding.span);
        spans.extend(finding.wording.also.iter().map(|(span, _)| *span));
    }
    let pointers = pointer::pointers(tape.root(&text), &spans);
    let positions = positions(base, &text, &spans);
    let prefix = address(source, dirty.record);
    let window = Window {
        text: text.clone(),
        start: base,
    };
    let manifest = source.is_manifest(tape.root(&text));
    // The profile applies to a manifest that is alone in its file, whatever it is for. That is
    // reason enough to say something, and none to rewrite what was only found by walking.
    let meant = source.origin.named || judge.is_meant(&text);
    let mut next = 0;
    let mut place = |label: &str| {
        let (start, end) = positions[next];
        let place = Place {
            path: path.clone(),
            pointer: format!("{prefix}{}", pointers[next]),
            record: line_of(source, dirty.record),
            start,
            end,
            label: label.to_owned(),
            source: Some(window.clone()),
        };
        next += 1;
        place
    };
    let findings = sink
        .findings
        .into_iter()
        .map(|finding| {
            let Finding {
                rule,
                severity,
                subject,
                wording,
                ..
            } = finding;
            let location = place(&wording.label);
            let also = wording.also.iter().map(|(_, label)| place(label));
            let related = also.chain(elsewhere(&wording, looker)).collect();
            let fix = wording
                .fix
                .filter(|_| manifest && (meant || rule.group != Group::DigitalTwins));
            let fix = fix.and_then(|fix| mend(&fix, tape.root(&text), &text, base));
            Reported {
                rule,
                severity,
                message: wording.message,
                fingerprint: fingerprint(rule, subject.as_ref(), &wording.key),
                key: wording.key,
                subject,
                location,
                related,
                help: wording.help,
                commands: wording.commands,
                facts: wording.facts,
                suppression: None,
                fix,
            }
        })
        .collect();
    Some((findings, failed))
}

/// What a fix does to the text; `None` where it does not fit what stands there.
fn mend(fix: &model::Fix, root: Value<'_>, text: &str, base: Position) -> Option<Fix> {
    let changes = edit::changes(root, text, &fix.edits)?;
    let spans: Vec<Span> = changes.iter().map(|change| change.span).collect();
    let replacements = positions(base, text, &spans)
        .into_iter()
        .zip(changes)
        .map(|((start, end), change)| Replacement {
            start,
            end,
            text: change.text,
        })
        .collect();
    Some(Fix {
        description: fix.description.clone().into_owned(),
        replacements,
    })
}

/// The places of a finding in other objects.
fn elsewhere(wording: &Wording, looker: &Looker<'_>) -> impl Iterator<Item = Place> {
    wording
        .see
        .iter()
        .filter_map(|seen| looker.place(seen.at, seen.part, &seen.label))
}

/// Start and end of every span, in one pass over the text.
fn positions(base: Position, text: &str, spans: &[Span]) -> Vec<(Position, Position)> {
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

fn about_source(source: &Source, path: &Arc<str>, finding: &SourceFinding) -> Reported {
    let window = source.around(finding.at.0, finding.at.1);
    let start = source.position(finding.at.0).unwrap_or(Position::START);
    let inside = window.as_ref().and_then(|window| {
        let from = finding.at.0.checked_sub(window.start.offset)? as usize;
        let to = finding.at.1.checked_sub(window.start.offset)? as usize;
        // What was meant as one byte may be part of a longer character.
        let len = window.text.len();
        let to = (to..len).find(|at| window.text.is_char_boundary(*at));
        window.text.get(from..to.unwrap_or(len))
    });
    let end = inside.map_or(start, |text| advance(start, text));
    let wording = finding.wording.clone();
    let named = wording.key.clone();
    // Such a finding has no object: what tells it from others is what stands there.
    let key = if wording.key.is_empty() {
        window
            .as_ref()
            .map_or_else(String::new, |window| digest(&[window.text.as_bytes()]))
    } else {
        wording.key
    };
    Reported {
        rule: finding.rule,
        severity: finding.severity,
        message: wording.message,
        subject: None,
        fingerprint: fingerprint(finding.rule, None, &key),
        key: named,
        location: Place {
            path: path.clone(),
            pointer: finding.pointer.clone(),
            record: (source.addressing == Addressing::Lines && finding.at.1 > 0)
                .then_some(start.line),
            start,
            end,
            label: wording.label.into_owned(),
            source: window,
        },
        related: Vec::new(),
        help: wording.help,
        commands: wording.commands,
        facts: wording.facts,
        suppression: None,
        fix: None,
    }
}

/// Tells findings apart over time: rule, subject and key, never a line, an index, a path or a
/// display name. 128 bits of SHA-256, so that nobody can make two findings look like one.
pub fn fingerprint(rule: &Rule, subject: Option<&Subject>, key: &str) -> String {
    let kind = subject.map_or("", |subject| subject.kind.name());
    let id = subject
        .and_then(|subject| subject.id.as_deref().or(subject.app_id.as_deref()))
        .unwrap_or("");
    digest(&[
        rule.id.as_bytes(),
        kind.as_bytes(),
        id.as_bytes(),
        key.as_bytes(),
    ])
}

fn digest(parts: &[&[u8]]) -> String {
    use std::fmt::Write as _;
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize()
        .iter()
        .take(16)
        .fold(String::new(), |mut out, byte| {
            let _ = write!(out, "{byte:02x}");
            out
        })
}
