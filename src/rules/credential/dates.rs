//! Credentials whose dates contradict each other or lie ahead.

use super::holder::chosen;
use super::{
    Kind, add_command, add_help, days, days_between, delete_command, end_span, identify, start_span,
};
use crate::model::life::{End, Holder, Life, State};
use crate::rules::{Context, Out, Severity, declare_rule};

declare_rule! {
    /// A client secret ends before it starts.
    ///
    /// **Why it matters.** It is valid on no day at all, so nothing can ever sign in with it.
    /// Often the day and the month were swapped, or the two dates.
    ///
    /// **What is checked.** `endDateTime` is at or before `startDateTime` (`endDate` and
    /// `startDate` in older formats), both being real dates. No other rule judges the dates of
    /// such a secret.
    ///
    /// **Fix.** Create a new secret, store it in a vault, and delete this one:
    /// `az ad app credential reset --id <app> --append`, then
    /// `az ad app credential delete --id <app> --key-id <keyId>`.
    pub static SECRET_DATES_INVERTED = {
        id: "secret-dates-inverted",
        group: Credential,
        severity: Error,
        persona: Regular,
        needs: [Application | ServicePrincipal],
        since: "0.1.0",
        references: ["https://learn.microsoft.com/graph/api/resources/passwordcredential"],
        check: Application(|app, cx, out| inverted(Kind::Secret, app.into(), cx, out))
            | Principal(|principal, cx, out| {
                if let Some(holder) = chosen(principal) {
                    inverted(Kind::Secret, holder, cx, out);
                }
            }),
    }
}

declare_rule! {
    /// A certificate ends before it starts.
    ///
    /// **Why it matters.** It is valid on no day at all, so nothing can ever sign in with it.
    /// The dates of a certificate are its own: the entry does not describe the certificate it
    /// belongs to, or the certificate was made wrongly.
    ///
    /// **What is checked.** `endDateTime` is at or before `startDateTime` (`endDate` and
    /// `startDate` in older formats), both being real dates. No other rule judges the dates of
    /// such a certificate.
    ///
    /// **Fix.** Register a new certificate and delete this one:
    /// `az ad app credential reset --id <app> --append --cert "@new-certificate.pem"`, then
    /// `az ad app credential delete --id <app> --key-id <keyId> --cert`.
    pub static CERTIFICATE_DATES_INVERTED = {
        id: "certificate-dates-inverted",
        group: Credential,
        severity: Error,
        persona: Regular,
        needs: [Application | ServicePrincipal],
        since: "0.1.0",
        references: ["https://learn.microsoft.com/graph/api/resources/keycredential"],
        check: Application(|app, cx, out| inverted(Kind::Certificate, app.into(), cx, out))
            | Principal(|principal, cx, out| {
                if let Some(holder) = chosen(principal) {
                    inverted(Kind::Certificate, holder, cx, out);
                }
            }),
    }
}

fn inverted(kind: Kind, holder: Holder<'_, '_>, cx: &Context<'_>, out: &mut Out<'_>) {
    for credential in holder.credentials(kind) {
        let life = Life::of(kind, credential);
        let (State::Inverted, Some(start), End::At(end)) =
            (life.at(cx.now()), life.start, life.end)
        else {
            continue;
        };
        out.report(Severity::Error, end_span(credential), |say| {
            let called = kind.called(credential);
            if end == start {
                say.message(format!(
                    "{called} ends at the moment it starts, {}",
                    end.date()
                ))
                .label("ends as it starts");
            } else {
                say.message(format!(
                    "{called} ends on {}, {} before it starts on {}",
                    end.date(),
                    days(days_between(end, start)),
                    start.date()
                ))
                .label("ends before it starts");
            }
            say.also(start_span(credential), "starts here")
                .help(format!("{}, and delete this one", add_help(kind)))
                .command(add_command(kind, holder, cx))
                .command(delete_command(kind, holder, credential))
                .fact("daysInverted", days_between(end, start));
            identify(say, credential);
        });
    }
}

declare_rule! {
    /// A client secret is not valid yet.
    ///
    /// **Why it matters.** Entra refuses a secret before its start. Somebody who was handed it
    /// today cannot sign in with it, and the error does not say why.
    ///
    /// **What is checked.** `startDateTime` (`startDate` in older formats) lies after the
    /// evaluation date. A secret whose dates are inverted is left to *secret-dates-inverted*.
    ///
    /// **Fix.** Wait for the start, or create a secret that is valid at once and store it in a
    /// vault: `az ad app credential reset --id <app> --append`.
    pub static SECRET_NOT_YET_VALID = {
        id: "secret-not-yet-valid",
        group: Credential,
        severity: Warning,
        persona: Regular,
        needs: [Application | ServicePrincipal],
        since: "0.1.0",
        references: ["https://learn.microsoft.com/graph/api/resources/passwordcredential"],
        check: Application(|app, cx, out| not_yet_valid(app.into(), cx, out))
            | Principal(|principal, cx, out| {
                if let Some(holder) = chosen(principal) {
                    not_yet_valid(holder, cx, out);
                }
            }),
    }
}

fn not_yet_valid(holder: Holder<'_, '_>, cx: &Context<'_>, out: &mut Out<'_>) {
    let now = cx.now();
    for secret in holder.credentials(Kind::Secret) {
        let life = Life::of(Kind::Secret, secret);
        let (State::Pending, Some(start)) = (life.at(now), life.start) else {
            continue;
        };
        out.report(Severity::Warning, start_span(secret), |say| {
            let wait = days_between(now, start);
            say.message(format!(
                "{} is not valid before {}, in {}",
                Kind::Secret.called(secret),
                start.date(),
                days(wait)
            ))
            .label(format!("starts in {}", days(wait)))
            .help("wait for its start, or create a secret that is valid at once and store it in a vault (it is printed only once)")
            .command(add_command(Kind::Secret, holder, cx))
            .fact("daysUntilStart", wait);
            identify(say, secret);
        });
    }
}
