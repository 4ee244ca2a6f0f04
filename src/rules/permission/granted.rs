//! What was granted, beside what is asked for.

use super::joined::{api_name, listed, only_principal, remove_app_role, scope_is_basic};
use crate::catalog::{self, AAD_GRAPH, GRAPH};
use crate::model::{Guid, Part, PermissionKind};
use crate::rules::consent::{needs_consent_beforehand, remove_grant};
use crate::rules::{Join, JoinOut, Severity, declare_rule};
use crate::tenant::{
    AppRoleRow, ApplicationRow, ConsentType, GrantRow, PrincipalKind, PrincipalRow, Requested,
};

declare_rule! {
    /// Permissions are requested that nobody ever granted.
    ///
    /// **Why it matters.** A request grants nothing. Until an administrator consents, an
    /// application permission is missing from every token, and a user meets a consent prompt, or
    /// a refusal where users may not consent (AADSTS65001, AADSTS90094).
    ///
    /// **What is checked.** For each application and each API it asks: application permissions
    /// without an app role assignment, delegated ones without a grant to all or any user. Each
    /// half is judged only with a complete export of these grants, and only of permissions that
    /// the API has; both service principals must be in the input. openid, profile, email and
    /// offline_access are left out, and so are the retired Azure AD Graph, the profile's own API
    /// (*adt-consent-missing* tells of it), and delegated permissions of an API that names clients
    /// which need no consent.
    ///
    /// **Fix.** Have an administrator consent, or remove what is not needed:
    /// `az ad app permission admin-consent --id <app>`.
    pub static PERMISSION_NOT_GRANTED = {
        id: "permission-not-granted",
        group: Permission,
        severity: Warning,
        persona: Regular,
        needs: [Application, ServicePrincipal, AppRoleAssignment | DelegatedGrant],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity-platform/permissions-consent-overview",
            "https://learn.microsoft.com/entra/identity/enterprise-apps/grant-admin-consent",
        ],
        check: JoinedApplication(not_granted),
    }
}

fn not_granted(app: &ApplicationRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    if app.deleted || !app.requests_known {
        return;
    }
    let Some(client) = cx.principal_of(app).filter(|row| row.id != Guid::NIL) else {
        return;
    };
    let mut asked: Vec<Requested> = cx.tenant.requested(app).collect();
    asked.sort_unstable();
    asked.dedup();
    for of_one in asked.chunk_by(|one, two| one.resource == two.resource) {
        let Some(resource) = of_one.first().map(|asked| asked.resource) else {
            continue;
        };
        let Some(api) = only_principal(cx.tenant, resource) else {
            continue;
        };
        if resource == AAD_GRAPH || resource == app.app_id || is_the_profiles(resource, app, cx) {
            continue;
        }
        let missing: Vec<&Requested> = of_one
            .iter()
            .filter(|asked| is_missing(asked, app, client, api, cx))
            .collect();
        if missing.is_empty() {
            continue;
        }
        out.report(Severity::Warning, Part::Resource(resource), |say| {
            let name = say.name(app.at);
            let resource_name = api_name(say, cx.tenant, resource);
            let count = missing.len();
            let names = missing
                .iter()
                .filter_map(|asked| cx.tenant.permission_value(resource, asked.id, asked.kind?));
            say.message(format!(
                "the application {name} asks {resource_name} for {}, which nobody granted",
                listed(names, count)
            ))
            .label("requested, not granted")
            .help("have an administrator consent, or remove what the application does not need")
            .command(format!(
                "az ad app permission admin-consent --id {}",
                app.app_id
            ))
            .fact("missing", count)
            .key(resource.to_string())
            .see(client.at, Part::Id, "nothing granted to this client")
            .see(api.at, Part::AppId, "the API that is asked");
        });
    }
}

/// Whether a rule about the profile tells of consent for this resource.
fn is_the_profiles(resource: Guid, app: &ApplicationRow, cx: &Join<'_>) -> bool {
    let profile = cx.settings.profile.as_ref();
    profile.is_some_and(|profile| profile.resource == resource) && cx.profile_of(app).is_some()
}

fn is_missing(
    asked: &Requested,
    app: &ApplicationRow,
    client: &PrincipalRow,
    api: &PrincipalRow,
    cx: &Join<'_>,
) -> bool {
    let tenant = cx.tenant;
    let Some(kind) = asked.kind else { return false };
    let Some(value) = tenant.permission_value(asked.resource, asked.id, kind) else {
        return false;
    };
    match kind {
        PermissionKind::Role => {
            tenant.knows_app_roles(client.id, api.id)
                && !tenant
                    .app_roles_of(client.id)
                    .any(|row| row.role == asked.id && row.resource == api.id)
        }
        PermissionKind::Scope => {
            let needs_no_consent = tenant
                .application(asked.resource)
                .is_some_and(|api| api.knows_clients);
            !needs_no_consent
                && !is_openid(value)
                && tenant.knows_grants_of(client.id)
                && !needs_consent_beforehand(app, cx)
                && !is_granted(client, api, value, cx)
        }
    }
}

/// Scopes of OpenID Connect itself, which every user consents to.
fn is_openid(value: &str) -> bool {
    ["openid", "profile", "email", "offline_access"]
        .iter()
        .any(|scope| scope.eq_ignore_ascii_case(value))
}

fn is_granted(client: &PrincipalRow, api: &PrincipalRow, value: &str, cx: &Join<'_>) -> bool {
    cx.tenant
        .grants_of(client.id)
        .filter(|grant| grant.resource == api.id)
        .any(|grant| {
            let mut scopes = cx.tenant.scopes_of(grant);
            scopes.any(|scope| scope.eq_ignore_ascii_case(value))
        })
}

declare_rule! {
    /// A permission is granted that the application no longer asks for.
    ///
    /// **Why it matters.** Removing a permission from the registration takes nothing away: the
    /// grant stays, and so does what a stolen credential can do with it. Nobody who reads the
    /// registration sees it.
    ///
    /// **What is checked.** App role assignments and tenant-wide delegated grants of a service
    /// principal whose application is in the input and tells what it asks for. It is an error for
    /// an application permission of Microsoft Graph that leads to full control of the tenant.
    /// Consent of single users is left out, since applications may ask for it as they go, and so
    /// are User.Read and the scopes of OpenID Connect.
    ///
    /// **Fix.** Remove the grant, or add the permission to the registration if it is used.
    pub static PERMISSION_GRANTED_NOT_REQUESTED = {
        id: "permission-granted-not-requested",
        group: Permission,
        severity: Warning,
        persona: Regular,
        needs: [Application, ServicePrincipal, AppRoleAssignment | DelegatedGrant],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity/enterprise-apps/manage-application-permissions",
        ],
        check: JoinedAppRole(left_over_role) | JoinedGrant(left_over_grant),
    }
}

/// The application whose service principal this is, when its documents tell all that it asks for.
fn asking<'t>(client: &PrincipalRow, cx: &Join<'t>) -> Option<&'t ApplicationRow> {
    let tenant = cx.tenant;
    if client.is_microsofts() || client.kind == PrincipalKind::ManagedIdentity {
        return None;
    }
    only_principal(tenant, client.app_id)?;
    let told = |app: &ApplicationRow| app.requests_known && !app.deleted;
    tenant
        .applications_of(client.app_id)
        .all(told)
        .then(|| tenant.application(client.app_id))?
}

/// What the application's documents ask of a resource.
fn requests<'t>(
    app: &ApplicationRow,
    resource: Guid,
    cx: &Join<'t>,
) -> impl Iterator<Item = Requested> + use<'t> {
    let tenant = cx.tenant;
    tenant
        .applications_of(app.app_id)
        .flat_map(|app| tenant.requested(app))
        .filter(move |asked| asked.resource == resource)
}

fn left_over_role(row: &AppRoleRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    let tenant = cx.tenant;
    let (Some(client), Some(api)) = (
        tenant.principal(row.principal),
        tenant.principal(row.resource),
    ) else {
        return;
    };
    if row.role == Guid::NIL || api.app_id == client.app_id {
        return;
    }
    let Some(app) = asking(client, cx) else {
        return;
    };
    let asked =
        |asked: Requested| asked.id == row.role && asked.kind != Some(PermissionKind::Scope);
    if requests(app, api.app_id, cx).any(asked) {
        return;
    }
    let known = catalog::permission(api.app_id, row.role, PermissionKind::Role);
    let core = api.app_id == GRAPH && known.is_some_and(|known| known.core);
    let severity = if core {
        Severity::Error
    } else {
        Severity::Warning
    };
    out.report(severity, Part::Role, |say| {
        let (name, resource) = (say.name(client.at), api_name(say, tenant, api.app_id));
        let value = tenant
            .permission_value(api.app_id, row.role, PermissionKind::Role)
            .map_or_else(|| row.role.to_string(), crate::rules::out::one_line);
        let grave = if core {
            ", and it leads to full control of the tenant"
        } else {
            ""
        };
        say.message(format!(
            "{name} holds the application permission {resource} › {value} that its registration does not ask for{grave}"
        ))
        .label("granted, not requested")
        .help("remove the assignment, or add the permission to the registration if it is used")
        .fact("permission", value)
        .see(app.at, Part::RequiredAccess, "not asked for here")
        .see(client.at, Part::DisplayName, "holds it");
        let command = remove_app_role(say, row);
        say.command(command);
    });
}

fn left_over_grant(row: &GrantRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    let tenant = cx.tenant;
    let (Some(client), Some(api)) = (tenant.principal(row.client), tenant.principal(row.resource))
    else {
        return;
    };
    if row.consent != ConsentType::AllPrincipals || api.app_id == client.app_id {
        return;
    }
    let Some(app) = asking(client, cx) else {
        return;
    };
    // What is wrong with consent for the profile's API is told by the profile's own rules.
    let profile = cx.profile_of(app);
    if profile.is_some_and(|profile| profile.resource == api.app_id) {
        return;
    }
    let mut unnamed = false;
    let value_of = |asked: Requested| match asked.kind {
        Some(PermissionKind::Role) => Some(""),
        _ => tenant.permission_value(asked.resource, asked.id, PermissionKind::Scope),
    };
    for asked in requests(app, api.app_id, cx) {
        unnamed |= value_of(asked).is_none();
    }
    if unnamed {
        return;
    }
    let left_over = |scope: &&str| {
        let same = |value: &str| value.eq_ignore_ascii_case(scope);
        let meant_elsewhere = || {
            profile.is_some_and(|profile| {
                profile.scopes.iter().any(|id| {
                    tenant
                        .permission_value(profile.resource, *id, PermissionKind::Scope)
                        .is_some_and(same)
                })
            })
        };
        !scope_is_basic(api.app_id, scope)
            && !requests(app, api.app_id, cx).any(|asked| value_of(asked).is_some_and(same))
            && !meant_elsewhere()
    };
    let count = tenant.scopes_of(row).filter(left_over).count();
    if count == 0 {
        return;
    }
    out.report(Severity::Warning, Part::Scope, |say| {
        let (name, resource) = (say.name(client.at), api_name(say, tenant, api.app_id));
        say.message(format!(
            "for all users, {name} is granted {} of {resource}, which its registration does not ask for",
            listed(tenant.scopes_of(row).filter(left_over), count)
        ))
        .label("granted, not requested")
        .help("remove the grant, or add the permissions to the registration if they are used")
        .fact("leftOver", count)
        .see(app.at, Part::RequiredAccess, "not asked for here")
        .see(client.at, Part::DisplayName, "holds the grant");
        let command = remove_grant(say, row);
        say.command(command);
    });
}

declare_rule! {
    /// A requested permission is switched off by the API that exposes it.
    ///
    /// **Why it matters.** Nobody can consent to a permission that its API has disabled, and
    /// tokens no longer carry it where consent was given before. The entry looks right, since the
    /// id still exists.
    ///
    /// **What is checked.** The API's own service principal in the input shows the requested scope
    /// or app role with `isEnabled: false`.
    ///
    /// **Fix.** Ask the owner of the API what replaces it, then exchange or remove the entry:
    /// `az ad app permission delete --id <app> --api <resource> --api-permissions <id>`.
    pub static PERMISSION_DISABLED = {
        id: "permission-disabled",
        group: Permission,
        severity: Warning,
        persona: Regular,
        needs: [Application, ServicePrincipal],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/graph/api/resources/permissionscope",
            "https://learn.microsoft.com/graph/api/resources/approle",
        ],
        check: JoinedApplication(disabled),
    }
}

fn disabled(app: &ApplicationRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    for asked in cx.tenant.requested(app) {
        let Some(kind) = asked.kind else { continue };
        let Some(api) = only_principal(cx.tenant, asked.resource) else {
            continue;
        };
        let Some(exposed) = cx.tenant.exposes(api, asked.id, kind) else {
            continue;
        };
        if !exposed.enabled.is_no() {
            continue;
        }
        let part = Part::Permission(asked.resource, asked.id);
        out.report(Severity::Warning, part, |say| {
            let name = say.name(app.at);
            let resource = api_name(say, cx.tenant, asked.resource);
            let value = crate::rules::out::one_line(cx.tenant.text(exposed.value));
            say.message(format!(
                "the application {name} asks for {resource} › {value}, which the API has switched off"
            ))
            .label("switched off by the API")
            .help("ask the owner of the API what replaces it, then exchange or remove the entry")
            .command(format!(
                "az ad app permission delete --id {} --api {} --api-permissions {}",
                app.app_id, asked.resource, asked.id
            ))
            .key(format!("{}/{}/{}", asked.resource, asked.id, kind.key()))
            .see(api.at, Part::Exposed(asked.id), "isEnabled is false");
        });
    }
}
