//! Azure's side: role assignments and definitions, schedules, instances of Azure Digital Twins.

use super::Deployment;
use super::block::{Gathered, renamed, shown};
use super::directory::put_or_unknown;
use super::ids::{Id, Ids, Want, role_named};
use super::resource::Resource;
use super::said::State;
use crate::infrastructure::{Lowering, Writer};
use crate::model::{Guid, ObjectKind};

/// Whom a role is assigned to, which, and where.
struct Assigned {
    principal: Option<Id>,
    role: Option<Id>,
    scope: Option<Id>,
    /// What sort of principal it is, where it is one of this file.
    sort: Option<&'static str>,
}

impl Assigned {
    fn put(&self, resource: &Resource<'_>, out: &mut Writer) {
        let said = |name: &str| resource.said.get(name);
        put_or_unknown(
            out,
            "principalId",
            self.principal.as_ref(),
            said("principal_id"),
        );
        let kind = said("principal_type");
        match (self.sort, kind.state()) {
            (Some(sort), State::Unknown | State::Absent) => {
                out.name("principalType").text(sort, kind.place());
            }
            _ => kind.put(out, "principalType"),
        }
        put_or_unknown(
            out,
            "roleDefinitionId",
            self.role.as_ref(),
            said("role_definition_id"),
        );
        put_or_unknown(out, "scope", self.scope.as_ref(), said("scope"));
    }
}

/// What sort of principal a resource is or has. An application is none, though it has an object id.
fn sort(resource: &Resource<'_>) -> Option<&'static str> {
    match resource.kind.as_str() {
        "azuread_group" => Some("Group"),
        "azuread_user" => Some("User"),
        "azuread_service_principal" => Some("ServicePrincipal"),
        kind if kind.starts_with("azurerm_") => Some("ServicePrincipal"),
        _ => None,
    }
}

impl<'r> Deployment<'r> {
    fn assigned(&self, resource: &Resource<'r>) -> Assigned {
        let role = resource.said.get("role_definition_id");
        let role = match role.state() {
            State::Known(_) => self.id(resource, &["role_definition_id"], Want::Arm),
            // The name says it, before the apply has looked up the id.
            _ => role_named(resource, "role_definition_name")
                .or_else(|| self.custom_role(resource))
                .or_else(|| self.id(resource, &["role_definition_id"], Want::Arm)),
        };
        let principal = resource.said.get("principal_id");
        let found = match principal.state() {
            State::Unknown | State::Absent => self.configuration.refers(resource, "principal_id"),
            State::Known(_) | State::Unset => None,
        };
        let found = found.and_then(|found| self.resources.get(found.resource));
        let principal = self.id(resource, &["principal_id"], Want::Object);
        Assigned {
            sort: match &principal {
                Some(id) if found.is_none() => Guid::parse_strict(&id.text)
                    .filter(|id| self.principals.contains_key(id))
                    .map(|_| "ServicePrincipal"),
                Some(_) => found.and_then(sort),
                None => None,
            },
            principal,
            role,
            scope: self.id(resource, &["scope"], Want::Arm),
        }
    }

    /// The id of a role of this file that an assignment names.
    fn custom_role(&self, resource: &Resource<'r>) -> Option<Id> {
        let name = resource.said.get("role_definition_name");
        let text = name.text()?;
        let named = ("azurerm_role_definition", text.to_lowercase());
        let number = (*self.named.get(&named)?)?;
        let id = self.ids.get(number)?.arm.as_ref()?;
        Some(Id {
            text: id.text.clone(),
            place: Some(name.place()),
        })
    }

    /// A role that is assigned.
    pub fn role_assignment(&self, resource: &Resource<'r>, out: &mut Lowering) {
        let assigned = self.assigned(resource);
        let id = self.id(resource, &["id"], Want::Arm);
        resource.document(ObjectKind::RoleAssignment, out, |out| {
            if let Some(id) = &id {
                id.put(out, "id", resource.said.place());
            }
            assigned.put(resource, out);
            shown(
                out,
                resource,
                &[
                    ("name", "name"),
                    ("roleDefinitionName", "role_definition_name"),
                    ("condition", "condition"),
                    ("conditionVersion", "condition_version"),
                    (
                        "delegatedManagedIdentityResourceId",
                        "delegated_managed_identity_resource_id",
                    ),
                    ("description", "description"),
                ],
            );
        });
    }

    /// A role that is assigned, or may be activated, through Privileged Identity Management.
    pub fn schedule(&self, resource: &Resource<'r>, kind: &str, out: &mut Lowering) {
        let assigned = self.assigned(resource);
        resource.document(ObjectKind::RoleSchedule, out, |out| {
            let block = resource.said.place();
            let kind_of = format!("Microsoft.Authorization/{kind}");
            out.name("type").text(&kind_of, block);
            out.name("properties").object(block, |out| {
                assigned.put(resource, out);
                if kind == "roleAssignmentSchedules" {
                    out.name("assignmentType").text("Assigned", block);
                }
                out.name("memberType").text("Direct", block);
                let schedule = resource.said.get("schedule").block();
                renamed(out, schedule, &[("startDateTime", "start_date_time")]);
                let end = schedule.inner("expiration").block();
                // A duration counts from a start that only the apply knows.
                let lasts = ["duration_days", "duration_hours"]
                    .iter()
                    .any(|name| matches!(end.inner(name).state(), State::Known(_)));
                out.name("endDateTime");
                match lasts {
                    true => out.unknown(end.place()),
                    false => end.inner("end_date_time").copy(out),
                }
                shown(
                    out,
                    resource,
                    &[
                        ("condition", "condition"),
                        ("conditionVersion", "condition_version"),
                    ],
                );
            });
        });
    }

    /// A role that is defined here, or looked up.
    pub fn role_definition(&self, resource: &Resource<'r>, ids: &Ids, out: &mut Lowering) {
        // What is looked up by name alone shows nothing yet.
        let permissions = resource.said.get("permissions");
        if resource.data && !matches!(permissions.state(), State::Known(_)) {
            return;
        }
        resource.document(ObjectKind::RoleDefinition, out, |out| {
            let block = resource.said.place();
            if let Some(id) = &ids.arm {
                id.put(out, "id", block);
            }
            shown(
                out,
                resource,
                &[("roleName", "name"), ("description", "description")],
            );
            match resource.data {
                true => shown(out, resource, &[("roleType", "type")]),
                false => out.name("roleType").text("CustomRole", block),
            }
            Gathered::of(permissions).objects(out, "permissions", |out, block| {
                renamed(
                    out,
                    block,
                    &[
                        ("actions", "actions"),
                        ("notActions", "not_actions"),
                        ("dataActions", "data_actions"),
                        ("notDataActions", "not_data_actions"),
                    ],
                );
            });
            // Not set, the scope that it is made at is the one that it can be assigned at.
            let scopes = resource.said.get("assignable_scopes");
            match scopes.elements() {
                (items, false) if items.is_empty() => {
                    let scope = resource.said.get("scope");
                    out.name("assignableScopes")
                        .list(scope.place(), |out| scope.copy(out));
                }
                _ => Gathered::of(scopes).texts(out, "assignableScopes"),
            }
        });
    }

    /// An instance of Azure Digital Twins, made here or looked up.
    pub fn instance(&self, resource: &Resource<'r>, ids: &Ids, out: &mut Lowering) {
        resource.document(ObjectKind::DigitalTwinsInstance, out, |out| {
            let block = resource.said.place();
            out.name("type")
                .text("Microsoft.DigitalTwins/digitalTwinsInstances", block);
            if let Some(id) = &ids.arm {
                id.put(out, "id", block);
            }
            shown(
                out,
                resource,
                &[
                    ("name", "name"),
                    ("location", "location"),
                    ("resourceGroup", "resource_group_name"),
                    ("hostName", "host_name"),
                ],
            );
            // The provider waits until an instance is made, so one that is to exist will be ready.
            if !resource.data {
                out.name("provisioningState").text("Succeeded", block);
            }
            let identity = resource.said.get("identity").block();
            match identity.state() {
                State::Absent => {}
                State::Unset => out.name("identity").null(identity.place()),
                State::Unknown => out.name("identity").unknown(identity.place()),
                State::Known(_) => out.name("identity").object(identity.place(), |out| {
                    renamed(
                        out,
                        identity,
                        &[("type", "type"), ("tenantId", "tenant_id")],
                    );
                    put_or_unknown(
                        out,
                        "principalId",
                        ids.object.as_ref(),
                        identity.inner("principal_id"),
                    );
                }),
            }
        });
    }
}
