//! Azure Digital Twins instances.

use super::fields::{Reading, text};
use super::names::Name;
use crate::json::Value;
use crate::model::Instance;

/// Reads one instance.
pub fn instance<'r>(object: Value<'r>, reading: &Reading<'_>) -> Instance<'r> {
    let mut found = Instance {
        span: object.span(),
        ..Instance::default()
    };
    for (name, value) in reading.members(object) {
        if name == Name::Id {
            found.id = text(value);
        }
    }
    found
}
