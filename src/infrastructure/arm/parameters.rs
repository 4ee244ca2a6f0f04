//! Parameters files: what a deployment passes to the template beside them (Microsoft Learn, "Create
//! Resource Manager parameter file").

use std::collections::BTreeMap;

use super::known::Known;
use crate::json::{Kind, Tape, Value, read};

/// Values nest this deep at most; deeper ones are not taken over.
const DEEPEST: usize = 32;

/// The values that a parameters file passes, by name in lower case. What is taken from a key vault
/// is unknown, and so is a file that cannot be read.
pub fn read<'r>(text: &str) -> BTreeMap<String, Known<'r>> {
    let mut tape = Tape::default();
    if read::record(text, &mut tape).is_err() {
        return BTreeMap::new();
    }
    let root = tape.root(text);
    let schema = root.get("$schema").and_then(|schema| schema.as_str());
    if !schema.is_some_and(|schema| schema.contains("eploymentParameters.json")) {
        return BTreeMap::new();
    }
    let parameters = root.get("parameters");
    let members = parameters.iter().flat_map(|list| list.members());
    members
        .filter_map(|member| {
            let value = given(member.value.get("value")?, DEEPEST)?;
            Some((member.name().to_ascii_lowercase(), value))
        })
        .collect()
}

/// A value of the file, where it stands for itself: expressions are not evaluated there.
fn given<'r>(value: Value<'_>, depth: usize) -> Option<Known<'r>> {
    let depth = depth.checked_sub(1)?;
    Some(match value.kind() {
        Kind::Null | Kind::Key => return None,
        Kind::True => Known::Truth(true),
        Kind::False => Known::Truth(false),
        Kind::Number => Known::Number(value.raw().parse().ok()?),
        Kind::String => match value.as_str()?.into_owned() {
            blank if blank.trim().is_empty() => return None,
            text => Known::Text(text),
        },
        Kind::Array => Known::List(
            value
                .elements()
                .map(|element| given(element, depth))
                .collect::<Option<_>>()?,
        ),
        Kind::Object => Known::Object(
            value
                .members()
                .map(|member| Some((member.name().into_owned(), given(member.value, depth)?)))
                .collect::<Option<_>>()?,
        ),
    })
}
