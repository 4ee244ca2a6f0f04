//! Whether the application asks for more than it needs.

use super::request::{Request, request};
use super::words::{delete, some_of, wanted_of};
use crate::catalog::{AAD_GRAPH, GRAPH, kind_word, openid_scope, permission, permissions_with_id};
use crate::model::{Application, Guid, Permission, PermissionKind, RequiredAccess};
use crate::rules::permission::reading::{by_resource, guid, key, registration, resource_name};
use crate::rules::permission::swapped::instead_of_resource;
use crate::rules::{Context, Out, Severity, declare_rule};

declare_rule! {
    /// An application for Azure Digital Twins requests permissions of other APIs too.
    ///
    /// **Why it matters.** Azure Digital Twins needs its own Read.Write and nothing else. Every
    /// further permission has to be consented to, often by an administrator (AADSTS90094,
    /// AADSTS65001), and is open to whoever gets hold of the application's credential or a user's
    /// token.
    ///
    /// **What is checked.** Every other resource in a list that has Azure Digital Twins. It is
    /// worth knowing, and no more, when all that is asked of it is needed for signing in:
    /// User.Read, openid, profile, email and offline_access of Microsoft Graph. Azure AD Graph is
    /// *permission-retired-api*.
    ///
    /// **Fix.** Give what needs the other API a registration of its own, or remove the entry:
    /// `az ad app permission delete --id <app> --api <resource>`.
    ///
    /// **Options.** `[profiles]` for another API.
    pub static ADT_EXTRA_PERMISSION = {
        id: "adt-extra-permission",
        group: DigitalTwins,
        severity: Warning,
        persona: Regular,
        needs: [Application | RequiredResourceAccess],
        since: "0.1.0",
        options: ["profiles"],
        references: [
            "https://learn.microsoft.com/entra/identity-platform/security-best-practices-for-app-registration",
            "https://learn.microsoft.com/azure/digital-twins/how-to-create-app-registration",
        ],
        check: RequiredAccess(extra_permission),
    }
}

fn extra_permission(access: &RequiredAccess<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    let Some(profile) = cx.profile else {
        return;
    };
    let resources = by_resource(access);
    let mut groups: Vec<&[(Guid, usize)]> = resources.chunk_by(|a, b| a.0 == b.0).collect();
    if !groups.iter().any(|group| group[0].0 == profile.resource) {
        return;
    }
    // In the order of the document, each resource where it is listed first.
    groups.sort_unstable_by_key(|group| group[0].1);
    let own = cx.application.and_then(|app| guid(&app.app_id));
    for group in groups {
        let (api, at) = group[0];
        let resource = &access.resources[at];
        let asked = || {
            group
                .iter()
                .flat_map(|(_, at)| access.resources[*at].permissions.iter())
        };
        let (Some(span), Some(_)) = (resource.app_id.span(), asked().next()) else {
            continue;
        };
        if api == profile.resource
            || api == AAD_GRAPH
            || Some(api) == own
            || instead_of_resource(resource, cx).is_some()
        {
            continue;
        }
        let basic = asked().all(|permission| is_for_sign_in(api, permission));
        let severity = if basic {
            Severity::Info
        } else {
            Severity::Warning
        };
        out.report(severity, span, |say| {
            let name = resource_name(cx, api);
            let names: Vec<String> = asked().map(|p| value_of(api, p)).collect();
            say.message(format!(
                "{name} is requested besides {}: {}",
                profile.resource_name,
                some_of(&names)
            ))
            .label("another API")
            .help(if basic {
                format!("remove it unless the application reads the signed-in user from {name}")
            } else {
                "give what needs this API a registration of its own, or remove the entry".to_owned()
            })
            .fact("resource", api)
            .key(api.to_string());
            if let Some(app) = registration(cx) {
                say.command(delete(&app, api, &[]));
            }
        });
    }
}

fn is_for_sign_in(api: Guid, permission: &Permission<'_>) -> bool {
    api == GRAPH
        && permission.known_kind == Some(PermissionKind::Scope)
        && permission.guid.is_some_and(openid_scope)
}

/// "User.Read (delegated)", or what stands there when it has no name.
fn value_of(api: Guid, asked: &Permission<'_>) -> String {
    let Some(id) = asked.guid else {
        return "an unreadable id".to_owned();
    };
    match asked.known_kind.and_then(|kind| permission(api, id, kind)) {
        Some(known) => format!("{} ({})", known.value, kind_word(known.kind)),
        None => permissions_with_id(api, id)
            .next()
            .map_or_else(|| id.to_string(), |known| known.value.to_owned()),
    }
}

declare_rule! {
    /// Read.Write is requested, although no configured flow signs a user in.
    ///
    /// **Why it matters.** Read.Write is a delegated permission: it counts when a user signs in. A
    /// client that signs in as itself is let in by its Azure role on the instance alone. The
    /// published procedure adds the permission all the same, so this is for auditors who want to
    /// see what is not used.
    ///
    /// **What is checked.** Every configured flow is app-only or a managed identity, and the
    /// profile's scope is requested.
    ///
    /// **Fix.** If no user ever signs in through this application:
    /// `az ad app permission delete --id <app> --api 0b07f429-9f4b-4714-9392-cc5e8e80c8b0`.
    ///
    /// **Options.** `flows` in the profile's table: silent without it.
    pub static ADT_PERMISSION_UNNEEDED = {
        id: "adt-permission-unneeded",
        group: DigitalTwins,
        severity: Info,
        persona: Audit,
        needs: [Application],
        since: "0.1.0",
        options: ["azure-digital-twins.flows", "profiles"],
        references: [
            "https://learn.microsoft.com/entra/identity-platform/permissions-consent-overview",
            "https://learn.microsoft.com/azure/digital-twins/how-to-create-app-registration",
        ],
        check: Application(permission_unneeded),
    }
}

fn permission_unneeded(app: &Application<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    let Some(profile) = cx.profile.filter(|_| cx.is_app_only()) else {
        return;
    };
    let Request::Asked {
        resource,
        permission,
    } = request(&app.required, cx, profile)
    else {
        return;
    };
    if permission.known_kind != Some(PermissionKind::Scope) {
        return;
    }
    let span = permission.id.span().unwrap_or(permission.span);
    out.report(Severity::Info, span, |say| {
        say.message(format!(
            "{} is requested, and no configured flow signs a user in",
            wanted_of(permission, profile)
        ))
        .label("unused by app-only clients")
        .help("remove it if no user ever signs in through this application")
        .key(key(resource, permission));
        if let (Some(app), Some(id)) = (registration(cx), permission.guid) {
            say.command(delete(&app, profile.resource, &[id]));
        }
    });
}
