//! Service principals: applications' own, and managed identities'.

use super::Deployment;
use super::block::{Gathered, renamed, shown};
use super::credential::credentials;
use super::ids::{Ids, Want, is_application};
use super::parts::Parts;
use super::resource::Resource;
use super::said::State;
use crate::infrastructure::Lowering;
use crate::model::ObjectKind;

impl<'r> Deployment<'r> {
    /// A service principal, made here or looked up.
    pub fn service_principal(
        &self,
        number: usize,
        resource: &Resource<'r>,
        ids: &Ids,
        parts: &Parts,
        out: &mut Lowering,
    ) {
        let names = ["client_id", "application_id"];
        let client = self.id(resource, &names, Want::Client);
        resource.document(ObjectKind::ServicePrincipal, out, |out| {
            let block = resource.said.place();
            out.name("@odata.type")
                .text("#microsoft.graph.servicePrincipal", block);
            if let Some(id) = &ids.object {
                id.put(out, "id", block);
            }
            match &client {
                Some(id) => id.put(out, "appId", block),
                None => resource.said.any(&names).put(out, "appId"),
            }
            let name = resource.said.get("display_name");
            let of_application = names
                .iter()
                .find_map(|name| self.configuration.refers(resource, name))
                .and_then(|found| self.resources.get(found.resource))
                .filter(|found| is_application(found))
                .map(|found| found.said.get("display_name"));
            match (name.state(), of_application) {
                // It is called after its application.
                (State::Unknown | State::Absent, Some(name)) => name.put(out, "displayName"),
                _ => name.put(out, "displayName"),
            }
            // What an application's principal is; other sorts are not made by hand.
            let kind = resource.said.get("type");
            out.name("servicePrincipalType");
            match kind.state() {
                State::Unknown | State::Absent if resource.made => out.text("Application", block),
                _ => kind.copy(out),
            }
            shown(
                out,
                resource,
                &[
                    ("accountEnabled", "account_enabled"),
                    ("appRoleAssignmentRequired", "app_role_assignment_required"),
                    ("appOwnerOrganizationId", "application_tenant_id"),
                    ("preferredSingleSignOnMode", "preferred_single_sign_on_mode"),
                    ("signInAudience", "sign_in_audience"),
                    ("description", "description"),
                    ("notes", "notes"),
                    ("homepage", "homepage_url"),
                    ("loginUrl", "login_url"),
                    ("logoutUrl", "logout_url"),
                    ("alternativeNames", "alternative_names"),
                    ("replyUrls", "redirect_uris"),
                    ("servicePrincipalNames", "service_principal_names"),
                    ("tags", "tags"),
                ],
            );
            let roles = resource.said.get("app_roles");
            if !roles.is_absent() {
                Gathered::of(roles).objects(out, "appRoles", |out, role| {
                    renamed(
                        out,
                        role,
                        &[
                            ("id", "id"),
                            ("value", "value"),
                            ("displayName", "display_name"),
                            ("isEnabled", "enabled"),
                            ("allowedMemberTypes", "allowed_member_types"),
                        ],
                    );
                });
            }
            let scopes = resource.said.get("oauth2_permission_scopes");
            if !scopes.is_absent() {
                Gathered::of(scopes).objects(out, "oauth2PermissionScopes", |out, scope| {
                    renamed(
                        out,
                        scope,
                        &[
                            ("id", "id"),
                            ("value", "value"),
                            ("type", "type"),
                            ("isEnabled", "enabled"),
                            ("adminConsentDisplayName", "admin_consent_display_name"),
                        ],
                    );
                });
            }
            if !resource.gone {
                credentials(self, number, resource, parts, out);
            }
        });
    }

    /// A managed identity with an existence of its own: Azure makes a service principal for it.
    pub fn managed_identity(&self, resource: &Resource<'r>, ids: &Ids, out: &mut Lowering) {
        resource.document(ObjectKind::ServicePrincipal, out, |out| {
            let block = resource.said.place();
            if let Some(id) = &ids.object {
                id.put(out, "id", block);
            }
            if let Some(id) = &ids.client {
                id.put(out, "appId", block);
            }
            out.name("servicePrincipalType")
                .text("ManagedIdentity", block);
            shown(out, resource, &[("displayName", "name")]);
            if let Some(id) = &ids.arm {
                // Where Microsoft Graph says which resource it belongs to.
                let place = id.place.unwrap_or(block);
                out.name("alternativeNames").list(place, |out| {
                    out.text("isExplicit=True", place);
                    out.text(&id.text, place);
                });
            }
        });
    }
}
