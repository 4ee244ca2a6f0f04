//! Sentences' nouns: how a resource or a permission is called in a message.

use crate::model::{Guid, PermissionKind};

use super::permissions::{permission, permissions_with_id};
use super::resources::application_name;

/// "Microsoft Graph › User.Read (delegated)".
///
/// Without a kind, or with one under which the permission does not exist, the name
/// stands alone: "Microsoft Graph › User.Read". An unknown permission and an unknown
/// resource appear as their GUIDs.
pub fn describe_permission(resource: Guid, id: Guid, kind: Option<PermissionKind>) -> String {
    let resource_name = describe_resource(resource);
    if let Some((kind, known)) = kind.and_then(|kind| Some((kind, permission(resource, id, kind)?)))
    {
        return format!("{resource_name} › {} ({})", known.value, kind_word(kind));
    }
    match permissions_with_id(resource, id).next() {
        Some(known) => format!("{resource_name} › {}", known.value),
        None => format!("{resource_name} › {id}"),
    }
}

/// The name of a resource application, or its GUID when it has none here.
pub fn describe_resource(resource: Guid) -> String {
    application_name(resource).map_or_else(|| resource.to_string(), str::to_owned)
}

/// What the portal calls a kind of permission: "delegated" or "application".
pub fn kind_word(kind: PermissionKind) -> &'static str {
    match kind {
        PermissionKind::Scope => "delegated",
        PermissionKind::Role => "application",
    }
}

#[cfg(test)]
mod tests {
    use super::super::resources::{DIGITAL_TWINS, GRAPH};
    use super::*;
    use PermissionKind::{Role, Scope};

    const USER_READ: Guid = Guid(0xe1fe6dd8_ba31_4d61_89e7_88639da4683d);
    const USER_EXPORT_ALL: Guid = Guid(0x405a51b5_8d8d_430b_9842_8be4b0e9f324);
    const NOBODY: Guid = Guid(0x11111111_2222_3333_4444_555555555555);

    #[test]
    fn permissions_are_named() {
        let graph = |id, kind| describe_permission(GRAPH, id, kind);
        assert_eq!(
            graph(USER_READ, Some(Scope)),
            "Microsoft Graph › User.Read (delegated)"
        );
        assert_eq!(graph(USER_READ, Some(Role)), "Microsoft Graph › User.Read");
        assert_eq!(graph(USER_READ, None), "Microsoft Graph › User.Read");
        assert_eq!(
            graph(USER_EXPORT_ALL, Some(Role)),
            "Microsoft Graph › User.Export.All (application)"
        );
        assert_eq!(
            describe_permission(
                DIGITAL_TWINS,
                super::super::digital_twins::READ_WRITE,
                Some(Scope)
            ),
            "Azure Digital Twins › Read.Write (delegated)"
        );
    }

    #[test]
    fn the_unknown_appear_as_guids() {
        let guid = "11111111-2222-3333-4444-555555555555";
        assert_eq!(
            describe_permission(GRAPH, NOBODY, Some(Scope)),
            format!("Microsoft Graph › {guid}")
        );
        assert_eq!(
            describe_permission(NOBODY, NOBODY, None),
            format!("{guid} › {guid}")
        );
        assert_eq!(describe_resource(NOBODY), guid);
        assert_eq!(describe_resource(GRAPH), "Microsoft Graph");
    }
}
