//! Applications with very many application permissions.

use std::collections::BTreeSet;

use crate::model::{Application, Guid, Part, PermissionKind};
use crate::rules::{Context, Join, JoinOut, Out, Severity, declare_rule};
use crate::tenant::{PrincipalRow, Tenant};

declare_rule! {
    /// An application has more than ten application permissions.
    ///
    /// **Why it matters.** An application permission reaches the data of every user, and is used
    /// without any. Nobody reviews a list of twenty, and one leaked credential opens them all.
    ///
    /// **What is checked.** Distinct permissions of type `Role` that an application requests, and
    /// those that were granted to its service principal. Where both are too many, the application
    /// is reported.
    ///
    /// **Fix.** Split the application by task, each part with what it needs, and remove what nothing
    /// uses: `az ad app permission delete --id <app> --api <resource> --api-permissions <id>`.
    pub static PERMISSION_MANY = {
        id: "permission-many",
        group: Posture,
        severity: Info,
        persona: Audit,
        needs: [Application | AppRoleAssignment],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity-platform/secure-least-privileged-access",
            "https://learn.microsoft.com/graph/permissions-overview",
        ],
        peers: ["M365-Assess ENTAPP-006", "ScubaGear number of permissions in the risk score"],
        check: Application(requested) | JoinedPrincipal(granted),
    }
}

/// How many are still few.
const FEW: usize = 10;

fn requested(app: &Application<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    let mut roles = BTreeSet::new();
    for resource in &app.required.resources {
        for permission in &resource.permissions {
            if let (Some(api), Some(id)) = (resource.guid, permission.guid)
                && permission.known_kind == Some(PermissionKind::Role)
            {
                roles.insert((api, id));
            }
        }
    }
    if roles.len() <= FEW {
        return;
    }
    let Some(span) = app.required.list.span() else {
        return;
    };
    // The list is long; its first resource stands for it.
    let span = app
        .required
        .resources
        .first()
        .and_then(|resource| resource.app_id.span())
        .unwrap_or(span);
    out.report(Severity::Info, span, |say| {
        say.message(format!(
            "the application requests {} application permissions",
            roles.len()
        ))
        .label("more than ten application permissions")
        .help("split the application by task, and remove what nothing uses")
        .fact("permissions", roles.len())
        .command(format!("az ad app permission list --id {}", cx.cli_id()));
    });
}

fn granted(principal: &PrincipalRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    if principal.id == Guid::NIL {
        return;
    }
    // Before anything is compared: are there enough rows at all?
    if cx.tenant.app_roles_of(principal.id).nth(FEW).is_none() {
        return;
    }
    let roles: BTreeSet<(Guid, Guid)> = cx
        .tenant
        .app_roles_of(principal.id)
        .filter(|row| row.role != Guid::NIL)
        .map(|row| (row.resource, row.role))
        .collect();
    if roles.len() <= FEW || requests_many(cx.tenant, principal.app_id) {
        return;
    }
    out.report(Severity::Info, Part::Id, |say| {
        let name = say.name(principal.at);
        say.message(format!(
            "the service principal {name} was granted {} application permissions",
            roles.len()
        ))
        .label("more than ten application permissions")
        .help("split the application by task, and remove grants that nothing uses")
        .fact("permissions", roles.len())
        .command(format!(
            "az rest --method GET --url https://graph.microsoft.com/v1.0/servicePrincipals/{}/appRoleAssignments",
            principal.id
        ));
        if let Some(first) = cx.tenant.app_roles_of(principal.id).next() {
            say.see(first.at, Part::Role, "the first of them");
        }
    });
}

/// Whether the application was reported for what it requests.
fn requests_many(tenant: &Tenant, app_id: Guid) -> bool {
    tenant.application(app_id).is_some_and(|app| {
        let roles: BTreeSet<(Guid, Guid)> = tenant
            .requested(app)
            .filter(|asked| asked.kind == Some(PermissionKind::Role))
            .map(|asked| (asked.resource, asked.id))
            .collect();
        roles.len() > FEW
    })
}
