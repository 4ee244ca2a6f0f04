//! What a step of the plan is.

use crate::model::ObjectKind;

/// One document, or one for each id.
#[derive(Copy, Clone, Debug)]
pub struct Step {
    /// What the document holds.
    pub kind: ObjectKind,
    /// Its name in the folder. `{id}` is an object's id, `{subscription}` a subscription's.
    pub file: &'static str,
    /// What it holds and what it is for.
    pub holds: &'static str,
    /// Who may read it: a directory role or Graph permission, an Azure role, a licence.
    pub needs: &'static str,
    /// A line for a shell that gets the same without a script, `<…>` where an id belongs.
    pub supply: &'static str,
    /// Where it comes from.
    pub source: Source,
}

/// Where a document comes from, and how it comes whole.
#[derive(Copy, Clone, Debug)]
pub enum Source {
    /// A collection of Microsoft Graph: version, path and query. Pages follow `@odata.nextLink`.
    Graph {
        path: &'static str,
        /// What is kept of it for later steps.
        keep: Option<Keep>,
        /// The type of its records, where Graph tells it only in the page's context.
        of_type: &'static str,
    },
    /// One object of Microsoft Graph.
    Object { path: &'static str },
    /// A collection of Microsoft Graph for each id; `{id}` in the path.
    Each {
        ids: Ids,
        path: &'static str,
        /// All ids into one document: the set that its context names. Else each has its own.
        joined: Option<&'static str>,
    },
    /// A command of az that follows all pages itself.
    Command { words: &'static [&'static str] },
    /// The same, for each subscription.
    Subscription {
        words: &'static [&'static str],
        keep: Option<Keep>,
    },
    /// A collection of Azure Resource Manager below each subscription: path and query behind
    /// `/subscriptions/<id>/`. Pages follow `nextLink`.
    Arm {
        path: &'static str,
        keep: Option<Keep>,
    },
}

impl Source {
    /// It is asked once for each subscription.
    pub fn is_of_subscriptions(&self) -> bool {
        matches!(self, Source::Subscription { .. } | Source::Arm { .. })
    }
}

/// Lists of ids that later steps go through.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Ids {
    Applications,
    ServicePrincipals,
    /// Groups that hold an Azure role, or may activate one.
    Groups,
}

impl Ids {
    /// The list's name in a script.
    pub fn name(self) -> &'static str {
        match self {
            Ids::Applications => "applications",
            Ids::ServicePrincipals => "service-principals",
            Ids::Groups => "groups",
        }
    }
}

/// The id that a record contributes to a list.
#[derive(Copy, Clone, Debug)]
pub struct Keep {
    pub ids: Ids,
    /// A JMESPath expression, with single quotes alone: an id, or `-`.
    pub key: &'static str,
}
