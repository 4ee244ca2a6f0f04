//! Telling the kinds of objects apart: an ordered table, first match wins.
//!
//! Order matters: service principals carry most names of applications, Entra directory roles look
//! like Azure role assignments, PIM schedules like both.

use super::assignment::schedule_of;
use super::fields::Reading;
use crate::json::{Name, Value};
use crate::model::ObjectKind;

/// Nothing known: the kind that comes nearest, and what an object of it would have.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Unrecognised {
    pub nearest: Option<(ObjectKind, &'static str)>,
}

/// Which signs of a kind an object shows, as bits.
#[derive(Copy, Clone, Default)]
struct Signs(u64);

macro_rules! signs {
    ($($bit:ident = $($name:ident)|+;)*) => {
        #[allow(clippy::enum_variant_names, reason = "the names are the properties' own")]
        #[derive(Copy, Clone)]
        enum Hint { $($bit),* }
        // Each has a bit of its own.
        const _: () = assert!([$(Hint::$bit),*].len() <= u64::BITS as usize);
        /// What a name is a sign of.
        #[inline(always)]
        fn sign_of(name: Name) -> Option<Hint> {
            match name {
                $($(Name::$name)|+ => Some(Hint::$bit),)*
                _ => None,
            }
        }
    };
}

signs! {
    AppId = AppId | ApplicationId;
    ObjectId = ObjectId;
    Id = Id;
    DisplayedAs = Name;
    DisplayTitle = DisplayName;
    ServicePrincipalType = ServicePrincipalType | ServicePrincipalNames | ServicePrincipalName | AppOwnerOrganizationId | AppOwnerTenantId;
    Legacy1 = ReplyUrlsWithType | AccessTokenAcceptedVersion | AllowPublicClient | SignInUrl;
    Legacy0 = AvailableToOtherTenants | ReplyUrls | Oauth2AllowImplicitFlow | Oauth2Permissions | ObjectType;
    GraphContainer = Web | Spa | Api;
    PublicClient = PublicClient;
    FallbackPublicClient = IsFallbackPublicClient;
    RequiredResourceAccess = RequiredResourceAccess;
    ResourceAppId = ResourceAppId;
    ResourceAccess = ResourceAccess;
    SignInAudience = SignInAudience;
    Credentials = PasswordCredentials | KeyCredentials;
    KeyId = KeyId;
    EndDate = EndDateTime | EndDate;
    Password = Password;
    Tenant = Tenant | TenantId;
    ClientId = ClientId;
    ClientSecret = ClientSecret;
    ResourceId = ResourceId;
    ConsentType = ConsentType;
    PrincipalId = PrincipalId;
    AppRoleId = AppRoleId;
    Issuer = Issuer;
    Audiences = Audiences | Audience;
    RoleDefinitionId = RoleDefinitionId;
    RoleTitle = RoleDefinitionName;
    RoleAssignmentId = RoleAssignmentId;
    DirectoryScopeId = DirectoryScopeId;
    Scope = Scope;
    Permissions = Permissions;
    AssignableScopes = AssignableScopes;
    RoleCalled = RoleName | IsCustom | RoleType;
    Actions = Actions | DataActions;
    Properties = Properties;
    Schema = Schema;
    FormatVersion = FormatVersion;
    TerraformVersion = TerraformVersion;
    PlanPart = PlannedValues | Values | ResourceChanges | PriorState;
    Lineage = Lineage;
    Resources = Resources;
    TypeOf = Type;
    Host = HostName;
    DefaultUserRolePermissions = DefaultUserRolePermissions;
    NotifyReviewers = NotifyReviewers;
    ErrorOf = Error;
    ODataType = ODataType | ODataTypeOld;
    UserPrincipal = UserPrincipalName;
    IdentifierUris = IdentifierUris | IdentifierUri;
    Principals = Principals;
    DenyAssignmentName = DenyAssignmentName;
    ScheduleOf = RoleEligibilityScheduleId | RoleEligibilityScheduleRequestId | RoleAssignmentScheduleId | RoleAssignmentScheduleRequestId | MemberType | AssignmentType;
    ScopeId = ScopeId;
    SignIns = LastSignInActivity | DelegatedClientSignInActivity | DelegatedResourceSignInActivity | ApplicationAuthenticationClientSignInActivity | ApplicationAuthenticationResourceSignInActivity;
    ParentChain = ParentNameChain;
    AppRestrictions = ApplicationRestrictions | ServicePrincipalRestrictions;
    Restrictions = Restrictions;
    GrantPolicies = PermissionGrantPolicyIdsAssignedToDefaultUserRole;
    Grouping = SecurityEnabled | GroupTypes | MailEnabled;
    Device = DeviceId;
}

impl Signs {
    fn of(object: Value<'_>) -> Signs {
        let mut signs = Signs::default();
        for (name, _) in Reading::default().members(object) {
            if let Some(sign) = sign_of(name) {
                signs.add(sign);
            }
        }
        signs
    }

    fn add(&mut self, sign: Hint) {
        self.0 |= 1 << sign as u32;
    }

    fn has(self, sign: Hint) -> bool {
        self.0 & 1 << sign as u32 != 0
    }

    fn all(self, signs: &[Hint]) -> bool {
        signs.iter().all(|sign| self.has(*sign))
    }

    fn any(self, signs: &[Hint]) -> bool {
        signs.iter().any(|sign| self.has(*sign))
    }
}

/// What kind of object this is.
pub fn recognise(value: Value<'_>) -> Result<ObjectKind, Unrecognised> {
    use Hint as N;
    use ObjectKind as K;
    if value.is_array() {
        return array(value);
    }
    if !value.is_object() {
        return Err(Unrecognised { nearest: None });
    }
    let mut names = Signs::default();
    let mut graph_container = false;
    let mut public_flag = false;
    let mut policy = false;
    for (name, member) in Reading::default().members(value) {
        if let Some(bit) = sign_of(name) {
            names.add(bit);
            match bit {
                N::GraphContainer => graph_container |= member.is_object(),
                N::PublicClient => {
                    graph_container |= member.is_object();
                    public_flag |= member.as_bool().is_some();
                }
                N::Id => policy |= is_text(Some(member), "authorizationPolicy"),
                _ => {}
            }
        }
    }

    if names.has(N::Schema)
        && text_contains(value.get("$schema"), "eploymentTemplate.json")
        && names.has(N::Resources)
    {
        return Ok(K::ArmTemplate);
    }
    if names.has(N::FormatVersion) && names.has(N::PlanPart) {
        return Ok(K::TerraformPlan);
    }
    if names.all(&[N::TerraformVersion, N::Lineage, N::Resources]) {
        return Ok(K::TerraformState);
    }
    if names.has(N::ErrorOf)
        && value
            .get("error")
            .is_some_and(|error| error.get("code").is_some() || error.get("message").is_some())
    {
        return Ok(K::ErrorBody);
    }
    if names.has(N::Properties)
        && let Some(properties) = value.get("properties")
    {
        let inner = Signs::of(properties);
        if names.has(N::TypeOf) && value.get("type").and_then(schedule_of).is_some() {
            return Ok(K::RoleSchedule);
        }
        if inner.all(&[N::DenyAssignmentName, N::Principals]) {
            return Ok(K::DenyAssignment);
        }
        if inner.has(N::ParentChain) {
            return Ok(K::ManagementGroup);
        }
        if inner.all(&[N::RoleDefinitionId, N::PrincipalId]) {
            return Ok(K::RoleAssignment);
        }
        if inner.all(&[N::Permissions, N::AssignableScopes]) {
            return Ok(K::RoleDefinition);
        }
    }
    if names.all(&[N::DirectoryScopeId, N::RoleDefinitionId]) {
        return Ok(K::DirectoryRoleAssignment);
    }
    if names.any(&[N::DefaultUserRolePermissions, N::GrantPolicies]) || policy {
        return Ok(K::AuthorizationPolicy);
    }
    if names.has(N::NotifyReviewers) {
        return Ok(K::ConsentPolicy);
    }
    if names.has(N::AppRestrictions)
        || names.has(N::Restrictions)
            && value.get("restrictions").is_some_and(|restrictions| {
                ["passwordCredentials", "keyCredentials"]
                    .iter()
                    .any(|name| restrictions.get(name).is_some())
            })
    {
        return Ok(K::AppManagementPolicy);
    }
    if names.all(&[N::SignIns, N::AppId]) {
        return Ok(K::SignInActivity);
    }
    if names.has(N::ParentChain) {
        return Ok(K::ManagementGroup);
    }
    if names.all(&[N::DenyAssignmentName, N::Principals]) {
        return Ok(K::DenyAssignment);
    }
    // Az PowerShell's flat rows of Privileged Identity Management; what is eligible is no
    // assignment.
    if names.all(&[N::RoleDefinitionId, N::PrincipalId])
        && names.any(&[N::Scope, N::ScopeId])
        && names.has(N::ScheduleOf)
    {
        return Ok(K::RoleSchedule);
    }
    if names.has(N::RoleAssignmentId) && names.any(&[N::ObjectId, N::RoleTitle])
        || names.all(&[N::RoleDefinitionId, N::PrincipalId, N::Scope])
    {
        return Ok(K::RoleAssignment);
    }
    if names.all(&[N::Permissions, N::AssignableScopes, N::RoleCalled])
        || names.all(&[N::AssignableScopes, N::Actions])
    {
        return Ok(K::RoleDefinition);
    }
    if names.has(N::TypeOf) && is_instance_type(value)
        || names.has(N::Host) && text_contains(value.get("hostName"), ".digitaltwins.azure.net")
    {
        return Ok(K::DigitalTwinsInstance);
    }
    if names.all(&[N::ClientId, N::ResourceId, N::ConsentType]) {
        return Ok(K::DelegatedGrant);
    }
    if names.all(&[N::AppRoleId, N::PrincipalId, N::ResourceId]) {
        return Ok(K::AppRoleAssignment);
    }
    if names.all(&[N::Issuer, N::Audiences]) {
        return Ok(K::FederatedCredential);
    }
    if names.has(N::ServicePrincipalType) {
        return Ok(K::ServicePrincipal);
    }
    if names.any(&[N::ODataType, N::Legacy0])
        && let Some(kind) = ["@odata.type", "odata.type", "objectType"]
            .iter()
            .find_map(|name| value.get(name)?.as_str())
    {
        // Azure AD Graph's `objectType` is the name alone.
        let mut kind = kind.to_ascii_lowercase();
        kind.insert(0, '.');
        if kind.ends_with(".serviceprincipal") || kind.ends_with(".agentidentity") {
            return Ok(K::ServicePrincipal);
        }
        if kind.ends_with(".user") || kind.ends_with(".group") || kind.ends_with(".device") {
            return Ok(K::DirectoryObject);
        }
        if kind.ends_with(".approleassignment") {
            return Ok(K::AppRoleAssignment);
        }
        if kind.ends_with(".application") || kind.ends_with(".agentidentityblueprint") {
            return Ok(K::Application);
        }
    }
    // `web`, `spa` and `api` are common words: something of an application has to stand beside.
    let known = names.any(&[
        N::AppId,
        N::SignInAudience,
        N::RequiredResourceAccess,
        N::Credentials,
        N::IdentifierUris,
        N::FallbackPublicClient,
    ]);
    let legacy = names.has(N::Legacy1) || names.has(N::Legacy0) || public_flag;
    if known && (legacy || graph_container || names.has(N::FallbackPublicClient))
        || names.has(N::Legacy1) && names.has(N::DisplayedAs)
        || names.has(N::Legacy0) && names.any(&[N::ObjectId, N::AppId])
    {
        return Ok(K::Application);
    }
    if names.has(N::RequiredResourceAccess)
        || names.has(N::SignInAudience) && names.any(&[N::AppId, N::Id, N::DisplayTitle])
        || names.has(N::Credentials) && names.has(N::AppId)
    {
        return Ok(K::Application);
    }
    if names.all(&[N::ResourceAppId, N::ResourceAccess]) {
        return Ok(K::RequiredResourceAccess);
    }
    if names.all(&[N::AppId, N::Password, N::Tenant]) || names.all(&[N::ClientId, N::ClientSecret])
    {
        return Ok(K::SecretFile);
    }
    if names.all(&[N::KeyId, N::EndDate]) {
        return Ok(K::CredentialList);
    }
    if names.any(&[N::UserPrincipal, N::Grouping, N::Device]) && names.any(&[N::Id, N::ObjectId]) {
        return Ok(K::DirectoryObject);
    }
    Err(Unrecognised {
        nearest: nearest(names),
    })
}

/// The kind of object that a list holds, by its name: the set in `@odata.context`
/// (`…$metadata#oauth2PermissionGrants`), or the name of the file or folder it was saved under. It
/// tells what an empty list is empty of.
pub fn kind_of_list(name: &str) -> Option<ObjectKind> {
    use ObjectKind as K;
    let set = name.rsplit('#').next().unwrap_or(name);
    let set = set.split(['(', '.']).next().unwrap_or(set);
    let word: String = set
        .rsplit('/')
        .next()
        .unwrap_or(set)
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    Some(match word.as_str() {
        "applications" => K::Application,
        "serviceprincipals" => K::ServicePrincipal,
        "oauth2permissiongrants" => K::DelegatedGrant,
        "approleassignments" | "approleassignedto" => K::AppRoleAssignment,
        "federatedidentitycredentials" => K::FederatedCredential,
        "roleassignments" => K::RoleAssignment,
        "roledefinitions" => K::RoleDefinition,
        "denyassignments" => K::DenyAssignment,
        "directoryroleeligibilityschedules" | "directoryroleassignmentschedules" => {
            K::DirectoryRoleAssignment
        }
        "managementgroups" => K::ManagementGroup,
        "roleeligibilityschedules"
        | "roleeligibilityscheduleinstances"
        | "roleassignmentschedules"
        | "roleassignmentscheduleinstances" => K::RoleSchedule,
        "digitaltwinsinstances" => K::DigitalTwinsInstance,
        "directoryroleassignments" => K::DirectoryRoleAssignment,
        "appmanagementpolicies" => K::AppManagementPolicy,
        "serviceprincipalsigninactivities" => K::SignInActivity,
        "users" | "groups" => K::DirectoryObject,
        _ => return None,
    })
}

/// A bare array is one object only as a list of required permissions.
fn array(value: Value<'_>) -> Result<ObjectKind, Unrecognised> {
    if is_required_access_list(value) {
        return Ok(ObjectKind::RequiredResourceAccess);
    }
    Err(Unrecognised { nearest: None })
}

/// Whether an array's first object is an entry of required permissions.
pub fn is_required_access_list(value: Value<'_>) -> bool {
    value
        .elements()
        .find(|element| element.is_object())
        .is_some_and(is_required_access_entry)
}

/// Whether an object is an entry of required permissions, complete or nearly so.
pub fn is_required_access_entry(value: Value<'_>) -> bool {
    value.get("resourceAppId").is_some() && value.get("appId").is_none()
        || value.get("resourceAccess").is_some() && value.len() <= 2
}

fn is_instance_type(value: Value<'_>) -> bool {
    const LAST: &[u8] = b"digitalTwinsInstances";
    value
        .get("type")
        .and_then(|kind| kind.as_str())
        .and_then(|kind| kind.as_bytes().last_chunk::<{ LAST.len() }>().copied())
        .is_some_and(|last| last.eq_ignore_ascii_case(LAST))
}

fn is_text(value: Option<Value<'_>>, wanted: &str) -> bool {
    value
        .and_then(|value| value.as_str())
        .is_some_and(|text| text.eq_ignore_ascii_case(wanted))
}

fn text_contains(value: Option<Value<'_>>, part: &str) -> bool {
    value
        .and_then(|value| value.as_str())
        .is_some_and(|text| text.contains(part))
}

/// The kind an unknown object comes nearest to, and what it lacks.
fn nearest(names: Signs) -> Option<(ObjectKind, &'static str)> {
    use Hint as N;
    if names.any(&[N::ResourceAppId, N::ResourceAccess]) {
        return Some((
            ObjectKind::RequiredResourceAccess,
            "resourceAppId and resourceAccess",
        ));
    }
    if names.any(&[N::PrincipalId, N::RoleDefinitionId]) {
        return Some((
            ObjectKind::RoleAssignment,
            "principalId, roleDefinitionId and scope",
        ));
    }
    if names.any(&[
        N::AppId,
        N::FallbackPublicClient,
        N::Credentials,
        N::IdentifierUris,
    ]) {
        return Some((
            ObjectKind::Application,
            "signInAudience, requiredResourceAccess, web or publicClient",
        ));
    }
    None
}
