//! The front-channel logout URL.

use crate::catalog::limits;
use crate::model::{Application, Parts};
use crate::rules::out::quoted;
use crate::rules::quick::longer_than;
use crate::rules::{Context, Out, Severity, command, declare_rule};

declare_rule! {
    /// The front-channel logout URL is not one that Entra accepts.
    ///
    /// **Why it matters.** Entra refuses the registration, or calls nobody when the user signs
    /// out elsewhere, and the session in this application lives on.
    ///
    /// **What is checked.** `web.logoutUrl` (older manifests: `logoutUrl`): not an absolute URL,
    /// the scheme `http` (localhost included), more than 255 characters, or a wildcard where
    /// personal Microsoft accounts can sign in.
    ///
    /// **Fix.** Register the https address that ends the session; `https://localhost` is fine
    /// during development.
    pub static LOGOUT_URL_INVALID = {
        id: "logout-url-invalid",
        group: Redirect,
        severity: Error,
        persona: Regular,
        needs: [Application],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity-platform/supported-accounts-validation#validation-differences",
            "https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc#single-sign-out",
        ],
        peers: ["terraform-provider-azuread validation/uri.go"],
        check: Application(logout_url_invalid),
    }
}

/// What makes a logout URL invalid.
#[derive(Copy, Clone)]
enum Flaw {
    Http,
    NotAbsolute,
    Wildcard,
    Long(usize),
}

fn logout_url_invalid(app: &Application<'_>, _: &Context<'_>, out: &mut Out<'_>) {
    let Some(url) = app
        .logout_url
        .spanned()
        .filter(|url| !url.is_uri_template())
    else {
        return;
    };
    let parts = Parts::of(&url.value);
    let flaw = if parts.has_scheme("http") {
        Flaw::Http
    } else if !parts.is_absolute() {
        Flaw::NotAbsolute
    } else if app.has_personal_accounts() && parts.has_wildcard() {
        Flaw::Wildcard
    } else if let Some(length) = longer_than(url, limits::LOGOUT_URL_LENGTH) {
        Flaw::Long(length)
    } else {
        return;
    };
    out.report(Severity::Error, url.span, |say| {
        let shown = quoted(url);
        let (message, label, help) = match flaw {
            Flaw::Http => (
                format!("the logout URL {shown} is plain HTTP, which Entra does not accept"),
                "not https".to_owned(),
                "register the logout URL with the scheme https",
            ),
            Flaw::NotAbsolute => (
                format!("the logout URL {shown} is not an absolute URL"),
                "not absolute".to_owned(),
                "write scheme and host in full",
            ),
            Flaw::Wildcard => (
                format!("the logout URL {shown} holds a wildcard, which an application for personal Microsoft accounts cannot have"),
                "wildcard".to_owned(),
                "register one address in full",
            ),
            Flaw::Long(length) => (
                format!("the logout URL {shown} has {length} characters, more than the {} that Entra accepts", limits::LOGOUT_URL_LENGTH),
                format!("{length} characters"),
                "register a shorter address",
            ),
        };
        say.message(message).label(label).help(help).key(&*url.value);
        let plain = !url.contains(|c: char| c.is_control() || matches!(c, '"' | '\'' | '\\'));
        if let (Flaw::Http, None, true) = (flaw, parts.port, plain) {
            let body = format!("{{\"web\":{{\"logoutUrl\":\"https{}\"}}}}", &url["http".len()..]);
            say.command(command::graph_patch(app, &body));
        }
    });
}
