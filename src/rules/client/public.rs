//! Public clients, which cannot keep a secret.

use crate::model::{Application, Platform};
use crate::rules::credential::{Kind, Life, State, delete_command, key_span, sign_in_credentials};
use crate::rules::{Context, Flow, Out, Severity, declare_rule};

declare_rule! {
    /// A public client has a credential.
    ///
    /// **Why it matters.** An installed app cannot keep a secret: whoever has the app has the
    /// credential with it, and can sign in as the application. Entra also refuses a public client
    /// that sends one (AADSTS700025).
    ///
    /// **What is checked.** All redirect URIs are known and stand on the platform "Mobile and
    /// desktop applications", and there is a secret or a certificate to sign in with that has not
    /// expired. Silent when a configured flow is confidential, app-only included, and for an
    /// application of the profile while `flows` is left out: the published procedure makes a
    /// public client with a secret for both.
    ///
    /// **Fix.** Delete the credential. Where a service signs in as the same application, give it
    /// a registration of its own: `az ad app credential delete --id <app> --key-id <keyId>`.
    ///
    /// **Options.** `flows`.
    pub static PUBLIC_CLIENT_WITH_CREDENTIAL = {
        id: "public-client-with-credential",
        group: Client,
        severity: Warning,
        persona: Regular,
        needs: [Application],
        since: "0.1.0",
        options: ["azure-digital-twins.flows"],
        references: [
            "https://learn.microsoft.com/entra/identity-platform/msal-client-applications",
            "https://learn.microsoft.com/entra/identity-platform/security-best-practices-for-app-registration",
        ],
        check: Application(with_credential),
    }
}

fn with_credential(app: &Application<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    let may_have_one = match cx.flows() {
        None => cx.profile.is_some(),
        Some(_) => cx.any_flow(|flow| flow.is_app_only() || Flow::is_confidential(flow)),
    };
    if may_have_one || !app.knows_all_redirects() {
        return;
    }
    let Some(redirect) = app.redirects.first() else {
        return;
    };
    if app
        .redirects
        .iter()
        .any(|redirect| redirect.platform != Platform::Public)
    {
        return;
    }
    let live = || {
        sign_in_credentials(app).filter(|(kind, credential)| {
            !matches!(
                Life::of(*kind, credential).at(cx.now()),
                State::Expired | State::Inverted
            )
        })
    };
    let Some((_, first)) = live().next() else {
        return;
    };
    out.report(Severity::Warning, key_span(first), |say| {
        let secrets = live().filter(|(kind, _)| *kind == Kind::Secret).count();
        let certificates = live().count() - secrets;
        say.message(format!(
            "the application has public redirect URIs only, yet it has {}",
            held(secrets, certificates)
        ))
        .label("an installed app cannot keep it")
        .also(redirect.span(), "a public client")
        .help("delete it; where a service signs in with it, give that a registration of its own first")
        .fact("secrets", secrets)
        .fact("certificates", certificates);
        for (kind, credential) in live() {
            say.command(delete_command(kind, app, credential));
        }
    });
}

/// "a secret", "2 secrets and a certificate".
fn held(secrets: usize, certificates: usize) -> String {
    let some = |count: usize, noun: &str| match count {
        0 => None,
        1 => Some(format!("a {noun}")),
        _ => Some(format!("{count} {noun}s")),
    };
    let parts: Vec<String> = [some(secrets, "secret"), some(certificates, "certificate")]
        .into_iter()
        .flatten()
        .collect();
    parts.join(" and ")
}
