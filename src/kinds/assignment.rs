//! Azure role assignments in the dialects of ARM, `az`, PowerShell, the portal and audit tools, the
//! schedules of Privileged Identity Management, and deny assignments.

use super::definition::{block, blocks};
use super::fields::{Reading, boolean, date, keep, objects, text};
use crate::json::{Name, Value};
use crate::model::{
    DenyAssignment, DenyPrincipal, Field, RoleAssignment, Schedule, Str, find_ignoring_case,
};

/// Reads one role assignment, or one row of a schedule.
pub fn role_assignment<'r>(object: Value<'r>, reading: &Reading<'_>) -> RoleAssignment<'r> {
    let mut assignment = RoleAssignment {
        span: object.span(),
        ..RoleAssignment::default()
    };
    let mut rest = Rest::default();
    for (name, value) in reading.members(object) {
        match name {
            Name::Id => assignment.id = text(value),
            Name::RoleAssignmentId => keep(&mut assignment.id, text(value)),
            Name::Type => {
                if let Some(schedule) = schedule_of(value) {
                    assignment.schedule = schedule;
                }
            }
            // PowerShell and the portal: the principal's own names.
            Name::ObjectId => keep(&mut assignment.principal, text(value)),
            Name::ObjectType => keep(&mut assignment.principal_type, text(value)),
            Name::SignInName => rest.sign_in_name = text(value),
            Name::DisplayName => rest.display_name = text(value),
            Name::Properties => {
                for (name, value) in reading.members(value) {
                    property(&mut assignment, &mut rest, name, value, reading);
                }
            }
            _ => property(&mut assignment, &mut rest, name, value, reading),
        }
    }
    // People are told by what they sign in with, as in `az`; what cannot sign in by its name.
    for name in [rest.sign_in_name, rest.display_name] {
        if !name.is_absent() {
            keep(&mut assignment.principal_name, name);
        }
    }
    if assignment.schedule == Schedule::None {
        assignment.schedule = rest.shown;
    }
    if assignment.schedule == Schedule::Assigned && rest.activated {
        assignment.schedule = Schedule::Activated;
    }
    assignment
}

/// What has to be seen whole before it says anything.
#[derive(Default)]
struct Rest<'r> {
    sign_in_name: Field<Str<'r>>,
    display_name: Field<Str<'r>>,
    /// What sort of schedule the properties show, where the type is left out.
    shown: Schedule,
    activated: bool,
}

/// Reads what stands at the root in flat dialects, and under `properties` in ARM's.
fn property<'r>(
    assignment: &mut RoleAssignment<'r>,
    rest: &mut Rest<'r>,
    name: Name,
    value: Value<'r>,
    reading: &Reading<'_>,
) {
    match name {
        Name::PrincipalId => assignment.principal = text(value),
        Name::PrincipalType => assignment.principal_type = text(value),
        Name::PrincipalName => assignment.principal_name = text(value),
        Name::PrincipalEmail => rest.sign_in_name = text(value),
        Name::PrincipalDisplayName => rest.display_name = text(value),
        Name::RoleDefinitionId => assignment.role = text(value),
        Name::RoleDefinitionName => assignment.role_name = text(value),
        Name::RoleDefinitionDisplayName => keep(&mut assignment.role_name, text(value)),
        Name::Scope => assignment.scope = text(value),
        Name::ScopeId => keep(&mut assignment.scope, text(value)),
        Name::Condition => assignment.condition = text(value),
        Name::ConditionVersion => assignment.condition_version = text(value),
        Name::CreatedOn => assignment.created = date(value),
        Name::DelegatedManagedIdentityResourceId => assignment.delegated_identity = text(value),
        Name::EndDateTime => assignment.ends = date(value),
        Name::Status => assignment.status = text(value),
        Name::MemberType => assignment.member_type = text(value),
        Name::AssignmentType => {
            rest.shown = strongest(rest.shown, Schedule::Assigned);
            rest.activated = is_activated(value);
        }
        Name::RoleEligibilityScheduleId | Name::RoleEligibilityScheduleRequestId => {
            rest.shown = strongest(rest.shown, Schedule::Eligible);
        }
        Name::RoleAssignmentScheduleId | Name::RoleAssignmentScheduleRequestId => {
            rest.shown = strongest(rest.shown, Schedule::Assigned);
        }
        Name::RequestType => rest.shown = Schedule::Request,
        Name::ScheduleInfo => assignment.ends = expiration(value, reading),
        Name::ExpandedProperties => {
            for (name, value) in reading.members(value) {
                match name {
                    Name::RoleDefinition => {
                        keep(&mut assignment.role_name, display_name(value, reading));
                    }
                    Name::Principal => {
                        let name = display_name(value, reading);
                        keep(&mut rest.display_name, name);
                    }
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

/// Of two signs of what a row is, the one that says more: a request names the schedule it is for.
fn strongest(one: Schedule, other: Schedule) -> Schedule {
    match one {
        Schedule::None => other,
        _ => one,
    }
}

/// Whether `assignmentType` says that somebody activated an eligible role.
pub(super) fn is_activated(value: Value<'_>) -> bool {
    value
        .as_str()
        .is_some_and(|text| text.eq_ignore_ascii_case("Activated"))
}

fn display_name<'r>(object: Value<'r>, reading: &Reading<'_>) -> Field<Str<'r>> {
    reading
        .members(object)
        .find(|(name, _)| *name == Name::DisplayName)
        .map_or(Field::Absent, |(_, value)| text(value))
}

/// `scheduleInfo.expiration.endDateTime`.
pub(super) fn expiration<'r>(info: Value<'r>, reading: &Reading<'_>) -> Field<crate::model::Date> {
    reading
        .members(info)
        .filter(|(name, _)| *name == Name::Expiration)
        .flat_map(|(_, expiration)| reading.members(expiration))
        .find(|(name, _)| *name == Name::EndDateTime)
        .map_or(Field::Absent, |(_, value)| date(value))
}

/// What sort of schedule a row of a type is, such as
/// `Microsoft.Authorization/RoleEligibilityScheduleInstances`; none for ordinary assignments.
pub(super) fn schedule_of(kind: Value<'_>) -> Option<Schedule> {
    let kind = kind.as_str()?;
    // Ordinary assignments, of which there are most, are done here.
    let schedule = find_ignoring_case(&kind, "schedule")?;
    let (before, after) = kind.split_at(schedule);
    if find_ignoring_case(after, "request").is_some() {
        return Some(Schedule::Request);
    }
    if find_ignoring_case(before, "roleeligibility").is_some() {
        return Some(Schedule::Eligible);
    }
    find_ignoring_case(before, "roleassignment").map(|_| Schedule::Assigned)
}

/// Reads one deny assignment.
pub fn deny_assignment<'r>(object: Value<'r>, reading: &Reading<'_>) -> DenyAssignment<'r> {
    let mut deny = DenyAssignment {
        span: object.span(),
        ..DenyAssignment::default()
    };
    let mut flat = true;
    for (name, value) in reading.members(object) {
        match name {
            Name::Id => deny.id = text(value),
            Name::Properties => {
                flat = false;
                for (name, value) in reading.members(value) {
                    deny_property(&mut deny, name, value, reading);
                }
            }
            _ => deny_property(&mut deny, name, value, reading),
        }
    }
    if flat && deny.blocks.is_empty() {
        // PowerShell has no blocks: the lists stand at the root.
        deny.blocks.push(block(object, reading));
    }
    deny
}

fn deny_property<'r>(
    deny: &mut DenyAssignment<'r>,
    name: Name,
    value: Value<'r>,
    reading: &Reading<'_>,
) {
    match name {
        Name::DenyAssignmentName => deny.name = text(value),
        Name::Scope => deny.scope = text(value),
        Name::Permissions => deny.blocks = blocks(value, reading).items,
        Name::Principals => deny.principals = objects(value, |v| deny_principal(v, reading)),
        Name::ExcludePrincipals => deny.excluded = objects(value, |v| deny_principal(v, reading)),
        Name::DoNotApplyToChildScopes => deny.not_child_scopes = boolean(value),
        Name::IsSystemProtected => deny.system = boolean(value),
        _ => {}
    }
}

fn deny_principal<'r>(object: Value<'r>, reading: &Reading<'_>) -> DenyPrincipal<'r> {
    let mut principal = DenyPrincipal::default();
    for (name, value) in reading.members(object) {
        match name {
            Name::Id | Name::ObjectId => principal.id = text(value),
            Name::Type | Name::ObjectType => principal.kind = text(value),
            _ => {}
        }
    }
    principal
}
