//! The resources of a plan or state: what will be there, and what will be gone.

use std::collections::{BTreeMap, BTreeSet};

use super::address::{LONGEST, Place, within};
use super::said::{Mark, Said, State};
use crate::json::Value;

/// One resource, or one instance of it.
pub struct Resource<'r> {
    /// The whole address.
    pub address: String,
    pub place: Place,
    /// Its type: `azuread_application`.
    pub kind: String,
    /// It is looked up, not made.
    pub data: bool,
    /// Nothing of it exists yet.
    pub made: bool,
    /// It is there now and will be gone: what it says is how it was.
    pub gone: bool,
    pub said: Said<'r>,
}

/// What a plan says about the change of one address.
#[derive(Copy, Clone)]
struct Change<'r> {
    resource: Value<'r>,
    change: Value<'r>,
    makes: bool,
    removes: bool,
}

impl<'r> Change<'r> {
    fn of(resource: Value<'r>) -> Option<Change<'r>> {
        let change = resource.get("change")?;
        let actions = change.get("actions")?;
        let has = |action: &str| {
            actions
                .elements()
                .any(|e| e.as_str().as_deref() == Some(action))
        };
        Some(Change {
            resource,
            change,
            makes: has("create")
                && change
                    .get("importing")
                    .is_none_or(|import| import.is_null()),
            removes: has("delete"),
        })
    }

    fn is_deposed(&self) -> bool {
        self.resource.get("deposed").is_some()
    }
}

fn is_data(resource: Value<'_>) -> bool {
    resource
        .get("mode")
        .and_then(|mode| mode.as_str())
        .as_deref()
        == Some("data")
}

fn text(object: Value<'_>, name: &str) -> Option<String> {
    Some(object.get(name)?.as_str()?.into_owned())
}

fn read<'r>(resource: Value<'r>, said: Said<'r>, made: bool, gone: bool) -> Option<Resource<'r>> {
    let address = text(resource, "address").filter(|address| address.len() <= LONGEST)?;
    let data = is_data(resource);
    Some(Resource {
        place: Place::of(&address),
        address,
        kind: text(resource, "type")?,
        data,
        made: made && !data,
        gone,
        said,
    })
}

/// The resources of what `terraform show -json` prints, of a plan or of a state, in order.
pub fn of_plan<'r>(root: Value<'r>) -> Vec<Resource<'r>> {
    let changes: Vec<Change<'_>> = root
        .get("resource_changes")
        .into_iter()
        .flat_map(|list| list.elements())
        .filter_map(Change::of)
        .collect();
    let mut by_address: BTreeMap<String, Change<'_>> = BTreeMap::new();
    for change in changes.iter().filter(|change| !change.is_deposed()) {
        if let Some(address) = text(change.resource, "address") {
            by_address.insert(address, *change);
        }
    }
    let mut out = Vec::new();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let planned = root.get("planned_values").or(root.get("values"));
    let mut add = |resource: Value<'r>, only_data: bool, out: &mut Vec<Resource<'r>>| {
        let (Some(address), Some(values)) = (text(resource, "address"), resource.get("values"))
        else {
            return;
        };
        if !values.is_object() || only_data && !is_data(resource) {
            return;
        }
        let change = by_address.get(&address);
        let unknown = change.and_then(|change| change.change.get("after_unknown"));
        let secret = Mark::tree(resource.get("sensitive_values"));
        let said = Said::new(values, Mark::tree(unknown), secret);
        let made = change.is_some_and(|change| change.makes);
        if seen.insert(address) {
            out.extend(read(resource, said, made, false));
        }
    };
    walk(planned, &mut |resource| add(resource, false, &mut out));
    // What was looked up while planning stands beside the state before the plan.
    let prior = root
        .get("prior_state")
        .and_then(|state| state.get("values"));
    walk(prior, &mut |resource| add(resource, true, &mut out));
    for change in &changes {
        let after = change.change.get("after").filter(|after| after.is_object());
        let before = change
            .change
            .get("before")
            .filter(|before| before.is_object());
        let address = text(change.resource, "address").unwrap_or_default();
        if let Some(after) = after
            && !change.is_deposed()
            && seen.insert(address)
        {
            let unknown = Mark::tree(change.change.get("after_unknown"));
            let secret = Mark::tree(change.change.get("after_sensitive"));
            let said = Said::new(after, unknown, secret);
            out.extend(read(change.resource, said, change.makes, false));
        }
        if let Some(before) = before
            && !is_data(change.resource)
        {
            let secret = Mark::tree(change.change.get("before_sensitive"));
            let was = Said::new(before, Mark::None, secret);
            let unknown = Mark::tree(change.change.get("after_unknown"));
            let kind = text(change.resource, "type").unwrap_or_default();
            let is = after.map(|after| Said::new(after, unknown, Mark::None));
            if is_gone(&kind, was.though_sensitive(), is, change.removes) {
                out.extend(read(change.resource, was, false, true));
            }
        }
    }
    out
}

/// Whether something that was there will be there no more: it is deleted, or becomes another.
fn is_gone(kind: &str, was: Said<'_>, is: Option<Said<'_>>, removes: bool) -> bool {
    let Some(is) = is else { return removes };
    // Of each, attributes that say the same in other words: one of them equal is enough.
    let identity: &[&[&str]] = match kind {
        "azurerm_role_assignment"
        | "azurerm_pim_eligible_role_assignment"
        | "azurerm_pim_active_role_assignment" => &[
            &["scope"],
            &["principal_id"],
            &["role_definition_id", "role_definition_name"],
        ],
        "azuread_service_principal_delegated_permission_grant" => &[
            &["service_principal_object_id"],
            &["resource_service_principal_object_id"],
            &["user_object_id"],
            &["claim_values"],
        ],
        "azuread_app_role_assignment" => &[
            &["app_role_id"],
            &["principal_object_id"],
            &["resource_object_id"],
        ],
        "azuread_directory_role_assignment" => &[
            &["role_id"],
            &["principal_object_id"],
            &["directory_scope_id"],
        ],
        _ => return removes,
    };
    let raw = |said: Said<'_>| match said.state() {
        State::Known(value) => Some(value.raw().to_owned()),
        State::Unset => Some("null".to_owned()),
        State::Absent | State::Unknown => None,
    };
    !identity.iter().all(|names| {
        names
            .iter()
            .any(|name| match (raw(was.get(name)), raw(is.get(name))) {
                (Some(was), Some(is)) => was == is && (was != "null" || names.len() == 1),
                // An update leaves as it was what it does not know.
                (_, None) => !removes,
                (None, Some(_)) => false,
            })
    })
}

/// Looks at every resource of a module and of those it calls.
fn walk<'r>(values: Option<Value<'r>>, look: &mut impl FnMut(Value<'r>)) {
    let mut modules: Vec<Value<'r>> = values
        .and_then(|values| values.get("root_module"))
        .into_iter()
        .collect();
    while let Some(module) = modules.pop() {
        for resource in module
            .get("resources")
            .into_iter()
            .flat_map(|r| r.elements())
        {
            look(resource);
        }
        if let Some(children) = module.get("child_modules") {
            modules.extend(children.elements());
        }
    }
}

/// The resources of a state as it is stored (version 4).
pub fn of_state(root: Value<'_>) -> Vec<Resource<'_>> {
    let mut out = Vec::new();
    for resource in root.get("resources").into_iter().flat_map(|r| r.elements()) {
        let (Some(kind), Some(name)) = (text(resource, "type"), text(resource, "name")) else {
            continue;
        };
        let data = is_data(resource);
        let module = text(resource, "module").unwrap_or_default();
        if module.len() + kind.len() + name.len() > LONGEST {
            continue;
        }
        let own = format!("{}{kind}.{name}", if data { "data." } else { "" });
        for instance in resource
            .get("instances")
            .into_iter()
            .flat_map(|r| r.elements())
        {
            // What was deposed waits to be deleted.
            let Some(values) = instance
                .get("attributes")
                .filter(|values| values.is_object())
            else {
                continue;
            };
            if instance.get("deposed").is_some() {
                continue;
            }
            let key = instance.get("index_key").filter(|key| !key.is_null());
            let key = key.map_or(String::new(), |key| format!("[{}]", key.raw()));
            let secret = instance
                .get("sensitive_attributes")
                .map_or(Mark::None, Mark::Paths);
            out.push(Resource {
                address: format!("{}{key}", within(&module, &own)),
                place: Place {
                    module: module.clone(),
                    own: own.clone(),
                    key,
                },
                kind: kind.clone(),
                data,
                made: false,
                gone: false,
                said: Said::new(values, Mark::None, secret),
            });
        }
    }
    out
}
