//! Applications without a service principal.

use crate::model::{Guid, Part};
use crate::rules::{Join, JoinOut, Severity, declare_rule};
use crate::tenant::ApplicationRow;

declare_rule! {
    /// An application has no service principal in its tenant.
    ///
    /// **Why it matters.** A role can only be assigned to a service principal, and consent is
    /// recorded on one. Since March 2026 an application without one cannot sign in at all:
    /// Microsoft Entra blocks service-principal-less authentication.
    ///
    /// **What is checked.** An application whose client id no service principal of the export has.
    /// The export of service principals has to be complete (`az ad sp list --all`); deleted
    /// applications are left alone.
    ///
    /// **Fix.** Create it: `az ad sp create --id <app>`.
    pub static SERVICE_PRINCIPAL_MISSING = {
        id: "service-principal-missing",
        group: Principal,
        severity: Error,
        persona: Regular,
        needs: [Application, ServicePrincipal],
        complete: [ServicePrincipal],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity-platform/app-objects-and-service-principals",
        ],
        check: JoinedApplication(missing),
    }
}

fn missing(app: &ApplicationRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    if app.app_id == Guid::NIL || app.deleted || cx.tenant.principals_of(app.app_id).count() > 0 {
        return;
    }
    out.report(Severity::Error, Part::AppId, |say| {
        let name = say.name(app.at);
        say.message(format!(
            "the application {name} has no service principal in the export"
        ))
        .label("no service principal has this appId")
        .help("create the service principal, then give it its roles and consent")
        .command(format!("az ad sp create --id {}", app.app_id));
    });
}
