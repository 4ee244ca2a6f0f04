//! Scripts in a browser.

use super::localhost::is_told_by_localhost_rules;
use super::request::{Request, request};
use crate::catalog::lacks_cors;
use crate::model::{Application, PermissionKind, Platform};
use crate::rules::{Context, Out, Severity, declare_rule};

declare_rule! {
    /// A single-page application asks for Azure Digital Twins without a server between them.
    ///
    /// **Why it matters.** Azure Digital Twins answers no cross-origin requests (CORS): a browser
    /// gets the token and then refuses to let the script read the answer. Such an application
    /// needs a server of its own that passes requests on, as the sample Azure Digital Twins
    /// Explorer does; that server usually has a web redirect in the same registration.
    ///
    /// **What is checked.** A redirect of the platform single-page application, a requested
    /// Read.Write, and a web platform that is known to have no redirect. Silent where
    /// *adt-localhost-redirect-wrong-platform* already says that the redirects do not belong
    /// there, and for APIs that are not known to lack CORS.
    ///
    /// **Fix.** Send the requests through a server (a reverse proxy, an API that acts on behalf of
    /// the user), and register its redirect under web. If the server has a registration of its
    /// own, suppress this finding.
    pub static ADT_SPA_NEEDS_PROXY = {
        id: "adt-spa-needs-proxy",
        group: DigitalTwins,
        severity: Warning,
        persona: Regular,
        needs: [Application],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/digital-twins/concepts-security",
            "https://learn.microsoft.com/entra/identity-platform/reply-url",
        ],
        check: Application(spa_needs_proxy),
    }
}

fn spa_needs_proxy(app: &Application<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    let Some(profile) = cx.profile.filter(|profile| lacks_cors(profile.resource)) else {
        return;
    };
    let Some(redirect) = app
        .redirects_of(Platform::Spa)
        .find(|redirect| !is_told_by_localhost_rules(redirect, app, cx))
    else {
        return;
    };
    if !app.knows_redirects_of(Platform::Web) || app.redirects_of(Platform::Web).next().is_some() {
        return;
    }
    let Request::Asked { permission, .. } = request(&app.required, cx, profile) else {
        return;
    };
    if permission.known_kind != Some(PermissionKind::Scope) {
        return;
    }
    out.report(Severity::Warning, redirect.span(), |say| {
        say.message(format!(
            "{} answers no cross-origin requests, and this single-page application shows no server",
            profile.resource_name
        ))
        .label("single-page application")
        .help("send the requests through a server of the application");
        if let Some(span) = permission.id.span() {
            say.also(span, "requested here");
        }
    });
}
