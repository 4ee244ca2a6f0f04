//! What an application owes the other tenants it can be used in.

use crate::model::{Application, Audience, Field, PropertyLock, Span};
use crate::rules::{Context, Out, Severity, command, declare_rule};

declare_rule! {
    /// A multi-tenant application leaves its service principals' properties unlocked.
    ///
    /// **Why it matters.** In every other tenant an administrator, or whoever took over one, can
    /// add a credential to the service principal and sign in as this application.
    ///
    /// **What is checked.** `servicePrincipalLockConfiguration` of an application that other
    /// tenants can use: enabled, and for all properties (or for each of them). A document that
    /// does not show the property says nothing.
    ///
    /// **Fix.** Lock all properties; the application itself is not affected.
    pub static MULTI_TENANT_UNLOCKED = {
        id: "multi-tenant-unlocked",
        group: Audience,
        severity: Warning,
        persona: Regular,
        needs: [Application],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity-platform/howto-configure-app-instance-property-locks",
            "https://learn.microsoft.com/graph/api/resources/serviceprincipallockconfiguration",
        ],
        peers: ["Zero Trust Assessment 21777", "EntraFalcon app instance property lock"],
        check: Application(unlocked),
    }
}

/// How far the lock falls short.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Lock {
    Missing,
    Off,
    Partial,
}

/// What is wrong with the lock; `None` where it is right or not known.
///
/// Microsoft Graph shows the property of every application, null where it is not set. Where it is
/// absent, a tool that does not know it left it out (Az PowerShell, Azure AD Graph, a template).
fn shortfall(lock: &PropertyLock) -> Option<Lock> {
    match lock.state {
        Field::Null(_) => return Some(Lock::Missing),
        Field::Absent | Field::Unknown(_) => return None,
        Field::Value(_) => {}
    }
    let off = |field: &Field<bool>| matches!(field.value(), Some(false)) || field.is_unset(true);
    if off(&lock.enabled) {
        return Some(Lock::Off);
    }
    let each = [
        &lock.credentials_verify,
        &lock.credentials_sign,
        &lock.token_encryption_key,
    ];
    let partial = lock.enabled.is_true() && off(&lock.all_properties) && each.into_iter().any(off);
    partial.then_some(Lock::Partial)
}

fn unlocked(app: &Application<'_>, _: &Context<'_>, out: &mut Out<'_>) {
    if !app.audience().is_some_and(Audience::is_multi_tenant) {
        return;
    }
    let Some(lock) = shortfall(&app.lock) else {
        return;
    };
    let place = match lock {
        Lock::Missing => app.lock.state.span(),
        Lock::Off => app.lock.enabled.span().or(app.lock.state.span()),
        Lock::Partial => app.lock.all_properties.span().or(app.lock.state.span()),
    };
    let place = place.or(app.audience_span()).unwrap_or(app.span);
    out.report(Severity::Warning, place, |say| {
        let (message, label) = match lock {
            Lock::Missing => (
                "other tenants can use the application, and nothing locks its service principals there",
                "no property lock",
            ),
            Lock::Off => (
                "other tenants can use the application, and the lock of its service principals there is off",
                "property lock off",
            ),
            Lock::Partial => (
                "other tenants can use the application, and its lock leaves credentials of its service principals open",
                "not all properties locked",
            ),
        };
        say.message(message)
            .label(label)
            .help("lock all properties of the service principals in other tenants")
            .command(command::graph_patch(
                app,
                "{\"servicePrincipalLockConfiguration\":{\"isEnabled\":true,\"allProperties\":true}}",
            ))
            .key("servicePrincipalLockConfiguration");
        mark_audience(app, place, say);
    });
}

fn mark_audience(app: &Application<'_>, place: Span, say: &mut crate::rules::Wording) {
    if let Some(span) = app.audience_span().filter(|span| *span != place) {
        say.also(span, "other tenants can use it");
    }
}

declare_rule! {
    /// A multi-tenant application accepts claims that its users' tenants map.
    ///
    /// **Why it matters.** An administrator of any tenant can then put claims of his making into
    /// the tokens this application trusts, and so pose as someone else.
    ///
    /// **What is checked.** `api.acceptMappedClaims` is true where other tenants can use the
    /// application.
    ///
    /// **Fix.** Switch it off and use a custom signing key, or restrict the audience to one
    /// tenant.
    pub static MULTI_TENANT_MAPPED_CLAIMS = {
        id: "multi-tenant-mapped-claims",
        group: Audience,
        severity: Error,
        persona: Regular,
        needs: [Application],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity-platform/jwt-claims-customization",
            "https://learn.microsoft.com/graph/api/resources/apiapplication#properties",
        ],
        check: Application(mapped_claims),
    }
}

fn mapped_claims(app: &Application<'_>, _: &Context<'_>, out: &mut Out<'_>) {
    let Some(on) = app.accept_mapped_claims.spanned().filter(|on| on.value) else {
        return;
    };
    if !app.audience().is_some_and(Audience::is_multi_tenant) {
        return;
    }
    out.report(Severity::Error, on.span, |say| {
        say.message("other tenants can use the application, yet it accepts claims that they map")
            .label("mapped claims accepted")
            .help("set acceptMappedClaims to false, or restrict signInAudience to AzureADMyOrg")
            .command(command::graph_patch(
                app,
                "{\"api\":{\"acceptMappedClaims\":false}}",
            ))
            .key("acceptMappedClaims");
        mark_audience(app, on.span, say);
    });
}

declare_rule! {
    /// Accounts from outside the tenant can sign in.
    ///
    /// **Why it matters.** An application for one organisation that is open to others lets anyone
    /// in who passes its own checks; many have none, for they expect colleagues only.
    ///
    /// **What is checked.** `signInAudience` other than `AzureADMyOrg` (older manifests:
    /// `availableToOtherTenants`). An application of the profile is left to the profile's own
    /// rule.
    ///
    /// **Fix.** If it is meant for this tenant alone:
    /// `az ad app update --id <app> --sign-in-audience AzureADMyOrg`.
    pub static MULTI_TENANT = {
        id: "multi-tenant",
        group: Audience,
        severity: Info,
        persona: Audit,
        needs: [Application],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity-platform/single-and-multi-tenant-apps",
        ],
        peers: [
            "ScubaGear sign-in audience",
            "Guerrilla EIDAPP-010",
            "M365-Assess ENTAPP-021",
            "M365-Assessment-Toolkit ENTRA-007",
            "EntraFalcon sign-in audience",
            "NovaPoint sign-in audience",
        ],
        check: Application(multi_tenant),
    }
}

fn multi_tenant(app: &Application<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    if cx.profile.is_some() {
        return;
    }
    let (Some(audience), Some(place)) = (app.audience(), app.audience_span()) else {
        return;
    };
    let who = match audience {
        Audience::MyOrg => return,
        Audience::MultipleOrgs => "work and school accounts of every tenant",
        Audience::MultipleOrgsAndPersonal => "accounts of every tenant and personal accounts",
        Audience::Personal => "personal Microsoft accounts",
    };
    out.report(Severity::Info, place, |say| {
        say.message(format!("{who} can sign in"))
            .label(if audience.is_multi_tenant() {
                "every tenant"
            } else {
                "personal accounts"
            })
            .help("restrict signInAudience to AzureADMyOrg if the application is for this tenant alone")
            .command(format!(
                "az ad app update --id {} --sign-in-audience AzureADMyOrg",
                app.cli_id()
            ))
            .fact("audience", audience.key())
            .key("signInAudience");
    });
}

declare_rule! {
    /// A multi-tenant application has no verified publisher.
    ///
    /// **Why it matters.** Users of other tenants see "unverified", and since November 2020 they
    /// cannot consent to it themselves where risk-based consent is on; it looks like the
    /// applications that phish for consent.
    ///
    /// **What is checked.** `verifiedPublisher.verifiedPublisherId` of an application that other
    /// tenants can use. A document that does not show the property says nothing.
    ///
    /// **Fix.** Associate the application with a verified Partner ID (Branding & properties).
    pub static UNVERIFIED_PUBLISHER = {
        id: "unverified-publisher",
        group: Audience,
        severity: Warning,
        persona: Audit,
        needs: [Application],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity-platform/publisher-verification-overview",
        ],
        peers: ["Entra recommendations: verified publisher"],
        check: Application(unverified_publisher),
    }
}

fn unverified_publisher(app: &Application<'_>, _: &Context<'_>, out: &mut Out<'_>) {
    // As with the lock, what is absent was left out by the tool.
    let Field::Null(place) = app.verified_publisher else {
        return;
    };
    if !app.audience().is_some_and(Audience::is_multi_tenant) {
        return;
    }
    out.report(Severity::Warning, place, |say| {
        say.message("other tenants can use the application, and its publisher is not verified")
            .label("no verified publisher")
            .help(
                "associate the application with a verified Partner ID under Branding & properties",
            )
            .key("verifiedPublisher");
        mark_audience(app, place, say);
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Spanned;

    fn set(value: bool) -> Field<bool> {
        Field::Value(Spanned::new(value, Span::at(0)))
    }

    fn lock(enabled: Field<bool>, all: Field<bool>) -> PropertyLock {
        PropertyLock {
            state: Field::Value(Spanned::new((), Span::at(0))),
            enabled,
            all_properties: all,
            ..PropertyLock::default()
        }
    }

    #[test]
    fn locks() {
        let of = |lock: PropertyLock| shortfall(&lock);
        assert_eq!(of(PropertyLock::default()), None);
        assert_eq!(of(lock(set(true), set(true))), None);
        assert_eq!(of(lock(set(false), set(true))), Some(Lock::Off));
        assert_eq!(
            of(lock(Field::Null(Span::at(0)), Field::Absent)),
            Some(Lock::Off)
        );
        assert_eq!(of(lock(set(true), set(false))), Some(Lock::Partial));
        assert_eq!(of(lock(Field::Unknown(Span::at(0)), set(false))), None);
        let each = PropertyLock {
            credentials_verify: set(true),
            credentials_sign: set(true),
            token_encryption_key: set(true),
            ..lock(set(true), set(false))
        };
        assert_eq!(of(each), None);
    }
}
