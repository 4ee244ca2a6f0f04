//! Names of properties: each is told once, by a number, whatever its case.
//!
//! Every member of every object passes here, while it is read. A name's mark (its length, first
//! and last eight bytes, in lower case) finds the one known name it can be; only then are letters
//! compared.

use super::node::{Member, Value};
use super::spelling::Spelling;

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
        Mark::of_key(member.key)
    }

    /// The same, by the name.
    pub(super) fn of_key(key: Value<'_>) -> Mark {
        if key.is_escaped() {
            Mark::of_bytes(key.decoded().as_bytes())
        } else {
            Mark::of_bytes(key.inner_raw().as_bytes())
        }
    }

    /// A number that is equal for equal marks, and rarely for others.
    pub const fn summary(self) -> u64 {
        (self.head ^ self.tail.rotate_left(29) ^ (self.length as u64) << 56)
            .wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }

    /// Whether a name with this mark is that known one.
    fn is(self, name: &[u8], known: &Known) -> bool {
        const WHOLE: usize = 16;
        self == known.mark
            && (self.length <= WHOLE
                // Nearly always in the usual case, which is told sooner.
                || name == known.text.as_bytes()
                || name.eq_ignore_ascii_case(known.text.as_bytes()))
    }
}

/// A name that is read here, with its usual spelling.
pub(super) struct Known {
    pub text: &'static str,
    mark: Mark,
}

/// Slots of the table of names, of which an eighth is taken: one look tells nearly any name.
const SLOTS: usize = 2048;

impl Mark {
    /// Where in the table to begin to look.
    const fn slot(self) -> usize {
        (self.summary() >> 53) as usize
    }
}

/// The slots: 0 is free, other numbers are places in `known`, counted from 1.
const fn slots(known: &[Known]) -> [u16; SLOTS] {
    let mut slots = [0; SLOTS];
    let mut at = 0;
    while at < known.len() {
        let mut slot = known[at].mark.slot();
        while slots[slot] != 0 {
            slot = (slot + 1) % SLOTS;
        }
        at += 1;
        slots[slot] = at as u16;
    }
    slots
}

static TABLE: [u16; SLOTS] = slots(Name::KNOWN);

impl Name {
    /// The known name that a member bears, whatever its case.
    pub fn of(member: &Member<'_>) -> Name {
        usize::from(member.key.node().count)
            .checked_sub(1)
            .and_then(|at| Name::ALL.get(at).copied())
            .unwrap_or(Name::Other)
    }

    /// The number under which the reader notes a name: the place of the known name it is, from 1;
    /// 0 for any other.
    pub(super) fn number_of(name: &[u8]) -> u16 {
        let mark = Mark::of_bytes(name);
        let mut slot = mark.slot();
        loop {
            let number = TABLE[slot];
            match usize::from(number)
                .checked_sub(1)
                .and_then(|at| Name::KNOWN.get(at))
            {
                None => return 0,
                Some(known) if mark.is(name, known) => return number,
                Some(_) => slot = (slot + 1) % SLOTS,
            }
        }
    }
}

macro_rules! names {
    ($($name:ident = $text:literal,)*) => {
        /// A property that some format has: those that are read here, and those that nearly
        /// every record has.
        #[derive(Copy, Clone, Debug, PartialEq, Eq)]
        #[repr(u16)]
        pub enum Name {
            $($name,)*
            /// Any other.
            Other,
        }

        impl Name {
            const ALL: &'static [Name] = &[$(Name::$name),*];

            /// How many there are: the number of each, as `u16`, is below.
            pub const COUNT: usize = Name::ALL.len();

            /// By the place of a name, as [`Name::number_of`] counts less one.
            pub(super) const SPELLINGS: &'static [Spelling] = &[$(Spelling::of($text),)*];

            pub(super) const KNOWN: &'static [Known] = &[$(Known {
                text: $text,
                mark: Mark::of_bytes($text.as_bytes()),
            },)*];
        }
    };
}

names! {
    AcceptMappedClaims = "acceptMappedClaims",
    AccessToken = "accessToken",
    AccessTokenAcceptedVersion = "accessTokenAcceptedVersion",
    AccountEnabled = "accountEnabled",
    Action = "action",
    Actions = "actions",
    AddIns = "addIns",
    AddedDateTime = "addedDateTime",
    AdditionalProperties = "additionalProperties",
    AdminConsentDescription = "adminConsentDescription",
    AdminConsentDisplayName = "adminConsentDisplayName",
    AllProperties = "allProperties",
    AllowInvitesFrom = "allowInvitesFrom",
    AllowPublicClient = "allowPublicClient",
    AllowedMemberType = "allowedMemberType",
    AllowedMemberTypes = "allowedMemberTypes",
    AllowedToCreateApps = "allowedToCreateApps",
    AlternativeName = "alternativeName",
    AlternativeNames = "alternativeNames",
    Api = "api",
    AppDescription = "appDescription",
    AppDisplayName = "appDisplayName",
    AppId = "appId",
    AppOwnerOrganizationId = "appOwnerOrganizationId",
    AppOwnerTenantId = "appOwnerTenantId",
    AppRole = "appRole",
    AppRoleAssignmentRequired = "appRoleAssignmentRequired",
    AppRoleId = "appRoleId",
    AppRoles = "appRoles",
    AppScopeId = "appScopeId",
    ApplicationAuthenticationClientSignInActivity = "applicationAuthenticationClientSignInActivity",
    ApplicationAuthenticationResourceSignInActivity = "applicationAuthenticationResourceSignInActivity",
    ApplicationId = "applicationId",
    ApplicationRestrictions = "applicationRestrictions",
    ApplicationTemplateId = "applicationTemplateId",
    AppliesTo = "appliesTo",
    AssignableScopes = "assignableScopes",
    AssignmentType = "assignmentType",
    Audience = "audience",
    Audiences = "audiences",
    AvailableToOtherTenants = "availableToOtherTenants",
    Certification = "certification",
    ClaimsMatchingExpression = "claimsMatchingExpression",
    ClientId = "clientId",
    ClientSecret = "clientSecret",
    Condition = "condition",
    ConditionVersion = "conditionVersion",
    ConsentType = "consentType",
    CountriesBlockedForMinors = "countriesBlockedForMinors",
    CreatedBy = "createdBy",
    CreatedByAppId = "createdByAppId",
    CreatedDateTime = "createdDateTime",
    CreatedOn = "createdOn",
    CreatedTime = "createdTime",
    CredentialsWithUsageSign = "credentialsWithUsageSign",
    CredentialsWithUsageVerify = "credentialsWithUsageVerify",
    CustomKeyIdentifier = "customKeyIdentifier",
    DataActions = "dataActions",
    DefaultRedirectUri = "defaultRedirectUri",
    DefaultUserRolePermissions = "defaultUserRolePermissions",
    DelegatedClientSignInActivity = "delegatedClientSignInActivity",
    DelegatedManagedIdentityResourceId = "delegatedManagedIdentityResourceId",
    DelegatedPermissionId = "delegatedPermissionId",
    DelegatedPermissionIds = "delegatedPermissionIds",
    DelegatedResourceSignInActivity = "delegatedResourceSignInActivity",
    DeletedDateTime = "deletedDateTime",
    DeletionTimestamp = "deletionTimestamp",
    DenyAssignmentName = "denyAssignmentName",
    Description = "description",
    DeviceId = "deviceId",
    DirectoryScopeId = "directoryScopeId",
    DisabledByMicrosoftStatus = "disabledByMicrosoftStatus",
    DisplayName = "displayName",
    DoNotApplyToChildScopes = "doNotApplyToChildScopes",
    EnableAccessTokenIssuance = "enableAccessTokenIssuance",
    EnableIdTokenIssuance = "enableIdTokenIssuance",
    EndDate = "endDate",
    EndDateTime = "endDateTime",
    Error = "error",
    ErrorUrl = "errorUrl",
    Essential = "essential",
    ExcludePrincipals = "excludePrincipals",
    ExpandedProperties = "expandedProperties",
    Expiration = "expiration",
    FederatedIdentityCredentials = "federatedIdentityCredentials",
    FormatVersion = "format_version",
    GroupMembershipClaims = "groupMembershipClaims",
    GroupTypes = "groupTypes",
    GuestUserRoleId = "guestUserRoleId",
    Hint = "hint",
    HomePageUrl = "homePageUrl",
    Homepage = "homepage",
    HostName = "hostName",
    Id = "id",
    IdToken = "idToken",
    IdentifierUri = "identifierUri",
    IdentifierUris = "identifierUris",
    Identity = "identity",
    IdentityPrincipalId = "identityPrincipalId",
    IdentityTenantId = "identityTenantId",
    IdentityType = "identityType",
    ImplicitGrantSetting = "implicitGrantSetting",
    ImplicitGrantSettings = "implicitGrantSettings",
    Index = "index",
    Info = "info",
    InformationalUrls = "informationalUrls",
    IsCustom = "isCustom",
    IsDeviceOnlyAuthSupported = "isDeviceOnlyAuthSupported",
    IsDisabled = "isDisabled",
    IsEnabled = "isEnabled",
    IsFallbackPublicClient = "isFallbackPublicClient",
    IsSystemProtected = "isSystemProtected",
    IsZtModelRow = "isZtModelRow",
    Issuer = "issuer",
    Key = "key",
    KeyCredentials = "keyCredentials",
    KeyId = "keyId",
    KnownClientApplication = "knownClientApplication",
    KnownClientApplications = "knownClientApplications",
    LanguageVersion = "languageVersion",
    LastSignInActivity = "lastSignInActivity",
    LastSignInDateTime = "lastSignInDateTime",
    LegalAgeGroupRule = "legalAgeGroupRule",
    Lineage = "lineage",
    Location = "location",
    LoginUrl = "loginUrl",
    LogoUrl = "logoUrl",
    LogoutUrl = "logoutUrl",
    MailEnabled = "mailEnabled",
    MarketingUrl = "marketingUrl",
    MaxLifetime = "maxLifetime",
    MemberType = "memberType",
    Members = "members",
    Name = "name",
    NativeAuthenticationApisEnabled = "nativeAuthenticationApisEnabled",
    NotActions = "notActions",
    NotDataActions = "notDataActions",
    Notes = "notes",
    NotificationEmailAddresses = "notificationEmailAddresses",
    NotifyReviewers = "notifyReviewers",
    ODataContext = "@odata.context",
    ODataMetadata = "odata.metadata",
    ODataType = "@odata.type",
    ODataTypeOld = "odata.type",
    Oauth2AllowIdTokenImplicitFlow = "oauth2AllowIdTokenImplicitFlow",
    Oauth2AllowImplicitFlow = "oauth2AllowImplicitFlow",
    Oauth2PermissionGrants = "oauth2PermissionGrants",
    Oauth2PermissionScope = "oauth2PermissionScope",
    Oauth2PermissionScopes = "oauth2PermissionScopes",
    Oauth2Permissions = "oauth2Permissions",
    ObjectId = "objectId",
    ObjectType = "objectType",
    OptionalClaim = "optionalClaim",
    OptionalClaims = "optionalClaims",
    Origin = "origin",
    Owners = "owners",
    ParentNameChain = "parentNameChain",
    ParentalControlSettings = "parentalControlSettings",
    Password = "password",
    PasswordCredentials = "passwordCredentials",
    PermissionGrantPoliciesAssigned = "permissionGrantPoliciesAssigned",
    PermissionGrantPolicyIdsAssignedToDefaultUserRole = "permissionGrantPolicyIdsAssignedToDefaultUserRole",
    PermissionIds = "permissionIds",
    Permissions = "permissions",
    PlannedValues = "planned_values",
    PreAuthorizedApplication = "preAuthorizedApplication",
    PreAuthorizedApplications = "preAuthorizedApplications",
    PreferredSingleSignOnMode = "preferredSingleSignOnMode",
    PreferredTokenSigningKeyThumbprint = "preferredTokenSigningKeyThumbprint",
    Principal = "principal",
    PrincipalDisplayName = "principalDisplayName",
    PrincipalEmail = "principalEmail",
    PrincipalId = "principalId",
    PrincipalName = "principalName",
    PrincipalType = "principalType",
    Principals = "principals",
    PriorState = "prior_state",
    PrivacyStatementUrl = "privacyStatementUrl",
    PrivateEndpointConnections = "privateEndpointConnections",
    PrivateLinkServiceConnectionState = "privateLinkServiceConnectionState",
    PrivateLinkServiceConnectionStateStatus = "privateLinkServiceConnectionStateStatus",
    Properties = "properties",
    ProvisioningState = "provisioningState",
    PublicClient = "publicClient",
    PublicNetworkAccess = "publicNetworkAccess",
    PublisherDomain = "publisherDomain",
    Query = "query",
    RedirectUri = "redirectUri",
    RedirectUriSettings = "redirectUriSettings",
    RedirectUris = "redirectUris",
    ReplyUrl = "replyUrl",
    ReplyUrls = "replyUrls",
    ReplyUrlsWithType = "replyUrlsWithType",
    RequestSignatureVerification = "requestSignatureVerification",
    RequestType = "requestType",
    RequestedAccessTokenVersion = "requestedAccessTokenVersion",
    RequiredResourceAccess = "requiredResourceAccess",
    ResourceAccess = "resourceAccess",
    ResourceAppId = "resourceAppId",
    ResourceChanges = "resource_changes",
    ResourceDisplayName = "resourceDisplayName",
    ResourceGroup = "resourceGroup",
    ResourceGroupName = "resourceGroupName",
    ResourceId = "resourceId",
    ResourceSpecificApplicationPermissions = "resourceSpecificApplicationPermissions",
    Resources = "resources",
    RestrictForAppsCreatedAfterDateTime = "restrictForAppsCreatedAfterDateTime",
    RestrictionType = "restrictionType",
    Restrictions = "restrictions",
    Reviewers = "reviewers",
    RoleAssignmentId = "roleAssignmentId",
    RoleAssignmentScheduleId = "roleAssignmentScheduleId",
    RoleAssignmentScheduleRequestId = "roleAssignmentScheduleRequestId",
    RoleDefinition = "roleDefinition",
    RoleDefinitionDisplayName = "roleDefinitionDisplayName",
    RoleDefinitionId = "roleDefinitionId",
    RoleDefinitionName = "roleDefinitionName",
    RoleEligibilityScheduleId = "roleEligibilityScheduleId",
    RoleEligibilityScheduleRequestId = "roleEligibilityScheduleRequestId",
    RoleName = "roleName",
    RoleType = "roleType",
    Saml2Token = "saml2Token",
    SamlMetadataUrl = "samlMetadataUrl",
    SamlSingleSignOnSettings = "samlSingleSignOnSettings",
    ScheduleInfo = "scheduleInfo",
    Schema = "$schema",
    Scope = "scope",
    ScopeId = "scopeId",
    SecretText = "secretText",
    SecurityEnabled = "securityEnabled",
    ServiceManagementReference = "serviceManagementReference",
    ServicePrincipalLockConfiguration = "servicePrincipalLockConfiguration",
    ServicePrincipalName = "servicePrincipalName",
    ServicePrincipalNames = "servicePrincipalNames",
    ServicePrincipalRestrictions = "servicePrincipalRestrictions",
    ServicePrincipalType = "servicePrincipalType",
    SignInAudience = "signInAudience",
    SignInName = "signInName",
    SignInUrl = "signInUrl",
    Source = "source",
    Spa = "spa",
    StartDate = "startDate",
    StartDateTime = "startDateTime",
    State = "state",
    Status = "status",
    Subject = "subject",
    SupportUrl = "supportUrl",
    Tag = "tag",
    Tags = "tags",
    TargetScheduleId = "targetScheduleId",
    Tenant = "tenant",
    TenantId = "tenantId",
    TermsOfServiceUrl = "termsOfServiceUrl",
    TerraformVersion = "terraform_version",
    TokenEncryptionKeyId = "tokenEncryptionKeyId",
    Type = "type",
    UniqueName = "uniqueName",
    UpdatedBy = "updatedBy",
    UpdatedOn = "updatedOn",
    Uri = "uri",
    Url = "url",
    Usage = "usage",
    UserConsentDescription = "userConsentDescription",
    UserConsentDisplayName = "userConsentDisplayName",
    UserPrincipalName = "userPrincipalName",
    UserType = "userType",
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
        for (Known { text, .. }, name) in Name::KNOWN.iter().zip(Name::ALL) {
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
        assert_eq!(name_of("passwordQQQdentials"), Name::Other);
        assert_eq!(name_of(""), Name::Other);
    }
}
