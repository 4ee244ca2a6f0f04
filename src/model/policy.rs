//! Policies of a tenant: who may consent, who answers requests, which credentials are allowed.

use super::{Date, Field, List, Span, Str, Text};

/// The tenant's authorization policy.
#[derive(Clone, Debug, Default)]
pub struct AuthorizationPolicy<'r> {
    /// The whole object.
    pub span: Span,
    pub id: Field<Str<'r>>,
    /// Policies by which users may consent:
    /// `defaultUserRolePermissions.permissionGrantPoliciesAssigned`, in older exports
    /// `permissionGrantPolicyIdsAssignedToDefaultUserRole`.
    pub permission_grant_policies: List<Text<'r>>,
    /// `defaultUserRolePermissions.allowedToCreateApps`.
    pub may_create_apps: Field<bool>,
    /// `guestUserRoleId`.
    pub guest_role: Field<Str<'r>>,
    /// `allowInvitesFrom`.
    pub invites_from: Field<Str<'r>>,
}

/// Somebody who answers requests for consent.
#[derive(Clone, Debug, Default)]
pub struct Reviewer<'r> {
    /// A Microsoft Graph query that names users, a group's members or a role's holders.
    pub query: Field<Str<'r>>,
}

/// The admin consent workflow (`adminConsentRequestPolicy`).
#[derive(Clone, Debug, Default)]
pub struct ConsentPolicy<'r> {
    /// The whole object.
    pub span: Span,
    pub id: Field<Str<'r>>,
    pub enabled: Field<bool>,
    pub reviewers: List<Reviewer<'r>>,
}

/// What a restriction is about.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum RestrictionOf {
    /// `passwordCredentials`
    #[default]
    Password,
    /// `keyCredentials`
    Key,
}

/// A restriction of an app management policy.
#[derive(Clone, Debug, Default)]
pub struct Restriction<'r> {
    pub span: Span,
    pub of: RestrictionOf,
    /// `restrictionType`: `passwordAddition`, `passwordLifetime`, `asymmetricKeyLifetime` …
    pub kind: Field<Str<'r>>,
    /// `enabled` or `disabled`.
    pub state: Field<Str<'r>>,
    /// `maxLifetime`, an ISO 8601 duration such as `P90D`.
    pub max_lifetime: Field<Str<'r>>,
    /// `restrictForAppsCreatedAfterDateTime`.
    pub created_after: Field<Date>,
}

/// An app management policy: the tenant's default, or one that is assigned to applications.
#[derive(Clone, Debug, Default)]
pub struct AppManagementPolicy<'r> {
    /// The whole object.
    pub span: Span,
    pub id: Field<Str<'r>>,
    pub name: Field<Str<'r>>,
    /// The tenant's default, which has restrictions of its own for service principals.
    pub default: bool,
    pub enabled: Field<bool>,
    /// Restrictions of applications.
    pub restrictions: Vec<Restriction<'r>>,
    /// Restrictions of service principals.
    pub service_principal_restrictions: Vec<Restriction<'r>>,
    /// Object ids of what it is assigned to, where the export expanded them.
    pub applies_to: List<Text<'r>>,
}
