//! Dangerous permissions that service principals hold, where no registration in the input asks for
//! them: what a registration asks for is told there.

use super::joined::{api_name, listed, remove_app_role};
use super::risk::is_tier_zero;
use crate::catalog::{self, Risk, permission_by_value};
use crate::model::{Guid, Part, PermissionKind};
use crate::rules::consent::is_critical;
use crate::rules::{Join, JoinOut, Severity, Words};
use crate::tenant::{AppRoleRow, ConsentType, DirectoryKind, GrantRow};

/// The application permission that an assignment gives to a service principal.
fn role_of(row: &AppRoleRow, cx: &Join<'_>) -> Option<&'static catalog::Permission> {
    if !matches!(
        row.principal_kind,
        DirectoryKind::ServicePrincipal | DirectoryKind::Unknown
    ) {
        return None;
    }
    cx.tenant.granted(row)
}

/// Whether nothing else tells of what this service principal holds: no application of the input
/// has it, and it is neither Microsoft's nor certainly another tenant's.
fn stands_alone(client: Guid, cx: &Join<'_>) -> bool {
    let Some(principal) = cx.tenant.principal(client) else {
        return true;
    };
    !principal.is_microsofts()
        && !cx.tenant.is_own(principal).is_no()
        && cx.tenant.application(principal.app_id).is_none()
}

/// *permission-tier-zero*, told by an assignment.
pub(super) fn tier_zero_role(row: &AppRoleRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    let Some(known) = role_of(row, cx).filter(|known| is_tier_zero(known)) else {
        return;
    };
    report_role(row, cx, out, Severity::Error, |say, holds| {
        let permission = catalog::describe_permission(known.resource, known.id, Some(known.kind));
        say.message(format!(
            "{holds} {permission}, which leads to full control of the tenant"
        ))
        .label("full control of the tenant")
        .help("assign the permission of the single task instead, and remove this one")
        .fact("permission", permission)
        .fact("granted", true);
    });
}

/// *permission-high-risk*, told by an assignment.
pub(super) fn high_risk_role(row: &AppRoleRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    let Some(known) = role_of(row, cx).filter(|known| !is_tier_zero(known)) else {
        return;
    };
    let Some(risk) = known.risk.filter(|risk| *risk >= Risk::High) else {
        return;
    };
    report_role(row, cx, out, Severity::Warning, |say, holds| {
        let permission = catalog::describe_permission(known.resource, known.id, Some(known.kind));
        say.message(format!(
            "{holds} {permission}, which is rated {}",
            risk.as_str()
        ))
        .label(format!("{} risk", risk.as_str()))
        .help("assign a narrower permission, or remove it if nothing uses it")
        .fact("permission", permission)
        .fact("risk", risk.as_str());
    });
}

/// Reports what an assignment gives to a service principal that stands alone. `word` is handed the
/// message's beginning: "the service principal "Twin Reader" holds".
fn report_role(
    row: &AppRoleRow,
    cx: &Join<'_>,
    out: &mut JoinOut<'_>,
    severity: Severity,
    word: impl FnOnce(&mut Words<'_>, &str),
) {
    if !stands_alone(row.principal, cx) {
        return;
    }
    out.report(severity, Part::Role, |say| {
        let holder = cx.tenant.principal(row.principal);
        let name = holder.map_or_else(|| say.name(row.at), |holder| say.name(holder.at));
        word(say, &format!("the service principal {name} holds"));
        if let Some(holder) = holder {
            say.see(holder.at, Part::DisplayName, "holds it");
        }
        let command = remove_app_role(say, row);
        say.command(command);
    });
}

/// *permission-high-risk*, told by a delegated grant.
pub(super) fn high_risk_grant(row: &GrantRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    let tenant = cx.tenant;
    let Some(api) = tenant.principal(row.resource) else {
        return;
    };
    let for_all = row.consent == ConsentType::AllPrincipals;
    let risky = |scope: &&str| {
        permission_by_value(api.app_id, scope, Some(PermissionKind::Scope)).is_some_and(|known| {
            known.risk.is_some_and(|risk| risk >= Risk::High)
                && !(for_all && is_critical(api.app_id, scope))
        })
    };
    let count = tenant.scopes_of(row).filter(risky).count();
    if count == 0 || !stands_alone(row.client, cx) {
        return;
    }
    out.report(Severity::Warning, Part::Scope, |say| {
        let client = tenant.principal(row.client);
        let name = client.map_or_else(|| row.client.to_string(), |client| say.name(client.at));
        let resource = api_name(say, tenant, api.app_id);
        say.message(format!(
            "the service principal {name} may use {} of {resource} in users' names, rated critical or high",
            listed(tenant.scopes_of(row).filter(risky), count)
        ))
        .label("critical or high risk")
        .help("consent to a narrower permission instead, and remove this grant")
        .fact("permissions", count);
        if let Some(client) = client {
            say.see(client.at, Part::DisplayName, "holds the grant");
        }
    });
}
