//! The rules: what can be wrong, each in one place with its documentation and its check.
//!
//! A rule is a `static` made by [`declare_rule!`]: its doc comment is its documentation, its
//! fields are its entry in every list, its `check` is a function over the model. [`RULES`] is the
//! only registration; `explain`, `rules`, RULES.md and the configuration's schema derive from it.
//!
//! Rules know no JSON, no file, no clock and no environment: dates come from [`Context::now`],
//! places are spans, and what a finding says is written by a closure that only runs when the
//! finding is printed.

pub mod audience;
pub mod client;
pub mod command;
pub mod consent;
pub mod context;
pub mod credential;
pub mod digital_twins;
pub mod document;
pub mod federated;
pub mod hygiene;
pub mod joined;
pub mod out;
pub mod permission;
pub mod posture;
pub mod principal;
pub mod redirect;
pub mod role;

use std::fmt;

pub use crate::declare_rule;
use crate::model::{
    AppManagementPolicy, AppRoleAssignment, Application, AuthorizationPolicy, ConsentPolicy,
    DelegatedGrant, Fault, FederatedCredential, Instance, ObjectKind, RequiredAccess,
    RoleAssignment, RoleDefinition, ServicePrincipal,
};
use crate::tenant::{
    AppRoleRow, ApplicationRow, AssignmentRow, DefinitionRow, DirectoryRoleRow, FederatedRow,
    GrantRow, InstanceRow, LinkRow, PolicyRow, PrincipalRow,
};
pub use context::{Context, CredentialLimits, Flow, Profile, RuleSettings, Want};
pub use joined::{Join, JoinOut, Words};
pub use out::{FactValue, Filter, Finding, Out, Sink, Subject, Tally, Wording, shell_word};

/// How bad a finding is.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// It will fail, or it widens exposure.
    Warning,
    /// It fails or is invalid, or a secret is exposed.
    Error,
}

impl Severity {
    pub const ALL: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Info];

    pub fn name(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Who wants to hear of it.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Persona {
    /// Everyone.
    Regular,
    /// Those who audit a tenant: silent unless `--persona audit`.
    Audit,
}

impl Persona {
    pub fn name(self) -> &'static str {
        match self {
            Persona::Regular => "regular",
            Persona::Audit => "audit",
        }
    }
}

/// The groups of the catalogue.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    Document,
    Permission,
    DigitalTwins,
    Audience,
    Redirect,
    Client,
    Credential,
    Federated,
    Principal,
    Consent,
    Role,
    Posture,
    Hygiene,
}

impl Group {
    pub fn name(self) -> &'static str {
        match self {
            Group::Document => "document",
            Group::Permission => "permission",
            Group::DigitalTwins => "digital-twins",
            Group::Audience => "audience",
            Group::Redirect => "redirect",
            Group::Client => "client",
            Group::Credential => "credential",
            Group::Federated => "federated",
            Group::Principal => "principal",
            Group::Consent => "consent",
            Group::Role => "role",
            Group::Posture => "posture",
            Group::Hygiene => "hygiene",
        }
    }
}

macro_rules! checks {
    (
        objects { $($(#[$doc:meta])* $object:ident($model:ident),)* }
        rows { $($(#[$row_doc:meta])* $joined:ident($row:ident),)* }
    ) => {
        /// What a rule looks at. A rule has a check for every kind of object it speaks of.
        #[derive(Copy, Clone)]
        pub enum Check {
            $($(#[$doc])* $object(fn(&$model<'_>, &Context<'_>, &mut Out<'_>)),)*
            /// One list of required permissions: an application's, or a file of its own.
            RequiredAccess(fn(&RequiredAccess<'_>, &Context<'_>, &mut Out<'_>)),
            /// All faults of one record as a document.
            Document(fn(&[Fault<'_>], &Context<'_>, &mut Out<'_>)),
            $($(#[$row_doc])* $joined(fn(&$row, &Join<'_>, &mut JoinOut<'_>)),)*
            /// Two objects that share what must not be shared: found by the marks of the index.
            Shared,
            /// The input itself; raised while it is read, before there is a model.
            Input,
        }

        impl Check {
            /// Whether it looks at one object and needs no other document to find something.
            pub fn is_of_one_object(&self) -> bool {
                matches!(
                    self,
                    $(Check::$object(_))|* | Check::RequiredAccess(_) | Check::Document(_)
                )
            }

            /// Which of the two objects of a client id it finds something in; `None` for what
            /// speaks of others.
            pub fn judges(&self) -> Option<ObjectKind> {
                match self {
                    Check::Application(_)
                    | Check::RequiredAccess(_)
                    | Check::JoinedApplication(_) => Some(ObjectKind::Application),
                    Check::Principal(_) | Check::JoinedPrincipal(_) => {
                        Some(ObjectKind::ServicePrincipal)
                    }
                    _ => None,
                }
            }
        }
    };
}

checks! {
    objects {
        /// One application.
        Application(Application),
        /// One service principal.
        Principal(ServicePrincipal),
        /// One delegated permission grant.
        Grant(DelegatedGrant),
        /// One app role assignment.
        AppRole(AppRoleAssignment),
        /// One federated identity credential, in a document of its own or inside its application.
        Federated(FederatedCredential),
        /// One Azure role assignment or PIM row.
        Assignment(RoleAssignment),
        /// One role definition.
        Definition(RoleDefinition),
        /// One Azure Digital Twins instance.
        Instance(Instance),
        /// One policy of a tenant.
        Authorization(AuthorizationPolicy),
        ConsentRequests(ConsentPolicy),
        AppManagement(AppManagementPolicy),
    }
    rows {
        /// One application among the documents of its tenant; the others likewise.
        JoinedApplication(ApplicationRow),
        JoinedPrincipal(PrincipalRow),
        JoinedGrant(GrantRow),
        JoinedAppRole(AppRoleRow),
        JoinedFederated(FederatedRow),
        JoinedOwner(LinkRow),
        JoinedAssignment(AssignmentRow),
        JoinedDefinition(DefinitionRow),
        JoinedInstance(InstanceRow),
        JoinedDirectoryRole(DirectoryRoleRow),
        JoinedPolicy(PolicyRow),
    }
}

/// One rule: metadata, documentation and check.
pub struct Rule {
    /// Final, kebab-case, names the bad state: "allow *secret-expired*" reads well.
    pub id: &'static str,
    pub group: Group,
    /// The usual severity; a check may report a lower or higher one where its documentation says.
    pub severity: Severity,
    pub persona: Persona,
    /// Who hears more of it than others do.
    pub more_for: Option<Persona>,
    /// Kinds of objects without which the rule cannot judge: one of every group.
    pub needs: &'static [&'static [ObjectKind]],
    /// Kinds of which the export must be complete, for the rule concludes from what is missing.
    /// Its joined checks do not run otherwise.
    pub complete: &'static [ObjectKind],
    /// The version that brought it.
    pub since: &'static str,
    /// Configuration keys that change it.
    pub options: &'static [&'static str],
    /// Pages that state the facts behind it.
    pub references: &'static [&'static str],
    /// Other tools' names for the same check.
    pub peers: &'static [&'static str],
    /// What `--fix` does about some of its findings, in the imperative; `None` where it does
    /// nothing.
    pub fix: Option<&'static str>,
    /// Markdown: the bad state in the first line, then *Why it matters*, *What is checked*, *Fix*
    /// and, where there are any, *Options*.
    pub docs: &'static str,
    pub checks: &'static [Check],
}

impl Rule {
    /// Every kind of object the rule speaks of, once.
    pub fn kinds(&self) -> impl Iterator<Item = ObjectKind> {
        let all = || self.needs.iter().flat_map(|group| group.iter().copied());
        all()
            .enumerate()
            .filter(move |(at, kind)| !all().take(*at).any(|before| before == *kind))
            .map(|(_, kind)| kind)
    }

    /// The documentation's first line, without its full stop: states the bad state.
    pub fn summary(&self) -> &'static str {
        let docs = self.docs.trim_start();
        let line = docs.lines().next().unwrap_or("").trim();
        line.strip_suffix('.').unwrap_or(line)
    }

    /// Where to read more: the first page that states the fact behind the rule.
    pub fn url(&self) -> &'static str {
        self.references.first().copied().unwrap_or("")
    }

    /// The rule of that id.
    pub fn find(id: &str) -> Option<&'static Rule> {
        RULES
            .binary_search_by(|rule| rule.id.cmp(id))
            .ok()
            .map(|at| RULES[at])
    }

    /// This rule's place in [`RULES`].
    #[expect(clippy::expect_used, reason = "a test proves it")]
    pub fn index(&self) -> usize {
        RULES
            .binary_search_by(|rule| rule.id.cmp(self.id))
            .expect("every declared rule stands in RULES; a test proves it")
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Rule) -> bool {
        self.id == other.id
    }
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id)
    }
}

/// The one thing there may be; for [`declare_rule!`], whose repetitions make lists.
#[doc(hidden)]
pub const fn first<T: Copy>(things: &[T]) -> Option<T> {
    match things {
        [] => None,
        [thing, ..] => Some(*thing),
    }
}

/// Declares a rule: its doc comment becomes its documentation.
#[macro_export]
macro_rules! declare_rule {
    (
        $(#[doc = $doc:literal])*
        pub static $name:ident = {
            id: $id:literal,
            group: $group:ident,
            severity: $severity:ident,
            persona: $persona:ident,
            $(more_for: $more:ident,)?
            needs: [$($($need:ident)|+),* $(,)?],
            $(complete: [$($complete:ident),* $(,)?],)?
            since: $since:literal,
            $(options: [$($option:literal),* $(,)?],)?
            references: [$($reference:literal),* $(,)?],
            $(peers: [$($peer:literal),* $(,)?],)?
            $(fix: $fix:literal,)?
            check: $($kind:ident $(($check:expr))?)|+,
        }
    ) => {
        $(#[doc = $doc])*
        pub static $name: $crate::rules::Rule = $crate::rules::Rule {
            id: $id,
            group: $crate::rules::Group::$group,
            severity: $crate::rules::Severity::$severity,
            persona: $crate::rules::Persona::$persona,
            more_for: $crate::rules::first(&[$($crate::rules::Persona::$more)?]),
            needs: &[$(&[$($crate::model::ObjectKind::$need),+]),*],
            complete: &[$($($crate::model::ObjectKind::$complete),*)?],
            since: $since,
            options: &[$($($option),*)?],
            references: &[$($reference),*],
            peers: &[$($($peer),*)?],
            fix: $crate::rules::first(&[$($fix)?]),
            docs: concat!($($doc, "\n"),*),
            checks: &[$($crate::rules::Check::$kind $(($check))?),+],
        };
    };
}

/// Every rule, sorted by id: the only registration.
pub static RULES: &[&Rule] = &[
    &digital_twins::ADT_AUDIENCE_NOT_SINGLE_TENANT,
    &digital_twins::ADT_CONSENT_LACKS_SCOPE,
    &digital_twins::ADT_CONSENT_MISSING,
    &digital_twins::ADT_CONSENT_WRONG_RESOURCE,
    &digital_twins::ADT_CONTROL_PLANE_ROLE_ONLY,
    &digital_twins::ADT_DATA_ROLE_ELSEWHERE,
    &digital_twins::ADT_DATA_ROLE_MISSING,
    &digital_twins::ADT_DATA_ROLE_ON_APP_ONLY,
    &digital_twins::ADT_DATA_ROLE_READ_ONLY,
    &digital_twins::ADT_DATA_ROLE_TOO_BROAD,
    &digital_twins::ADT_EXTRA_PERMISSION,
    &digital_twins::ADT_FOREIGN_TENANT,
    &digital_twins::ADT_INSTANCE_UNAVAILABLE,
    &digital_twins::ADT_INSTANCE_UNREACHABLE,
    &digital_twins::ADT_LOCALHOST_REDIRECT_MISSING,
    &digital_twins::ADT_LOCALHOST_REDIRECT_UNMATCHED,
    &digital_twins::ADT_LOCALHOST_REDIRECT_WRONG_PLATFORM,
    &digital_twins::ADT_PERMISSION_MISSING,
    &digital_twins::ADT_PERMISSION_UNNEEDED,
    &digital_twins::ADT_PERMISSION_WRONG_SCOPE,
    &digital_twins::ADT_RESOURCE_PRINCIPAL_MISSING,
    &digital_twins::ADT_ROLE_PREVIEW_NAME,
    &digital_twins::ADT_SPA_NEEDS_PROXY,
    &principal::APPLICATION_DELETED,
    &principal::APPLICATION_DISABLED,
    &posture::APPLICATION_UNUSED,
    &principal::ASSIGNMENT_NOT_REQUIRED,
    &principal::ASSIGNMENT_REQUIRED_UNASSIGNED,
    &audience::AUDIENCE_LIMIT,
    &audience::AUDIENCE_TOKEN_VERSION,
    &audience::AUDIENCE_UNKNOWN_VALUE,
    &credential::CERTIFICATE_DATES_INVERTED,
    &credential::CERTIFICATE_EXPIRED,
    &credential::CERTIFICATE_EXPIRING,
    &credential::CERTIFICATE_LONG_LIVED,
    &posture::CERTIFICATE_WEAK,
    &document::CONFLICTING_OBJECTS,
    &consent::CONSENT_ORPHANED,
    &consent::CONSENT_PER_USER,
    &consent::CONSENT_TENANT_WIDE_CRITICAL,
    &credential::CREDENTIAL_MISSING,
    &posture::CREDENTIAL_NOT_ROTATED,
    &credential::CREDENTIAL_ON_FIRST_PARTY,
    &credential::CREDENTIAL_ON_SERVICE_PRINCIPAL,
    &credential::CREDENTIAL_SHARED,
    &credential::CREDENTIAL_VIOLATES_POLICY,
    &role::CUSTOM_ROLE_GRANTS_ROLES,
    &role::CUSTOM_ROLE_INCOMPLETE_READ,
    &role::CUSTOM_ROLE_MISPLACED_DATA_ACTION,
    &role::CUSTOM_ROLE_SCOPE,
    &role::CUSTOM_ROLE_UNKNOWN_OPERATION,
    &role::CUSTOM_ROLE_WILDCARD,
    &document::DEPTH_TRUNCATED,
    &posture::DIRECTORY_ROLE_PRIVILEGED,
    &hygiene::DISPLAY_NAME_SHARED,
    &document::DUPLICATE_KEY,
    &document::ERROR_RESPONSE,
    &document::EXPORT_TRUNCATED,
    &hygiene::EXPOSED_SCOPE_INVALID,
    &federated::FEDERATED_BROAD,
    &federated::FEDERATED_DUPLICATE,
    &federated::FEDERATED_GITHUB_SUBJECT,
    &federated::FEDERATED_INVALID,
    &federated::FEDERATED_KUBERNETES_SUBJECT,
    &federated::FEDERATED_LIMIT,
    &hygiene::IDENTIFIER_URI_INVALID,
    &hygiene::IDENTIFIER_URI_SHARED,
    &client::IMPLICIT_GRANT,
    &document::INVALID_ENCODING,
    &document::INVALID_JSON,
    &document::LEGACY_MANIFEST,
    &redirect::LOGOUT_URL_INVALID,
    &hygiene::MANIFEST_TOO_LARGE,
    &hygiene::MICROSOFT_IMPERSONATION,
    &audience::MULTI_TENANT,
    &audience::MULTI_TENANT_MAPPED_CLAIMS,
    &audience::MULTI_TENANT_UNLOCKED,
    &client::NATIVE_AUTHENTICATION,
    &client::NO_USABLE_FLOW,
    &consent::ON_BEHALF_OF_UNPREPARED,
    &hygiene::OWNER_GUEST,
    &hygiene::OWNER_MISSING,
    &permission::PERMISSION_DISABLED,
    &permission::PERMISSION_DUPLICATE,
    &permission::PERMISSION_EMPTY,
    &permission::PERMISSION_GRANTED_NOT_REQUESTED,
    &permission::PERMISSION_HIGH_RISK,
    &permission::PERMISSION_LIMIT,
    &permission::PERMISSION_MALFORMED,
    &posture::PERMISSION_MANY,
    &permission::PERMISSION_NOT_GRANTED,
    &permission::PERMISSION_NOT_GUID,
    &permission::PERMISSION_RETIRED_API,
    &permission::PERMISSION_SWAPPED_IDS,
    &permission::PERMISSION_TIER_ZERO,
    &permission::PERMISSION_UNKNOWN,
    &permission::PERMISSION_UNWRAPPED,
    &permission::PERMISSION_WRONG_TYPE,
    &consent::PREAUTHORIZED_UNKNOWN,
    &posture::PRIVILEGED_FOREIGN,
    &posture::PRIVILEGED_WITH_OWNER,
    &posture::PRIVILEGED_WITH_SECRET,
    &client::PUBLIC_CLIENT_FLOW_OFF,
    &client::PUBLIC_CLIENT_FLOW_ON,
    &client::PUBLIC_CLIENT_WITH_CREDENTIAL,
    &redirect::REDIRECT_CASE_TWINS,
    &redirect::REDIRECT_CLAIMABLE_HOST,
    &redirect::REDIRECT_FOREIGN_CLIENT,
    &redirect::REDIRECT_INSECURE,
    &redirect::REDIRECT_INVALID,
    &redirect::REDIRECT_IPV6_LOOPBACK,
    &redirect::REDIRECT_LIMIT,
    &redirect::REDIRECT_LOCALHOST_PORT_TWINS,
    &redirect::REDIRECT_ON_TWO_PLATFORMS,
    &redirect::REDIRECT_ONLY_ON_SERVICE_PRINCIPAL,
    &redirect::REDIRECT_OUT_OF_BAND,
    &redirect::REDIRECT_WILDCARD,
    &redirect::REDIRECT_WRONG_PLATFORM,
    &posture::ROLE_AT_ROOT,
    &posture::ROLE_CLASSIC_ADMINISTRATOR,
    &role::ROLE_CONDITIONAL,
    &role::ROLE_DENIED,
    &posture::ROLE_DIRECT_USER,
    &role::ROLE_DUPLICATE,
    &posture::ROLE_GUEST_PRIVILEGED,
    &role::ROLE_ON_APPLICATION_OBJECT,
    &role::ROLE_ON_CLIENT_ID,
    &posture::ROLE_ON_DISABLED_PRINCIPAL,
    &role::ROLE_ORPHANED,
    &posture::ROLE_OWNER_COUNT,
    &posture::ROLE_PERMANENT,
    &role::ROLE_PRINCIPAL_TYPE_MISMATCH,
    &role::ROLE_PRIVILEGED,
    &role::ROLE_RECENT,
    &role::ROLE_SELF_ESCALATION,
    &role::ROLE_UNKNOWN_DEFINITION,
    &role::ROLE_VIA_UNKNOWN_GROUP,
    &credential::SECRET_DATES_INVERTED,
    &credential::SECRET_EXPIRED,
    &credential::SECRET_EXPIRING,
    &document::SECRET_IN_FILE,
    &credential::SECRET_IN_USE,
    &credential::SECRET_LONG_LIVED,
    &credential::SECRET_NEVER_EXPIRES,
    &credential::SECRET_NO_OVERLAP,
    &credential::SECRET_NOT_YET_VALID,
    &principal::SERVICE_PRINCIPAL_DISABLED,
    &principal::SERVICE_PRINCIPAL_MISSING,
    &principal::SERVICE_PRINCIPAL_ORPHANED,
    &document::SHAPE_MISMATCH,
    &hygiene::SUPPRESSION_EXPIRED,
    &hygiene::SUPPRESSION_UNUSED,
    &posture::TENANT_CONSENT_WORKFLOW_OFF,
    &posture::TENANT_CREDENTIAL_POLICY,
    &posture::TENANT_USER_CONSENT,
    &posture::TENANT_USER_REGISTRATION,
    &credential::TOO_MANY_SECRETS,
    &document::UNREADABLE_INPUT,
    &document::UNRECOGNIZED_DOCUMENT,
    &document::UNRESOLVED_PLACEHOLDER,
    &audience::UNVERIFIED_PUBLISHER,
];
