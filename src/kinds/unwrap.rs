//! Taking wrappers off: pages, batches, collectors' envelopes, recorded examples.
//!
//! Large arrays and pages are split before they are parsed (see `input`); what arrives here is
//! one record, which may itself be a wrapper: a `$batch` response holds pages, AzureHound puts
//! every object into an envelope of its own.

use super::fields::{Reading, Whose};
use super::recognise::{Unrecognised, is_required_access_list, recognise};
use crate::json::{Member, Value};
use crate::model::{ObjectKind, Relation};

/// AzureHound's file wraps six times (file, list, envelope, data, list, entry); a batch adds two.
const DEEPEST: u32 = 8;

/// What a record holds.
#[derive(Default)]
pub struct Unwrapped<'r> {
    /// Its objects, in document order. A list of required permissions is one object.
    pub objects: Vec<Part<'r>>,
    /// Links to further pages that its wrappers hold.
    pub links: Vec<Member<'r>>,
}

/// One object of a record.
#[derive(Copy, Clone)]
pub struct Part<'r> {
    pub value: Value<'r>,
    /// Whose list it stood in, where the wrapper says so.
    pub whose: Option<Whose<'r>>,
}

impl<'r> Part<'r> {
    /// What kind of object this is. An owner or member is one whatever else it is: what is told
    /// of a service principal there is no export of it.
    ///
    /// # Errors
    /// It is of no known kind.
    pub fn recognise(&self) -> Result<ObjectKind, Unrecognised> {
        let kind = recognise(self.value);
        match (self.whose.and_then(|whose| whose.relation), kind) {
            // AzureHound calls those who hold the role Owner owners, and shows the assignment.
            (Some(_), Ok(ObjectKind::RoleAssignment)) => kind,
            (Some(_), _) if self.value.get("id").is_some() => Ok(ObjectKind::DirectoryObject),
            _ => kind,
        }
    }

    /// How it is read when no member stands twice.
    pub fn reading(&self) -> Reading<'r> {
        Reading {
            skip: &[],
            whose: self.whose,
        }
    }
}

/// Takes all wrappers off a record.
pub fn unwrap<'r>(value: Value<'r>) -> Unwrapped<'r> {
    let mut out = Unwrapped {
        // Most records are one object.
        objects: Vec::with_capacity(1),
        ..Unwrapped::default()
    };
    peel(Part { value, whose: None }, DEEPEST, &mut out);
    out
}

/// The one object of a record that is no list, and in no wrapper, as most of many small files are.
pub fn bare(value: Value<'_>) -> Option<Part<'_>> {
    let part = Part { value, whose: None };
    (value.is_object() && wrapped(part).is_none()).then_some(part)
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

fn peel<'r>(part: Part<'r>, depth: u32, out: &mut Unwrapped<'r>) {
    if depth == 0 {
        return;
    }
    let Part { value, whose } = part;
    if value.is_array() {
        if value.is_empty() {
            // A list or page of nothing is an export of nothing.
            return;
        }
        if is_required_access_list(value) || !value.elements().any(|e| e.is_object()) {
            out.objects.push(part);
            return;
        }
        for value in value.elements() {
            peel(Part { value, whose }, depth - 1, out);
        }
        return;
    }
    if !value.is_object() {
        out.objects.push(part);
        return;
    }
    let Some(inner) = wrapped(part) else {
        out.objects.push(part);
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
fn wrapped<'r>(part: Part<'r>) -> Option<Vec<Part<'r>>> {
    let Part {
        value: object,
        whose,
    } = part;
    // Full objects have tens of members; wrappers have few, so most records are done here.
    if object.is_empty() || object.len() > 12 {
        return None;
    }
    // What a wrapper wraps is an object or a list; grants and assignments hold neither.
    let is_container = |value: Value<'_>| value.is_object() || value.is_array();
    if !object.members().any(|member| is_container(member.value)) {
        return None;
    }
    let one = |value| Part { value, whose };
    if let Some(list) = list_of(object, "value").or_else(|| list_of(object, "data")) {
        let context = object.get("@odata.context").and_then(Whose::of_context);
        let whose = context.or(whose);
        return Some(vec![Part { value: list, whose }]);
    }
    if let Some(responses) = object.get("responses") {
        if responses.is_array() {
            // Microsoft Graph and ARM $batch (Microsoft Learn, "Combine multiple HTTP requests").
            return Some(
                responses
                    .elements()
                    .filter_map(|response| response.get("body").or(response.get("content")))
                    .map(one)
                    .collect(),
            );
        }
        if object.get("parameters").is_some() {
            // An example of an API specification: {parameters, responses: {"200": {body}}}.
            return Some(
                responses
                    .members()
                    .filter_map(|response| response.value.get("body"))
                    .map(one)
                    .collect(),
            );
        }
    }
    if let Some(data) = object.get("data")
        && data.is_object()
        && object.get("kind").is_some()
    {
        // AzureHound's envelope of one object.
        return Some(vec![one(data)]);
    }
    if let Some(application) = object.get("application")
        && application.is_object()
        && let Some(principal) = object.get("servicePrincipal")
    {
        // ScubaGear's test data and exports: both sides of one registration.
        return Some(vec![one(principal), one(application)]);
    }
    belongings(part)
}

/// Members that name the owner of the lists beside them.
const OWNERS: [&str; 5] = ["id", "appId", "objectId", "groupId", "servicePrincipalId"];

/// Lists of what belongs to something that is only named: `{"appId", "owners": […]}`,
/// `{"id", "members": […]}`. AzureHound wraps each entry once more, with the owner's id beside it:
/// `{"appId", "owner": {…}}` (its package `models`).
fn belongings<'r>(part: Part<'r>) -> Option<Vec<Part<'r>>> {
    let mut lists = Vec::new();
    let mut owner = None;
    for member in part.value.members() {
        let is = |name: &&str| member.is_named(name);
        let entry = || {
            Some(match () {
                () if is(&"owner") => Some(Relation::Owner),
                () if is(&"member") => Some(Relation::Member),
                () if is(&"fic") || is(&"assignee") => None,
                () => return None,
            })
        };
        let list = || {
            Some(match () {
                () if is(&"owners") => Some(Relation::Owner),
                () if is(&"members") => Some(Relation::Member),
                () if is(&"federatedIdentityCredentials")
                    || is(&"fics")
                    || is(&"assignees")
                    || is(&"roleAssignments") =>
                {
                    None
                }
                () => return None,
            })
        };
        let value = member.value;
        if value.is_object()
            && let Some(relation) = entry()
        {
            lists.push((value, relation));
        } else if value.is_array()
            && value.elements().all(|element| element.is_object())
            && let Some(relation) = list()
        {
            lists.push((value, relation));
        } else if OWNERS.iter().any(is) {
            // The client id is what other documents know an application by.
            if owner.is_none() || is(&"appId") {
                owner = Some(value);
            }
        } else if !NAMES_BESIDE.iter().any(is) && !member.name().starts_with("@odata.") {
            return None;
        }
    }
    if lists.is_empty() {
        return None;
    }
    let parts = lists.into_iter().map(|(value, relation)| Part {
        value,
        whose: match owner {
            Some(id) => Some(Whose { id, relation }),
            None => part.whose,
        },
    });
    Some(parts.collect())
}

/// What else stands in such a wrapper without making it an object of its own.
const NAMES_BESIDE: [&str; 5] = [
    "displayName",
    "tenantId",
    "tenantName",
    "roleDefinitionId",
    "subscriptionId",
];

fn list_of<'r>(object: Value<'r>, name: &str) -> Option<Value<'r>> {
    object.get(name).filter(|value| value.is_array())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Tape, read};

    #[test]
    fn what_is_bare_is_the_one_object_of_its_record() {
        for (text, expected) in [
            (r#"{"appId": "x", "web": {"redirectUris": []}}"#, true),
            (r#"{"id": "x", "value": "y", "owners": 1}"#, true),
            ("{}", true),
            (r#"{"value": [{"appId": "x"}]}"#, false),
            (r#"{"appId": "x", "owners": [{"id": "y"}]}"#, false),
            (r#"[{"appId": "x"}]"#, false),
            (r#""x""#, false),
        ] {
            let mut tape = Tape::default();
            read::parse(text, 0, &mut tape).unwrap();
            let root = tape.root(text);
            let part = bare(root);
            assert_eq!(part.is_some(), expected, "{text}");
            if let Some(part) = part {
                let unwrapped = unwrap(root);
                assert!(unwrapped.links.is_empty());
                let objects: Vec<u32> = unwrapped.objects.iter().map(|o| o.value.index()).collect();
                assert_eq!(objects, [part.value.index()], "{text}");
            }
        }
    }
}
