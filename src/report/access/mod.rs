//! The report of `access`: verdicts by instance and application, rendered by three formats.
//!
//! As for findings, a verdict comes with its words written and its places resolved, and a format
//! only arranges them.

mod human;
mod json;
mod markdown;

use std::io::{self, Write};

use super::phrase::count;
use super::{NotEvaluated, Place};
use crate::access::Gate;
use crate::model::Instant;
use crate::rules::{Flow, Subject, Want};
use crate::tenant::Truth;

pub use human::AccessHuman;
pub use json::AccessJson;
pub use markdown::AccessMarkdown;

/// Everything known before the first verdict.
#[derive(Clone, Debug)]
pub struct AccessHead {
    pub evaluated_at: Instant,
    pub profile: String,
    pub want: Want,
    pub files: u64,
    /// What a reader has to know of the input: two versions of one object, several tenants,
    /// instances of one name. May quote the input.
    pub notes: Vec<String>,
}

/// An instance as it is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessInstance {
    /// The resource id as written.
    pub id: String,
    pub name: String,
    /// What tells it from another instance of that name, or another version of itself.
    pub apart: Option<String>,
}

/// An application, or a managed identity, with its verdicts on one instance.
#[derive(Clone, Debug)]
pub struct AccessApplication {
    pub subject: Subject,
    /// What tells it from another version of itself: the file.
    pub apart: Option<String>,
    pub verdicts: Vec<AccessVerdict>,
}

/// One flow.
#[derive(Clone, Debug)]
pub struct AccessVerdict {
    pub flow: Flow,
    /// The registration offers the flow.
    pub offered: bool,
    /// The exit code depends on it.
    pub asked: bool,
    pub read: Truth,
    pub write: Truth,
    pub through: Vec<AccessThrough>,
    /// More than are named.
    pub more: usize,
    pub reasons: Vec<AccessReason>,
}

/// An assignment that lets somebody in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessThrough {
    pub principal: Subject,
    /// `user`, `group` and so on, as a sentence calls it.
    pub what: &'static str,
    /// The role's name, else its GUID.
    pub role: String,
    /// As written in the assignment.
    pub scope: String,
}

/// A gate that is not open.
#[derive(Clone, Debug)]
pub struct AccessReason {
    pub gate: Gate,
    /// Certainly closed; otherwise not known.
    pub closed: bool,
    pub only_write: bool,
    pub rule: Option<&'static str>,
    /// One sentence without a full stop; may quote the input.
    pub message: String,
    /// What exports the documents that would decide it. Where the reason has a rule,
    /// [`AccessEnd::not_evaluated`] has it too, once for all.
    pub command: Option<&'static str>,
    /// `None` when places were not asked for.
    pub location: Option<Place>,
}

/// Everything known after the last verdict.
#[derive(Clone, Debug, Default)]
pub struct AccessEnd {
    /// Verdicts that were asked for, and how many of them are yes, no, and unknown.
    pub asked: u64,
    pub yes: u64,
    pub no: u64,
    pub unknown: u64,
    pub applications: u64,
    /// Applications that the profile was not applied to, or that `--app` left out.
    pub out_of_scope: u64,
    pub not_evaluated: Vec<NotEvaluated>,
}

/// One format.
pub trait AccessReport {
    /// Whether reasons are to bring their places: looking them up reads the input again.
    fn wants_places(&self) -> bool;

    /// Before the first verdict.
    ///
    /// # Errors
    /// What writing to `out` reports; the same for the others.
    fn begin(&mut self, head: &AccessHead, out: &mut dyn Write) -> io::Result<()>;

    /// The verdicts that follow are about this instance; `None` for the applications' side alone.
    ///
    /// # Errors
    /// As for [`AccessReport::begin`].
    fn instance(
        &mut self,
        instance: Option<&AccessInstance>,
        out: &mut dyn Write,
    ) -> io::Result<()>;

    /// One application on that instance.
    ///
    /// # Errors
    /// As for [`AccessReport::begin`].
    fn application(
        &mut self,
        application: &AccessApplication,
        out: &mut dyn Write,
    ) -> io::Result<()>;

    /// After the last verdict.
    ///
    /// # Errors
    /// As for [`AccessReport::begin`].
    fn end(&mut self, end: &AccessEnd, out: &mut dyn Write) -> io::Result<()>;
}

/// `yes`, `no` or `unknown`.
pub(super) fn word(truth: Truth) -> &'static str {
    match truth {
        Truth::Yes => "yes",
        Truth::No => "no",
        Truth::Unknown => "unknown",
    }
}

/// Reasons that several flows share, with those flows: told once. Only flows that are told at
/// length are asked.
pub(super) fn shared<'v>(
    verdicts: &[&'v AccessVerdict],
) -> Vec<(Vec<&'v AccessVerdict>, &'v [AccessReason])> {
    let alike = |one: &AccessReason, other: &AccessReason| {
        (one.gate, one.closed, one.only_write, &one.message)
            == (other.gate, other.closed, other.only_write, &other.message)
    };
    let mut groups: Vec<(Vec<&AccessVerdict>, &[AccessReason])> = Vec::new();
    for &verdict in verdicts.iter().filter(|v| !v.reasons.is_empty()) {
        let same = groups.iter_mut().find(|(_, reasons)| {
            reasons.len() == verdict.reasons.len()
                && reasons
                    .iter()
                    .zip(&verdict.reasons)
                    .all(|(one, other)| alike(one, other))
        });
        match same {
            Some((flows, _)) => flows.push(verdict),
            None => groups.push((vec![verdict], &verdict.reasons)),
        }
    }
    groups
}

/// Verdicts that are told at length, and flows that are folded into one line: those that the
/// registration does not offer, and nobody asked for by name.
pub(super) fn folded(application: &AccessApplication) -> (Vec<&AccessVerdict>, Vec<&'static str>) {
    let offers_any = application.verdicts.iter().any(|verdict| verdict.offered);
    let (told, folded): (Vec<_>, Vec<_>) = application
        .verdicts
        .iter()
        .partition(|verdict| verdict.offered || verdict.asked && offers_any);
    let names = folded.iter().map(|verdict| verdict.flow.name()).collect();
    (told, names)
}

/// A subject's ids in words.
pub(super) fn ids(subject: &Subject) -> String {
    match (&subject.app_id, &subject.id) {
        (Some(app_id), _) => format!("appId {app_id}"),
        (None, Some(id)) => format!("id {id}"),
        (None, None) => String::new(),
    }
}

/// What a subject is called: its name, else its id.
pub(super) fn called(subject: &Subject) -> &str {
    let name = subject
        .name
        .as_deref()
        .filter(|name| !name.trim().is_empty());
    name.or(subject.app_id.as_deref())
        .or(subject.id.as_deref())
        .unwrap_or("without a name")
}
