//! Whether the application asks for the profile's permission.

use super::request::{Request, request};
use super::words::{add, delete, scope_name, some_of, wanted, wanted_of};
use crate::catalog::{knows_resource, permission_anywhere, permissions_with_id};
use crate::model::{
    Edit, Guid, NewValue, Permission, PermissionKind, RequiredAccess, RequiredResource, Span,
};
use crate::rules::permission::reading::{
    first, mark, permission_name, registration, resource_name,
};
use crate::rules::{Context, Out, Profile, Severity, declare_rule};

declare_rule! {
    /// The Azure Digital Twins API is not among the required permissions.
    ///
    /// **Why it matters.** A user who signs in through this application asks for a token for Azure
    /// Digital Twins, and Entra refuses: AADSTS650057, "the client has requested access to a
    /// resource which is not listed in the requested permissions" (older: AADSTS65005,
    /// AADSTS650056). A client that signs in as itself, with a secret, certificate or managed
    /// identity, does not need the entry: it needs a data role on the instance.
    ///
    /// **What is checked.** The list has an entry for the resource
    /// `0b07f429-9f4b-4714-9392-cc5e8e80c8b0` (or the profile's own). Worth knowing and no more
    /// when every configured flow is app-only. Silent where the list, or an entry that may be the
    /// one, is unknown or reported for its form, and for a profile that names no scopes.
    ///
    /// **Fix.** `az ad app permission add --id <app> --api 0b07f429-9f4b-4714-9392-cc5e8e80c8b0
    /// --api-permissions 4589bd03-58cb-4e6c-b17f-b580e39652f8=Scope`.
    ///
    /// **Options.** `flows` in the profile's table; `[profiles]` for another API.
    pub static ADT_PERMISSION_MISSING = {
        id: "adt-permission-missing",
        group: DigitalTwins,
        severity: Error,
        persona: Regular,
        needs: [Application | RequiredResourceAccess],
        since: "0.1.0",
        options: ["azure-digital-twins.flows", "profiles"],
        references: [
            "https://learn.microsoft.com/azure/digital-twins/how-to-create-app-registration",
            "https://learn.microsoft.com/azure/digital-twins/troubleshoot-error-403-digital-twins",
            "https://learn.microsoft.com/entra/identity-platform/reference-error-codes",
        ],
        fix: "add the entry, unless every configured flow is app-only or the permission stands \
              under another API",
        check: RequiredAccess(permission_missing),
    }
}

fn permission_missing(access: &RequiredAccess<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    let Some(profile) = cx.profile else {
        return;
    };
    let Request::Missing { misplaced } = request(access, cx, profile) else {
        return;
    };
    let severity = if cx.is_app_only() {
        Severity::Info
    } else {
        Severity::Error
    };
    if let Some((elsewhere, permission)) = misplaced {
        let span = permission.id.span().unwrap_or(permission.span);
        out.report(severity, span, |say| {
            say.message(format!(
                "{} is requested of {}",
                wanted_of(permission, profile),
                elsewhere
                    .guid
                    .map_or_else(String::new, |api| resource_name(cx, api))
            ))
            .label("permission of another API")
            .help(format!(
                "move it to an entry with the resourceAppId {} ({})",
                profile.resource, profile.resource_name
            ))
            .key(profile.resource.to_string());
            add(profile, cx, say);
            if let (Some(app), Some(api), Some(id)) =
                (registration(cx), elsewhere.guid, permission.guid)
            {
                say.command(delete(&app, api, &[id]));
            }
        });
        return;
    }
    out.report(severity, place(access, cx), |say| {
        say.message(if cx.is_app_only() {
            format!(
                "{} is not requested, which an app-only client can do without",
                wanted(profile)
            )
        } else {
            format!("{} is not requested", wanted(profile))
        })
        .label("required API is missing")
        .help(match profile.scopes.first() {
            Some(scope) => format!(
                "add an entry with the resourceAppId {} and the id {scope} of type Scope",
                profile.resource
            ),
            None => format!("add an entry with the resourceAppId {}", profile.resource),
        })
        .key(profile.resource.to_string());
        add(profile, cx, say);
        if let Some(scope) = profile.scopes.first().filter(|_| !cx.is_app_only()) {
            let value = NewValue::Object(vec![
                ("resourceAppId", profile.resource.into()),
                (
                    "resourceAccess",
                    NewValue::List(vec![new_permission(*scope)]),
                ),
            ]);
            say.fix(
                format!("add an entry for {}", profile.resource_name),
                [into_list(access, cx, value)],
            );
        }
    });
}

/// The edit that adds an entry to the list, or to an application without one.
fn into_list(access: &RequiredAccess<'_>, cx: &Context<'_>, value: NewValue) -> Edit {
    match cx.application {
        Some(app) => Edit::Append {
            of: app.span,
            path: &["requiredResourceAccess"],
            value,
        },
        None => Edit::Append {
            of: access.list.span().unwrap_or_default(),
            path: &[],
            value,
        },
    }
}

/// A delegated permission as lists have it.
fn new_permission(scope: Guid) -> NewValue {
    NewValue::Object(vec![
        ("id", scope.into()),
        ("type", PermissionKind::Scope.key().into()),
    ])
}

/// Where an entry is missing: the list, or what names an application that has no list.
fn place(access: &RequiredAccess<'_>, cx: &Context<'_>) -> Span {
    if let Some(span) = access.list.span() {
        return mark(span);
    }
    cx.application.map_or(Span::at(0), |app| {
        [&app.app_id, &app.id, &app.display_name]
            .into_iter()
            .find_map(|field| field.span())
            .unwrap_or(first(app.span))
    })
}

declare_rule! {
    /// The entry for Azure Digital Twins does not request Read.Write.
    ///
    /// **Why it matters.** Azure Digital Twins exposes one permission, the delegated Read.Write.
    /// With anything else under its entry, or nothing, there is nothing to consent to, and signing
    /// in fails with AADSTS650057 (older: AADSTS65005, AADSTS650056) or AADSTS65001.
    ///
    /// **What is checked.** None of the entries for the resource has the id
    /// `4589bd03-58cb-4e6c-b17f-b580e39652f8` (or one of the profile's scopes). With that id and
    /// the type `Role` it is *permission-wrong-type*; ids that are no GUIDs or GUIDs of other
    /// things are *permission-not-guid* and *permission-swapped-ids*.
    ///
    /// **Fix.** `az ad app permission add --id <app> --api 0b07f429-9f4b-4714-9392-cc5e8e80c8b0
    /// --api-permissions 4589bd03-58cb-4e6c-b17f-b580e39652f8=Scope`, and delete what stands there
    /// instead.
    ///
    /// **Options.** `[profiles]` for another API.
    pub static ADT_PERMISSION_WRONG_SCOPE = {
        id: "adt-permission-wrong-scope",
        group: DigitalTwins,
        severity: Error,
        persona: Regular,
        needs: [Application | RequiredResourceAccess],
        since: "0.1.0",
        options: ["profiles"],
        references: [
            "https://learn.microsoft.com/azure/digital-twins/how-to-create-app-registration",
            "https://learn.microsoft.com/azure/digital-twins/troubleshoot-error-403-digital-twins",
        ],
        fix: "add the permission to the entry, unless every configured flow is app-only",
        check: RequiredAccess(permission_wrong_scope),
    }
}

fn permission_wrong_scope(access: &RequiredAccess<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    let Some(profile) = cx.profile else {
        return;
    };
    let (Request::Lacks(entries), Some(scope)) =
        (request(access, cx, profile), profile.scopes.first())
    else {
        return;
    };
    let mut instead = entries.iter().flat_map(|entry| entry.permissions.iter());
    let span = match instead.next() {
        Some(permission) => permission.id.span().unwrap_or(permission.span),
        None => entries
            .iter()
            .find_map(|entry| entry.list.span().map(mark).or(entry.app_id.span()))
            .unwrap_or_default(),
    };
    out.report(Severity::Error, span, |say| {
        let scope_name = scope_name(profile, *scope);
        let names: Vec<String> = entries
            .iter()
            .flat_map(|entry| entry.permissions.iter())
            .filter_map(|permission| Some(name_anywhere(permission.guid?, permission, cx)))
            .collect();
        say.message(if names.is_empty() {
            format!(
                "the entry for {} requests nothing, not even {scope_name}",
                profile.resource_name
            )
        } else {
            format!(
                "the entry for {} requests {} instead of {scope_name}",
                profile.resource_name,
                some_of(&names)
            )
        })
        .label(if names.is_empty() {
            "nothing is requested"
        } else {
            "not the permission that is needed"
        })
        .help(format!(
            "request the id {scope} ({scope_name}) of type Scope"
        ))
        .key(profile.resource.to_string());
        add(profile, cx, say);
        if let Some(entry) = entries.first().filter(|_| !cx.is_app_only()) {
            say.fix(
                format!(
                    "add {scope_name} to the entry for {}",
                    profile.resource_name
                ),
                [Edit::Append {
                    of: entry.span,
                    path: &["resourceAccess"],
                    value: new_permission(*scope),
                }],
            );
        }
        if let Some(app) = registration(cx) {
            let useless = useless(&entries, profile);
            if !useless.is_empty() {
                say.command(delete(&app, profile.resource, &useless));
            }
        }
    });
}

/// A permission by the name it has, if it is one of another resource by mistake.
fn name_anywhere(id: Guid, permission: &Permission<'_>, cx: &Context<'_>) -> String {
    match permission_anywhere(id).next() {
        Some(known) => permission_name(cx, known.resource, id, permission.known_kind),
        None => id.to_string(),
    }
}

/// What the resource certainly does not expose.
fn useless(entries: &[&RequiredResource<'_>], profile: &Profile) -> Vec<Guid> {
    if !knows_resource(profile.resource) {
        return Vec::new();
    }
    entries
        .iter()
        .flat_map(|entry| entry.permissions.iter())
        .filter_map(|permission| permission.guid)
        .filter(|id| permissions_with_id(profile.resource, *id).next().is_none())
        .collect()
}
