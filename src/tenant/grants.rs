//! What the documents of a tenant tell together of permissions: whose they are, who has them, and
//! whether a missing grant is missing or only not exported.

use super::{AppRoleRow, ExposedRow, PrincipalRow, Tenant, Truth};
use crate::catalog::{self, GRAPH, Permission, is_microsofts_tenant};
use crate::model::{Guid, ObjectKind, PermissionKind};
use crate::tenant::{ApplicationRow, DirectoryKind};

/// What is found out once, when all rows are there.
#[derive(Copy, Clone, Debug, Default)]
pub(super) struct Facts {
    home: Option<Guid>,
    assigns_people: bool,
    lists_people: bool,
}

impl Facts {
    pub(super) fn of(tenant: &Tenant) -> Facts {
        let people = |row: &&super::DirectoryRow| row.itself && row.kind == DirectoryKind::User;
        Facts {
            home: home(tenant),
            assigns_people: tenant.rows.app_roles.iter().any(|row| {
                matches!(
                    row.principal_kind,
                    DirectoryKind::User | DirectoryKind::Group
                )
            }),
            // One user is what somebody looked up; a list has more.
            lists_people: tenant.is_complete(ObjectKind::DirectoryObject)
                && tenant.rows.directory.iter().filter(people).count() > 1,
        }
    }
}

/// See [`Tenant::home_tenant`].
fn home(tenant: &Tenant) -> Option<Guid> {
    let rows = &tenant.rows;
    let owners = rows
        .principals
        .iter()
        .filter(|row| tenant.application(row.app_id).is_some())
        .map(|row| row.owner_tenant);
    let own = rows.principals.iter().map(|row| row.tenant);
    let instances = rows.instances.iter().map(|row| row.tenant);
    let mut told = own
        .chain(instances)
        .chain(owners)
        .filter(|tenant| *tenant != Guid::NIL);
    let first = told.next()?;
    told.all(|tenant| tenant == first).then_some(first)
}

impl Tenant {
    /// The tenant that the input was exported from, where its documents agree on one: what a
    /// service principal or an instance says of its own tenant, and the owner tenant of service
    /// principals whose application is in the export, for an application is only in the tenant it
    /// is registered in.
    pub fn home_tenant(&self) -> Option<Guid> {
        self.facts.home
    }

    /// Every document of the application with this client id: more than one when it was exported
    /// again.
    pub fn applications_of(&self, app_id: Guid) -> impl Iterator<Item = &ApplicationRow> {
        self.applications_by_app_id
            .rows(app_id)
            .filter_map(|row| self.rows.applications.get(row))
    }

    /// The permission with this id and kind that a service principal exposes.
    pub fn exposes(
        &self,
        principal: &PrincipalRow,
        id: Guid,
        kind: PermissionKind,
    ) -> Option<&ExposedRow> {
        let all = self.exposed(principal);
        let at = all.partition_point(|row| (row.id, row.kind) < (id, kind));
        all.get(at).filter(|row| (row.id, row.kind) == (id, kind))
    }

    /// What tokens and grants call a permission: what the resource's own service principal says,
    /// else the catalogue.
    pub fn permission_value(&self, resource: Guid, id: Guid, kind: PermissionKind) -> Option<&str> {
        self.principals_of(resource)
            .find_map(|principal| self.exposes(principal, id, kind))
            .map(|row| self.text(row.value))
            .filter(|value| !value.is_empty())
            .or_else(|| catalog::permission(resource, id, kind).map(|known| known.value))
    }

    /// The application permission that an app role assignment grants, as far as it is known. Where
    /// the input lacks the resource's service principal, Microsoft Graph's ids still tell: they are
    /// random, and an API of one's own does not have them.
    pub fn granted(&self, row: &AppRoleRow) -> Option<&'static Permission> {
        let resource = self
            .principal(row.resource)
            .map_or(GRAPH, |resource| resource.app_id);
        catalog::permission(resource, row.role, PermissionKind::Role)
    }

    /// Whether the input shows every delegated grant to a client. A list in which all grants are
    /// another client's may be that client's own (`az ad app permission list-grants`).
    pub fn knows_grants_of(&self, client: Guid) -> bool {
        let whose = self.grants_by_client.only_key();
        self.is_complete(ObjectKind::DelegatedGrant) && whose.is_none_or(|only| only == client)
    }

    /// Whether the input shows every app role that a principal was assigned of a resource. A list
    /// in which all are another's may be that principal's, or that resource's, own.
    pub fn knows_app_roles(&self, principal: Guid, resource: Guid) -> bool {
        let whose = self.app_roles_by_principal.only_key();
        let whereof = self.app_roles_by_resource.only_key();
        self.is_complete(ObjectKind::AppRoleAssignment)
            && match whose {
                Some(only) => only == principal,
                None => whereof.is_none_or(|only| only == resource),
            }
    }

    /// Whether the app role assignments show people and groups too: a list that was made from the
    /// side of service principals does not.
    pub fn shows_assigned_people(&self) -> bool {
        self.facts.assigns_people
    }

    /// Whether the input has the whole list of users.
    pub fn knows_people(&self) -> bool {
        self.facts.lists_people
    }

    /// Whether an application is certainly one of this tenant's own, or certainly not. In
    /// Microsoft's own tenants, which share its applications, nothing is certain.
    pub fn is_own(&self, principal: &PrincipalRow) -> Truth {
        match self.home_tenant() {
            Some(home) if principal.owner_tenant != Guid::NIL && !is_microsofts_tenant(home) => {
                Truth::from(principal.owner_tenant == home)
            }
            _ => Truth::Unknown,
        }
    }
}
