//! Directory objects, directory roles, sign-in activity, management groups.

use std::borrow::Cow;

use super::assignment::{expiration, is_activated, schedule_of};
use super::fields::{Reading, Whose, boolean, date, is_expanded, keep, objects, text, texts};
use crate::json::{Name, Value};
use crate::model::{
    Date, DirectoryObject, DirectoryRoleAssignment, Field, List, ManagementGroupEntity, Relation,
    Schedule, SignInActivity, Spanned, Str,
};

/// Reads one user, group, device, owner or member.
pub fn directory_object<'r>(object: Value<'r>, reading: &Reading<'r>) -> DirectoryObject<'r> {
    let mut found = DirectoryObject {
        span: object.span(),
        ..DirectoryObject::default()
    };
    if let Some(whose) = reading.whose {
        belongs_to(&mut found, whose);
    }
    let mut shown = None;
    for (name, value) in reading.members(object) {
        match name {
            Name::Id => found.id = text(value),
            Name::ObjectId => keep(&mut found.id, text(value)),
            Name::ODataType | Name::ODataTypeOld | Name::ObjectType => {
                keep(&mut found.kind, kind_of(value));
            }
            Name::ODataContext => {
                if let Some(whose) = Whose::of_context(value) {
                    belongs_to(&mut found, whose);
                }
            }
            Name::DisplayName => found.display_name = text(value),
            Name::UserPrincipalName => {
                found.user_principal_name = text(value);
                if found.user_principal_name.value().is_some() {
                    shown = Some("user");
                }
            }
            Name::UserType => found.user_type = text(value),
            Name::Members if is_expanded(value, object, "members") => {
                found.members = rows(value, Relation::Member, reading);
            }
            Name::AccountEnabled => found.enabled = boolean(value),
            Name::SecurityEnabled | Name::GroupTypes if !value.is_null() => shown = Some("group"),
            Name::DeviceId if !value.is_null() => shown = Some("device"),
            Name::ServicePrincipalType | Name::ServicePrincipalNames if !value.is_null() => {
                shown = Some("servicePrincipal");
            }
            _ => {}
        }
    }
    if let Some(kind) = shown
        && found.kind.value().is_none()
    {
        found.kind = Field::Value(Spanned::new(Cow::Borrowed(kind), object.span()));
    }
    found
}

fn belongs_to<'r>(found: &mut DirectoryObject<'r>, whose: Whose<'r>) {
    found.owned = whose.id();
    found.relation = whose.relation;
}

/// Reads a list of owners or members that stands in what they belong to.
pub(super) fn rows<'r>(
    value: Value<'r>,
    relation: Relation,
    reading: &Reading<'r>,
) -> List<DirectoryObject<'r>> {
    let inner = Reading {
        whose: None,
        ..*reading
    };
    let mut list = objects(value, |entry| directory_object(entry, &inner));
    for row in &mut list.items {
        row.relation = Some(relation);
    }
    list
}

/// The kind in `#microsoft.graph.user`, `Microsoft.DirectoryServices.User` or `User`, as Microsoft
/// Graph spells it.
fn kind_of(value: Value<'_>) -> Field<Str<'_>> {
    const KINDS: [&str; 6] = [
        "user",
        "group",
        "servicePrincipal",
        "application",
        "device",
        "orgContact",
    ];
    let Some(name) = value.as_str() else {
        return text(value);
    };
    let last = name.rsplit('.').next().unwrap_or_default();
    match KINDS.iter().find(|kind| kind.eq_ignore_ascii_case(last)) {
        Some(kind) => Field::Value(Spanned::new(Cow::Borrowed(*kind), value.span())),
        None if last.is_empty() => Field::Null(value.span()),
        None => Field::Value(Spanned::new(Cow::Owned(last.to_owned()), value.span())),
    }
}

/// Reads one assignment of a directory role.
///
/// Rows of schedules look like assignments. What they are is told by their type, or by what only
/// they have: an instance or schedule of an *assignment* has `assignmentType`, one of an
/// *eligibility* has begin, end or member type without it, a request asks for an action.
pub fn directory_role_assignment<'r>(
    object: Value<'r>,
    reading: &Reading<'_>,
) -> DirectoryRoleAssignment<'r> {
    let mut found = DirectoryRoleAssignment {
        span: object.span(),
        ..DirectoryRoleAssignment::default()
    };
    let (mut typed, mut request, mut scheduled, mut activated) = (None, false, false, false);
    for (name, value) in reading.members(object) {
        match name {
            Name::Id => found.id = text(value),
            Name::PrincipalId => found.principal = text(value),
            Name::RoleDefinitionId => found.role = text(value),
            Name::DirectoryScopeId => found.directory_scope = text(value),
            Name::AppScopeId => found.app_scope = text(value),
            Name::AssignmentType => {
                activated = is_activated(value);
                found.assignment_type = text(value);
            }
            Name::EndDateTime => {
                scheduled = true;
                keep(&mut found.ends, date(value));
            }
            Name::ScheduleInfo => {
                scheduled = true;
                keep(&mut found.ends, expiration(value, reading));
            }
            Name::StartDateTime
            | Name::MemberType
            | Name::RoleEligibilityScheduleId
            | Name::RoleAssignmentScheduleId => scheduled = true,
            Name::Action | Name::TargetScheduleId => request = true,
            Name::ODataType | Name::ODataContext => typed = typed.or(schedule_of(value)),
            _ => {}
        }
    }
    found.schedule = match typed {
        Some(Schedule::Assigned) | None if activated => Schedule::Activated,
        Some(schedule) => schedule,
        None if request => Schedule::Request,
        None if found.assignment_type.value().is_some() => Schedule::Assigned,
        None if scheduled => Schedule::Eligible,
        None => Schedule::None,
    };
    found
}

/// Reads when an application was last used, by anybody and in any way.
pub fn sign_in_activity<'r>(object: Value<'r>, reading: &Reading<'_>) -> SignInActivity<'r> {
    let mut found = SignInActivity {
        span: object.span(),
        ..SignInActivity::default()
    };
    for (name, value) in reading.members(object) {
        match name {
            Name::Id => found.id = text(value),
            Name::AppId => found.app_id = text(value),
            Name::LastSignInActivity
            | Name::DelegatedClientSignInActivity
            | Name::DelegatedResourceSignInActivity
            | Name::ApplicationAuthenticationClientSignInActivity
            | Name::ApplicationAuthenticationResourceSignInActivity => {
                for (name, value) in reading.members(value) {
                    if name == Name::LastSignInDateTime {
                        later(&mut found.last, date(value));
                    }
                }
            }
            _ => {}
        }
    }
    found
}

/// Keeps the later of two moments; one that cannot be read may be the later one.
fn later(field: &mut Field<Date>, found: Field<Date>) {
    // From the least telling to the most: nothing, null, no date, a moment, something unreadable.
    let rank = |field: &Field<Date>| match field {
        Field::Absent => (0, None),
        Field::Null(_) => (1, None),
        Field::Value(date) => match date.value {
            Date::Unset => (2, None),
            Date::At(instant) => (3, Some(instant)),
            Date::Never | Date::Unreadable => (4, None),
        },
        Field::Unknown(_) => (5, None),
    };
    if rank(&found) > rank(field) {
        *field = found;
    }
}

/// Reads one management group or subscription.
pub fn management_group<'r>(object: Value<'r>, reading: &Reading<'_>) -> ManagementGroupEntity<'r> {
    let mut found = ManagementGroupEntity {
        span: object.span(),
        ..ManagementGroupEntity::default()
    };
    for (name, value) in reading.members(object) {
        match name {
            Name::Id => found.id = text(value),
            Name::Name => found.name = text(value),
            Name::ParentNameChain => found.parents = texts(value),
            Name::Properties => {
                for (name, value) in reading.members(value) {
                    if name == Name::ParentNameChain {
                        found.parents = texts(value);
                    }
                }
            }
            _ => {}
        }
    }
    found
}
