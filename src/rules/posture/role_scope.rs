//! Roles over everything: at the root, over a subscription, and those that no role replaced yet.

use std::collections::BTreeSet;

use crate::catalog::roles::{OWNER, USER_ACCESS_ADMINISTRATOR};
use crate::model::{Guid, Part, RoleAssignment, Span};
use crate::rules::out::one_line;
use crate::rules::role::words;
use crate::rules::{Context, Join, JoinOut, Out, Severity, declare_rule};
use crate::tenant::{AssignmentRow, DirectoryKind, ScopeId};

declare_rule! {
    /// Owner or User Access Administrator is assigned at the root of the tenant.
    ///
    /// **Why it matters.** The root lies above every management group and subscription. A Global
    /// Administrator gets User Access Administrator there by elevating their access, for one
    /// repair; left behind, it hands out every role in every subscription, future ones too.
    ///
    /// **What is checked.** An active assignment of one of the two roles with the scope `/`.
    ///
    /// **Fix.** Remove it:
    /// `az role assignment delete --assignee <principal> --role "User Access Administrator" --scope /`.
    pub static ROLE_AT_ROOT = {
        id: "role-at-root",
        group: Posture,
        severity: Warning,
        persona: Regular,
        needs: [RoleAssignment | RoleSchedule],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/role-based-access-control/elevate-access-global-admin",
        ],
        peers: [
            "Maester MT.1056",
            "prowler iam_role_user_access_admin_restricted",
            "Steampipe iam_user_access_administrator_role_restricted",
            "CIS Azure 5.3.3",
        ],
        check: JoinedAssignment(at_root),
    }
}

fn at_root(row: &AssignmentRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    if row.scope != ScopeId::ROOT || !row.is_active() {
        return;
    }
    let role = cx.tenant.role_of(row);
    if ![OWNER, USER_ACCESS_ADMINISTRATOR].contains(&role) {
        return;
    }
    out.report(Severity::Warning, Part::Scope, |say| {
        let who = words::principal(cx, row, say);
        say.message(format!(
            "{who} has {} at the root of the tenant, above every subscription",
            words::role(cx, role),
        ))
        .label("the root of the tenant")
        .help("remove the assignment once the repair it was made for is done")
        .key(words::key(cx, row))
        .command(format!(
            "az role assignment delete --assignee {} --role {role} --scope /",
            cx.tenant.principal_of(row)
        ));
    });
}

declare_rule! {
    /// A subscription has fewer than two, or more than three owners.
    ///
    /// **Why it matters.** With one owner nobody can help when that account is lost; every owner
    /// more is another account that gives away the whole subscription.
    ///
    /// **What is checked.** Principals with an active assignment of Owner at the subscription
    /// itself. Fewer than two is said only where the export of assignments is complete, no group
    /// is among them, and nobody is Owner above it. A group counts as one.
    ///
    /// **Fix.** Assign a second owner, or a lesser role to some of them.
    pub static ROLE_OWNER_COUNT = {
        id: "role-owner-count",
        group: Posture,
        severity: Info,
        persona: Audit,
        needs: [RoleAssignment],
        complete: [RoleAssignment],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/role-based-access-control/best-practices#limit-the-number-of-subscription-owners",
        ],
        peers: [
            "AzTS Azure_Subscription_AuthZ_Limit_Admin_Owner_Count",
            "PSRule Azure.RBAC.LimitOwner",
            "Steampipe iam_subscription_owner_between_2_and_3",
            "az-rbac-watch max_assignments",
            "CIS Azure 5.7",
        ],
        check: JoinedAssignment(owner_count),
    }
}

fn owner_count(row: &AssignmentRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    // The first owner's assignment speaks for the subscription.
    let mut owners = cx.tenant.owners_at(row.scope);
    if !owners.next().is_some_and(|first| first == *row) {
        return;
    }
    let all: BTreeSet<Guid> = cx
        .tenant
        .owners_at(row.scope)
        .map(|row| cx.tenant.principal_of(&row))
        .collect();
    let few =
        all.len() < 2 && row.principal_kind == DirectoryKind::User && !cx.tenant.has_owner_above();
    if !few && all.len() <= 3 {
        return;
    }
    out.report(Severity::Info, Part::Scope, |say| {
        let place = words::place(cx, row.scope);
        say.message(match few {
            true => format!("{place} has one owner alone"),
            false => format!("{place} has {} owners", all.len()),
        })
        .label(if few {
            "the only owner"
        } else {
            "one of the owners"
        })
        .help(match few {
            true => "assign a second owner",
            false => "leave two or three owners, and give the others a lesser role",
        })
        .key(cx.tenant.rows.scopes.text(row.scope))
        .fact("owners", all.len());
        const SHOWN: usize = 4;
        for other in cx.tenant.owners_at(row.scope).skip(1).take(SHOWN) {
            say.see(other.at, Part::Principal, "another owner");
        }
    });
}

declare_rule! {
    /// The export shows a classic administrator.
    ///
    /// **Why it matters.** Service administrators and co-administrators are older than roles and
    /// had the whole subscription. Azure retired them in August 2024: who still relies on one
    /// has no access, and who finds one in an old export does not see the roles that took its
    /// place.
    ///
    /// **What is checked.** Rows that `az role assignment list --include-classic-administrators`
    /// printed for them.
    ///
    /// **Fix.** Assign Owner, or a lesser role, to those who need one, and export again without
    /// the classic administrators.
    pub static ROLE_CLASSIC_ADMINISTRATOR = {
        id: "role-classic-administrator",
        group: Posture,
        severity: Warning,
        persona: Regular,
        needs: [RoleAssignment],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/role-based-access-control/classic-administrators",
        ],
        peers: [
            "AzTS Azure_Subscription_AuthZ_Limit_ClassicAdmin_Count",
            "PSRule Azure.RBAC.CoAdministrator",
            "AzGovViz classic administrators",
        ],
        check: Assignment(classic),
    }
}

fn classic(assignment: &RoleAssignment<'_>, _: &Context<'_>, out: &mut Out<'_>) {
    if !assignment.is_classic() {
        return;
    }
    let start = assignment.span.start;
    let span = [&assignment.role_name, &assignment.role, &assignment.id]
        .into_iter()
        .find_map(|field| field.span())
        .unwrap_or(Span::new(start, start + 1));
    out.report(Severity::Warning, span, |say| {
        let text = |field: &crate::model::Field<crate::model::Str<'_>>| {
            field.value().map(|text| one_line(text))
        };
        let who = text(&assignment.principal_name).unwrap_or_else(|| "somebody".to_owned());
        let role = text(&assignment.role_name).unwrap_or_else(|| "an administrator".to_owned());
        say.message(format!("{who} is {role}, a classic administrator"))
            .label("retired in August 2024")
            .help("assign a role to those who need one")
            .key(text(&assignment.principal).unwrap_or(who).to_lowercase());
    });
}
