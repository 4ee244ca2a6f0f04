//! Azure role definitions.

use super::fields::{Reading, text};
use super::names::Name;
use crate::json::Value;
use crate::model::RoleDefinition;

/// Reads one role definition.
pub fn role_definition<'r>(object: Value<'r>, reading: &Reading<'_>) -> RoleDefinition<'r> {
    let mut found = RoleDefinition {
        span: object.span(),
        ..RoleDefinition::default()
    };
    for (name, value) in reading.members(object) {
        if name == Name::Id {
            found.id = text(value);
        }
    }
    found
}
