//! Assignments of roles that nobody knows.

use super::words;
use crate::catalog;
use crate::model::{Guid, Part};
use crate::rules::{Join, JoinOut, Severity, declare_rule};
use crate::tenant::AssignmentRow;

declare_rule! {
    /// An assignment's role is neither built in nor among the exported definitions.
    ///
    /// **Why it matters.** What the assignment gives cannot be told. A role id that the
    /// subscription does not have was mistyped, or comes from another tenant, and gives nothing.
    ///
    /// **What is checked.** The GUID at the end of `roleDefinitionId` against the built-in roles
    /// and the exported definitions. Judged only for subscriptions whose definitions were
    /// exported completely, built-in ones too (`az role definition list`).
    ///
    /// **Fix.** Look up which role was meant (`az role definition list --name <guid>`), delete
    /// the assignment and make it again with a role that exists.
    pub static ROLE_UNKNOWN_DEFINITION = {
        id: "role-unknown-definition",
        group: Role,
        severity: Warning,
        persona: Regular,
        needs: [RoleAssignment | RoleSchedule, RoleDefinition],
        complete: [RoleDefinition],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/role-based-access-control/role-definitions-list",
        ],
        check: JoinedAssignment(unknown_definition),
    }
}

fn unknown_definition(row: &AssignmentRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    let role = cx.tenant.role_of(row);
    if role == Guid::NIL
        || row.is(AssignmentRow::CLASSIC)
        || catalog::role(role).is_some()
        || cx.tenant.definition(role).is_some()
    {
        return;
    }
    let scopes = &cx.tenant.rows.scopes;
    let Some(subscription) = scopes.subscription(row.scope) else {
        return;
    };
    if !cx.tenant.lists_definitions(subscription) {
        return;
    }
    out.report(Severity::Warning, Part::Role, |say| {
        let who = words::principal(cx, row, say);
        say.message(format!(
            "{who} has the role {role} at {}, which is neither built in nor defined in the subscription",
            words::place(cx, row.scope),
        ))
        .label("no role has this id")
        .help("find out which role was meant, and assign that one")
        .fact("role", role)
        .command(format!(
            "az role definition list --name {role} --subscription {}",
            crate::rules::shell_word(subscription)
        ))
        .key(words::key(cx, row));
    });
}
