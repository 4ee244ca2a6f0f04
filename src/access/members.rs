//! Whether the input tells who is in a group.

use std::collections::BTreeSet;

use crate::model::Guid;
use crate::tenant::{DirectoryKind, Tenant};

/// What is known of the members of a principal.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Membership {
    /// It is no group.
    Single,
    /// A group; everybody in it, directly or through other groups, is in the input.
    Known,
    /// A group whose members are not all in the input, or a principal that may be a group.
    Opaque,
}

/// What is known of the members of `principal`, which an assignment says is a `kind`.
pub fn members(tenant: &Tenant, principal: Guid, kind: DirectoryKind) -> Membership {
    match tenant.kind_of(principal, kind) {
        DirectoryKind::User | DirectoryKind::ServicePrincipal | DirectoryKind::Device => {
            return Membership::Single;
        }
        // Nobody gets a role through the object id of an application.
        DirectoryKind::Unknown
            if tenant.application_by_id(principal).is_some()
                || tenant.application(principal).is_some() =>
        {
            return Membership::Single;
        }
        DirectoryKind::Group | DirectoryKind::ForeignGroup | DirectoryKind::Unknown => {}
    }
    let mut seen = BTreeSet::from([principal]);
    let mut waiting = vec![principal];
    while let Some(group) = waiting.pop() {
        if !tenant.knows_members(group) {
            return Membership::Opaque;
        }
        for link in tenant.members_of(group) {
            let nested = link.kind == DirectoryKind::Group || tenant.knows_members(link.part);
            if nested && seen.insert(link.part) {
                waiting.push(link.part);
            }
        }
    }
    Membership::Known
}
