//! Service principals that outlived their application.

use crate::model::{Guid, Part};
use crate::rules::{Join, JoinOut, Severity, declare_rule};
use crate::tenant::{PrincipalKind, PrincipalRow};

declare_rule! {
    /// A service principal of this tenant has no application any more.
    ///
    /// **Why it matters.** Whoever looks through the registrations does not see it, yet its roles,
    /// its consent and its own credentials still work. Nobody can change what it asks for.
    ///
    /// **What is checked.** A service principal of type `Application` whose
    /// `appOwnerOrganizationId` is the tenant of the exported applications, and whose client id a
    /// complete export of applications lacks. Which tenant that is, is told by the service
    /// principals of the exported applications.
    ///
    /// **Fix.** Review its roles and consent, then delete it: `az ad sp delete --id <sp>`; or
    /// restore the application if it was deleted by mistake.
    pub static SERVICE_PRINCIPAL_ORPHANED = {
        id: "service-principal-orphaned",
        group: Principal,
        severity: Info,
        persona: Regular,
        needs: [Application, ServicePrincipal],
        complete: [Application],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity-platform/app-objects-and-service-principals",
        ],
        check: JoinedPrincipal(orphaned),
    }
}

fn orphaned(principal: &PrincipalRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    let tenant = cx.tenant;
    if principal.kind != PrincipalKind::Application
        || principal.app_id == Guid::NIL
        || principal.deleted
        || !tenant.is_own(principal).is_yes()
        || tenant.application(principal.app_id).is_some()
    {
        return;
    }
    out.report(Severity::Info, Part::AppId, |say| {
        let name = say.name(principal.at);
        say.message(format!(
            "the service principal {name} belongs to this tenant, but no application in the export has its client id"
        ))
        .label("no application has this appId")
        .help("review its roles and consent, then delete it, or restore the application")
        .command(format!("az ad sp delete --id {}", principal.id));
    });
}
