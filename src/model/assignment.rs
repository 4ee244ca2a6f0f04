//! Azure role assignments and deny assignments: who may, or may not, do what at which scope.

use super::{Date, Field, Guid, List, PermissionBlock, Span, Str};

/// How an assignment stands to Privileged Identity Management. Only `Eligible` and `Request` give
/// nobody anything by themselves.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum Schedule {
    /// An ordinary assignment, no row of a schedule.
    #[default]
    None,
    /// Active, assigned through a schedule.
    Assigned,
    /// Active because somebody activated an eligible role; ends by itself.
    Activated,
    /// May be activated.
    Eligible,
    /// Somebody asked for it.
    Request,
}

/// An Azure role assignment, or a row of a schedule of them.
#[derive(Clone, Debug, Default)]
pub struct RoleAssignment<'r> {
    /// The whole object.
    pub span: Span,
    /// The assignment's resource id.
    pub id: Field<Str<'r>>,
    pub principal: Field<Str<'r>>,
    /// `User`, `Group`, `ServicePrincipal`, `ForeignGroup`, `Device`; `Unknown` where deleted.
    pub principal_type: Field<Str<'r>>,
    /// A user principal name, a service principal's first name, or a display name.
    pub principal_name: Field<Str<'r>>,
    /// `roleDefinitionId` with whatever prefix; see [`RoleAssignment::role_guid`].
    pub role: Field<Str<'r>>,
    pub role_name: Field<Str<'r>>,
    pub scope: Field<Str<'r>>,
    /// The ABAC condition.
    pub condition: Field<Str<'r>>,
    pub condition_version: Field<Str<'r>>,
    pub created: Field<Date>,
    /// `delegatedManagedIdentityResourceId`.
    pub delegated_identity: Field<Str<'r>>,
    pub schedule: Schedule,
    /// Schedules: `endDateTime`; null is no end.
    pub ends: Field<Date>,
    /// Schedules: `Provisioned`, `Accepted`, `Revoked` and others.
    pub status: Field<Str<'r>>,
    /// Schedules: `Direct`, `Inherited` or `Group`.
    pub member_type: Field<Str<'r>>,
}

impl RoleAssignment<'_> {
    /// The role's GUID: the last one in its id, which may bear any prefix or none.
    pub fn role_guid(&self) -> Option<Guid> {
        Guid::last_in(self.role.value()?)
    }

    /// A classic administrator, whom old versions of `az role assignment list` print as a row
    /// with `NA(classic admins)` for an id. No such role exists any more.
    pub fn is_classic(&self) -> bool {
        [&self.id, &self.role].into_iter().any(|field| {
            field
                .value()
                .and_then(|text| text.get(..11))
                .is_some_and(|start| start.eq_ignore_ascii_case("NA(classic "))
        })
    }
}

/// Whom a deny assignment is for, or not for.
#[derive(Clone, Debug, Default)]
pub struct DenyPrincipal<'r> {
    /// All zeros is everyone.
    pub id: Field<Str<'r>>,
    /// `User`, `Group`, `ServicePrincipal`; `SystemDefined` for everyone.
    pub kind: Field<Str<'r>>,
}

/// An Azure deny assignment: made by Azure (managed applications, deployment stacks), never by
/// hand.
#[derive(Clone, Debug, Default)]
pub struct DenyAssignment<'r> {
    /// The whole object.
    pub span: Span,
    pub id: Field<Str<'r>>,
    /// `denyAssignmentName`.
    pub name: Field<Str<'r>>,
    pub scope: Field<Str<'r>>,
    /// What it denies.
    pub blocks: Vec<PermissionBlock<'r>>,
    pub principals: List<DenyPrincipal<'r>>,
    pub excluded: List<DenyPrincipal<'r>>,
    /// `doNotApplyToChildScopes`.
    pub not_child_scopes: Field<bool>,
    /// `isSystemProtected`.
    pub system: Field<bool>,
}
