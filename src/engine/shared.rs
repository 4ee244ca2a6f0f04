//! Findings that only several records together tell.
//!
//! The scan leaves, per key, a 16-byte mark. Marks that stand twice are rare; only their records
//! are read again, and only then are the keys themselves compared.

use std::collections::HashSet;
use std::sync::Arc;

use super::keys::{Entry, Keys};
use super::look::Looker;
use super::source::Source;
use crate::kinds::Object;
use crate::model::{Application, Guid, Span};
use crate::rules::credential::{CREDENTIAL_SHARED, shared as word_shared};
use crate::rules::document::{CONFLICTING_OBJECTS, conflicting};
use crate::rules::hygiene::{
    DISPLAY_NAME_SHARED, IDENTIFIER_URI_SHARED, Shared, shared as word_text,
};
use crate::rules::{Filter, Rule, Severity, Subject, Wording};
use crate::settings::Settings;
use crate::tenant::{self, At, SharedKey, Sort, comparable, shared_keys};

/// A place in the record of some object.
#[derive(Clone, Debug)]
pub struct SharedPlace {
    pub at: At,
    /// Within the record.
    pub span: Span,
    pub label: String,
}

/// A finding about several records, worded at once: there are few.
#[derive(Clone, Debug)]
pub struct SharedFinding {
    pub rule: &'static Rule,
    pub severity: Severity,
    pub subject: Arc<Subject>,
    pub primary: SharedPlace,
    pub related: Vec<SharedPlace>,
    pub wording: Wording,
}

/// Records looked at per key: enough to tell, few enough to stay quick on a hostile export.
const RECORDS_PER_KEY: usize = 16;

/// A name stands once in each application, so that many of them cost no more than they are.
const RECORDS_PER_NAME: usize = 1000;

/// The rules about records with the same key, and how severe each is; `None` for one that is off.
fn wanted(settings: &Settings) -> [Option<(&'static Rule, Severity)>; 4] {
    [
        &CONFLICTING_OBJECTS,
        &CREDENTIAL_SHARED,
        &IDENTIFIER_URI_SHARED,
        &DISPLAY_NAME_SHARED,
    ]
    .map(|rule| {
        let severity = settings.policy.judge(rule, rule.index(), rule.severity);
        severity.map(|severity| (rule, severity))
    })
}

/// What [`join`] looks at: in order, the keys that may stand in several records.
pub fn candidates(settings: &Settings, keys: Keys) -> Vec<Entry> {
    match wanted(settings) {
        [None, None, None, None] => Vec::new(),
        _ => keys.repeated(),
    }
}

/// Finds keys that stand in several records and judges those records together. What is found comes
/// in the order of its sources.
pub fn join(settings: &Settings, sources: &[Box<Source>], entries: &[Entry]) -> Vec<SharedFinding> {
    let [conflicts, credentials, uris, names] = wanted(settings);
    let looker = Looker::new(sources);
    let mut out = Vec::new();
    let mut pairs = HashSet::new();
    for group in entries.chunk_by(|a, b| a.mark == b.mark) {
        let Some(mark) = group.first().map(|entry| entry.mark) else {
            continue;
        };
        let (rule, most) = match Sort::of(mark) {
            Sort::Object => (conflicts, RECORDS_PER_KEY),
            Sort::Credential => (credentials, RECORDS_PER_KEY),
            Sort::IdentifierUri => (uris, RECORDS_PER_KEY),
            Sort::DisplayName => (names, RECORDS_PER_NAME),
        };
        let Some((rule, severity)) = rule.filter(|_| group.len() > 1) else {
            continue;
        };
        let mut loaded: Vec<Loaded> = group
            .iter()
            .take(most)
            .filter_map(|entry| Loaded::read(&looker, *entry))
            .collect();
        // Whom a finding is about must not hang on the order of an export, or it would be another
        // finding in the next one.
        loaded.sort_by_key(|loaded| (loaded.object_id, loaded.app_id));
        let Some((first, others)) = loaded.split_first() else {
            continue;
        };
        // One application may have been exported more than once.
        let mut told = HashSet::new();
        for other in others {
            // Marks may collide; one object may hold a key twice (a secret listed twice).
            if other.key != first.key || other.text != first.text || other.at == first.at {
                continue;
            }
            let different = first.is_another_than(other);
            let mut wording = Wording::default();
            let label = match first.key {
                // A plan is meant to differ from what is there.
                SharedKey::ObjectId(_) if first.coded || other.coded => continue,
                SharedKey::ObjectId(id) => {
                    let differences = differences(&first.facts, &other.facts);
                    if differences.is_empty() {
                        continue;
                    }
                    conflicting(&mut wording, id, &differences);
                    "the other one"
                }
                SharedKey::KeyId(_) | SharedKey::Thumbprint(_)
                    if different && pairs.insert((first.at, other.at)) =>
                {
                    let certificate = matches!(first.key, SharedKey::Thumbprint(_));
                    word_shared(
                        &mut wording,
                        certificate,
                        &first.name(),
                        &other.cli_id,
                        &first.key_text(),
                    );
                    "the same here"
                }
                SharedKey::IdentifierUri(_) | SharedKey::DisplayName(_)
                    if different && told.insert((other.object_id, other.app_id)) =>
                {
                    let what = match first.key {
                        SharedKey::IdentifierUri(_) => Shared::IdentifierUri(&other.text),
                        _ => Shared::DisplayName,
                    };
                    word_text(
                        &mut wording,
                        what,
                        &first.name(),
                        &first.cli_id,
                        &other.cli_id,
                    );
                    "the first one"
                }
                _ => continue,
            };
            out.push(finding(rule, severity, first, other, wording, label));
        }
    }
    out.sort_by_key(|finding| finding.primary.at.source);
    out
}

fn finding(
    rule: &'static Rule,
    severity: Severity,
    first: &Loaded,
    other: &Loaded,
    wording: Wording,
    label: &str,
) -> SharedFinding {
    let place = |loaded: &Loaded, label: &str| SharedPlace {
        at: loaded.at,
        span: loaded.span,
        label: label.to_owned(),
    };
    SharedFinding {
        rule,
        severity,
        subject: Arc::clone(&other.subject),
        primary: place(other, &wording.label.clone()),
        related: vec![place(first, label)],
        wording,
    }
}

/// A record that was read again for a key.
struct Loaded {
    at: At,
    key: SharedKey,
    span: Span,
    /// The key as it is compared, where it is a text.
    text: String,
    object_id: Option<Guid>,
    app_id: Option<Guid>,
    cli_id: String,
    subject: Arc<Subject>,
    facts: Vec<(&'static str, String)>,
    /// A template or plan describes it: it may be the one that an export shows.
    coded: bool,
}

impl Loaded {
    fn read(looker: &Looker<'_>, entry: Entry) -> Option<Loaded> {
        looker.object(entry.at, |opened| {
            let Object::Application(app) = opened.object else {
                return None;
            };
            let mut same = None;
            shared_keys(opened.object, |key, span| {
                let kept = tenant::Entry::of(key, span);
                if kept.mark == entry.mark && kept.span == entry.span {
                    same.get_or_insert((key, span));
                }
            });
            let (key, span) = same?;
            Some(Loaded {
                at: entry.at,
                key,
                span: opened.place(span),
                text: key_text(app, key, span),
                object_id: app.id.spanned().and_then(|id| id.guid()),
                app_id: app.app_id.spanned().and_then(|id| id.guid()),
                cli_id: app.cli_id(),
                subject: opened.subject().into(),
                facts: facts(app),
                coded: opened.code.is_some(),
            })
        })?
    }

    /// Whether the two are certainly different objects: one application may have been exported
    /// twice, once or both times without its ids.
    fn is_another_than(&self, other: &Loaded) -> bool {
        if (self.coded || other.coded) && self.at.source != other.at.source {
            return false;
        }
        match (self.object_id, other.object_id, self.app_id, other.app_id) {
            (Some(one), Some(two), ..) | (_, _, Some(one), Some(two)) => one != two,
            _ => false,
        }
    }

    fn name(&self) -> String {
        self.subject
            .name
            .clone()
            .or_else(|| self.subject.app_id.clone())
            .unwrap_or_else(|| "without a name".to_owned())
    }

    fn key_text(&self) -> String {
        match self.key {
            SharedKey::ObjectId(id) | SharedKey::KeyId(id) => id.to_string(),
            SharedKey::Thumbprint(value) => format!("{value:032x}"),
            SharedKey::IdentifierUri(_) | SharedKey::DisplayName(_) => self.text.clone(),
        }
    }
}

/// The text that a mark stands for; empty for other keys.
fn key_text(app: &Application<'_>, key: SharedKey, span: Span) -> String {
    let text = match key {
        SharedKey::IdentifierUri(_) => app
            .identifier_uris
            .iter()
            .find(|uri| uri.span == span)
            .map(|uri| &*uri.value),
        SharedKey::DisplayName(_) => app.display_name.value().map(|name| &**name),
        _ => None,
    };
    comparable(text.unwrap_or(""))
}

/// What two exports of one application must agree on, as far as the document tells it: name of
/// the aspect and one value, sorted.
fn facts(app: &Application<'_>) -> Vec<(&'static str, String)> {
    let mut out = Vec::new();
    if let Some(audience) = app.audience() {
        out.push(("audience", audience.key().to_owned()));
    }
    for redirect in &app.redirects {
        out.push(("redirects", redirect.uri.to_string()));
    }
    for secret in app.secrets.iter() {
        out.push(("secrets", secret.key().to_lowercase()));
    }
    for certificate in app.certificates.iter() {
        out.push(("certificates", certificate.key().to_lowercase()));
    }
    for resource in &app.required.resources {
        for permission in &resource.permissions {
            if let (Some(api), Some(id)) = (resource.guid, permission.guid) {
                out.push(("permissions", format!("{api}/{id}")));
            }
        }
    }
    if let Some(name) = app.display_name.value() {
        // AzureHound writes names in upper case.
        out.push(("displayName", name.to_lowercase()));
    }
    out.sort();
    out.dedup();
    out
}

/// The aspects in which both tell something, and not the same.
fn differences(one: &[(&'static str, String)], two: &[(&'static str, String)]) -> Vec<String> {
    let of = |facts: &[(&'static str, String)], aspect: &str| -> Vec<String> {
        facts
            .iter()
            .filter(|(name, _)| *name == aspect)
            .map(|(_, value)| value.clone())
            .collect()
    };
    [
        "audience",
        "certificates",
        "displayName",
        "permissions",
        "redirects",
        "secrets",
    ]
    .into_iter()
    .filter(|aspect| {
        let (one, two) = (of(one, aspect), of(two, aspect));
        !one.is_empty() && !two.is_empty() && one != two
    })
    .map(str::to_owned)
    .collect()
}
