//! Twice, nothing, and too much.

use std::cell::LazyCell;

use super::reading::{
    by_resource, first, mark, permission_name, registration, resource_name, word,
};
use crate::catalog::limits::for_audience;
use crate::model::{Edit, Field, Guid, RequiredAccess, RequiredResource, Span};
use crate::rules::digital_twins::request::{Request, request};
use crate::rules::quick::differ;
use crate::rules::{Context, Out, Severity, declare_rule};

declare_rule! {
    /// A resource or a permission is requested twice.
    ///
    /// **Why it matters.** Microsoft Graph refuses a list that names something twice, and tools
    /// that look for the first entry of a resource (`az ad app permission delete` is one) never
    /// see the second.
    ///
    /// **What is checked.** Two entries with one `resourceAppId`; within one entry, one `id` with
    /// the same `type` twice. One id as `Scope` and as `Role` is no duplicate.
    ///
    /// **Fix.** Keep one: merge the permissions of the two entries under the first, remove the
    /// second.
    pub static PERMISSION_DUPLICATE = {
        id: "permission-duplicate",
        group: Permission,
        severity: Warning,
        persona: Regular,
        needs: [Application | RequiredResourceAccess],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/graph/api/resources/requiredresourceaccess",
            "https://learn.microsoft.com/cli/azure/ad/app/permission",
        ],
        fix: "remove the second where both entries say exactly the same",
        check: RequiredAccess(duplicate),
    }
}

fn duplicate(access: &RequiredAccess<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    resource_listed_twice(access, cx, out);
    for resource in &access.resources {
        permission_requested_twice(resource, cx, out);
    }
}

fn resource_listed_twice(access: &RequiredAccess<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    if differ(access.resources.iter().map(|resource| resource.guid)) {
        return;
    }
    let resources = access
        .resources
        .iter()
        .filter_map(|resource| Some((resource.guid?, resource.app_id.span()?, resource.span)));
    for (api, earlier, again) in repeats(resources.collect()) {
        out.report(Severity::Warning, again.0, |say| {
            say.message(format!("{} is listed twice", resource_name(cx, api)))
                .label("listed again")
                .also(earlier.0, "first listed here")
                .help("merge its permissions into one entry and remove the other")
                .key(api.to_string())
                .fix("remove the copy", [copy(earlier, again)]);
        });
    }
}

fn permission_requested_twice(
    resource: &RequiredResource<'_>,
    cx: &Context<'_>,
    out: &mut Out<'_>,
) {
    let ids = resource.permissions.iter();
    if differ(ids.map(|permission| permission.guid)) {
        return;
    }
    let permissions = resource.permissions.iter().filter_map(|permission| {
        let key = (permission.guid?, permission.known_kind?);
        Some((key, permission.id.span()?, permission.span))
    });
    for ((id, kind), earlier, again) in repeats(permissions.collect()) {
        out.report(Severity::Warning, again.0, |say| {
            let api = resource.guid;
            let name = api.map_or_else(
                || id.to_string(),
                |api| permission_name(cx, api, id, Some(kind)),
            );
            say.message(format!("{name} is requested twice"))
                .label("requested again")
                .also(earlier.0, "first requested here")
                .help("remove one of the two")
                .key(format!(
                    "{}/{id}/{}",
                    api.map_or_else(String::new, |api| api.to_string()),
                    kind.key().to_lowercase()
                ))
                .fix("remove the copy", [copy(earlier, again)]);
        });
    }
}

/// Where an id stands, and the whole entry it stands in.
type IdAndEntry = (Span, Span);

/// The later of two entries goes, if they say the same.
fn copy(earlier: IdAndEntry, again: IdAndEntry) -> Edit {
    Edit::RemoveCopy {
        at: again.1,
        of: earlier.1,
    }
}

/// Equal keys in a list with places: the key, its first place and each later one, in document
/// order of the later ones.
fn repeats<K: Ord + Copy>(mut places: Vec<(K, Span, Span)>) -> Vec<(K, IdAndEntry, IdAndEntry)> {
    if places.len() < 2 {
        return Vec::new();
    }
    places.sort_unstable();
    let mut found: Vec<(K, IdAndEntry, IdAndEntry)> = places
        .chunk_by(|one, other| one.0 == other.0)
        .flat_map(|group| {
            group[1..]
                .iter()
                .map(|&(key, id, entry)| (key, (group[0].1, group[0].2), (id, entry)))
        })
        .collect();
    found.sort_unstable_by_key(|&(_, _, again)| again);
    found
}

declare_rule! {
    /// A resource is listed and no permission of it requested.
    ///
    /// **Why it matters.** The entry asks for nothing: a permission was forgotten, or the entry
    /// was. Signing in to that API fails with AADSTS650057 (or AADSTS65005, AADSTS650056).
    ///
    /// **What is checked.** A `resourceAccess` that is empty, null or absent. For the resource of
    /// the profile *adt-permission-wrong-scope* says the same and more.
    ///
    /// **Fix.** Add the permission that is needed,
    /// `az ad app permission add --id <app> --api <resource> --api-permissions <id>=Scope`, or
    /// remove the entry, `az ad app permission delete --id <app> --api <resource>`.
    pub static PERMISSION_EMPTY = {
        id: "permission-empty",
        group: Permission,
        severity: Warning,
        persona: Regular,
        needs: [Application | RequiredResourceAccess],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/graph/api/resources/requiredresourceaccess",
            "https://learn.microsoft.com/cli/azure/ad/app/permission",
        ],
        check: RequiredAccess(empty),
    }
}

fn empty(access: &RequiredAccess<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    let entries = access.resources.iter().filter(|resource| {
        resource.permissions.is_empty()
            && !resource.list.is_unknown()
            && matches!(resource.app_id, Field::Value(_))
    });
    // Another rule tells more of the profile's resource, and of one that is listed twice.
    let resources = LazyCell::new(|| by_resource(access));
    let told_by_profile = LazyCell::new(|| {
        let profile = cx.profile?;
        matches!(request(access, cx, profile), Request::Lacks(_)).then_some(profile.resource)
    });
    for resource in entries {
        let api = resource.guid;
        if let Some(api) = api
            && (*told_by_profile == Some(api) || is_listed_twice(api, &resources))
        {
            continue;
        }
        let Some(span) = resource.list.span().or(resource.app_id.span()) else {
            continue;
        };
        out.report(Severity::Warning, mark(span), |say| {
            let name = match api {
                Some(api) => resource_name(cx, api),
                None => "a resource".to_owned(),
            };
            say.message(format!("no permission of {name} is requested"))
                .label("nothing is requested")
                .help("add the permission that is needed, or remove the entry")
                .key(word(&resource.app_id));
            if let (Some(app), Some(api)) = (registration(cx), api) {
                say.command(format!(
                    "az ad app permission delete --id {app} --api {api}"
                ));
            }
        });
    }
}

fn is_listed_twice(api: Guid, resources: &[(Guid, usize)]) -> bool {
    let first = resources.partition_point(|(other, _)| *other < api);
    resources
        .get(first + 1)
        .is_some_and(|(other, _)| *other == api)
}

declare_rule! {
    /// More is requested than an application may request.
    ///
    /// **Why it matters.** Entra refuses to save an application above its limits, so the next
    /// change to it fails, whatever that change is.
    ///
    /// **What is checked.** At most 50 resources and 400 permissions; when personal Microsoft
    /// accounts can sign in, 200 permissions, and 30 of one resource. A list in a file of its own
    /// is held to the higher limits. How many of the resources belong to other tenants (at most
    /// 10) cannot be told from the list.
    ///
    /// **Fix.** Remove what is not used (`az ad app permission delete`), or split the application.
    pub static PERMISSION_LIMIT = {
        id: "permission-limit",
        group: Permission,
        severity: Error,
        persona: Regular,
        needs: [Application | RequiredResourceAccess],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity-platform/supported-accounts-validation",
        ],
        peers: ["terraform-provider-azuread application_resource.go"],
        check: RequiredAccess(limit),
    }
}

fn limit(access: &RequiredAccess<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    let personal = cx
        .application
        .is_some_and(|app| app.has_personal_accounts());
    let limits = for_audience(personal);
    let with_personal = if personal {
        " when personal accounts can sign in"
    } else {
        ""
    };

    let most = limits.required_resources;
    if let Some(over) = access.resources.get(most) {
        let count = access.resources.len();
        let span = over.app_id.span().unwrap_or(first(over.span));
        out.report(Severity::Error, span, |say| {
            say.message(format!(
                "{count} resources are requested, at most {most} may be"
            ))
            .label("first resource over the limit")
            .help("remove the resources that are not used, or split the application")
            .fact("count", count)
            .fact("limit", most)
            .key("resources");
        });
    }

    let most = limits.required_permissions;
    let mut permissions = access.resources.iter().flat_map(|r| r.permissions.iter());
    if let Some(over) = permissions.nth(most) {
        let count = most + 1 + permissions.count();
        out.report(
            Severity::Error,
            over.id.span().unwrap_or(over.span),
            |say| {
                say.message(format!(
                    "{count} permissions are requested, at most {most} may be{with_personal}"
                ))
                .label("first permission over the limit")
                .help("remove the permissions that are not used, or split the application")
                .fact("count", count)
                .fact("limit", most)
                .key("permissions");
            },
        );
    }

    let Some(most) = limits.required_permissions_per_resource else {
        return;
    };
    for resource in &access.resources {
        let Some(over) = resource.permissions.get(most) else {
            continue;
        };
        let count = resource.permissions.len();
        out.report(
            Severity::Error,
            over.id.span().unwrap_or(over.span),
            |say| {
                let name = resource
                    .guid
                    .map_or_else(|| "one resource".to_owned(), |api| resource_name(cx, api));
                say.message(format!(
                "{count} permissions of {name} are requested, at most {most} may be{with_personal}"
            ))
            .label("first permission over the limit")
            .help("remove the permissions that are not used, or split the application")
            .fact("count", count)
            .fact("limit", most)
            .key(format!("{}/permissions", word(&resource.app_id)));
            },
        );
    }
}
