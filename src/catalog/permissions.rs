//! Permissions of Microsoft APIs: delegated scopes and application roles, whether they
//! need admin consent, and how dangerous they are.
//!
//! A permission is told by resource, id **and** kind: one GUID may be both a scope and
//! a role (`User.Export.All`), and Exchange and SharePoint share ids with Microsoft Graph.

use crate::model::{Guid, PermissionKind};

use super::resources::{DIGITAL_TWINS, GRAPH};
use super::search::{Buckets, equal_range, first_bits, ignoring_case};
use super::tables::permissions::{BY_ID, BY_VALUE, PERMISSIONS};

/// How dangerous a permission is in the wrong hands: the four levels of ScubaGear, in
/// their order.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Risk {
    /// The lowest level.
    Low,
    /// Above low.
    Medium,
    /// Above medium.
    High,
    /// The highest level.
    Critical,
}

impl Risk {
    /// The level in lower case: `low`, `medium`, `high`, `critical`.
    pub fn as_str(self) -> &'static str {
        match self {
            Risk::Low => "low",
            Risk::Medium => "medium",
            Risk::High => "high",
            Risk::Critical => "critical",
        }
    }
}

/// One permission that a resource exposes.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Permission {
    /// The appId of the resource.
    pub resource: Guid,
    /// The id written in `resourceAccess` and in `appRoleId`.
    pub id: Guid,
    /// Delegated (`Scope`) or application (`Role`).
    pub kind: PermissionKind,
    /// The value in tokens and grants: `User.Read`.
    pub value: &'static str,
    /// Whether an administrator has to consent; `None` where no source says so.
    pub admin: Option<bool>,
    /// The risk level; `None` for what ScubaGear does not list.
    pub risk: Option<Risk>,
    /// An application permission of Microsoft Graph that alone leads to full control
    /// of the tenant.
    pub core: bool,
}

/// The delegated permissions of Microsoft Graph that signing in needs and that expose
/// nothing else: User.Read, openid, profile, email, offline_access.
pub const BASIC_SIGN_IN: [Guid; 5] = [
    Guid(0xe1fe6dd8_ba31_4d61_89e7_88639da4683d),
    Guid(0x37f7f235_527c_4136_accd_4a02d197296e),
    Guid(0x14dad69e_099b_42c9_810b_d002981feec1),
    Guid(0x64a6cdd6_aab1_4aaf_94b8_3cc8405e90d0),
    Guid(0x7427e0e9_2fba_42fe_b0c0_848c9e6a8182),
];

/// Whether this id is one of [`BASIC_SIGN_IN`]. It says so only for delegated
/// permissions of Microsoft Graph.
pub fn openid_scope(id: Guid) -> bool {
    BASIC_SIGN_IN.contains(&id)
}

/// The permission with this id and kind; `None` when the catalogue has no such pair.
pub fn permission(resource: Guid, id: Guid, kind: PermissionKind) -> Option<&'static Permission> {
    permissions_with_id(resource, id).find(|permission| permission.kind == kind)
}

/// The permissions of one resource with this id, of either kind: none, one or two.
pub fn permissions_with_id(
    resource: Guid,
    id: Guid,
) -> impl Iterator<Item = &'static Permission> + Clone {
    permission_anywhere(id).filter(move |permission| permission.resource == resource)
}

/// The permissions of any resource with this id, in the order of the resources.
pub fn permission_anywhere(id: Guid) -> impl Iterator<Item = &'static Permission> + Clone {
    BY_ID[BUCKETS.rows(id)]
        .iter()
        .map(|&at| at_place(at))
        .filter(move |permission| permission.id == id)
}

static BUCKETS: Buckets = {
    let mut bits = [0; BY_ID.len()];
    let mut at = 0;
    while at < bits.len() {
        bits[at] = first_bits(PERMISSIONS[BY_ID[at] as usize].id);
        at += 1;
    }
    Buckets::of(&bits)
};

/// The permission of one resource with this value, without regard to case; any kind
/// when `kind` is `None`, then the delegated one first. Where clouds differ, the id of
/// the worldwide cloud.
pub fn permission_by_value(
    resource: Guid,
    value: &str,
    kind: Option<PermissionKind>,
) -> Option<&'static Permission> {
    permission_by_value_anywhere(value)
        .find(|p| p.resource == resource && kind.is_none_or(|kind| p.kind == kind))
}

/// The permissions of any resource with this value, without regard to case, in the
/// order of the resources.
pub fn permission_by_value_anywhere(
    value: &str,
) -> impl Iterator<Item = &'static Permission> + Clone + use<> {
    equal_range(&BY_VALUE, |&at| ignoring_case(at_place(at).value, value))
        .iter()
        .map(|&at| at_place(at))
}

/// Whether the catalogue holds **all** permissions of this resource, so that an id it
/// lacks may be called unknown. True for Microsoft Graph and Azure Digital Twins; of
/// the other resources only the risky permissions are listed.
pub fn knows_resource(resource: Guid) -> bool {
    resource == GRAPH || resource == DIGITAL_TWINS
}

fn at_place(at: u16) -> &'static Permission {
    &PERMISSIONS[usize::from(at)]
}

#[cfg(test)]
mod tests {
    use super::super::resources::{EXCHANGE_ONLINE, SHAREPOINT_ONLINE};
    use super::*;
    use PermissionKind::{Role, Scope};

    const USER_READ: Guid = Guid(0xe1fe6dd8_ba31_4d61_89e7_88639da4683d);
    const USER_EXPORT_ALL: Guid = Guid(0x405a51b5_8d8d_430b_9842_8be4b0e9f324);

    #[test]
    fn the_table_is_strictly_sorted() {
        let key = |p: &Permission| (p.resource, p.id, p.kind);
        assert!(PERMISSIONS.is_sorted_by(|left, right| key(left) < key(right)));
    }

    #[test]
    fn the_id_index_holds_every_permission_once() {
        let key = |at: &u16| {
            let p = at_place(*at);
            (p.id, p.resource, p.kind)
        };
        assert_eq!(BY_ID.len(), PERMISSIONS.len());
        assert!(BY_ID.is_sorted_by(|left, right| key(left) < key(right)));
    }

    #[test]
    fn the_value_index_holds_every_permission_once() {
        let mut places = BY_VALUE;
        places.sort_unstable();
        assert!(places.iter().copied().eq(0..BY_VALUE.len() as u16));
        assert_eq!(BY_VALUE.len(), PERMISSIONS.len());
        let key = |at: &u16| {
            (
                at_place(*at).value.to_ascii_lowercase(),
                at_place(*at).resource,
            )
        };
        assert!(BY_VALUE.is_sorted_by_key(key));
    }

    #[test]
    fn the_indexes_agree_with_the_table() {
        for p in &PERMISSIONS {
            assert!(permission(p.resource, p.id, p.kind) == Some(p));
            assert!(permissions_with_id(p.resource, p.id).any(|other| other == p));
            assert!(permission_anywhere(p.id).any(|other| other == p));
            assert!(permission_by_value_anywhere(p.value).any(|other| other == p));
            let found = permission_by_value(p.resource, p.value, Some(p.kind)).unwrap();
            assert_eq!((found.value, found.kind), (p.value, p.kind));
        }
    }

    #[test]
    fn counts_are_those_of_the_sources() {
        let count =
            |wanted: &dyn Fn(&Permission) -> bool| PERMISSIONS.iter().filter(|p| wanted(p)).count();
        assert_eq!(PERMISSIONS.len(), 1679);
        assert_eq!(count(&|p| p.resource == GRAPH && p.admin.is_some()), 1529);
        // The US Government ids, which only ScubaGear lists.
        assert_eq!(count(&|p| p.resource == GRAPH && p.admin.is_none()), 39);
        assert_eq!(count(&|p| p.risk.is_some()), 484);
        assert_eq!(count(&|p| p.risk == Some(Risk::Critical)), 79);
        assert_eq!(count(&|p| p.resource == DIGITAL_TWINS), 1);
        assert_eq!(count(&|p| !p.value.is_ascii() || p.value.is_empty()), 0);
    }

    #[test]
    fn core_permissions_are_critical_roles_of_graph() {
        let core: Vec<_> = PERMISSIONS.iter().filter(|p| p.core).collect();
        assert_eq!(core.len(), 22);
        for p in core {
            assert!(p.resource == GRAPH && p.admin == Some(true), "{}", p.value);
            assert_eq!(
                (p.kind, p.risk),
                (Role, Some(Risk::Critical)),
                "{}",
                p.value
            );
        }
    }

    #[test]
    fn known_ids_resolve() {
        let read = permission(GRAPH, USER_READ, Scope).unwrap();
        assert_eq!(
            (read.value, read.admin, read.risk),
            ("User.Read", Some(false), None)
        );
        assert!(permission(GRAPH, USER_READ, Role).is_none());
        assert!(permission(EXCHANGE_ONLINE, USER_READ, Scope).is_none());

        let twins = super::super::digital_twins::READ_WRITE;
        assert_eq!(
            permission(DIGITAL_TWINS, twins, Scope).unwrap().value,
            "Read.Write"
        );
        assert!(permission(DIGITAL_TWINS, twins, Role).is_none());
        assert!(
            permission_anywhere(twins)
                .map(|p| p.resource)
                .eq([DIGITAL_TWINS])
        );
        assert!(permission_anywhere(Guid(0)).next().is_none());
    }

    #[test]
    fn one_guid_may_be_both_kinds() {
        assert!(
            permissions_with_id(GRAPH, USER_EXPORT_ALL)
                .map(|p| p.kind)
                .eq([Scope, Role])
        );
        assert!(permission_anywhere(USER_EXPORT_ALL).all(|p| p.value == "User.Export.All"));
        let both: Vec<_> = PERMISSIONS
            .windows(2)
            .filter(|pair| pair[0].resource == pair[1].resource && pair[0].id == pair[1].id)
            .map(|pair| pair[0].value)
            .collect();
        assert_eq!(both, ["User.Export.All"]);
    }

    #[test]
    fn one_guid_may_belong_to_two_resources() {
        let user_read_write_all = Guid(0x741f803b_c850_494e_b5df_cde7c675a1ca);
        let resources = permission_anywhere(user_read_write_all).map(|p| p.resource);
        assert!(resources.eq([GRAPH, SHAREPOINT_ONLINE]));
    }

    #[test]
    fn values_resolve_without_regard_to_case() {
        let find = |value, kind| permission_by_value(GRAPH, value, kind);
        assert!(find("user.READ", None).is_some_and(|p| p.id == USER_READ));
        assert!(find("User.Read", Some(Role)).is_none());
        assert_eq!(find("User.Read.All", None).map(|p| p.kind), Some(Scope));
        assert_eq!(
            find("User.Read.All", Some(Role)).map(|p| p.kind),
            Some(Role)
        );
        assert!(find("Read.Write", None).is_none());
        assert!(find("", None).is_none());
        assert!(permission_by_value_anywhere("read.write").any(|p| p.resource == DIGITAL_TWINS));
    }

    #[test]
    fn the_worldwide_id_of_a_value_comes_first() {
        for p in PERMISSIONS.iter().filter(|p| p.core || p.resource == GRAPH) {
            let found = permission_by_value(GRAPH, p.value, Some(p.kind)).unwrap();
            assert!(found.admin.is_some(), "{}", p.value);
            assert!(!p.core || found == p, "{}", p.value);
        }
        let imap = permission_by_value(EXCHANGE_ONLINE, "IMAP.AccessAsApp", Some(Role)).unwrap();
        assert!(imap.id == Guid(0x5e5addcd_3e8d_4e90_baf5_964efab2b20a));
    }

    #[test]
    fn basic_sign_in_is_harmless() {
        let values = BASIC_SIGN_IN.map(|id| {
            let p = permission(GRAPH, id, Scope).unwrap();
            assert!(openid_scope(id) && p.admin == Some(false) && p.risk.is_none());
            p.value
        });
        assert_eq!(
            values,
            ["User.Read", "openid", "profile", "email", "offline_access"]
        );
        assert!(!openid_scope(USER_EXPORT_ALL));
    }

    #[test]
    fn only_complete_resources_are_known() {
        assert!(knows_resource(GRAPH) && knows_resource(DIGITAL_TWINS));
        assert!(!knows_resource(EXCHANGE_ONLINE) && !knows_resource(Guid(0)));
    }

    #[test]
    fn risks_are_ordered() {
        let levels = [Risk::Low, Risk::Medium, Risk::High, Risk::Critical];
        assert!(levels.is_sorted());
        assert_eq!(
            levels.map(Risk::as_str),
            ["low", "medium", "high", "critical"]
        );
    }
}
