//! Assignments that may not have taken effect yet.

use crate::catalog;
use crate::model::RoleAssignment;
use crate::rules::out::one_line;
use crate::rules::{Context, Out, Severity, declare_rule};

declare_rule! {
    /// A role was assigned so recently that it may not have taken effect.
    ///
    /// **Why it matters.** An assignment takes up to ten minutes to reach every endpoint, and one
    /// of a role with data actions at a management group several hours. Access that fails in
    /// that time proves nothing.
    ///
    /// **What is checked.** `createdOn` lies less than ten minutes before the evaluation date, or
    /// less than six hours for a built-in role with data actions at a management group.
    ///
    /// **Fix.** Wait, then get a new token and try again.
    pub static ROLE_RECENT = {
        id: "role-recent",
        group: Role,
        severity: Info,
        persona: Audit,
        needs: [RoleAssignment | RoleSchedule],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/role-based-access-control/troubleshooting#symptom---role-assignment-changes-are-not-being-detected",
        ],
        check: Assignment(recent),
    }
}

const MINUTE: i64 = 60_000;

fn recent(assignment: &RoleAssignment<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    let Some(created) = assignment.created.spanned() else {
        return;
    };
    let Some(moment) = created.value.instant() else {
        return;
    };
    let has_data = assignment
        .role_guid()
        .and_then(catalog::role)
        .is_some_and(|role| role.has_data);
    let at_management_group = assignment.scope.value().is_some_and(|scope| {
        scope
            .to_ascii_lowercase()
            .contains("/microsoft.management/managementgroups/")
    });
    let minutes = if has_data && at_management_group {
        6 * 60
    } else {
        10
    };
    let age = cx.now().0 - moment.0;
    if !(0..minutes * MINUTE).contains(&age) {
        return;
    }
    out.report(Severity::Info, created.span, |say| {
        let role = assignment.role_name.value().map(|name| one_line(name));
        let known = assignment.role_guid().and_then(catalog::role);
        let role = role
            .or(known.map(|role| role.name.to_owned()))
            .unwrap_or_else(|| "a role".to_owned());
        let wait = if minutes > 60 { "several hours" } else { "10 minutes" };
        say.message(format!(
            "{role} was assigned {} minutes before the evaluation date and may take {wait} to take effect",
            age / MINUTE
        ))
        .label("may not be in effect yet")
        .help("wait, then get a new token and try again")
        .fact("minutes", age / MINUTE);
        if assignment.id.value().is_none() {
            say.key(assignment.principal.value().map_or("", |id| id).to_lowercase());
        }
    });
}
