//! Where checks put what they find.
//!
//! While an export streams by, a finding is only counted: nothing is formatted and nothing is
//! kept. The records that had findings are judged again when the report is written, and only then
//! does the closure run that words the finding.

use std::borrow::Cow;
use std::sync::Arc;

use super::joined::Seen;
use super::{Persona, Rule, Severity};
use crate::model::{Edit, Fix, Guid, ObjectKind, Part, Span};
use crate::tenant::{At, Depends};

/// Whom a finding is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    pub kind: ObjectKind,
    /// The object id, lower case.
    pub id: Option<String>,
    /// The client id, lower case.
    pub app_id: Option<String>,
    /// The display name, as exported: untrusted text.
    pub name: Option<String>,
}

impl Subject {
    /// Its ids and its name.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let texts = [&self.id, &self.app_id, &self.name];
        texts.into_iter().filter_map(|text| text.as_deref())
    }
}

/// A number, a text or a truth that a program can use without reading the message.
#[derive(Clone, Debug, PartialEq)]
pub enum FactValue {
    Number(i64),
    Text(String),
    Bool(bool),
}

impl From<i64> for FactValue {
    fn from(value: i64) -> Self {
        FactValue::Number(value)
    }
}

impl From<usize> for FactValue {
    fn from(value: usize) -> Self {
        FactValue::Number(value as i64)
    }
}

impl From<bool> for FactValue {
    fn from(value: bool) -> Self {
        FactValue::Bool(value)
    }
}

impl From<&str> for FactValue {
    fn from(value: &str) -> Self {
        FactValue::Text(value.to_owned())
    }
}

impl From<String> for FactValue {
    fn from(value: String) -> Self {
        FactValue::Text(value)
    }
}

impl From<Guid> for FactValue {
    fn from(value: Guid) -> Self {
        FactValue::Text(value.to_string())
    }
}

/// What a finding says.
///
/// There may be 200,000 of them in one record, and most lists hold one thing: they grow one by one,
/// not to the four that a list has room for by itself.
#[derive(Clone, Debug, Default)]
pub struct Wording {
    pub message: String,
    pub label: Cow<'static, str>,
    /// Further places in the same record, each with its label.
    pub also: Vec<(Span, Cow<'static, str>)>,
    /// Places in other objects, of this document or another.
    pub see: Vec<Seen>,
    pub help: Option<String>,
    pub commands: Vec<String>,
    pub facts: Vec<(&'static str, FactValue)>,
    /// What tells two findings of one rule on one subject apart: a key id, a URI, a permission id.
    pub key: String,
    /// What mends it for certain in a file that holds this object alone.
    pub fix: Option<Fix>,
}

impl Wording {
    /// One sentence that names the bad thing; no line break, no full stop at the end.
    pub fn message(&mut self, text: impl Into<String>) -> &mut Self {
        self.message = text.into();
        self
    }

    /// At most six words under the marked value.
    pub fn label(&mut self, text: impl Into<Cow<'static, str>>) -> &mut Self {
        self.label = text.into();
        self
    }

    /// Marks a second place of the same record.
    pub fn also(&mut self, span: Span, label: impl Into<Cow<'static, str>>) -> &mut Self {
        self.also.reserve_exact(1);
        self.also.push((span, label.into()));
        self
    }

    /// Marks a thing of another object, or of this one by its meaning.
    pub fn see(&mut self, at: At, part: Part, label: impl Into<Cow<'static, str>>) -> &mut Self {
        self.see.reserve_exact(1);
        self.see.push(Seen {
            at,
            part,
            label: label.into(),
        });
        self
    }

    /// What to do, in the imperative.
    pub fn help(&mut self, text: impl Into<String>) -> &mut Self {
        self.help = Some(text.into());
        self
    }

    /// A command that mends it, with the real ids. Text of the input in it must have passed
    /// [`shell_word`].
    pub fn command(&mut self, text: impl Into<String>) -> &mut Self {
        self.commands.reserve_exact(1);
        self.commands.push(text.into());
        self
    }

    pub fn fact(&mut self, name: &'static str, value: impl Into<FactValue>) -> &mut Self {
        self.facts.reserve_exact(1);
        self.facts.push((name, value.into()));
        self
    }

    /// What mends it in the file, in the imperative and without text of the input; only where
    /// nobody could have meant anything else. Joined rules have none: they speak of several files.
    pub fn fix(
        &mut self,
        description: impl Into<Cow<'static, str>>,
        edits: impl Into<Vec<Edit>>,
    ) -> &mut Self {
        self.fix = Some(Fix {
            description: description.into(),
            edits: edits.into(),
        });
        self
    }

    /// What tells this finding from others of the same rule on the same subject.
    pub fn key(&mut self, key: impl Into<String>) -> &mut Self {
        self.key = key.into();
        self
    }
}

/// `text` as one word of a POSIX shell: as it is when harmless, else in single quotes. Control
/// characters are dropped, so a pasted command is the command that was shown.
pub fn shell_word(text: &str) -> String {
    let clean: String = text.chars().filter(|c| !c.is_control()).collect();
    let plain = !clean.is_empty()
        && clean
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_./:@=+,%".contains(&b));
    if plain {
        clean
    } else {
        format!("'{}'", clean.replace('\'', "'\\''"))
    }
}

/// `text` of the input as a message can bear it: one line, without blanks around it, at most 80
/// characters.
pub fn one_line(text: &str) -> String {
    const LONGEST: usize = 80;
    let text = text.trim();
    let blank = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    let mut line: String = text
        .chars()
        .map(|c| if blank(c) { ' ' } else { c })
        .take(LONGEST)
        .collect();
    if text.chars().nth(LONGEST).is_some() {
        line.pop();
        line.push('…');
    }
    line
}

/// A value of the input as a message quotes it: on one line, between backticks.
pub fn code(text: &str) -> String {
    format!("`{}`", one_line(text))
}

/// A name of the input as a message quotes it: on one line, between quotation marks.
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", one_line(text))
}

/// A finding of one record, before its places are resolved.
#[derive(Clone, Debug)]
pub struct Finding {
    pub rule: &'static Rule,
    pub severity: Severity,
    pub span: Span,
    pub subject: Option<Arc<Subject>>,
    pub wording: Wording,
}

/// Counts by rule and severity.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    pub errors: u64,
    pub warnings: u64,
    pub infos: u64,
}

impl Tally {
    pub fn add(&mut self, severity: Severity) {
        match severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
            Severity::Info => self.infos += 1,
        }
    }

    pub fn total(&self) -> u64 {
        self.errors + self.warnings + self.infos
    }

    pub fn merge(&mut self, other: &Tally) {
        self.errors += other.errors;
        self.warnings += other.warnings;
        self.infos += other.infos;
    }

    /// Takes back what was merged before.
    pub fn subtract(&mut self, other: &Tally) {
        self.errors -= other.errors;
        self.warnings -= other.warnings;
        self.infos -= other.infos;
    }

    /// The number of findings of one severity.
    pub fn of(&self, severity: Severity) -> u64 {
        match severity {
            Severity::Error => self.errors,
            Severity::Warning => self.warnings,
            Severity::Info => self.infos,
        }
    }
}

/// Decides which findings count: selection, persona, severity overrides.
pub trait Filter: Sync {
    /// The severity a finding of `rule` is reported with, or `None` when it is not wanted.
    fn judge(&self, rule: &Rule, index: usize, severity: Severity) -> Option<Severity>;

    /// Whether someone audits: wants also what is silent for everyone else.
    fn audits(&self) -> bool {
        false
    }
}

/// Where a check reports to.
pub struct Out<'o> {
    rule: &'static Rule,
    index: usize,
    filter: &'o dyn Filter,
    sink: &'o mut Sink,
}

/// What was reported for one record.
#[derive(Default)]
pub struct Sink {
    /// Word the findings, or only count them.
    pub wording: bool,
    pub tally: Tally,
    /// Counts by the rule's place in [`super::RULES`], when statistics are wanted.
    pub by_rule: Option<Vec<u64>>,
    pub findings: Vec<Finding>,
    /// Rules that panicked, each once, by their place in [`super::RULES`].
    pub failed: Vec<usize>,
    /// The object that is being judged; set when findings are worded.
    pub subject: Option<Arc<Subject>>,
    /// What rules would judge otherwise if other documents were known.
    pub depends: Depends,
    /// Of which rules there are findings.
    pub fired: Fired,
    /// What is known already of which rules find something: others are not asked.
    pub only: Option<Fired>,
}

/// Which rules found something in a record: some others may seem to have, of those that did none
/// is missing. Whoever words a record again asks these only.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Fired(u64);

impl Fired {
    /// There are faults in the document itself, found by a rule or not: they change how it is read.
    const FAULTY: u64 = 1 << 63;

    fn bit(rule: usize) -> u64 {
        1 << (rule % 63)
    }

    /// Adds a rule by its place in [`super::RULES`].
    pub fn add(&mut self, rule: usize) {
        self.0 |= Fired::bit(rule);
    }

    /// Whether a rule may have found something.
    pub fn has(self, rule: usize) -> bool {
        self.0 & Fired::bit(rule) != 0
    }

    /// Notes that the document has faults.
    pub fn add_faults(&mut self) {
        self.0 |= Fired::FAULTY;
    }

    /// Whether the document has faults.
    pub fn has_faults(self) -> bool {
        self.0 & Fired::FAULTY != 0
    }
}

impl Sink {
    /// Notes that a rule panicked.
    pub fn fail(&mut self, rule: usize) {
        if !self.failed.contains(&rule) {
            self.failed.push(rule);
        }
    }

    /// Takes over findings that were already judged and worded.
    pub fn take(&mut self, findings: Vec<Finding>) {
        for finding in findings {
            let rule = finding.rule.index();
            self.tally.add(finding.severity);
            self.fired.add(rule);
            if let Some(counts) = &mut self.by_rule {
                counts[rule] += 1;
            }
            if self.wording {
                self.findings.push(finding);
            }
        }
    }
}

/// Everything counts, as severe as it was reported.
pub struct Everything;

impl Filter for Everything {
    fn judge(&self, _: &Rule, _: usize, severity: Severity) -> Option<Severity> {
        Some(severity)
    }

    fn audits(&self) -> bool {
        true
    }
}

impl<'o> Out<'o> {
    pub fn new(
        rule: &'static Rule,
        index: usize,
        filter: &'o dyn Filter,
        sink: &'o mut Sink,
    ) -> Out<'o> {
        Out {
            rule,
            index,
            filter,
            sink,
        }
    }

    /// Reports a finding at `span`; `say` words it and runs only when it is printed.
    pub fn report(&mut self, severity: Severity, span: Span, say: impl FnOnce(&mut Wording)) {
        let Some(severity) = self.filter.judge(self.rule, self.index, severity) else {
            return;
        };
        self.sink.tally.add(severity);
        self.sink.fired.add(self.index);
        if let Some(counts) = &mut self.sink.by_rule {
            counts[self.index] += 1;
        }
        if self.sink.wording {
            let mut wording = Wording::default();
            say(&mut wording);
            self.sink.findings.push(Finding {
                rule: self.rule,
                severity,
                span,
                subject: self.sink.subject.clone(),
                wording,
            });
        }
    }

    /// Notes that the rule would judge otherwise if other documents were known: it is asked again
    /// with them.
    pub fn depends_on(&mut self, documents: Depends) {
        self.sink.depends.add(documents);
    }

    /// Reports what only auditors want to hear, from a rule that speaks to everyone.
    pub fn report_audit(&mut self, severity: Severity, span: Span, say: impl FnOnce(&mut Wording)) {
        debug_assert_eq!(self.rule.more_for, Some(Persona::Audit), "{:?}", self.rule);
        if self.filter.audits() {
            self.report(severity, span, say);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_stays_on_one_short_line() {
        assert_eq!(quoted(" User.Read\n"), "\"User.Read\"");
        assert_eq!(code("a\nb\u{2028}c"), "`a b c`");
        let long = one_line(&"é".repeat(81));
        assert!(long.ends_with('…') && long.chars().count() == 80);
        assert!(!one_line(&"é".repeat(80)).contains('…'));
    }

    #[test]
    fn a_word_of_a_shell_is_one_word() {
        assert_eq!(shell_word("https://a.b/c?d=e"), "'https://a.b/c?d=e'");
        assert_eq!(shell_word("api://x-1"), "api://x-1");
        assert_eq!(shell_word("a'; ls\n"), r"'a'\''; ls'");
        assert_eq!(shell_word(""), "''");
    }
}
