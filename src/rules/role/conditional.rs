//! Conditions on assignments (attribute-based access control).

use super::{is_data_role, words};
use crate::catalog;
use crate::model::{Field, Part, RoleAssignment, Schedule};
use crate::rules::out::{code, one_line};
use crate::rules::{Context, Join, JoinOut, Out, Severity, declare_rule};
use crate::tenant::AssignmentRow;

declare_rule! {
    /// A data role is assigned under a condition, or a condition has an unknown version.
    ///
    /// **Why it matters.** A condition decides on attributes of each request, which no export
    /// shows: whether the principal gets in cannot be told. Conditions are documented for storage
    /// and queue data and for writing role assignments, not for the data of Azure Digital Twins.
    /// A `conditionVersion` other than `2.0` is not supported at all.
    ///
    /// **What is checked.** An active assignment of one of the profile's data roles, or of an
    /// exported role with its data actions, has a condition. An error on any role when the
    /// condition's version is not `2.0`.
    ///
    /// **Fix.** Assign the role without a condition at the narrowest scope that will do, or write
    /// the condition in version 2.0.
    pub static ROLE_CONDITIONAL = {
        id: "role-conditional",
        group: Role,
        severity: Warning,
        persona: Regular,
        needs: [RoleAssignment | RoleSchedule],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/role-based-access-control/conditions-overview",
            "https://learn.microsoft.com/azure/role-based-access-control/conditions-format",
        ],
        check: Assignment(conditional) | JoinedAssignment(conditional_custom),
    }
}

fn conditional(assignment: &RoleAssignment<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    let Some(condition) = assignment.condition.spanned() else {
        return;
    };
    if matches!(assignment.schedule, Schedule::Eligible | Schedule::Request) {
        return;
    }
    let own_key = |field: &Field<_>, say: &mut crate::rules::Wording| {
        if field.value().is_none() {
            let whom = assignment.principal.value().map_or("", |id| id);
            say.key(whom.to_lowercase());
        }
    };
    if let Some(version) = assignment.condition_version.spanned()
        && version.trim() != "2.0"
        && !version.is_placeholder()
    {
        out.report(Severity::Error, version.span, |say| {
            say.message(format!(
                "the condition of an assignment of {} has version {}, and only 2.0 is supported",
                role_of(assignment),
                code(version)
            ))
            .label("only 2.0 is supported")
            .help("write the condition in version 2.0 and make the assignment again")
            .also(condition.span, "the condition");
            own_key(&assignment.id, say);
        });
        return;
    }
    let is_data_role = cx.settings.profile.as_ref().is_some_and(|profile| {
        let role = assignment.role_guid();
        role.is_some_and(|role| profile.data_roles.contains(&role))
    });
    if !is_data_role || condition.trim().is_empty() {
        return;
    }
    out.report(Severity::Warning, condition.span, |say| {
        say.message(format!(
            "{} is assigned under a condition, so whether it gives access cannot be told",
            role_of(assignment)
        ));
        tell(say);
        own_key(&assignment.id, say);
    });
}

/// Custom roles with the profile's data actions are known when their definitions are.
fn conditional_custom(row: &AssignmentRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    if !row.is(AssignmentRow::CONDITION) || !row.is_active() {
        return;
    }
    let role = cx.tenant.role_of(row);
    let told_before = |data_roles: &[_]| data_roles.contains(&role);
    if cx
        .settings
        .profile
        .as_ref()
        .is_some_and(|p| told_before(&p.data_roles))
        || !is_data_role(cx, role)
    {
        return;
    }
    out.report(Severity::Warning, Part::Condition, |say| {
        let who = words::principal(cx, row, say);
        say.message(format!(
            "{} is assigned to {who} under a condition, so whether it gives access cannot be told",
            words::role(cx, role),
        ));
        tell(say);
        say.key(words::key(cx, row));
        if let Some(definition) = cx.tenant.definition(role) {
            say.see(definition.at, Part::Permissions, "its data actions");
        }
    });
}

fn tell(say: &mut crate::rules::Wording) {
    say.label("decides on each request")
        .help("assign the role without a condition at the narrowest scope that will do");
}

fn role_of(assignment: &RoleAssignment<'_>) -> String {
    let known = assignment.role_guid().and_then(catalog::role);
    match (assignment.role_name.value(), known) {
        (Some(name), _) => one_line(name),
        (None, Some(role)) => role.name.to_owned(),
        (None, None) => "a role".to_owned(),
    }
}
