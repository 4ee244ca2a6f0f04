//! Roles given to an id that is no principal's: an application has three ids, and only the object
//! id of its service principal can hold a role.

use super::words;
use crate::model::{Guid, Part};
use crate::rules::{Join, JoinOut, Severity, Words, declare_rule};
use crate::tenant::{AssignmentRow, DirectoryKind, PrincipalRow};

declare_rule! {
    /// A role is assigned to an application's object id instead of its service principal's.
    ///
    /// **Why it matters.** Azure knows service principals, not applications. An assignment to the
    /// object id of the application is accepted when the principal's type is given along, and
    /// then gives nobody anything: the application gets 403.
    ///
    /// **What is checked.** The principal of a role assignment is the object id of an exported
    /// application, and no exported service principal, user or group has that id.
    ///
    /// **Fix.** Delete the assignment and assign the role to the service principal:
    /// `az role assignment create --assignee-object-id <sp> --assignee-principal-type ServicePrincipal --role <role> --scope <scope>`.
    pub static ROLE_ON_APPLICATION_OBJECT = {
        id: "role-on-application-object",
        group: Role,
        severity: Error,
        persona: Regular,
        needs: [RoleAssignment | RoleSchedule, Application],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/role-based-access-control/role-assignments-cli",
            "https://learn.microsoft.com/entra/identity-platform/app-objects-and-service-principals",
        ],
        check: JoinedAssignment(on_application_object),
    }
}

fn on_application_object(row: &AssignmentRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    let id = cx.tenant.principal_of(row);
    let Some(app) = cx.tenant.application_by_id(id) else {
        return;
    };
    // Agent identity blueprints have one id for both; what holds their roles is not published.
    if is_somebody(cx, id) || app.id == app.app_id {
        return;
    }
    out.report(Severity::Error, Part::Principal, |say| {
        let name = say.name(app.at);
        say.message(format!(
            "{} at {} is assigned to the application object of {name}, which no role reaches",
            words::role(cx, cx.tenant.role_of(row)),
            words::place(cx, row.scope),
        ))
        .label("an application's object id")
        .key(words::key(cx, row));
        say.see(app.at, Part::Id, "the application object");
        mend(cx, row, cx.principal_of(app), app.app_id, say);
    });
}

declare_rule! {
    /// A role is assigned to a client id instead of a service principal's object id.
    ///
    /// **Why it matters.** A client id (appId) names an application, not a principal. Azure
    /// accepts it when the principal's type is given along, and the assignment then gives nobody
    /// anything: the application, or the managed identity, gets 403.
    ///
    /// **What is checked.** The principal of a role assignment is the client id of an exported
    /// application, service principal or managed identity, and no exported principal has that id
    /// as its object id.
    ///
    /// **Fix.** Delete the assignment and assign the role to the object id of the service
    /// principal, for a managed identity its `principalId`.
    pub static ROLE_ON_CLIENT_ID = {
        id: "role-on-client-id",
        group: Role,
        severity: Error,
        persona: Regular,
        needs: [RoleAssignment | RoleSchedule, Application | ServicePrincipal],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/role-based-access-control/role-assignments-cli",
            "https://learn.microsoft.com/azure/role-based-access-control/troubleshooting",
        ],
        check: JoinedAssignment(on_client_id),
    }
}

fn on_client_id(row: &AssignmentRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    let id = cx.tenant.principal_of(row);
    if id == Guid::NIL || is_somebody(cx, id) {
        return;
    }
    let principal = cx.tenant.principals_of(id).next();
    let app = cx.tenant.application(id);
    if app.is_some_and(|app| app.id == app.app_id) {
        return;
    }
    let Some(at) = app.map(|app| app.at).or(principal.map(|row| row.at)) else {
        return;
    };
    out.report(Severity::Error, Part::Principal, |say| {
        let name = say.name(at);
        say.message(format!(
            "{} at {} is assigned to the client id of {name}, which is no principal",
            words::role(cx, cx.tenant.role_of(row)),
            words::place(cx, row.scope),
        ))
        .label("a client id (appId)")
        .key(words::key(cx, row));
        say.see(at, Part::AppId, "the client id");
        let mut all = cx.tenant.principals_of(id);
        let only = all.next().filter(|_| all.next().is_none());
        mend(cx, row, only, id, say);
    });
}

/// Whether the input has a principal with this object id.
pub(super) fn is_somebody(cx: &Join<'_>, id: Guid) -> bool {
    cx.tenant.principal(id).is_some()
        || cx
            .tenant
            .directory_object(id)
            .is_some_and(|object| object.kind != DirectoryKind::Unknown)
}

/// Whether an id is known to be an application's, not a principal's.
pub(super) fn is_application(cx: &Join<'_>, id: Guid) -> bool {
    cx.tenant.application_by_id(id).is_some()
        || cx.tenant.application(id).is_some()
        || cx.tenant.principals_of(id).next().is_some()
}

/// Delete and create anew, for the service principal that was meant.
fn mend(
    cx: &Join<'_>,
    row: &AssignmentRow,
    principal: Option<&PrincipalRow>,
    app_id: Guid,
    say: &mut Words<'_>,
) {
    if let Some(command) = words::delete(cx, row, say) {
        say.command(command);
    }
    match principal {
        Some(principal) => {
            say.fact("servicePrincipalId", principal.id);
            say.see(principal.at, Part::Id, "the service principal");
            say.help("delete the assignment and give the role to the service principal");
            let create = words::create_for(cx, row, principal.id, DirectoryKind::ServicePrincipal);
            if let Some(command) = create {
                say.command(command);
            }
        }
        None => {
            say.help(
                "delete the assignment and give the role to the object id of the service principal",
            )
            .command(format!("az ad sp show --id {app_id} --query id"));
        }
    }
}
