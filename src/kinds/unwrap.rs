//! Taking wrappers off: pages, batches, collectors' envelopes, recorded examples.
//!
//! Large arrays and pages are split before they are parsed (see `input`); what arrives here is
//! one record, which may itself be a wrapper: a `$batch` response holds pages, AzureHound puts
//! every object into an envelope of its own.

use super::recognise::is_required_access_list;
use crate::json::{Member, Value};

/// A wrapper inside a wrapper inside a batch is as deep as real files go.
const DEEPEST: u32 = 6;

/// What a record holds.
#[derive(Default)]
pub struct Unwrapped<'r> {
    /// Its objects, in document order. A list of required permissions is one object.
    pub objects: Vec<Value<'r>>,
    /// Links to further pages that its wrappers hold.
    pub links: Vec<Member<'r>>,
}

/// Takes all wrappers off a record.
pub fn unwrap<'r>(value: Value<'r>) -> Unwrapped<'r> {
    let mut out = Unwrapped::default();
    peel(value, DEEPEST, &mut out);
    out
}

/// Names under which a page links to the next one.
pub const NEXT_PAGE: [&str; 6] = [
    "@odata.nextLink",
    "odata.nextLink",
    "nextLink",
    "skip_token",
    "skipToken",
    "$skipToken",
];

fn peel<'r>(value: Value<'r>, depth: u32, out: &mut Unwrapped<'r>) {
    if depth == 0 {
        return;
    }
    if value.is_array() {
        if value.is_empty() {
            // A list or page of nothing is an export of nothing.
            return;
        }
        if is_required_access_list(value) || !value.elements().any(|e| e.is_object()) {
            out.objects.push(value);
            return;
        }
        for element in value.elements() {
            peel(element, depth - 1, out);
        }
        return;
    }
    if !value.is_object() {
        out.objects.push(value);
        return;
    }
    let Some(inner) = wrapped(value) else {
        out.objects.push(value);
        return;
    };
    out.links.extend(value.members().filter(|member| {
        NEXT_PAGE.iter().any(|name| member.is_named(name))
            && member.value.as_str().is_some_and(|link| !link.is_empty())
    }));
    for inner in inner {
        peel(inner, depth - 1, out);
    }
}

/// The values inside a wrapper object, or `None` when it is no wrapper.
fn wrapped<'r>(object: Value<'r>) -> Option<Vec<Value<'r>>> {
    // Full objects have tens of members; wrappers have few, so most records are done here.
    if object.is_empty() || object.len() > 12 {
        return None;
    }
    if let Some(list) = list_of(object, "value").or_else(|| list_of(object, "data")) {
        return Some(vec![list]);
    }
    if let Some(responses) = object.get("responses") {
        if responses.is_array() {
            // Microsoft Graph and ARM $batch (Microsoft Learn, "Combine multiple HTTP requests").
            return Some(
                responses
                    .elements()
                    .filter_map(|response| response.get("body").or(response.get("content")))
                    .collect(),
            );
        }
        if object.get("parameters").is_some() {
            // An example of an API specification: {parameters, responses: {"200": {body}}}.
            return Some(
                responses
                    .members()
                    .filter_map(|response| response.value.get("body"))
                    .collect(),
            );
        }
    }
    if let Some(data) = object.get("data")
        && data.is_object()
        && object.get("kind").is_some()
    {
        // AzureHound's envelope of one object.
        return Some(vec![data]);
    }
    if let Some(application) = object.get("application")
        && application.is_object()
        && let Some(principal) = object.get("servicePrincipal")
    {
        // ScubaGear's test data and exports: both sides of one registration.
        return Some(vec![principal, application]);
    }
    None
}

fn list_of<'r>(object: Value<'r>, name: &str) -> Option<Value<'r>> {
    object.get(name).filter(|value| value.is_array())
}
