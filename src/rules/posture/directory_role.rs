//! Privileged roles of the directory on service principals.

use super::privileged::{Right, directory_privileges, is_multi_tenant, valid_secret};
use crate::model::{Guid, Part, Schedule};
use crate::rules::{Join, JoinOut, Severity, declare_rule, shell_word};
use crate::tenant::PrincipalRow;

declare_rule! {
    /// A service principal holds a privileged role of the directory.
    ///
    /// **Why it matters.** With such a role an application changes credentials, policies or other
    /// administrators' roles, without a person and without multifactor authentication. Whoever
    /// gets hold of its credential, or owns it, has the same power.
    ///
    /// **What is checked.** Service principals, managed identities too, with a role that bears the
    /// label PRIVILEGED in "Microsoft Entra built-in roles" (Global Administrator, Application
    /// Administrator and 32 others), directly or through a group that was exported, over the whole
    /// tenant. Eligible and ended assignments do not count, nor do Microsoft's own applications. A
    /// role that can change something, together with a valid client secret or with an application
    /// open to other tenants, is an error.
    ///
    /// **Fix.** Grant the application permission of the single task, or assign the role over an
    /// administrative unit or the one application; then remove the role. Protect what has to stay
    /// with a managed identity or a federated credential.
    pub static DIRECTORY_ROLE_PRIVILEGED = {
        id: "directory-role-privileged",
        group: Posture,
        severity: Warning,
        persona: Regular,
        needs: [ServicePrincipal, DirectoryRoleAssignment],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference",
            "https://learn.microsoft.com/entra/identity/role-based-access-control/privileged-roles-permissions",
        ],
        peers: [
            "Zero Trust Assessment 21836",
            "ScubaGear privileged role score",
            "M365-Assess ENTAPP-005",
            "M365-Assess ENTAPP-009",
            "EntraFalcon Entra roles of enterprise applications",
            "AzADServicePrincipalInsights",
            "M365-Assessment-Toolkit ENTRA-009",
            "M365-Assessment-Toolkit ENTRA-010",
            "AzureHound/BloodHound AZHasRole",
        ],
        check: JoinedPrincipal(privileged_role),
    }
}

fn privileged_role(principal: &PrincipalRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    if principal.id == Guid::NIL || principal.is_microsofts() {
        return;
    }
    let tenant = cx.tenant;
    let mut seen: Vec<Guid> = Vec::new();
    for privilege in directory_privileges(tenant, principal.id) {
        let Right::Directory(role) = privilege.right else {
            continue;
        };
        // The list of assignments and that of Privileged Identity Management show the same one.
        if seen.contains(&role.id) {
            continue;
        }
        seen.push(role.id);
        let changes = role.changes() && !principal.enabled.is_no();
        let secret = valid_secret(tenant, principal).filter(|_| changes);
        let open = changes && is_multi_tenant(tenant, principal);
        let severity = if secret.is_some() || open {
            Severity::Error
        } else {
            Severity::Warning
        };
        out.report(severity, Part::Id, |say| {
            let also = match (secret, open) {
                (Some(_), _) => " and signs in with a client secret",
                (None, true) => " and its application is open to other tenants",
                (None, false) => "",
            };
            let name = say.name(principal.at);
            say.message(format!(
                "the service principal {name} holds the privileged role {}{also}",
                role.name
            ))
            .label("holds a privileged role")
            .help("grant the permission of the single task instead, then remove the role")
            .fact("role", role.name)
            .fact("roleId", role.id)
            .key(role.id.to_string());
            privilege.show(tenant, say);
            if let Some(at) = secret {
                say.see(at, Part::LatestSecret, "a valid client secret");
            }
            if let Some(app) = tenant.application(principal.app_id).filter(|_| open) {
                say.see(app.at, Part::Audience, "open to other tenants");
            }
            // What a schedule assigned is taken back by a request, not by deleting its row.
            let plain = tenant
                .directory_roles_of(principal.id)
                .any(|row| row.at == privilege.at && row.schedule == Schedule::None);
            let id = say.subject(privilege.at).and_then(|subject| subject.id);
            if let Some(id) = id.filter(|_| plain) {
                say.command(format!(
                    "az rest --method DELETE --url {}",
                    shell_word(&format!(
                        "https://graph.microsoft.com/v1.0/roleManagement/directory/roleAssignments/{id}"
                    ))
                ));
            }
        });
    }
}
