//! The ids of resources: those that are known, and those that stand in for what the apply will
//! make up.

use super::Deployment;
use super::configuration::Found;
use super::resource::Resource;
use super::said::State;
use crate::catalog;
use crate::infrastructure::{Lowering, Writer};
use crate::model::{Guid, Span};

/// An id, or whatever text is to be written in its stead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Id {
    pub text: String,
    /// Where it is said; nowhere, if the apply will make it up.
    pub place: Option<Span>,
}

impl Id {
    /// Writes it as the member `name` of a resource that stands at `block`.
    pub fn put(&self, out: &mut Writer, name: &str, block: Span) {
        out.name(name).text(&self.text, self.place.unwrap_or(block));
    }
}

/// Which of a resource's ids another wants.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Want {
    /// The id in the directory of an application or a principal.
    Object,
    /// The client id of an application or a principal.
    Client,
    /// The id in Azure Resource Manager.
    Arm,
}

/// The ids of one resource.
#[derive(Clone, Debug, Default)]
pub struct Ids {
    pub object: Option<Id>,
    pub client: Option<Id>,
    pub arm: Option<Id>,
}

/// An application, made here or looked up.
pub fn is_application(resource: &Resource<'_>) -> bool {
    matches!(
        resource.kind.as_str(),
        "azuread_application" | "azuread_application_registration"
    )
}

/// A service principal, made here or looked up; a managed identity's too.
pub fn is_principal(resource: &Resource<'_>) -> bool {
    matches!(
        resource.kind.as_str(),
        "azuread_service_principal" | "azurerm_user_assigned_identity"
    )
}

/// The id that an attribute says. `/applications/<object id>` and `<object id>` are the same to
/// different versions of the provider.
fn said(resource: &Resource<'_>, names: &[&str], last: bool) -> Option<Id> {
    let value = resource.said.any(names);
    let text = value.text()?;
    let text = match last {
        true => text.rsplit('/').next().unwrap_or(&text).to_owned(),
        false => text.into_owned(),
    };
    Some(Id {
        text,
        place: Some(value.place()),
    })
}

/// The ids that a resource itself says, or that stand in for what it does not know yet.
pub fn own(resource: &Resource<'_>, out: &mut Lowering) -> Ids {
    let address = &resource.address;
    let mut made = |names: &[&str], attribute: &str| {
        let open = |name: &&str| match resource.said.get(name).state() {
            State::Unknown => true,
            State::Absent => resource.made,
            State::Unset | State::Known(_) => false,
        };
        // What is looked up exists: its ids are others than those that would stand in for them.
        let new = !resource.gone && !resource.data;
        (new && names.iter().any(open)).then(|| Id {
            text: out.stand_in(&format!("{address}.{attribute}")),
            place: None,
        })
    };
    let mut ids = Ids::default();
    match resource.kind.as_str() {
        "azuread_application" | "azuread_application_registration" => {
            ids.object = said(resource, &["object_id", "id"], true)
                .or_else(|| made(&["object_id", "id"], "object_id"));
            ids.client = said(resource, &["client_id", "application_id"], false)
                .or_else(|| made(&["client_id", "application_id"], "client_id"));
        }
        "azuread_service_principal" | "azuread_group" | "azuread_user" => {
            ids.object = said(resource, &["object_id", "id"], true)
                .or_else(|| made(&["object_id", "id"], "object_id"));
            ids.client = said(resource, &["client_id", "application_id"], false);
        }
        "azurerm_user_assigned_identity" => {
            ids.object = said(resource, &["principal_id"], false)
                .or_else(|| made(&["principal_id"], "principal_id"));
            ids.client =
                said(resource, &["client_id"], false).or_else(|| made(&["client_id"], "client_id"));
        }
        "azurerm_role_definition" => {
            ids.arm = definition(resource).or_else(|| {
                let id = made(&["role_definition_id"], "role_definition_id")?;
                Some(Id {
                    text: format!("{ROLES}{}", id.text),
                    place: None,
                })
            });
        }
        kind if kind.starts_with("azurerm_") => {
            ids.arm = said(resource, &["id"], false).filter(|id| id.text.starts_with('/'));
            let identity = resource.said.get("identity").block().get("principal_id");
            ids.object = match identity.state() {
                State::Known(_) => identity.text().map(|text| Id {
                    text: text.into_owned(),
                    place: Some(identity.place()),
                }),
                State::Unknown if !resource.gone && !resource.data => Some(Id {
                    text: out.stand_in(&format!("{}.identity[0].principal_id", resource.address)),
                    place: None,
                }),
                _ => None,
            };
        }
        _ => {}
    }
    ids
}

impl Deployment<'_> {
    /// Gives resources an id in Azure Resource Manager that the apply will make of what is known:
    /// resource groups, and the instances in them.
    pub fn name_in_azure(&mut self, out: &mut Lowering) {
        for kind in ["azurerm_resource_group", "azurerm_digital_twins_instance"] {
            for number in 0..self.resources.len() {
                let text = self.made_of_names(number, kind, out);
                if let (Some(text), Some(ids)) = (text, self.ids.get_mut(number)) {
                    ids.arm = Some(Id { text, place: None });
                }
            }
        }
    }

    fn made_of_names(&self, number: usize, kind: &str, out: &mut Lowering) -> Option<String> {
        let resource = self.resources.get(number)?;
        let named = self.ids.get(number)?.arm.is_some();
        if resource.kind != kind || resource.gone || named {
            return None;
        }
        if resource.data {
            // It exists: without its subscription nothing is known of it.
            let subscription = self.known_subscription(resource)?;
            let group = resource.said.get("name").text()?;
            return (kind == "azurerm_resource_group")
                .then(|| format!("/subscriptions/{subscription}/resourceGroups/{group}"));
        }
        let part = |attribute: &str, out: &mut Lowering| match resource.said.get(attribute).text() {
            Some(text) => text.into_owned(),
            None => out.stand_in(&format!("{}.{attribute}", resource.address)),
        };
        Some(match kind {
            "azurerm_resource_group" => {
                let name = part("name", out);
                format!("{}/resourceGroups/{name}", self.subscription(resource, out))
            }
            _ => {
                let (name, group) = (part("name", out), part("resource_group_name", out));
                let group = self.group(resource, &group).unwrap_or_else(|| {
                    format!(
                        "{}/resourceGroups/{group}",
                        self.subscription(resource, out)
                    )
                });
                format!("{group}/providers/Microsoft.DigitalTwins/digitalTwinsInstances/{name}")
            }
        })
    }

    /// The id of the resource group that a resource is put into, where the file has it.
    fn group(&self, resource: &Resource<'_>, name: &str) -> Option<String> {
        let arm = |number: usize| Some(self.ids.get(number)?.arm.as_ref()?.text.clone());
        let is_group = |number: usize| {
            let group = self.resources.get(number);
            group.is_some_and(|group| group.kind == "azurerm_resource_group" && !group.gone)
        };
        let found = self.configuration.refers(resource, "resource_group_name");
        if let Some(found) = found.filter(|found| is_group(found.resource)) {
            return arm(found.resource);
        }
        let named = ("azurerm_resource_group", name.to_lowercase());
        arm((*self.named.get(&named)?)?)
    }

    /// `/subscriptions/<id>` of a resource that does not exist yet; what is not known is the same
    /// for all that one provider makes.
    fn subscription(&self, resource: &Resource<'_>, out: &mut Lowering) -> String {
        let id = self.known_subscription(resource).unwrap_or_else(|| {
            let key = self.configuration.provider_key(resource);
            let key = key.as_deref().unwrap_or("azurerm");
            out.stand_in(&format!("provider.{key}.subscription_id"))
        });
        format!("/subscriptions/{id}")
    }

    /// The subscription that a resource's provider is configured with, else the only one that the
    /// file tells of.
    fn known_subscription(&self, resource: &Resource<'_>) -> Option<String> {
        self.configuration
            .provider(resource, "subscription_id")
            .filter(|id| Guid::parse_strict(id).is_some())
            .or_else(|| self.subscription.clone())
    }
}

/// The subscription that all ids in Azure Resource Manager name, if it is one.
pub fn only_subscription(resources: &[Resource<'_>]) -> Option<String> {
    let mut only: Option<String> = None;
    for resource in resources {
        if !resource.kind.starts_with("azurerm_") {
            continue;
        }
        for attribute in ["id", "subscription_id"] {
            let Some(text) = resource.said.get(attribute).text() else {
                continue;
            };
            let id = text
                .strip_prefix("/subscriptions/")
                .unwrap_or(&text)
                .split(['/', '|'])
                .next()
                .filter(|id| Guid::parse_strict(id).is_some());
            match (id, &only) {
                (Some(id), Some(first)) if !first.eq_ignore_ascii_case(id) => return None,
                (Some(id), None) => only = Some(id.to_owned()),
                _ => {}
            }
        }
    }
    only
}

/// Where role definitions stand that belong to no scope.
pub const ROLES: &str = "/providers/Microsoft.Authorization/roleDefinitions/";

/// The id of a role definition. The provider's own `id` has the scope behind it.
fn definition(resource: &Resource<'_>) -> Option<Id> {
    let whole = said(resource, &["role_definition_resource_id"], false);
    let id = whole.or_else(|| said(resource, &["id"], false));
    if let Some(id) = id.filter(|id| id.text.starts_with('/')) {
        let text = id.text.split('|').next().unwrap_or_default().to_owned();
        return Some(Id { text, ..id });
    }
    let guid = said(resource, &["role_definition_id"], true);
    if let Some(guid) = guid.filter(|id| Guid::parse_strict(&id.text).is_some()) {
        let text = format!("{ROLES}{}", guid.text);
        return Some(Id { text, ..guid });
    }
    // A definition that is looked up by the name that everybody knows it by.
    resource
        .data
        .then(|| role_named(resource, "name"))
        .flatten()
}

/// The id of the built-in role that an attribute names.
pub fn role_named(resource: &Resource<'_>, attribute: &str) -> Option<Id> {
    let name = resource.said.get(attribute);
    let role = catalog::role_by_name(name.text()?.trim())?;
    Some(Id {
        text: format!("{ROLES}{}", role.id),
        place: Some(name.place()),
    })
}

impl Deployment<'_> {
    /// The id that one of several attributes of a resource says, or that stands in for what it
    /// refers to.
    pub fn id(&self, resource: &Resource<'_>, names: &[&str], want: Want) -> Option<Id> {
        for name in names {
            let value = resource.said.get(name);
            match value.state() {
                State::Known(_) => {
                    let text = value.text()?;
                    // `/servicePrincipals/<object id>`
                    let text = match want {
                        Want::Arm => text.split('|').next().unwrap_or_default(),
                        Want::Object | Want::Client => text.rsplit('/').next().unwrap_or(&text),
                    };
                    return Some(Id {
                        text: text.to_owned(),
                        place: Some(value.place()),
                    });
                }
                State::Unknown | State::Absent => {
                    if let Some(found) = self.configuration.refers(resource, name) {
                        return self.found(&found, want);
                    }
                }
                State::Unset => {}
            }
        }
        None
    }

    /// The id of a resource that an attribute refers to.
    fn found(&self, found: &Found, want: Want) -> Option<Id> {
        let resource = self.resources.get(found.resource)?;
        let ids = self.ids.get(found.resource)?;
        let attribute = found.attribute.as_str();
        let which = match (resource.kind.as_str(), attribute) {
            (_, "") if want == Want::Client => &ids.client,
            (_, "") if want == Want::Object => &ids.object,
            (_, "object_id" | "principal_id") => &ids.object,
            (_, "client_id") => &ids.client,
            ("azuread_application" | "azuread_service_principal", "application_id") => &ids.client,
            (kind, "id") if kind.starts_with("azuread_") => &ids.object,
            ("azurerm_role_definition", _) => &ids.arm,
            (kind, "" | "id") if kind.starts_with("azurerm_") => &ids.arm,
            // The identity that a resource gets from Azure.
            (kind, attribute)
                if kind.starts_with("azurerm_") && attribute.ends_with("principal_id") =>
            {
                &ids.object
            }
            _ => &None,
        };
        // What it says stands elsewhere: here nothing but the reference does.
        which.as_ref().map(|id| Id {
            text: id.text.clone(),
            place: None,
        })
    }

    /// The application that a resource belongs to: by an id that both say, or by reference.
    /// `Err` if it cannot be told.
    pub fn application_of(&self, resource: &Resource<'_>) -> Result<Option<usize>, ()> {
        const NAMES: [&str; 2] = ["application_id", "application_object_id"];
        let value = resource.said.any(&NAMES);
        if let Some(text) = value.text() {
            let id = Guid::last_in(&text).ok_or(())?;
            return Ok(self.applications.get(&id).copied());
        }
        let found = NAMES
            .iter()
            .find_map(|name| self.configuration.refers(resource, name));
        let is_one = |found: &Found| {
            self.resources
                .get(found.resource)
                .is_some_and(is_application)
        };
        found
            .filter(is_one)
            .map(|found| Some(found.resource))
            .ok_or(())
    }

    /// The service principal that a secret of one belongs to.
    pub fn principal_of(&self, resource: &Resource<'_>) -> Result<Option<usize>, ()> {
        let value = resource.said.get("service_principal_id");
        if let Some(text) = value.text() {
            let id = Guid::last_in(&text).ok_or(())?;
            return Ok(self.principals.get(&id).copied());
        }
        let found = self.configuration.refers(resource, "service_principal_id");
        let is_one = |found: &Found| self.resources.get(found.resource).is_some_and(is_principal);
        found
            .filter(is_one)
            .map(|found| Some(found.resource))
            .ok_or(())
    }
}
