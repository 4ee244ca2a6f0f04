//! What changed between two inputs: objects added, removed and changed in what matters.
//!
//! An object is the same where its identity is: an application's client id, a service principal's
//! object id, and for everything that says who may do what (grants, assignments) just that, so that
//! an assignment that was made anew is no change. Two objects are compared by [`Facts`], aspect by
//! aspect, and only in aspects that both documents show: absent is not removed.
//!
//! First a [`census`] keeps a digest of every object of each side; only objects whose digests
//! differ are read again and put into words.

mod assigned;
mod census;
mod compare;
mod facts;
mod registered;

use crate::model::{ObjectKind, Platform};
use crate::rules::Subject;

pub use compare::{compare, lines};
pub use facts::{Fact, Facts};

/// Something about an object that may change. The order is that of reports.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aspect {
    Enabled,
    Deleted,
    Audience,
    Permission,
    Redirect(Platform),
    ReplyUrl,
    IdentifierUri,
    Secret,
    Certificate,
    FederatedCredential,
    PublicClientFlow,
    ImplicitAccessTokens,
    ImplicitIdTokens,
    ExposedScope,
    AppRole,
    PreauthorizedClient,
    Owner,
    AssignmentRequired,
    Condition,
    Principal,
    ExcludedPrincipal,
    Action,
    NotAction,
    DataAction,
    NotDataAction,
    AssignableScope,
    PublicNetworkAccess,
    PrivateEndpoint,
    Identity,
}

impl Aspect {
    /// As a line calls one of it.
    pub fn name(self) -> &'static str {
        match self {
            Aspect::Enabled => "sign-in",
            Aspect::Deleted => "state",
            Aspect::Audience => "audience",
            Aspect::Permission => "permission",
            Aspect::Redirect(_) => "redirect",
            Aspect::ReplyUrl => "reply URL",
            Aspect::IdentifierUri => "identifier URI",
            Aspect::Secret => "secret",
            Aspect::Certificate => "certificate",
            Aspect::FederatedCredential => "federated credential",
            Aspect::PublicClientFlow => "public client flow",
            Aspect::ImplicitAccessTokens => "implicit access tokens",
            Aspect::ImplicitIdTokens => "implicit id tokens",
            Aspect::ExposedScope => "exposed scope",
            Aspect::AppRole => "app role",
            Aspect::PreauthorizedClient => "preauthorized client",
            Aspect::Owner => "owner",
            Aspect::AssignmentRequired => "assignment required",
            Aspect::Condition => "condition",
            Aspect::Principal => "principal",
            Aspect::ExcludedPrincipal => "excluded principal",
            Aspect::Action => "action",
            Aspect::NotAction => "excluded action",
            Aspect::DataAction => "data action",
            Aspect::NotDataAction => "excluded data action",
            Aspect::AssignableScope => "assignable scope",
            Aspect::PublicNetworkAccess => "public network access",
            Aspect::PrivateEndpoint => "private endpoint",
            Aspect::Identity => "managed identity",
        }
    }
}

/// What became of something.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    Added,
    Removed,
    Changed,
}

impl Change {
    pub const ALL: [Change; 3] = [Change::Added, Change::Removed, Change::Changed];

    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Change::Added => "added",
            Change::Removed => "removed",
            Change::Changed => "changed",
        }
    }

    /// The sign that a line begins with.
    pub fn sign(self) -> char {
        match self {
            Change::Added => '+',
            Change::Removed => '-',
            Change::Changed => '~',
        }
    }
}

/// One line of what changed about an object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    pub aspect: Aspect,
    /// Which one of several: untrusted text; empty where there is only one.
    pub item: String,
    pub change: Change,
    /// What it was and what it is, where that is a value: untrusted text.
    pub before: Option<String>,
    pub after: Option<String>,
}

/// An object that changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Altered {
    pub change: Change,
    /// Of an assignment or a grant, the name says who has what: untrusted text.
    pub subject: Subject,
    /// What changed; of an object that came or went, the items it has or had.
    pub lines: Vec<Line>,
}

/// How many objects of one kind came, went, changed and stayed.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub added: u64,
    pub removed: u64,
    pub changed: u64,
    pub unchanged: u64,
}

/// One of the two inputs.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    Old,
    New,
}

impl Side {
    pub const BOTH: [Side; 2] = [Side::Old, Side::New];

    /// Its name in reports for programs.
    pub fn name(self) -> &'static str {
        match self {
            Side::Old => "old",
            Side::New => "new",
        }
    }

    /// As the command line calls it.
    pub fn called(self) -> &'static str {
        match self {
            Side::Old => "OLD",
            Side::New => "NEW",
        }
    }
}

/// Something that could not be compared, and so is neither new nor gone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NotCompared {
    /// Objects of this kind; all kinds where neither this nor `rule` is there.
    pub kind: Option<ObjectKind>,
    /// Findings of this rule.
    pub rule: Option<String>,
    /// Which side lacks it.
    pub side: Side,
    /// May quote the input.
    pub reason: String,
    /// Findings of the other side that are left out because of it.
    pub findings: u64,
}

impl Objects {
    /// Takes over what else could not be compared; what is said of a kind already gets the findings
    /// added.
    pub fn add_not_compared(&mut self, more: Vec<NotCompared>) {
        for not in more {
            let same = self.not_compared.iter_mut().find(|known| {
                (known.kind, &known.rule, known.side, &known.reason)
                    == (not.kind, &not.rule, not.side, &not.reason)
            });
            match same {
                Some(known) => known.findings += not.findings,
                None => self.not_compared.push(not),
            }
        }
        self.not_compared.sort();
    }
}

/// Why nothing is said of a kind of document that is not there.
pub fn absent(kind: ObjectKind) -> String {
    format!("no {} in the input", kind.called())
}

/// Why little is said of a kind of document of which not all is there.
pub fn partial(kind: ObjectKind) -> String {
    format!("the input has only a part of the {}", kind.plural())
}

/// What became of the objects.
#[derive(Clone, Debug, Default)]
pub struct Objects {
    /// Sorted by kind and name.
    pub altered: Vec<Altered>,
    /// By kind; kinds of which nothing could be compared are not among them.
    pub counts: Vec<(ObjectKind, Counts)>,
    /// Sorted.
    pub not_compared: Vec<NotCompared>,
}
