//! Applications that nobody signs in with any more.

use crate::model::{Guid, Part};
use crate::rules::{Join, JoinOut, Severity, declare_rule};
use crate::tenant::{PrincipalKind, PrincipalRow, Tenant};

declare_rule! {
    /// An application that has credentials or rights was not used for 90 days.
    ///
    /// **Why it matters.** Nobody watches what nobody uses. Its credential still opens what it was
    /// given, and a sign-in with it would go unnoticed.
    ///
    /// **What is checked.** Service principals whose last sign-in of any sort
    /// (`servicePrincipalSignInActivities`) lies more than 90 days back, that are enabled, and that
    /// have a valid secret or certificate, their own or their application's, an application
    /// permission, a role of the directory or an Azure role. Without a row in the report nothing
    /// is said: an application may be new. Managed identities and Microsoft's own applications are
    /// left out.
    ///
    /// **Fix.** Ask its owner; disable it first, and delete it when nobody missed it:
    /// `az ad sp update --id <sp> --set accountEnabled=false`.
    pub static APPLICATION_UNUSED = {
        id: "application-unused",
        group: Posture,
        severity: Info,
        persona: Audit,
        needs: [ServicePrincipal, SignInActivity],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/graph/api/resources/serviceprincipalsigninactivity",
            "https://learn.microsoft.com/entra/identity/monitoring-health/recommendation-remove-unused-apps",
        ],
        peers: [
            "Maester MT.1079",
            "Maester MT.1106",
            "Zero Trust Assessment 21770, 21771",
            "Prowler entra_app_registration_no_unused_privileged_permissions",
            "Guerrilla EIDAPP-009",
            "M365-Assess ENTAPP-002",
            "M365-Assess ENTAPP-019",
            "Entra recommendations staleApps",
        ],
        check: JoinedPrincipal(unused),
    }
}

/// Days without a sign-in after which an application counts as unused.
const UNUSED: i64 = 90;

fn unused(principal: &PrincipalRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    if principal.app_id == Guid::NIL
        || principal.kind == PrincipalKind::ManagedIdentity
        || principal.enabled.is_no()
        || principal.disabled
        || principal.is_microsofts()
    {
        return;
    }
    let Some((activity, last)) = cx
        .tenant
        .sign_in_of(principal.app_id)
        .and_then(|row| Some((row, row.last?)))
    else {
        return;
    };
    let days = cx.settings.now.days_since(last);
    if days <= UNUSED {
        return;
    }
    let Some(what) = possession(cx.tenant, principal) else {
        return;
    };
    out.report(Severity::Info, Part::Id, |say| {
        let name = say.name(principal.at);
        say.message(format!(
            "the application {name} was last used {days} days ago and still has {what}"
        ))
        .label(format!("still has {what}"))
        .help("ask its owner, disable it, and delete it when nobody missed it")
        .fact("daysUnused", days)
        .command(format!(
            "az ad sp update --id {} --set accountEnabled=false",
            principal.id
        ));
        say.see(activity.at, Part::LastSignIn, format!("{days} days ago"));
    });
}

/// What an unused application leaves open.
fn possession(tenant: &Tenant, principal: &PrincipalRow) -> Option<&'static str> {
    let app = tenant.application(principal.app_id);
    let mut held = std::iter::once(principal.held).chain(app.map(|app| app.held));
    if held.any(|held| held.secret.is_yes() || held.certificate.is_yes()) {
        return Some("a valid credential");
    }
    let mut roles = tenant.directory_roles_of(principal.id);
    if roles.any(|row| row.is_active()) {
        return Some("a directory role");
    }
    if tenant
        .assignments_of(principal.id)
        .any(|row| row.is_active())
    {
        return Some("an Azure role");
    }
    let mut permissions = tenant.app_roles_of(principal.id);
    permissions
        .any(|row| row.role != Guid::NIL)
        .then_some("an application permission")
}
