//! What is granted in the directory, and who is in which group.

use super::Deployment;
use super::block::shown;
use super::ids::{Id, Ids, Want};
use super::parts::Parts;
use super::resource::Resource;
use super::said::{Said, State};
use crate::infrastructure::{Lowering, Writer};
use crate::model::{Guid, ObjectKind};

/// Writes an id that another resource refers to, or that it cannot be known.
pub fn put_or_unknown(out: &mut Writer, name: &str, id: Option<&Id>, said: Said<'_>) {
    match id {
        Some(id) => id.put(out, name, said.place()),
        None => out.name(name).unknown(said.place()),
    }
}

impl<'r> Deployment<'r> {
    /// Delegated permissions that are granted.
    pub fn delegated_grant(&self, resource: &Resource<'r>, out: &mut Lowering) {
        let id = |name: &str| self.id(resource, &[name], Want::Object);
        let client = id("service_principal_object_id");
        let target = id("resource_service_principal_object_id");
        let user = id("user_object_id");
        let said = |name: &str| resource.said.get(name);
        resource.document(ObjectKind::DelegatedGrant, out, |out| {
            shown(out, resource, &[("id", "id")]);
            put_or_unknown(
                out,
                "clientId",
                client.as_ref(),
                said("service_principal_object_id"),
            );
            put_or_unknown(
                out,
                "resourceId",
                target.as_ref(),
                said("resource_service_principal_object_id"),
            );
            let (consent, place) = (said("user_object_id"), said("user_object_id").place());
            out.name("consentType");
            match consent.state() {
                State::Unset => {
                    out.text("AllPrincipals", place);
                    out.name("principalId").null(place);
                }
                _ if user.is_some() => {
                    out.text("Principal", place);
                    put_or_unknown(out, "principalId", user.as_ref(), consent);
                }
                _ => {
                    out.unknown(place);
                    out.name("principalId").unknown(place);
                }
            }
            let claims = said("claim_values");
            let (items, open) = claims.elements();
            let texts: Option<Vec<_>> = items.iter().map(|item| item.text()).collect();
            out.name("scope");
            match texts {
                Some(texts) if !open => out.text(&texts.join(" "), claims.place()),
                _ => out.unknown(claims.place()),
            }
        });
    }

    /// An application role that is granted.
    pub fn app_role_assignment(&self, resource: &Resource<'r>, out: &mut Lowering) {
        let names = ["principal_object_id", "resource_object_id"];
        let [principal, target] = names.map(|name| self.id(resource, &[name], Want::Object));
        resource.document(ObjectKind::AppRoleAssignment, out, |out| {
            let said = |name: &str| resource.said.get(name);
            shown(
                out,
                resource,
                &[
                    ("principalType", "principal_type"),
                    ("principalDisplayName", "principal_display_name"),
                    ("resourceDisplayName", "resource_display_name"),
                ],
            );
            out.name("appRoleId");
            said("app_role_id").copy(out);
            put_or_unknown(
                out,
                "principalId",
                principal.as_ref(),
                said("principal_object_id"),
            );
            put_or_unknown(
                out,
                "resourceId",
                target.as_ref(),
                said("resource_object_id"),
            );
        });
    }

    /// A role of the directory that is assigned.
    pub fn directory_role(&self, resource: &Resource<'r>, out: &mut Lowering) {
        let principal = self.id(resource, &["principal_object_id"], Want::Object);
        resource.document(ObjectKind::DirectoryRoleAssignment, out, |out| {
            let said = |name: &str| resource.said.get(name);
            shown(out, resource, &[("id", "id")]);
            put_or_unknown(
                out,
                "principalId",
                principal.as_ref(),
                said("principal_object_id"),
            );
            out.name("roleDefinitionId");
            said("role_id").copy(out);
            let scope = said("directory_scope_id");
            out.name("directoryScopeId");
            scope.copy(out);
            shown(out, resource, &[("appScopeId", "app_scope_id")]);
        });
    }

    /// A group with the members that are known.
    pub fn group_members(
        &self,
        resource: &Resource<'r>,
        ids: &Ids,
        parts: &Parts,
        number: usize,
        out: &mut Lowering,
    ) {
        let added = parts.of_kinds(self, number, &["azuread_group_member"]);
        let (listed, open) = resource.said.get("members").elements();
        let mut members: Vec<(Option<Id>, Said<'r>)> = listed
            .into_iter()
            .map(|member| {
                let id = member.text().map(|text| Id {
                    text: text.into_owned(),
                    place: Some(member.place()),
                });
                (id, member)
            })
            .collect();
        members.extend(added.iter().map(|other| {
            let id = self.id(other, &["member_object_id"], Want::Object);
            (id, other.said.get("member_object_id"))
        }));
        if resource.gone || members.is_empty() || ids.object.is_none() {
            return;
        }
        resource.document(ObjectKind::DirectoryObject, out, |out| {
            let block = resource.said.place();
            out.name("@odata.type")
                .text("#microsoft.graph.group", block);
            if let Some(id) = &ids.object {
                id.put(out, "id", block);
            }
            shown(
                out,
                resource,
                &[
                    ("displayName", "display_name"),
                    ("securityEnabled", "security_enabled"),
                ],
            );
            out.name("members").list(block, |out| {
                for (id, said) in &members {
                    match id {
                        Some(id) => out.object(said.place(), |out| id.put(out, "id", said.place())),
                        None => out.unknown(said.place()),
                    }
                }
                if open {
                    out.unknown(block);
                }
            });
        });
    }

    /// The group that a member is added to.
    pub fn group_of(&self, resource: &Resource<'_>) -> Result<Option<usize>, ()> {
        let value = resource.said.get("group_object_id");
        if let Some(text) = value.text() {
            let id = Guid::last_in(&text).ok_or(())?;
            return Ok(self.groups.get(&id).copied());
        }
        let is_group = |number: &usize| {
            let group = self.resources.get(*number);
            group.is_some_and(|group| group.kind == "azuread_group")
        };
        let found = self.configuration.refers(resource, "group_object_id");
        let number = found.map(|found| found.resource).filter(is_group);
        number.map(Some).ok_or(())
    }
}
