//! Grants: delegated permissions and application roles.

use super::fields::{Reading, date, keep, text};
use crate::json::{Name, Value};
use crate::model::{AppRoleAssignment, DelegatedGrant, Field};

/// Reads one delegated permission grant.
pub fn delegated_grant<'r>(object: Value<'r>, reading: &Reading<'_>) -> DelegatedGrant<'r> {
    let mut grant = DelegatedGrant {
        span: object.span(),
        ..DelegatedGrant::default()
    };
    for (name, value) in reading.members(object) {
        match name {
            Name::Id => grant.id = text(value),
            // Azure AD Graph.
            Name::ObjectId => keep(&mut grant.id, text(value)),
            Name::ClientId => grant.client = text(value),
            Name::ResourceId => grant.resource = text(value),
            Name::PrincipalId => grant.principal = text(value),
            Name::ConsentType => grant.consent_type = text(value),
            Name::Scope => grant.scope = text(value),
            _ => {}
        }
    }
    grant
}

/// Reads one assignment of an application role.
pub fn app_role_assignment<'r>(object: Value<'r>, reading: &Reading<'_>) -> AppRoleAssignment<'r> {
    let mut assignment = AppRoleAssignment {
        span: object.span(),
        ..AppRoleAssignment::default()
    };
    let mut id_of_old = Field::Absent;
    for (name, value) in reading.members(object) {
        match name {
            Name::Id => assignment.id = text(value),
            Name::ObjectId => id_of_old = text(value),
            Name::AppRoleId => assignment.role = text(value),
            Name::PrincipalId => assignment.principal = text(value),
            Name::PrincipalType => assignment.principal_type = text(value),
            Name::PrincipalDisplayName => assignment.principal_name = text(value),
            Name::ResourceId => assignment.resource = text(value),
            Name::ResourceDisplayName => assignment.resource_name = text(value),
            Name::CreatedDateTime => assignment.created = date(value),
            Name::DeletedDateTime | Name::DeletionTimestamp => assignment.deleted = date(value),
            _ => {}
        }
    }
    // In Azure AD Graph `id` is the role, and the assignment's own id is `objectId`.
    if assignment.role.is_absent() && !id_of_old.is_absent() {
        assignment.role = std::mem::replace(&mut assignment.id, id_of_old);
    }
    assignment
}
