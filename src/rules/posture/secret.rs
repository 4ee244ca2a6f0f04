//! Privileged service principals that sign in with a client secret.

use super::privileged::{privileges, valid_secret};
use crate::model::{Guid, Part};
use crate::rules::{Join, JoinOut, Severity, declare_rule};
use crate::tenant::PrincipalRow;

declare_rule! {
    /// A privileged application signs in with a client secret.
    ///
    /// **Why it matters.** A secret is a password that is copied into configuration, pipelines and
    /// chats. Whoever reads it holds what the application holds: here, control of the tenant or of
    /// a subscription.
    ///
    /// **What is checked.** Service principals with a valid client secret, their own or their
    /// application's, and one of these: an application permission of Microsoft Graph that leads to
    /// full control of the tenant (*permission-tier-zero*), a privileged role of the directory
    /// (*directory-role-privileged*), or Owner, User Access Administrator or Role Based Access
    /// Control Administrator of a subscription or above; directly or through a group that was
    /// exported. The right is shown in the document that proves it.
    ///
    /// **Fix.** Replace the secret by a managed identity or a federated credential, or by a
    /// certificate in a vault; then delete it:
    /// `az ad app credential delete --id <app> --key-id <keyId>`. Take rights away that are not
    /// used.
    pub static PRIVILEGED_WITH_SECRET = {
        id: "privileged-with-secret",
        group: Posture,
        severity: Warning,
        persona: Regular,
        needs: [
            ServicePrincipal,
            AppRoleAssignment | DirectoryRoleAssignment | RoleAssignment,
        ],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity-platform/security-best-practices-for-app-registration",
            "https://learn.microsoft.com/entra/identity/role-based-access-control/privileged-roles-permissions",
            "https://learn.microsoft.com/azure/role-based-access-control/best-practices",
        ],
        peers: [
            "Maester MT.1027",
            "Prowler entra_service_principal_no_secrets_for_permanent_tier0_roles",
            "M365-Assess ENTAPP-015",
            "ScubaGear risk score of permissions and credentials",
            "Guerrilla EIDAPP-005",
            "Mandiant AAD Investigator risky permissions with credentials",
            "EntraFalcon impact and likelihood score",
        ],
        check: JoinedPrincipal(privileged_with_secret),
    }
}

/// Rights that one finding shows.
const SHOWN: usize = 3;

fn privileged_with_secret(principal: &PrincipalRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    if principal.id == Guid::NIL || principal.is_microsofts() || principal.enabled.is_no() {
        return;
    }
    let tenant = cx.tenant;
    let Some(secret) = valid_secret(tenant, principal) else {
        return;
    };
    let privileges = privileges(tenant, principal.id);
    let Some(first) = privileges.first() else {
        return;
    };
    let part = if secret == principal.at {
        Part::LatestSecret
    } else {
        Part::Id
    };
    out.report(Severity::Warning, part, |say| {
        let name = say.name(principal.at);
        let more = match privileges.len() - 1 {
            0 => String::new(),
            1 => " and 1 right more".to_owned(),
            more => format!(" and {more} rights more"),
        };
        say.message(format!(
            "the service principal {name} signs in with a client secret and holds {}{more}",
            first.right.called(tenant)
        ))
        .label(if secret == principal.at {
            "a valid client secret"
        } else {
            "privileged"
        })
        .help(
            "sign in with a managed identity, a federated credential or a certificate in a vault, then delete the secret",
        )
        .fact("rights", privileges.len());
        if secret != principal.at {
            say.see(secret, Part::LatestSecret, "a valid client secret");
        }
        for privilege in privileges.iter().take(SHOWN) {
            privilege.show(tenant, say);
        }
        let id = principal.app_id;
        if id != Guid::NIL {
            let noun = if secret == principal.at { "sp" } else { "app" };
            say.command(format!("az ad {noun} credential list --id {id}"));
            say.command(format!(
                "az ad {noun} credential delete --id {id} --key-id <keyId>"
            ));
        }
    });
}
