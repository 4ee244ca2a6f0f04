//! Dangerous delegated permissions that were consented to for everybody.

use super::remove_grant;
use crate::catalog::{Risk, permission_by_value};
use crate::model::{Guid, Part, PermissionKind};
use crate::rules::permission::joined::{api_name, listed};
use crate::rules::{Join, JoinOut, Severity, declare_rule};
use crate::tenant::{ConsentType, GrantRow};

declare_rule! {
    /// A critical delegated permission is granted for all users.
    ///
    /// **Why it matters.** The application may use the permission in the name of whoever signs in
    /// to it, administrators included, and nobody is asked any more. Whoever takes over the
    /// application, or only a user's token for it, acts with that user's full reach.
    ///
    /// **What is checked.** Grants with `consentType` `AllPrincipals` whose scopes name a
    /// delegated permission that ScubaGear's list rates Critical, such as Directory.AccessAsUser.All
    /// or RoleManagement.ReadWrite.Directory. Microsoft's own applications are left out.
    ///
    /// **Fix.** Grant what the single task needs, or consent for the few people who do it; then
    /// delete the grant: `DELETE /oauth2PermissionGrants/<id>`.
    pub static CONSENT_TENANT_WIDE_CRITICAL = {
        id: "consent-tenant-wide-critical",
        group: Consent,
        severity: Warning,
        persona: Regular,
        needs: [ServicePrincipal, DelegatedGrant],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity/enterprise-apps/manage-consent-requests",
            "https://github.com/cisagov/ScubaGear",
        ],
        peers: [
            "ScubaGear risky delegated permissions",
            "Guerrilla EIDAPP-006, EIDAPP-015",
            "M365-Assess ENTAPP-004",
            "EntraFalcon dangerous delegated permissions",
            "AzADServicePrincipalInsights permissionClassification",
            "M365-Assess CONSENT-004",
        ],
        check: JoinedGrant(tenant_wide_critical),
    }
}

/// Whether a delegated permission of this value is rated critical.
pub fn is_critical(resource: Guid, value: &str) -> bool {
    permission_by_value(resource, value, Some(PermissionKind::Scope))
        .is_some_and(|known| known.risk == Some(Risk::Critical))
}

fn tenant_wide_critical(row: &GrantRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    if row.consent != ConsentType::AllPrincipals {
        return;
    }
    let tenant = cx.tenant;
    let Some(api) = tenant.principal(row.resource) else {
        return;
    };
    let client = tenant.principal(row.client);
    if client.is_some_and(|client| client.is_microsofts()) {
        return;
    }
    let critical = |scope: &&str| is_critical(api.app_id, scope);
    let count = tenant.scopes_of(row).filter(critical).count();
    if count == 0 {
        return;
    }
    out.report(Severity::Warning, Part::Scope, |say| {
        let name = client.map_or_else(|| row.client.to_string(), |client| say.name(client.at));
        let resource = api_name(say, tenant, api.app_id);
        say.message(format!(
            "{name} may use {} of {resource}, rated critical, in the name of every user",
            listed(tenant.scopes_of(row).filter(critical), count)
        ))
        .label("granted for all users")
        .help("grant what the single task needs, or consent for those who do it, then delete this grant")
        .fact("critical", count);
        if let Some(client) = client {
            say.see(client.at, Part::DisplayName, "may use it");
        }
        say.see(api.at, Part::AppId, "the API");
        let command = remove_grant(say, row);
        say.command(command);
    });
}
