//! Grants: delegated permissions and application roles.

use super::fields::{Reading, text};
use super::names::Name;
use crate::json::Value;
use crate::model::{AppRoleAssignment, DelegatedGrant};

/// Reads one delegated permission grant.
pub fn delegated_grant<'r>(object: Value<'r>, reading: &Reading<'_>) -> DelegatedGrant<'r> {
    let mut found = DelegatedGrant {
        span: object.span(),
        ..DelegatedGrant::default()
    };
    for (name, value) in reading.members(object) {
        if name == Name::Id {
            found.id = text(value);
        }
    }
    found
}

/// Reads one assignment of an application role.
pub fn app_role_assignment<'r>(object: Value<'r>, reading: &Reading<'_>) -> AppRoleAssignment<'r> {
    let mut found = AppRoleAssignment {
        span: object.span(),
        ..AppRoleAssignment::default()
    };
    for (name, value) in reading.members(object) {
        if name == Name::Id {
            found.id = text(value);
        }
    }
    found
}
