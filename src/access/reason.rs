//! Why a verdict is not yes.

use super::operations::Actions;
use crate::model::{ObjectKind, Part};
use crate::tenant::At;

/// What has to be open, in the order in which a person meets it.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gate {
    /// The registration and its platforms.
    Client,
    Credential,
    /// The permission is asked for and granted.
    Consent,
    /// The service principals of the application and of the resource.
    Principal,
    Tenant,
    /// Data actions on the instance.
    Role,
    Instance,
}

impl Gate {
    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Gate::Client => "client",
            Gate::Credential => "credential",
            Gate::Consent => "consent",
            Gate::Principal => "principal",
            Gate::Tenant => "tenant",
            Gate::Role => "role",
            Gate::Instance => "instance",
        }
    }
}

/// A gate that is not open.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    pub gate: Gate,
    pub why: Why,
    /// It is certainly closed; otherwise the input does not tell.
    pub closed: bool,
    /// It stands in the way of writing alone.
    pub only_write: bool,
    /// The thing to look at.
    pub at: At,
    pub part: Part,
}

/// A credential that a flow needs.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Proof {
    Secret,
    Certificate,
    Federated,
    /// Any of them.
    Any,
}

/// What is the matter. Numbers are rows of the tenant's lists.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Why {
    // client
    Deleted,
    Disabled,
    /// No redirect on the public platform at all.
    NoPublicRedirect,
    /// `http://localhost` is registered, on another platform.
    LocalhostElsewhere,
    /// Redirects on the public platform, none of them `http://localhost`.
    LocalhostUnmatched,
    PublicFlowOff,
    NoWebRedirect,
    NoSpaRedirect,
    /// The resource answers no cross-origin requests.
    NeedsProxy,
    NoExposedApi,
    /// The document does not show what decides.
    ClientUntold,
    // credential
    NoProof(Proof),
    /// There are some, and none is valid at the evaluation date.
    ProofInvalid(Proof),
    /// Dates, or the list, are not known.
    ProofUntold(Proof),
    FederatedMalformed,
    // consent
    NotRequested,
    RequestsUntold,
    /// No grant in a complete export; whether users can be asked.
    NotGranted {
        admin: bool,
    },
    GrantLacksScope,
    GrantForAnother,
    /// Only users who have no role consented.
    GrantForOthers,
    /// A grant whose resource is not in the input.
    GrantOfUnknown,
    UnpreparedOnBehalfOf,
    // principal
    NoServicePrincipal,
    ServicePrincipalDisabled,
    SeveralServicePrincipals,
    NoResourcePrincipal,
    ResourcePrincipalDisabled,
    Unassigned,
    // tenant
    ForeignTenant,
    TenantUntold,
    // role
    NoRole,
    /// A role without data actions: this assignment.
    ControlOnly(u32),
    OnApplicationObject(u32),
    OnClientId(u32),
    EligibleOnly(u32),
    Denied(u32),
    /// Reads; writing lacks these.
    ReadOnly(Actions),
    /// Has some data actions; even reading lacks these.
    Partial(Actions),
    Conditional(u32),
    RoleUnknown(u32),
    GroupUnknown(u32),
    ScopeUnknown(u32),
    DenialUnknown(u32),
    /// The assignments say nothing of the instance's subscription.
    NotCovered,
    NobodyHasRole,
    /// The application has the role, and nobody who signs in through it has.
    RoleOnAppOnly(u32),
    // instance
    Failed,
    Passing,
    StateUntold,
    NoHost,
    Unreachable,
    NetworkUntold,
    NotInInput,
    /// This kind of document would decide, and is not in the input, or not all of it.
    Needs(ObjectKind),
}

impl Reason {
    pub fn closed(gate: Gate, why: Why, at: At, part: Part) -> Reason {
        Reason {
            gate,
            why,
            closed: true,
            only_write: false,
            at,
            part,
        }
    }

    pub fn unknown(gate: Gate, why: Why, at: At, part: Part) -> Reason {
        Reason {
            closed: false,
            ..Reason::closed(gate, why, at, part)
        }
    }

    /// The rule that stands for it: the one that reports it, or would with more documents.
    pub fn rule(&self) -> Option<&'static str> {
        Some(match self.why {
            Why::Deleted => "application-deleted",
            Why::Disabled => "application-disabled",
            Why::NoPublicRedirect => "adt-localhost-redirect-missing",
            Why::LocalhostElsewhere => "adt-localhost-redirect-wrong-platform",
            Why::LocalhostUnmatched => "adt-localhost-redirect-unmatched",
            Why::PublicFlowOff => "public-client-flow-off",
            Why::NeedsProxy => "adt-spa-needs-proxy",
            Why::NoExposedApi | Why::UnpreparedOnBehalfOf => "on-behalf-of-unprepared",
            Why::NoWebRedirect | Why::NoSpaRedirect => "no-usable-flow",
            Why::ProofInvalid(Proof::Secret) => "secret-expired",
            Why::ProofInvalid(Proof::Certificate) => "certificate-expired",
            Why::NoProof(_) | Why::ProofInvalid(_) | Why::ProofUntold(_) => "credential-missing",
            Why::FederatedMalformed => "federated-invalid",
            Why::NotRequested | Why::RequestsUntold => "adt-permission-missing",
            Why::NotGranted { .. } | Why::GrantOfUnknown => "adt-consent-missing",
            Why::GrantLacksScope => "adt-consent-lacks-scope",
            Why::GrantForAnother => "adt-consent-wrong-resource",
            Why::GrantForOthers => "consent-per-user",
            Why::NoServicePrincipal => "service-principal-missing",
            Why::ServicePrincipalDisabled | Why::ResourcePrincipalDisabled => {
                "service-principal-disabled"
            }
            Why::NoResourcePrincipal => "adt-resource-principal-missing",
            Why::Unassigned => "assignment-required-unassigned",
            Why::ForeignTenant | Why::TenantUntold => "adt-foreign-tenant",
            Why::NoRole | Why::EligibleOnly(_) | Why::NobodyHasRole | Why::NotCovered => {
                "adt-data-role-missing"
            }
            Why::ControlOnly(_) => "adt-control-plane-role-only",
            Why::OnApplicationObject(_) => "role-on-application-object",
            Why::OnClientId(_) => "role-on-client-id",
            Why::Denied(_) | Why::DenialUnknown(_) => "role-denied",
            Why::ReadOnly(_) => "adt-data-role-read-only",
            Why::Partial(_) => "custom-role-incomplete-read",
            Why::Conditional(_) => "role-conditional",
            Why::RoleUnknown(_) => "role-unknown-definition",
            Why::GroupUnknown(_) => "role-via-unknown-group",
            Why::ScopeUnknown(_) => "adt-data-role-elsewhere",
            Why::RoleOnAppOnly(_) => "adt-data-role-on-app-only",
            Why::Failed | Why::Passing | Why::StateUntold | Why::NoHost => {
                "adt-instance-unavailable"
            }
            Why::Unreachable | Why::NetworkUntold => "adt-instance-unreachable",
            Why::Needs(ObjectKind::ServicePrincipal) => "service-principal-missing",
            Why::Needs(ObjectKind::DelegatedGrant) => "adt-consent-missing",
            Why::Needs(ObjectKind::RoleAssignment) => "adt-data-role-missing",
            Why::Needs(ObjectKind::FederatedCredential) => "credential-missing",
            Why::Needs(ObjectKind::AppRoleAssignment) => "assignment-required-unassigned",
            Why::SeveralServicePrincipals | Why::ClientUntold | Why::NotInInput | Why::Needs(_) => {
                return None;
            }
        })
    }

    /// The kind of document whose export would decide what is not known.
    pub fn needs(&self) -> Option<ObjectKind> {
        if self.closed {
            return None;
        }
        match self.why {
            Why::Needs(kind) => Some(kind),
            Why::NotCovered => Some(ObjectKind::RoleAssignment),
            Why::RoleUnknown(_) => Some(ObjectKind::RoleDefinition),
            Why::GroupUnknown(_) => Some(ObjectKind::DirectoryObject),
            Why::ScopeUnknown(_) => Some(ObjectKind::ManagementGroup),
            Why::DenialUnknown(_) => Some(ObjectKind::DenyAssignment),
            Why::GrantOfUnknown => Some(ObjectKind::ServicePrincipal),
            Why::NotRequested => Some(ObjectKind::DelegatedGrant),
            Why::StateUntold | Why::NetworkUntold | Why::NotInInput => {
                Some(ObjectKind::DigitalTwinsInstance)
            }
            Why::ClientUntold | Why::RequestsUntold | Why::ProofUntold(_) => {
                Some(ObjectKind::Application)
            }
            _ => None,
        }
    }
}
