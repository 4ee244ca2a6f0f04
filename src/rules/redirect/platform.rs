//! Redirect URIs under a platform, or in an application, that cannot use them.

use std::cell::LazyCell;

use super::known;
use super::mend::{Mistake, commands};
use crate::model::{Application, Parts, Platform, Redirect};
use crate::rules::out::code;
use crate::rules::{Context, Out, Severity, declare_rule};

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
            say.message(format!(
                "{} is the IPv6 loopback address, which Entra does not support",
                code(&redirect.uri)
            ))
            .label("IPv6 loopback")
            .help("register localhost instead")
            .key(&*redirect.uri.value);
            say.commands.extend(commands(app, Mistake::Ipv6Loopback));
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
            "terraform-provider-azuread validation/uri.go",
        ],
        check: Application(out_of_band),
    }
}

fn out_of_band(app: &Application<'_>, _: &Context<'_>, out: &mut Out<'_>) {
    for redirect in known(app).filter(|redirect| redirect.parts().is_out_of_band()) {
        out.report(Severity::Warning, redirect.span(), |say| {
            say.message(format!(
                "{} hands the code to the user instead of the application",
                code(&redirect.uri)
            ))
            .label("out-of-band URN")
            .help("register http://localhost under Mobile and desktop applications instead")
            .key(&*redirect.uri.value);
            say.commands.extend(commands(app, Mistake::OutOfBand));
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
    /// `nativeclient` page, a broker's address. `brk-…` is nested app authentication and belongs
    /// under Single-page application. For auditors also `http://localhost` under Web, unless
    /// the profile judges that address itself.
    ///
    /// **Fix.** Move it to *Mobile and desktop applications*, or `brk-…` to *Single-page
    /// application*.
    pub static REDIRECT_WRONG_PLATFORM = {
        id: "redirect-wrong-platform",
        group: Redirect,
        severity: Warning,
        persona: Regular,
        more_for: Audit,
        needs: [Application],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity-platform/scenario-desktop-app-registration#redirect-uris",
            "https://learn.microsoft.com/office/dev/add-ins/develop/enable-nested-app-authentication-in-your-add-in",
        ],
        peers: ["Guerrilla EIDAPP-019", "M365-Assess APPREG-002"],
        check: Application(wrong_platform),
    }
}

/// The platform a redirect belongs under, when it is not the one it stands under.
pub(super) fn belongs_to(redirect: &Redirect<'_>) -> Option<Platform> {
    let parts = redirect.parts();
    let meant = if parts.is_nested_app() {
        Platform::Spa
    } else {
        Platform::Public
    };
    let misplaced = matches!(redirect.platform, Platform::Web | Platform::Spa)
        && meant != redirect.platform
        && parts.is_native()
        && parts.is_absolute()
        && !redirect.is_unknown();
    misplaced.then_some(meant)
}

fn wrong_platform(app: &Application<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    for redirect in known(app) {
        if let Some(meant) = belongs_to(redirect) {
            out.report(Severity::Warning, redirect.span(), |say| {
                say.message(format!(
                    "{} belongs under {} but is registered under {}",
                    code(&redirect.uri),
                    meant.name(),
                    redirect.platform.name()
                ))
                .label(format!("under {}", redirect.platform.name()))
                .help(format!("move it to {}", meant.name()))
                .fact("platform", redirect.platform.key())
                .key(&*redirect.uri.value);
                say.commands.extend(commands(app, Mistake::WrongPlatform));
            });
        } else if cx.profile.is_none()
            && redirect.platform == Platform::Web
            && is_local(app, &redirect.parts())
        {
            out.report_audit(Severity::Warning, redirect.span(), |say| {
                say.message(format!(
                    "{} under Web makes an installed app prove who it is with a secret",
                    code(&redirect.uri)
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
    let own = LazyCell::new(|| app.app_guid());
    for redirect in known(app) {
        let Some(other) = redirect.parts().client_id() else {
            continue;
        };
        let Some(own) = own.filter(|own| *own != other) else {
            continue;
        };
        out.report(Severity::Warning, redirect.span(), |say| {
            say.message(format!(
                "{} carries the client id of another application",
                code(&redirect.uri)
            ))
            .label("not this application's client id")
            .help(format!("register the URI with the client id {own}"))
            .fact("clientId", other)
            .key(&*redirect.uri.value);
            say.commands.extend(commands(app, Mistake::ForeignClient));
        });
    }
}
