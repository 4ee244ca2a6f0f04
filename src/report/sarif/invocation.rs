//! What a SARIF log says about the run: under which circumstances it was judged, and what was not.

use std::borrow::Cow;

use serde::Serialize;

use super::super::{Outcome, phrase, safe};
use super::{LONGEST, MOST, Message, command};
use crate::rules::RULES;

/// Skipped files that are named.
const SKIPPED: usize = 100;
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Invocation<'o> {
    execution_successful: bool,
    tool_execution_notifications: Vec<Notification>,
    properties: Circumstances<'o>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Notification {
    level: &'static str,
    message: Message,
    #[serde(skip_serializing_if = "Option::is_none")]
    associated_rule: Option<RuleReference>,
}

#[derive(Serialize)]
pub struct RuleReference {
    id: &'static str,
    pub index: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Circumstances<'o> {
    evaluated_at: String,
    profile: Cow<'o, str>,
    persona: &'static str,
}

/// The invocation of a run whose inputs could all be read, or not, with so many results in the log
/// and so many left out.
pub fn of(outcome: &Outcome, successful: bool, kept: u64, cut: u64) -> Invocation<'_> {
    let mut notifications = Vec::new();
    if cut > 0 {
        notifications.push(Notification {
            level: "warning",
            message: Message::new(format!(
                "{} of {} are left out, the least severe first: code scanning takes {MOST}.",
                phrase::count(cut, "result"),
                phrase::thousands(kept + cut),
            )),
            associated_rule: None,
        });
    }
    notifications.extend(gaps(outcome));
    Invocation {
        execution_successful: successful,
        tool_execution_notifications: notifications,
        properties: Circumstances {
            evaluated_at: outcome.evaluated_at.rfc3339(),
            profile: safe::line(&outcome.profile),
            persona: outcome.persona.name(),
        },
    }
}

/// What was not judged and what was not read: a result that is missing is no clean bill.
fn gaps(outcome: &Outcome) -> Vec<Notification> {
    let mut gaps = Vec::new();
    for entry in &outcome.not_evaluated {
        let mut words = format!("Not evaluated: {}", safe::sarif(&entry.reason, LONGEST));
        if !entry.command.is_empty() {
            words.push_str(&format!(". To supply it: {}", command(&entry.command)));
        }
        gaps.push(Notification {
            level: "note",
            message: Message::new(words),
            associated_rule: index(&entry.rule),
        });
    }
    for entry in outcome.skipped.iter().take(SKIPPED) {
        gaps.push(Notification {
            level: "note",
            message: Message::new(format!(
                "Skipped {}: {}",
                safe::sarif(&entry.path, LONGEST),
                safe::sarif(&entry.reason, LONGEST)
            )),
            associated_rule: None,
        });
    }
    if outcome.skipped.len() > SKIPPED {
        let rest = (outcome.skipped.len() - SKIPPED) as u64;
        gaps.push(Notification {
            level: "note",
            message: Message::new(format!("Skipped {} more.", phrase::count(rest, "file"))),
            associated_rule: None,
        });
    }
    gaps
}

/// A rule as results and notifications refer to it.
pub fn index(id: &str) -> Option<RuleReference> {
    let index = RULES.binary_search_by(|rule| rule.id.cmp(id)).ok()?;
    Some(RuleReference {
        id: RULES[index].id,
        index,
    })
}
