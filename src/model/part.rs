//! A part of an object by its meaning, for findings that join documents.
//!
//! The index of a tenant keeps ids, not places. A joined finding says *which thing* of an object
//! it speaks of; only when it is printed is the object read again and the place looked up.

use super::Guid;

/// A thing of an object that a finding can point at. Where an object lacks it, the place is the
/// object's id, or its first member.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The object itself, shown by its id or its first member.
    Object,
    /// The object id, or the resource id.
    Id,
    /// The client id.
    AppId,
    DisplayName,
    /// `servicePrincipalType`, `principalType`, the kind of a directory object.
    Type,
    /// `accountEnabled`, or a policy's switch.
    Enabled,
    /// `disabledByMicrosoftStatus` or `isDisabled`.
    Disabled,
    /// `deletedDateTime`
    Deleted,
    /// `appOwnerOrganizationId`
    OwnerTenant,
    /// `appRoleAssignmentRequired`
    AssignmentRequired,
    /// `signInAudience`
    Audience,
    /// `requiredResourceAccess` as a whole.
    RequiredAccess,
    /// The entry of a resource in `requiredResourceAccess`.
    Resource(Guid),
    /// One requested permission: resource and permission.
    Permission(Guid, Guid),
    /// A client secret or certificate, by its key id; the first of them for a nil id.
    Secret(Guid),
    Certificate(Guid),
    /// The client secret that ends last: valid, where any is.
    LatestSecret,
    /// The redirect URI (of an application or a service principal) with this
    /// [`mark`](crate::tenant::mark).
    Redirect(u64),
    /// An app role or scope that the object exposes, by its id.
    Exposed(Guid),
    /// The owner with this object id, inside what is owned.
    Owner(Guid),
    /// A grant's or assignment's client or principal.
    Principal,
    /// A grant's client.
    Client,
    /// A grant's or app role assignment's resource.
    ResourceId,
    /// A grant's scopes, an assignment's scope.
    Scope,
    /// `consentType`
    ConsentType,
    /// `roleDefinitionId`, `appRoleId`
    Role,
    Condition,
    /// The permission blocks of a role definition.
    Permissions,
    AssignableScopes,
    /// The federated credential with this [`federated_mark`](crate::tenant::federated_mark).
    Federated(u64),
    /// `provisioningState`
    State,
    HostName,
    /// `publicNetworkAccess`
    Network,
    /// The tenant an object names.
    Tenant,
    /// The last sign-in of an activity.
    LastSignIn,
    /// The restrictions of a policy.
    Restrictions,
}
