//! Credentials that nobody has replaced for long.

use crate::model::life::{Life, State, signing_in};
use crate::model::{
    Application, Credential, CredentialKind, Instant, List, ServicePrincipal, Span,
};
use crate::rules::credential::key_span;
use crate::rules::principal::is_microsofts;
use crate::rules::{Context, Out, Severity, declare_rule};

declare_rule! {
    /// A credential has not been replaced for more than 180 days.
    ///
    /// **Why it matters.** What leaked a year ago still works. Teams that replace credentials
    /// regularly notice when one is used where it should not be, and can replace one in a hurry.
    ///
    /// **What is checked.** The newest secret or certificate to sign in with is valid and began
    /// more than 180 days ago, and none begins later. Where the start of one is not known nothing
    /// is said. SAML signing certificates, managed identities and Microsoft's own applications are
    /// left out.
    ///
    /// **Fix.** Add a new credential, move the application to it, then delete the old one:
    /// `az ad app credential reset --id <app> --append`.
    pub static CREDENTIAL_NOT_ROTATED = {
        id: "credential-not-rotated",
        group: Posture,
        severity: Info,
        persona: Audit,
        needs: [Application | ServicePrincipal],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity-platform/security-best-practices-for-app-registration",
            "https://learn.microsoft.com/entra/fundamentals/zero-trust-protect-identities",
        ],
        peers: [
            "Zero Trust Assessment 21992",
            "AzTS Identity_Rotate_SPN_Credentials",
            "nhinsight AZURE_SECRET_NOT_ROTATED",
            "nhi-scan credential age",
            "Entra recommendations staleAppCreds",
        ],
        check: Application(of_application) | Principal(of_principal),
    }
}

/// Days after which a credential should have a successor.
const OLD: i64 = 180;

fn of_application(app: &Application<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    let command = format!("az ad app credential reset --id {} --append", app.cli_id());
    check(&app.secrets, &app.certificates, Some(command), cx, out);
}

fn of_principal(principal: &ServicePrincipal<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    if is_microsofts(principal) || principal.is_managed_identity() || principal.signs_saml() {
        return;
    }
    let command = principal
        .guid()
        .map(|id| format!("az ad sp credential reset --id {id} --append"));
    check(
        &principal.secrets,
        &principal.certificates,
        command,
        cx,
        out,
    );
}

fn check(
    secrets: &List<Credential<'_>>,
    certificates: &List<Credential<'_>>,
    command: Option<String>,
    cx: &Context<'_>,
    out: &mut Out<'_>,
) {
    if secrets.state.is_unknown() || certificates.state.is_unknown() {
        return;
    }
    let Some((kind, credential, start)) = newest(secrets, certificates) else {
        return;
    };
    let age = cx.now().days_since(start);
    if age <= OLD || Life::of(kind, credential).at(cx.now()) != State::Valid {
        return;
    }
    let span: Span = credential.start.span().unwrap_or(key_span(credential));
    out.report(Severity::Info, span, |say| {
        say.message(format!(
            "the newest credential, {}, is {age} days old",
            kind.called(credential)
        ))
        .label(format!("began {age} days ago"))
        .help("add a new credential, move the application to it, then delete this one")
        .fact("ageDays", age)
        .fact("keyId", credential.key().trim().to_lowercase())
        .key(credential.key().trim().to_lowercase());
        if let Some(command) = command {
            say.command(command);
        }
    });
}

/// The credential to sign in with that began last; `None` where there is none, or where one does
/// not tell when it began.
fn newest<'a, 'r>(
    secrets: &'a List<Credential<'r>>,
    certificates: &'a List<Credential<'r>>,
) -> Option<(CredentialKind, &'a Credential<'r>, Instant)> {
    let mut newest: Option<(CredentialKind, &Credential<'_>, Instant)> = None;
    for (kind, credential) in signing_in(secrets, certificates) {
        let start = Life::of(kind, credential).start?;
        if newest.is_none_or(|(_, _, known)| start > known) {
            newest = Some((kind, credential, start));
        }
    }
    newest
}
