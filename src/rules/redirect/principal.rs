//! Reply URLs that only the service principal has.

use crate::model::Part;
use crate::rules::{Join, JoinOut, Severity, declare_rule};
use crate::tenant::{PrincipalKind, PrincipalRow};

declare_rule! {
    /// A service principal has a reply URL that its application lacks.
    ///
    /// **Why it matters.** Entra copies the application's redirect URIs to its service principal;
    /// one that was added there alone disappears with the next change of the application, and
    /// sign-in fails with AADSTS50011. Until then codes are sent to a place that nobody sees in
    /// the registration.
    ///
    /// **What is checked.** `replyUrls` of a service principal against the redirect URIs of its
    /// application on all platforms, where the input has both and the application's document tells
    /// them all. Spelling counts. Service principals that sign SAML tokens are left out.
    ///
    /// **Fix.** Register it on the application, or remove it from the service principal. The flag
    /// replaces the whole list: `az ad app update --id <app> --web-redirect-uris <all of them>`.
    pub static REDIRECT_ONLY_ON_SERVICE_PRINCIPAL = {
        id: "redirect-only-on-service-principal",
        group: Redirect,
        severity: Warning,
        persona: Regular,
        needs: [Application, ServicePrincipal],
        since: "0.1.0",
        references: ["https://learn.microsoft.com/entra/identity-platform/reply-url"],
        check: JoinedPrincipal(only_on_principal),
    }
}

fn only_on_principal(principal: &PrincipalRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    let tenant = cx.tenant;
    if principal.saml
        || principal.deleted
        || principal.is_microsofts()
        || principal.kind == PrincipalKind::ManagedIdentity
    {
        return;
    }
    let Some(app) = tenant.application(principal.app_id) else {
        return;
    };
    let told = |one: &crate::tenant::ApplicationRow| one.redirects_known && !one.deleted;
    if !tenant.applications_of(principal.app_id).all(told) || cx.principal_of(app).is_none() {
        return;
    }
    let mut last = None;
    for url in tenant.replies_of(principal) {
        let known = tenant
            .applications_of(principal.app_id)
            .any(|app| tenant.redirects_of(app).binary_search(url).is_ok());
        if known || last.replace(*url) == Some(*url) {
            continue;
        }
        out.report(Severity::Warning, Part::Redirect(*url), |say| {
            let name = say.name(principal.at);
            let text = say.text(principal.at, Part::Redirect(*url));
            let text = text.unwrap_or_default();
            say.message(format!(
                "the service principal {name} has the reply URL {}, which its application lacks",
                crate::rules::out::code(&text)
            ))
            .label("only on the service principal")
            .help("register it on the application, or remove it here")
            .command(format!(
                "az ad app show --id {} --query \"[web,spa,publicClient]\"",
                app.app_id
            ))
            .key(text)
            .see(app.at, Part::AppId, "the application lacks it");
        });
    }
}
