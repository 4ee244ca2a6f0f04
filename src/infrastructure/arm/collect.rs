//! Finds every resource of a template and of the templates nested in it: an explicit list of work,
//! no recursion.

use super::evaluate::{Deployment, Evaluator, Resource};
use super::known::Known;
use super::place::{Level, Place, below, path};
use super::reference::APPLICATION;
use super::resources::ROLE_DEFINITIONS;
use crate::infrastructure::Lowering;
use crate::json::Value;

/// Deployments nest this deep; real ones stay under six.
const DEEPEST: u32 = 24;

/// A list of resources that is still to be gone through.
struct Batch<'r> {
    resources: Value<'r>,
    /// Whose expressions stand in them.
    deployment: usize,
    place: Place,
    /// What stands before their names.
    prefix: String,
    /// How the list is called in the template: `resources[3].resources`.
    path: String,
    /// Full type and name of the resource they are children of.
    parent: Option<(String, String)>,
    depth: u32,
}

/// Finds everything that `root` deploys.
pub fn collect<'r>(evaluator: &mut Evaluator<'r>, root: Value<'r>, lowering: &mut Lowering) {
    let subscription = evaluator.stand_ins.add("the deployment's subscription");
    let place = Place {
        level: level_of(root).unwrap_or(Level::ResourceGroup),
        subscription: subscription.as_str().into(),
        group: "{resourceGroup().name}".into(),
        management_group: "{managementGroup().name}".into(),
    };
    evaluator.deployments.push(Deployment {
        template: root,
        parent: None,
        passed: None,
        place: place.clone(),
        prefix: String::new(),
    });
    let mut work: Vec<Batch<'r>> = root
        .get("resources")
        .map(|resources| Batch {
            resources,
            deployment: 0,
            place,
            prefix: String::new(),
            path: "resources".to_owned(),
            parent: None,
            depth: 0,
        })
        .into_iter()
        .collect();
    while let Some(batch) = work.pop() {
        let listed = batch.resources.elements().map(|value| (None, value));
        let named = batch
            .resources
            .members()
            .map(|member| (Some(member.name().into_owned()), member.value));
        for (index, (symbol, value)) in listed.chain(named).enumerate() {
            if value.is_object() {
                one(
                    evaluator,
                    &batch,
                    (index, symbol, value),
                    &mut work,
                    lowering,
                );
            }
        }
    }
    names(evaluator);
}

/// Notes what is referred to by name: roles that are defined here, and applications.
fn names(evaluator: &mut Evaluator<'_>) {
    for number in 0..evaluator.resources.len() {
        let Some(resource) = evaluator.resources.get(number) else {
            continue;
        };
        if resource.left_out {
            continue;
        }
        if resource.is(ROLE_DEFINITIONS) {
            let name = resource.name.clone();
            evaluator.roles.entry(name).or_insert(number);
        } else if resource.is(APPLICATION) {
            let deployment = resource.deployment;
            let told = resource.value.get("properties");
            if let Some(name) = told.and_then(|told| told.get("uniqueName")) {
                let name = evaluator.known(name, deployment).piece();
                evaluator.applications.entry(name).or_insert(number);
            }
        }
    }
}

fn level_of(template: Value<'_>) -> Option<Level> {
    Level::of_schema(&template.get("$schema")?.as_str()?)
}

fn one<'r>(
    evaluator: &mut Evaluator<'r>,
    batch: &Batch<'r>,
    (index, symbol, value): (usize, Option<String>, Value<'r>),
    work: &mut Vec<Batch<'r>>,
    lowering: &mut Lowering,
) {
    let Some(written) = value.get("type").and_then(|kind| kind.as_str()) else {
        return;
    };
    // An extension's types have their version in them: `Microsoft.Graph/applications@v1.0`.
    let own = written.split('@').next().unwrap_or_default();
    let deployment = batch.deployment;
    let own_name = match value.get("name") {
        Some(name) => evaluator.known(name, deployment).piece(),
        None => String::new(),
    };
    let (full, full_name, strange) = in_parent(own, &own_name, batch.parent.as_ref());
    let extension = extended(&full, &full_name);
    let (kind, name, parent_path) = match extension {
        Some((kind, name, parent)) => (kind, name, Some(parent)),
        None => (full.clone(), full_name.clone(), None),
    };
    let scope = match (value.get("scope"), parent_path) {
        (Some(scope), _) => {
            let scope = evaluator.known(scope, deployment).piece();
            Some(batch.place.absolute(&scope))
        }
        (None, Some(parent)) => Some(parent.map(|path| below(&batch.place.scope(), &path))),
        (None, None) => strange.then_some(None),
    };
    let names: Vec<&str> = name.split('/').collect();
    let id = match &scope {
        None => batch.place.id(&kind, &names),
        Some(Some(scope)) => path(&kind, &names).map(|path| below(scope, &path)),
        Some(None) => None,
    };
    let place_in_list = format!("{}[{index}]", batch.path);
    let is_known = !full_name.is_empty() && !full_name.contains('{');
    let short = match (&symbol, is_known) {
        (Some(symbol), _) => symbol.clone(),
        (None, true) => format!("{full}/{full_name}"),
        (None, false) => format!("{full} ({place_in_list})"),
    };
    let condition = value.get("condition");
    let condition = condition.map(|condition| evaluator.known(condition, deployment));
    let left_out = condition.is_some_and(|condition| condition.truth() == Some(false));
    let existing = value.get("existing").and_then(|truth| truth.as_bool()) == Some(true);
    let number = evaluator.resources.len();
    let mut resource = Resource {
        value,
        deployment,
        place: batch.place.clone(),
        kind,
        name: names
            .last()
            .map(|name| (*name).to_owned())
            .unwrap_or_default(),
        scope,
        id,
        address: format!("{}{short}", batch.prefix),
        symbol,
        existing,
        left_out,
        nested: None,
    };
    let lives = !existing && !left_out;
    if lives && resource.is("Microsoft.Resources/deployments") {
        let label = match (&resource.symbol, is_known) {
            (Some(symbol), _) => symbol.clone(),
            (None, true) => full_name.clone(),
            (None, false) => place_in_list.clone(),
        };
        resource.nested = nested(evaluator, batch, &resource, &label, work, lowering);
    }
    if lives && let Some(resources) = value.get("resources") {
        work.push(Batch {
            resources,
            deployment,
            place: batch.place.clone(),
            prefix: batch.prefix.clone(),
            path: format!("{place_in_list}.resources"),
            parent: Some((full, full_name)),
            depth: batch.depth,
        });
    }
    if !left_out && let Some(id) = &resource.id {
        let id = id.to_ascii_lowercase();
        evaluator.by_id.entry(id).or_insert(number);
        let name = (deployment, resource.name.to_ascii_lowercase());
        let named = evaluator.by_name.entry(name);
        named.and_modify(|one| *one = None).or_insert(Some(number));
    }
    if let Some(symbol) = &resource.symbol {
        let key = (deployment, symbol.to_ascii_lowercase());
        evaluator.by_symbol.entry(key).or_insert(number);
    }
    evaluator.resources.push(resource);
}

/// The full type and name of what stands in a parent: both are relative to it, unless the type
/// names a namespace of its own; the flag says that such a type is none of the parent's.
fn in_parent(kind: &str, name: &str, parent: Option<&(String, String)>) -> (String, String, bool) {
    let Some((parent_kind, parent_name)) = parent else {
        return (kind.to_owned(), name.to_owned(), false);
    };
    let namespace = kind.split('/').next().unwrap_or_default();
    if namespace.contains('.') {
        let is_below = kind
            .get(..parent_kind.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(parent_kind));
        return (kind.to_owned(), name.to_owned(), !is_below);
    }
    (
        format!("{parent_kind}/{kind}"),
        format!("{parent_name}/{name}"),
        false,
    )
}

/// Type, name and the parent's path.
type Extension = (String, String, Option<String>);

/// Takes apart the old way to write what extends a resource: the type
/// `Microsoft.X/y/providers/roleAssignments`, named `y1/Microsoft.Authorization/<guid>`. The parent's
/// path is `None` if the name does not tell it.
fn extended(kind: &str, name: &str) -> Option<Extension> {
    let at = kind.to_ascii_lowercase().find("/providers/")?;
    let parent = kind.get(..at)?;
    let last = kind.get(at + "/providers/".len()..)?;
    let count = parent.split('/').count().saturating_sub(1);
    let names: Vec<&str> = name.split('/').collect();
    let parts = names
        .split_at_checked(count)
        .and_then(|(above, own)| Some((above, own.split_first()?)));
    let told = parts.filter(|(_, (namespace, rest))| {
        !namespace.contains('{') && namespace.contains('.') && !rest.is_empty()
    });
    Some(match told {
        Some((above, (namespace, rest))) => (
            format!("{namespace}/{last}"),
            rest.join("/"),
            path(parent, above),
        ),
        // What extends others by that name is nearly always of this namespace.
        None => (
            format!("Microsoft.Authorization/{last}"),
            name.to_owned(),
            None,
        ),
    })
}

/// Takes up the template that a deployment nests.
fn nested<'r>(
    evaluator: &mut Evaluator<'r>,
    batch: &Batch<'r>,
    resource: &Resource<'r>,
    label: &str,
    work: &mut Vec<Batch<'r>>,
    lowering: &mut Lowering,
) -> Option<(Value<'r>, usize)> {
    let properties = resource.value.get("properties")?;
    let Some(template) = properties.get("template") else {
        if properties.get("templateLink").is_some() {
            lowering.cannot("a template that it links to is not read");
        }
        return None;
    };
    if batch.depth >= DEEPEST {
        lowering.cannot(format!(
            "deployments nested deeper than {DEEPEST} are not read"
        ));
        return None;
    }
    let prefix = format!("{}{label}/", batch.prefix);
    let place = nested_place(evaluator, batch, resource.value, template);
    let is_inner = properties
        .get("expressionEvaluationOptions")
        .and_then(|options| options.get("scope")?.as_str())
        .is_some_and(|scope| scope.eq_ignore_ascii_case("inner"));
    // Unless it says otherwise, its expressions are its parent's (Microsoft Learn, "Using linked and
    // nested templates when deploying Azure resources").
    let deployment = if is_inner {
        evaluator.deployments.push(Deployment {
            template,
            parent: Some(batch.deployment),
            passed: properties.get("parameters"),
            place: place.clone(),
            prefix: prefix.clone(),
        });
        evaluator.deployments.len() - 1
    } else {
        batch.deployment
    };
    if let Some(resources) = template.get("resources") {
        work.push(Batch {
            resources,
            deployment,
            place,
            prefix,
            path: "resources".to_owned(),
            parent: None,
            depth: batch.depth + 1,
        });
    }
    Some((template, deployment))
}

/// Where a nested deployment goes to.
fn nested_place<'r>(
    evaluator: &mut Evaluator<'r>,
    batch: &Batch<'r>,
    deployment: Value<'r>,
    template: Value<'r>,
) -> Place {
    let mut place = batch.place.clone();
    let mut told = |name: &str| {
        let known = evaluator.known(deployment.get(name)?, batch.deployment);
        (!matches!(known, Known::Null)).then(|| known.piece())
    };
    let subscription = told("subscriptionId");
    let group = told("resourceGroup");
    let scope = told("scope");
    if let Some(subscription) = &subscription {
        place.subscription = subscription.as_str().into();
        place.level = Level::Subscription;
    }
    if let Some(group) = &group {
        place.group = group.as_str().into();
        place.level = Level::ResourceGroup;
    }
    if let Some(scope) = &scope {
        let scope = batch.place.absolute(scope).unwrap_or_else(|| scope.clone());
        let segments: Vec<&str> = scope.split('/').filter(|part| !part.is_empty()).collect();
        match segments.as_slice() {
            [] => place.level = Level::Tenant,
            [_, _, _, name] if scope.to_ascii_lowercase().contains("managementgroups") => {
                place.level = Level::ManagementGroup;
                place.management_group = (*name).into();
            }
            ["subscriptions", subscription] => {
                place.level = Level::Subscription;
                place.subscription = (*subscription).into();
            }
            ["subscriptions", subscription, _, group] => {
                place.level = Level::ResourceGroup;
                place.subscription = (*subscription).into();
                place.group = (*group).into();
            }
            _ => {}
        }
    } else if group.is_none()
        && let Some(level) = level_of(template)
        && level != Level::ResourceGroup
    {
        place.level = level;
    }
    place
}
