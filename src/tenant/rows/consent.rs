//! What was granted to clients, for users and for themselves.

use super::{At, DirectoryKind};
use crate::model::Guid;

/// For whom a delegated grant was given.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConsentType {
    AllPrincipals,
    Principal,
    #[default]
    Unknown,
}

/// An oauth2PermissionGrant.
#[derive(Copy, Clone, Debug, Default)]
pub struct GrantRow {
    pub at: At,
    /// The client's service principal, by object id.
    pub client: Guid,
    /// The resource's service principal, by object id.
    pub resource: Guid,
    /// The user, for [`ConsentType::Principal`].
    pub principal: Guid,
    pub consent: ConsentType,
    /// Number of the scopes' text, as granted.
    pub scope: u32,
}

/// An appRoleAssignment.
#[derive(Copy, Clone, Debug, Default)]
pub struct AppRoleRow {
    pub at: At,
    /// Nil is "default access".
    pub role: Guid,
    pub principal: Guid,
    pub resource: Guid,
    pub principal_kind: DirectoryKind,
}
