//! Policies of a tenant.

use super::fields::{Reading, text};
use super::names::Name;
use crate::json::Value;
use crate::model::{AppManagementPolicy, AuthorizationPolicy, ConsentPolicy};

/// Reads the authorization policy.
pub fn authorization_policy<'r>(
    object: Value<'r>,
    reading: &Reading<'_>,
) -> AuthorizationPolicy<'r> {
    let mut found = AuthorizationPolicy {
        span: object.span(),
        ..AuthorizationPolicy::default()
    };
    for (name, value) in reading.members(object) {
        if name == Name::Id {
            found.id = text(value);
        }
    }
    found
}

/// Reads the admin consent workflow.
pub fn consent_policy<'r>(object: Value<'r>, reading: &Reading<'_>) -> ConsentPolicy<'r> {
    let mut found = ConsentPolicy {
        span: object.span(),
        ..ConsentPolicy::default()
    };
    for (name, value) in reading.members(object) {
        if name == Name::Id {
            found.id = text(value);
        }
    }
    found
}

/// Reads one app management policy.
pub fn app_management_policy<'r>(
    object: Value<'r>,
    reading: &Reading<'_>,
) -> AppManagementPolicy<'r> {
    let mut found = AppManagementPolicy {
        span: object.span(),
        ..AppManagementPolicy::default()
    };
    for (name, value) in reading.members(object) {
        if name == Name::Id {
            found.id = text(value);
        }
    }
    found
}
