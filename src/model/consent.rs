//! What applications were granted: delegated permissions and application roles.

use super::{Date, Field, Span, Str};

/// A delegated permission grant (`oauth2PermissionGrant`): what a client may do in the name of
/// one user or of all.
#[derive(Clone, Debug, Default)]
pub struct DelegatedGrant<'r> {
    /// The whole object.
    pub span: Span,
    pub id: Field<Str<'r>>,
    /// `clientId`: the object id (not the client id) of the client's service principal.
    pub client: Field<Str<'r>>,
    /// `resourceId`: the object id of the API's service principal.
    pub resource: Field<Str<'r>>,
    /// `principalId`: the user, where the consent is one user's.
    pub principal: Field<Str<'r>>,
    /// `consentType`: `AllPrincipals` or `Principal`.
    pub consent_type: Field<Str<'r>>,
    /// Values of permissions between blanks, which may lead and trail.
    pub scope: Field<Str<'r>>,
}

/// An application role that a user, a group or a service principal was assigned
/// (`appRoleAssignment`).
#[derive(Clone, Debug, Default)]
pub struct AppRoleAssignment<'r> {
    /// The whole object.
    pub span: Span,
    pub id: Field<Str<'r>>,
    /// `appRoleId`; all zeros is default access.
    pub role: Field<Str<'r>>,
    pub principal: Field<Str<'r>>,
    /// `User`, `Group` or `ServicePrincipal`.
    pub principal_type: Field<Str<'r>>,
    pub principal_name: Field<Str<'r>>,
    /// `resourceId`: the object id of the API's service principal.
    pub resource: Field<Str<'r>>,
    pub resource_name: Field<Str<'r>>,
    pub created: Field<Date>,
    pub deleted: Field<Date>,
}
