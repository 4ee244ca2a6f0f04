//! Makes the findings of a record, or of a source as a whole, ready to be reported: in words, with
//! their places and what mends them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::look::{Looker, address, line_of};
use super::place::{elsewhere, positions};
use super::source::{Addressing, Dirty, Source, SourceFinding, advance};
use crate::json::{Tape, Value, edit, pointer, read};
use crate::judge::{Judge, Setting};
use crate::model::{self, Span};
use crate::report::{Fix, Place, Position, Replacement, Reported, Text, Window, fingerprint};
use crate::rules::{Finding, Group, RULES, Rule, Sink};

/// A record is no longer what it was.
#[derive(Copy, Clone, Debug)]
pub struct Changed;

/// What failed in wording a record: a rule, or, without one, the reading.
pub type Failed = Option<&'static Rule>;

/// Judges one record again, now in words, and adds what is found to `out`, in order. `text` is the
/// record's. What failed in doing so is returned, unless it failed in the scan already.
///
/// # Errors
/// The text cannot be what was judged; nothing was added.
pub fn record(
    (source, path): (&Source, &Arc<str>),
    dirty: &Dirty,
    text: Text,
    setting: Setting<'_>,
    (judge, looker): (&Judge<'_>, &Looker<'_>),
    tape: &mut Tape,
    out: &mut Vec<Reported>,
) -> Result<Option<Failed>, Changed> {
    read::record(&text, tape).map_err(|_| Changed)?;
    let mut sink = Sink {
        wording: true,
        only: Some(dirty.fired),
        ..Sink::default()
    };
    let judged = catch_unwind(AssertUnwindSafe(|| {
        judge.record(&text, tape, setting, &mut sink, None);
    }));
    let all = sink.findings.len() == dirty.findings as usize;
    let failed = sink.failed.first().map(|rule| RULES.get(*rule).copied());
    let failed = failed.or(judged.is_err().then_some(None));
    if failed.is_none() && !all {
        return Err(Changed);
    }
    let failed = failed.filter(|rule| !source.has_failed(*rule));
    let base = dirty.start();
    sink.findings.sort_by(|one, other| {
        let key = |of: &Finding| (of.span.start, of.rule.id);
        let by_message = || one.wording.message.cmp(&other.wording.message);
        key(one).cmp(&key(other)).then_with(by_message)
    });
    let mut spans: Vec<Span> = Vec::new();
    for finding in &sink.findings {
        spans.push(finding.span);
        spans.extend(finding.wording.also.iter().map(|(span, _)| *span));
    }
    let mut pointers = pointer::pointers(tape.root(&text), &spans);
    let positions = positions(base, &text, &spans);
    let prefix = address(source, dirty.record);
    let window = Window {
        text: text.clone(),
        start: base,
    };
    let manifest = source.is_manifest(tape.root(&text));
    // The profile applies to a manifest that is alone in its file, whatever it is for. That is
    // reason enough to say something, and none to rewrite what was only found by walking.
    let meant = || source.origin.named || judge.is_meant(&text);
    let mut place = |at: usize, label: &str| {
        let (start, end) = positions[at];
        let mut pointer = std::mem::take(&mut pointers[at]);
        pointer.insert_str(0, &prefix);
        Place {
            path: path.clone(),
            pointer,
            record: line_of(source, dirty.record),
            start,
            end,
            label: label.to_owned(),
            source: Some(window.clone()),
        }
    };
    let mut left = sink.findings;
    let first = out.len();
    out.reserve(left.len());
    let mut at = spans.len();
    // From the last to the first, so that what is done makes room for what it becomes: there may be
    // 200,000 of them.
    while let Some(finding) = left.pop() {
        if left.len().is_multiple_of(4096) {
            left.shrink_to_fit();
        }
        let Finding {
            rule,
            severity,
            subject,
            mut wording,
            ..
        } = finding;
        at -= 1 + wording.also.len();
        let location = place(at, &wording.label);
        let also = (at + 1..).zip(&wording.also);
        let also = also.map(|(at, (_, label))| place(at, label));
        let related = also.chain(elsewhere(&wording, looker)).collect();
        let fix = wording
            .fix
            .take()
            .filter(|_| manifest && (rule.group != Group::DigitalTwins || meant()));
        let fix = fix.and_then(|fix| mend(&fix, tape.root(&text), &text, base));
        out.push(Reported {
            fix,
            ..Reported::of((rule, severity), subject, wording, location, related)
        });
    }
    out[first..].reverse();
    Ok(failed)
}

/// The report of a finding about the source itself.
pub fn about_source(source: &Source, path: &Arc<str>, finding: &SourceFinding) -> Reported {
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
    let location = Place {
        path: path.clone(),
        pointer: finding.pointer.clone(),
        record: (source.addressing == Addressing::Lines && finding.at.1 > 0).then_some(start.line),
        start,
        end,
        label: wording.label.clone().into_owned(),
        source: window,
    };
    let mut reported = Reported::of(
        (finding.rule, finding.severity),
        None,
        wording,
        location,
        Vec::new(),
    );
    // Such a finding has no object. What stands around it changes with the indentation, and the
    // file may be moved: certain are its kind, and how many there are.
    if finding.before > 0 {
        let key = format!("{} {}", finding.wording.key, finding.before);
        reported.fingerprint = fingerprint(finding.rule, None, &key);
    }
    reported
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
