//! The retired format of applications (Azure AD Graph): its names, and telling it by them.

use crate::json::Value;
use crate::model::{Application, LegacyNames};

/// Legacy names and what each became (Microsoft Learn, "Azure AD Graph app manifest deprecation").
pub const LEGACY_NAMES: [(&str, &str); 18] = [
    (
        "accessTokenAcceptedVersion",
        "api.requestedAccessTokenVersion",
    ),
    ("acceptMappedClaims", "api.acceptMappedClaims"),
    ("allowPublicClient", "isFallbackPublicClient"),
    ("availableToOtherTenants", "signInAudience"),
    ("homepage", "web.homePageUrl"),
    ("informationalUrls", "info"),
    ("knownClientApplications", "api.knownClientApplications"),
    ("logoutUrl", "web.logoutUrl"),
    ("name", "displayName"),
    (
        "oauth2AllowIdTokenImplicitFlow",
        "web.implicitGrantSettings.enableIdTokenIssuance",
    ),
    (
        "oauth2AllowImplicitFlow",
        "web.implicitGrantSettings.enableAccessTokenIssuance",
    ),
    ("oauth2Permissions", "api.oauth2PermissionScopes"),
    ("objectId", "id"),
    ("preAuthorizedApplications", "api.preAuthorizedApplications"),
    ("publicClient", "isFallbackPublicClient"),
    (
        "replyUrls",
        "web.redirectUris, spa.redirectUris or publicClient.redirectUris",
    ),
    (
        "replyUrlsWithType",
        "web.redirectUris, spa.redirectUris or publicClient.redirectUris",
    ),
    ("signInUrl", "web.homePageUrl"),
];

/// Old names beside new containers do not make an old object: people paste fragments together.
pub(super) fn is_legacy(app: &Application<'_>, object: Value<'_>) -> bool {
    !app.public_redirects.is_unknown()
        && ["web", "spa", "api"]
            .iter()
            .all(|name| object.get(name).is_none())
}

/// The old names an object uses. A second walk, only for objects of the retired format.
pub(super) fn legacy_names<'r>(object: Value<'r>) -> LegacyNames<'r> {
    let mut found = LegacyNames {
        first: object.span(),
        used: Vec::new(),
    };
    for member in object.members() {
        if LEGACY_NAMES.iter().any(|(name, _)| member.is_named(name)) {
            if found.used.is_empty() {
                found.first = member.key.span();
            }
            found.used.push(member.name());
        }
    }
    found
}
