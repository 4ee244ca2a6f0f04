//! Telling the kinds of objects apart: an ordered table, first match wins.
//!
//! Order matters: service principals carry most names of applications, Entra directory roles look
//! like Azure role assignments, PIM schedules like both.

use super::fields::Reading;
use crate::json::Value;
use crate::model::ObjectKind;

/// Nothing known: the kind that comes nearest, and what an object of it would have.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Unrecognised {
    pub nearest: Option<(ObjectKind, &'static str)>,
}

/// Which names an object has, as bits.
#[derive(Copy, Clone, Default)]
struct Names(u64);

macro_rules! names {
    ($($bit:ident = $($name:literal)|+;)*) => {
        #[allow(
            clippy::enum_variant_names,
            clippy::upper_case_acronyms,
            reason = "the names are the properties' own"
        )]
        #[derive(Copy, Clone)]
        enum Name { $($bit),* }
        /// The bit of a name in lower case.
        fn name_bit(name: &[u8]) -> Option<Name> {
            match name {
                $($($name)|+ => Some(Name::$bit),)*
                _ => None,
            }
        }
    };
}

names! {
    AppId = b"appid" | b"applicationid";
    ObjectId = b"objectid";
    Id = b"id";
    NameOf = b"name";
    DisplayName = b"displayname";
    ServicePrincipalType = b"serviceprincipaltype" | b"serviceprincipalnames" | b"serviceprincipalname" | b"appownerorganizationid" | b"appownertenantid";
    Legacy1 = b"replyurlswithtype" | b"accesstokenacceptedversion" | b"allowpublicclient" | b"signinurl";
    Legacy0 = b"availabletoothertenants" | b"replyurls" | b"oauth2allowimplicitflow" | b"oauth2permissions" | b"objecttype";
    GraphContainer = b"web" | b"spa" | b"api";
    PublicClient = b"publicclient";
    FallbackPublicClient = b"isfallbackpublicclient";
    RequiredResourceAccess = b"requiredresourceaccess";
    ResourceAppId = b"resourceappid";
    ResourceAccess = b"resourceaccess";
    SignInAudience = b"signinaudience";
    Credentials = b"passwordcredentials" | b"keycredentials";
    KeyId = b"keyid";
    EndDate = b"enddatetime" | b"enddate";
    Password = b"password";
    Tenant = b"tenant" | b"tenantid";
    ClientId = b"clientid";
    ClientSecret = b"clientsecret";
    ResourceId = b"resourceid";
    ConsentType = b"consenttype";
    PrincipalId = b"principalid";
    AppRoleId = b"approleid";
    Issuer = b"issuer";
    Audiences = b"audiences" | b"audience";
    RoleDefinitionId = b"roledefinitionid";
    RoleDefinitionName = b"roledefinitionname";
    RoleAssignmentId = b"roleassignmentid";
    DirectoryScopeId = b"directoryscopeid";
    Scope = b"scope";
    Permissions = b"permissions";
    AssignableScopes = b"assignablescopes";
    RoleName = b"rolename";
    Actions = b"actions" | b"dataactions";
    Properties = b"properties";
    Schema = b"$schema";
    FormatVersion = b"format_version";
    TerraformVersion = b"terraform_version";
    PlanPart = b"planned_values" | b"values" | b"resource_changes" | b"prior_state";
    Lineage = b"lineage";
    Resources = b"resources";
    TypeOf = b"type";
    HostName = b"hostname";
    DefaultUserRolePermissions = b"defaultuserrolepermissions";
    NotifyReviewers = b"notifyreviewers";
    ErrorOf = b"error";
    ODataType = b"@odata.type" | b"odata.type";
    UserPrincipalName = b"userprincipalname";
    IdentifierUris = b"identifieruris" | b"identifieruri";
}

impl Names {
    fn has(self, name: Name) -> bool {
        self.0 & 1 << name as u64 != 0
    }

    fn all(self, names: &[Name]) -> bool {
        names.iter().all(|name| self.has(*name))
    }

    fn any(self, names: &[Name]) -> bool {
        names.iter().any(|name| self.has(*name))
    }
}

/// What kind of object this is.
pub fn recognise(value: Value<'_>) -> Result<ObjectKind, Unrecognised> {
    use Name as N;
    use ObjectKind as K;
    if value.is_array() {
        return array(value);
    }
    if !value.is_object() {
        return Err(Unrecognised { nearest: None });
    }
    let mut names = Names::default();
    let mut graph_container = false;
    let mut public_flag = false;
    for (name, member) in Reading::default().members(value) {
        if let Some(bit) = name_bit(name.as_bytes()) {
            names.0 |= 1 << bit as u64;
            match bit {
                N::GraphContainer => graph_container |= member.is_object(),
                N::PublicClient => {
                    graph_container |= member.is_object();
                    public_flag |= member.as_bool().is_some();
                }
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
        let kind = kind_of(value).unwrap_or_default().to_ascii_lowercase();
        let has = |name: &str| properties.get(name).is_some();
        if kind.contains("roleassignmentschedule") || kind.contains("roleeligibilityschedule") {
            return Ok(K::RoleSchedule);
        }
        if has("denyAssignmentName") && has("principals") {
            return Ok(K::DenyAssignment);
        }
        if has("roleDefinitionId") && has("principalId") {
            return Ok(K::RoleAssignment);
        }
        if has("permissions") && has("assignableScopes") {
            return Ok(K::RoleDefinition);
        }
        if kind.ends_with("digitaltwinsinstances") {
            return Ok(K::DigitalTwinsInstance);
        }
    }
    if names.all(&[N::DirectoryScopeId, N::RoleDefinitionId]) {
        return Ok(K::DirectoryRoleAssignment);
    }
    if names.has(N::DefaultUserRolePermissions) {
        return Ok(K::AuthorizationPolicy);
    }
    if names.has(N::NotifyReviewers) {
        return Ok(K::ConsentPolicy);
    }
    if names.has(N::RoleAssignmentId) && names.any(&[N::ObjectId, N::RoleDefinitionName])
        || names.all(&[N::RoleDefinitionId, N::PrincipalId, N::Scope])
    {
        return Ok(K::RoleAssignment);
    }
    if names.all(&[N::Permissions, N::AssignableScopes, N::RoleName])
        || names.all(&[N::AssignableScopes, N::Actions])
    {
        return Ok(K::RoleDefinition);
    }
    if names.has(N::TypeOf)
        && kind_of(value)
            .is_some_and(|kind| kind.to_ascii_lowercase().ends_with("digitaltwinsinstances"))
        || names.has(N::HostName) && text_contains(value.get("hostName"), ".digitaltwins.azure.net")
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
    if names.has(N::ODataType)
        && let Some(kind) = value
            .get("@odata.type")
            .or(value.get("odata.type"))
            .and_then(|v| v.as_str())
    {
        let kind = kind.to_ascii_lowercase();
        if kind.ends_with(".serviceprincipal") || kind.ends_with(".agentidentity") {
            return Ok(K::ServicePrincipal);
        }
        if kind.ends_with(".user") || kind.ends_with(".group") || kind.ends_with(".device") {
            return Ok(K::DirectoryObject);
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
        || names.has(N::Legacy1) && names.has(N::NameOf)
        || names.has(N::Legacy0) && names.any(&[N::ObjectId, N::AppId])
    {
        return Ok(K::Application);
    }
    if names.has(N::RequiredResourceAccess)
        || names.has(N::SignInAudience) && names.any(&[N::AppId, N::Id, N::DisplayName])
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
    if names.has(N::UserPrincipalName) && names.has(N::Id) {
        return Ok(K::DirectoryObject);
    }
    Err(Unrecognised {
        nearest: nearest(names),
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

fn kind_of<'r>(value: Value<'r>) -> Option<std::borrow::Cow<'r, str>> {
    value.get("type").and_then(|kind| kind.as_str())
}

fn text_contains(value: Option<Value<'_>>, part: &str) -> bool {
    value
        .and_then(|value| value.as_str())
        .is_some_and(|text| text.contains(part))
}

/// The kind an unknown object comes nearest to, and what it lacks.
fn nearest(names: Names) -> Option<(ObjectKind, &'static str)> {
    use Name as N;
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
