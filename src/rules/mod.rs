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
pub mod quick;
pub mod redirect;
mod registry;
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
pub use out::{FactValue, Filter, Finding, Fired, Out, Sink, Subject, Tally, Wording, shell_word};
pub use registry::RULES;

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
