//! Credentials that have ended, and those that soon will.

use std::cell::LazyCell;

use super::holder::{chosen, standing};
use super::{Kind, add_command, add_help, days, days_between, delete_command, end_span, identify};
use crate::model::life::{
    End, Holder, Life, Standing, State, Usage, sign_in_credentials, signs_in,
};
use crate::model::{Credential, Instant};
use crate::rules::{Context, Out, Severity, declare_rule};
use crate::tenant::Depends;

declare_rule! {
    /// A client secret has expired.
    ///
    /// **Why it matters.** Entra refuses an expired secret (AADSTS7000222): whatever still signs
    /// in with it has stopped working. One that was replaced is only clutter that hides the valid
    /// ones.
    ///
    /// **What is checked.** `endDateTime` (`endDate` in older formats) is at or before the
    /// evaluation date. It is an error when no other credential is valid, and worth knowing when
    /// one is: another secret, a certificate to sign in with, or a federated credential, on the
    /// application or its service principal, in this document or another. Exports seldom show
    /// federated credentials; without them the rule judges by the rest. A secret whose end cannot
    /// be read, or whose dates are inverted, is not reported.
    ///
    /// Secrets of service principals are judged likewise, but for managed identities, Microsoft's
    /// own applications, and those that sign SAML tokens. Whether one of them is the last can only
    /// be told beside the application's own document.
    ///
    /// **Fix.** Create a new secret, store it in a vault, and delete the expired one:
    /// `az ad app credential reset --id <app> --append`, then
    /// `az ad app credential delete --id <app> --key-id <keyId>`.
    pub static SECRET_EXPIRED = {
        id: "secret-expired",
        group: Credential,
        severity: Error,
        persona: Regular,
        needs: [Application | ServicePrincipal],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity-platform/reference-error-codes",
            "https://learn.microsoft.com/graph/api/resources/passwordcredential",
        ],
        peers: [
            "Prowler entra_app_registration_credential_not_expired",
            "Guerrilla EIDAPP-008",
            "M365-Assess ENTAPP-013",
            "M365-Assessment-Toolkit ENTRA-002",
            "nhinsight AZURE_CRED_EXPIRED",
            "AzADServicePrincipalInsights",
            "AzSK.AAD expired secret",
            "NovaPoint NeedsReview",
        ],
        check: Application(|app, cx, out| expired(Kind::Secret, app.into(), cx, out))
            | Principal(|principal, cx, out| {
                if let Some(holder) = chosen(principal) {
                    expired(Kind::Secret, holder, cx, out);
                }
            }),
    }
}

declare_rule! {
    /// A certificate has expired.
    ///
    /// **Why it matters.** Entra refuses an assertion that was signed with the key of an expired
    /// certificate (AADSTS700027): whatever still signs in with it has stopped working.
    ///
    /// **What is checked.** `endDateTime` (`endDate` in older formats) of an entry of
    /// `keyCredentials` that is not a symmetric key is at or before the evaluation date. It is an
    /// error when no other credential is valid, and worth knowing when one is; federated
    /// credentials count where the export shows them. A certificate whose usage is `Sign` or
    /// `Encrypt` is no credential to sign in with: for one of those only another of the same
    /// usage counts. Of a service principal that signs SAML tokens only the certificates that sign
    /// are looked at, since each stands there a second time to verify with.
    ///
    /// **Fix.** Register a new certificate and delete the expired one:
    /// `az ad app credential reset --id <app> --append --cert "@new-certificate.pem"`, then
    /// `az ad app credential delete --id <app> --key-id <keyId> --cert`.
    pub static CERTIFICATE_EXPIRED = {
        id: "certificate-expired",
        group: Credential,
        severity: Error,
        persona: Regular,
        needs: [Application | ServicePrincipal],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity-platform/reference-error-codes",
            "https://learn.microsoft.com/graph/api/resources/keycredential",
        ],
        peers: [
            "Prowler entra_app_registration_credential_not_expired",
            "Guerrilla EIDAPP-008",
            "AzTS AuthZ_Expired_SPN_Certificates",
            "M365-Assessment-Toolkit ENTRA-002",
            "nhinsight AZURE_CRED_EXPIRED",
            "M365-Assess ENTAPP-013",
            "AzADServicePrincipalInsights",
            "NovaPoint NeedsReview",
        ],
        check: Application(|app, cx, out| expired(Kind::Certificate, app.into(), cx, out))
            | Principal(|principal, cx, out| {
                if let Some(holder) = chosen(principal) {
                    expired(Kind::Certificate, holder, cx, out);
                }
            }),
    }
}

fn expired(kind: Kind, holder: Holder<'_, '_>, cx: &Context<'_>, out: &mut Out<'_>) {
    let now = cx.now();
    // Counted once for each usage: an application may have very many expired credentials.
    let mut counted: [Option<Standing>; 3] = [None; 3];
    for credential in holder.credentials(kind) {
        let life = Life::of(kind, credential);
        let (State::Expired, End::At(end)) = (life.at(now), life.end) else {
            continue;
        };
        out.depends_on(Depends::FEDERATED);
        out.depends_on(Depends::HALF);
        let usage = Usage::of(credential);
        let left = *counted[usage as usize].get_or_insert_with(|| standing(holder, usage, cx));
        let severity = if left.valid == 0 && !left.unknown {
            Severity::Error
        } else {
            Severity::Info
        };
        out.report(severity, end_span(credential), |say| {
            let past = days_between(end, now);
            say.message(format!(
                "{} expired {} ago, on {}, {}",
                kind.called(credential),
                days(past),
                end.date(),
                others(left, holder, credential, cx)
            ))
            .label(format!("expired {} ago", days(past)));
            if left.valid > 0 {
                say.help("delete it once nothing uses it any more");
            } else if signs_in(credential) {
                say.help(format!("{}, and delete the expired one", add_help(kind)))
                    .command(add_command(kind, holder, cx));
            } else {
                say.help("register its successor for the same usage, and delete the expired one");
            }
            say.command(delete_command(kind, holder, credential))
                .fact("daysPastExpiry", past)
                .fact("otherValidCredentials", left.valid);
            identify(say, credential);
        });
    }
}

/// What is left to do the work of an expired credential, as the end of a sentence.
fn others(
    left: Standing,
    holder: Holder<'_, '_>,
    expired: &Credential<'_>,
    cx: &Context<'_>,
) -> String {
    match left.valid {
        0 if left.unknown => "and whether another credential is valid cannot be told".to_owned(),
        0 if !signs_in(expired) => "and no other of its usage is valid".to_owned(),
        0 if holder.federated().shown().is_some() || cx.knows_federated() => {
            "and no other credential is valid".to_owned()
        }
        0 => "and this export shows no other valid credential".to_owned(),
        1 => "while another credential is still valid".to_owned(),
        more => format!("while {more} other credentials are still valid"),
    }
}

declare_rule! {
    /// A client secret is about to expire.
    ///
    /// **Why it matters.** On the day it ends, Entra refuses it (AADSTS7000222), and whatever
    /// signs in with it stops working. A successor takes time to reach every place that holds the
    /// old one.
    ///
    /// **What is checked.** A valid secret ends within 30 days of the evaluation date; within
    /// less than 7 days it is an error.
    ///
    /// **Fix.** Create a successor beside it, store it in a vault, move every user of the old one
    /// over, then delete the old one: `az ad app credential reset --id <app> --append`.
    ///
    /// **Options.** `credentials.expiring-within`, 30 days unless it is set.
    pub static SECRET_EXPIRING = {
        id: "secret-expiring",
        group: Credential,
        severity: Warning,
        persona: Regular,
        needs: [Application | ServicePrincipal],
        since: "0.1.0",
        options: ["credentials.expiring-within"],
        references: [
            "https://learn.microsoft.com/entra/identity-platform/how-to-add-credentials",
            "https://learn.microsoft.com/graph/api/resources/passwordcredential",
        ],
        peers: [
            "Prowler entra_app_registration_credential_not_expired",
            "Guerrilla EIDAPP-008",
            "CIPP-API AppSecretExpiry",
            "M365-Assessment-Toolkit ENTRA-003",
            "nhinsight AZURE_CRED_EXPIRING_SOON",
            "Entra recommendations applicationCredentialExpiry",
            "Maester MT.1199 (PR #2214)",
            "M365-Assessment-Toolkit ENTRA-004",
            "AzADServicePrincipalInsights",
            "AzureADAssessment CredentialExpiration",
        ],
        check: Application(|app, cx, out| expiring(Kind::Secret, app.into(), cx, out))
            | Principal(|principal, cx, out| {
                if let Some(holder) = chosen(principal) {
                    expiring(Kind::Secret, holder, cx, out);
                }
            }),
    }
}

declare_rule! {
    /// A certificate is about to expire.
    ///
    /// **Why it matters.** On the day it ends, Entra refuses assertions signed with its key
    /// (AADSTS700027), and whatever signs in with it stops working. A successor takes time to be
    /// issued and to reach every place that holds the old one.
    ///
    /// **What is checked.** A valid certificate of any usage ends within 30 days of the evaluation
    /// date; within less than 7 days it is an error.
    ///
    /// **Fix.** Register its successor beside it, move every user of the old one over, then delete
    /// the old one: `az ad app credential reset --id <app> --append --cert "@new-certificate.pem"`.
    ///
    /// **Options.** `credentials.expiring-within`, 30 days unless it is set.
    pub static CERTIFICATE_EXPIRING = {
        id: "certificate-expiring",
        group: Credential,
        severity: Warning,
        persona: Regular,
        needs: [Application | ServicePrincipal],
        since: "0.1.0",
        options: ["credentials.expiring-within"],
        references: [
            "https://learn.microsoft.com/entra/identity-platform/how-to-add-credentials",
            "https://learn.microsoft.com/graph/api/resources/keycredential",
        ],
        peers: [
            "Prowler entra_app_registration_credential_not_expired",
            "Guerrilla EIDAPP-008",
            "CIPP-API AppCertificateExpiry",
            "AzTS AuthZ_Expired_SPN_Certificates",
            "M365-Assessment-Toolkit ENTRA-003",
            "nhinsight AZURE_CRED_EXPIRING_SOON",
            "Entra recommendations applicationCredentialExpiry",
            "Maester MT.1199 (PR #2214)",
            "M365-Assessment-Toolkit ENTRA-004",
            "AzADServicePrincipalInsights",
            "AzureADAssessment CredentialExpiration",
        ],
        check: Application(|app, cx, out| expiring(Kind::Certificate, app.into(), cx, out))
            | Principal(|principal, cx, out| {
                if let Some(holder) = chosen(principal) {
                    expiring(Kind::Certificate, holder, cx, out);
                }
            }),
    }
}

/// Ends within so many days: an error.
const URGENT: i64 = 7;

fn expiring(kind: Kind, holder: Holder<'_, '_>, cx: &Context<'_>, out: &mut Out<'_>) {
    let now = cx.now();
    let horizon = now.plus_days(cx.settings.credentials.expiring);
    let has_successor = LazyCell::new(|| has_successor(holder, horizon, cx));
    for credential in holder.credentials(kind) {
        let life = Life::of(kind, credential);
        let (State::Valid, End::At(end)) = (life.at(now), life.end) else {
            continue;
        };
        if end > horizon {
            continue;
        }
        let severity = if end < now.plus_days(URGENT) {
            Severity::Error
        } else {
            Severity::Warning
        };
        out.report(severity, end_span(credential), |say| {
            let left = days_between(now, end);
            say.message(format!(
                "{} ends in {}, on {}",
                kind.called(credential),
                days(left),
                end.date()
            ))
            .label(format!("ends in {}", days(left)));
            if signs_in(credential) && *has_successor {
                say.help(
                    "move whatever uses it to the credential that stays valid, then delete it",
                )
                .command(delete_command(kind, holder, credential));
            } else if signs_in(credential) {
                say.help(format!(
                    "{}, move whatever uses this one over, then delete it",
                    add_help(kind)
                ))
                .command(add_command(kind, holder, cx));
            } else {
                say.help("register its successor for the same usage before it ends");
            }
            say.fact("daysLeft", left);
            identify(say, credential);
        });
    }
}

/// Whether the holder can sign in with something that is valid now and beyond `horizon`.
fn has_successor(holder: Holder<'_, '_>, horizon: Instant, cx: &Context<'_>) -> bool {
    !holder.federated().items.is_empty()
        || cx.federated_beside() > 0
        || sign_in_credentials(holder).any(|(kind, other)| {
            let life = Life::of(kind, other);
            life.at(cx.now()) == State::Valid && life.outlasts(horizon)
        })
}
