//! Middle tiers that call on in their users' names.

use crate::model::{Guid, Part, PermissionKind};
use crate::rules::permission::joined::{api_name, only_principal};
use crate::rules::{Flow, Join, JoinOut, Severity, declare_rule};
use crate::tenant::{ApplicationRow, GrantRow, PrincipalRow, Requested};

declare_rule! {
    /// The configured flow is on-behalf-of, and the application is not prepared for it.
    ///
    /// **Why it matters.** A middle tier exchanges the token that a client sends it for one to the
    /// API behind it. The client's token has to be for the middle tier, which therefore has to
    /// expose a scope; and there is nobody to show a consent prompt to, so consent to the API
    /// behind it has to be there beforehand (AADSTS65001).
    ///
    /// **What is checked.** `flows` names `on-behalf-of`, and the application certainly has no
    /// identifier URI with an enabled scope, or a complete export of grants has none for its
    /// service principal on the profile's API (without a profile: on any API that it asks for
    /// delegated permissions). Silent about consent where `knownClientApplications` or
    /// `preAuthorizedApplications` name clients whose users consent to both at once.
    ///
    /// **Fix.** Expose a scope, `az ad app update --id <app> --identifier-uris api://<app>`, and
    /// have an administrator consent: `az ad app permission admin-consent --id <app>`.
    ///
    /// **Options.** `flows`: where it is left out, nothing is reported.
    pub static ON_BEHALF_OF_UNPREPARED = {
        id: "on-behalf-of-unprepared",
        group: Consent,
        severity: Error,
        persona: Regular,
        needs: [Application],
        since: "0.1.0",
        options: ["azure-digital-twins.flows"],
        references: [
            "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow",
        ],
        check: JoinedApplication(unprepared),
    }
}

/// Whether the flow is configured, and for this application.
fn is_middle_tier(app: &ApplicationRow, cx: &Join<'_>) -> bool {
    let flows = cx.settings.flows.as_deref().unwrap_or_default();
    flows.contains(&Flow::OnBehalfOf)
        && !app.deleted
        && (cx.settings.profile.is_none() || cx.profile_of(app).is_some())
}

/// Whether this rule tells of the application's missing consent, all of it.
pub fn needs_consent_beforehand(app: &ApplicationRow, cx: &Join<'_>) -> bool {
    cx.settings.profile.is_none() && is_middle_tier(app, cx) && unconsented(app, cx).is_some()
}

/// The first API that the application asks for delegated permissions and has no grant for, with
/// both service principals.
fn unconsented<'t>(
    app: &ApplicationRow,
    cx: &Join<'t>,
) -> Option<(Requested, &'t PrincipalRow, &'t PrincipalRow)> {
    let tenant = cx.tenant;
    if app.knows_clients || !app.requests_known {
        return None;
    }
    let client = cx.principal_of(app).filter(|row| row.id != Guid::NIL)?;
    if !tenant.knows_grants_of(client.id) {
        return None;
    }
    let delegated = |asked: &Requested| {
        asked.kind == Some(PermissionKind::Scope)
            && asked.resource != app.app_id
            && cx
                .settings
                .profile
                .as_ref()
                .is_none_or(|profile| profile.resource == asked.resource)
    };
    tenant.requested(app).filter(delegated).find_map(|asked| {
        let api = only_principal(tenant, asked.resource)?;
        let granted = |grant: &GrantRow| grant.resource == api.id;
        (!tenant.grants_of(client.id).any(granted)).then_some((asked, client, api))
    })
}

fn unprepared(app: &ApplicationRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    if !is_middle_tier(app, cx) {
        return;
    }
    if app.exposes_api.is_no() {
        out.report(Severity::Error, Part::AppId, |say| {
            let name = say.name(app.at);
            say.message(format!(
                "the application {name} exposes no scope, so no client can send it a token to act upon"
            ))
            .label("exposes no API")
            .help("set an identifier URI and expose a scope that clients ask for")
            .key("api");
            if app.app_id != Guid::NIL {
                say.command(format!(
                    "az ad app update --id {0} --identifier-uris api://{0}",
                    app.app_id
                ));
            }
        });
    }
    if let Some((asked, client, api)) = unconsented(app, cx) {
        let part = Part::Resource(asked.resource);
        out.report(Severity::Error, part, |say| {
            let name = say.name(app.at);
            let resource = api_name(say, cx.tenant, asked.resource);
            say.message(format!(
                "the application {name} acts on behalf of users without consent to {resource} given beforehand"
            ))
            .label("no consent given beforehand")
            .help("have an administrator consent, or name the clients in knownClientApplications")
            .command(format!(
                "az ad app permission admin-consent --id {}",
                app.app_id
            ))
            .key(asked.resource.to_string())
            .see(client.at, Part::Id, "no grant for this client")
            .see(api.at, Part::AppId, "the API behind it");
        });
    }
}
