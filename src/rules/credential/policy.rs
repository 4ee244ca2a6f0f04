//! Credentials that the tenant's own app management policies do not allow.

use jiff::Span as Duration;
use jiff::civil::{Date, date};

use super::{Kind, Life, State, delete_command, end_span, identify, is_symmetric, key_span};
use crate::model::life::{End, Holder};
use crate::model::{Application, Credential, Guid, Part, Span};
use crate::rules::{Context, Out, Severity, declare_rule};
use crate::tenant::{Depends, PolicyRow, RestrictionRow, guid};

declare_rule! {
    /// A credential is of a kind, or of a lifetime, that the tenant's policy forbids.
    ///
    /// **Why it matters.** The policy keeps new credentials to its rules; this one is older than
    /// the rule, or came in by an exemption. It is the one that the policy was made to get rid of.
    ///
    /// **What is checked.** Secrets and certificates that have not expired, against the enabled
    /// app management policy of the tenant, or the one that is assigned to the application where
    /// the export shows it (`appliesTo`): secrets where `passwordAddition` is restricted,
    /// symmetric keys where `symmetricKeyAddition` is, and lifetimes over `maxLifetime` of
    /// `passwordLifetime`, `symmetricKeyLifetime` or `asymmetricKeyLifetime`. Applications made
    /// before `restrictForAppsCreatedAfterDateTime` are left alone, and so are those of which the
    /// date is not known. Silent where some policy does not show what it is assigned to.
    ///
    /// **Fix.** Replace it by one that the policy allows, then delete it:
    /// `az ad app credential delete --id <app> --key-id <keyId>`.
    pub static CREDENTIAL_VIOLATES_POLICY = {
        id: "credential-violates-policy",
        group: Credential,
        severity: Warning,
        persona: Regular,
        needs: [Application, AppManagementPolicy],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/graph/api/resources/applicationauthenticationmethodpolicy",
            "https://learn.microsoft.com/entra/identity/enterprise-apps/configure-app-management-policies",
        ],
        peers: [
            "Maester MT.1002",
            "CIPP-API AppManagementPolicy",
        ],
        check: Application(violates),
    }
}

fn violates(app: &Application<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    if app.secrets.items.is_empty() && app.certificates.items.is_empty() {
        return;
    }
    out.depends_on(Depends::POLICIES);
    let Some(beside) = cx.beside else { return };
    let policies = &beside.join.tenant.rows.policies;
    let id = guid(&app.id);
    let unassigned = |policy: &PolicyRow| !policy.default && policy.applies_to.is_empty();
    if policies.iter().any(unassigned) {
        return;
    }
    let holder = Holder::Application(app);
    for kind in [Kind::Secret, Kind::Certificate] {
        let list = match kind {
            Kind::Secret => holder.secrets(),
            Kind::Certificate => holder.certificates(),
        };
        for credential in list.iter() {
            let life = Life::of(kind, credential);
            if !matches!(life.at(cx.now()), State::Valid | State::Pending) {
                continue;
            }
            let broken = restrictions(kind, credential)
                .into_iter()
                .filter_map(|wanted| restriction(policies, id, app, wanted))
                .find_map(|(policy, rule)| Some((policy, breaks(rule, life)?)));
            if let Some((policy, how)) = broken {
                report(kind, app, credential, policy, how, out);
            }
        }
    }
}

/// The restrictions that speak of a credential, the hardest first.
fn restrictions(kind: Kind, credential: &Credential<'_>) -> [&'static str; 2] {
    match kind {
        Kind::Secret => ["passwordAddition", "passwordLifetime"],
        Kind::Certificate if is_symmetric(credential) => {
            ["symmetricKeyAddition", "symmetricKeyLifetime"]
        }
        Kind::Certificate => ["asymmetricKeyLifetime", ""],
    }
}

/// The restriction of this type that holds for the application: that of the policy assigned to it,
/// else the tenant's default (Microsoft Learn, "appManagementPolicy": the assigned policy takes
/// precedence).
fn restriction<'t>(
    policies: &'t [PolicyRow],
    id: Guid,
    app: &Application<'_>,
    wanted: &str,
) -> Option<(&'t PolicyRow, &'t RestrictionRow)> {
    let of = |policy: &'t PolicyRow| {
        let mut all = policy.restrictions.iter();
        let found = all.find(|rule| rule.kind.eq_ignore_ascii_case(wanted))?;
        Some((policy, found))
    };
    let enabled = |policy: &&PolicyRow| policy.enabled.is_yes();
    let assigned = |policy: &&PolicyRow| id != Guid::NIL && policy.applies_to.contains(&id);
    let (policy, rule) = policies
        .iter()
        .filter(enabled)
        .filter(assigned)
        .find_map(of)
        .or_else(|| {
            policies
                .iter()
                .filter(enabled)
                .filter(|p| p.default)
                .find_map(of)
        })?;
    let concerned = match rule.created_after {
        None => true,
        Some(after) => app
            .created
            .value()
            .and_then(|created| created.instant())
            .is_some_and(|created| created >= after),
    };
    (concerned && !rule.enabled.is_no()).then_some((policy, rule))
}

/// How a credential breaks a restriction.
enum Breach {
    /// Its kind is not allowed at all.
    Kind,
    /// It never ends.
    Endless(i64),
    /// It lives so many days, of so many allowed.
    Days(i64, i64),
}

fn breaks(rule: &RestrictionRow, life: Life) -> Option<Breach> {
    if rule.kind.to_ascii_lowercase().ends_with("addition") {
        return Some(Breach::Kind);
    }
    let longest = longest_days(&rule.max_lifetime)?;
    match (life.start, life.end) {
        (_, End::Never) => Some(Breach::Endless(longest)),
        (Some(start), End::At(end)) => {
            let days = end.days_since(start);
            (days > longest).then_some(Breach::Days(days, longest))
        }
        _ => None,
    }
}

/// Whole days of an ISO 8601 duration (`P90D`, `P4DT12H30M5S`), a begun one counted.
fn longest_days(text: &str) -> Option<i64> {
    const FROM: Date = date(2023, 7, 1);
    let span: Duration = text.trim().parse().ok()?;
    let start = FROM.at(0, 0, 0, 0);
    let seconds = start
        .checked_add(span)
        .ok()?
        .duration_since(start)
        .as_secs();
    (seconds > 0).then(|| (seconds + 86_399) / 86_400)
}

fn report(
    kind: Kind,
    app: &Application<'_>,
    credential: &Credential<'_>,
    policy: &PolicyRow,
    how: Breach,
    out: &mut Out<'_>,
) {
    let place: Span = match how {
        Breach::Kind => key_span(credential),
        Breach::Endless(_) | Breach::Days(..) => end_span(credential),
    };
    out.report(Severity::Warning, place, |say| {
        let called = kind.called(credential);
        let whose = if policy.default {
            "the tenant's policy"
        } else {
            "the policy assigned to the application"
        };
        match how {
            Breach::Kind => say
                .message(format!("{whose} forbids {called}"))
                .label("forbidden by policy"),
            Breach::Endless(longest) => say
                .message(format!(
                    "{called} never ends, where {whose} allows {longest} days"
                ))
                .label(format!("never ends, policy allows {longest}"))
                .fact("limitDays", longest),
            Breach::Days(days, longest) => say
                .message(format!(
                    "{called} lives {days} days, where {whose} allows {longest}"
                ))
                .label(format!("lives {days} days, policy {longest}"))
                .fact("lifetimeDays", days)
                .fact("limitDays", longest),
        };
        say.help("replace it by a credential that the policy allows, then delete it")
            .command(delete_command(kind, app, credential))
            .see(policy.at, Part::Restrictions, "the policy's restrictions");
        identify(say, credential);
    });
}

#[cfg(test)]
mod tests {
    use super::longest_days;

    #[test]
    fn lifetimes_of_policies() {
        for (text, days) in [
            ("P90D", Some(90)),
            ("P4DT12H30M5S", Some(5)),
            ("P1Y", Some(366)),
            ("PT0S", None),
            ("", None),
            ("soon", None),
        ] {
            assert_eq!(longest_days(text), days, "{text}");
        }
    }
}
