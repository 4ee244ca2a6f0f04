//! A reason in words: one sentence without a full stop. It may quote the input.

use super::Access;
use super::operations::role_name;
use super::reason::{Proof, Reason, Why};
use crate::model::Guid;

impl Access<'_> {
    /// "the role Owner".
    pub fn role_called(&self, assignment: u32) -> String {
        let role = self
            .assignment(assignment)
            .map_or(Guid::NIL, |row| self.tenant.role_of(&row));
        match role_name(self.tenant, role) {
            Some(name) => format!("the role {}", crate::rules::out::one_line(name)),
            None if role == Guid::NIL => "a role without an id".to_owned(),
            None => format!("the role {role}"),
        }
    }

    /// The data role to name in a fix.
    pub fn data_role(&self) -> String {
        let role = self.profile.data_roles.first();
        role.map_or_else(
            || "a data role".to_owned(),
            |role| role_name(self.tenant, *role).map_or_else(|| role.to_string(), str::to_owned),
        )
    }

    /// The first few of some data actions, without the provider's name.
    pub fn actions_called(&self, set: super::operations::Actions) -> String {
        let names: Vec<&str> = self
            .profile
            .operations
            .names(set)
            .into_iter()
            .map(|name| name.split_once('/').map_or(name, |(_, rest)| rest))
            .collect();
        names.join(", ")
    }

    fn principal_called(&self, assignment: u32) -> String {
        self.assignment(assignment).map_or_else(String::new, |row| {
            format!(
                "{} {}",
                row.principal_kind.called(),
                self.tenant.principal_of(&row)
            )
        })
    }
}

/// What a reason says.
pub fn message(access: &Access<'_>, reason: &Reason) -> String {
    let api = &access.profile.resource_name;
    match reason.why {
        Why::Deleted => "the application is deleted".to_owned(),
        Why::Disabled => "the application is disabled".to_owned(),
        Why::NoPublicRedirect => {
            "no http://localhost among the redirects of the public client platform".to_owned()
        }
        Why::LocalhostElsewhere => {
            "http://localhost is registered for another platform than public client".to_owned()
        }
        Why::LocalhostUnmatched => {
            "no redirect of the public client platform is http://localhost".to_owned()
        }
        Why::PublicFlowOff => "public client flows are switched off".to_owned(),
        Why::NoWebRedirect => "no redirect on the web platform".to_owned(),
        Why::NoSpaRedirect => "no redirect on the single-page platform".to_owned(),
        Why::NeedsProxy => format!(
            "{api} answers no cross-origin requests, so the page has to call it through a proxy, \
             which no export shows"
        ),
        Why::NoExposedApi => "it exposes no API that a caller could have a token for".to_owned(),
        Why::ClientUntold => "the document does not show what the flow needs".to_owned(),
        Why::NoProof(proof) => format!("no {}", proof_called(proof)),
        Why::ProofInvalid(proof) => {
            format!("no {} is valid at the evaluation date", proof_called(proof))
        }
        Why::ProofUntold(proof) => {
            format!(
                "the document does not show whether a {} is valid",
                proof_called(proof)
            )
        }
        Why::FederatedMalformed => "no federated credential has an issuer and a subject".to_owned(),
        Why::NotRequested if reason.closed => format!("{} is not requested", wanted(access)),
        Why::NotRequested => format!(
            "{} is not requested; a grant for it could stand in for that",
            wanted(access)
        ),
        Why::RequestsUntold => {
            "the document does not show which permissions are requested".to_owned()
        }
        Why::NotGranted { admin: true } => {
            format!(
                "{} is not granted: an administrator has to consent",
                wanted(access)
            )
        }
        Why::NotGranted { admin: false } => format!(
            "{} is not granted: users will be asked, or need an administrator",
            wanted(access)
        ),
        Why::GrantLacksScope => format!("the grant for {api} lacks {}", scope(access)),
        Why::GrantForAnother => {
            format!(
                "{} is granted, but for another API than {api}",
                scope(access)
            )
        }
        Why::GrantForOthers => {
            "only users without a data role on the instance have consented".to_owned()
        }
        Why::GrantOfUnknown => format!(
            "{} is granted for an API whose service principal is not in the input",
            scope(access)
        ),
        Why::UnpreparedOnBehalfOf if reason.closed => format!(
            "{} is not granted beforehand, and on behalf of a user nobody can be asked",
            wanted(access)
        ),
        Why::UnpreparedOnBehalfOf => format!(
            "{} is not granted; users of a known client application may consent to both",
            wanted(access)
        ),
        Why::NoServicePrincipal => "the application has no service principal".to_owned(),
        Why::ServicePrincipalDisabled => "the service principal is disabled".to_owned(),
        Why::SeveralServicePrincipals => {
            "the input has service principals of several tenants for it".to_owned()
        }
        Why::NoResourcePrincipal => format!("the tenant has no service principal of {api}"),
        Why::ResourcePrincipalDisabled => {
            format!("the service principal of {api} is disabled")
        }
        Why::Unassigned => "users have to be assigned to the application, and nobody is".to_owned(),
        Why::ForeignTenant => {
            "the service principal is of another tenant than the instance".to_owned()
        }
        Why::TenantUntold => {
            "the application is registered in another tenant than the instance's, \
             and its audience is not known"
                .to_owned()
        }
        Why::NoRole => "the service principal has no role that reaches the instance".to_owned(),
        Why::ControlOnly(row) => format!(
            "{} manages the instance and gives none of its data",
            access.role_called(row)
        ),
        Why::OnApplicationObject(row) => format!(
            "{} is on the application's object id, which is no principal",
            access.role_called(row)
        ),
        Why::OnClientId(row) => format!(
            "{} is on the client id, which is no principal",
            access.role_called(row)
        ),
        Why::EligibleOnly(row) => format!(
            "{} is only eligible, and not active",
            access.role_called(row)
        ),
        Why::Denied(_) => "a deny assignment takes the data actions away".to_owned(),
        Why::ReadOnly(missing) => lacks("the roles only read", &access.actions_called(missing)),
        Why::Partial(missing) => lacks(
            "the roles do not suffice for reading",
            &access.actions_called(missing),
        ),
        Why::Conditional(row) => format!(
            "{} holds under a condition, which cannot be judged offline",
            access.role_called(row)
        ),
        Why::RoleUnknown(row) => format!(
            "{} is neither built in nor among the exported definitions",
            access.role_called(row)
        ),
        Why::GroupUnknown(row) => format!(
            "{} is on the {}, whose members are not all in the input",
            access.role_called(row),
            access.principal_called(row)
        ),
        Why::ScopeUnknown(row) => format!(
            "whether the scope of {} contains the instance is not known",
            access.role_called(row)
        ),
        Why::DenialUnknown(_) => "a deny assignment may take the data actions away".to_owned(),
        Why::NotCovered => {
            "the role assignments say nothing of the instance's subscription".to_owned()
        }
        Why::NobodyHasRole => {
            format!("no user and no group has a data role of {api} on the instance")
        }
        Why::RoleOnAppOnly(row) => format!(
            "{} is on the application alone: when somebody signs in, their own role counts",
            access.role_called(row)
        ),
        Why::Failed => "the instance is not in working order".to_owned(),
        Why::Passing => "the instance is being changed".to_owned(),
        Why::StateUntold => "the document does not show the state of the instance".to_owned(),
        Why::NoHost => "the instance has no host name".to_owned(),
        Why::Unreachable => {
            "public network access is disabled, and no private endpoint is approved".to_owned()
        }
        Why::NetworkUntold => "public network access is disabled, and the document does not show \
             whether a private endpoint is approved"
            .to_owned(),
        Why::NotInInput if reason.closed => {
            "the export of its subscription has no such instance".to_owned()
        }
        Why::NotInInput => "the instance is not in the input".to_owned(),
        Why::Needs(kind) if access.tenant.has(kind) => {
            format!("the input has only a part of the {}", kind.plural())
        }
        Why::Needs(kind) => format!("no {} in the input", kind.plural()),
    }
}

fn lacks(what: &str, missing: &str) -> String {
    if missing.is_empty() {
        what.to_owned()
    } else {
        format!("{what}: they lack {missing}")
    }
}

fn proof_called(proof: Proof) -> &'static str {
    match proof {
        Proof::Secret => "client secret",
        Proof::Certificate => "certificate",
        Proof::Federated => "federated credential",
        Proof::Any => "secret, certificate or federated credential",
    }
}

/// "Read.Write"
fn scope(access: &Access<'_>) -> String {
    match (access.scope_values().first(), access.profile.scopes.first()) {
        (Some(value), _) => crate::rules::out::one_line(value),
        (None, Some(id)) => id.to_string(),
        (None, None) => "the permission".to_owned(),
    }
}

/// "Azure Digital Twins › Read.Write"
fn wanted(access: &Access<'_>) -> String {
    format!("{} › {}", access.profile.resource_name, scope(access))
}
