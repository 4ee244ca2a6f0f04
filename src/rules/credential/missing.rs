//! Applications that are meant to prove who they are, and cannot.

use super::{Kind, add_command};
use crate::model::Application;
use crate::model::life::signs_in;
use crate::rules::{Context, Flow, Out, Severity, client, declare_rule};
use crate::tenant::{Depends, Held};

declare_rule! {
    /// A confidential flow is configured, and the application has no credential for it.
    ///
    /// **Why it matters.** A web application, a middle tier and a service have to prove who they
    /// are when they ask for a token. Without a credential Entra refuses them
    /// (AADSTS7000218).
    ///
    /// **What is checked.** A flow in `flows` is confidential (`web`, `on-behalf-of`, `app-only`
    /// and its three kinds), and the application has no credential that serves it: no secret, no
    /// certificate whose usage is `Verify`, no federated credential, or not the kind that the flow
    /// names. Expired ones count here, since *secret-expired* and *certificate-expired* tell of
    /// them. Federated credentials count in whichever document they stand, and so do credentials
    /// on the service principal. Exports seldom show federated ones; without them the rule judges by
    /// secrets and certificates, and stays silent about `app-only-federated`.
    ///
    /// **Fix.** Register a federated credential or a certificate, or create a secret and store it
    /// in a vault: `az ad app credential reset --id <app> --append`.
    ///
    /// **Options.** `flows`: where it is left out, nothing is reported.
    pub static CREDENTIAL_MISSING = {
        id: "credential-missing",
        group: Credential,
        severity: Error,
        persona: Regular,
        needs: [Application],
        since: "0.1.0",
        options: ["azure-digital-twins.flows"],
        references: [
            "https://learn.microsoft.com/entra/identity-platform/msal-client-applications",
            "https://learn.microsoft.com/entra/identity-platform/how-to-add-credentials",
        ],
        check: Application(missing),
    }
}

/// What a confidential flow proves itself with.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Need {
    Any,
    Secret,
    Certificate,
    Federated,
}

impl Need {
    fn of(flow: Flow) -> Option<Need> {
        match flow {
            Flow::AppOnlySecret => Some(Need::Secret),
            Flow::AppOnlyCertificate => Some(Need::Certificate),
            Flow::AppOnlyFederated => Some(Need::Federated),
            _ if flow.is_confidential() => Some(Need::Any),
            _ => None,
        }
    }

    /// Whether the document proves that the application has nothing of this kind.
    fn is_unmet(self, app: &Application<'_>, cx: &Context<'_>) -> bool {
        let on_principal = |held: fn(&Held) -> bool| {
            cx.beside.is_some_and(|beside| {
                let mut principals = beside.join.tenant.principals_of(beside.row.app_id);
                principals.any(|principal| !principal.saml && held(&principal.held))
            })
        };
        let no_secret = app.secrets.tells_all(app.complete)
            && app.secrets.items.is_empty()
            && !on_principal(|held| held.any_secret);
        let no_certificate = app.certificates.tells_all(app.complete)
            && !app.certificates.iter().any(signs_in)
            && !on_principal(|held| held.any_certificate);
        let federated = match app.federated.shown() {
            None if !cx.knows_federated() => None,
            shown => Some(shown.unwrap_or(0) + cx.federated_beside()),
        };
        match self {
            Need::Any => no_secret && no_certificate && federated.unwrap_or(0) == 0,
            Need::Secret => no_secret,
            Need::Certificate => no_certificate,
            Need::Federated => federated == Some(0),
        }
    }

    fn noun(self) -> &'static str {
        match self {
            Need::Any => "credential",
            Need::Secret => "client secret",
            Need::Certificate => "certificate",
            Need::Federated => "federated credential",
        }
    }
}

fn missing(app: &Application<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    let unmet = cx.flows().into_iter().flatten().find_map(|flow| {
        let need = Need::of(*flow)?;
        out.depends_on(Depends::FEDERATED);
        out.depends_on(Depends::HALF);
        need.is_unmet(app, cx).then_some((*flow, need))
    });
    let Some((flow, need)) = unmet else { return };
    let list = match need {
        Need::Certificate => app.certificates.state.span(),
        Need::Federated => app.federated.state.span(),
        Need::Any | Need::Secret => app.secrets.state.span(),
    };
    out.report(
        Severity::Error,
        list.unwrap_or_else(|| client::identity_span(app)),
        |say| {
            let shown = app.federated.shown().is_some() || cx.knows_federated();
            let unseen = if need == Need::Any && !shown {
                ", unless it is a federated one, which this export does not show"
            } else {
                ""
            };
            say.message(format!(
                "the configured flow {} needs a {}, and the application has none{unseen}",
                flow.name(),
                need.noun()
            ))
            .label(format!("no {}", need.noun()))
            .fact("flow", flow.name());
            match need {
                Need::Federated => say
                    .help("register a federated credential for the workload that signs in")
                    .command(format!(
                        "az ad app federated-credential create --id {} --parameters credential.json",
                        app.cli_id()
                    )),
                Need::Certificate => say
                    .help("register a certificate whose private key stays where the application runs")
                    .command(add_command(Kind::Certificate, app, cx)),
                Need::Any | Need::Secret => say
                    .help("register a federated credential or a certificate, or create a secret and store it in a vault (it is printed only once)")
                    .command(add_command(Kind::Secret, app, cx)),
            };
        },
    );
}
