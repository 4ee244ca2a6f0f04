//! Applications that can hand out roles.

use super::{is_data_role, words};
use crate::access::operations;
use crate::catalog::roles::{OWNER, is_privileged};
use crate::model::{Guid, Part};
use crate::rules::{Join, JoinOut, Severity, declare_rule};
use crate::tenant::{AssignmentRow, DirectoryKind, Level, ScopeId, Tenant, Truth};

declare_rule! {
    /// A service principal can hand out any role in a whole subscription or management group.
    ///
    /// **Why it matters.** Owner, User Access Administrator and Role Based Access Control
    /// Administrator give their holder every other role. Whoever gets hold of the application's
    /// credential owns the subscription, and nobody is asked for a second factor.
    ///
    /// **What is checked.** An active assignment of one of the three roles to a service principal
    /// or managed identity at a subscription or management group (*role-at-root* speaks of the
    /// root). User Access Administrator and Role Based Access Control Administrator under a
    /// condition are left alone: it limits the roles they hand out.
    ///
    /// **Fix.** Give the application a role for what it does, at the resource group it works in;
    /// where it has to assign roles, constrain them with a condition.
    pub static ROLE_PRIVILEGED = {
        id: "role-privileged",
        group: Role,
        severity: Warning,
        persona: Regular,
        needs: [RoleAssignment | RoleSchedule],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/role-based-access-control/best-practices#limit-privileged-administrator-role-assignments",
            "https://learn.microsoft.com/azure/role-based-access-control/delegate-role-assignments-overview",
        ],
        peers: [
            "AzTS Azure_Subscription_AuthZ_Dont_Grant_SPNs_Privileged_Roles",
            "nhinsight AZURE_SP_DANGEROUS_ROLE",
            "AzGovViz Owner to service principal",
            "BloodHound AZOwner",
        ],
        check: JoinedAssignment(privileged),
    }
}

fn privileged(row: &AssignmentRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    let role = cx.tenant.role_of(row);
    if !hands_out_roles(cx.tenant, row)
        || cx
            .tenant
            .kind_of(cx.tenant.principal_of(row), row.principal_kind)
            != DirectoryKind::ServicePrincipal
        || !matches!(
            cx.tenant.rows.scopes.level(row.scope),
            Level::Subscription | Level::ManagementGroup
        )
    {
        return;
    }
    out.report(Severity::Warning, Part::Role, |say| {
        let who = words::principal(cx, row, say);
        say.message(format!(
            "{who} has {} at {} and can give itself every other role there",
            words::role(cx, role),
            words::place(cx, row.scope),
        ))
        .label("hands out any role")
        .help("give the application a role for what it does, at the scope it works in")
        .key(words::key(cx, row));
        if let Some(command) = words::delete(cx, row, say) {
            say.command(command);
        }
    });
}

/// Whether an assignment lets its principal give itself every other role, now. The condition that
/// may stand on the administrators of access limits what they hand out; Owner has more than that.
pub(in crate::rules) fn hands_out_roles(tenant: &Tenant, row: &AssignmentRow) -> bool {
    let role = tenant.role_of(row);
    let limited = row.is(AssignmentRow::CONDITION) && role != OWNER;
    is_privileged(role) && row.is_active() && !limited
}

declare_rule! {
    /// An application that works with an instance can hand out roles over it.
    ///
    /// **Why it matters.** An application needs a data role on its instance, and nothing else.
    /// With the right to write role assignments, a flaw in it, or its leaked credential, gives an
    /// attacker every role on the instance, for any principal.
    ///
    /// **What is checked.** The service principal of an application that the profile applies to,
    /// or one with a data role on the instance, holds a role that can write role assignments
    /// without a condition, at the instance or above it. Owner, User Access Administrator, Role
    /// Based Access Control Administrator and exported custom roles are known to.
    ///
    /// **Fix.** Delete that assignment and leave the data role. Assign roles from a deployment
    /// with an identity of its own.
    pub static ROLE_SELF_ESCALATION = {
        id: "role-self-escalation",
        group: Role,
        severity: Warning,
        persona: Regular,
        needs: [RoleAssignment | RoleSchedule, ServicePrincipal],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/role-based-access-control/best-practices#only-grant-the-access-users-need",
            "https://learn.microsoft.com/azure/digital-twins/concepts-security",
        ],
        check: JoinedAssignment(self_escalation),
    }
}

fn self_escalation(row: &AssignmentRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    if cx.settings.profile.is_none()
        || row.scope == ScopeId::NONE
        || !row.is_active()
        || row.is(AssignmentRow::CONDITION)
    {
        return;
    }
    let role = cx.tenant.role_of(row);
    let writes = operations::allows_action(
        cx.tenant,
        role,
        "Microsoft.Authorization/roleAssignments/write",
    );
    if writes != Truth::Yes {
        return;
    }
    let Some(principal) = cx.tenant.principal(cx.tenant.principal_of(row)) else {
        return;
    };
    let Some((instance, data_role)) = instance_below(cx, row, principal.app_id) else {
        return;
    };
    out.report(Severity::Warning, Part::Role, |say| {
        let name = say.name(principal.at);
        say.message(format!(
            "{name} works with the instance {} and can write role assignments over it: it has {} at {}",
            words::name(cx, instance),
            words::role(cx, role),
            words::place(cx, row.scope),
        ))
        .label("writes role assignments")
        .help("delete this assignment and leave the data role")
        .key(words::key(cx, row));
        say.see(principal.at, Part::Id, "the service principal");
        if let Some(data_role) = data_role {
            say.see(data_role.at, Part::Role, "what it works with");
        }
        if let Some(row) = cx.tenant.rows.instances.iter().find(|i| i.scope == Some(instance)) {
            say.see(row.at, Part::Id, "the instance");
        }
        if let Some(command) = words::delete(cx, row, say) {
            say.command(command);
        }
    });
}

/// The instance, at or below the scope of `row`, that the principal works with: where it has a
/// data role; or, of an application that the profile applies to, any exported one. With the
/// assignment of the data role.
fn instance_below<'t>(
    cx: &Join<'t>,
    row: &AssignmentRow,
    app_id: Guid,
) -> Option<(ScopeId, Option<AssignmentRow>)> {
    let scopes = &cx.tenant.rows.scopes;
    let data_roles = || {
        let all = cx
            .tenant
            .assignments_of_roles(row, |role| is_data_role(cx, role));
        all.filter(|other| other.is_active())
    };
    let below = || {
        let all = cx.tenant.rows.instances.iter();
        all.filter_map(|instance| instance.scope)
            .filter(|instance| scopes.is_within(*instance, row.scope))
    };
    let worked_with = data_roles().find_map(|other| {
        if scopes.is_within(other.scope, row.scope) && scopes.level(other.scope) == Level::Resource
        {
            return Some((other.scope, Some(other)));
        }
        let instance = below().find(|instance| scopes.is_within(*instance, other.scope))?;
        Some((instance, Some(other)))
    });
    worked_with.or_else(|| {
        cx.profile_of(cx.tenant.application(app_id)?)?;
        below().next().map(|instance| (instance, None))
    })
}
