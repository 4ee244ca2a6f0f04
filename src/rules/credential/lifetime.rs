//! Credentials that live too long, or for ever.

use super::holder::chosen;
use super::{Kind, add_command, add_help, days, days_between, delete_command, end_span, identify};
use crate::model::life::{End, Holder, Life, State, signs_in};
use crate::rules::{Context, Out, Severity, declare_rule};

declare_rule! {
    /// A client secret lives too long.
    ///
    /// **Why it matters.** A secret that leaked without anybody noticing works until it ends. The
    /// longer it lives, the more copies of it there are and the less practised its replacement is.
    /// Microsoft recommends less than 12 months, and the portal offers at most 24.
    ///
    /// **What is checked.** The time from `startDateTime` to `endDateTime` (`startDate` and
    /// `endDate` in older formats) is over 180 days; over 24 months (731 days) it is an error.
    /// Half a year by the calendar is up to 184 days, so 4 days over the limit are forgiven. A
    /// secret that has expired is not reported: it exposes nothing any more.
    ///
    /// **Fix.** Create a shorter-lived secret, store it in a vault, and delete this one; better
    /// still, use a federated credential or a certificate:
    /// `az ad app credential reset --id <app> --append --end-date <date>`.
    ///
    /// **Options.** `credentials.secret-lifetime`, 180 days unless it is set.
    pub static SECRET_LONG_LIVED = {
        id: "secret-long-lived",
        group: Credential,
        severity: Warning,
        persona: Regular,
        needs: [Application | ServicePrincipal],
        since: "0.1.0",
        options: ["credentials.secret-lifetime"],
        references: [
            "https://learn.microsoft.com/entra/identity-platform/how-to-add-credentials",
            "https://learn.microsoft.com/entra/identity-platform/security-best-practices-for-app-registration",
        ],
        peers: [
            "AzADServicePrincipalInsights",
            "CIPP-API LongLivedAppCredentials",
            "AzTS Identity_Rotate_SPN_Credentials",
            "Maester MT.1198 (PR #2130)",
            "ScubaGear credential lifetime score",
            "AzSK.AAD long expiry",
        ],
        check: Application(|app, cx, out| long_lived(Kind::Secret, app.into(), cx, out))
            | Principal(|principal, cx, out| {
                if let Some(holder) = chosen(principal) {
                    long_lived(Kind::Secret, holder, cx, out);
                }
            }),
    }
}

declare_rule! {
    /// A certificate lives too long.
    ///
    /// **Why it matters.** A key that leaked without anybody noticing works until its certificate
    /// ends. The longer it lives, the less practised its replacement is.
    ///
    /// **What is checked.** The time from `startDateTime` to `endDateTime` (`startDate` and
    /// `endDate` in older formats) of a certificate to sign in with is over 365 days; over 24
    /// months (731 days), or without any end (9999-12-31), it is an error. As for secrets, 4 days
    /// over the limit are forgiven, and a certificate that has expired is not reported. Those
    /// whose usage is `Sign` or `Encrypt` are left out: Entra itself makes certificates that sign
    /// SAML tokens for three years.
    ///
    /// **Fix.** Register a certificate that lives shorter and delete this one:
    /// `az ad app credential reset --id <app> --append --cert "@new-certificate.pem"`, then
    /// `az ad app credential delete --id <app> --key-id <keyId> --cert`.
    ///
    /// **Options.** `credentials.certificate-lifetime`, 365 days unless it is set.
    pub static CERTIFICATE_LONG_LIVED = {
        id: "certificate-long-lived",
        group: Credential,
        severity: Warning,
        persona: Regular,
        needs: [Application | ServicePrincipal],
        since: "0.1.0",
        options: ["credentials.certificate-lifetime"],
        references: [
            "https://learn.microsoft.com/entra/identity-platform/security-best-practices-for-app-registration",
            "https://learn.microsoft.com/graph/api/resources/keycredential",
        ],
        peers: [
            "Zero Trust Assessment 21773",
            "AzADServicePrincipalInsights",
            "CIPP-API LongLivedAppCredentials",
            "AzTS AuthZ_Expired_SPN_Certificates",
            "Maester MT.1198 (PR #2130)",
            "ScubaGear credential lifetime score",
        ],
        check: Application(|app, cx, out| long_lived(Kind::Certificate, app.into(), cx, out))
            | Principal(|principal, cx, out| {
                if let Some(holder) = chosen(principal) {
                    long_lived(Kind::Certificate, holder, cx, out);
                }
            }),
    }
}

/// Two years with a leap day: the longest that the portal offers ("24 months").
const TWO_YEARS: i64 = 731;

fn long_lived(kind: Kind, holder: Holder<'_, '_>, cx: &Context<'_>, out: &mut Out<'_>) {
    let limit = match kind {
        Kind::Secret => cx.settings.credentials.secret,
        Kind::Certificate => cx.settings.credentials.certificate,
    };
    for credential in holder
        .credentials(kind)
        .filter(|credential| signs_in(credential))
    {
        let life = Life::of(kind, credential);
        if !matches!(life.at(cx.now()), State::Valid | State::Pending) {
            continue;
        }
        let lifetime = match (life.start, life.end) {
            (Some(start), End::At(end)) if life.is_longer_than(limit) => {
                Some((end > start.plus_days(TWO_YEARS), days_between(start, end)))
            }
            // Secrets without an end have a rule of their own.
            (_, End::Never) if kind == Kind::Certificate => None,
            _ => continue,
        };
        let severity = match lifetime {
            Some((false, _)) => Severity::Warning,
            _ => Severity::Error,
        };
        out.report(severity, end_span(credential), |say| {
            let called = kind.called(credential);
            match lifetime {
                Some((_, lifetime)) => say
                    .message(format!(
                        "{called} lives {}, longer than the limit of {}",
                        days(lifetime),
                        days(limit)
                    ))
                    .label(format!("lives {}, limit {limit}", days(lifetime)))
                    .fact("lifetimeDays", lifetime),
                None => say
                    .message(format!("{called} never expires"))
                    .label("never ends"),
            };
            let help = match kind {
                Kind::Secret => format!(
                    "create a secret that ends within {}, store it in a vault (it is printed only once), move whatever uses this one over, then delete it",
                    days(limit)
                ),
                Kind::Certificate => format!(
                    "register a certificate that ends within {}, move whatever uses this one over, then delete it",
                    days(limit)
                ),
            };
            say.help(help)
            .command(add_command(kind, holder, cx))
            .command(delete_command(kind, holder, credential))
            .fact("limitDays", limit);
            identify(say, credential);
        });
    }
}

declare_rule! {
    /// A client secret never expires.
    ///
    /// **Why it matters.** A secret that leaked without anybody noticing works for ever, and
    /// nothing ever makes anybody replace it.
    ///
    /// **What is checked.** `endDateTime` (`endDate` in older formats) is null, is left out
    /// although the secret shows a start, or is a stand-in for "never": a date from 2199 on, such
    /// as 9999-12-31 or 2299-12-31. A stand-in for "not set", such as 0001-01-01 or 1900-01-01,
    /// says nothing and is not reported.
    ///
    /// **Fix.** Create a secret that ends, store it in a vault, and delete this one:
    /// `az ad app credential reset --id <app> --append --end-date <date>`, then
    /// `az ad app credential delete --id <app> --key-id <keyId>`.
    pub static SECRET_NEVER_EXPIRES = {
        id: "secret-never-expires",
        group: Credential,
        severity: Error,
        persona: Regular,
        needs: [Application | ServicePrincipal],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity-platform/how-to-add-credentials",
            "https://learn.microsoft.com/graph/api/resources/passwordcredential",
        ],
        peers: [
            "Prowler entra_app_registration_credential_not_expired",
            "M365-Assessment-Toolkit ENTRA-005",
        ],
        check: Application(|app, cx, out| never_expires(app.into(), cx, out))
            | Principal(|principal, cx, out| {
                if let Some(holder) = chosen(principal) {
                    never_expires(holder, cx, out);
                }
            }),
    }
}

fn never_expires(holder: Holder<'_, '_>, cx: &Context<'_>, out: &mut Out<'_>) {
    for secret in holder.credentials(Kind::Secret) {
        if Life::of(Kind::Secret, secret).end != End::Never {
            continue;
        }
        out.report(Severity::Error, end_span(secret), |say| {
            say.message(format!("{} never expires", Kind::Secret.called(secret)))
                .label("never ends")
                .help(format!(
                    "{}, move whatever uses this one over, then delete it",
                    add_help(Kind::Secret)
                ))
                .command(add_command(Kind::Secret, holder, cx))
                .command(delete_command(Kind::Secret, holder, secret));
            identify(say, secret);
        });
    }
}
