//! How much an app registration may hold.
//!
//! Sources, all Microsoft Learn, gathered in August 2026:
//! - "Validation differences by supported account types (signInAudience)", of March 2023;
//! - "Redirect URI (reply URL) restrictions and limitations", of June 2024;
//! - "Understand the app manifest (Microsoft Graph format)", of September 2024;
//! - "Important considerations and restrictions for federated identity credentials".
//!
//! Lengths are in characters. "No limit" in the first of them still means about 1,000
//! entries over all collections, see [`COLLECTION_ENTRIES_WARN`].

/// Entries in all collections of one application object together. "Understand the app
/// manifest" says 1,200; "Validation differences" says about 1,000, see
/// [`COLLECTION_ENTRIES_WARN`].
pub const COLLECTION_ENTRIES: usize = 1200;
/// The lower of the two published totals of entries, "about 1000": above it an
/// application may already be refused.
pub const COLLECTION_ENTRIES_WARN: usize = 1000;

/// Characters of one redirect URI ("Redirect URI (reply URL) restrictions and limitations").
pub const REDIRECT_URI_LENGTH: usize = 256;
/// Characters of the front-channel logout URL ("Validation differences").
pub const LOGOUT_URL_LENGTH: usize = 255;
/// Characters of one tag, at least ("Validation differences"). Tags have no white space
/// and no duplicates; their number is not limited.
pub const TAG_LENGTH_MIN: usize = 1;
/// Characters of one tag, at most ("Validation differences").
pub const TAG_LENGTH: usize = 256;

/// Federated identity credentials of one application or user-assigned managed identity.
pub const FEDERATED_CREDENTIALS: usize = 20;
/// Characters of a federated credential's name, at least.
pub const FEDERATED_NAME_LENGTH_MIN: usize = 3;
/// Characters of a federated credential's name, at most.
pub const FEDERATED_NAME_LENGTH: usize = 120;
/// Characters of issuer, subject, description and one audience of a federated credential.
pub const FEDERATED_FIELD_LENGTH: usize = 600;

/// The limits that depend on who may sign in. `None` means no limit of its own.
/// All but the redirect URIs are from "Validation differences by supported account types".
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct AudienceLimits {
    /// Identifier URIs (Application ID URIs).
    pub identifier_uris: Option<usize>,
    /// Characters of one identifier URI.
    pub identifier_uri_length: usize,
    /// Whether an identifier URI may have the scheme `urn`.
    pub identifier_uri_urn: bool,
    /// Whether an identifier URI may have a query or a fragment. Wildcards never.
    pub identifier_uri_query: bool,
    /// Client secrets (`passwordCredentials`).
    pub password_credentials: Option<usize>,
    /// Redirect URIs over all platforms ("Redirect URI (reply URL) restrictions and limitations").
    pub redirect_uris: usize,
    /// Resources in `requiredResourceAccess`.
    pub required_resources: usize,
    /// Resources of other tenants in `requiredResourceAccess`.
    pub required_foreign_resources: usize,
    /// Permissions in `requiredResourceAccess`, over all resources.
    pub required_permissions: usize,
    /// Permissions of one resource in `requiredResourceAccess`.
    pub required_permissions_per_resource: Option<usize>,
    /// Scopes that the application exposes (`oauth2PermissionScopes`).
    pub scopes: Option<usize>,
    /// Characters of an exposed scope's value.
    pub scope_name_length: usize,
    /// `preAuthorizedApplications` in total; the page does not say what it counts.
    pub preauthorized_total: Option<usize>,
    /// Clients in `preAuthorizedApplications`.
    pub preauthorized_clients: Option<usize>,
    /// Scopes of one client in `preAuthorizedApplications`.
    pub preauthorized_scopes_per_client: Option<usize>,
    /// Whether the application may expose `appRoles`.
    pub app_roles: bool,
    /// Whether wildcards in the front-channel logout URL are left unmentioned (`true`) or
    /// forbidden (`false`). It must be https for every audience.
    pub logout_url_wildcards: bool,
    /// Characters of the display name.
    pub display_name_length: usize,
    /// Whether the application can be used in national clouds.
    pub national_clouds: bool,
}

/// `AzureADMyOrg` and `AzureADMultipleOrgs`: work and school accounts.
pub const WORK_OR_SCHOOL: AudienceLimits = AudienceLimits {
    identifier_uris: None,
    identifier_uri_length: 255,
    identifier_uri_urn: true,
    identifier_uri_query: true,
    password_credentials: None,
    redirect_uris: 256,
    required_resources: 50,
    required_foreign_resources: 10,
    required_permissions: 400,
    required_permissions_per_resource: None,
    scopes: None,
    scope_name_length: 120,
    preauthorized_total: None,
    preauthorized_clients: None,
    preauthorized_scopes_per_client: None,
    app_roles: true,
    logout_url_wildcards: true,
    display_name_length: 120,
    national_clouds: true,
};

/// `AzureADandPersonalMicrosoftAccount` and `PersonalMicrosoftAccount`.
pub const WITH_PERSONAL_ACCOUNTS: AudienceLimits = AudienceLimits {
    identifier_uris: Some(50),
    identifier_uri_length: 120,
    identifier_uri_urn: false,
    identifier_uri_query: false,
    password_credentials: Some(2),
    redirect_uris: 100,
    required_resources: 50,
    required_foreign_resources: 10,
    required_permissions: 200,
    required_permissions_per_resource: Some(30),
    scopes: Some(100),
    scope_name_length: 40,
    preauthorized_total: Some(500),
    preauthorized_clients: Some(100),
    preauthorized_scopes_per_client: Some(30),
    app_roles: false,
    logout_url_wildcards: false,
    display_name_length: 90,
    national_clouds: false,
};

/// The limits for an application that personal Microsoft accounts can, or cannot, sign in to.
pub const fn for_audience(personal_accounts: bool) -> &'static AudienceLimits {
    if personal_accounts {
        &WITH_PERSONAL_ACCOUNTS
    } else {
        &WORK_OR_SCHOOL
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn personal_accounts_are_never_allowed_more() {
        let (work, personal) = (for_audience(false), for_audience(true));
        assert!(personal.redirect_uris < work.redirect_uris);
        assert!(personal.required_permissions < work.required_permissions);
        assert!(personal.identifier_uri_length < work.identifier_uri_length);
        assert!(personal.scope_name_length < work.scope_name_length);
        assert!(personal.display_name_length < work.display_name_length);
        assert_eq!(work.required_resources, personal.required_resources);
        assert!(work.password_credentials.is_none() && personal.password_credentials == Some(2));
    }
}
