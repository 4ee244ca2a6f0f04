//! Service principals of every generation and dialect.

use super::fields::{Reading, text};
use super::names::Name;
use crate::json::Value;
use crate::model::ServicePrincipal;

/// Reads one service principal.
pub fn service_principal<'r>(object: Value<'r>, reading: &Reading<'_>) -> ServicePrincipal<'r> {
    let mut found = ServicePrincipal {
        span: object.span(),
        ..ServicePrincipal::default()
    };
    for (name, value) in reading.members(object) {
        if name == Name::Id {
            found.id = text(value);
        }
    }
    found
}
