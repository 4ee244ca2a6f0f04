//! Who holds roles: the disabled, guests, people one by one, and for ever.

use crate::access::operations::has_data;
use crate::catalog::{privileged_directory_role, roles};
use crate::model::{Guid, Part, Schedule};
use crate::rules::role::words;
use crate::rules::{Join, JoinOut, Severity, Words, declare_rule};
use crate::tenant::{AssignmentRow, At, DirectoryKind, DirectoryRoleRow};

declare_rule! {
    /// A disabled account still holds a role.
    ///
    /// **Why it matters.** Who disables an account means to end its access. The roles stay: the
    /// day it is enabled again, by mistake or by an attacker who may do no more than that, it has
    /// them all.
    ///
    /// **What is checked.** An Azure role or a directory role that is active for an exported user
    /// with `accountEnabled: false`, or a service principal that is disabled.
    ///
    /// **Fix.** Delete the assignment: `az role assignment delete --ids <assignment id>`.
    pub static ROLE_ON_DISABLED_PRINCIPAL = {
        id: "role-on-disabled-principal",
        group: Posture,
        severity: Warning,
        persona: Regular,
        needs: [RoleAssignment | RoleSchedule | DirectoryRoleAssignment, ServicePrincipal | DirectoryObject],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/defender-for-cloud/recommendations-reference-identity-access",
        ],
        peers: [
            "Steampipe ad_disabled_user_no_role_assignments",
            "nhinsight AZURE_SP_DISABLED_WITH_ROLES",
        ],
        check: JoinedAssignment(on_disabled) | JoinedDirectoryRole(directory_on_disabled),
    }
}

fn on_disabled(row: &AssignmentRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    if !row.is_active() {
        return;
    }
    let Some((at, part)) = disabled(cx, cx.tenant.principal_of(row)) else {
        return;
    };
    out.report(Severity::Warning, Part::Principal, |say| {
        let name = say.name(at);
        say.message(format!(
            "{name} is disabled and still has {} at {}",
            words::role(cx, cx.tenant.role_of(row)),
            words::place(cx, row.scope),
        ))
        .label("a disabled account")
        .help("delete the assignment")
        .key(words::key(cx, row));
        say.see(at, part, "disabled");
        add_delete(cx, row, say);
    });
}

fn directory_on_disabled(row: &DirectoryRoleRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    if !row.is_active() {
        return;
    }
    let Some((at, part)) = disabled(cx, row.principal) else {
        return;
    };
    out.report(Severity::Warning, Part::Principal, |say| {
        let name = say.name(at);
        say.message(format!(
            "{name} is disabled and still has {}",
            directory_role_called(row.role)
        ))
        .label("a disabled account")
        .help("remove the assignment of the directory role")
        .key(directory_key(row));
        say.see(at, part, "disabled");
    });
}

/// Where it says that an account is disabled, if it is.
fn disabled(cx: &Join<'_>, id: Guid) -> Option<(At, Part)> {
    if let Some(principal) = cx.tenant.principal(id) {
        if principal.enabled.is_no() {
            return Some((principal.at, Part::Enabled));
        }
        return principal.disabled.then_some((principal.at, Part::Disabled));
    }
    let object = cx.tenant.directory_object(id)?;
    // Of devices and groups the switch means something else.
    let person = matches!(
        object.kind,
        DirectoryKind::User | DirectoryKind::ServicePrincipal
    );
    (person && object.enabled.is_no()).then_some((object.at, Part::Enabled))
}

declare_rule! {
    /// A guest holds a privileged role.
    ///
    /// **Why it matters.** A guest's account lives in a tenant that others run: they decide about
    /// its password, its second factor, and whether it is closed when its owner leaves.
    ///
    /// **What is checked.** Owner, User Access Administrator or Role Based Access Control
    /// Administrator at any scope, or a directory role that Microsoft marks as privileged and that
    /// does more than read, is active or eligible for an exported user of type `Guest` (or with
    /// `#EXT#` in its name, where the type was not exported).
    ///
    /// **Fix.** Give the person a member account for this work, or remove the assignment:
    /// `az role assignment delete --ids <assignment id>`.
    pub static ROLE_GUEST_PRIVILEGED = {
        id: "role-guest-privileged",
        group: Posture,
        severity: Warning,
        persona: Regular,
        needs: [RoleAssignment | RoleSchedule | DirectoryRoleAssignment, DirectoryObject],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity/role-based-access-control/best-practices",
            "https://learn.microsoft.com/azure/defender-for-cloud/recommendations-reference-identity-access",
        ],
        peers: [
            "Zero Trust Assessment 22128",
            "Steampipe iam_external_user_with_owner_role",
            "AzTS Azure_Subscription_AuthZ_Dont_Use_NonAD_Identities_Privileged_Roles",
            "AzGovViz guests privileged",
            "Maester external user on control plane",
        ],
        check: JoinedAssignment(guest) | JoinedDirectoryRole(directory_guest),
    }
}

fn guest(row: &AssignmentRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    let role = cx.tenant.role_of(row);
    let eligible = row.schedule == Schedule::Eligible && !row.is(AssignmentRow::INACTIVE);
    if !roles::is_privileged(role) || !row.is_active() && !eligible {
        return;
    }
    let Some(at) = is_guest(cx, cx.tenant.principal_of(row)) else {
        return;
    };
    out.report(Severity::Warning, Part::Principal, |say| {
        let name = say.name(at);
        say.message(format!(
            "the guest {name} {} {} at {}",
            if eligible { "may activate" } else { "has" },
            words::role(cx, role),
            words::place(cx, row.scope),
        ))
        .label("a guest")
        .help("give the person a member account for this work, or remove the assignment")
        .key(words::key(cx, row));
        say.see(at, Part::Type, "a guest");
        if !eligible {
            add_delete(cx, row, say);
        }
    });
}

fn directory_guest(row: &DirectoryRoleRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    if row.inactive || !changes_the_directory(row.role) {
        return;
    }
    let Some(at) = is_guest(cx, row.principal) else {
        return;
    };
    out.report(Severity::Warning, Part::Principal, |say| {
        let name = say.name(at);
        let has = match row.schedule {
            Schedule::Eligible => "may activate",
            _ => "has",
        };
        say.message(format!(
            "the guest {name} {has} {}",
            directory_role_called(row.role)
        ))
        .label("a guest")
        .help("give the person a member account for this work, or remove the assignment")
        .key(directory_key(row));
        say.see(at, Part::Type, "a guest");
    });
}

fn is_guest(cx: &Join<'_>, id: Guid) -> Option<At> {
    let object = cx.tenant.directory_object(id)?;
    object.guest.is_yes().then_some(object.at)
}

declare_rule! {
    /// A privileged role is held for ever where others are eligible for theirs.
    ///
    /// **Why it matters.** The tenant uses Privileged Identity Management: roles are activated
    /// for a few hours, with a reason and a second factor. A standing assignment is there for
    /// whoever takes over the session, day and night.
    ///
    /// **What is checked.** An active assignment of Owner, User Access Administrator, Role Based
    /// Access Control Administrator, or of a privileged directory role, to a user or group,
    /// without an end, while the input has eligible assignments of the same sort. Roles that are
    /// activated just now are left alone: of the principal, the role and the scope there is an
    /// eligible or activated row. Emergency accounts are meant to have one.
    ///
    /// **Fix.** Make the assignment eligible in Privileged Identity Management, then remove the
    /// standing one.
    pub static ROLE_PERMANENT = {
        id: "role-permanent",
        group: Posture,
        severity: Warning,
        persona: Audit,
        needs: [RoleAssignment | DirectoryRoleAssignment, RoleSchedule | DirectoryRoleAssignment],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/id-governance/privileged-identity-management/pim-resource-roles-assign-roles",
            "https://learn.microsoft.com/azure/role-based-access-control/best-practices#use-microsoft-entra-privileged-identity-management",
        ],
        peers: [
            "Maester MT.1025-MT.1032",
            "AzTS Azure_Subscription_AuthZ_Dont_Grant_Persistent_Access",
            "PSRule Azure.RBAC.PIM",
            "Guerrilla EIDPIM",
        ],
        check: JoinedAssignment(permanent) | JoinedDirectoryRole(directory_permanent),
    }
}

fn permanent(row: &AssignmentRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    let role = cx.tenant.role_of(row);
    let person = matches!(
        row.principal_kind,
        DirectoryKind::User | DirectoryKind::Group
    );
    if !cx.tenant.has_eligible()
        || !person
        || !roles::is_privileged(role)
        || !is_standing(row)
        || is_scheduled(cx, row)
    {
        return;
    }
    out.report(Severity::Warning, Part::Role, |say| {
        let who = words::principal(cx, row, say);
        say.message(format!(
            "{who} has {} at {} for ever, though the tenant has eligible assignments",
            words::role(cx, role),
            words::place(cx, row.scope),
        ))
        .label("a standing assignment")
        .help("make the assignment eligible, then remove the standing one")
        .key(words::key(cx, row));
    });
}

fn is_standing(row: &AssignmentRow) -> bool {
    matches!(row.schedule, Schedule::None | Schedule::Assigned)
        && row.is_active()
        && !row.is(AssignmentRow::ENDS)
}

/// Whether a row of a schedule shows that the assignment is no standing one, or that the row tells
/// of the same assignment once more.
fn is_scheduled(cx: &Join<'_>, row: &AssignmentRow) -> bool {
    cx.tenant.rows.scopes.ancestors(row.scope).any(|scope| {
        cx.tenant.assignments_like(row, scope).any(|other| {
            let ends = other.is(AssignmentRow::ENDS) && scope == row.scope;
            let passing = matches!(other.schedule, Schedule::Eligible | Schedule::Activated);
            // An ordinary assignment speaks for the schedule that it comes from.
            let again = row.schedule == Schedule::Assigned
                && other.schedule == Schedule::None
                && scope == row.scope;
            passing || ends || again
        })
    })
}

fn directory_permanent(row: &DirectoryRoleRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    if !cx.tenant.has_eligible_in_directory()
        || !row.is_active()
        || row.schedule != Schedule::None
        || !changes_the_directory(row.role)
        || !is_person(cx, row.principal)
    {
        return;
    }
    let mut others = cx.tenant.directory_roles_of(row.principal);
    if others.any(|other| other.role == row.role && other.schedule != Schedule::None) {
        return;
    }
    out.report(Severity::Warning, Part::Role, |say| {
        let known = cx.tenant.directory_object(row.principal);
        let who = match known {
            Some(object) => say.name(object.at),
            None => row.principal.to_string(),
        };
        say.message(format!(
            "{who} has {} for ever, though the tenant has eligible assignments",
            directory_role_called(row.role)
        ))
        .label("a standing assignment")
        .help("make the assignment eligible, then remove the standing one")
        .key(directory_key(row));
        if let Some(object) = known {
            say.see(object.at, Part::Id, "holds it");
        }
    });
}

/// Whether an id is a user's or group's; only those can activate a role.
fn is_person(cx: &Join<'_>, id: Guid) -> bool {
    cx.tenant
        .directory_object(id)
        .is_some_and(|object| matches!(object.kind, DirectoryKind::User | DirectoryKind::Group))
}

declare_rule! {
    /// A data role or a privileged role is assigned to a user instead of a group.
    ///
    /// **Why it matters.** Assignments to people one by one are forgotten when they change their
    /// work, and nobody reviews them. A group has an owner and a review.
    ///
    /// **What is checked.** An active assignment to a user of Owner, User Access Administrator,
    /// Role Based Access Control Administrator, or of a role with data actions: built in or
    /// exported.
    ///
    /// **Fix.** Add the user to a group, assign the role to the group, and delete this
    /// assignment.
    pub static ROLE_DIRECT_USER = {
        id: "role-direct-user",
        group: Posture,
        severity: Info,
        persona: Audit,
        needs: [RoleAssignment | RoleSchedule],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/role-based-access-control/best-practices#assign-roles-to-groups-not-users",
        ],
        peers: [
            "PSRule Azure.RBAC.UseGroups",
            "Guerrilla AZIAM-002",
            "az-rbac-watch no-direct-users",
            "AzGovViz Owner to non-group",
        ],
        check: JoinedAssignment(direct_user),
    }
}

fn direct_user(row: &AssignmentRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    let role = cx.tenant.role_of(row);
    if row.principal_kind != DirectoryKind::User
        || !is_standing(row)
        || !roles::is_privileged(role) && !has_data(cx.tenant, role)
        || is_scheduled(cx, row)
    {
        return;
    }
    out.report(Severity::Info, Part::Principal, |say| {
        let who = words::principal(cx, row, say);
        say.message(format!(
            "{who} has {} at {} directly, not through a group",
            words::role(cx, role),
            words::place(cx, row.scope),
        ))
        .label("a user, not a group")
        .help("assign the role to a group of which the user is a member")
        .key(words::key(cx, row));
    });
}

/// Whether a directory role is privileged and does more than read.
fn changes_the_directory(role: Guid) -> bool {
    privileged_directory_role(role).is_some_and(|role| role.changes())
}

fn directory_role_called(role: Guid) -> String {
    privileged_directory_role(role).map_or_else(
        || format!("the directory role {role}"),
        |role| format!("the directory role {}", role.name),
    )
}

fn directory_key(row: &DirectoryRoleRow) -> String {
    format!("{} {}", row.principal, row.role)
}

fn add_delete(cx: &Join<'_>, row: &AssignmentRow, say: &mut Words<'_>) {
    if let Some(command) = words::delete(cx, row, say) {
        say.command(command);
    }
}
