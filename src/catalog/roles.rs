//! The built-in roles of Azure RBAC: all of them by name and reach, and the full
//! definition of those that decide about Azure Digital Twins.

use crate::model::Guid;

use super::search::{Buckets, equal_range, first_bits, ignoring_case};
use super::tables::definitions::DEFINITIONS;
use super::tables::roles::{BY_NAME, ROLES};

/// Whether a role may write role assignments, and so hand itself any other role.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RoleAssignmentsWrite {
    /// It may not.
    Never,
    /// Only under the condition in its definition, which limits the roles it can assign.
    Conditional,
    /// Any role, to anybody.
    Unconditional,
}

/// A built-in role and what it reaches.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// The GUID at the end of `roleDefinitionId`.
    pub id: Guid,
    /// The role's name.
    pub name: &'static str,
    /// It has data actions, of any service.
    pub has_data: bool,
    /// It grants data actions of Azure Digital Twins.
    pub adt_data: bool,
    /// It can create, change and delete Azure Digital Twins instances
    /// (`digitalTwinsInstances/write`).
    pub adt_control_write: bool,
    /// It can write role assignments.
    pub role_assignments_write: RoleAssignmentsWrite,
}

/// The full definition of a role.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct RoleDefinition {
    /// The GUID at the end of `roleDefinitionId`.
    pub id: Guid,
    /// The role's name.
    pub name: &'static str,
    /// The blocks of permissions; what is excluded in one block may be granted by another.
    pub permissions: &'static [Permissions],
}

/// One block of a role definition. Operations may hold `*` and compare without regard to case.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Permissions {
    /// Control-plane operations granted.
    pub actions: &'static [&'static str],
    /// Control-plane operations taken out of `actions`.
    pub not_actions: &'static [&'static str],
    /// Data-plane operations granted; `*` in `actions` never covers them.
    pub data_actions: &'static [&'static str],
    /// Data-plane operations taken out of `data_actions`.
    pub not_data_actions: &'static [&'static str],
    /// The block holds under a condition only.
    pub conditional: bool,
}

/// The built-in role with this id.
pub fn role(id: Guid) -> Option<&'static Role> {
    let rows = &ROLES[BUCKETS.rows(id)];
    let place = rows.binary_search_by_key(&id, |role| role.id).ok()?;
    Some(&rows[place])
}

static BUCKETS: Buckets = {
    let mut bits = [0; ROLES.len()];
    let mut at = 0;
    while at < bits.len() {
        bits[at] = first_bits(ROLES[at].id);
        at += 1;
    }
    Buckets::of(&bits)
};

/// The built-in role with this name, without regard to case. For names that a role had
/// in the past see [`super::digital_twins::role_formerly_named`].
pub fn role_by_name(name: &str) -> Option<&'static Role> {
    let named = |at: &u16| &ROLES[usize::from(*at)];
    equal_range(&BY_NAME, |at| ignoring_case(named(at).name, name))
        .first()
        .map(named)
}

/// The full definition of a built-in role. Only for the six that grant data actions of
/// Azure Digital Twins, write its instances, or write role assignments without a
/// condition: Data Owner, Data Reader, Owner, Contributor, User Access Administrator,
/// Role Based Access Control Administrator.
pub fn definition(id: Guid) -> Option<&'static RoleDefinition> {
    let place = DEFINITIONS
        .binary_search_by_key(&id, |definition| definition.id)
        .ok()?;
    Some(&DEFINITIONS[place])
}

/// Owner: everything on the control plane, role assignments included; no data action.
pub const OWNER: Guid = Guid(0x8e3af657_a8ff_443c_a75c_2fe8c4bcb635);
/// Contributor: the control plane without role assignments; no data action.
pub const CONTRIBUTOR: Guid = Guid(0xb24988ac_6180_42a0_ab88_20f7382dd24c);
/// User Access Administrator: role assignments.
pub const USER_ACCESS_ADMINISTRATOR: Guid = Guid(0x18d7d88d_d35e_4fb5_a5c3_7773c20a72d9);
/// Role Based Access Control Administrator: role assignments.
pub const RBAC_ADMINISTRATOR: Guid = Guid(0xf58310d9_a9f6_439a_9e8d_f62e7b41a168);

/// Whether a role hands out any role to anybody: Owner, User Access Administrator, Role Based
/// Access Control Administrator ("Privileged administrator roles", Microsoft Learn, less
/// Contributor, which hands out none).
pub fn is_privileged(id: Guid) -> bool {
    role(id).is_some_and(|role| role.role_assignments_write == RoleAssignmentsWrite::Unconditional)
}

#[cfg(test)]
mod tests {
    use super::super::digital_twins::{DATA_OWNER, DATA_READER};
    use super::RoleAssignmentsWrite::{Conditional, Unconditional};
    use super::*;

    fn names(wanted: impl Fn(&Role) -> bool) -> Vec<&'static str> {
        let mut names: Vec<_> = ROLES
            .iter()
            .filter(|role| wanted(role))
            .map(|r| r.name)
            .collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn tables_are_strictly_sorted() {
        assert_eq!(ROLES.len(), 928);
        assert!(ROLES.is_sorted_by(|left, right| left.id < right.id));
        assert_eq!(DEFINITIONS.len(), 6);
        assert!(DEFINITIONS.is_sorted_by(|left, right| left.id < right.id));
        let name = |at: &u16| ROLES[usize::from(*at)].name.to_ascii_lowercase();
        assert_eq!(BY_NAME.len(), ROLES.len());
        assert!(BY_NAME.is_sorted_by(|left, right| name(left) < name(right)));
    }

    #[test]
    fn every_role_is_found_by_id_and_by_name() {
        for r in &ROLES {
            assert!(role(r.id) == Some(r), "{}", r.name);
            assert!(
                role_by_name(&r.name.to_ascii_uppercase()) == Some(r),
                "{}",
                r.name
            );
            assert_eq!(r.name.trim(), r.name);
        }
        assert!(role(Guid(0)).is_none());
        assert!(role_by_name("").is_none());
        assert!(role_by_name("Azure Digital Twins Owner (Preview)").is_none());
    }

    #[test]
    fn flags_are_those_of_the_source() {
        assert_eq!(names(|r| r.has_data).len(), 318);
        assert_eq!(
            names(|r| r.adt_data),
            [
                "Azure Digital Twins Data Owner",
                "Azure Digital Twins Data Reader"
            ]
        );
        assert_eq!(names(|r| r.adt_control_write), ["Contributor", "Owner"]);
        assert_eq!(
            names(|r| r.role_assignments_write == Unconditional),
            [
                "Owner",
                "Role Based Access Control Administrator",
                "User Access Administrator"
            ]
        );
        assert_eq!(names(|r| r.role_assignments_write == Conditional).len(), 25);
    }

    #[test]
    fn the_named_roles_are_defined_and_agree_with_the_table() {
        for id in [
            DATA_OWNER,
            DATA_READER,
            OWNER,
            CONTRIBUTOR,
            USER_ACCESS_ADMINISTRATOR,
            RBAC_ADMINISTRATOR,
        ] {
            let (short, full) = (role(id).unwrap(), definition(id).unwrap());
            assert_eq!(short.name, full.name);
            let has_data = full
                .permissions
                .iter()
                .any(|block| !block.data_actions.is_empty());
            assert_eq!(short.has_data, has_data, "{}", short.name);
            assert!(full.permissions.iter().all(|block| !block.conditional));
        }
        assert!(definition(Guid(0)).is_none());
    }
}
