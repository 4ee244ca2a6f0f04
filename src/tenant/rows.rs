//! What is kept of each object: ids and a few truths. No text but what joins compare.
//!
//! Rows are small because there may be a million of them; everything else about an object is read
//! again, from the record that [`At`] names, when a finding is printed.

use super::ScopeId;
use crate::model::{AppManagementPolicy, Guid, Instant, PermissionKind, Schedule};

/// Where an object stands: which source, which of its indexed records, and where in the record.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct At {
    pub source: u32,
    /// Index into the source's indexed records.
    pub record: u32,
    /// Where the object begins in its record, in bytes.
    pub object: u32,
}

/// A piece of one of the tenant's long lists.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Slice {
    pub start: u32,
    pub len: u32,
}

/// A permission that is asked for or granted: resource's app id, permission's id, kind; `None`
/// for a kind that is neither `Scope` nor `Role`.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Requested {
    pub resource: Guid,
    pub id: Guid,
    pub kind: Option<PermissionKind>,
}

/// Yes, no, or the export does not say.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    No,
    Yes,
    #[default]
    Unknown,
}

impl Truth {
    pub fn is_yes(self) -> bool {
        self == Truth::Yes
    }

    pub fn is_no(self) -> bool {
        self == Truth::No
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Truth {
        if value { Truth::Yes } else { Truth::No }
    }
}

/// What an object rule would judge otherwise if other documents were known.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Depends(pub u8);

impl Depends {
    /// The application's federated identity credentials.
    pub const FEDERATED: Depends = Depends(1);
    /// What the service principal of a requested resource exposes.
    pub const EXPOSED: Depends = Depends(2);
    /// What is granted to the application's service principal.
    pub const GRANTED: Depends = Depends(4);
    /// The other half: an application's service principal, a service principal's application.
    pub const HALF: Depends = Depends(8);
    /// The tenant's app management policies.
    pub const POLICIES: Depends = Depends(16);

    pub fn has(self, other: Depends) -> bool {
        self.0 & other.0 != 0
    }

    pub fn add(&mut self, other: Depends) {
        self.0 |= other.0;
    }
}

/// A redirect platform's state, as joins and verdicts need it.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Platforms {
    /// `http://localhost` (any port, root path) among the public client redirects.
    pub localhost: Truth,
    /// Any redirect on the public client platform.
    pub public: Truth,
    pub web: Truth,
    pub spa: Truth,
}

/// What an object holds to prove who it is, at the evaluation date.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// A client secret that is valid; unknown when the list, or the dates of one, are not known.
    pub secret: Truth,
    /// A certificate for signing in that is valid.
    pub certificate: Truth,
    /// A federated credential inside the document.
    pub federated: Truth,
    /// Any secret at all, valid or not.
    pub any_secret: bool,
    pub any_certificate: bool,
}

/// An application registration.
#[derive(Clone, Debug, Default)]
pub struct ApplicationRow {
    pub at: At,
    /// Object id; nil when the document names none.
    pub id: Guid,
    pub app_id: Guid,
    pub deleted: bool,
    pub disabled: bool,
    pub single_tenant: Truth,
    /// `isFallbackPublicClient`
    pub public_client_flow: Truth,
    pub platforms: Platforms,
    pub held: Held,
    /// It has an identifier URI and an enabled scope.
    pub exposes_api: Truth,
    /// `knownClientApplications` or `preAuthorizedApplications` name somebody.
    pub knows_clients: bool,
    pub depends: Depends,
    /// The file holds this one object, and its author means it.
    pub alone: bool,
    /// The profile was applied to it while it was read.
    pub in_profile: bool,
    /// Named on the command line or in the configuration.
    pub named: bool,
    /// Its permissions are known: the list is there or the document is complete.
    pub requests_known: bool,
    /// Numbers of [`Requested`].
    pub requested: Slice,
    /// [`mark`](super::mark)s of its redirect URIs, sorted.
    pub redirects: Slice,
    pub redirects_known: bool,
    /// The document lists its owners, if only to say that there are none.
    pub owners_known: bool,
}

/// A service principal.
#[derive(Clone, Debug, Default)]
pub struct PrincipalRow {
    pub at: At,
    pub id: Guid,
    pub app_id: Guid,
    /// The tenant of the application's registration.
    pub owner_tenant: Guid,
    /// The tenant that the document itself names as its own.
    pub tenant: Guid,
    pub kind: PrincipalKind,
    pub enabled: Truth,
    /// `disabledByMicrosoftStatus` or `isDisabled`
    pub disabled: bool,
    pub deleted: bool,
    pub depends: Depends,
    pub assignment_required: Truth,
    pub saml: bool,
    pub held: Held,
    /// What it exposes: a piece of the tenant's exposed list, sorted by id and kind.
    pub exposed: Slice,
    pub exposed_known: bool,
    /// [`mark`](super::mark)s of its reply URLs, sorted.
    pub replies: Slice,
}

/// `servicePrincipalType`
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PrincipalKind {
    #[default]
    Unknown,
    Application,
    ManagedIdentity,
    Legacy,
    SocialIdp,
}

impl PrincipalRow {
    /// Its application is Microsoft's own: what it is like is Microsoft's doing.
    pub fn is_microsofts(&self) -> bool {
        crate::catalog::is_microsofts_tenant(self.owner_tenant)
    }
}

impl PrincipalKind {
    /// The kind that `servicePrincipalType` names.
    pub fn parse(text: &str) -> PrincipalKind {
        let text = text.trim();
        [
            ("Application", PrincipalKind::Application),
            ("ManagedIdentity", PrincipalKind::ManagedIdentity),
            ("Legacy", PrincipalKind::Legacy),
            ("SocialIdp", PrincipalKind::SocialIdp),
        ]
        .into_iter()
        .find(|(name, _)| text.eq_ignore_ascii_case(name))
        .map_or(PrincipalKind::Unknown, |(_, kind)| kind)
    }
}

/// A permission that a service principal exposes.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct ExposedRow {
    pub id: Guid,
    pub kind: PermissionKind,
    /// Number of its value (`Read.Write`) among the tenant's texts.
    pub value: u32,
    pub enabled: Truth,
    /// Delegated: an administrator must consent (`type` is `Admin`).
    pub admin: Truth,
}

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

/// A federated identity credential.
#[derive(Copy, Clone, Debug, Default)]
pub struct FederatedRow {
    pub at: At,
    /// The application it belongs to, by app id or object id; nil when the input does not tell.
    pub owner: Guid,
    /// Issuer, subject and audience are such that a token can match.
    pub well_formed: bool,
    /// Of issuer and subject together.
    pub mark: u64,
    /// It has both an issuer and a subject, so that `mark` tells it from others.
    pub exact: bool,
    /// Its own id; nil where the document names none.
    pub id: Guid,
}

/// What a directory object, or the principal of an assignment, is.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DirectoryKind {
    #[default]
    Unknown,
    User,
    Group,
    ServicePrincipal,
    ForeignGroup,
    Device,
}

impl DirectoryKind {
    /// The kind that `principalType`, `ObjectType` or the end of `@odata.type` names.
    pub fn parse(text: &str) -> DirectoryKind {
        let word = text.rsplit(['.', '#']).next().unwrap_or(text).trim();
        let is = |name: &str| word.eq_ignore_ascii_case(name);
        if is("user") {
            DirectoryKind::User
        } else if is("group") {
            DirectoryKind::Group
        } else if is("serviceprincipal") || is("msi") || is("application") {
            DirectoryKind::ServicePrincipal
        } else if is("foreigngroup") {
            DirectoryKind::ForeignGroup
        } else if is("device") {
            DirectoryKind::Device
        } else {
            DirectoryKind::Unknown
        }
    }

    /// As a sentence calls it.
    pub fn called(self) -> &'static str {
        match self {
            DirectoryKind::Unknown => "principal",
            DirectoryKind::User => "user",
            DirectoryKind::Group => "group",
            DirectoryKind::ServicePrincipal => "service principal",
            DirectoryKind::ForeignGroup => "foreign group",
            DirectoryKind::Device => "device",
        }
    }
}

/// A user, a group, or another directory object seen anywhere: in lists of users, owners, members.
#[derive(Copy, Clone, Debug, Default)]
pub struct DirectoryRow {
    pub at: At,
    pub id: Guid,
    pub kind: DirectoryKind,
    /// `userType` is `Guest`, or the name has `#EXT#`.
    pub guest: Truth,
    pub enabled: Truth,
    /// It stands for itself, in a list of users or groups, not as an owner or a member.
    pub itself: bool,
}

/// One is an owner of, or a member of, another.
#[derive(Copy, Clone, Debug, Default)]
pub struct LinkRow {
    /// The owner's or member's own row.
    pub at: At,
    /// The application, service principal (by object or app id) or group.
    pub whole: Guid,
    pub part: Guid,
    pub kind: DirectoryKind,
}

/// An Azure role assignment or PIM row.
#[derive(Copy, Clone, Debug)]
pub struct AssignmentRow {
    pub at: At,
    /// Number of the principal's object id among the tenant's ids.
    pub principal: u32,
    /// Number of the role's GUID.
    pub role: u32,
    pub scope: ScopeId,
    /// Of the assignment's own id, so that one that was exported twice is one.
    pub own: u32,
    pub principal_kind: DirectoryKind,
    /// What the row is: an ordinary assignment, or eligible, or activated for a while.
    pub schedule: Schedule,
    pub bits: u8,
}

impl AssignmentRow {
    /// It has a condition.
    pub const CONDITION: u8 = 1;
    /// The export shows that the principal is gone: type `Unknown`, or an empty name.
    pub const NAMELESS: u8 = 2;
    /// A classic administrator, not a role assignment.
    pub const CLASSIC: u8 = 4;
    /// A schedule that has ended, or has not begun, or was not provisioned.
    pub const INACTIVE: u8 = 8;
    /// For a managed identity of another tenant (`delegatedManagedIdentityResourceId`).
    pub const DELEGATED: u8 = 16;
    /// A schedule that ends by itself.
    pub const ENDS: u8 = 32;

    pub fn is(&self, bit: u8) -> bool {
        self.bits & bit != 0
    }

    /// Gives its principal access now: neither merely eligible, nor ended, nor a classic row.
    pub fn is_active(&self) -> bool {
        !matches!(self.schedule, Schedule::Eligible | Schedule::Request)
            && !self.is(Self::INACTIVE | Self::CLASSIC)
    }
}

/// One permission block of a role definition or a deny assignment: operations with wildcards.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    pub actions: Vec<Box<str>>,
    pub not_actions: Vec<Box<str>>,
    pub data_actions: Vec<Box<str>>,
    pub not_data_actions: Vec<Box<str>>,
    pub conditional: bool,
}

/// A role definition.
#[derive(Clone, Debug, Default)]
pub struct DefinitionRow {
    pub at: At,
    /// Nil for a custom role's input file, which has none yet.
    pub id: Guid,
    pub name: Box<str>,
    pub custom: Truth,
    pub scopes: Vec<ScopeId>,
    /// Where it was listed: what stands before `/providers/Microsoft.Authorization` in its
    /// resource id.
    pub listed_at: ScopeId,
    pub blocks: Vec<Block>,
    /// The blocks are all there: nothing cut off, nothing of the wrong type.
    pub known: bool,
}

impl DefinitionRow {
    /// Some of its blocks name data actions.
    pub fn has_data(&self) -> bool {
        self.blocks
            .iter()
            .any(|block| !block.data_actions.is_empty())
    }
}

/// A deny assignment.
#[derive(Clone, Debug, Default)]
pub struct DenyRow {
    pub at: At,
    pub scope: Option<ScopeId>,
    pub principals: Vec<Guid>,
    /// Applies to everyone: `SystemDefined`, or the nil id.
    pub everyone: bool,
    pub excluded: Vec<Guid>,
    /// Of the principals and the excluded: those that the document calls users or service
    /// principals, so that they have no members.
    pub single: Vec<Guid>,
    pub not_child_scopes: bool,
    pub blocks: Vec<Block>,
    pub known: bool,
}

/// An Azure Digital Twins instance.
#[derive(Clone, Debug, Default)]
pub struct InstanceRow {
    pub at: At,
    /// The resource id as written.
    pub id: Box<str>,
    pub scope: Option<ScopeId>,
    pub name: Box<str>,
    /// `provisioningState` as written; empty when not told.
    pub state: Box<str>,
    pub has_host: Truth,
    /// Public network access is disabled.
    pub private: Truth,
    /// A private endpoint connection is approved.
    pub endpoint: Truth,
    pub tenant: Guid,
}

/// An Entra directory role assignment or PIM row.
#[derive(Copy, Clone, Debug, Default)]
pub struct DirectoryRoleRow {
    pub at: At,
    pub principal: Guid,
    /// The role's template id.
    pub role: Guid,
    /// Over the whole tenant, not an administrative unit or one application.
    pub whole_tenant: bool,
    pub schedule: Schedule,
    /// It has ended, or it is a request.
    pub inactive: bool,
}

impl DirectoryRoleRow {
    /// Gives its principal the role now, and is not merely eligible.
    pub fn is_active(&self) -> bool {
        !self.inactive && !matches!(self.schedule, Schedule::Eligible | Schedule::Request)
    }
}

/// When an application last signed in.
#[derive(Copy, Clone, Debug, Default)]
pub struct SignInRow {
    pub at: At,
    pub app_id: Guid,
    pub last: Option<Instant>,
}

/// A management group or subscription and the groups above it.
#[derive(Clone, Debug, Default)]
pub struct GroupRow {
    /// Name of the group, or the subscription's id, in lower case.
    pub name: Box<str>,
    /// Names of all groups above it, in lower case.
    pub parents: Vec<Box<str>>,
}

/// An app management policy: what it allows, in days and switches.
#[derive(Clone, Debug, Default)]
pub struct PolicyRow {
    pub at: At,
    pub id: Guid,
    /// The tenant's default.
    pub default: bool,
    pub enabled: Truth,
    pub restrictions: Vec<RestrictionRow>,
    /// Object ids of the applications it is assigned to; empty for the default.
    pub applies_to: Vec<Guid>,
}

/// One restriction of an app management policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RestrictionRow {
    /// `restrictionType`
    pub kind: Box<str>,
    pub enabled: Truth,
    /// `maxLifetime` as written, ISO 8601; empty when none.
    pub max_lifetime: Box<str>,
    /// Applications created before this moment are left alone.
    pub created_after: Option<Instant>,
}

impl PolicyRow {
    /// What is kept of a policy.
    pub fn of(policy: &AppManagementPolicy<'_>, at: At) -> PolicyRow {
        let guid = |text: &str| Guid::parse_loose(text).unwrap_or(Guid::NIL);
        PolicyRow {
            at,
            id: policy.id.value().map_or(Guid::NIL, |id| guid(id)),
            default: policy.default,
            enabled: match policy.enabled.value() {
                Some(enabled) => Truth::from(*enabled),
                None => Truth::Unknown,
            },
            restrictions: policy
                .restrictions
                .iter()
                .map(|restriction| RestrictionRow {
                    kind: restriction.kind.value().map_or("", |kind| kind).into(),
                    enabled: match restriction.state.value() {
                        Some(state) => Truth::from(state.eq_ignore_ascii_case("enabled")),
                        None => Truth::Unknown,
                    },
                    max_lifetime: restriction
                        .max_lifetime
                        .value()
                        .map_or("", |life| life)
                        .into(),
                    created_after: restriction
                        .created_after
                        .value()
                        .and_then(|date| date.instant()),
                })
                .collect(),
            applies_to: policy.applies_to.iter().map(|id| guid(id)).collect(),
        }
    }
}
