//! Assignments that give what another one gives already.

use super::words;
use crate::model::{Guid, Part, Schedule};
use crate::rules::{Join, JoinOut, Severity, declare_rule};
use crate::tenant::{AssignmentRow, ScopeId};

declare_rule! {
    /// A principal has the same role twice, or again below a scope where it has it.
    ///
    /// **Why it matters.** Roles are inherited, so the second assignment adds nothing. But who
    /// takes one of the two away believes that the access is gone, and both count towards the
    /// limit of 4,000 assignments of a subscription.
    ///
    /// **What is checked.** Two role assignments of one principal with one role at the same
    /// scope, or one at a scope above the other, each with its own id. An assignment that was
    /// exported twice is one. Above, an assignment with a condition does not count: it may give
    /// less. Rows of PIM schedules are left alone, for a role that is active through one also
    /// shows as an ordinary assignment.
    ///
    /// **Fix.** Keep the one that is meant and delete the other:
    /// `az role assignment delete --ids <assignment id>`.
    pub static ROLE_DUPLICATE = {
        id: "role-duplicate",
        group: Role,
        severity: Info,
        persona: Regular,
        needs: [RoleAssignment],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/role-based-access-control/scope-overview",
        ],
        check: JoinedAssignment(duplicate),
    }
}

fn duplicate(row: &AssignmentRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    if cx.tenant.principal_of(row) == Guid::NIL
        || cx.tenant.role_of(row) == Guid::NIL
        || !is_plain(row)
    {
        return;
    }
    let scopes = &cx.tenant.rows.scopes;
    let Some(other) = scopes.ancestors(row.scope).find_map(|scope| {
        let mut all = cx.tenant.assignments_like(row, scope);
        all.find(|other| makes_redundant(other, row))
    }) else {
        return;
    };
    out.report(Severity::Info, Part::Scope, |say| {
        let (role, place) = (
            words::role(cx, cx.tenant.role_of(row)),
            words::place(cx, row.scope),
        );
        let who = words::principal(cx, row, say);
        say.message(if other.scope == row.scope {
            format!("{who} has {role} twice at {place}")
        } else {
            let above = words::place(cx, other.scope);
            format!("{who} has {role} at {place}, and inherits it from {above}")
        })
        .label("adds nothing")
        .help("delete the assignment that is not meant")
        .key(words::key(cx, row));
        say.see(other.at, Part::Scope, "gives the same");
        if let Some(command) = words::delete(cx, row, say) {
            say.command(command);
        }
    });
}

fn is_plain(row: &AssignmentRow) -> bool {
    row.schedule == Schedule::None && row.is_active() && row.scope != ScopeId::NONE
}

/// Whether `other`, at the scope of `row` or above it, gives all that `row` does. Of two at one
/// scope the later one is redundant.
fn makes_redundant(other: &AssignmentRow, row: &AssignmentRow) -> bool {
    let is_another = if other.scope == row.scope {
        other.at < row.at && other.own != row.own && other.own != 0 && row.own != 0
    } else {
        true
    };
    is_another && is_plain(other) && !other.is(AssignmentRow::CONDITION)
}
