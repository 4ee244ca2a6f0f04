//! Azure scopes, compared step by step and without regard to case.
//!
//! A scope is a path from the root `/`, and each of its steps is a pair of segments: what sort of
//! thing, and its name (`subscriptions/<id>`, `resourceGroups/rg`, `providers/<namespace>`,
//! `vaults/v`). The table is a tree of steps, so a scope lies within another exactly when the
//! other is one of its ancestors: `…/factory` never matches `…/factory-2`. A million assignments
//! share most of their steps. A path that breaks off within a pair is a scope, but holds none.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use memchr::memmem;

use super::names::{Numbers, Table};

/// A scope's number; [`ScopeId::ROOT`] is `/`.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScopeId(pub u32);

impl Default for ScopeId {
    fn default() -> ScopeId {
        ScopeId::NONE
    }
}

impl ScopeId {
    /// `/`: everything in the tenant.
    pub const ROOT: ScopeId = ScopeId(0);
    /// Not a scope: the text is none, or it is not known.
    pub const NONE: ScopeId = ScopeId(u32::MAX);
}

/// How far up a scope stands.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Root,
    ManagementGroup,
    Subscription,
    ResourceGroup,
    Resource,
    /// A path of another sort (`/providers/Microsoft.Billing/…`).
    Other,
}

impl Level {
    /// As a sentence calls it: "the subscription".
    pub fn called(self) -> &'static str {
        match self {
            Level::Root => "the root of the tenant",
            Level::ManagementGroup => "a management group",
            Level::Subscription => "the subscription",
            Level::ResourceGroup => "the resource group",
            Level::Resource => "the resource",
            Level::Other => "another scope",
        }
    }
}

/// All scopes of an input.
#[derive(Clone, Debug)]
pub struct Scopes {
    /// Parent and last step of every scope. The root stands for number 0.
    nodes: Vec<(u32, u32)>,
    /// The other way round: the number of every scope but the root by its parent's and that of its
    /// last step.
    below: Numbers,
    steps: Table<Box<str>>,
    /// Where paths are put into lower case, kept from one to the next.
    lower: String,
}

impl Default for Scopes {
    fn default() -> Self {
        Scopes {
            nodes: vec![(u32::MAX, u32::MAX)],
            below: Numbers::default(),
            steps: Table::default(),
            lower: String::new(),
        }
    }
}

/// Puts the path of a scope into `lower`, as it is compared: in lower case, with one slash between
/// segments and none around them. False for what is no scope.
fn normalise(text: &str, lower: &mut String) -> bool {
    static EMPTY: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new("//"));
    let text = text.trim();
    if text.is_empty() || !is_scope(text) {
        return false;
    }
    let path = text.trim_matches('/');
    lower.clear();
    if EMPTY.find(path.as_bytes()).is_some() {
        for segment in path.split('/').filter(|segment| !segment.is_empty()) {
            if !lower.is_empty() {
                lower.push('/');
            }
            lower.push_str(segment);
        }
    } else {
        lower.push_str(path);
    }
    if lower.is_ascii() {
        lower.make_ascii_lowercase();
    } else {
        *lower = lower.to_lowercase();
    }
    true
}

/// The steps of a path that was normalised, from the root downwards.
fn steps(path: &str) -> impl Iterator<Item = &str> {
    let mut rest = path;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = memchr::memchr_iter(b'/', rest.as_bytes())
            .nth(1)
            .unwrap_or(rest.len());
        let step = rest.get(..end)?;
        rest = rest.get(end + 1..).unwrap_or_default();
        Some(step)
    })
}

impl Scopes {
    /// The number of the scope that `text` names, in any case, with or without a leading slash and
    /// with any number of trailing ones. [`ScopeId::NONE`] for what names none.
    pub fn add(&mut self, text: &str) -> ScopeId {
        let mut lower = std::mem::take(&mut self.lower);
        let scope = match normalise(text, &mut lower) {
            true => ScopeId(steps(&lower).fold(0, |node, step| self.below(node, step))),
            false => ScopeId::NONE,
        };
        self.lower = lower;
        scope
    }

    /// The scope one step below `parent`.
    fn below(&mut self, parent: u32, step: &str) -> u32 {
        let step = self.steps.add_text(step);
        self.node(parent, step)
    }

    /// The scope below `parent` whose last step has this number.
    fn node(&mut self, parent: u32, step: u32) -> u32 {
        let Scopes { nodes, below, .. } = self;
        let (node, next) = ((parent, step), nodes.len() as u32);
        let number = below.add(&node, next, |known| &nodes[known as usize]);
        if number == next {
            nodes.push(node);
        }
        number
    }

    fn step(&self, scope: ScopeId) -> Option<&str> {
        let (_, step) = self.nodes.get(scope.0 as usize)?;
        self.steps.get(*step).map(|step| &**step)
    }

    /// The scope that `text` names, when the input has it.
    pub fn find(&self, text: &str) -> Option<ScopeId> {
        let mut lower = String::new();
        if !normalise(text, &mut lower) {
            return None;
        }
        let node = steps(&lower).try_fold(0, |node, step| {
            let step = self.steps.find(step)?;
            self.below
                .find(&(node, step), |known| &self.nodes[known as usize])
        });
        node.map(ScopeId)
    }

    /// Whether `inner` is `outer` or lies below it.
    pub fn is_within(&self, inner: ScopeId, outer: ScopeId) -> bool {
        self.ancestors(inner).any(|scope| scope == outer)
    }

    /// The scope itself, then its parent, up to the root; nothing for [`ScopeId::NONE`].
    pub fn ancestors(&self, scope: ScopeId) -> impl Iterator<Item = ScopeId> + '_ {
        let start = self.nodes.get(scope.0 as usize).map(|_| scope.0);
        std::iter::successors(start, move |node| {
            if *node == 0 {
                return None;
            }
            self.nodes.get(*node as usize).map(|(parent, _)| *parent)
        })
        .map(ScopeId)
    }

    /// The segments from the root downwards, in lower case.
    pub fn segments(&self, scope: ScopeId) -> Vec<&str> {
        let mut out: Vec<&str> = self
            .ancestors(scope)
            .filter(|scope| *scope != ScopeId::ROOT)
            .filter_map(|scope| self.step(scope))
            .flat_map(|step| step.rsplit('/'))
            .collect();
        out.reverse();
        out
    }

    /// The scope as a path, in lower case.
    pub fn text(&self, scope: ScopeId) -> String {
        if scope == ScopeId::ROOT {
            return "/".to_owned();
        }
        self.segments(scope)
            .iter()
            .fold(String::new(), |mut out, segment| {
                out.push('/');
                out.push_str(segment);
                out
            })
    }

    /// How far up the scope stands.
    pub fn level(&self, scope: ScopeId) -> Level {
        if scope == ScopeId::ROOT {
            return Level::Root;
        }
        let segments = self.segments(scope);
        match segments.as_slice() {
            ["providers", "microsoft.management", "managementgroups", _] => Level::ManagementGroup,
            ["subscriptions", _] => Level::Subscription,
            ["subscriptions", _, "resourcegroups", _] => Level::ResourceGroup,
            ["subscriptions", _, ..] if segments.len() > 3 => Level::Resource,
            _ => Level::Other,
        }
    }

    /// How many there are, with the root and what lies between them: numbers are below this.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is none but the root.
    pub fn is_empty(&self) -> bool {
        self.nodes.len() <= 1
    }

    /// The subscription a scope lies in or is: its id as text, in lower case.
    pub fn subscription(&self, scope: ScopeId) -> Option<&str> {
        let below_root = |scope: &ScopeId| *scope != ScopeId::ROOT;
        let first = self.ancestors(scope).take_while(below_root).last()?;
        self.step(first)?.strip_prefix("subscriptions/")
    }

    /// The subscriptions that some of `scopes` are or lie in: their ids as text, in lower case.
    pub fn subscriptions(&self, scopes: impl Iterator<Item = ScopeId>) -> BTreeSet<Box<str>> {
        let mut wanted = vec![false; self.nodes.len()];
        for scope in scopes {
            if let Some(wanted) = wanted.get_mut(scope.0 as usize) {
                *wanted = true;
            }
        }
        // What lies in a scope comes behind it, so everything wanted was met before its parent.
        let mut found = BTreeSet::new();
        for (node, (parent, _)) in self.nodes.iter().enumerate().rev() {
            if !wanted[node] {
                continue;
            }
            match wanted.get_mut(*parent as usize) {
                Some(above) if *parent != ScopeId::ROOT.0 => *above = true,
                _ => {
                    let step = self.step(ScopeId(node as u32));
                    let id = step.and_then(|step| step.strip_prefix("subscriptions/"));
                    found.extend(id.map(Box::from));
                }
            }
        }
        found
    }

    /// The name of the management group that a scope is, in lower case.
    pub fn management_group(&self, scope: ScopeId) -> Option<&str> {
        match self.segments(scope).as_slice() {
            [
                "providers",
                "microsoft.management",
                "managementgroups",
                name,
            ] => Some(name),
            _ => None,
        }
    }

    /// Takes over the scopes of another table; the numbers they get here, by their number there.
    pub fn absorb(&mut self, other: &Scopes) -> Vec<u32> {
        let steps = self.steps.absorb_texts(&other.steps);
        let mut out = Vec::with_capacity(other.nodes.len());
        out.push(0);
        for (parent, step) in other.nodes.iter().skip(1) {
            // A parent has a smaller number than its children, so it is known here already.
            let parent = out.get(*parent as usize).copied().unwrap_or(0);
            let step = steps.get(*step as usize).copied().unwrap_or(u32::MAX);
            out.push(self.node(parent, step));
        }
        out
    }
}

/// Whether a text is a path of a kind that Azure uses as a scope.
fn is_scope(text: &str) -> bool {
    let path = text.trim_start_matches('/');
    let starts = |prefix: &str| {
        path.get(..prefix.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    path.is_empty() && text.starts_with('/') || starts("subscriptions/") || starts("providers/")
}

#[cfg(test)]
mod tests {
    use super::*;

    const FACTORY: &str = "/subscriptions/S/resourceGroups/rg/providers/Microsoft.DigitalTwins/digitalTwinsInstances/factory";

    #[test]
    fn a_scope_matches_by_segments_and_never_by_prefix() {
        let mut scopes = Scopes::default();
        let factory = scopes.add(FACTORY);
        let other = scopes.add(&format!("{FACTORY}-2"));
        let group = scopes.add("/subscriptions/s/resourcegroups/RG");
        assert!(scopes.is_within(factory, group) && scopes.is_within(other, group));
        assert!(!scopes.is_within(other, factory) && !scopes.is_within(group, factory));
        assert!(scopes.is_within(factory, ScopeId::ROOT) && scopes.is_within(factory, factory));
        assert!(!scopes.is_within(ScopeId::NONE, ScopeId::ROOT));
    }

    #[test]
    fn spellings_of_one_scope_are_one() {
        let mut scopes = Scopes::default();
        let one = scopes.add(FACTORY);
        for text in [
            FACTORY.to_uppercase(),
            format!("{FACTORY}/"),
            FACTORY.trim_start_matches('/').to_owned(),
            format!(" {FACTORY}//\n"),
        ] {
            assert_eq!(scopes.add(&text), one, "{text}");
            assert_eq!(scopes.find(&text), Some(one), "{text}");
        }
        assert_eq!(scopes.add("/"), ScopeId::ROOT);
        for none in [
            "",
            "factory",
            "[resourceId('x')]",
            "https://contoso.com/subscriptions/x",
        ] {
            assert_eq!(scopes.add(none), ScopeId::NONE, "{none}");
        }
    }

    #[test]
    fn subscriptions_are_those_of_the_scopes_asked_about() {
        let mut scopes = Scopes::default();
        let group = scopes.add("/providers/Microsoft.Management/managementGroups/mg");
        let factory = scopes.add(FACTORY);
        scopes.add("/subscriptions/other/resourceGroups/rg");
        let asked = [ScopeId::ROOT, group, factory, ScopeId::NONE];
        let found = scopes.subscriptions(asked.into_iter());
        assert_eq!(found.iter().map(|id| &**id).collect::<Vec<_>>(), ["s"]);
        assert_eq!(scopes.subscription(factory), Some("s"));
        assert_eq!(scopes.subscription(group), None);
    }

    #[test]
    fn a_path_that_breaks_off_within_a_pair_is_a_scope_that_holds_none() {
        let mut scopes = Scopes::default();
        let factory = scopes.add(FACTORY);
        let broken = scopes.add("/subscriptions/s/resourceGroups");
        assert_eq!(
            scopes.segments(broken),
            ["subscriptions", "s", "resourcegroups"]
        );
        assert!(!scopes.is_within(factory, broken));
        let subscription = scopes.add("/subscriptions/s");
        assert!(scopes.is_within(broken, subscription));
    }

    #[test]
    fn levels_are_told_by_segments() {
        let mut scopes = Scopes::default();
        for (text, level) in [
            ("/", Level::Root),
            (
                "/providers/Microsoft.Management/managementGroups/mg",
                Level::ManagementGroup,
            ),
            ("/subscriptions/s", Level::Subscription),
            ("/subscriptions/s/resourceGroups/rg", Level::ResourceGroup),
            (FACTORY, Level::Resource),
            (
                "/providers/Microsoft.Billing/billingAccounts/1",
                Level::Other,
            ),
        ] {
            let scope = scopes.add(text);
            assert_eq!(scopes.level(scope), level, "{text}");
        }
    }

    #[test]
    fn absorbing_keeps_every_scope() {
        let (mut one, mut two) = (Scopes::default(), Scopes::default());
        one.add("/subscriptions/x");
        let factory = two.add(FACTORY);
        let map = one.absorb(&two);
        assert_eq!(
            one.text(ScopeId(map[factory.0 as usize])),
            FACTORY.to_lowercase()
        );
    }
}
