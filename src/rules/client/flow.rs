//! Whether anybody can sign in, and the switch for flows without a redirect.

use super::identity_span;
use crate::model::{Application, Platform};
use crate::rules::credential::{Usage, standing};
use crate::rules::{Context, Flow, Out, Severity, declare_rule};
use crate::tenant::Depends;

declare_rule! {
    /// Nothing can sign in with the application.
    ///
    /// **Why it matters.** It asks for permissions, yet no user can be sent back to it, no
    /// installed app may use it, and no service can prove that it is it. Either a step of the
    /// registration was forgotten, or the registration is a left-over.
    ///
    /// **What is checked.** No redirect URI on any platform, public client flows not allowed, and
    /// no valid secret or certificate, all of them known. Silent for what is no client: an
    /// application that exposes scopes or app roles, has an identifier URI, or asks for no
    /// permission. Federated credentials count in whichever document they stand, and so do credentials
    /// on the service principal. Exports seldom show federated ones; without them the rule judges by
    /// the rest and says so, unless a configured flow signs in with one or as a managed identity.
    ///
    /// **Fix.** Register a redirect URI where users sign in, a federated credential or a
    /// certificate where a service does, or delete the registration:
    /// `az ad app federated-credential list --id <app>` shows what this export cannot.
    pub static NO_USABLE_FLOW = {
        id: "no-usable-flow",
        group: Client,
        severity: Error,
        persona: Regular,
        needs: [Application],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity-platform/msal-client-applications",
            "https://learn.microsoft.com/entra/identity-platform/reply-url",
        ],
        check: Application(no_usable_flow),
    }
}

fn no_usable_flow(app: &Application<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    let has_redirect = !app.knows_all_redirects() || !app.redirects.is_empty();
    if has_redirect || !is_public_flow_off(app) || !is_mere_client(app) {
        return;
    }
    out.depends_on(Depends::FEDERATED);
    out.depends_on(Depends::HALF);
    let now = standing(app.into(), Usage::SignIn, cx);
    if !app.secrets.tells_all(app.complete)
        || !app.certificates.tells_all(app.complete)
        || now.unknown
        || now.valid + now.pending > 0
    {
        return;
    }
    let shows_federated = app.federated.shown().is_some() || cx.knows_federated();
    if !shows_federated && cx.any_flow(signs_in_without_own_credential) {
        return;
    }
    out.report(Severity::Error, identity_span(app), |say| {
        let unless = if shows_federated {
            ""
        } else {
            ", unless it signs in by a federated credential, which this export does not show"
        };
        say.message(format!(
            "nothing can sign in with the application: no redirect URI, no public client flow and no valid credential{unless}"
        ))
        .label("no way to sign in")
        .help("register a redirect URI where users sign in, or a federated credential or a certificate where a service does; delete the registration if nobody needs it")
        .fact("secrets", app.secrets.items.len())
        .fact("certificates", app.certificates.items.len())
        .fact("showsFederatedCredentials", shows_federated);
        if !shows_federated {
            say.command(format!(
                "az ad app federated-credential list --id {}",
                app.cli_id()
            ));
        }
    });
}

/// The application asks for permissions and is no API, as far as the document proves it.
fn is_mere_client(app: &Application<'_>) -> bool {
    !app.required.resources.is_empty()
        && app.scopes.tells_all(app.complete)
        && app.scopes.items.is_empty()
        && app.roles.tells_all(app.complete)
        && app.roles.items.is_empty()
        && app.identifier_uris.tells_all(app.complete)
        && app.identifier_uris.items.is_empty()
}

fn signs_in_without_own_credential(flow: Flow) -> bool {
    matches!(flow, Flow::AppOnlyFederated | Flow::ManagedIdentity)
}

/// Public client flows are not allowed: false, null, or left out of a complete export (Microsoft
/// Learn, "Understand the app manifest": the default is false).
fn is_public_flow_off(app: &Application<'_>) -> bool {
    app.public_client_flow.value() == Some(&false) || app.public_client_flow.is_unset(app.complete)
}

declare_rule! {
    /// Public client flows are off, although a configured flow needs them.
    ///
    /// **Why it matters.** Device code, user name with password, and integrated Windows
    /// authentication use no redirect URI, so Entra cannot tell from one that the client is
    /// public. It takes the client for a confidential one and asks for a secret
    /// (AADSTS7000218).
    ///
    /// **What is checked.** `flows` names `device-code`, `ropc` or `integrated-windows`, and
    /// `isFallbackPublicClient` (`allowPublicClient`, `publicClient` in older formats) is false,
    /// null, or left out of a complete export.
    ///
    /// **Fix.** Allow public client flows:
    /// `az ad app update --id <app> --is-fallback-public-client true`.
    ///
    /// **Options.** `flows`: where it is left out, nothing is reported.
    pub static PUBLIC_CLIENT_FLOW_OFF = {
        id: "public-client-flow-off",
        group: Client,
        severity: Error,
        persona: Regular,
        needs: [Application],
        since: "0.1.0",
        options: ["azure-digital-twins.flows"],
        references: [
            "https://learn.microsoft.com/entra/identity-platform/msal-client-applications",
            "https://learn.microsoft.com/entra/identity-platform/reference-microsoft-graph-app-manifest",
        ],
        check: Application(flow_off),
    }
}

fn flow_off(app: &Application<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    let configured = cx
        .flows()
        .into_iter()
        .flatten()
        .find(|flow| flow.needs_public_client_flow());
    let Some(flow) = configured else { return };
    if !is_public_flow_off(app) {
        return;
    }
    let place = app
        .public_client_flow
        .span()
        .unwrap_or_else(|| identity_span(app));
    out.report(Severity::Error, place, |say| {
        say.message(format!(
            "the configured flow {} needs public client flows, and they are off",
            flow.name()
        ))
        .label("public client flows off")
        .help("allow public client flows")
        .command(format!(
            "az ad app update --id {} --is-fallback-public-client true",
            app.cli_id()
        ))
        .fact("flow", flow.name());
    });
}

declare_rule! {
    /// Public client flows are on, although nothing is known to need them.
    ///
    /// **Why it matters.** Anybody who knows the client id may then start a device code or a
    /// password sign-in in the application's name. A web application needs none of these.
    ///
    /// **What is checked.** `isFallbackPublicClient` (`allowPublicClient` in older formats) is
    /// true, the application has web redirect URIs, and no configured flow is `device-code`,
    /// `ropc` or `integrated-windows`. Silent for an application of the profile while `flows` is
    /// left out.
    ///
    /// **Fix.** Unless an installed part of the application signs in with one of these flows,
    /// switch them off: `az ad app update --id <app> --is-fallback-public-client false`.
    ///
    /// **Options.** `flows`.
    pub static PUBLIC_CLIENT_FLOW_ON = {
        id: "public-client-flow-on",
        group: Client,
        severity: Info,
        persona: Audit,
        needs: [Application],
        since: "0.1.0",
        options: ["azure-digital-twins.flows"],
        references: [
            "https://learn.microsoft.com/entra/identity-platform/msal-client-applications",
            "https://learn.microsoft.com/entra/identity-platform/reference-microsoft-graph-app-manifest",
        ],
        peers: ["EntraFalcon public client flows", "NovaPoint public client flows"],
        check: Application(flow_on),
    }
}

fn flow_on(app: &Application<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    let Some(on) = app.public_client_flow.spanned().filter(|on| on.value) else {
        return;
    };
    if cx.profile.is_some() && cx.flows().is_none() || cx.any_flow(Flow::needs_public_client_flow) {
        return;
    }
    let Some(web) = app.redirects_of(Platform::Web).next() else {
        return;
    };
    out.report(Severity::Info, on.span, |say| {
        say.message("public client flows are on for an application with web redirect URIs")
            .label("public client flows on")
            .also(web.span(), "a web redirect URI")
            .help("switch public client flows off, unless an installed part signs in by device code, password or integrated Windows authentication")
            .command(format!(
                "az ad app update --id {} --is-fallback-public-client false",
                app.cli_id()
            ));
    });
}

#[cfg(test)]
mod tests {
    use crate::model::{Date, Instant};
    use crate::rules::{Context, Flow, Profile, RuleSettings};

    fn now() -> Instant {
        Date::parse("2026-11-23").instant().expect("a moment")
    }

    #[test]
    fn flows_speak_of_the_applications_in_scope() {
        let mut settings = RuleSettings::new(now());
        settings.flows = Some(vec![Flow::DeviceCode]);
        let asks = |settings: &RuleSettings, profile: Option<&Profile>| {
            let cx = Context {
                settings,
                profile,
                application: None,
                beside: None,
            };
            cx.any_flow(Flow::needs_public_client_flow)
        };
        assert!(asks(&settings, settings.profile.as_ref()));
        assert!(!asks(&settings, None), "out of the profile's scope");
        settings.profile = None;
        assert!(asks(&settings, None), "no profile: for every application");
    }
}
