//! What the entries of a list say, for all rules that read them, and how messages call them.

use crate::catalog::{application_name, describe_permission, describe_resource};
use crate::model::{
    Field, Guid, Permission, PermissionKind, RequiredAccess, RequiredResource, Span, Str,
};
use crate::rules::Context;
use crate::tenant::PrincipalRow;

/// The GUID that a value names, in any spelling that still names exactly one.
pub fn guid(field: &Field<Str<'_>>) -> Option<Guid> {
    Guid::parse_loose(field.value()?)
}

/// One permission that is asked for by GUIDs.
#[derive(Copy, Clone)]
pub struct Asked<'a> {
    pub resource: &'a RequiredResource<'a>,
    pub permission: &'a Permission<'a>,
    /// The resource's app id.
    pub api: Guid,
    /// The permission's id.
    pub id: Guid,
}

impl Asked<'_> {
    /// Where the permission's id stands.
    pub fn span(&self) -> Span {
        self.permission.id.span().unwrap_or(self.permission.span)
    }

    /// What tells this permission from others of the same list.
    pub fn key(&self) -> String {
        key(self.resource, self.permission)
    }
}

/// All permissions of a list whose resource and id are GUIDs, in document order.
pub fn asked<'a>(access: &'a RequiredAccess<'a>) -> impl Iterator<Item = Asked<'a>> {
    access
        .resources
        .iter()
        .filter_map(|resource| Some((resource, resource.guid?)))
        .flat_map(|(resource, api)| {
            resource.permissions.iter().filter_map(move |permission| {
                Some(Asked {
                    resource,
                    permission,
                    api,
                    id: permission.guid?,
                })
            })
        })
}

/// The entries of a list by the resource they are for: GUIDs with places in
/// [`RequiredAccess::resources`], sorted. Hostile lists are long, so nothing compares each entry
/// with every other.
pub fn by_resource(access: &RequiredAccess<'_>) -> Vec<(Guid, usize)> {
    let mut places: Vec<(Guid, usize)> = access
        .resources
        .iter()
        .enumerate()
        .filter_map(|(at, resource)| Some((resource.guid?, at)))
        .collect();
    places.sort_unstable();
    places
}

/// `<resource>/<permission>/<type>`, in lower case, GUIDs in their plain spelling.
pub fn key(resource: &RequiredResource<'_>, permission: &Permission<'_>) -> String {
    format!(
        "{}/{}/{}",
        word(&resource.app_id),
        word(&permission.id),
        word(&permission.kind)
    )
}

/// A value for a key: a GUID in its plain spelling, other text in lower case.
pub fn word(field: &Field<Str<'_>>) -> String {
    guid(field).map_or_else(
        || {
            field
                .value()
                .map_or_else(String::new, |text| text.trim().to_lowercase())
        },
        |guid| guid.to_string(),
    )
}

/// What the resource's own service principal, in another document, tells of a permission.
#[derive(Copy, Clone)]
pub enum Shown<'t> {
    /// It is not in the input, or does not tell what it exposes.
    Untold,
    /// It exposes it, with these types: delegated, application.
    Exposed([bool; 2]),
    /// It exposes other things only.
    Not(&'t PrincipalRow),
}

/// Looks a permission up where its resource itself tells what it exposes. Rules that ask this have
/// to say so with [`Depends::EXPOSED`](crate::tenant::Depends::EXPOSED).
pub fn shown<'t>(asked: Asked<'_>, cx: &Context<'t>) -> Shown<'t> {
    let Some(beside) = cx.beside else {
        return Shown::Untold;
    };
    let tenant = beside.join.tenant;
    let mut without = None;
    for principal in tenant.principals_of(asked.api) {
        let kinds = [PermissionKind::Scope, PermissionKind::Role]
            .map(|kind| tenant.exposes(principal, asked.id, kind).is_some());
        if kinds != [false; 2] {
            return Shown::Exposed(kinds);
        }
        if !principal.exposed_known {
            return Shown::Untold;
        }
        without = Some(principal);
    }
    without.map_or(Shown::Untold, Shown::Not)
}

/// The resource's name, or its GUID when it has none.
pub fn resource_name(cx: &Context<'_>, resource: Guid) -> String {
    match cx.profile {
        Some(profile) if profile.resource == resource => profile.resource_name.clone(),
        _ => describe_resource(resource),
    }
}

/// "Microsoft Graph › User.Read (delegated)".
pub fn permission_name(
    cx: &Context<'_>,
    resource: Guid,
    id: Guid,
    kind: Option<PermissionKind>,
) -> String {
    let name = describe_permission(resource, id, kind);
    if application_name(resource).is_some() {
        return name;
    }
    name.replacen(&resource.to_string(), &resource_name(cx, resource), 1)
}

/// What `--id` takes, when the finding is about a registration that exists; `None` for a bare list
/// and for a manifest whose ids are not filled in, which are mended in the file.
pub fn registration(cx: &Context<'_>) -> Option<String> {
    let app = cx.application?;
    [&app.app_id, &app.id]
        .into_iter()
        .find_map(guid)
        .map(|guid| guid.to_string())
}

/// A place worth marking: the whole of a short stretch, the first character of a long one.
pub fn mark(span: Span) -> Span {
    const LONGEST: u32 = 80;
    if span.end - span.start <= LONGEST {
        span
    } else {
        first(span)
    }
}

/// The first character of a stretch that begins with a bracket.
pub fn first(span: Span) -> Span {
    Span::new(span.start, span.end.min(span.start + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_places_are_marked_by_their_bracket() {
        assert_eq!(mark(Span::new(5, 85)), Span::new(5, 85));
        assert_eq!(mark(Span::new(5, 86)), Span::new(5, 6));
        assert_eq!(first(Span::new(5, 5)), Span::new(5, 5));
    }
}
