//! Evaluates expressions as far as a template alone tells.

use std::collections::{BTreeMap, BTreeSet};

use super::expression::{Expression, inside, literal, parse};
use super::known::{Known, text_or_partly, unknown, unknown_call};
use super::place::Place;
use crate::infrastructure::StandIns;
use crate::json::{Kind, Value};

/// Expressions nest this deep through variables, parameters and calls; beyond, they are unknown.
const DEEPEST: u32 = 40;

/// Steps that one value of a document may cost. Variables that refer to each other cost no more.
const STEPS: u64 = 20_000;

/// Steps that a whole template may cost.
const ALL_STEPS: u64 = 5_000_000;

/// A text that grows beyond this is unknown.
const LONGEST: usize = 1 << 16;

/// A template that is deployed: the one of the file, or a nested one that has parameters and
/// variables of its own.
pub struct Deployment<'r> {
    pub template: Value<'r>,
    /// The deployment that deploys it, and the parameters that it passes.
    pub parent: Option<usize>,
    pub passed: Option<Value<'r>>,
    pub place: Place,
    /// Stands before the names of what it deploys: `roles/`.
    pub prefix: String,
}

/// One resource of a template.
pub struct Resource<'r> {
    pub value: Value<'r>,
    /// Whose expressions stand in it.
    pub deployment: usize,
    /// Where it is deployed to.
    pub place: Place,
    /// Its full type without a version, as written: `Microsoft.Authorization/roleAssignments`.
    pub kind: String,
    /// Its own name, the last of them; what is unknown stands in curly brackets.
    pub name: String,
    /// What it extends; `None` inside if that is not known.
    pub scope: Option<Option<String>>,
    pub id: Option<String>,
    /// What people know it by.
    pub address: String,
    pub symbol: Option<String>,
    pub existing: bool,
    /// Its condition is known to be false.
    pub left_out: bool,
    /// The nested template of a deployment, and whose expressions stand in it.
    pub nested: Option<(Value<'r>, usize)>,
}

impl Resource<'_> {
    pub fn is(&self, kind: &str) -> bool {
        self.kind.eq_ignore_ascii_case(kind)
    }
}

/// Everything a file deploys, and what its expressions may refer to.
pub struct Evaluator<'r> {
    pub deployments: Vec<Deployment<'r>>,
    pub resources: Vec<Resource<'r>>,
    pub by_symbol: BTreeMap<(usize, String), usize>,
    /// By resource id in lower case.
    pub by_id: BTreeMap<String, usize>,
    /// By name in lower case; `None` for a name that several have.
    pub by_name: BTreeMap<(usize, String), Option<usize>>,
    /// Role definitions by their name, applications by their `uniqueName`.
    pub roles: BTreeMap<String, usize>,
    pub applications: BTreeMap<String, usize>,
    pub stand_ins: StandIns,
    /// What the parameters file beside the template passes, by name in lower case.
    pub given: BTreeMap<String, Known<'r>>,
    /// Resources whose managed identity, or which themselves, something refers to as a principal.
    pub principals: BTreeSet<usize>,
    depth: u32,
    steps: u64,
    left: u64,
}

impl<'r> Evaluator<'r> {
    pub fn new(stand_ins: StandIns) -> Evaluator<'r> {
        Evaluator {
            deployments: Vec::new(),
            resources: Vec::new(),
            by_symbol: BTreeMap::new(),
            by_id: BTreeMap::new(),
            by_name: BTreeMap::new(),
            roles: BTreeMap::new(),
            applications: BTreeMap::new(),
            stand_ins,
            given: BTreeMap::new(),
            principals: BTreeSet::new(),
            depth: 0,
            steps: 0,
            left: ALL_STEPS,
        }
    }

    /// What a value of the template is, where `deployment` evaluates its expressions.
    pub fn known(&mut self, value: Value<'r>, deployment: usize) -> Known<'r> {
        self.depth = 0;
        self.steps = STEPS;
        self.value(value, deployment)
    }

    /// Whether the template asked for more than any template needs; the rest was left unknown.
    pub fn is_exhausted(&self) -> bool {
        self.left == 0
    }

    /// Pays for a step; `false` once nothing is left to pay with.
    pub(super) fn pay(&mut self, cost: usize) -> bool {
        let cost = cost as u64;
        let affordable = self.steps >= cost && self.left >= cost;
        self.steps = self.steps.saturating_sub(cost);
        self.left = self.left.saturating_sub(cost);
        affordable
    }

    pub(super) fn value(&mut self, value: Value<'r>, deployment: usize) -> Known<'r> {
        match value.kind() {
            Kind::Null => Known::Null,
            Kind::True => Known::Truth(true),
            Kind::False => Known::Truth(false),
            Kind::Number => match value.raw().parse() {
                Ok(number) => Known::Number(number),
                Err(_) => Known::Json(value, deployment),
            },
            Kind::String | Kind::Key => {
                let text = value.as_str().unwrap_or_default();
                match inside(&text) {
                    Some(expression) => self.expression(expression, deployment),
                    None if !self.pay(text.len() / 64) => unknown("…"),
                    None => Known::Text(literal(&text).to_owned()),
                }
            }
            Kind::Array | Kind::Object => Known::Json(value, deployment),
        }
    }

    fn expression(&mut self, text: &str, deployment: usize) -> Known<'r> {
        if !self.pay(1 + text.len() / 16) {
            return unknown(text);
        }
        match parse(text) {
            Some(expression) => self.evaluate(&expression, deployment),
            None => unknown(text),
        }
    }

    pub(super) fn evaluate(&mut self, expression: &Expression, deployment: usize) -> Known<'r> {
        if self.depth >= DEEPEST || !self.pay(1) {
            return unknown("…");
        }
        self.depth += 1;
        let found = match expression {
            Expression::Text(text) => Known::Text(text.clone()),
            Expression::Number(number) => Known::Number(*number),
            Expression::Call(name, arguments) => self.call(name, arguments, deployment),
            Expression::Property(of, name) => {
                let of = self.evaluate(of, deployment);
                self.property(&of, name)
            }
            Expression::Index(of, index) => {
                let of = self.evaluate(of, deployment);
                match self.evaluate(index, deployment) {
                    Known::Text(name) => self.property(&of, &name),
                    index => self.element(&of, &index),
                }
            }
        };
        self.depth -= 1;
        found
    }

    /// `value.name`.
    pub(super) fn property(&mut self, of: &Known<'r>, name: &str) -> Known<'r> {
        let missing = || unknown(format!("{}.{name}", of.spelling()));
        match of {
            Known::Json(value, deployment) if value.is_object() => {
                let deployment = *deployment;
                if !self.pay(value.len()) {
                    return missing();
                }
                match value.get(name) {
                    Some(value) => self.value(value, deployment),
                    None => missing(),
                }
            }
            Known::Object(members) => members
                .iter()
                .find(|(member, _)| member.eq_ignore_ascii_case(name))
                .map_or_else(missing, |(_, value)| value.clone()),
            Known::Resource(resource, part) => self.of_resource(*resource, part, name),
            _ => missing(),
        }
    }

    fn element(&mut self, of: &Known<'r>, index: &Known<'r>) -> Known<'r> {
        let missing = || unknown(format!("{}[{}]", of.spelling(), index.spelling()));
        let Known::Number(index) = index else {
            return missing();
        };
        let Ok(index) = usize::try_from(*index) else {
            return missing();
        };
        match of {
            Known::Json(value, deployment) => {
                let deployment = *deployment;
                if !self.pay(value.len()) {
                    return missing();
                }
                match value.elements().nth(index) {
                    Some(value) => self.value(value, deployment),
                    None => missing(),
                }
            }
            Known::List(items) => items.get(index).cloned().unwrap_or_else(missing),
            _ => missing(),
        }
    }

    /// `parameters('name')`: what the deployment passes, else the default.
    ///
    /// An empty default is a blank that the caller is to fill in, so it says nothing. What is
    /// secure is never looked at.
    pub(super) fn parameter(&mut self, name: &str, number: usize) -> Known<'r> {
        let Some(deployment) = self.deployments.get(number) else {
            return unknown("…");
        };
        let missing = unknown(format!("{}parameters('{name}')", deployment.prefix));
        let declared = deployment.template.get("parameters");
        let (parent, passed) = (deployment.parent, deployment.passed);
        let count = |list: Option<Value<'_>>| list.map_or(0, |list| list.len());
        if !self.pay(count(declared) + count(passed)) {
            return missing;
        }
        let declared = declared.and_then(|list| list.get(name));
        let is_secure = declared
            .and_then(|declared| declared.get("type")?.as_str())
            .is_some_and(|kind| kind.to_ascii_lowercase().starts_with("secure"));
        if is_secure {
            return missing;
        }
        if let Some(passed) = passed.and_then(|list| list.get(name)) {
            return match (passed.get("value"), parent) {
                (Some(value), Some(parent)) => self.value(value, parent),
                _ => missing,
            };
        }
        if parent.is_none()
            && let Some(given) = self.given.get(&name.to_ascii_lowercase())
        {
            return given.clone();
        }
        let Some(default) = declared.and_then(|declared| declared.get("defaultValue")) else {
            return missing;
        };
        match self.value(default, number) {
            Known::Text(text) if text.trim().is_empty() => missing,
            Known::Json(value, _) if is_blank(value) => missing,
            Known::Null => missing,
            found => found,
        }
    }

    /// `variables('name')`.
    pub(super) fn variable(&mut self, name: &str, number: usize) -> Known<'r> {
        let Some(deployment) = self.deployments.get(number) else {
            return unknown("…");
        };
        let missing = unknown(format!("{}variables('{name}')", deployment.prefix));
        let Some(variables) = deployment.template.get("variables") else {
            return missing;
        };
        if !self.pay(variables.len()) {
            return missing;
        }
        match variables.get(name) {
            Some(value) => self.value(value, number),
            None => missing,
        }
    }

    /// A text made of pieces, unless it grows beyond measure.
    pub(super) fn joined(&mut self, function: &str, arguments: &[Known<'r>]) -> Known<'r> {
        let pieces: Vec<String> = arguments.iter().map(Known::piece).collect();
        let length: usize = pieces.iter().map(String::len).sum();
        let loose = |argument: &Known<'_>| {
            matches!(
                argument,
                Known::Json(..) | Known::List(_) | Known::Object(_) | Known::Null
            )
        };
        if arguments.iter().any(loose) || length > LONGEST || !self.pay(1 + length / 64) {
            return unknown_call(function, arguments);
        }
        let whole = |argument: &Known<'_>| {
            !matches!(
                argument,
                Known::Unknown(_) | Known::Partly(_) | Known::Resource(..)
            )
        };
        match arguments.iter().all(whole) {
            true => Known::Text(pieces.concat()),
            false => Known::Partly(pieces.concat()),
        }
    }

    /// The id of a resource, as a value.
    pub(super) fn id_of(&self, resource: usize) -> Known<'r> {
        match self.resources.get(resource) {
            Some(Resource { id: Some(id), .. }) => text_or_partly(id.clone()),
            Some(resource) => unknown(format!("{}.id", resource.address)),
            None => unknown("…"),
        }
    }
}

/// Nothing is in it.
fn is_blank(value: Value<'_>) -> bool {
    (value.is_object() || value.is_array()) && value.is_empty()
}
