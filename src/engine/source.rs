//! One input after it was read: what is kept of it.

use std::sync::atomic::AtomicBool;

use super::again::{Checkpoints, Home};
use super::piece::Splitting;
use super::records::Records;
use crate::input::{Envelope, Origin};
use crate::json::{Value, pointer};
use crate::kinds;
use crate::model::ObjectKind;
use crate::report::Position;
use crate::rules::{Filter, Fired, Rule, Severity, Wording, document};
use crate::tenant::Coverage;

pub use super::records::Record;

/// A record that has findings.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Dirty {
    pub record: Record,
    /// Where it begins.
    pub line: u64,
    pub column: u64,
    /// How many findings the scan counted; telling must find as many.
    pub findings: u32,
    pub alone: bool,
    /// Of which rules they are.
    pub fired: Fired,
    /// The [`mark`](crate::tenant::mark) of its text: what is told must be about the same text.
    pub mark: u64,
}

impl Dirty {
    /// Where it begins.
    pub fn start(&self) -> Position {
        Position {
            line: self.line,
            column: self.column,
            offset: self.record.offset,
        }
    }
}

/// A finding about the source itself, worded at once.
#[derive(Clone, Debug)]
pub struct SourceFinding {
    pub rule: &'static Rule,
    pub severity: Severity,
    /// Place in the text: from, to.
    pub at: (u64, u64),
    /// JSON pointer, where one is known.
    pub pointer: String,
    pub wording: Wording,
    /// How many findings before it, in this input or an earlier one, are of the same rule and have
    /// the same key.
    pub before: u32,
}

/// How records are addressed in reports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Addressing {
    /// The record is the file.
    #[default]
    Whole,
    /// The record is an element; the text is the pointer to the list.
    Elements(String),
    Lines,
}

/// The inputs of a run, in the order of their names. There may be many thousand, each of some hundred
/// bytes, which stay where they are while they are put in order.
pub type Sources = Vec<Box<Source>>;

/// Everything that is kept of one input.
#[derive(Debug, Default)]
pub struct Source {
    pub origin: Origin,
    pub home: Home,
    /// Something that was read again was not, or not for certain, what was read first.
    pub(super) changed: AtomicBool,
    pub checkpoints: Checkpoints,
    pub addressing: Addressing,
    pub dirty: Vec<Dirty>,
    /// Records of which joins know something.
    pub indexed: Records,
    /// Something shows that more exists than is here.
    pub cut: bool,
    /// It is an empty list; of what, where it tells.
    pub empty: Option<Option<ObjectKind>>,
    pub findings: Vec<SourceFinding>,
    pub objects: Vec<(ObjectKind, u64)>,
    /// Why no rule looked at it, until that is noted of all sources together.
    pub skipped: Option<String>,
    /// It could not be read to its end, or a rule failed on it.
    pub failed: bool,
    /// What to tell whoever runs the tool: internal errors.
    pub troubles: Vec<String>,
}

/// What is told of a panic: whose it was, and what it met.
pub fn internal_error(rule: Option<&Rule>, place: &str) -> String {
    match rule {
        Some(rule) => format!("internal error: the rule {} failed {place}", rule.id),
        None => format!("internal error: reading failed {place}"),
    }
}

impl Source {
    /// Notes how records are addressed.
    pub fn address(&mut self, splitting: &Splitting, envelope: Option<&Envelope>) {
        self.addressing = match splitting {
            Splitting::Elements(_) => {
                let mut list = String::new();
                if let Some(envelope) = envelope {
                    list.push('/');
                    pointer::push_escaped(&mut list, &envelope.list);
                }
                Addressing::Elements(list)
            }
            Splitting::Lines => Addressing::Lines,
            Splitting::Whole => Addressing::Whole,
        };
    }

    /// Whether the file is one manifest, an application or a list of permissions, as people write
    /// them: no page, no list of objects, no lines, no leaf of a collector's tree.
    pub fn is_manifest(&self, root: Value<'_>) -> bool {
        let kind = || {
            let objects = kinds::unwrap(root).objects;
            let [part] = objects.as_slice() else {
                return None;
            };
            let whole = part.value.index() == root.index();
            part.recognise().ok().filter(|_| whole)
        };
        self.addressing == Addressing::Whole
            && self.origin.path().is_some()
            && !self.origin.is_leaf_of_tree()
            && matches!(
                kind(),
                Some(ObjectKind::Application | ObjectKind::RequiredResourceAccess)
            )
    }

    /// Whether it is a template, a plan or a state.
    pub fn is_code(&self) -> bool {
        self.objects.iter().any(|(kind, _)| kind.is_code())
    }

    /// What the input tells of this source as a list: kinds that are there, and whether it looks
    /// whole.
    pub fn coverage(&self) -> impl Iterator<Item = (ObjectKind, Coverage)> {
        let total: u64 = self.objects.iter().map(|(_, count)| count).sum();
        // What a template does not create may well be there.
        let list = !self.is_code()
            && (self.addressing != Addressing::Whole || total > 1 || self.origin.is_leaf_of_tree());
        let empty = self.empty.filter(|_| self.objects.is_empty());
        let empty = empty.and_then(|told| told.or_else(|| self.kind_by_name()));
        let there = self.objects.iter().map(move |(kind, _)| (*kind, list));
        let cut = self.cut;
        there
            .chain(empty.map(|kind| (kind, true)))
            .map(move |(kind, listed)| {
                let coverage = Coverage {
                    present: true,
                    listed,
                    cut,
                };
                (kind, coverage)
            })
    }

    /// Whether anything was found in it, or in a record of it.
    pub fn has_findings(&self) -> bool {
        !self.findings.is_empty() || !self.dirty.is_empty()
    }

    /// What an empty list is a list of, by the name of its file or its folder.
    fn kind_by_name(&self) -> Option<ObjectKind> {
        self.origin
            .name
            .rsplit(['/', '\\'])
            .take(2)
            .find_map(kinds::kind_of_list)
    }

    /// Notes that a rule panicked on the record at `offset`, or, without a rule, that reading it
    /// did. The first record of each is told: the same mistake may meet all of them.
    pub fn fail(&mut self, rule: Option<&Rule>, offset: u64) {
        self.failed = true;
        if self.has_failed(rule) {
            return;
        }
        let name = &self.origin.name;
        let place = format!("on the record at byte {offset} of {name}");
        self.troubles.push(internal_error(rule, &place));
    }

    /// Whether a rule panicked before.
    pub fn has_failed(&self, rule: Option<&Rule>) -> bool {
        let start = internal_error(rule, "");
        self.troubles.iter().any(|told| told.starts_with(&start))
    }

    /// Notes that reading failed.
    pub fn cannot_be_read(&mut self, reason: &str) {
        self.cut = true;
        self.failed = true;
        self.report(
            &document::UNREADABLE_INPUT,
            Severity::Error,
            (0, 0),
            |say| {
                document::unreadable(say, reason);
            },
        );
    }

    /// Adds a finding about the source itself, at a stretch of its text.
    pub(super) fn report(
        &mut self,
        rule: &'static Rule,
        severity: Severity,
        at: (u64, u64),
        say: impl FnOnce(&mut Wording),
    ) {
        let mut wording = Wording::default();
        say(&mut wording);
        self.findings.push(SourceFinding {
            rule,
            severity,
            at,
            pointer: String::new(),
            wording,
            before: 0,
        });
    }

    /// Leaves out what nobody wants to hear of the source itself; what could not be read stays
    /// `failed` all the same.
    pub fn keep_wanted(&mut self, filter: &dyn Filter) {
        self.findings.retain_mut(|finding| {
            let severity = filter.judge(finding.rule, finding.rule.index(), finding.severity);
            finding.severity = severity.unwrap_or(finding.severity);
            severity.is_some()
        });
    }
}

/// The position behind `text`, which begins at `from`.
pub fn advance(from: Position, text: &str) -> Position {
    let bytes = text.as_bytes();
    let lines = memchr::memchr_iter(b'\n', bytes).count() as u64;
    let column = match memchr::memrchr(b'\n', bytes) {
        Some(at) => 1 + text[at + 1..].chars().count() as u64,
        None => from.column + text.chars().count() as u64,
    };
    Position {
        line: from.line + lines,
        column,
        offset: from.offset + text.len() as u64,
    }
}

/// The position of `local`, which counts from the start of a text that begins at `base`.
pub fn join(base: Position, local: Position) -> Position {
    Position {
        line: base.line + local.line - 1,
        column: if local.line == 1 {
            base.column + local.column - 1
        } else {
            local.column
        },
        offset: base.offset + local.offset,
    }
}
