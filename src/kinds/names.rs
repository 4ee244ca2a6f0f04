//! Names of properties: each is told once, by a number, whatever its case.
//!
//! Every member of every object passes here. A name's mark (its length, first and last eight
//! bytes, in lower case) finds the one known name it can be; only then are letters compared.

use crate::json::Member;

/// A name's first and last eight bytes in what is lower case for letters, and its length: all of
/// it for names up to sixteen bytes.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    head: u64,
    tail: u64,
    length: usize,
}

impl Mark {
    const fn of_bytes(name: &[u8]) -> Mark {
        const FOLD: u64 = 0x2020_2020_2020_2020;
        let (head, tail) = match (name.first_chunk::<8>(), name.last_chunk::<8>()) {
            (Some(head), Some(tail)) => (u64::from_le_bytes(*head), u64::from_le_bytes(*tail)),
            _ => match (name.first_chunk::<4>(), name.last_chunk::<4>()) {
                (Some(head), Some(tail)) => (
                    u32::from_le_bytes(*head) as u64,
                    u32::from_le_bytes(*tail) as u64,
                ),
                _ => match name {
                    [] => (0, 0),
                    [a] => (*a as u64, 0),
                    [a, b] => (*a as u64, *b as u64),
                    [a, b, c, ..] => (*a as u64 | (*b as u64) << 8, *c as u64),
                },
            },
        };
        Mark {
            head: head | FOLD,
            tail: tail | FOLD,
            length: name.len(),
        }
    }

    /// The mark of a member's name, escapes decoded.
    pub fn of(member: &Member<'_>) -> Mark {
        if member.key.is_escaped() {
            Mark::of_bytes(member.name().as_bytes())
        } else {
            Mark::of_bytes(member.key.inner_raw().as_bytes())
        }
    }

    /// A number that is equal for equal marks, and rarely for others.
    pub const fn summary(self) -> u64 {
        (self.head ^ self.tail.rotate_left(29) ^ (self.length as u64) << 56)
            .wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }

    /// Whether a member with this mark bears `text`, which has the mark `other`.
    fn names(self, member: &Member<'_>, text: &str, other: Mark) -> bool {
        const WHOLE: usize = 16;
        self == other && (self.length <= WHOLE && !member.key.is_escaped() || member.is_named(text))
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
                $(const $name: u64 = Mark::of_bytes($text.as_bytes()).summary();)*
                let mark = Mark::of(member);
                let (name, text, known) = match mark.summary() {
                    $($name => (Name::$name, $text, const { Mark::of_bytes($text.as_bytes()) }),)*
                    _ => return Name::Other,
                };
                if mark.names(member, text, known) { name } else { Name::Other }
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
    ClaimsMatchingExpression = "claimsMatchingExpression",
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
    Description = "description",
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
    LanguageVersion = "languageVersion",
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
    Subject = "subject",
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
