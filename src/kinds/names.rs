//! Names of properties: each is told once, by a number, whatever its case.
//!
//! Every member of every object passes here. A name's mark (its length, first and last eight
//! bytes, in lower case) finds the one known name it can be; only then are letters compared.

use crate::json::Member;

/// A summary of a name that is equal for names equal but for ASCII case.
pub const fn mark(name: &[u8]) -> u64 {
    let (head, tail) = if name.len() <= 8 {
        (word(name, 0, name.len()), 0)
    } else {
        (word(name, 0, 8), word(name, name.len() - 8, 8))
    };
    (head ^ tail.rotate_left(29) ^ (name.len() as u64) << 56).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// Up to eight bytes as a number, in what is lower case for letters.
const fn word(name: &[u8], from: usize, length: usize) -> u64 {
    const FOLD: u64 = 0x2020_2020_2020_2020;
    if length == 8 {
        // One load.
        let eight = [
            name[from],
            name[from + 1],
            name[from + 2],
            name[from + 3],
            name[from + 4],
            name[from + 5],
            name[from + 6],
            name[from + 7],
        ];
        return u64::from_le_bytes(eight) | FOLD;
    }
    let mut word = 0;
    let mut at = 0;
    while at < length {
        word |= (name[from + at] as u64) << (8 * at);
        at += 1;
    }
    word | FOLD
}

/// The mark of a member's name, escapes decoded.
pub fn mark_of(member: &Member<'_>) -> u64 {
    if member.key.is_escaped() {
        mark(member.name().as_bytes())
    } else {
        mark(member.key.inner_raw().as_bytes())
    }
}

macro_rules! names {
    ($($name:ident = $text:literal,)*) => {
        /// A property that some format has and that is read here.
        #[derive(Copy, Clone, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Name {
            $($name,)*
            /// Any other.
            Other,
        }

        impl Name {
            /// The known name that a member bears, whatever its case.
            #[allow(non_upper_case_globals, reason = "the names are the properties' own")]
            pub fn of(member: &Member<'_>) -> Name {
                $(const $name: u64 = mark($text.as_bytes());)*
                let (name, text) = match mark_of(member) {
                    $($name => (Name::$name, $text),)*
                    _ => return Name::Other,
                };
                if member.is_named(text) { name } else { Name::Other }
            }

            /// All names, with their usual spelling.
            #[cfg(test)]
            const ALL: &[(Name, &str)] = &[$((Name::$name, $text),)*];
        }
    };
}

names! {
    AcceptMappedClaims = "acceptMappedClaims",
    AccessTokenAcceptedVersion = "accessTokenAcceptedVersion",
    Actions = "actions",
    AddIns = "addIns",
    AllProperties = "allProperties",
    AllowPublicClient = "allowPublicClient",
    AllowedMemberType = "allowedMemberType",
    AllowedMemberTypes = "allowedMemberTypes",
    Api = "api",
    AppId = "appId",
    AppOwnerOrganizationId = "appOwnerOrganizationId",
    AppOwnerTenantId = "appOwnerTenantId",
    AppRole = "appRole",
    AppRoleId = "appRoleId",
    AppRoles = "appRoles",
    ApplicationId = "applicationId",
    AssignableScopes = "assignableScopes",
    Audience = "audience",
    Audiences = "audiences",
    AvailableToOtherTenants = "availableToOtherTenants",
    ClientId = "clientId",
    ClientSecret = "clientSecret",
    ConsentType = "consentType",
    CreatedDateTime = "createdDateTime",
    CredentialsWithUsageSign = "credentialsWithUsageSign",
    CredentialsWithUsageVerify = "credentialsWithUsageVerify",
    CustomKeyIdentifier = "customKeyIdentifier",
    DataActions = "dataActions",
    DefaultUserRolePermissions = "defaultUserRolePermissions",
    DelegatedPermissionId = "delegatedPermissionId",
    DelegatedPermissionIds = "delegatedPermissionIds",
    DeletedDateTime = "deletedDateTime",
    DeletionTimestamp = "deletionTimestamp",
    DirectoryScopeId = "directoryScopeId",
    DisabledByMicrosoftStatus = "disabledByMicrosoftStatus",
    DisplayName = "displayName",
    EnableAccessTokenIssuance = "enableAccessTokenIssuance",
    EnableIdTokenIssuance = "enableIdTokenIssuance",
    EndDate = "endDate",
    EndDateTime = "endDateTime",
    Error = "error",
    FederatedIdentityCredentials = "federatedIdentityCredentials",
    FormatVersion = "format_version",
    GroupMembershipClaims = "groupMembershipClaims",
    HomePageUrl = "homePageUrl",
    Homepage = "homepage",
    HostName = "hostName",
    Id = "id",
    IdentifierUri = "identifierUri",
    IdentifierUris = "identifierUris",
    ImplicitGrantSetting = "implicitGrantSetting",
    ImplicitGrantSettings = "implicitGrantSettings",
    Info = "info",
    InformationalUrls = "informationalUrls",
    IsDisabled = "isDisabled",
    IsEnabled = "isEnabled",
    IsFallbackPublicClient = "isFallbackPublicClient",
    Issuer = "issuer",
    KeyCredentials = "keyCredentials",
    KeyId = "keyId",
    KnownClientApplication = "knownClientApplication",
    KnownClientApplications = "knownClientApplications",
    Lineage = "lineage",
    LogoutUrl = "logoutUrl",
    Name = "name",
    NativeAuthenticationApisEnabled = "nativeAuthenticationApisEnabled",
    NotifyReviewers = "notifyReviewers",
    ODataType = "@odata.type",
    ODataTypeOld = "odata.type",
    Oauth2AllowIdTokenImplicitFlow = "oauth2AllowIdTokenImplicitFlow",
    Oauth2AllowImplicitFlow = "oauth2AllowImplicitFlow",
    Oauth2PermissionScope = "oauth2PermissionScope",
    Oauth2PermissionScopes = "oauth2PermissionScopes",
    Oauth2Permissions = "oauth2Permissions",
    ObjectId = "objectId",
    ObjectType = "objectType",
    OptionalClaim = "optionalClaim",
    OptionalClaims = "optionalClaims",
    Password = "password",
    PasswordCredentials = "passwordCredentials",
    PermissionIds = "permissionIds",
    Permissions = "permissions",
    PlannedValues = "planned_values",
    PreAuthorizedApplication = "preAuthorizedApplication",
    PreAuthorizedApplications = "preAuthorizedApplications",
    PrincipalId = "principalId",
    PriorState = "prior_state",
    Properties = "properties",
    PublicClient = "publicClient",
    PublisherDomain = "publisherDomain",
    RedirectUri = "redirectUri",
    RedirectUris = "redirectUris",
    ReplyUrls = "replyUrls",
    ReplyUrlsWithType = "replyUrlsWithType",
    RequestedAccessTokenVersion = "requestedAccessTokenVersion",
    RequiredResourceAccess = "requiredResourceAccess",
    ResourceAccess = "resourceAccess",
    ResourceAppId = "resourceAppId",
    ResourceChanges = "resource_changes",
    ResourceId = "resourceId",
    Resources = "resources",
    RoleAssignmentId = "roleAssignmentId",
    RoleDefinitionId = "roleDefinitionId",
    RoleDefinitionName = "roleDefinitionName",
    RoleName = "roleName",
    Schema = "$schema",
    Scope = "scope",
    ServicePrincipalLockConfiguration = "servicePrincipalLockConfiguration",
    ServicePrincipalName = "servicePrincipalName",
    ServicePrincipalNames = "servicePrincipalNames",
    ServicePrincipalType = "servicePrincipalType",
    SignInAudience = "signInAudience",
    SignInUrl = "signInUrl",
    Spa = "spa",
    StartDate = "startDate",
    StartDateTime = "startDateTime",
    Tag = "tag",
    Tags = "tags",
    Tenant = "tenant",
    TenantId = "tenantId",
    TerraformVersion = "terraform_version",
    TokenEncryptionKeyId = "tokenEncryptionKeyId",
    Type = "type",
    Url = "url",
    Usage = "usage",
    UserPrincipalName = "userPrincipalName",
    Value = "value",
    Values = "values",
    VerifiedPublisher = "verifiedPublisher",
    VerifiedPublisherId = "verifiedPublisherId",
    Web = "web",
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Tape, read::parse};

    fn name_of(text: &str) -> Name {
        let json = format!("{{\"{text}\": 1}}");
        let mut tape = Tape::default();
        parse(&json, 0, &mut tape).expect("JSON");
        Name::of(&tape.root(&json).members().next().expect("a member"))
    }

    #[test]
    fn every_name_in_any_case_and_nothing_else() {
        for (name, text) in Name::ALL {
            for spelling in [
                (*text).to_owned(),
                text.to_uppercase(),
                text.to_lowercase(),
                text.replacen('i', "\\u0069", 1),
            ] {
                assert_eq!(name_of(&spelling), *name, "{spelling}");
            }
        }
        // Equal in length, head and tail, so equal in mark.
        assert_eq!(name_of("passwordXXXdentials"), Name::Other);
        assert_eq!(name_of(""), Name::Other);
    }
}
