//! GUIDs of one kind of thing where those of another belong.

use super::reading::{guid, key, permission_name, resource_name, word};
use crate::catalog::{
    self, Role, application_name, permission_anywhere, permissions_with_id, role,
};
use crate::model::{Application, Guid, Permission, RequiredAccess, RequiredResource};
use crate::rules::{Context, Out, Severity, declare_rule};

declare_rule! {
    /// The GUID of something else stands where a resource's app id or a permission's id belongs.
    ///
    /// **Why it matters.** All of these are GUIDs and none of them says what it is, so they are
    /// easily exchanged. Entra finds no such API or no such permission: nothing can be consented
    /// to, and signing in fails with AADSTS650057, AADSTS500011 or AADSTS650052.
    ///
    /// **What is checked.** `resourceAppId` is a known permission, a built-in Azure role, or the
    /// application's own object id or client id (unless it exposes permissions itself: asking for
    /// one of those is allowed); a permission's `id` is the app id of a known API, a built-in
    /// Azure role, or the application's own id. When both are exchanged there is one finding.
    ///
    /// **Fix.** `resourceAppId` takes the app id of the API that is called, `id` below it the id
    /// of one of the permissions this API exposes. Azure roles are not requested here: they are
    /// assigned on the Azure resource, `az role assignment create`.
    pub static PERMISSION_SWAPPED_IDS = {
        id: "permission-swapped-ids",
        group: Permission,
        severity: Error,
        persona: Regular,
        needs: [Application | RequiredResourceAccess],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/graph/api/resources/requiredresourceaccess",
            "https://learn.microsoft.com/azure/digital-twins/how-to-create-app-registration",
        ],
        check: RequiredAccess(swapped_ids),
    }
}

/// What a GUID that does not stand where it belongs is the id of.
#[derive(Copy, Clone)]
pub enum Thing {
    Permission(&'static catalog::Permission),
    /// A scope of the profile that the catalogue does not have.
    ProfileScope {
        resource: Guid,
        scope: Guid,
    },
    Role(&'static Role),
    Application(Guid),
    OwnClientId,
    OwnObjectId,
}

impl Thing {
    fn describe(self, cx: &Context<'_>) -> String {
        match self {
            Thing::Permission(known) => format!(
                "the permission {}",
                permission_name(cx, known.resource, known.id, None)
            ),
            Thing::ProfileScope { resource, scope } => {
                format!(
                    "the permission {}",
                    permission_name(cx, resource, scope, None)
                )
            }
            Thing::Role(role) => format!("the Azure role {}", role.name),
            Thing::Application(app) => format!("the app id of {}", resource_name(cx, app)),
            Thing::OwnClientId => "this application's own client id".to_owned(),
            Thing::OwnObjectId => "this application's own object id".to_owned(),
        }
    }

    fn label(self) -> &'static str {
        match self {
            Thing::Permission(_) | Thing::ProfileScope { .. } => "id of a permission",
            Thing::Role(_) => "id of an Azure role",
            Thing::Application(_) => "app id of an API",
            Thing::OwnClientId => "the application's own client id",
            Thing::OwnObjectId => "the application's own object id",
        }
    }
}

/// What a `resourceAppId` is, when it is not the app id of a resource; `None` when it may be one.
pub fn instead_of_resource(resource: &RequiredResource<'_>, cx: &Context<'_>) -> Option<Thing> {
    let api = resource.guid?;
    if application_name(api).is_some() {
        return None;
    }
    if let Some(profile) = cx.profile {
        if profile.resource == api {
            return None;
        }
        if profile.scopes.contains(&api) && permission_anywhere(api).next().is_none() {
            return Some(Thing::ProfileScope {
                resource: profile.resource,
                scope: api,
            });
        }
    }
    if let Some(known) = permission_anywhere(api).next() {
        return Some(Thing::Permission(known));
    }
    if let Some(role) = role(api) {
        return Some(Thing::Role(role));
    }
    let app = cx.application?;
    if guid(&app.app_id) == Some(api) {
        return (!may_ask_itself(app, resource, cx)).then_some(Thing::OwnClientId);
    }
    (guid(&app.id) == Some(api)).then_some(Thing::OwnObjectId)
}

/// What a permission's `id` is, when it is not a permission; `None` when it may be one.
pub fn instead_of_permission(
    resource: &RequiredResource<'_>,
    permission: &Permission<'_>,
    cx: &Context<'_>,
) -> Option<Thing> {
    let id = permission.guid?;
    let api = resource.guid;
    if api.is_some_and(|api| permissions_with_id(api, id).next().is_some()) {
        return None;
    }
    let profile_resource = cx.profile.is_some_and(|profile| profile.resource == id);
    if profile_resource || application_name(id).is_some() {
        return Some(Thing::Application(id));
    }
    if let Some(role) = role(id) {
        return Some(Thing::Role(role));
    }
    let app = cx.application?;
    if guid(&app.app_id) == Some(id) && api != Some(id) {
        return Some(Thing::OwnClientId);
    }
    (guid(&app.id) == Some(id) && guid(&app.app_id) != Some(id)).then_some(Thing::OwnObjectId)
}

/// Whether an entry for the application itself may be meant: an API that is its own client asks
/// for a permission it exposes. What it exposes may be unknown.
fn may_ask_itself(
    app: &Application<'_>,
    resource: &RequiredResource<'_>,
    cx: &Context<'_>,
) -> bool {
    let of_another =
        |permission: &Permission<'_>| permission.guid.is_some_and(|id| owner(id, cx).is_some());
    if resource.permissions.iter().any(of_another) {
        return false;
    }
    let exposes_nothing = app.scopes.tells_all(app.complete)
        && app.roles.tells_all(app.complete)
        && app.scopes.items.is_empty()
        && app.roles.items.is_empty();
    !exposes_nothing || resource.permissions.is_empty()
}

fn swapped_ids(access: &RequiredAccess<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    for resource in &access.resources {
        let strays = || {
            resource.permissions.iter().filter_map(|permission| {
                let thing = instead_of_permission(resource, permission, cx)?;
                Some((permission, thing, permission.id.span()?))
            })
        };
        let Some(thing) = instead_of_resource(resource, cx) else {
            for (permission, thing, span) in strays() {
                out.report(Severity::Error, span, |say| {
                    say.message(format!("the id of a permission is {}", thing.describe(cx)))
                        .label(thing.label())
                        .help(for_permission(resource, thing, cx))
                        .key(key(resource, permission));
                });
            }
            continue;
        };
        let Some(span) = resource.app_id.span() else {
            continue;
        };
        out.report(Severity::Error, span, |say| {
            say.message(format!(
                "resourceAppId is {}, not the app id of an API",
                thing.describe(cx)
            ))
            .label(thing.label())
            .key(word(&resource.app_id));
            let mut exchanged = false;
            for (_, other, span) in strays() {
                exchanged |= matches!(other, Thing::Application(_));
                say.also(span, other.label());
            }
            say.help(for_resource(resource, thing, exchanged, cx));
        });
    }
}

fn for_resource(
    resource: &RequiredResource<'_>,
    thing: Thing,
    exchanged: bool,
    cx: &Context<'_>,
) -> String {
    let meant = match thing {
        _ if exchanged => return "exchange resourceAppId and the id below it".to_owned(),
        Thing::Permission(known) => Some((known.resource, Some(known.id))),
        Thing::ProfileScope { resource, scope } => Some((resource, Some(scope))),
        Thing::Role(role) if role.adt_data => Some((catalog::DIGITAL_TWINS, None)),
        _ => resource
            .permissions
            .iter()
            .filter_map(|permission| permission.guid)
            .find_map(|id| owner(id, cx))
            .map(|api| (api, None)),
    };
    match meant {
        Some((api, Some(id))) => format!(
            "write {api} ({}) as resourceAppId and {id} as an id below it",
            resource_name(cx, api)
        ),
        Some((api, None)) => format!("write {api} ({})", resource_name(cx, api)),
        None => "write the app id of the API that is called".to_owned(),
    }
}

/// The resource that exposes a permission.
fn owner(id: Guid, cx: &Context<'_>) -> Option<Guid> {
    cx.profile
        .filter(|profile| profile.scopes.contains(&id))
        .map(|profile| profile.resource)
        .or_else(|| permission_anywhere(id).next().map(|known| known.resource))
}

fn for_permission(resource: &RequiredResource<'_>, thing: Thing, cx: &Context<'_>) -> String {
    let api = resource.guid;
    let profile = cx.profile.filter(|profile| Some(profile.resource) == api);
    let has = |scope: Guid| resource.permissions.iter().any(|p| p.guid == Some(scope));
    let write = match (api, profile.and_then(|profile| profile.scopes.first())) {
        (Some(_), Some(scope)) if has(*scope) => "remove it".to_owned(),
        (Some(api), Some(scope)) => {
            format!("write {scope} ({})", permission_name(cx, api, *scope, None))
        }
        (Some(api), None) => format!(
            "write the id of a permission that {} exposes",
            resource_name(cx, api)
        ),
        _ => "write the id of a permission".to_owned(),
    };
    match thing {
        Thing::Role(_) => format!(
            "{write}; assign the role itself on the Azure resource with az role assignment create"
        ),
        _ => write,
    }
}
