//! Directory objects, directory roles, sign-in activity, management groups.

use super::fields::{Reading, text};
use super::names::Name;
use crate::json::Value;
use crate::model::{
    DirectoryObject, DirectoryRoleAssignment, ManagementGroupEntity, SignInActivity,
};

/// Reads one user, group, device, owner or member.
pub fn directory_object<'r>(object: Value<'r>, reading: &Reading<'_>) -> DirectoryObject<'r> {
    let mut found = DirectoryObject {
        span: object.span(),
        ..DirectoryObject::default()
    };
    for (name, value) in reading.members(object) {
        if name == Name::Id {
            found.id = text(value);
        }
    }
    found
}

/// Reads one assignment of a directory role.
pub fn directory_role_assignment<'r>(
    object: Value<'r>,
    reading: &Reading<'_>,
) -> DirectoryRoleAssignment<'r> {
    let mut found = DirectoryRoleAssignment {
        span: object.span(),
        ..DirectoryRoleAssignment::default()
    };
    for (name, value) in reading.members(object) {
        if name == Name::Id {
            found.id = text(value);
        }
    }
    found
}

/// Reads one application's sign-in activity.
pub fn sign_in_activity<'r>(object: Value<'r>, reading: &Reading<'_>) -> SignInActivity<'r> {
    let mut found = SignInActivity {
        span: object.span(),
        ..SignInActivity::default()
    };
    for (name, value) in reading.members(object) {
        if name == Name::Id {
            found.id = text(value);
        }
    }
    found
}

/// Reads one management group or subscription.
pub fn management_group<'r>(object: Value<'r>, reading: &Reading<'_>) -> ManagementGroupEntity<'r> {
    let mut found = ManagementGroupEntity {
        span: object.span(),
        ..ManagementGroupEntity::default()
    };
    for (name, value) in reading.members(object) {
        if name == Name::Id {
            found.id = text(value);
        }
    }
    found
}
