//! What secrets an application holds, taken together.

use super::{Kind, add_command, days, days_between, delete_command, end_span, identify, key_span};
use crate::catalog::limits;
use crate::model::life::{End, Life, State, sign_in_credentials};
use crate::model::{Application, Credential, Instant};
use crate::rules::{Context, Out, Severity, declare_rule};
use crate::tenant::Depends;

declare_rule! {
    /// The only valid client secret ends soon and has no successor yet.
    ///
    /// **Why it matters.** Secrets are replaced without an outage when the old and the new one are
    /// valid side by side for a while. With a single secret, the day it ends is the deadline.
    ///
    /// **What is checked.** Exactly one secret is valid, it ends within 60 days of the evaluation
    /// date, and nothing else will do: no certificate is valid, no other secret starts later, and
    /// no document shows a federated credential. Where the export does not tell of certificates,
    /// or the dates of another credential cannot be read, nothing is reported.
    ///
    /// **Fix.** Create the successor now and store it in a vault:
    /// `az ad app credential reset --id <app> --append`.
    pub static SECRET_NO_OVERLAP = {
        id: "secret-no-overlap",
        group: Credential,
        severity: Info,
        persona: Audit,
        needs: [Application],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity-platform/how-to-add-credentials",
        ],
        check: Application(no_overlap),
    }
}

/// Days before its end in which a secret should have a successor.
const OVERLAP: i64 = 60;

fn no_overlap(app: &Application<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    if !app.secrets.tells_all(app.complete)
        || !app.certificates.tells_all(app.complete)
        || !app.federated.items.is_empty()
    {
        return;
    }
    let now = cx.now();
    let mut only = None;
    for (kind, credential) in sign_in_credentials(app) {
        match Life::of(kind, credential).at(now) {
            State::Valid if kind == Kind::Secret && only.is_none() => only = Some(credential),
            State::Valid | State::Pending | State::Unknown => return,
            State::Expired | State::Inverted => {}
        }
    }
    let Some(secret) = only else { return };
    let End::At(end) = Life::of(Kind::Secret, secret).end else {
        return;
    };
    out.depends_on(Depends::FEDERATED);
    if end > now.plus_days(OVERLAP) || cx.federated_beside() > 0 {
        return;
    }
    out.report(Severity::Info, end_span(secret), |say| {
        let left = days_between(now, end);
        say.message(format!(
            "the only valid credential, {}, ends in {} and has no successor",
            Kind::Secret.called(secret),
            days(left)
        ))
        .label("no other credential overlaps it")
        .help("create its successor now and store it in a vault (it is printed only once)")
        .command(add_command(Kind::Secret, app, cx))
        .fact("daysLeft", left);
        identify(say, secret);
    });
}

declare_rule! {
    /// The application signs in with a client secret.
    ///
    /// **Why it matters.** A secret is a password: whoever reads it in a configuration file, a
    /// pipeline or a log can sign in as the application. The private key of a certificate need
    /// not leave its store, and a federated credential or a managed identity has nothing to leak.
    /// Microsoft advises against secrets in production.
    ///
    /// **What is checked.** At least one secret is valid on the evaluation date. An application
    /// is reported once, however many secrets it has.
    ///
    /// **Fix.** Use a managed identity, a federated credential or a certificate, then delete the
    /// secret: `az ad app credential delete --id <app> --key-id <keyId>`.
    pub static SECRET_IN_USE = {
        id: "secret-in-use",
        group: Credential,
        severity: Warning,
        persona: Audit,
        needs: [Application],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity-platform/how-to-add-credentials",
            "https://learn.microsoft.com/entra/identity-platform/security-best-practices-for-app-registration",
        ],
        peers: [
            "Maester MT.1057",
            "Zero Trust Assessment 21772",
            "Prowler entra_app_registration_client_secret_unused",
            "Guerrilla EIDAPP-003",
            "M365-Assess ENTAPP-012",
            "365Inspect Inspect-AppPasswords",
            "AzTS AuthZ_Dont_Use_SPNs_With_Password",
            "M365-Assess ENTAPP-014",
            "ScubaGear credential score",
            "EntraFalcon credential score",
            "AzSK.AAD use certificates",
        ],
        check: Application(in_use),
    }
}

fn in_use(app: &Application<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    let mut valid = valid_secrets(app, cx.now());
    let Some(first) = valid.next() else { return };
    out.report(Severity::Warning, key_span(first), |say| {
        let secrets = 1 + valid.count();
        let held = match secrets {
            1 => "a client secret".to_owned(),
            _ => format!("{secrets} client secrets"),
        };
        say.message(format!(
            "the application signs in with {held}, where a certificate or a federated credential would do"
        ))
        .label("a valid client secret")
        .help("use a managed identity, a federated credential or a certificate, then delete the secret")
        .command(format!(
            "az ad app federated-credential create --id {} --parameters credential.json",
            app.cli_id()
        ))
        .fact("validSecrets", secrets);
    });
}

fn valid_secrets<'a, 'r>(
    app: &'a Application<'r>,
    now: Instant,
) -> impl Iterator<Item = &'a Credential<'r>> {
    app.secrets
        .iter()
        .filter(move |secret| Life::of(Kind::Secret, secret).at(now) == State::Valid)
}

declare_rule! {
    /// An application holds more client secrets than it needs.
    ///
    /// **Why it matters.** Two secrets are enough to replace one by the other. Every further one
    /// is a password that nobody remembers handing out. Applications that personal Microsoft
    /// accounts sign in to cannot have more than two at all.
    ///
    /// **What is checked.** More than two secrets are valid on the evaluation date. For an
    /// audience with personal accounts all secrets count, expired ones too, and more than two are
    /// an error.
    ///
    /// **Fix.** Find out which are in use, and delete the others:
    /// `az ad app credential delete --id <app> --key-id <keyId>`.
    pub static TOO_MANY_SECRETS = {
        id: "too-many-secrets",
        group: Credential,
        severity: Warning,
        persona: Regular,
        needs: [Application],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity-platform/supported-accounts-validation",
            "https://learn.microsoft.com/entra/identity-platform/security-best-practices-for-app-registration",
        ],
        peers: ["ScubaGear extra credential score", "EntraFalcon credential count"],
        check: Application(too_many),
    }
}

/// One in use and its successor.
const ENOUGH: usize = 2;

fn too_many(app: &Application<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    let now = cx.now();
    let all = app.secrets.items.len();
    let personal = limits::for_audience(app.has_personal_accounts()).password_credentials;
    if let Some(limit) = personal.filter(|limit| all > *limit) {
        out.report(Severity::Error, key_span(&app.secrets.items[limit]), |say| {
            say.message(format!(
                "the application has {all} client secrets, but one that personal Microsoft accounts sign in to may have {limit}"
            ))
            .label(format!("one of {all}, limit {limit}"))
            .help("delete the secrets that expired or that nothing uses")
            .fact("secrets", all)
            .fact("limit", limit);
            let mut none_is_dead = true;
            for secret in app.secrets.iter() {
                let state = Life::of(Kind::Secret, secret).at(now);
                if matches!(state, State::Expired | State::Inverted) {
                    none_is_dead = false;
                    say.command(delete_command(Kind::Secret, app, secret));
                }
            }
            if none_is_dead {
                say.command(list_command(app));
            }
        });
        return;
    }
    let Some(surplus) = valid_secrets(app, now).nth(ENOUGH) else {
        return;
    };
    out.report(Severity::Warning, key_span(surplus), |say| {
        let valid = valid_secrets(app, now).count();
        say.message(format!(
            "{valid} client secrets are valid at once, where {ENOUGH} are enough to replace one by the other"
        ))
        .label(format!("one of {valid} valid secrets"))
        .help("find out which secrets are in use and delete the others")
        .command(list_command(app))
        .fact("validSecrets", valid)
        .fact("limit", ENOUGH);
    });
}

/// Shows the secrets, so that the ones in use can be told from the others.
fn list_command(app: &Application<'_>) -> String {
    format!("az ad app credential list --id {}", app.cli_id())
}
