//! The configuration in a plan: which attribute refers to which resource.
//!
//! A plan writes down of every expression what it refers to, not what it computes (Terraform,
//! "JSON Output Format", "Expression Representation"): `["azuread_application.app.client_id",
//! "azuread_application.app"]`. An expression that refers to one thing alone is taken for that
//! thing; what refers to more is left unknown.

use std::collections::BTreeMap;

use super::address::{LONGEST, Step, child, parent, plain, steps, within};
use super::resource::Resource;
use super::said::State;
use crate::json::Value;

/// References are followed through so many variables and outputs.
const MAX_HOPS: u32 = 24;

/// The indices that there are, with the number of the resource.
type Keys = BTreeMap<String, usize>;

/// What the configuration says, by addresses without indices.
#[derive(Default)]
pub struct Configuration<'r> {
    resources: BTreeMap<String, Value<'r>>,
    /// Of every module but the root, the block that calls it.
    calls: BTreeMap<String, Value<'r>>,
    providers: Option<Value<'r>>,
    variables: Option<Value<'r>>,
    /// The resources that there are, by module instance and address without index.
    instances: BTreeMap<(String, String), Keys>,
    /// The indices that a module is called with.
    modules: BTreeMap<String, Keys>,
}

/// What an expression refers to: a resource, and the attribute that it names (empty if it names
/// none, as `app[each.key].id` does).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub resource: usize,
    pub attribute: String,
}

/// From where an expression is looked at.
struct Scope<'a, 'r> {
    module: &'a str,
    /// The index of what the expression belongs to.
    key: &'a str,
    for_each: Option<Value<'r>>,
}

impl<'r> Configuration<'r> {
    /// Reads the configuration of a plan; a state has none.
    pub fn of(root: Value<'r>, resources: &[Resource<'r>]) -> Configuration<'r> {
        let mut out = Configuration {
            variables: root.get("variables"),
            ..Configuration::default()
        };
        if let Some(configuration) = root.get("configuration") {
            out.providers = configuration.get("provider_config");
            let mut modules: Vec<(String, Value<'r>)> = Vec::new();
            modules.extend(
                configuration
                    .get("root_module")
                    .map(|root| (String::new(), root)),
            );
            while let Some((path, module)) = modules.pop() {
                for resource in module
                    .get("resources")
                    .into_iter()
                    .flat_map(|r| r.elements())
                {
                    if let Some(own) = resource.get("address").and_then(|own| own.as_str()) {
                        out.resources.insert(within(&path, &own), resource);
                    }
                }
                for call in module
                    .get("module_calls")
                    .into_iter()
                    .flat_map(|c| c.members())
                {
                    let path = child(&path, &call.name(), "");
                    if path.len() > LONGEST {
                        continue;
                    }
                    out.calls.insert(path.clone(), call.value);
                    modules.extend(call.value.get("module").map(|module| (path, module)));
                }
            }
        }
        for (number, resource) in resources.iter().enumerate() {
            if resource.gone {
                continue;
            }
            let place = &resource.place;
            let of = (place.module.clone(), place.own.clone());
            out.instances
                .entry(of)
                .or_default()
                .insert(place.key.clone(), number);
            let mut module = place.module.clone();
            while let Some((up, name, key)) = parent(&module) {
                let called = child(&up, &name, "");
                let keys = out.modules.entry(called).or_default();
                if keys.insert(key, number).is_some() {
                    break;
                }
                module = up;
            }
        }
        out
    }

    /// Whether a resource is new, and the configuration shows all that is made beside it.
    pub fn shows_all_of(&self, resource: &Resource<'_>) -> bool {
        let found = resource.said.get("use_existing").state();
        let existing = matches!(found, State::Known(value) if value.as_bool() == Some(true));
        resource.made && !existing && self.block(resource).is_some()
    }

    /// Whether the configuration of a resource has an attribute or a block of that name; `None`
    /// without a configuration.
    pub fn has(&self, resource: &Resource<'_>, attribute: &str) -> Option<bool> {
        let block = self.block(resource)?;
        Some(block.get("expressions")?.get(attribute).is_some())
    }

    fn block(&self, resource: &Resource<'_>) -> Option<Value<'r>> {
        let path = within(&plain(&resource.place.module), &resource.place.own);
        self.resources.get(&path).copied()
    }

    /// What an attribute of a resource refers to.
    pub fn refers(&self, resource: &Resource<'_>, attribute: &str) -> Option<Found> {
        if resource.gone {
            return None;
        }
        let block = self.block(resource)?;
        let expression = block.get("expressions")?.get(attribute)?;
        let scope = Scope {
            module: &resource.place.module,
            key: &resource.place.key,
            for_each: block.get("for_each_expression"),
        };
        self.follow(&scope, expression, "", 0)
    }

    /// A text that the provider of a resource is configured with, where it is written down.
    pub fn provider(&self, resource: &Resource<'_>, attribute: &str) -> Option<String> {
        let key = self.provider_key(resource)?;
        let expression = self
            .providers?
            .members()
            .find(|provider| provider.name() == key)?
            .value
            .get("expressions")?
            .get(attribute)?;
        if let Some(text) = expression.get("constant_value") {
            return Some(text.as_str()?.into_owned());
        }
        let mut references = expression.get("references")?.elements();
        let (first, more) = (references.next()?.as_str()?, references.next());
        let name = first.strip_prefix("var.").filter(|_| more.is_none())?;
        let value = self.variables?.get(name)?.get("value")?.as_str()?;
        Some(value.into_owned())
    }

    /// Which configuration of its provider a resource has: `azurerm`, `azurerm.other`.
    pub fn provider_key(&self, resource: &Resource<'_>) -> Option<String> {
        let key = self.block(resource)?.get("provider_config_key")?.as_str()?;
        // A module's own name for what it was handed.
        Some(key.rsplit(':').next().unwrap_or(&key).to_owned())
    }

    fn follow(
        &self,
        scope: &Scope<'_, 'r>,
        expression: Value<'r>,
        attribute: &str,
        hops: u32,
    ) -> Option<Found> {
        if hops > MAX_HOPS {
            return None;
        }
        let sole = Sole::of(expression)?;
        let same = sole.by_key.then_some(scope.key);
        match (&sole.reference, sole.each.is_some()) {
            (Some(one), open) => self.one(scope, one, same, attribute, open, hops),
            (None, true) if !sole.by_key => {
                let attribute = match attribute {
                    "" => sole.each.as_deref()?.strip_prefix("each.value.")?,
                    attribute => attribute,
                };
                // The members of `for_each` have its keys.
                let members = Sole::of(scope.for_each?)?.reference?;
                self.one(scope, &members, Some(scope.key), attribute, false, hops)
            }
            _ => None,
        }
    }

    /// What one reference means. `key` is the index that it is known to be taken with, `open` that
    /// it is taken with one that is not known.
    fn one(
        &self,
        scope: &Scope<'_, 'r>,
        reference: &str,
        key: Option<&str>,
        attribute: &str,
        open: bool,
        hops: u32,
    ) -> Option<Found> {
        let steps = steps(reference);
        let rest = |from: usize| -> String {
            let named: Vec<&str> = steps.iter().skip(from).map(|step| step.name).collect();
            match (named.is_empty(), attribute) {
                (true, attribute) => attribute.to_owned(),
                (false, _) => named.join("."),
            }
        };
        match steps.as_slice() {
            [Step { name: "var", .. }, variable, ..] => {
                let (up, _, key) = parent(scope.module)?;
                let call = self.calls.get(&plain(scope.module))?;
                let outer = Scope {
                    module: &up,
                    key: &key,
                    for_each: call.get("for_each_expression"),
                };
                let expression = call.get("expressions")?.get(variable.name)?;
                self.follow(&outer, expression, &rest(2), hops + 1)
            }
            [Step { name: "module", .. }, module, output, ..] => {
                let called = child(scope.module, module.name, "");
                let keys = self.modules.get(&called)?;
                let (key, _) = choose(keys, module.key, key, open)?;
                let inner = child(scope.module, module.name, key);
                let module = self.calls.get(&plain(&inner))?.get("module")?;
                let scope = Scope {
                    module: &inner,
                    key: "",
                    for_each: None,
                };
                let output = module.get("outputs")?.get(output.name)?;
                self.follow(&scope, output.get("expression")?, &rest(3), hops + 1)
            }
            [
                Step {
                    name: "var" | "module" | "local" | "path" | "self" | "terraform" | "each",
                    ..
                },
                ..,
            ] => None,
            [Step { name: "data", .. }, kind, name, ..] => {
                let own = format!("data.{}.{}", kind.name, name.name);
                self.instance(scope, own, name.key, key, open, rest(3))
            }
            [kind, name, ..] => {
                let own = format!("{}.{}", kind.name, name.name);
                self.instance(scope, own, name.key, key, open, rest(2))
            }
            _ => None,
        }
    }

    fn instance(
        &self,
        scope: &Scope<'_, 'r>,
        own: String,
        literal: &str,
        key: Option<&str>,
        open: bool,
        attribute: String,
    ) -> Option<Found> {
        let keys = self.instances.get(&(scope.module.to_owned(), own))?;
        let (_, resource) = choose(keys, literal, key, open)?;
        Some(Found {
            resource,
            attribute,
        })
    }
}

/// The one thing that an expression refers to.
struct Sole {
    reference: Option<String>,
    /// With `each.key` or `count.index` beside it.
    by_key: bool,
    /// `each.value.…`, which may be the thing itself or its index.
    each: Option<String>,
}

impl Sole {
    fn of(expression: Value<'_>) -> Option<Sole> {
        let mut sole = Sole {
            reference: None,
            by_key: false,
            each: None,
        };
        for reference in expression.get("references")?.elements() {
            let reference = reference.as_str().filter(|text| text.len() <= LONGEST)?;
            match &*reference {
                "each.key" | "count.index" => sole.by_key = true,
                // Stands behind what of it is meant.
                "each.value" => {}
                each if each.starts_with("each.value.") => sole.each = Some(each.to_owned()),
                other => match &sole.reference {
                    None => sole.reference = Some(other.to_owned()),
                    // `a.b` stands behind the `a.b.c` that is meant.
                    Some(first) if is_prefix(other, first) => {}
                    Some(_) => return None,
                },
            }
        }
        Some(sole)
    }
}

/// Which of several indices is meant: the one that is written, the one that is the same on both
/// sides, or the only one there is.
fn choose<'k>(
    keys: &'k Keys,
    literal: &str,
    same: Option<&str>,
    open: bool,
) -> Option<(&'k str, usize)> {
    let (key, number) = match same {
        _ if !literal.is_empty() => keys.get_key_value(literal)?,
        Some("") => return None,
        Some(same) => keys.get_key_value(same)?,
        // With `each.value.name` beside it, it may be one of those that are not there.
        None if keys.len() != 1 || open && keys.contains_key("") => return None,
        None => keys.first_key_value()?,
    };
    Some((key, *number))
}

/// Whether a reference is the beginning of another, up to the end of a step.
fn is_prefix(short: &str, long: &str) -> bool {
    long.strip_prefix(short)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}
