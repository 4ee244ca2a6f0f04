//! What a rule may know besides the object it looks at: the evaluation date, the settings, the
//! profile.

use super::joined::Join;
use crate::access::operations::Operations;
use crate::catalog::digital_twins;
use crate::model::{Application, Audience, Guid, Instant};
use crate::tenant::ApplicationRow;

/// A sign-in flow, as configured in `flows`.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flow {
    Interactive,
    DeviceCode,
    Web,
    Spa,
    OnBehalfOf,
    AppOnly,
    AppOnlySecret,
    AppOnlyCertificate,
    AppOnlyFederated,
    ManagedIdentity,
    Ropc,
    IntegratedWindows,
}

impl Flow {
    pub const ALL: [Flow; 12] = [
        Flow::Interactive,
        Flow::DeviceCode,
        Flow::Web,
        Flow::Spa,
        Flow::OnBehalfOf,
        Flow::AppOnly,
        Flow::AppOnlySecret,
        Flow::AppOnlyCertificate,
        Flow::AppOnlyFederated,
        Flow::ManagedIdentity,
        Flow::Ropc,
        Flow::IntegratedWindows,
    ];

    /// The name in configuration and reports.
    pub fn name(self) -> &'static str {
        match self {
            Flow::Interactive => "interactive",
            Flow::DeviceCode => "device-code",
            Flow::Web => "web",
            Flow::Spa => "spa",
            Flow::OnBehalfOf => "on-behalf-of",
            Flow::AppOnly => "app-only",
            Flow::AppOnlySecret => "app-only-secret",
            Flow::AppOnlyCertificate => "app-only-certificate",
            Flow::AppOnlyFederated => "app-only-federated",
            Flow::ManagedIdentity => "managed-identity",
            Flow::Ropc => "ropc",
            Flow::IntegratedWindows => "integrated-windows",
        }
    }

    pub fn parse(name: &str) -> Option<Flow> {
        Flow::ALL.into_iter().find(|flow| flow.name() == name)
    }

    /// The application signs in as itself; no user, no delegated permission.
    pub fn is_app_only(self) -> bool {
        matches!(
            self,
            Flow::AppOnly
                | Flow::AppOnlySecret
                | Flow::AppOnlyCertificate
                | Flow::AppOnlyFederated
                | Flow::ManagedIdentity
        )
    }

    /// The client proves who it is with a credential of its own.
    pub fn is_confidential(self) -> bool {
        matches!(
            self,
            Flow::Web
                | Flow::OnBehalfOf
                | Flow::AppOnly
                | Flow::AppOnlySecret
                | Flow::AppOnlyCertificate
                | Flow::AppOnlyFederated
        )
    }

    /// Entra cannot tell from a redirect that the client is public, so `isFallbackPublicClient`
    /// decides (Microsoft Learn, "Public client and confidential client applications").
    pub fn needs_public_client_flow(self) -> bool {
        matches!(
            self,
            Flow::DeviceCode | Flow::Ropc | Flow::IntegratedWindows
        )
    }

    /// Sign-in in the system browser with `http://localhost` as redirect.
    pub fn needs_localhost_redirect(self) -> bool {
        self == Flow::Interactive
    }
}

/// The level of access the profile wants on an instance.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Want {
    Read,
    Write,
}

/// Lifetimes beyond which credentials are reported, in days.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct CredentialLimits {
    /// Ends within so many days: *expiring*.
    pub expiring: i64,
    /// A secret's longest lifetime.
    pub secret: i64,
    /// A certificate's longest lifetime.
    pub certificate: i64,
}

impl Default for CredentialLimits {
    fn default() -> Self {
        CredentialLimits {
            expiring: 30,
            secret: 180,
            certificate: 365,
        }
    }
}

/// The API whose registrations are checked: what an application must ask for and look like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    pub name: String,
    /// The resource's app id.
    pub resource: Guid,
    /// What people call it.
    pub resource_name: String,
    /// Delegated permissions a client needs; the first is the one to name in a fix. Empty: nobody is
    /// known to sign in for this API, and no rule expects it.
    pub scopes: Vec<Guid>,
    /// Built-in roles that give access to the resource's data; the first is the one to name in a
    /// fix.
    pub data_roles: Vec<Guid>,
    /// What can be done with the resource's data.
    pub operations: Operations,
    /// The widest audience that a client may have. Tokens for Azure resources are those of one's
    /// own tenant, so that is what another API is taken for too.
    pub audience: Audience,
}

impl Profile {
    /// The flagship: "Create an app registration to use with Azure Digital Twins".
    pub fn azure_digital_twins() -> Profile {
        Profile {
            resource_name: digital_twins::NAME.to_owned(),
            scopes: vec![digital_twins::READ_WRITE],
            data_roles: vec![digital_twins::DATA_OWNER, digital_twins::DATA_READER],
            operations: Operations::digital_twins(),
            ..Profile::new("azure-digital-twins", digital_twins::RESOURCE)
        }
    }

    /// For an API of which nothing is said but its app id.
    pub fn new(name: &str, resource: Guid) -> Profile {
        Profile {
            name: name.to_owned(),
            resource,
            resource_name: name.to_owned(),
            scopes: Vec::new(),
            data_roles: Vec::new(),
            audience: Audience::MyOrg,
            operations: Operations::by_role(),
        }
    }

    /// Whether a client may have this audience.
    pub fn admits(&self, audience: Audience) -> bool {
        audience == Audience::MyOrg
            || audience == self.audience
            || self.audience == Audience::MultipleOrgsAndPersonal
    }
}

/// Everything about a run that rules may depend on.
#[derive(Clone, Debug)]
pub struct RuleSettings {
    /// The evaluation date.
    pub now: Instant,
    /// `None`: the profile `entra`, no API of its own.
    pub profile: Option<Profile>,
    /// `flows`, when it is written in the configuration.
    pub flows: Option<Vec<Flow>>,
    pub want: Want,
    /// `admin-consent = "required"`: users are never asked.
    pub admin_consent_required: bool,
    /// Resource ids of the instances that applications are meant for; empty: those of the input.
    pub instances: Vec<String>,
    /// The tenant of the instances, where the configuration names it.
    pub tenant: Option<Guid>,
    pub credentials: CredentialLimits,
}

impl RuleSettings {
    /// Settings without a configuration, at `now`, for the flagship profile.
    pub fn new(now: Instant) -> RuleSettings {
        RuleSettings {
            now,
            profile: Some(Profile::azure_digital_twins()),
            flows: None,
            want: Want::Write,
            admin_consent_required: false,
            instances: Vec::new(),
            tenant: None,
            credentials: CredentialLimits::default(),
        }
    }
}

/// What a check is given besides its object.
pub struct Context<'c> {
    pub settings: &'c RuleSettings,
    /// The profile, when it applies to this object.
    pub profile: Option<&'c Profile>,
    /// The application a list of required permissions belongs to; `None` for a bare file.
    pub application: Option<&'c Application<'c>>,
    /// The other documents of the tenant; `None` while they are still being read, and for objects
    /// other than applications and the service principals of applications in the input. A rule that
    /// would judge otherwise if it knew them says so with [`super::Out::depends_on`], and is asked
    /// again when they are known.
    pub beside: Option<Beside<'c>>,
}

/// What other documents tell of the object that is being judged.
#[derive(Copy, Clone)]
pub struct Beside<'c> {
    pub join: Join<'c>,
    /// The application that is judged, or the one whose service principal is.
    pub row: &'c ApplicationRow,
}

impl Context<'_> {
    /// The evaluation date.
    pub fn now(&self) -> Instant {
        self.settings.now
    }

    /// Federated credentials of the application that stand in other documents; none while those
    /// are not known.
    pub fn federated_beside(&self) -> usize {
        self.beside.map_or(0, |beside| {
            let own = |at| at == beside.row.at;
            let all = beside.join.tenant.federated_of(beside.row);
            all.filter(|row| !own(row.at)).count()
        })
    }

    /// Whether other documents tell all federated credentials of the application that is judged.
    pub fn knows_federated(&self) -> bool {
        self.beside
            .is_some_and(|beside| beside.join.tenant.knows_federated(beside.row))
    }

    /// The configured flows, where they speak of this object. They are the profile's: of an
    /// application that it does not apply to they say nothing.
    pub fn flows(&self) -> Option<&[Flow]> {
        if self.profile.is_none() && self.settings.profile.is_some() {
            return None;
        }
        self.settings.flows.as_deref()
    }

    /// Whether a configured flow satisfies `test`; false where `flows` is left out.
    pub fn any_flow(&self, test: impl Fn(Flow) -> bool) -> bool {
        self.flows()
            .is_some_and(|flows| flows.iter().any(|flow| test(*flow)))
    }

    /// Whether every configured flow is app-only; false where `flows` is left out or empty.
    pub fn is_app_only(&self) -> bool {
        self.flows()
            .is_some_and(|flows| !flows.is_empty() && flows.iter().all(|flow| flow.is_app_only()))
    }

    /// Whether a sign-in in the system browser is expected: configured, or nothing is and the
    /// profile's API has delegated permissions.
    pub fn expects_browser_sign_in(&self) -> bool {
        match &self.settings.flows {
            None => self
                .profile
                .is_none_or(|profile| !profile.scopes.is_empty()),
            Some(flows) => flows.iter().any(|flow| flow.needs_localhost_redirect()),
        }
    }

    /// What `--id` takes for this object's application.
    pub fn cli_id(&self) -> String {
        self.application
            .map_or_else(|| "<appId>".to_owned(), Application::cli_id)
    }
}
