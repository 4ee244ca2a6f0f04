//! A report that was stored as `json`, read again, so that every format can be made of it later.
//!
//! What a stored report does not hold comes from the rules by their ids; the inputs themselves are
//! not read, so there are no excerpts.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::io::{self, Write};
use std::sync::Arc;

use super::document::{self, Fault};
use super::{
    Fix, NotEvaluated, Outcome, Place, Position, Replacement, Report, Reported, Skipped,
    SuppressedBy, Suppression,
};
use crate::json::schema::Schema;
use crate::json::{Kind, Tape, Value};
use crate::model::{Date, ObjectKind};
use crate::rules::{FactValue, Persona, Rule, Severity, Subject, Tally};

pub use super::document::Unfit;

/// The version of the report that this reads.
pub const VERSION: u64 = 1;

/// A stored report that has been checked.
pub struct Stored<'t> {
    root: Value<'t>,
    outcome: Outcome,
}

type Read<T> = Result<T, Fault>;

impl<'t> Stored<'t> {
    /// Reads and checks a whole report.
    ///
    /// # Errors
    /// It is not JSON, no report of ours, of another version, or it speaks of what this version
    /// does not know.
    pub fn new(text: &'t str, tape: &'t mut Tape) -> Result<Stored<'t>, Unfit> {
        let root = document::parse(text, tape)?;
        let outcome = check(root).map_err(|fault| fault.within(text))?;
        Ok(Stored { root, outcome })
    }

    /// Tells it to a report, finding by finding.
    ///
    /// # Errors
    /// Writing to `out` failed.
    pub fn tell(&self, report: &mut dyn Report, out: &mut dyn Write) -> io::Result<()> {
        report.begin(&self.outcome, out)?;
        let mut names = Names::default();
        for value in list(self.root, "findings") {
            // All of them were read once already.
            if let Ok(finding) = finding(value, &mut names) {
                report.finding(&finding, out)?;
            }
        }
        report.end(&self.outcome, out)
    }
}

fn check(root: Value<'_>) -> Read<Outcome> {
    document::check(
        root,
        VERSION,
        Schema::Report,
        "report of entralint check --format json",
    )?;
    let mut names = Names::default();
    for value in list(root, "findings") {
        finding(value, &mut names)?;
    }
    outcome(root)
}

/// Names of facts, of which there are few: a report keeps them for ever.
#[derive(Default)]
struct Names(HashSet<&'static str>);

impl Names {
    fn keep(&mut self, name: &str) -> &'static str {
        if let Some(known) = self.0.get(name) {
            return known;
        }
        let name: &'static str = Box::leak(name.to_owned().into_boxed_str());
        self.0.insert(name);
        name
    }
}

fn member<'t>(value: Value<'t>, name: &str) -> Read<Value<'t>> {
    value
        .get(name)
        .ok_or_else(|| Fault(value.span(), format!("`{name}` is missing")))
}

fn list<'t>(value: Value<'t>, name: &str) -> impl Iterator<Item = Value<'t>> {
    value.get(name).into_iter().flat_map(|list| list.elements())
}

fn text<'t>(value: Value<'t>, name: &str) -> Read<Cow<'t, str>> {
    let value = member(value, name)?;
    value
        .as_str()
        .ok_or_else(|| Fault(value.span(), format!("`{name}` is no text")))
}

/// A text, or null.
fn option(value: Value<'_>, name: &str) -> Option<String> {
    value.get(name)?.as_str().map(Cow::into_owned)
}

fn number(value: Value<'_>) -> Read<u64> {
    document::number(value)
        .ok_or_else(|| Fault(value.span(), "not a whole number that fits".to_owned()))
}

fn count(value: Value<'_>, name: &str) -> Read<u64> {
    number(member(value, name)?)
}

/// One of ours, by name.
fn known<T>(value: Value<'_>, name: &str, find: impl Fn(&str) -> Option<T>) -> Read<T> {
    let word = text(value, name)?;
    find(&word).ok_or_else(|| {
        let span = member(value, name).map_or(value.span(), |value| value.span());
        Fault(
            span,
            format!("this version knows no {name} `{word}`: use the version that wrote the report"),
        )
    })
}

fn kind(name: &str) -> Option<ObjectKind> {
    ObjectKind::ALL.into_iter().find(|kind| kind.name() == name)
}

fn severity(name: &str) -> Option<Severity> {
    Severity::ALL
        .into_iter()
        .find(|severity| severity.name() == name)
}

fn persona(name: &str) -> Option<Persona> {
    [Persona::Regular, Persona::Audit]
        .into_iter()
        .find(|persona| persona.name() == name)
}

fn outcome(root: Value<'_>) -> Read<Outcome> {
    let summary = member(root, "summary")?;
    let mut objects = BTreeMap::new();
    for entry in member(summary, "objects")?.members() {
        let name = entry.name();
        let kind = kind(&name).ok_or_else(|| {
            Fault(
                entry.key.span(),
                format!(
                    "this version knows no kind `{name}`: use the version that wrote the report"
                ),
            )
        })?;
        objects.insert(kind.name(), number(entry.value)?);
    }
    let not_evaluated = list(root, "notEvaluated").map(|entry| {
        Ok(NotEvaluated {
            rule: text(entry, "rule")?.into_owned(),
            reason: text(entry, "reason")?.into_owned(),
            command: text(entry, "command")?.into_owned(),
        })
    });
    let skipped = list(root, "skipped").map(|entry| {
        Ok(Skipped {
            path: text(entry, "path")?.into_owned(),
            reason: text(entry, "reason")?.into_owned(),
        })
    });
    Ok(Outcome {
        fixed: Vec::new(),
        evaluated_at: known(root, "evaluatedAt", |date| Date::parse(date).instant())?,
        profile: text(root, "profile")?.into_owned(),
        persona: known(root, "persona", persona)?,
        files: count(summary, "files")?,
        objects,
        tally: Tally {
            errors: count(summary, "errors")?,
            warnings: count(summary, "warnings")?,
            infos: count(summary, "infos")?,
        },
        suppressed: count(summary, "suppressed")?,
        out_of_scope: count(summary, "outOfScope")?,
        left_out: 0,
        not_evaluated: not_evaluated.collect::<Read<_>>()?,
        skipped: skipped.collect::<Read<_>>()?,
        statistics: None,
    })
}

fn finding(value: Value<'_>, names: &mut Names) -> Read<Reported> {
    let subject = match member(value, "subject")? {
        subject if subject.is_null() => None,
        subject => Some(Arc::new(Subject {
            kind: known(subject, "kind", kind)?,
            id: option(subject, "id"),
            app_id: option(subject, "appId"),
            name: option(subject, "name"),
        })),
    };
    let mut facts = Vec::new();
    for fact in member(value, "facts")?.members() {
        let said = match fact.value.kind() {
            Kind::Number => fact.value.raw().parse().ok().map(FactValue::Number),
            Kind::True | Kind::False => fact.value.as_bool().map(FactValue::Bool),
            Kind::String => fact
                .value
                .as_str()
                .map(|text| FactValue::Text(text.into_owned())),
            _ => continue,
        };
        let said = said
            .ok_or_else(|| Fault(fact.value.span(), "not a whole number that fits".to_owned()))?;
        facts.push((names.keep(&fact.name()), said));
    }
    let suppression = member(value, "suppression")?;
    let command = |value: Value<'_>| value.as_str().map(Cow::into_owned);
    let stored = Reported {
        fix: match value.get("fix") {
            Some(fix) => Some(Fix {
                description: text(fix, "description")?.into_owned(),
                replacements: list(fix, "replacements")
                    .map(|entry| {
                        Ok(Replacement {
                            start: position(entry, "start")?,
                            end: position(entry, "end")?,
                            text: text(entry, "text")?.into_owned(),
                        })
                    })
                    .collect::<Read<_>>()?,
            }),
            None => None,
        },
        rule: known(value, "rule", Rule::find)?,
        severity: known(value, "severity", severity)?,
        message: text(value, "message")?.into_owned(),
        subject,
        location: place(member(value, "location")?)?,
        related: list(value, "related").map(place).collect::<Read<_>>()?,
        help: option(value, "help"),
        commands: list(value, "commands").filter_map(command).collect(),
        facts,
        key: option(value, "key").unwrap_or_default(),
        fingerprint: text(value, "fingerprint")?.into_owned(),
        suppression: option(suppression, "reason").map(|reason| Suppression {
            source: option(suppression, "source")
                .and_then(|name| {
                    let mut all = SuppressedBy::ALL.into_iter();
                    all.find(|source| source.name() == name)
                })
                .unwrap_or_default(),
            reason,
            until: option(suppression, "until"),
        }),
    };
    // It may have been written by hand, or by a version that knew less.
    Ok(stored.hidden())
}

fn position(value: Value<'_>, name: &str) -> Read<Position> {
    let value = member(value, name)?;
    Ok(Position {
        line: count(value, "line")?,
        column: count(value, "column")?,
        offset: count(value, "offset")?,
    })
}

fn place(value: Value<'_>) -> Read<Place> {
    Ok(Place {
        path: text(value, "path")?.as_ref().into(),
        pointer: text(value, "pointer")?.into_owned(),
        record: value.get("record").map(number).transpose()?,
        start: position(value, "start")?,
        end: position(value, "end")?,
        label: option(value, "label").unwrap_or_default(),
        source: None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::{Json, samples};
    use super::*;

    fn report() -> String {
        let (outcome, mut findings) = samples::run();
        // The sample has a rule of its own, with other references.
        findings[0].rule = Rule::find("secret-expired").expect("a rule");
        findings[1].related.push(samples::place("\"appId\"", ""));
        findings[1].location.record = Some(7);
        samples::render(&mut Json::new(), &outcome, &findings)
    }

    fn unfit(text: &str) -> Unfit {
        match Stored::new(text, &mut Tape::default()) {
            Ok(_) => panic!("it was read: {text}"),
            Err(unfit) => unfit,
        }
    }

    #[test]
    fn a_report_comes_back_as_it_went() {
        let text = report();
        let mut tape = Tape::default();
        let stored = Stored::new(&text, &mut tape).map_err(|unfit| unfit.message);
        let mut again = Vec::new();
        let told = stored.map(|stored| stored.tell(&mut Json::new(), &mut again));
        told.expect("a report").expect("a Vec takes all");
        assert_eq!(String::from_utf8(again).expect("UTF-8"), text);
    }

    /// Cut off anywhere, or with one character in place of another.
    #[test]
    fn a_spoilt_report_is_refused_or_read() {
        let text = report();
        for at in (0..text.len()).step_by(7) {
            let mut tape = Tape::default();
            // Only the last line break may be missing.
            let whole = at >= text.trim_end().len();
            let refused = Stored::new(&text[..at], &mut tape).is_err();
            assert_eq!(refused, !whole, "{at}");
            for other in ["é", "\\", "\"", "9", "[", "\u{1}"] {
                let spoilt = format!("{}{other}{}", &text[..at], &text[at + 1..]);
                let stored = Stored::new(&spoilt, &mut tape);
                let told = stored.map(|stored| stored.tell(&mut Json::new(), &mut Vec::new()));
                assert!(told.is_ok_and(|told| told.is_ok()) || unfit(&spoilt).line > 0);
            }
        }
    }

    #[test]
    fn what_is_no_report_is_refused_with_its_place() {
        let text = report();
        for (from, to, line, what) in [
            (
                "\"schemaVersion\": 1",
                "\"schemaVersion\": 2",
                2,
                "schemaVersion 2 is not 1",
            ),
            ("\"schemaVersion\": 1,", "", 1, "no report of entralint"),
            (
                "\"implicit-grant\"",
                "\"no-such-rule\"",
                0,
                "knows no rule `no-such-rule`",
            ),
            (
                "\"servicePrincipal\": 1",
                "\"gadget\": 1",
                0,
                "knows no kind `gadget`",
            ),
            (
                "\"severity\": \"warning\"",
                "\"severity\": \"fatal\"",
                0,
                "/findings/1/severity: ",
            ),
            ("\"errors\": 1", "\"errors\": -1", 0, "/summary/errors: "),
            (
                "\"persona\": \"regular\",",
                "",
                0,
                "\"persona\" is a required property",
            ),
            (
                "\"daysPastExpiry\": 41",
                "\"daysPastExpiry\": 4.5",
                0,
                "whole number",
            ),
            ("\"line\": 4", "\"line\": 4e300", 0, "whole number"),
            (
                "\"evaluatedAt\": \"2026",
                "\"evaluatedAt\": \"9999",
                0,
                "no evaluatedAt `9999",
            ),
            ("\"findings\": [", "\"findings\": [,", 0, "not JSON"),
        ] {
            let broken = text.replacen(from, to, 1);
            assert_ne!(broken, text, "{from}");
            let unfit = unfit(&broken);
            assert!(unfit.message.contains(what), "{from}: {unfit:?}");
            assert!(line == 0 || unfit.line == line, "{from}: {unfit:?}");
        }
        assert!(unfit(&format!("{text}{{}}")).message.contains("more text"));
        assert_eq!(
            unfit("[]").message,
            "no report of entralint check --format json"
        );
    }
}
