//! Findings that only several records together tell.
//!
//! The scan leaves, per key, a 16-byte mark. Marks that stand twice are rare; only their records
//! are read again, and only then are the keys themselves compared.

use std::collections::HashSet;

use super::source::{Record, Source};
use crate::json::{Tape, read};
use crate::kinds::{self, Object};
use crate::model::{Application, Guid, ObjectKind, Span};
use crate::rules::credential::{CREDENTIAL_SHARED, shared as word_shared};
use crate::rules::document::{CONFLICTING_OBJECTS, conflicting};
use crate::rules::hygiene::{
    DISPLAY_NAME_SHARED, IDENTIFIER_URI_SHARED, Shared, shared as word_text,
};
use crate::rules::{Filter, Rule, Severity, Subject, Wording};
use crate::settings::Settings;
use crate::tenant::{At, Gathered, SharedKey, Sort, comparable};

/// A place in some record of some source.
#[derive(Clone, Debug)]
pub struct SharedPlace {
    pub source: usize,
    pub record: Record,
    /// Within the record.
    pub span: Span,
    pub label: String,
}

/// A finding about several records, worded at once: there are few.
#[derive(Clone, Debug)]
pub struct SharedFinding {
    pub rule: &'static Rule,
    pub severity: Severity,
    pub subject: Subject,
    pub primary: SharedPlace,
    pub related: Vec<SharedPlace>,
    pub wording: Wording,
}

/// One record with a key of the index.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    mark: u64,
    source: u32,
    record: u32,
    span: u32,
}

/// Records looked at per key: enough to tell, few enough to stay quick on a hostile export.
const RECORDS_PER_KEY: usize = 16;

/// A name stands once in each application, so that many of them cost no more than they are.
const RECORDS_PER_NAME: usize = 1000;

/// Finds keys that stand in several records and judges those records together.
pub fn join(
    settings: &Settings,
    sources: &[Source],
    shared: &mut Vec<(At, crate::tenant::Entry)>,
) -> Vec<SharedFinding> {
    let wanted = |rule: &'static Rule| {
        settings
            .policy
            .judge(rule, rule.index(), rule.severity)
            .map(|severity| (rule, severity))
    };
    let conflicts = wanted(&CONFLICTING_OBJECTS);
    let credentials = wanted(&CREDENTIAL_SHARED);
    let uris = wanted(&IDENTIFIER_URI_SHARED);
    let names = wanted(&DISPLAY_NAME_SHARED);
    if [conflicts, credentials, uris, names] == [None; 4] {
        return Vec::new();
    }
    let mut entries: Vec<Entry> = std::mem::take(shared)
        .into_iter()
        .map(|(at, entry)| Entry {
            mark: entry.mark,
            source: at.source,
            record: at.record,
            span: entry.span,
        })
        .collect();
    entries.sort_unstable();
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
            .filter_map(|entry| Loaded::read(sources, *entry))
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
            if other.key != first.key || other.text != first.text || other.place() == first.place()
            {
                continue;
            }
            let different = first.is_another_than(other);
            match first.key {
                SharedKey::ObjectId(id) => {
                    let differences = differences(&first.facts, &other.facts);
                    if !differences.is_empty() {
                        let mut wording = Wording::default();
                        conflicting(&mut wording, id, &differences);
                        out.push(finding(
                            rule,
                            severity,
                            first,
                            other,
                            wording,
                            "the other one",
                        ));
                    }
                }
                SharedKey::KeyId(_) | SharedKey::Thumbprint(_)
                    if different && pairs.insert((first.place(), other.place())) =>
                {
                    let mut wording = Wording::default();
                    let certificate = matches!(first.key, SharedKey::Thumbprint(_));
                    let name = first.name();
                    word_shared(
                        &mut wording,
                        certificate,
                        &name,
                        &other.cli_id,
                        &first.key_text(),
                    );
                    out.push(finding(
                        rule,
                        severity,
                        first,
                        other,
                        wording,
                        "the same here",
                    ));
                }
                SharedKey::IdentifierUri(_) | SharedKey::DisplayName(_)
                    if different && told.insert((other.object_id, other.app_id)) =>
                {
                    let what = match first.key {
                        SharedKey::IdentifierUri(_) => Shared::IdentifierUri(&other.text),
                        _ => Shared::DisplayName,
                    };
                    let mut wording = Wording::default();
                    word_text(
                        &mut wording,
                        what,
                        &first.name(),
                        &first.cli_id,
                        &other.cli_id,
                    );
                    out.push(finding(
                        rule,
                        severity,
                        first,
                        other,
                        wording,
                        "the first one",
                    ));
                }
                _ => {}
            }
        }
    }
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
        source: loaded.source,
        record: loaded.record,
        span: loaded.span,
        label: label.to_owned(),
    };
    SharedFinding {
        rule,
        severity,
        subject: other.subject.clone(),
        primary: place(other, &wording.label.clone()),
        related: vec![place(first, label)],
        wording,
    }
}

/// A record that was read again for a key.
struct Loaded {
    source: usize,
    record: Record,
    key: SharedKey,
    span: Span,
    /// The key as it is compared, where it is a text.
    text: String,
    /// Where the object begins in its record, which may hold several.
    at: u32,
    object_id: Option<Guid>,
    app_id: Option<Guid>,
    cli_id: String,
    subject: Subject,
    facts: Vec<(&'static str, String)>,
}

impl Loaded {
    fn read(sources: &[Source], entry: Entry) -> Option<Loaded> {
        let source = &sources[entry.source as usize];
        let record = source.indexed[entry.record as usize];
        let text = source.text(record.offset, record.len as usize).ok()?;
        let mut tape = Tape::default();
        read::record(&text, &mut tape).ok()?;
        for part in kinds::unwrap(tape.root(&text)).objects {
            if part.recognise() != Ok(ObjectKind::Application) {
                continue;
            }
            let object = kinds::build(ObjectKind::Application, part.value, &part.reading());
            let mut gathered = Gathered {
                keep_keys: true,
                ..Gathered::default()
            };
            gathered.add(&object);
            let found = gathered
                .keys
                .iter()
                .zip(&gathered.entries)
                .find(|((_, span), kept)| kept.mark == entry.mark && span.start == entry.span);
            if let (Some(((key, span), _)), Object::Application(app)) = (found, &object) {
                return Some(Loaded {
                    source: entry.source as usize,
                    record,
                    key: *key,
                    span: *span,
                    text: key_text(app, *key, *span),
                    at: app.span.start,
                    object_id: app.id.spanned().and_then(|id| id.guid()),
                    app_id: app.app_id.spanned().and_then(|id| id.guid()),
                    cli_id: app.cli_id(),
                    subject: crate::judge::subject_of(&object, ObjectKind::Application),
                    facts: facts(app),
                });
            }
        }
        None
    }

    fn place(&self) -> (usize, u64, u32) {
        (self.source, self.record.offset, self.at)
    }

    /// Whether the two are certainly different objects: one application may have been exported
    /// twice, once or both times without its ids.
    fn is_another_than(&self, other: &Loaded) -> bool {
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
