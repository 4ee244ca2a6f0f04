//! Redirect URIs under a platform, or in an application, that cannot use them.

use super::known;
use crate::model::{Application, Parts, Platform};
use crate::rules::out::quoted;
use crate::rules::{Context, Out, Severity, command, declare_rule};

declare_rule! {
    /// A redirect URI is the IPv6 loopback address.
    ///
    /// **Why it matters.** Entra does not support `[::1]`: no request ever matches it.
    ///
    /// **What is checked.** Redirect URIs on the host `[::1]`.
    ///
    /// **Fix.** Register `http://localhost`, which is what MSAL and Azure.Identity open.
    pub static REDIRECT_IPV6_LOOPBACK = {
        id: "redirect-ipv6-loopback",
        group: Redirect,
        severity: Error,
        persona: Regular,
        needs: [Application],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity-platform/reply-url#localhost-exceptions",
        ],
        check: Application(ipv6_loopback),
    }
}

fn ipv6_loopback(app: &Application<'_>, _: &Context<'_>, out: &mut Out<'_>) {
    for redirect in known(app) {
        let parts = redirect.parts();
        if !parts.is_ipv6_loopback() {
            continue;
        }
        out.report(Severity::Error, redirect.span(), |say| {
            let local = parts.whole.replacen(parts.host, "localhost", 1);
            say.message(format!(
                "{} is the IPv6 loopback address, which Entra does not support",
                quoted(&redirect.uri)
            ))
            .label("IPv6 loopback")
            .help("register localhost instead")
            .key(&*redirect.uri.value);
            say.commands.extend(command::replace(app, redirect, &local));
        });
    }
}

declare_rule! {
    /// A redirect URI is the out-of-band URN.
    ///
    /// **Why it matters.** `urn:ietf:wg:oauth:2.0:oob` shows the code to the user, who can be
    /// talked into handing it on. Microsoft no longer recommends it, and current libraries do not
    /// send it.
    ///
    /// **What is checked.** `urn:ietf:wg:oauth:2.0:oob` and `…:oob:auto` under any platform.
    ///
    /// **Fix.** Use `http://localhost` for a system browser, or
    /// `https://login.microsoftonline.com/common/oauth2/nativeclient` for an embedded one.
    pub static REDIRECT_OUT_OF_BAND = {
        id: "redirect-out-of-band",
        group: Redirect,
        severity: Warning,
        persona: Regular,
        needs: [Application],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity-platform/scenario-desktop-app-registration#redirect-uris",
            "https://learn.microsoft.com/entra/identity-platform/security-best-practices-for-app-registration#redirect-uri",
        ],
        peers: [
            "Guerrilla EIDAPP-019",
            "Monkey365 eid-application-with-unsafe-redirect-uri",
        ],
        check: Application(out_of_band),
    }
}

fn out_of_band(app: &Application<'_>, _: &Context<'_>, out: &mut Out<'_>) {
    for redirect in known(app).filter(|redirect| redirect.parts().is_out_of_band()) {
        out.report(Severity::Warning, redirect.span(), |say| {
            say.message(format!(
                "{} hands the code to the user instead of the application",
                quoted(&redirect.uri)
            ))
            .label("out-of-band URN")
            .help("register http://localhost under Mobile and desktop applications instead")
            .key(&*redirect.uri.value);
            if redirect.platform == Platform::Public {
                say.commands
                    .extend(command::replace(app, redirect, "http://localhost"));
            }
        });
    }
}

declare_rule! {
    /// A redirect URI of an installed app stands under Web or Single-page application.
    ///
    /// **Why it matters.** Under Web the client has to prove who it is when it redeems the code,
    /// which an installed app cannot (AADSTS7000218); under Single-page application only a
    /// browser may redeem it (AADSTS9002327).
    ///
    /// **What is checked.** Under Web or Single-page application: a custom scheme, the
    /// `nativeclient` page, a broker's address. `brk-…` under Single-page application is nested
    /// app authentication and right there. For auditors also `http://localhost` under Web, unless
    /// the profile judges that address itself.
    ///
    /// **Fix.** Move it to *Mobile and desktop applications*.
    pub static REDIRECT_WRONG_PLATFORM = {
        id: "redirect-wrong-platform",
        group: Redirect,
        severity: Warning,
        persona: Regular,
        needs: [Application],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity-platform/scenario-desktop-app-registration#redirect-uris",
            "https://learn.microsoft.com/office/dev/add-ins/develop/enable-nested-app-authentication-in-your-add-in",
        ],
        check: Application(wrong_platform),
    }
}

fn wrong_platform(app: &Application<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    for redirect in known(app) {
        let parts = redirect.parts();
        match redirect.platform {
            Platform::Web => {}
            Platform::Spa if !parts.is_nested_app() => {}
            _ => continue,
        }
        if parts.is_native() && parts.is_absolute() {
            out.report(Severity::Warning, redirect.span(), |say| {
                say.message(format!(
                    "{} belongs to an installed app but is registered under {}",
                    quoted(&redirect.uri),
                    redirect.platform.name()
                ))
                .label(format!("under {}", redirect.platform.name()))
                .help("move it to Mobile and desktop applications")
                .fact("platform", redirect.platform.key())
                .key(&*redirect.uri.value);
                let commands = command::relocate(app, redirect, Platform::Public);
                say.commands.extend(commands.into_iter().flatten());
            });
        } else if cx.profile.is_none()
            && redirect.platform == Platform::Web
            && is_local(app, &parts)
        {
            out.report_audit(Severity::Warning, redirect.span(), |say| {
                say.message(format!(
                    "{} under Web makes an installed app prove who it is with a secret",
                    quoted(&redirect.uri)
                ))
                .label("under Web")
                .help(
                    "move it to Mobile and desktop applications unless a local web server uses it",
                )
                .fact("platform", redirect.platform.key())
                .key(&*redirect.uri.value);
            });
        }
    }
}

/// Plain `http://localhost` that is not under Mobile and desktop applications as well, which is
/// another rule's mistake.
fn is_local(app: &Application<'_>, parts: &Parts<'_>) -> bool {
    parts.is_localhost_root()
        && !app
            .redirects_of(Platform::Public)
            .any(|other| other.uri.value == parts.whole)
}

declare_rule! {
    /// A redirect URI carries the client id of another application.
    ///
    /// **Why it matters.** MSAL and the brokers build their redirect URI from the client id they
    /// sign in with. One with another id is never sent, so sign-in ends in AADSTS50011; it was
    /// copied from another registration or a sample.
    ///
    /// **What is checked.** The GUID in `msal<client id>://…` and in
    /// `ms-appx-web://microsoft.aad.brokerplugin/<client id>` against `appId`.
    ///
    /// **Fix.** Register the URI with this application's own client id.
    pub static REDIRECT_FOREIGN_CLIENT = {
        id: "redirect-foreign-client",
        group: Redirect,
        severity: Warning,
        persona: Regular,
        needs: [Application],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity-platform/scenario-desktop-app-registration#redirect-uris",
            "https://learn.microsoft.com/entra/msal/dotnet/acquiring-tokens/desktop-mobile/wam",
        ],
        check: Application(foreign_client),
    }
}

fn foreign_client(app: &Application<'_>, _: &Context<'_>, out: &mut Out<'_>) {
    let Some(own) = app.app_guid() else {
        return;
    };
    for redirect in known(app) {
        let Some(other) = redirect.parts().client_id().filter(|id| *id != own) else {
            continue;
        };
        out.report(Severity::Warning, redirect.span(), |say| {
            say.message(format!(
                "{} carries the client id of another application",
                quoted(&redirect.uri)
            ))
            .label("not this application's client id")
            .help(format!("register the URI with the client id {own}"))
            .fact("clientId", other)
            .key(&*redirect.uri.value);
            // The GUID stands there in any case; its place is the same in lower case.
            let text = &redirect.uri.value;
            let place = text.to_ascii_lowercase().find(&other.to_string());
            if let Some(start) = place {
                let mut mended = text.to_string();
                mended.replace_range(start..start + 36, &own.to_string());
                say.commands
                    .extend(command::replace(app, redirect, &mended));
            }
        });
    }
}
