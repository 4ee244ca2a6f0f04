//! How an application asks for the profile's permission: one judgement for all rules that depend
//! on it, so that they never tell one mistake twice.

use crate::catalog::find_application_by_name;
use crate::model::{Field, Permission, RequiredAccess, RequiredResource};
use crate::rules::permission::swapped::{Thing, instead_of_permission, instead_of_resource};
use crate::rules::{Context, Profile};

/// What a list says of the profile's permission.
pub enum Request<'a> {
    /// It cannot be told, a rule about the form of the list tells what is wrong, or the profile
    /// names no permission.
    Untold,
    /// No entry for the resource; perhaps the scope stands under another one.
    Missing {
        misplaced: Option<(&'a RequiredResource<'a>, &'a Permission<'a>)>,
    },
    /// Entries for the resource, and none of the scopes in them.
    Lacks(Vec<&'a RequiredResource<'a>>),
    /// A scope is asked for, whatever its type.
    Asked {
        resource: &'a RequiredResource<'a>,
        permission: &'a Permission<'a>,
    },
}

/// Judges how `access` asks for the profile's permission.
pub fn request<'a>(
    access: &'a RequiredAccess<'a>,
    cx: &Context<'_>,
    profile: &Profile,
) -> Request<'a> {
    if profile.scopes.is_empty() {
        return Request::Untold;
    }
    let is_scope = |permission: &Permission<'_>| {
        permission
            .guid
            .is_some_and(|id| profile.scopes.contains(&id))
    };
    let entries: Vec<&RequiredResource<'_>> = access
        .resources
        .iter()
        .filter(|resource| resource.guid == Some(profile.resource))
        .collect();
    if entries.is_empty() {
        return missing(access, cx, profile, is_scope);
    }
    for &resource in &entries {
        if let Some(permission) = resource.permissions.iter().find(|p| is_scope(p)) {
            return Request::Asked {
                resource,
                permission,
            };
        }
    }
    let untold = entries.iter().any(|resource| {
        resource.list.is_unknown()
            || resource.permissions.iter().any(|permission| {
                permission.guid.is_none()
                    || instead_of_permission(resource, permission, cx).is_some()
            })
    });
    if untold {
        Request::Untold
    } else {
        Request::Lacks(entries)
    }
}

fn missing<'a>(
    access: &'a RequiredAccess<'a>,
    cx: &Context<'_>,
    profile: &Profile,
    is_scope: impl Fn(&Permission<'_>) -> bool,
) -> Request<'a> {
    let complete = cx.application.is_some_and(|app| app.complete);
    let tells_all = match access.list {
        Field::Value(_) | Field::Null(_) => !access.has_unknowns(),
        Field::Absent => complete,
        Field::Unknown(_) => false,
    };
    if !tells_all || access.resources.iter().any(|r| may_mean(r, cx, profile)) {
        return Request::Untold;
    }
    let misplaced = access.resources.iter().find_map(|resource| {
        let permission = resource.permissions.iter().find(|p| is_scope(p))?;
        Some((resource, permission))
    });
    Request::Missing { misplaced }
}

/// Whether an entry may mean the profile's resource, although it does not name it by its app id:
/// then the rule about what stands there instead speaks.
fn may_mean(resource: &RequiredResource<'_>, cx: &Context<'_>, profile: &Profile) -> bool {
    let Field::Value(name) = &resource.app_id else {
        return true;
    };
    if resource.guid.is_none() {
        return find_application_by_name(name).is_none_or(|api| api == profile.resource);
    }
    let instead = match instead_of_resource(resource, cx) {
        Some(Thing::Permission(known)) => known.resource == profile.resource,
        Some(_) => true,
        None => false,
    };
    instead
        || resource.permissions.iter().any(|permission| {
            matches!(
                instead_of_permission(resource, permission, cx),
                Some(Thing::Application(api)) if api == profile.resource
            )
        })
}
