//! Which credentials a tenant lets applications have.

use crate::model::{
    AppManagementPolicy, Field, Guid, Instant, Part, Restriction, RestrictionOf, Span,
};
use crate::rules::{Context, Join, JoinOut, Out, Severity, declare_rule};
use crate::tenant::{PolicyRow, RestrictionRow};

declare_rule! {
    /// The tenant neither blocks client secrets nor limits their lifetime.
    ///
    /// **Why it matters.** Without such a policy whoever owns an application may add a secret that
    /// lives for decades. A policy stops it where it begins, for applications that nobody has
    /// looked at, too.
    ///
    /// **What is checked.** The default app management policy (`defaultAppManagementPolicy`) is
    /// off; or it is on, and neither `passwordAddition` nor `passwordLifetime` is enabled for
    /// applications; or each of those that are leaves applications alone that were created before
    /// a date of the last ten years. Also a policy of its own, assigned to applications, that
    /// switches off what the default has switched on.
    ///
    /// **Fix.** Turn the default policy on and limit the lifetime of secrets, better block them;
    /// keep exempting policies to few applications.
    pub static TENANT_CREDENTIAL_POLICY = {
        id: "tenant-credential-policy",
        group: Posture,
        severity: Warning,
        persona: Audit,
        needs: [AppManagementPolicy],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/graph/api/resources/applicationauthenticationmethodpolicy",
            "https://learn.microsoft.com/entra/identity/enterprise-apps/configure-app-management-policies",
        ],
        peers: [
            "Maester MT.1002",
            "ScubaGear MS.AAD.5.5",
            "ScubaGear MS.AAD.5.6",
            "ScubaGear MS.AAD.5.7",
            "Zero Trust Assessment 21775",
            "Prowler entra_default_app_management_policy_enabled",
            "M365-Assess ENTAPP-007",
            "CIPP-API AppManagementPolicy",
            "CIS Microsoft 365 7.0 5.1.5.3, 5.1.5.4, 5.1.5.5, 5.1.5.6",
        ],
        check: AppManagement(default_policy) | JoinedPolicy(exempting_policy),
    }
}

const DEFAULT_POLICY: &str = "https://graph.microsoft.com/v1.0/policies/defaultAppManagementPolicy";

/// Restrictions that keep secrets out, or short (Microsoft Graph, passwordCredentialConfiguration).
const ADDITION: &str = "passwordAddition";
const LIFETIME: &str = "passwordLifetime";

/// Applications made before this many days ago are few.
const OLD: i64 = 3652;

fn default_policy(policy: &AppManagementPolicy<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    if !policy.default {
        return;
    }
    let Some(enabled) = policy.enabled.spanned() else {
        return;
    };
    if !enabled.value {
        out.report(Severity::Warning, enabled.span, |say| {
            say.message("the tenant's app management policy is off")
                .label("credentials are not limited")
                .help("turn the policy on and limit the lifetime of secrets")
                .key("off")
                .command(limit_lifetime(cx));
        });
        return;
    }
    let Some(restrictions) = secrets_restricted(&policy.restrictions) else {
        return;
    };
    if restrictions.is_empty() {
        let span = first_span(policy).unwrap_or(enabled.span);
        out.report(Severity::Warning, span, |say| {
            say.message(
                "the tenant's app management policy neither blocks client secrets nor limits their lifetime",
            )
            .label("says nothing of secrets")
            .help("limit the lifetime of secrets in it, better block them")
            .key("unlimited")
            .command(limit_lifetime(cx));
        });
        return;
    }
    let since: Vec<(Instant, Span)> = restrictions
        .iter()
        .filter_map(|restriction| recent(&restriction.created_after, cx.now()))
        .collect();
    if since.len() < restrictions.len() {
        return;
    }
    // The earliest date counts: from then on one of the restrictions holds.
    let Some((date, span)) = since.into_iter().min() else {
        return;
    };
    out.report(Severity::Warning, span, |say| {
        say.message(format!(
            "the tenant's app management policy leaves applications alone that were created before {}",
            date.date()
        ))
        .label("older applications are free")
        .help("remove the date, when the older applications have been put in order")
        .key("date")
        .fact("createdAfter", date.rfc3339());
    });
}

/// The command that makes the default policy limit secrets to what the configuration allows.
fn limit_lifetime(cx: &Context<'_>) -> String {
    let days = cx.settings.credentials.secret;
    format!(
        "az rest --method PATCH --url {DEFAULT_POLICY} --body '{{\"isEnabled\":true,\"applicationRestrictions\":{{\"passwordCredentials\":[{{\"restrictionType\":\"{LIFETIME}\",\"state\":\"enabled\",\"maxLifetime\":\"P{days}D\"}}]}}}}'"
    )
}

/// The restrictions that keep client secrets out or short; `None` when one cannot be read.
fn secrets_restricted<'a, 'r>(
    restrictions: &'a [Restriction<'r>],
) -> Option<Vec<&'a Restriction<'r>>> {
    let mut found = Vec::new();
    for restriction in restrictions {
        if restriction.of != RestrictionOf::Password {
            continue;
        }
        let kind = restriction.kind.value()?;
        let counts = if kind.eq_ignore_ascii_case(LIFETIME) {
            restriction.max_lifetime.value().is_some()
        } else {
            kind.eq_ignore_ascii_case(ADDITION)
        };
        // Before there was a state, every restriction held.
        let on = match &restriction.state {
            Field::Value(state) => state.eq_ignore_ascii_case("enabled"),
            Field::Absent | Field::Null(_) => true,
            Field::Unknown(_) => return None,
        };
        if counts && on {
            found.push(restriction);
        }
    }
    Some(found)
}

/// A date before which applications are left alone, when it is of the last ten years.
fn recent(date: &Field<crate::model::Date>, now: Instant) -> Option<(Instant, Span)> {
    let date = date.spanned()?;
    let instant = date.value.instant()?;
    (now.days_since(instant) < OLD).then_some((instant, date.span))
}

/// The policy's first restriction, else its id.
fn first_span(policy: &AppManagementPolicy<'_>) -> Option<Span> {
    let first = policy.restrictions.first();
    first
        .and_then(|restriction| restriction.kind.span())
        .or(policy.id.span())
}

fn exempting_policy(policy: &PolicyRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    if policy.default || !policy.enabled.is_yes() || policy.applies_to.is_empty() {
        return;
    }
    let same = |a: &RestrictionRow, kind: &str| a.kind.eq_ignore_ascii_case(kind);
    let default = cx
        .tenant
        .rows
        .policies
        .iter()
        .find(|other| other.default && other.enabled.is_yes());
    let Some(default) = default else {
        return;
    };
    for kind in [ADDITION, LIFETIME] {
        let off = policy
            .restrictions
            .iter()
            .any(|restriction| same(restriction, kind) && restriction.enabled.is_no());
        let on = default
            .restrictions
            .iter()
            .any(|restriction| same(restriction, kind) && !restriction.enabled.is_no());
        if !off || !on {
            continue;
        }
        out.report(Severity::Warning, Part::Restrictions, |say| {
            let count = policy.applies_to.len();
            let whom = match count {
                1 => "1 application".to_owned(),
                count => format!("{count} applications"),
            };
            let name = say.name(policy.at);
            say.message(format!(
                "the app management policy {name} switches {kind} off for {whom}"
            ))
            .label("exempts from the tenant's default")
            .help("keep the exemption to the applications that cannot do without, for a while")
            .fact("restriction", kind)
            .fact("applications", count)
            .key(kind);
            say.see(default.at, Part::Restrictions, "switched on by default");
            if policy.id != Guid::NIL {
                say.command(format!(
                    "az rest --method GET --url https://graph.microsoft.com/v1.0/policies/appManagementPolicies/{}/appliesTo",
                    policy.id
                ));
            }
        });
    }
}
