//! Service principals and applications that are switched off, and applications that are gone.

use super::is_microsofts;
use crate::model::{Application, Field, ServicePrincipal, Span, Str};
use crate::rules::out::code;
use crate::rules::{Context, Out, Severity, Wording, declare_rule};
use crate::tenant::Depends;

declare_rule! {
    /// A service principal is disabled.
    ///
    /// **Why it matters.** Nobody can sign in to the application, and it gets no token itself
    /// (AADSTS7000112), whatever roles and consent it has.
    ///
    /// **What is checked.** `accountEnabled` is false. Of Microsoft's own applications only the
    /// profile's API counts: without it nobody gets a token for it.
    ///
    /// **Fix.** Enable it, `az ad sp update --id <sp> --set accountEnabled=true`; if it is meant
    /// to be off for good, take its roles and credentials away and delete it.
    pub static SERVICE_PRINCIPAL_DISABLED = {
        id: "service-principal-disabled",
        group: Principal,
        severity: Error,
        persona: Regular,
        needs: [ServicePrincipal],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity/enterprise-apps/disable-user-sign-in-portal",
            "https://learn.microsoft.com/entra/identity-platform/reference-error-codes",
        ],
        check: Principal(principal_disabled),
    }
}

fn principal_disabled(principal: &ServicePrincipal<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    let Some(off) = principal.enabled.spanned().filter(|on| !on.value) else {
        return;
    };
    let needed = cx
        .profile
        .is_some_and(|profile| principal.app_guid() == Some(profile.resource));
    if principal.deleted.value().is_some() || is_microsofts(principal) && !needed {
        return;
    }
    out.report(Severity::Error, off.span, |say| {
        say.message(
            "the service principal is disabled: nobody signs in to it, and it gets no token",
        )
        .label("disabled")
        .help("enable it, or take its roles and credentials away and delete it")
        .command(format!(
            "az ad sp update --id {} --set accountEnabled=true",
            principal.cli_id()
        ));
    });
}

declare_rule! {
    /// An application is disabled.
    ///
    /// **Why it matters.** It gets no tokens, in no tenant. Where Microsoft disabled it, it
    /// violated the services agreement, or somebody who took it over did; a new registration
    /// under the same name only hides that.
    ///
    /// **What is checked.** `disabledByMicrosoftStatus` of an application or a service principal
    /// is set to anything but `NotDisabled`, or `isDisabled` is true. A service principal whose
    /// application in the input shows the same is left out.
    ///
    /// **Fix.** Find out who disabled it and why. Where Microsoft did, review what the application
    /// did and write to Microsoft; else set `isDisabled` back.
    pub static APPLICATION_DISABLED = {
        id: "application-disabled",
        group: Principal,
        severity: Error,
        persona: Regular,
        needs: [Application | ServicePrincipal],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/graph/api/resources/application",
            "https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/application-disabled-by-microsoft",
        ],
        check: Application(application_disabled) | Principal(disabled_beside),
    }
}

/// The value that says so.
fn off(by_microsoft: &Field<Str<'_>>, disabled: &Field<bool>) -> Option<(Span, Option<String>)> {
    let status = by_microsoft.spanned().filter(|status| {
        let text = status.trim();
        !text.is_empty() && !text.eq_ignore_ascii_case("NotDisabled") && !status.is_placeholder()
    });
    if let Some(status) = status {
        return Some((status.span, Some(code(status))));
    }
    let disabled = disabled.spanned().filter(|disabled| disabled.value)?;
    Some((disabled.span, None))
}

fn say_disabled(say: &mut Wording, status: Option<&str>) {
    match status {
        Some(status) => say
            .message(format!("Microsoft disabled the application: {status}"))
            .label("disabled by Microsoft")
            .help(
                "review what the application did, and write to Microsoft if it is to be used again",
            ),
        None => say
            .message("the application is disabled, so it gets no tokens")
            .label("disabled")
            .help("find out who disabled it and why before isDisabled is set to false"),
    };
}

fn application_disabled(app: &Application<'_>, _: &Context<'_>, out: &mut Out<'_>) {
    if let Some((place, status)) = off(&app.disabled_by_microsoft, &app.disabled) {
        out.report(Severity::Error, place, |say| {
            say_disabled(say, status.as_deref());
            say.command(format!("az ad app show --id {}", app.cli_id()));
        });
    }
}

fn disabled_beside(principal: &ServicePrincipal<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    let Some((place, status)) = off(&principal.disabled_by_microsoft, &principal.disabled) else {
        return;
    };
    out.depends_on(Depends::HALF);
    if is_microsofts(principal) || cx.beside.is_some_and(|beside| beside.row.disabled) {
        return;
    }
    out.report(Severity::Error, place, |say| {
        say_disabled(say, status.as_deref());
        say.command(format!("az ad sp show --id {}", principal.cli_id()));
    });
}

declare_rule! {
    /// An application is deleted.
    ///
    /// **Why it matters.** Nothing signs in with it any more. For 30 days it can be restored; then
    /// it is gone, with its secrets, its permissions and its client id.
    ///
    /// **What is checked.** `deletedDateTime` is set.
    ///
    /// **Fix.** Restore it if it is still needed, else take it out of the export and remove what
    /// refers to it: `POST /directory/deletedItems/<object id>/restore`.
    pub static APPLICATION_DELETED = {
        id: "application-deleted",
        group: Principal,
        severity: Error,
        persona: Regular,
        needs: [Application],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity-platform/howto-restore-app",
            "https://learn.microsoft.com/graph/api/directory-deleteditems-restore",
        ],
        check: Application(deleted),
    }
}

/// Days in which a deleted application can be restored (Microsoft Learn, "Restore or remove a
/// recently deleted application").
const RESTORABLE: i64 = 30;

fn deleted(app: &Application<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    let Some(date) = app.deleted.spanned() else {
        return;
    };
    let Some(day) = date.instant() else { return };
    out.report(Severity::Error, date.span, |say| {
        let past = cx.now().days_since(day).max(0);
        let when = match past {
            0 => "today".to_owned(),
            1 => "1 day ago".to_owned(),
            days => format!("{days} days ago"),
        };
        say.message(format!(
            "the application was deleted {when}, on {}",
            day.date()
        ))
        .label(format!("deleted {when}"))
        .fact("daysSinceDeletion", past);
        if past > RESTORABLE {
            say.help("remove what refers to it: after 30 days it cannot be restored");
            return;
        }
        let id = app
            .id
            .spanned()
            .and_then(|id| id.guid())
            .map_or_else(|| "<objectId>".to_owned(), |id| id.to_string());
        say.help("restore it within 30 days if it is still needed, else remove what refers to it")
            .command(format!(
                "az rest --method POST --url https://graph.microsoft.com/v1.0/directory/deletedItems/{id}/restore"
            ));
    });
}
