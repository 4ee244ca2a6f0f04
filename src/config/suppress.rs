//! `[[suppress]]`: findings that are known and accepted, each with its reason.

use std::ops::Range;

use jiff::civil;
use toml::de::{DeTable, DeValue};
use toml::value::Datetime;

use super::read::{Reader, Value};
use crate::model::{Date, Guid, Instant};
use crate::rules::Subject;

/// Keys of `[[suppress]]`.
pub const SUPPRESS_KEYS: &[&str] = &["rule", "subject", "key", "reason", "until"];

/// One `[[suppress]]`: which findings it covers, why, and how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppress {
    /// The rule's place in `RULES`.
    pub rule: usize,
    /// Client id or object id of the object, as written but for blanks around it.
    pub subject: String,
    /// What the finding's discriminant has to be; any, where nothing is said.
    pub key: Option<String>,
    /// Never blank.
    pub reason: String,
    /// Its last day.
    pub until: Option<Until>,
    /// Where the subject stands in the file: bytes, without a byte order mark.
    pub subject_at: Range<usize>,
}

/// The last day of a suppression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Until {
    /// `2026-12-31`.
    pub date: String,
    /// Its first moment, in UTC.
    pub start: Instant,
    /// Where it stands in the file: bytes, without a byte order mark.
    pub at: Range<usize>,
}

impl Suppress {
    /// Whether it still holds: through the whole of its last day, in UTC.
    pub fn holds(&self, now: Instant) -> bool {
        self.days_late(now).is_none()
    }

    /// For how many days it has not held any more, from 1; `None` while it holds.
    pub fn days_late(&self, now: Instant) -> Option<i64> {
        let late = now.days_since(self.until.as_ref()?.start);
        (late > 0).then_some(late)
    }

    /// Whether the finding with this subject and discriminant is the one it speaks of; the rule is
    /// the caller's. Ids are compared in any case, and of a resource id its last part will do.
    pub fn covers(&self, subject: &Subject, key: &str) -> bool {
        self.is_about(subject) && self.key.as_ref().is_none_or(|own| is_key(own, key))
    }

    fn is_about(&self, subject: &Subject) -> bool {
        let last = self.subject.rsplit('/').next().unwrap_or_default();
        let is = |id: &String| {
            id.eq_ignore_ascii_case(&self.subject)
                || !id.contains('/') && !last.is_empty() && id.eq_ignore_ascii_case(last)
        };
        subject.id.as_ref().is_some_and(is) || subject.app_id.as_ref().is_some_and(is)
    }
}

/// A discriminant as a whole, or a GUID that it is made of: a permission is told apart by its
/// resource, its id and its type, and the id alone is what people know it by.
fn is_key(own: &str, key: &str) -> bool {
    if own == key {
        return true;
    }
    let parts = |text: &str| {
        let mut parts = text.split(['/', ' ']);
        parts.any(|part| part.eq_ignore_ascii_case(own))
    };
    own.eq_ignore_ascii_case(key)
        && key
            .split('/')
            .all(|part| Guid::parse_strict(part).is_some())
        || Guid::parse_strict(own).is_some() && parts(key)
}

impl Reader<'_> {
    pub(super) fn suppressions(&mut self, value: &Value<'_>) {
        let Some(array) = value.get_ref().as_array() else {
            let help = "write a line [[suppress]] for each, and its keys below it".to_owned();
            self.wrong_type("suppress", "a list of tables", value, Some(help));
            return;
        };
        for element in array.iter() {
            if self.full() {
                return;
            }
            match element.get_ref().as_table() {
                Some(table) => self.suppression(table, element.span()),
                None => {
                    let help = "write a line [[suppress]] and its keys below it".to_owned();
                    self.wrong_type("an element of suppress", "a table", element, Some(help));
                }
            }
        }
    }

    fn suppression(&mut self, table: &DeTable<'_>, at: Range<usize>) {
        let before = self.count();
        let (mut rule, mut subject, mut key, mut reason, mut until) =
            (None, None, None, None, None);
        for (name, value) in table {
            match name.get_ref().as_ref() {
                "rule" => rule = self.rule(value),
                "subject" => {
                    let text = self.filled("subject", value);
                    subject = text.map(|text| (text.trim().to_owned(), value.span()));
                }
                "key" => key = self.filled("key", value),
                "reason" => {
                    reason = self
                        .filled("reason", value)
                        .map(|text| text.trim().to_owned());
                }
                "until" => until = self.until(value),
                _ => self.unknown(name, Some("suppress"), SUPPRESS_KEYS),
            }
        }
        for (name, help) in [
            ("rule", "name the rule, as in rule = \"secret-long-lived\""),
            (
                "subject",
                "name the object by its appId or object id; `entralint check -v` prints it",
            ),
            (
                "reason",
                "say why the finding is accepted, as in reason = \"legacy gateway, SEC-412\"",
            ),
        ] {
            if !table.contains_key(name) {
                let message = format!("this [[suppress]] has no {name}");
                self.problem(at.clone(), message, Some(help.to_owned()));
            }
        }
        if let (Some(rule), Some((subject, subject_at)), Some(reason)) = (rule, subject, reason)
            && self.count() == before
        {
            self.suppress(Suppress {
                rule,
                subject,
                key,
                reason,
                until,
                subject_at,
            });
        }
    }

    fn rule(&mut self, value: &Value<'_>) -> Option<usize> {
        let id = self.string("rule", value)?;
        self.known_rule(id, value.span(), None)
    }

    /// A day: TOML's own date, or one in quotes, as the schema for editors knows it.
    fn until(&mut self, value: &Value<'_>) -> Option<Until> {
        let text = match value.get_ref() {
            DeValue::Datetime(date) => day(date),
            DeValue::String(text) => Some(text.as_ref().to_owned()),
            _ => {
                let help = "write it as until = 2026-12-31".to_owned();
                self.wrong_type("until", "a date", value, Some(help));
                return None;
            }
        };
        let parsed = text.and_then(|text| {
            let date: civil::Date = text.parse().ok()?;
            let date = date.to_string();
            // Only what stands there as it is written here: 2026-12-31.
            let start = (date == text).then(|| Date::parse(&date).instant())??;
            Some((date, start))
        });
        let Some((date, start)) = parsed else {
            self.problem(
                value.span(),
                "until: this is no day, or none of this century".to_owned(),
                Some("write a day that exists, as in until = 2026-12-31".to_owned()),
            );
            return None;
        };
        Some(Until {
            date,
            start,
            at: value.span(),
        })
    }
}

/// The day of a date that has no time.
fn day(date: &Datetime) -> Option<String> {
    match (&date.date, &date.time) {
        (Some(day), None) => Some(day.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;
    use crate::model::ObjectKind;

    fn suppress(more: &str) -> Suppress {
        let text = format!("[[suppress]]\nrule = \"secret-expired\"\nreason = \" x \"\n{more}\n");
        let config = parse(text.as_bytes()).expect("a good configuration");
        config.suppress[0].clone()
    }

    fn app(id: &str, app_id: &str) -> Subject {
        Subject {
            kind: ObjectKind::Application,
            id: Some(id.to_owned()),
            app_id: Some(app_id.to_owned()),
            name: None,
        }
    }

    #[test]
    fn it_holds_through_its_last_day() {
        let one = suppress("subject = \"a\"\nuntil = 2026-11-23");
        let now = |text: &str| Date::parse(text).instant().expect("a moment");
        for (text, late) in [
            ("2026-11-22T23:59:59Z", None),
            ("2026-11-23T00:00:00Z", None),
            ("2026-11-23T23:59:59Z", None),
            ("2026-11-24T00:00:00Z", Some(1)),
            ("2027-01-02T12:00:00Z", Some(40)),
        ] {
            assert_eq!(one.days_late(now(text)), late, "{text}");
        }
        assert!(suppress("subject = \"a\"").holds(now("2090-01-01")));
        assert_eq!(one.reason, "x");
    }

    #[test]
    fn ids_in_any_case_and_keys_in_part() {
        let finding = app(
            "0b07f429-9f4b-4714-9392-cc5e8e80c8b0",
            "4589bd03-58cb-4e6c-b17f-b580e39652f8",
        );
        let key = "00000003-0000-0000-c000-000000000000/e1fe6dd8-ba31-4d61-89e7-88639da4683d/scope";
        for (more, covers) in [
            ("subject = \"4589BD03-58cb-4e6c-b17f-b580e39652f8\"", true),
            ("subject = \" 0b07f429-9f4b-4714-9392-cc5e8e80c8b0 \"", true),
            ("subject = \"0b07f429-9f4b-4714-9392-cc5e8e80c8b1\"", false),
            (
                "subject = \"4589bd03-58cb-4e6c-b17f-b580e39652f8\"\nkey = \"E1FE6DD8-ba31-4d61-89e7-88639da4683d\"",
                true,
            ),
            (
                "subject = \"4589bd03-58cb-4e6c-b17f-b580e39652f8\"\nkey = \"e1fe6dd8\"",
                false,
            ),
            (
                "subject = \"4589bd03-58cb-4e6c-b17f-b580e39652f8\"\nkey = \"scope\"",
                false,
            ),
        ] {
            assert_eq!(suppress(more).covers(&finding, key), covers, "{more}");
        }
        let uri = suppress(
            "subject = \"4589bd03-58cb-4e6c-b17f-b580e39652f8\"\nkey = \"http://a.example\"",
        );
        assert!(uri.covers(&finding, "http://a.example"));
        assert!(!uri.covers(&finding, "http://A.example"));
        // The last part of a resource id names a role assignment.
        let assignment = Subject {
            kind: ObjectKind::RoleAssignment,
            app_id: None,
            ..finding
        };
        let long = "subject = \"/subscriptions/x/providers/Microsoft.Authorization/roleAssignments/0B07f429-9f4b-4714-9392-cc5e8e80c8b0\"";
        assert!(suppress(long).covers(&assignment, ""));
    }
}
