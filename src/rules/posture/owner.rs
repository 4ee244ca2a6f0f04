//! Owners of privileged applications.

use super::privileged::privileges;
use crate::model::{Guid, Part};
use crate::rules::{Join, JoinOut, Severity, declare_rule};
use crate::tenant::{LinkRow, PrincipalRow, Tenant};

declare_rule! {
    /// A privileged application has an owner.
    ///
    /// **Why it matters.** An owner may add a credential to the application and sign in as it. So
    /// whoever owns it holds what it holds, without being named in any list of administrators.
    ///
    /// **What is checked.** Owners of the service principal and of its application, where it has
    /// one of the rights that *privileged-with-secret* names. An application that owns itself is
    /// left alone. Some teams want an owner for every application: they turn this rule off, and
    /// others raise it.
    ///
    /// **Fix.** Remove the owner and leave the application to administrators, or take the rights
    /// away: `az ad app owner remove --id <app> --owner-object-id <id>`.
    pub static PRIVILEGED_WITH_OWNER = {
        id: "privileged-with-owner",
        group: Posture,
        severity: Warning,
        persona: Audit,
        needs: [
            ServicePrincipal,
            DirectoryObject,
            AppRoleAssignment | DirectoryRoleAssignment | RoleAssignment,
        ],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity/enterprise-apps/overview-assign-app-owners",
            "https://learn.microsoft.com/entra/identity/role-based-access-control/privileged-roles-permissions",
        ],
        peers: [
            "Maester MT.1077",
            "Maester MT.1078",
            "Prowler entra_service_principal_privileged_role_no_owners",
            "M365-Assess ENTAPP-016",
            "M365-Assess ENTAPP-017",
            "EntraFalcon owners in the risk score",
            "AzureHound/BloodHound AZOwns",
        ],
        check: JoinedPrincipal(privileged_with_owner),
    }
}

/// Who owns a service principal or its application, each once; and whether it is the application.
fn owners(tenant: &Tenant, principal: &PrincipalRow) -> Vec<(LinkRow, bool)> {
    let app = tenant.application(principal.app_id);
    let of_app = app.map_or(Guid::NIL, |app| app.id);
    let mut found: Vec<(LinkRow, bool)> = Vec::new();
    for (whole, is_app) in [
        (of_app, true),
        (principal.app_id, true),
        (principal.id, false),
    ] {
        if whole == Guid::NIL {
            continue;
        }
        for owner in tenant.owners_of(whole) {
            if owner.part != principal.id
                && owner.part != Guid::NIL
                && !found.iter().any(|(known, _)| known.part == owner.part)
            {
                found.push((*owner, is_app));
            }
        }
    }
    found
}

fn privileged_with_owner(principal: &PrincipalRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    if principal.id == Guid::NIL || principal.is_microsofts() {
        return;
    }
    let tenant = cx.tenant;
    let owners = owners(tenant, principal);
    if owners.is_empty() {
        return;
    }
    let privileges = privileges(tenant, principal.id);
    let Some(first) = privileges.first() else {
        return;
    };
    for (owner, is_app) in owners {
        out.report(Severity::Warning, Part::Id, |say| {
            let (name, whom) = (say.name(principal.at), say.name(owner.at));
            say.message(format!(
                "the service principal {name} holds {} and is owned by {whom}",
                first.right.called(tenant)
            ))
            .label("privileged")
            .help("remove the owner, or take the right away")
            .fact("owner", owner.part)
            .key(owner.part.to_string());
            say.see(owner.at, Part::Object, "owns it");
            first.show(tenant, say);
            say.command(if is_app {
                format!(
                    "az ad app owner remove --id {} --owner-object-id {}",
                    principal.app_id, owner.part
                )
            } else {
                format!(
                    "az rest --method DELETE --url 'https://graph.microsoft.com/v1.0/servicePrincipals/{}/owners/{}/$ref'",
                    principal.id, owner.part
                )
            });
        });
    }
}
