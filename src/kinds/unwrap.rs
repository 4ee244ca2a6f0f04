//! Taking wrappers off: pages, batches, collectors' envelopes, recorded examples.
//!
//! Large arrays and pages are split before they are parsed (see `input`); what arrives here is
//! one record, which may itself be a wrapper: a `$batch` response holds pages, AzureHound puts
//! every object into an envelope of its own.

use super::recognise::is_required_access_list;
use crate::json::Value;

/// A wrapper inside a wrapper inside a batch is as deep as real files go.
const DEEPEST: u32 = 6;

/// The objects a record holds, in document order. A list of required permissions is one object.
pub fn unwrap<'r>(value: Value<'r>) -> Vec<Value<'r>> {
    let mut out = Vec::with_capacity(1);
    peel(value, DEEPEST, &mut out);
    out
}

fn peel<'r>(value: Value<'r>, depth: u32, out: &mut Vec<Value<'r>>) {
    if depth == 0 {
        return;
    }
    if value.is_array() {
        if is_required_access_list(value) || !value.elements().any(|e| e.is_object()) {
            out.push(value);
            return;
        }
        for element in value.elements() {
            peel(element, depth - 1, out);
        }
        return;
    }
    if !value.is_object() {
        out.push(value);
        return;
    }
    if let Some(inner) = wrapped(value) {
        for inner in inner {
            peel(inner, depth - 1, out);
        }
        return;
    }
    out.push(value);
}

/// The values inside a wrapper object, or `None` when it is no wrapper.
fn wrapped<'r>(object: Value<'r>) -> Option<Vec<Value<'r>>> {
    let first = object.members().next()?;
    // Full objects have tens of members; wrappers have few, so most records are done here.
    if object.len() > 12 && !first.value.is_array() {
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
