//! Who is privileged, and by which document.
//!
//! A service principal is privileged when it holds, itself or through a group, one of three
//! rights, now and not merely as an eligible one:
//! - an application permission of Microsoft Graph that leads to full control of the tenant
//!   (`catalog::Permission::core`);
//! - a role of the directory that Microsoft marks as privileged, over the whole tenant;
//! - Owner, User Access Administrator or Role Based Access Control Administrator of a
//!   subscription, a management group or the root. The latter two under a condition, which limits
//!   whom they may give what, do not count.

use crate::catalog::{self, DirectoryRole, Permission, Reach, Role};
use crate::model::{Guid, Part};
use crate::rules::Words;
use crate::rules::role::hands_out_roles;
use crate::tenant::{
    AssignmentRow, At, DirectoryRoleRow, Level, PrincipalRow, ScopeId, Tenant, Truth,
};

/// A right that makes whoever holds it privileged.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Right {
    /// An application permission.
    Permission(&'static Permission),
    /// A role of the directory, over the whole tenant.
    Directory(&'static DirectoryRole),
    /// A role of Azure, at this scope.
    Azure(&'static Role, ScopeId),
}

impl Right {
    /// As a sentence calls it: `RoleManagement.ReadWrite.Directory`, `Global Administrator`,
    /// `Owner of the subscription`.
    pub fn called(self, tenant: &Tenant) -> String {
        match self {
            Right::Permission(permission) => permission.value.to_owned(),
            Right::Directory(role) => role.name.to_owned(),
            Right::Azure(role, scope) => {
                let level = tenant.rows.scopes.level(scope);
                format!("{} of {}", role.name, level.called())
            }
        }
    }

    /// What marks the row that proves it.
    pub fn label(self) -> &'static str {
        match self {
            Right::Permission(_) => "this permission was granted",
            Right::Directory(_) => "this role was assigned",
            Right::Azure(..) => "this Azure role was assigned",
        }
    }

    /// It is as good as being Global Administrator: every role, every credential, every
    /// application is within reach.
    pub fn is_tier_zero(self) -> bool {
        match self {
            Right::Permission(permission) => permission.core,
            Right::Directory(role) => role.reach == Reach::Everything,
            Right::Azure(..) => false,
        }
    }
}

/// A right, and the row that proves it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Privilege {
    pub right: Right,
    /// The app role assignment, directory role assignment or Azure role assignment.
    pub at: At,
    /// The group that holds it, when it is not the principal itself.
    pub through: Option<Guid>,
}

impl Privilege {
    /// Marks the row that proves it, and the group that passes it on.
    pub fn show(&self, tenant: &Tenant, say: &mut Words<'_>) {
        say.see(self.at, Part::Role, self.right.label());
        let group = self.through.and_then(|id| tenant.directory_object(id));
        if let Some(group) = group {
            say.see(group.at, Part::Object, "held through this group");
        }
    }
}

/// Every right that makes a service principal privileged, each once, in the order: permissions,
/// directory roles, Azure roles.
pub fn privileges(tenant: &Tenant, principal: Guid) -> Vec<Privilege> {
    let mut found: Vec<Privilege> = Vec::new();
    let mut add = |privilege: Privilege| {
        if !found.iter().any(|known| known.right == privilege.right) {
            found.push(privilege);
        }
    };
    for row in tenant.app_roles_of(principal) {
        if let Some(permission) = tenant.granted(row)
            && permission.core
        {
            add(Privilege {
                right: Right::Permission(permission),
                at: row.at,
                through: None,
            });
        }
    }
    directory_privileges(tenant, principal).for_each(&mut add);
    for (holder, through) in holders(tenant, principal) {
        for row in tenant.assignments_of(holder) {
            if let Some((role, scope)) = azure_role(tenant, &row) {
                add(Privilege {
                    right: Right::Azure(role, scope),
                    at: row.at,
                    through,
                });
            }
        }
    }
    found
}

/// The privileged roles of the directory that a principal holds over the whole tenant, itself or
/// through a group.
pub fn directory_privileges(
    tenant: &Tenant,
    principal: Guid,
) -> impl Iterator<Item = Privilege> + '_ {
    holders(tenant, principal).flat_map(move |(holder, through)| {
        tenant.directory_roles_of(holder).filter_map(move |row| {
            Some(Privilege {
                right: Right::Directory(directory_role(row)?),
                at: row.at,
                through,
            })
        })
    })
}

/// The principal, then the groups it is in.
fn holders(tenant: &Tenant, principal: Guid) -> impl Iterator<Item = (Guid, Option<Guid>)> + use<> {
    let groups = tenant.groups_of(principal);
    std::iter::once((principal, None)).chain(groups.into_iter().map(|id| (id, Some(id))))
}

/// The privileged role that an assignment gives over the whole tenant, now.
pub fn directory_role(row: &DirectoryRoleRow) -> Option<&'static DirectoryRole> {
    if !row.whole_tenant || !row.is_active() {
        return None;
    }
    catalog::privileged_directory_role(row.role)
}

/// The role and scope of an assignment that gives control of a subscription or more, now.
fn azure_role(tenant: &Tenant, row: &AssignmentRow) -> Option<(&'static Role, ScopeId)> {
    let broad = |scope| {
        matches!(
            tenant.rows.scopes.level(scope),
            Level::Root | Level::ManagementGroup | Level::Subscription
        )
    };
    if !hands_out_roles(tenant, row) || row.scope == ScopeId::NONE || !broad(row.scope) {
        return None;
    }
    Some((catalog::role(tenant.role_of(row))?, row.scope))
}

/// Where a client secret stands that is valid: at the service principal, or at its application.
pub fn valid_secret(tenant: &Tenant, principal: &PrincipalRow) -> Option<At> {
    if principal.held.secret.is_yes() {
        return Some(principal.at);
    }
    tenant
        .application(principal.app_id)
        .filter(|app| app.held.secret.is_yes())
        .map(|app| app.at)
}

/// Whether the application of a service principal is open to other tenants.
pub fn is_multi_tenant(tenant: &Tenant, principal: &PrincipalRow) -> bool {
    tenant
        .application(principal.app_id)
        .is_some_and(|app| app.single_tenant == Truth::No)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::roles::{OWNER, USER_ACCESS_ADMINISTRATOR};
    use crate::tenant::Harvest;
    use std::collections::{BTreeMap, BTreeSet};

    const PRINCIPAL: Guid = Guid(0x1d7c_5b0e);
    const GROUP: Guid = Guid(0x6f00);
    const GLOBAL_ADMINISTRATOR: Guid = Guid(0x62e90394_69f5_4237_9190_012177145e10);

    fn tenant(fill: impl FnOnce(&mut Harvest)) -> Tenant {
        let mut rows = Harvest::default();
        fill(&mut rows);
        Tenant::new(rows, BTreeMap::new(), BTreeSet::new())
    }

    fn assign(rows: &mut Harvest, role: Guid, scope: &str, bits: u8) {
        let (principal, role) = (rows.guids.add(PRINCIPAL), rows.guids.add(role));
        let scope = rows.scopes.add(scope);
        rows.assignments.push(AssignmentRow {
            at: At::default(),
            principal,
            role,
            scope,
            own: 0,
            principal_kind: Default::default(),
            schedule: Default::default(),
            bits,
        });
    }

    #[test]
    fn azure_roles_count_from_the_subscription_up() {
        for (role, scope, bits, want) in [
            (OWNER, "/subscriptions/s", 0, true),
            (OWNER, "/subscriptions/s/resourceGroups/rg", 0, false),
            (OWNER, "/", AssignmentRow::CONDITION, true),
            (OWNER, "/", AssignmentRow::INACTIVE, false),
            (USER_ACCESS_ADMINISTRATOR, "/", 0, true),
            (
                USER_ACCESS_ADMINISTRATOR,
                "/",
                AssignmentRow::CONDITION,
                false,
            ),
            (catalog::roles::CONTRIBUTOR, "/", 0, false),
        ] {
            let tenant = tenant(|rows| assign(rows, role, scope, bits));
            let found = privileges(&tenant, PRINCIPAL);
            assert_eq!(!found.is_empty(), want, "{role} {scope} {bits}");
        }
    }

    #[test]
    fn a_right_counts_once_and_through_groups() {
        let role = |principal| DirectoryRoleRow {
            principal,
            role: GLOBAL_ADMINISTRATOR,
            whole_tenant: true,
            ..DirectoryRoleRow::default()
        };
        let twice = tenant(|rows| rows.directory_roles = vec![role(PRINCIPAL), role(PRINCIPAL)]);
        assert_eq!(privileges(&twice, PRINCIPAL).len(), 1);

        let by_group = tenant(|rows| {
            rows.directory_roles = vec![role(GROUP)];
            rows.members.push(crate::tenant::LinkRow {
                whole: GROUP,
                part: PRINCIPAL,
                ..Default::default()
            });
        });
        let found = privileges(&by_group, PRINCIPAL);
        assert_eq!(found.first().and_then(|p| p.through), Some(GROUP));
        assert!(found[0].right.is_tier_zero());

        let over_a_part = tenant(|rows| {
            rows.directory_roles = vec![DirectoryRoleRow {
                whole_tenant: false,
                ..role(PRINCIPAL)
            }];
        });
        assert!(privileges(&over_a_part, PRINCIPAL).is_empty());
    }
}
