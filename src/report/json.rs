//! The versioned report (`schemas/report.schema.json`), written as the findings come.

use std::io::{self, Write};

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};

use super::{NotEvaluated, Outcome, Place, Position, Report, Reported, Skipped, safe};
use crate::rules::{FactValue, Subject};

/// The `json` format.
#[derive(Debug, Default)]
pub struct Json {
    any: bool,
}

impl Json {
    pub fn new() -> Json {
        Json::default()
    }
}

impl Report for Json {
    fn begin(&mut self, outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
        let head = pretty(&Head::of(outcome))?;
        // The object goes on with its findings.
        out.write_all(head.strip_suffix(b"\n}").unwrap_or(&head))?;
        out.write_all(b",\n  \"findings\": [")
    }

    fn finding(&mut self, finding: &Reported, out: &mut dyn Write) -> io::Result<()> {
        if std::mem::replace(&mut self.any, true) {
            out.write_all(b",")?;
        }
        // Strings hold no line breaks: they are escaped.
        for line in pretty(&Finding::of(finding))?.split(|&byte| byte == b'\n') {
            out.write_all(b"\n    ")?;
            out.write_all(line)?;
        }
        Ok(())
    }

    fn end(&mut self, outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(if self.any { b"\n  ]," } else { b"]," })?;
        let tail = pretty(&Tail::of(outcome))?;
        out.write_all(tail.strip_prefix(b"{").unwrap_or(&tail))?;
        out.write_all(b"\n")
    }
}

/// `value` on several lines.
pub(super) fn pretty(value: &impl Serialize) -> io::Result<Vec<u8>> {
    write(value, PrettyFormatter::new())
}

/// `value` on one line, harmless on a terminal and in a CI log.
///
/// # Errors
/// None that writing to memory could have.
pub fn compact(value: &impl Serialize) -> io::Result<Vec<u8>> {
    write(value, CompactFormatter)
}

/// `value` on several lines, as a text.
pub(super) fn pretty_text(value: &impl Serialize) -> String {
    // Writing to memory does not fail, and JSON is UTF-8.
    String::from_utf8(pretty(value).unwrap_or_default()).unwrap_or_default()
}

fn write(value: &impl Serialize, formatter: impl Formatter) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(1024);
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, Harmless(formatter));
    value.serialize(&mut serializer)?;
    Ok(bytes)
}

/// Another formatter, whose strings are harmless on a terminal and in a CI log.
struct Harmless<F>(F);

macro_rules! as_before {
    ($($name:ident($($argument:ident: $type:ty)?);)*) => {
        $(fn $name<W: ?Sized + Write>(&mut self, out: &mut W $(, $argument: $type)?) -> io::Result<()> {
            self.0.$name(out $(, $argument)?)
        })*
    };
}

impl<F: Formatter> Formatter for Harmless<F> {
    as_before! {
        begin_array();
        end_array();
        begin_array_value(first: bool);
        end_array_value();
        begin_object();
        end_object();
        begin_object_key(first: bool);
        end_object_key();
        begin_object_value();
        end_object_value();
    }

    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        text: &str,
    ) -> io::Result<()> {
        safe::json_fragment(out, text)
    }
}

/// What stands before the findings.
#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Head<'o> {
    schema_version: u32,
    tool: Tool,
    evaluated_at: String,
    profile: &'o str,
    persona: &'static str,
    summary: Summary<'o>,
}

#[derive(serde::Serialize)]
pub(super) struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary<'o> {
    files: u64,
    objects: &'o std::collections::BTreeMap<&'static str, u64>,
    errors: u64,
    warnings: u64,
    infos: u64,
    suppressed: u64,
    out_of_scope: u64,
}

/// What stands behind the findings.
#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Tail<'o> {
    not_evaluated: Vec<NotEvaluatedEntry<'o>>,
    skipped: Vec<SkippedEntry<'o>>,
}

#[derive(serde::Serialize)]
pub(super) struct NotEvaluatedEntry<'o> {
    rule: &'o str,
    reason: &'o str,
    command: &'o str,
}

#[derive(serde::Serialize)]
struct SkippedEntry<'o> {
    path: &'o str,
    reason: &'o str,
}

/// The last line of `ndjson`: the report without its findings.
#[derive(serde::Serialize)]
pub(super) struct SummaryLine<'o> {
    #[serde(flatten)]
    head: Head<'o>,
    #[serde(flatten)]
    tail: Tail<'o>,
}

#[derive(serde::Serialize)]
pub(super) struct Finding<'f> {
    rule: &'static str,
    severity: &'static str,
    message: &'f str,
    subject: Option<SubjectEntry<'f>>,
    location: Location<'f>,
    related: Vec<Location<'f>>,
    help: Option<&'f str>,
    commands: &'f [String],
    references: &'static [&'static str],
    facts: Facts<'f>,
    key: Option<&'f str>,
    fingerprint: &'f str,
    suppression: Option<Reason<'f>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<FixEntry<'f>>,
}

/// What `--fix` would do.
#[derive(serde::Serialize)]
struct FixEntry<'f> {
    description: &'f str,
    replacements: Vec<ReplacementEntry<'f>>,
}

#[derive(serde::Serialize)]
struct ReplacementEntry<'f> {
    start: Point,
    end: Point,
    text: &'f str,
}

#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SubjectEntry<'f> {
    kind: &'static str,
    id: Option<&'f str>,
    app_id: Option<&'f str>,
    name: Option<&'f str>,
}

#[derive(serde::Serialize)]
pub(super) struct Location<'f> {
    path: &'f str,
    pointer: &'f str,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<u64>,
    start: Point,
    end: Point,
    label: Option<&'f str>,
}

#[derive(serde::Serialize)]
struct Point {
    line: u64,
    column: u64,
    offset: u64,
}

#[derive(serde::Serialize)]
struct Reason<'f> {
    source: &'static str,
    reason: &'f str,
    until: Option<&'f str>,
}

struct Facts<'f>(&'f [(&'static str, FactValue)]);

impl Serialize for Facts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in self.0 {
            match value {
                FactValue::Number(number) => map.serialize_entry(name, number)?,
                FactValue::Text(text) => map.serialize_entry(name, text)?,
                FactValue::Bool(truth) => map.serialize_entry(name, truth)?,
            }
        }
        map.end()
    }
}

impl Tool {
    /// This program.
    pub(super) fn this() -> Tool {
        Tool {
            name: "entralint",
            version: env!("CARGO_PKG_VERSION"),
        }
    }
}

impl<'o> NotEvaluatedEntry<'o> {
    pub(super) fn of(entry: &'o NotEvaluated) -> NotEvaluatedEntry<'o> {
        NotEvaluatedEntry {
            rule: &entry.rule,
            reason: &entry.reason,
            command: &entry.command,
        }
    }
}

impl<'o> Head<'o> {
    fn of(outcome: &'o Outcome) -> Head<'o> {
        Head {
            schema_version: 1,
            tool: Tool::this(),
            evaluated_at: outcome.evaluated_at.rfc3339(),
            profile: &outcome.profile,
            persona: outcome.persona.name(),
            summary: Summary {
                files: outcome.files,
                objects: &outcome.objects,
                errors: outcome.tally.errors,
                warnings: outcome.tally.warnings,
                infos: outcome.tally.infos,
                suppressed: outcome.suppressed,
                out_of_scope: outcome.out_of_scope,
            },
        }
    }
}

impl<'o> Tail<'o> {
    fn of(outcome: &'o Outcome) -> Tail<'o> {
        let skipped = |entry: &'o Skipped| SkippedEntry {
            path: &entry.path,
            reason: &entry.reason,
        };
        Tail {
            not_evaluated: outcome
                .not_evaluated
                .iter()
                .map(NotEvaluatedEntry::of)
                .collect(),
            skipped: outcome.skipped.iter().map(skipped).collect(),
        }
    }
}

impl<'o> SummaryLine<'o> {
    pub(super) fn of(outcome: &'o Outcome) -> SummaryLine<'o> {
        SummaryLine {
            head: Head::of(outcome),
            tail: Tail::of(outcome),
        }
    }
}

impl<'f> Finding<'f> {
    pub(super) fn of(finding: &'f Reported) -> Finding<'f> {
        Finding {
            rule: finding.rule.id,
            severity: finding.severity.name(),
            message: &finding.message,
            subject: finding.subject.as_deref().map(SubjectEntry::of),
            location: Location::of(&finding.location),
            related: finding.related.iter().map(Location::of).collect(),
            help: finding.help.as_deref(),
            commands: &finding.commands,
            references: finding.rule.references,
            facts: Facts(&finding.facts),
            key: Some(finding.key.as_str()).filter(|key| !key.is_empty()),
            fingerprint: &finding.fingerprint,
            suppression: finding.suppression.as_ref().map(|suppression| Reason {
                source: suppression.source.name(),
                reason: &suppression.reason,
                until: suppression.until.as_deref(),
            }),
            fix: finding.fix.as_ref().map(|fix| FixEntry {
                description: &fix.description,
                replacements: fix
                    .replacements
                    .iter()
                    .map(|replacement| ReplacementEntry {
                        start: Point::of(replacement.start),
                        end: Point::of(replacement.end),
                        text: &replacement.text,
                    })
                    .collect(),
            }),
        }
    }
}

impl<'f> SubjectEntry<'f> {
    pub(super) fn of(subject: &'f Subject) -> SubjectEntry<'f> {
        SubjectEntry {
            kind: subject.kind.name(),
            id: subject.id.as_deref(),
            app_id: subject.app_id.as_deref(),
            name: subject.name.as_deref(),
        }
    }
}

impl<'f> Location<'f> {
    pub(super) fn of(place: &'f Place) -> Location<'f> {
        Location {
            path: &place.path,
            pointer: &place.pointer,
            record: place.record,
            start: Point::of(place.start),
            end: Point::of(place.end),
            label: Some(place.label.as_str()).filter(|label| !label.is_empty()),
        }
    }
}

impl Point {
    fn of(position: Position) -> Point {
        Point {
            line: position.line,
            column: position.column,
            offset: position.offset,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

    #[test]
    fn the_report_keeps_to_its_schema() {
        let schema = samples::schema("report");
        let validator = jsonschema::validator_for(&schema).expect("a schema");
        let (outcome, findings) = samples::run();
        for findings in [&findings[..], &[]] {
            let text = samples::render(&mut Json::new(), &outcome, findings);
            let report = serde_json::from_str(&text).expect("JSON");
            let errors: Vec<String> = validator
                .iter_errors(&report)
                .map(|error| error.to_string())
                .collect();
            assert!(errors.is_empty(), "{errors:#?}");
        }
    }

    #[test]
    fn what_is_hidden_is_escaped_and_stays() {
        let (outcome, mut findings) = samples::run();
        findings[0].message = "a\u{202e}b\u{1b}[31m\u{9b}\u{2028}##vso[x]\u{7f}".to_owned();
        let text = samples::render(&mut Json::new(), &outcome, &findings[..1]);
        assert!(
            text.contains(r"a\u202eb\u001b[31m\u009b\u2028\u0023#vso[x]\u007f"),
            "{text}"
        );
        let report: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(
            report["findings"][0]["message"],
            findings[0].message.as_str()
        );
    }
}
