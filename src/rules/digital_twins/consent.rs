//! Whether the profile's permission, once asked for, is granted.

use super::words::scope_name;
use crate::access::{Access, Standing};
use crate::model::{Part, PermissionKind};
use crate::rules::{Flow, Join, JoinOut, Severity, declare_rule};
use crate::tenant::{ApplicationRow, GrantRow, Truth};

declare_rule! {
    /// Read.Write is requested and was never granted.
    ///
    /// **Why it matters.** What an application requests grants it nothing. Until somebody consents,
    /// a user who signs in is asked, and where users may not consent, stopped: AADSTS65001, or
    /// AADSTS90094, "an administrator has to consent". An application that acts as itself needs no
    /// consent: it needs a data role on the instance.
    ///
    /// **What is checked.** An application that the profile applies to requests Read.Write of Azure
    /// Digital Twins, and a complete export of delegated grants has none between its service
    /// principal and that of Azure Digital Twins. An error when consent is to be an administrator's
    /// (`admin-consent = "required"`). Silent when every configured flow is app-only, and where the
    /// application offers no sign-in to users.
    ///
    /// **Fix.** `az ad app permission admin-consent --id <app>`.
    ///
    /// **Options.** `admin-consent` and `flows` in the profile's table.
    pub static ADT_CONSENT_MISSING = {
        id: "adt-consent-missing",
        group: DigitalTwins,
        severity: Warning,
        persona: Regular,
        needs: [Application, ServicePrincipal, DelegatedGrant],
        complete: [DelegatedGrant],
        since: "0.1.0",
        options: ["azure-digital-twins.admin-consent", "azure-digital-twins.flows"],
        references: [
            "https://learn.microsoft.com/azure/digital-twins/how-to-create-app-registration",
            "https://learn.microsoft.com/graph/api/resources/oauth2permissiongrant",
            "https://learn.microsoft.com/entra/identity-platform/reference-error-codes",
        ],
        check: JoinedApplication(consent_missing),
    }
}

fn consent_missing(app: &ApplicationRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    let Some(access) = access_of(app, cx) else {
        return;
    };
    if app.deleted || !access.requests(app).is_yes() || !signs_users_in(app, &access) {
        return;
    }
    let Standing::One(principal) = access.standing(app, None) else {
        return;
    };
    let consent = access.consent(principal.id);
    let something = consent.is_given()
        || consent.lacks.is_some()
        || consent.another.is_some()
        || consent.of_unknown.is_some();
    if something || access.lacks_resource_principal() {
        return;
    }
    let required = cx.settings.admin_consent_required;
    let severity = if required {
        Severity::Error
    } else {
        Severity::Warning
    };
    let profile = access.profile;
    out.report(severity, Part::Resource(profile.resource), |say| {
        let name = say.name(app.at);
        let scope = scope(&access);
        say.message(format!(
            "{} › {scope}, which {name} requests, is granted to nobody",
            profile.resource_name
        ))
        .label("requested and not granted")
        .help("have an administrator consent, or let users consent when they sign in")
        .command(format!(
            "az ad app permission admin-consent --id {}",
            app.app_id
        ))
        .fact("adminConsentRequired", required)
        .key(profile.resource.to_string());
        say.see(principal.at, Part::Id, "no grant names this principal");
        if let Some(resource) = cx.tenant.principals_of(profile.resource).next() {
            say.see(resource.at, Part::Id, "nor this resource for it");
        }
    });
}

declare_rule! {
    /// A grant for Azure Digital Twins lacks Read.Write.
    ///
    /// **Why it matters.** Somebody consented to something else, or the value was misspelt when the
    /// grant was written by a script: `scope` holds the values of permissions between blanks, and
    /// they compare exactly. The token lacks the permission, and Azure Digital Twins answers 403.
    ///
    /// **What is checked.** A delegated grant whose resource is the service principal of Azure
    /// Digital Twins, without `Read.Write` in exactly this case among its scopes. Where the service
    /// principal of the resource is exported, the value of its permission counts. Silent when
    /// another grant gives the same client the permission.
    ///
    /// **Fix.** `az ad app permission grant --id <app> --api 0b07f429-9f4b-4714-9392-cc5e8e80c8b0
    /// --scope Read.Write`.
    pub static ADT_CONSENT_LACKS_SCOPE = {
        id: "adt-consent-lacks-scope",
        group: DigitalTwins,
        severity: Error,
        persona: Regular,
        needs: [ServicePrincipal, DelegatedGrant],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/graph/api/resources/oauth2permissiongrant",
            "https://learn.microsoft.com/azure/digital-twins/troubleshoot-error-403-digital-twins",
        ],
        check: JoinedGrant(consent_lacks_scope),
    }
}

fn consent_lacks_scope(grant: &GrantRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    let Some(access) = cx.access() else {
        return;
    };
    let profile = access.profile;
    let Some(resource) = cx
        .tenant
        .principal(grant.resource)
        .filter(|row| row.app_id == profile.resource)
    else {
        return;
    };
    if access.scope_values().is_empty()
        || access.names_scope(grant)
        || access.consent(grant.client).is_given()
    {
        return;
    }
    out.report(Severity::Error, Part::Scope, |say| {
        let scope = scope(&access);
        let client = cx.tenant.principal(grant.client);
        let name = client.map_or_else(|| grant.client.to_string(), |row| say.name(row.at));
        let misspelt = cx
            .tenant
            .scopes_of(grant)
            .any(|given| given.eq_ignore_ascii_case(&scope));
        say.message(format!(
            "the grant of {} to {name} lacks {scope}",
            profile.resource_name
        ))
        .label(if misspelt {
            format!("case differs from {scope}")
        } else {
            format!("no {scope} among these")
        })
        .help(format!("grant {scope}, spelt like this"))
        .key(grant.resource.to_string());
        if let Some(client) = client {
            say.command(format!(
                "az ad app permission grant --id {} --api {} --scope {}",
                client.app_id,
                profile.resource,
                crate::rules::shell_word(&scope)
            ));
            say.see(client.at, Part::Id, "the client");
        }
        say.see(resource.at, Part::Id, "the resource");
    });
}

declare_rule! {
    /// Read.Write is granted for another API than Azure Digital Twins.
    ///
    /// **Why it matters.** The grant looks right, for `Read.Write` is what the application needs;
    /// but permissions of that name belong to an API, and here it is another one. For Azure Digital
    /// Twins nothing is granted, and users are asked again or stopped (AADSTS65001).
    ///
    /// **What is checked.** An application that the profile applies to requests Read.Write of Azure
    /// Digital Twins and has no grant for it, but one with `Read.Write` for the service principal of
    /// another application that it does not request, or that exposes no such permission.
    ///
    /// **Fix.** `az ad app permission admin-consent --id <app>`, and delete the grant that nobody
    /// needs.
    pub static ADT_CONSENT_WRONG_RESOURCE = {
        id: "adt-consent-wrong-resource",
        group: DigitalTwins,
        severity: Warning,
        persona: Regular,
        needs: [Application, ServicePrincipal, DelegatedGrant],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/graph/api/resources/oauth2permissiongrant",
            "https://learn.microsoft.com/azure/digital-twins/how-to-create-app-registration",
        ],
        check: JoinedGrant(consent_wrong_resource),
    }
}

fn consent_wrong_resource(grant: &GrantRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    let Some(access) = cx.access() else {
        return;
    };
    let (Some(client), Some(resource)) = (
        cx.tenant.principal(grant.client),
        cx.tenant.principal(grant.resource),
    ) else {
        return;
    };
    let profile = access.profile;
    if resource.app_id == profile.resource || !access.names_scope(grant) {
        return;
    }
    let Some(app) = cx.tenant.application(client.app_id) else {
        return;
    };
    if cx.profile_of(app).is_none()
        || !access.requests(app).is_yes()
        || access.consent(client.id).is_given()
    {
        return;
    }
    // Another API may have a permission of that name, and the application may want it.
    let values = access.scope_values();
    let exposes = cx.tenant.exposed(resource).iter().any(|row| {
        row.kind == PermissionKind::Scope && values.contains(&cx.tenant.text(row.value))
    });
    let wants = cx
        .tenant
        .requested(app)
        .any(|row| row.resource == resource.app_id);
    if wants && (exposes || !resource.exposed_known) {
        return;
    }
    out.report(Severity::Warning, Part::ResourceId, |say| {
        let scope = scope(&access);
        let (name, other) = (say.name(client.at), say.name(resource.at));
        say.message(format!(
            "{scope} is granted to {name} for {other}, not for {}",
            profile.resource_name
        ))
        .label(format!("not {}", profile.resource_name))
        .help(format!(
            "consent to {scope} of {}, and delete this grant",
            profile.resource_name
        ))
        .command(format!(
            "az ad app permission admin-consent --id {}",
            client.app_id
        ))
        .key(grant.resource.to_string());
        say.see(resource.at, Part::AppId, "what it is granted for");
        let wanted = Part::Resource(profile.resource);
        say.see(app.at, wanted, "what is requested");
    });
}

declare_rule! {
    /// The tenant has no service principal of Azure Digital Twins.
    ///
    /// **Why it matters.** Tokens are issued for service principals of the tenant. Without one of
    /// Azure Digital Twins users cannot sign in to it: AADSTS500011, "the resource principal was
    /// not found in the tenant", or AADSTS650052. An application that acts as itself may meet the
    /// same.
    ///
    /// **What is checked.** A complete export of service principals (`az ad sp list --all`) has none
    /// with the appId `0b07f429-9f4b-4714-9392-cc5e8e80c8b0`, and an application that the profile
    /// applies to needs it. A warning when every configured flow is app-only.
    ///
    /// **Fix.** `az ad sp create --id 0b07f429-9f4b-4714-9392-cc5e8e80c8b0`; registering the
    /// resource provider Microsoft.DigitalTwins does the same.
    ///
    /// **Options.** `flows` in the profile's table.
    pub static ADT_RESOURCE_PRINCIPAL_MISSING = {
        id: "adt-resource-principal-missing",
        group: DigitalTwins,
        severity: Error,
        persona: Regular,
        needs: [Application, ServicePrincipal],
        complete: [ServicePrincipal],
        since: "0.1.0",
        options: ["azure-digital-twins.flows"],
        references: [
            "https://learn.microsoft.com/entra/identity-platform/reference-error-codes",
            "https://learn.microsoft.com/entra/identity-platform/app-objects-and-service-principals",
        ],
        check: JoinedApplication(resource_principal_missing),
    }
}

fn resource_principal_missing(app: &ApplicationRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    if cx.profile_of(app).is_none() {
        return;
    }
    let Some(access) = cx.access() else {
        return;
    };
    if app.deleted || !access.lacks_resource_principal() {
        return;
    }
    let flows = cx.settings.flows.as_deref().unwrap_or_default();
    let app_only = !flows.is_empty() && flows.iter().all(|flow| flow.is_app_only());
    if !app_only && access.requests(app) == Truth::No {
        // What it does not ask for it does not miss.
        return;
    }
    let severity = if app_only {
        Severity::Warning
    } else {
        Severity::Error
    };
    let profile = access.profile;
    out.report(severity, Part::Resource(profile.resource), |say| {
        let name = say.name(app.at);
        say.message(format!(
            "{name} needs {}, which has no service principal in the tenant",
            profile.resource_name
        ))
        .label("no service principal has this appId")
        .help("create the service principal of the resource")
        .command(format!("az ad sp create --id {}", profile.resource))
        .key(profile.resource.to_string());
        if let Some(principal) = cx.principal_of(app) {
            say.see(principal.at, Part::Id, "the client, in the same export");
        }
    });
}

/// What may be asked of an application that the profile applies to, unless it is meant to act as
/// itself alone.
fn access_of<'t>(app: &ApplicationRow, cx: &Join<'t>) -> Option<Access<'t>> {
    cx.profile_of(app)?;
    let flows = cx.settings.flows.as_deref().unwrap_or_default();
    let app_only = !flows.is_empty() && flows.iter().all(|flow| flow.is_app_only());
    if app_only { None } else { cx.access() }
}

/// Whether users may sign in through an application: configured, or some platform of it is there
/// or not known.
fn signs_users_in(app: &ApplicationRow, access: &Access<'_>) -> bool {
    if let Some(flows) = &access.settings.flows {
        return flows.iter().any(|flow| !flow.is_app_only());
    }
    let platforms = app.platforms;
    let all = [
        platforms.public,
        platforms.web,
        platforms.spa,
        app.public_client_flow,
    ];
    all.iter().any(|truth| !truth.is_no()) || app.exposes_api.is_yes()
}

/// "Read.Write", as the tenant calls it.
pub(super) fn scope(access: &Access<'_>) -> String {
    match (access.scope_values().first(), access.profile.scopes.first()) {
        (Some(value), _) => crate::rules::out::one_line(value),
        (None, Some(id)) => scope_name(access.profile, *id),
        (None, None) => "its permission".to_owned(),
    }
}

/// Whether the configuration names flows and one of them satisfies `test`.
pub(super) fn configured(cx: &Join<'_>, test: impl Fn(&Flow) -> bool) -> Option<bool> {
    cx.settings
        .flows
        .as_ref()
        .map(|flows| flows.iter().any(test))
}
