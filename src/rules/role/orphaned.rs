//! Roles whose principal is gone, or is something else than the assignment says.

use super::{identity, words};
use crate::model::{Guid, Part, Schedule};
use crate::rules::{Join, JoinOut, Severity, declare_rule};
use crate::tenant::{AssignmentRow, At, DirectoryKind};

declare_rule! {
    /// A role is assigned to a principal that no longer exists.
    ///
    /// **Why it matters.** Deleting a user, a group or a service principal leaves its assignments
    /// behind; `az ad sp delete` no longer removes them. They hide who has access, count towards
    /// the limit of assignments, and the portal shows them as "Identity not found".
    ///
    /// **What is checked.** The export shows no name for the principal, or the type `Unknown`,
    /// while it names the principals of other assignments; or the principal's id is in none of
    /// the complete exports of service principals, users and groups. Foreign groups and managed
    /// identities of other tenants are left alone, and so are ids that turn out to be an
    /// application's (*role-on-application-object*, *role-on-client-id*).
    ///
    /// **Fix.** Delete the assignment: `az role assignment delete --ids <assignment id>`.
    pub static ROLE_ORPHANED = {
        id: "role-orphaned",
        group: Role,
        severity: Warning,
        persona: Regular,
        needs: [RoleAssignment | RoleSchedule],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/role-based-access-control/troubleshooting#role-assignments-with-identity-not-found",
        ],
        peers: [
            "AzTS Azure_Subscription_AuthZ_Remove_Deprecated_Accounts",
            "AzGovViz orphaned role assignments",
            "az-rbac-watch scan --orphans-only",
        ],
        check: JoinedAssignment(orphaned),
    }
}

fn orphaned(row: &AssignmentRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    let id = cx.tenant.principal_of(row);
    let nameless = row.is(AssignmentRow::NAMELESS) && cx.tenant.names_principals(row);
    if id == Guid::NIL
        || row.principal_kind == DirectoryKind::ForeignGroup
        || row.is(AssignmentRow::CLASSIC | AssignmentRow::DELEGATED)
        || row.schedule == Schedule::Request
        || !nameless && !cx.tenant.knows_everybody()
        || cx.tenant.principal(id).is_some()
        || cx.tenant.directory_object(id).is_some()
        || identity::is_application(cx, id)
    {
        return;
    }
    out.report(Severity::Warning, Part::Principal, |say| {
        let why = if nameless {
            "which the export finds no name for"
        } else {
            "which is in no export of the directory"
        };
        let who = words::principal(cx, row, say);
        say.message(format!(
            "{} at {} is assigned to {who}, {why}",
            words::role(cx, cx.tenant.role_of(row)),
            words::place(cx, row.scope),
        ))
        .label("nobody has this id")
        .help("delete the assignment")
        .key(words::key(cx, row));
        if let Some(command) = words::delete(cx, row, say) {
            say.command(command);
        }
    });
}

declare_rule! {
    /// An assignment gives another type for its principal than the directory.
    ///
    /// **Why it matters.** Azure keeps the type as it was told when the assignment was made and
    /// does not look whether it holds; tools that resolve the principal by its type then find
    /// nobody, and reviews count a service principal as a person or a person as a group.
    ///
    /// **What is checked.** `principalType` of a role assignment against the exported service
    /// principal, user or group with that object id.
    ///
    /// **Fix.** Delete the assignment and make it again with the right
    /// `--assignee-principal-type`; an assignment cannot be changed.
    pub static ROLE_PRINCIPAL_TYPE_MISMATCH = {
        id: "role-principal-type-mismatch",
        group: Role,
        severity: Warning,
        persona: Regular,
        needs: [RoleAssignment | RoleSchedule, ServicePrincipal | DirectoryObject],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/role-based-access-control/role-assignments-template#new-service-principal",
        ],
        check: JoinedAssignment(type_mismatch),
    }
}

fn type_mismatch(row: &AssignmentRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    use DirectoryKind::{Group, ServicePrincipal, User};
    let id = cx.tenant.principal_of(row);
    let Some((kind, at)) = kind_of(cx, id) else {
        return;
    };
    let told = row.principal_kind;
    let comparable = |kind| matches!(kind, User | Group | ServicePrincipal);
    if !comparable(told) || !comparable(kind) || told == kind {
        return;
    }
    out.report(Severity::Warning, Part::Type, |say| {
        let name = say.name(at);
        say.message(format!(
            "the assignment of {} at {} calls {name} a {}, and it is a {}",
            words::role(cx, cx.tenant.role_of(row)),
            words::place(cx, row.scope),
            told.called(),
            kind.called(),
        ))
        .label(format!("it is a {}", kind.called()))
        .help("make the assignment again with the right principal type")
        .key(words::key(cx, row));
        say.see(at, Part::Id, format!("a {}", kind.called()));
        for command in [
            words::delete(cx, row, say),
            words::create_for(cx, row, id, kind),
        ]
        .into_iter()
        .flatten()
        {
            say.command(command);
        }
    });
}

/// What the directory says that an object is.
fn kind_of(cx: &Join<'_>, id: Guid) -> Option<(DirectoryKind, At)> {
    if let Some(principal) = cx.tenant.principal(id) {
        return Some((DirectoryKind::ServicePrincipal, principal.at));
    }
    let object = cx.tenant.directory_object(id)?;
    Some((object.kind, object.at))
}
