//! Azure role assignments in the dialects of ARM, `az`, PowerShell, the portal and audit tools, the
//! schedules of Privileged Identity Management, and deny assignments.

use super::fields::{Reading, text};
use super::names::Name;
use crate::json::Value;
use crate::model::{DenyAssignment, RoleAssignment};

/// Reads one role assignment, or one row of a schedule.
pub fn role_assignment<'r>(object: Value<'r>, reading: &Reading<'_>) -> RoleAssignment<'r> {
    let mut found = RoleAssignment {
        span: object.span(),
        ..RoleAssignment::default()
    };
    for (name, value) in reading.members(object) {
        if name == Name::Id {
            found.id = text(value);
        }
    }
    found
}

/// Reads one deny assignment.
pub fn deny_assignment<'r>(object: Value<'r>, reading: &Reading<'_>) -> DenyAssignment<'r> {
    let mut found = DenyAssignment {
        span: object.span(),
        ..DenyAssignment::default()
    };
    for (name, value) in reading.members(object) {
        if name == Name::Id {
            found.id = text(value);
        }
    }
    found
}
