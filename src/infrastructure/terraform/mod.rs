//! Terraform: what `terraform show -json` prints of a plan or a state, and states as they are
//! stored.
//!
//! Each resource of the providers `azuread` and `azurerm` that is known here becomes the document
//! that an export would hold of it (Terraform Registry, the providers' own documentation;
//! Terraform, "JSON Output Format"). Resources that only add to an application
//! (`azuread_application_password`, `…_redirect_uris`) become part of its document. In a first plan
//! no id is known yet: what refers to what is read from the configuration in the plan.
//!
//! Secrets stand in plans and states in clear. No `value` of a credential is ever read.

mod address;
mod api;
mod application;
mod azure;
mod block;
mod configuration;
mod credential;
mod directory;
mod ids;
mod parts;
mod principal;
mod resource;
mod said;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use super::{Language, Lowering, Writer};
use crate::json::Value;
use crate::model::{Guid, ObjectKind};
use configuration::Configuration;
use ids::{Ids, is_application, is_principal};
use parts::Parts;
use resource::Resource;

/// The newest format of plans that is read here: 1.x (Terraform, "JSON Output Format": minor
/// versions only add).
const FORMAT: u32 = 1;
/// The version of stored states that is read here, which Terraform writes since 0.12.
const STATE: &str = "4";

/// A plan or a state.
struct Deployment<'r> {
    resources: Vec<Resource<'r>>,
    configuration: Configuration<'r>,
    /// The ids of each resource.
    ids: Vec<Ids>,
    /// Applications and service principals, by object id.
    applications: BTreeMap<Guid, usize>,
    principals: BTreeMap<Guid, usize>,
    groups: BTreeMap<Guid, usize>,
    /// Resource groups and role definitions by name, in lower case; none of a name that two have.
    named: BTreeMap<(&'static str, String), Option<usize>>,
    /// The one subscription that it tells of.
    subscription: Option<String>,
}

/// What `terraform show -json` prints, of a plan or of a state.
pub fn plan(root: Value<'_>, out: &mut Lowering) {
    out.written_in(Language::Terraform);
    let what = match root.get("values") {
        Some(_) => "state",
        None => "plan",
    };
    let version = root.get("format_version");
    let version = version
        .and_then(|version| version.as_str())
        .unwrap_or_default();
    let major = version
        .split('.')
        .next()
        .and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major > FORMAT) {
        out.cannot(format!(
            "a Terraform {what} of format {}; this version reads 1.x",
            Version(&version)
        ));
        return;
    }
    if root.get("errored").and_then(|errored| errored.as_bool()) == Some(true) {
        out.cannot("a Terraform plan that ended in an error: not all that was to come is in it");
    }
    Deployment::new(root, resource::of_plan(root), out).write(out);
}

/// A state as it is stored.
pub fn state(root: Value<'_>, out: &mut Lowering) {
    out.written_in(Language::Terraform);
    if let Some(version) = root.get("version").filter(|version| version.raw() != STATE) {
        out.cannot(format!(
            "a Terraform state of version {}; this version reads {STATE}",
            Version(version.raw())
        ));
        return;
    }
    Deployment::new(root, resource::of_state(root), out).write(out);
}

/// A version from a file, if it is one.
struct Version<'v>(&'v str);

impl std::fmt::Display for Version<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let plain = |c: char| c.is_ascii_digit() || c == '.';
        let good = (1..16).contains(&self.0.len()) && self.0.chars().all(plain);
        f.write_str(if good { self.0 } else { "unknown" })
    }
}

impl<'r> Deployment<'r> {
    fn new(root: Value<'r>, resources: Vec<Resource<'r>>, out: &mut Lowering) -> Deployment<'r> {
        let configuration = Configuration::of(root, &resources);
        let ids: Vec<Ids> = resources
            .iter()
            .map(|resource| ids::own(resource, out))
            .collect();
        let by_object = |wanted: fn(&Resource<'_>) -> bool| {
            let mut found = BTreeMap::new();
            for (number, (resource, ids)) in resources.iter().zip(&ids).enumerate() {
                let id = ids
                    .object
                    .as_ref()
                    .and_then(|id| Guid::parse_loose(&id.text));
                if let Some(id) = id.filter(|_| wanted(resource) && !resource.gone) {
                    // What is made here says more than what is looked up.
                    let known = found.entry(id).or_insert(number);
                    if resources.get(*known).is_some_and(|known| known.data) {
                        *known = number;
                    }
                }
            }
            found
        };
        let (applications, principals) = (by_object(is_application), by_object(is_principal));
        let groups = by_object(|resource| resource.kind == "azuread_group");
        let mut named: BTreeMap<_, Option<usize>> = BTreeMap::new();
        for (number, resource) in resources.iter().enumerate() {
            let mut kinds = ["azurerm_resource_group", "azurerm_role_definition"].into_iter();
            let kind = kinds.find(|kind| *kind == resource.kind && !resource.gone);
            if let (Some(kind), Some(name)) = (kind, resource.said.get("name").text()) {
                named
                    .entry((kind, name.to_lowercase()))
                    .and_modify(|known| *known = None)
                    .or_insert(Some(number));
            }
        }
        let mut deployment = Deployment {
            subscription: ids::only_subscription(&resources),
            configuration,
            ids,
            applications,
            principals,
            groups,
            named,
            resources,
        };
        deployment.name_in_azure(out);
        deployment
    }

    fn write(&self, out: &mut Lowering) {
        let parts = Parts::of(self);
        parts.tell(self, out);
        for (number, resource) in self.resources.iter().enumerate() {
            let Some(ids) = self.ids.get(number) else {
                continue;
            };
            if resource.data && ids.object.is_none() && ids.client.is_none() && ids.arm.is_none() {
                // It will be looked up: nothing is known of it.
                continue;
            }
            match resource.kind.as_str() {
                "azuread_application" | "azuread_application_registration" => {
                    self.application(number, resource, ids, &parts, out);
                }
                "azuread_service_principal" => {
                    self.service_principal(number, resource, ids, &parts, out);
                }
                "azurerm_user_assigned_identity" => self.managed_identity(resource, ids, out),
                "azuread_application_federated_identity_credential"
                | "azuread_application_flexible_federated_identity_credential" => {
                    self.federated(resource, out);
                }
                "azuread_service_principal_delegated_permission_grant" => {
                    self.delegated_grant(resource, out);
                }
                "azuread_app_role_assignment" => self.app_role_assignment(resource, out),
                "azuread_directory_role_assignment" => self.directory_role(resource, out),
                "azuread_group" => self.group_members(resource, ids, &parts, number, out),
                "azurerm_role_assignment" => self.role_assignment(resource, out),
                "azurerm_pim_eligible_role_assignment" => {
                    self.schedule(resource, "roleEligibilitySchedules", out);
                }
                "azurerm_pim_active_role_assignment" => {
                    self.schedule(resource, "roleAssignmentSchedules", out);
                }
                "azurerm_role_definition" => self.role_definition(resource, ids, out),
                "azurerm_digital_twins_instance" => self.instance(resource, ids, out),
                _ => {}
            }
        }
    }
}

impl Resource<'_> {
    /// Writes it as an object of `kind`; as one that will be gone, if it will.
    fn document(&self, kind: ObjectKind, out: &mut Lowering, fill: impl FnOnce(&mut Writer)) {
        let (address, origin) = (self.address.as_str(), self.said.place());
        if self.gone {
            out.removed(kind, address, origin, fill);
        } else {
            out.resource(kind, address, origin, fill);
        }
    }
}
