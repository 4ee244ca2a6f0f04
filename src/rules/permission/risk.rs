//! Permissions that are dangerous to hold, and those of an API that is gone.

use super::held::{high_risk_grant, high_risk_role, tier_zero_role};
use super::reading::{Asked, asked, permission_name, registration};
use crate::catalog::{self, AAD_GRAPH, Risk};
use crate::model::{Part, PermissionKind, RequiredAccess};
use crate::rules::{Context, Out, Severity, declare_rule};
use crate::tenant::{AppRoleRow, Depends};

declare_rule! {
    /// Permissions of the retired Azure AD Graph are requested.
    ///
    /// **Why it matters.** Azure AD Graph (`graph.windows.net`) is retired: calls to it fail,
    /// whatever was consented to. An entry that nothing uses any more still has to be consented
    /// to, and shows up in every review.
    ///
    /// **What is checked.** The resource `00000002-0000-0000-c000-000000000000`, under whatever
    /// name the portal shows it ("Windows Azure Active Directory", "Azure Active Directory
    /// Graph"). Older portals added its User.Read to every registration.
    ///
    /// **Fix.** Request what the code needs of Microsoft Graph, move the code there, then
    /// `az ad app permission delete --id <app> --api 00000002-0000-0000-c000-000000000000`.
    pub static PERMISSION_RETIRED_API = {
        id: "permission-retired-api",
        group: Permission,
        severity: Warning,
        persona: Regular,
        needs: [Application | RequiredResourceAccess],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/graph/migrate-azure-ad-graph-overview",
            "https://learn.microsoft.com/graph/migrate-azure-ad-graph-planning-checklist",
        ],
        peers: [
            "Zero Trust Assessment 21778, 21779, 21780",
            "Entra recommendations aadGraphDeprecationApplication",
        ],
        check: RequiredAccess(retired_api),
    }
}

fn retired_api(access: &RequiredAccess<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    for resource in &access.resources {
        let Some(span) = resource.app_id.span() else {
            continue;
        };
        if resource.guid != Some(AAD_GRAPH) {
            continue;
        }
        out.report(Severity::Warning, span, |say| {
            say.message("permissions of Azure AD Graph are requested, and that API is retired")
                .label("Azure AD Graph")
                .help("request what the code needs of Microsoft Graph, then remove this entry")
                .key(AAD_GRAPH.to_string());
            if let Some(app) = registration(cx) {
                say.command(format!(
                    "az ad app permission delete --id {app} --api {AAD_GRAPH}"
                ));
            }
        });
    }
}

declare_rule! {
    /// An application permission is requested or held that leads to full control of the tenant.
    ///
    /// **Why it matters.** With any one of these permissions of Microsoft Graph an application,
    /// and whoever holds its credential, can make itself administrator: it may write role
    /// assignments or other applications' credentials, reset administrators' passwords or sign-in
    /// methods, or change the policies that guard them. No user is involved, and nothing but an
    /// administrator's single consent stands between the request and the right (before it, users
    /// see AADSTS90094 or AADSTS65001).
    ///
    /// **What is checked.** Permissions of type `Role` requested of Microsoft Graph that are on
    /// this project's list of 22, such as RoleManagement.ReadWrite.Directory,
    /// Application.ReadWrite.All and Directory.ReadWrite.All. A request is a warning; it is an
    /// error when an app role assignment proves that it was granted. Such an assignment is also
    /// reported by itself where no document shows the application it belongs to, but for
    /// applications of Microsoft's and of other tenants.
    ///
    /// **Fix.** Take the permission of the single task (Application.ReadWrite.OwnedBy instead of
    /// Application.ReadWrite.All), a delegated permission, or a directory role over a part of the
    /// tenant; then remove the grant and the request,
    /// `az ad app permission delete --id <app> --api <resource> --api-permissions <id>`.
    pub static PERMISSION_TIER_ZERO = {
        id: "permission-tier-zero",
        group: Permission,
        severity: Warning,
        persona: Regular,
        needs: [Application | RequiredResourceAccess | AppRoleAssignment],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/graph/permissions-reference",
            "https://learn.microsoft.com/entra/identity/role-based-access-control/privileged-roles-permissions",
        ],
        peers: [
            "ScubaGear Get-ApplicationsWithRiskyPermissions",
            "Mandiant AAD Investigator risky application permissions",
            "Guerrilla EIDAPP-002",
            "365Inspect Inspect-DangerousAppPermissions",
            "Maester MT.1050",
            "Maester MT.1051",
            "Monkey365 eid-enterprise-app-with-high-entra-privileged-permissions",
            "M365-Assess ENTAPP-003",
            "M365-Assess ENTAPP-008",
            "M365-Assess ENTAPP-010",
            "M365-Assess ENTAPP-011",
            "M365-Assessment-Toolkit ENTRA-001",
            "EntraFalcon dangerous permissions",
            "AzADServicePrincipalInsights permissionClassification.json",
            "AzureHound/BloodHound AZMG* edges",
            "App Governance high-privilege app",
        ],
        check: RequiredAccess(tier_zero) | JoinedAppRole(tier_zero_role),
    }
}

/// What the catalogue knows of a permission in the type it is requested with.
fn known(asked: Asked<'_>) -> Option<&'static catalog::Permission> {
    catalog::permission(asked.api, asked.id, asked.permission.known_kind?)
}

pub(super) fn is_tier_zero(permission: &catalog::Permission) -> bool {
    permission.core && permission.kind == PermissionKind::Role
}

fn tier_zero(access: &RequiredAccess<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    for asked in asked(access) {
        // Most are delegated, and none of those is.
        let role = asked.permission.known_kind == Some(PermissionKind::Role);
        if !role || !known(asked).is_some_and(is_tier_zero) {
            continue;
        }
        out.depends_on(Depends::GRANTED);
        let granted = granted(asked, cx);
        let severity = match granted {
            Some(_) => Severity::Error,
            None => Severity::Warning,
        };
        out.report(severity, asked.span(), |say| {
            let name = permission_name(cx, asked.api, asked.id, asked.permission.known_kind);
            match granted {
                Some(row) => say
                    .message(format!(
                        "{name} is granted and leads to full control of the tenant"
                    ))
                    .see(row.at, Part::Role, "granted here"),
                None => say.message(format!("{name} leads to full control of the tenant")),
            }
            .label("full control of the tenant")
            .help("request the permission of the single task instead, and remove this one")
            .fact("granted", granted.is_some())
            .fact("permission", name.as_str())
            .key(asked.key());
            if let Some(app) = registration(cx) {
                say.command(format!(
                    "az ad app permission delete --id {app} --api {} --api-permissions {}",
                    asked.api, asked.id
                ));
            }
        });
    }
}

/// The assignment that proves an application permission granted to the application that is judged.
fn granted<'t>(asked: Asked<'_>, cx: &Context<'t>) -> Option<&'t AppRoleRow> {
    let beside = cx.beside?;
    let tenant = beside.join.tenant;
    tenant
        .principals_of(beside.row.app_id)
        .flat_map(|client| tenant.app_roles_of(client.id))
        .find(|row| {
            let api = tenant.principal(row.resource);
            row.role == asked.id && api.is_none_or(|api| api.app_id == asked.api)
        })
}

declare_rule! {
    /// A permission is requested or held that is rated critical or high.
    ///
    /// **Why it matters.** Such a permission reads or writes much of what a tenant holds: mail,
    /// files, groups, devices, policies. Whoever gets hold of the application's credential, or of
    /// a user's token for it, has the same reach.
    ///
    /// **What is checked.** Delegated and application permissions that ScubaGear's list rates
    /// Critical or High, of Microsoft Graph, Exchange, SharePoint, Power BI and other APIs.
    /// *permission-tier-zero* reports the worst of them, and this rule leaves those out. Besides
    /// what applications request: app role assignments and delegated grants of service principals
    /// whose application does not ask for them in the input, one finding for each, but for those
    /// that *consent-tenant-wide-critical* or *permission-granted-not-requested* tell of.
    ///
    /// **Fix.** Ask for less: the read-only, the single-object or the delegated variant
    /// (`Sites.Selected` instead of `Sites.ReadWrite.All`), and remove what is not used.
    pub static PERMISSION_HIGH_RISK = {
        id: "permission-high-risk",
        group: Permission,
        severity: Warning,
        persona: Audit,
        needs: [Application | RequiredResourceAccess | AppRoleAssignment | DelegatedGrant],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/graph/permissions-overview",
            "https://github.com/cisagov/ScubaGear",
        ],
        peers: [
            "ScubaGear Get-ApplicationsWithRiskyPermissions",
            "Mandiant AAD Investigator risky application permissions",
            "Guerrilla EIDAPP-002",
            "EntraFalcon dangerous permissions",
            "AzADServicePrincipalInsights permissionClassification.json",
            "Guerrilla EIDAPP-006",
            "Guerrilla EIDAPP-015",
            "M365-Assess ENTAPP-004",
            "M365-Assess ENTAPP-010",
        ],
        check: RequiredAccess(high_risk)
            | JoinedAppRole(high_risk_role)
            | JoinedGrant(high_risk_grant),
    }
}

fn high_risk(access: &RequiredAccess<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    for asked in asked(access) {
        let risk = match known(asked) {
            Some(permission) if !is_tier_zero(permission) => permission.risk,
            _ => None,
        };
        let Some(risk) = risk.filter(|risk| *risk >= Risk::High) else {
            continue;
        };
        out.report(Severity::Warning, asked.span(), |say| {
            let name = permission_name(cx, asked.api, asked.id, asked.permission.known_kind);
            say.message(format!("{name} is rated {}", risk.as_str()))
                .label(format!("{} risk", risk.as_str()))
                .help("request a narrower permission, or remove it if nothing uses it")
                .fact("permission", name.as_str())
                .fact("risk", risk.as_str())
                .key(asked.key());
            if let Some(app) = registration(cx) {
                say.command(format!(
                    "az ad app permission delete --id {app} --api {} --api-permissions {}",
                    asked.api, asked.id
                ));
            }
        });
    }
}
