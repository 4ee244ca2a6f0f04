//! Applications as APIs: the permissions and roles that others ask them for.

use std::collections::BTreeSet;

use super::application::Application;
use super::block::{Gathered, renamed};
use super::ids::Want;
use super::resource::Resource;
use super::said::Said;
use crate::infrastructure::Writer;
use crate::model::Span;

impl<'r> Application<'_, 'r> {
    /// What it is as an API.
    pub fn api(&self, out: &mut Writer) {
        const SCOPE: &str = "azuread_application_permission_scope";
        const CLIENT: &str = "azuread_application_pre_authorized";
        const KNOWN: &str = "azuread_application_known_clients";
        let block = match self.bare {
            true => self.said,
            false => self.said.get("api").block(),
        };
        let (scopes, clients) = (self.added(&[SCOPE]), self.added(&[CLIENT]));
        if block.is_absent() && scopes.is_empty() && clients.is_empty() {
            return;
        }
        out.name("api").object(block.place(), |out| {
            renamed(
                out,
                block,
                &[(
                    "requestedAccessTokenVersion",
                    "requested_access_token_version",
                )],
            );
            if !self.bare {
                renamed(
                    out,
                    block,
                    &[("acceptMappedClaims", "mapped_claims_enabled")],
                );
            }
            let known = self.added(&[KNOWN]);
            self.inner(block, &["known_client_applications"], KNOWN, &known)
                .and(&known, "known_client_ids")
                .texts(out, "knownClientApplications");
            let names = ["oauth2_permission_scope", "oauth2_permission_scopes"];
            let mut list = self.inner(block, &names, SCOPE, &scopes);
            list.items.extend(scopes.iter().map(|scope| scope.said));
            let places: BTreeSet<Span> = scopes.iter().map(|scope| scope.said.place()).collect();
            list.objects(out, "oauth2PermissionScopes", |out, scope| {
                let added = places.contains(&scope.place());
                renamed(out, scope, &[("id", if added { "scope_id" } else { "id" })]);
                renamed(out, scope, &[("value", "value"), ("type", "type")]);
                // A scope of its own is always on.
                match added {
                    true => out.name("isEnabled").truth(true, scope.place()),
                    false => renamed(out, scope, &[("isEnabled", "enabled")]),
                }
                renamed(
                    out,
                    scope,
                    &[
                        ("adminConsentDisplayName", "admin_consent_display_name"),
                        ("adminConsentDescription", "admin_consent_description"),
                        ("userConsentDisplayName", "user_consent_display_name"),
                        ("userConsentDescription", "user_consent_description"),
                    ],
                );
            });
            let place = clients
                .first()
                .map_or(block.place(), |client| client.said.place());
            out.name("preAuthorizedApplications").list(place, |out| {
                for client in &clients {
                    self.preauthorized(client, out);
                }
                if !self.is_new() || self.parts.stray(&[CLIENT]) {
                    out.unknown(block.place());
                }
            });
        });
    }

    /// A list in the block `api`, which a registration does not have.
    fn inner(
        &self,
        block: Said<'r>,
        names: &[&str],
        kind: &str,
        added: &[&Resource<'r>],
    ) -> Gathered<'r> {
        let list = match self.bare {
            true => block.get(names.first().copied().unwrap_or_default()),
            false => match block.any(names) {
                list if list.is_absent() => list.unknowable(),
                list => list,
            },
        };
        self.base(list, kind, added)
    }

    fn preauthorized(&self, client: &Resource<'r>, out: &mut Writer) {
        let place = client.said.place();
        out.object(place, |out| {
            let names = ["authorized_client_id", "authorized_app_id"];
            match self.deployment.id(client, &names, Want::Client) {
                Some(id) => id.put(out, "appId", place),
                None => out.name("appId").unknown(place),
            }
            Gathered::of(client.said.get("permission_ids")).texts(out, "delegatedPermissionIds");
        });
    }

    pub fn roles(&self, out: &mut Writer) {
        const KIND: &str = "azuread_application_app_role";
        let added = self.added(&[KIND]);
        let list = self.said.any(&["app_role", "app_roles"]);
        if list.is_absent() && added.is_empty() && !self.bare {
            return;
        }
        let mut list = self.base(list, KIND, &added);
        list.items.extend(added.iter().map(|role| role.said));
        let places: BTreeSet<Span> = added.iter().map(|role| role.said.place()).collect();
        list.objects(out, "appRoles", |out, role| {
            let own = places.contains(&role.place());
            renamed(out, role, &[("id", if own { "role_id" } else { "id" })]);
            renamed(
                out,
                role,
                &[
                    ("value", "value"),
                    ("displayName", "display_name"),
                    ("description", "description"),
                ],
            );
            match own {
                true => out.name("isEnabled").truth(true, role.place()),
                false => renamed(out, role, &[("isEnabled", "enabled")]),
            }
            Gathered::of(role.inner("allowed_member_types")).texts(out, "allowedMemberTypes");
        });
    }
}
