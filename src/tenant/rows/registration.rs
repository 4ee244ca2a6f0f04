//! Applications, service principals, and what belongs to them.

use super::{At, Depends, Slice, Truth};
use crate::catalog::is_microsofts_tenant;
use crate::model::{AppManagementPolicy, Guid, Instant, PermissionKind};

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
    /// Numbers of [`Requested`](super::Requested).
    pub requested: Slice,
    /// [`mark`](crate::tenant::mark)s of its redirect URIs, sorted.
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
    /// [`mark`](crate::tenant::mark)s of its reply URLs, sorted.
    pub replies: Slice,
}

impl PrincipalRow {
    /// Its application is Microsoft's own: what it is like is Microsoft's doing.
    pub fn is_microsofts(&self) -> bool {
        is_microsofts_tenant(self.owner_tenant)
    }
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
