//! Assignments that a deny assignment takes back.

use std::cell::LazyCell;

use super::words;
use crate::access::operations::{self, Definition, covers};
use crate::access::{Caller, denies};
use crate::model::{Guid, Part};
use crate::rules::out::{code, one_line};
use crate::rules::{Join, JoinOut, Severity, declare_rule};
use crate::tenant::{AssignmentRow, Block, DenyRow};

declare_rule! {
    /// A deny assignment takes away what a role assignment gives.
    ///
    /// **Why it matters.** Deny assignments win over every role, Owner included. They are made by
    /// Azure for managed applications and deployment stacks, nobody sees them in a list of role
    /// assignments, and the principal gets 403.
    ///
    /// **What is checked.** A deny assignment at the assignment's scope or above it applies to
    /// the principal (itself, a group of it, everyone), does not exclude it, and denies some
    /// operation that the role allows. Judged only where the role's definition is known and it is
    /// certain that the principal is not among the excluded.
    ///
    /// **Fix.** A deny assignment cannot be edited: exclude the principal in the deployment stack
    /// (`az stack … --deny-settings-excluded-principals <id>`), have the publisher of the managed
    /// application do it, or work outside of that scope.
    pub static ROLE_DENIED = {
        id: "role-denied",
        group: Role,
        severity: Error,
        persona: Regular,
        needs: [RoleAssignment | RoleSchedule, DenyAssignment],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/role-based-access-control/deny-assignments",
        ],
        check: JoinedAssignment(denied),
    }
}

fn denied(row: &AssignmentRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    if cx.tenant.rows.denials.is_empty() || !row.is_active() {
        return;
    }
    let principal = cx.tenant.principal_of(row);
    if principal == Guid::NIL {
        return;
    }
    let caller = LazyCell::new(|| Caller::new(cx.tenant, principal));
    let role = cx.tenant.role_of(row);
    let found = cx
        .tenant
        .rows
        .scopes
        .ancestors(row.scope)
        .find_map(|scope| {
            cx.tenant
                .denials_at(scope)
                .filter(|deny| scope == row.scope || !deny.not_child_scopes)
                .filter(|deny| deny.known && denies(cx.tenant, deny, &caller).is_yes())
                .find_map(|deny| Some((deny, what(cx, role, deny)?)))
        });
    let Some((deny, pattern)) = found else {
        return;
    };
    out.report(Severity::Error, Part::Principal, |say| {
        let name = say.name(deny.at);
        let who = words::principal(cx, row, say);
        say.message(format!(
            "the deny assignment {name} takes from {who} at {} what {} gives there: it denies {}",
            words::place(cx, row.scope),
            words::role(cx, role),
            code(pattern),
        ))
        .label("denied here")
        .help("exclude the principal where the deny assignment was made: in the deployment stack or the managed application")
        .fact("denied", one_line(pattern))
        .key(words::key(cx, row));
        say.see(deny.at, Part::Permissions, "denies it");
    });
}

/// What a denial takes from a role: the pattern that denies some operation the role allows.
fn what<'t>(cx: &Join<'t>, role: Guid, deny: &'t DenyRow) -> Option<&'t str> {
    let against = |actions: Lists<'_>, data: Lists<'_>| {
        deny.blocks.iter().find_map(|block| {
            taken(&actions, &block.actions, &block.not_actions)
                .or_else(|| taken(&data, &block.data_actions, &block.not_data_actions))
        })
    };
    match operations::definition(cx.tenant, role) {
        Definition::Exported(row) => row.blocks.iter().find_map(|block: &Block| {
            against(
                Lists::of(&block.actions, &block.not_actions),
                Lists::of(&block.data_actions, &block.not_data_actions),
            )
        }),
        Definition::BuiltIn(built_in) => built_in.permissions.iter().find_map(|block| {
            against(
                Lists::of(block.actions, block.not_actions),
                Lists::of(block.data_actions, block.not_data_actions),
            )
        }),
        Definition::Named | Definition::Unknown => None,
    }
}

/// What one block of a role grants on one plane, and takes out again.
struct Lists<'a> {
    granted: Vec<&'a str>,
    excluded: Vec<&'a str>,
}

impl<'a> Lists<'a> {
    fn of<P: AsRef<str>>(granted: &'a [P], excluded: &'a [P]) -> Lists<'a> {
        let list = |all: &'a [P]| all.iter().map(AsRef::as_ref).collect();
        Lists {
            granted: list(granted),
            excluded: list(excluded),
        }
    }
}

/// The pattern of a denial that reaches an operation which the lists allow. Tried are operations
/// that the patterns themselves name; for a wildcard stands a name that nobody excludes by chance.
fn taken<'d>(role: &Lists<'_>, denied: &'d [Box<str>], spared: &[Box<str>]) -> Option<&'d str> {
    let any = |patterns: &[&str], operation: &str| patterns.iter().any(|p| covers(p, operation));
    denied.iter().map(|pattern| &**pattern).find(|pattern| {
        let tried = role.granted.iter().copied().chain([*pattern]);
        tried.map(|p| p.replace('*', "x")).any(|operation| {
            covers(pattern, &operation)
                && !spared.iter().any(|p| covers(p, &operation))
                && any(&role.granted, &operation)
                && !any(&role.excluded, &operation)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patterns(all: &[&str]) -> Vec<Box<str>> {
        all.iter().map(|p| (*p).into()).collect()
    }

    #[test]
    fn a_denial_takes_what_both_reach() {
        let role = Lists::of(&["*"], &["Microsoft.Authorization/*/Write"]);
        let takes = |denied: &[&str], spared: &[&str]| {
            taken(&role, &patterns(denied), &patterns(spared)).is_some()
        };
        assert!(takes(&["*/delete"], &[]));
        assert!(takes(&["*"], &["*/read"]));
        assert!(!takes(&["Microsoft.Authorization/locks/write"], &[]));
        assert!(!takes(&[], &[]));
        let reader = Lists::of(&["*/read"], &[]);
        let (all, read) = (patterns(&["*"]), patterns(&["*/read"]));
        assert_eq!(taken(&reader, &all, &read), None);
        assert_eq!(taken(&reader, &all, &[]), Some("*"));
    }
}
