//! Credentials on service principals, where few people look.

use super::holder::chosen;
use super::{Kind, Life, State, delete_command, key_span};
use crate::catalog::MICROSOFT_SERVICES_TENANT;
use crate::model::life::{Holder, sign_in_credentials};
use crate::model::{Credential, Instant, ServicePrincipal};
use crate::rules::{Context, Out, Severity, declare_rule};
use crate::tenant::{PrincipalKind, guid};

declare_rule! {
    /// A client secret stands on the service principal instead of the application.
    ///
    /// **Why it matters.** It works like one of the application's, but the portal shows it nowhere
    /// among the application's credentials, and removing those does not touch it. Attackers put
    /// secrets there to keep their access.
    ///
    /// **What is checked.** `passwordCredentials` of a service principal holds a secret that has
    /// not expired. Left out are those that sign SAML tokens, whose signing certificate comes with
    /// a password, and Microsoft's own applications, which *credential-on-first-party* tells of.
    ///
    /// **Fix.** Find out what uses it, give the application a credential of its own, and delete
    /// this one: `az ad sp credential delete --id <sp> --key-id <keyId>`.
    pub static CREDENTIAL_ON_SERVICE_PRINCIPAL = {
        id: "credential-on-service-principal",
        group: Credential,
        severity: Warning,
        persona: Regular,
        needs: [ServicePrincipal],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/graph/api/serviceprincipal-addpassword",
            "https://learn.microsoft.com/entra/identity-platform/security-best-practices-for-app-registration",
        ],
        peers: [
            "ScubaGear service principals with credentials",
            "Zero Trust Assessment 21896",
            "M365-Assess ENTAPP-001",
            "EntraFalcon enterprise applications",
            "CrowdStrike CRT service principals with KeyCredentials",
            "365Inspect Inspect-ServicePrincipalPassword",
        ],
        check: Principal(on_principal),
    }
}

/// Of no use any more, or never of any.
fn is_dead(kind: Kind, credential: &Credential<'_>, now: Instant) -> bool {
    matches!(
        Life::of(kind, credential).at(now),
        State::Expired | State::Inverted
    )
}

fn on_principal(principal: &ServicePrincipal<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    // A legacy service principal has no application that could hold the secret.
    let legacy = principal
        .kind
        .value()
        .is_some_and(|kind| PrincipalKind::parse(kind) == PrincipalKind::Legacy);
    if chosen(principal).is_none() || legacy || principal.signs_saml() {
        return;
    }
    let mut alive = principal
        .secrets
        .iter()
        .filter(|secret| !is_dead(Kind::Secret, secret, cx.now()));
    let Some(first) = alive.next() else { return };
    out.report(Severity::Warning, key_span(first), |say| {
        let count = 1 + alive.count();
        let held = match count {
            1 => "a client secret stands".to_owned(),
            _ => format!("{count} client secrets stand"),
        };
        say.message(format!(
            "{held} on the service principal, where the application does not show it"
        ))
        .label("not on the application")
        .help("find out what uses it, give the application a credential of its own, then delete it")
        .command(delete_command(Kind::Secret, principal, first))
        .fact("secrets", count);
    });
}

declare_rule! {
    /// A credential stands on one of Microsoft's own applications.
    ///
    /// **Why it matters.** Microsoft signs in to its applications without one. Somebody who adds
    /// one can act as that application with all that Microsoft lets it do in the tenant; this is
    /// how intruders of SolarWinds' time kept their access.
    ///
    /// **What is checked.** A secret, or a certificate to sign in with, on a service principal
    /// whose `appOwnerOrganizationId` is f8cdef31-a31e-4b4a-93e4-5f571e91255a. One that has
    /// expired is worth knowing.
    ///
    /// **Fix.** Find out who added it and what it did, then delete it:
    /// `az ad sp credential delete --id <sp> --key-id <keyId>`.
    pub static CREDENTIAL_ON_FIRST_PARTY = {
        id: "credential-on-first-party",
        group: Credential,
        severity: Error,
        persona: Regular,
        needs: [ServicePrincipal],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in",
            "https://learn.microsoft.com/graph/api/resources/serviceprincipal",
        ],
        peers: [
            "Zero Trust Assessment 21774",
            "Guerrilla EIDAPP-004",
            "Mandiant AAD Investigator first-party service principals",
            "M365-Assess ENTAPP-001",
        ],
        check: Principal(on_first_party),
    }
}

fn on_first_party(principal: &ServicePrincipal<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    if guid(&principal.owner_tenant) != MICROSOFT_SERVICES_TENANT {
        return;
    }
    let dead = |(kind, credential): &(Kind, &Credential<'_>)| is_dead(*kind, credential, cx.now());
    let all = || sign_in_credentials(Holder::ServicePrincipal(principal));
    let Some((kind, worst)) = all().find(|one| !dead(one)).or_else(|| all().next()) else {
        return;
    };
    let severity = match dead(&(kind, worst)) {
        true => Severity::Info,
        false => Severity::Error,
    };
    out.report(severity, key_span(worst), |say| {
        let count = all().count();
        say.message(match count {
            1 => format!("a {} stands on an application of Microsoft's", kind.noun()),
            _ => format!("{count} credentials stand on an application of Microsoft's"),
        })
        .label(format!("{} on Microsoft's application", kind.noun()))
        .help("find out who added it and what it did, then delete it")
        .command(delete_command(kind, principal, worst))
        .fact("credentials", count);
        if let Some(owner) = principal.owner_tenant.span() {
            say.also(owner, "Microsoft's tenant");
        }
    });
}
