//! Applications, with what other resources add to them.

use std::collections::{BTreeMap, BTreeSet};

use super::Deployment;
use super::block::{Gathered, renamed, shown, truth};
use super::credential::credentials;
use super::ids::{Ids, Want};
use super::resource::Resource;
use super::said::{Said, State};
use crate::infrastructure::{Lowering, Writer};
use crate::model::ObjectKind;

/// What other resources add to applications, service principals and groups.
#[derive(Default)]
pub struct Parts {
    added: BTreeMap<usize, Vec<usize>>,
    /// Types of resources that add to one knows not what.
    strays: BTreeSet<String>,
}

impl Parts {
    /// Finds out what adds to what.
    pub fn of(deployment: &Deployment<'_>) -> Parts {
        let mut parts = Parts::default();
        for (number, resource) in deployment.resources.iter().enumerate() {
            if resource.gone || resource.data {
                continue;
            }
            let whole = match resource.kind.as_str() {
                "azuread_service_principal_password"
                | "azuread_service_principal_certificate"
                | "azuread_service_principal_token_signing_certificate" => {
                    deployment.principal_of(resource)
                }
                "azuread_group_member" => deployment.group_of(resource),
                "azuread_application_registration" => continue,
                kind if kind.starts_with("azuread_application_") => {
                    deployment.application_of(resource)
                }
                _ => continue,
            };
            match whole {
                Ok(Some(whole)) => parts.added.entry(whole).or_default().push(number),
                // Of an application that is not in this file.
                Ok(None) => {}
                Err(()) => {
                    parts.strays.insert(resource.kind.clone());
                }
            }
        }
        parts
    }

    /// The resources of these types that add to one.
    pub fn of_kinds<'d, 'r>(
        &self,
        deployment: &'d Deployment<'r>,
        number: usize,
        kinds: &[&str],
    ) -> Vec<&'d Resource<'r>> {
        let added = self.added.get(&number).into_iter().flatten();
        added
            .filter_map(|part| deployment.resources.get(*part))
            .filter(|part| kinds.contains(&part.kind.as_str()))
            .collect()
    }

    /// Whether a resource of these types may add to anything.
    pub fn stray(&self, kinds: &[&str]) -> bool {
        kinds.iter().any(|kind| self.strays.contains(*kind))
    }
}

/// An application that is being written.
struct Application<'d, 'r> {
    deployment: &'d Deployment<'r>,
    parts: &'d Parts,
    number: usize,
    resource: &'d Resource<'r>,
    said: Said<'r>,
    /// `azuread_application_registration`: the rest is said by other resources, or by none.
    bare: bool,
}

impl<'r> Deployment<'r> {
    /// An application, made here or looked up.
    pub fn application(
        &self,
        number: usize,
        resource: &Resource<'r>,
        ids: &Ids,
        parts: &Parts,
        out: &mut Lowering,
    ) {
        let application = Application {
            deployment: self,
            parts,
            number,
            resource,
            said: resource.said,
            bare: resource.kind == "azuread_application_registration",
        };
        resource.document(ObjectKind::Application, out, |out| {
            application.write(ids, out);
        });
    }
}

impl<'r> Application<'_, 'r> {
    fn write(&self, ids: &Ids, out: &mut Writer) {
        let block = self.said.place();
        out.name("@odata.type")
            .text("#microsoft.graph.application", block);
        if let Some(id) = &ids.object {
            id.put(out, "id", block);
        }
        if let Some(id) = &ids.client {
            id.put(out, "appId", block);
        }
        shown(
            out,
            self.resource,
            &[
                ("displayName", "display_name"),
                ("description", "description"),
                ("notes", "notes"),
                ("signInAudience", "sign_in_audience"),
                ("isDeviceOnlyAuthSupported", "device_only_auth_enabled"),
                ("oauth2RequirePostResponse", "oauth2_post_response_required"),
                ("serviceManagementReference", "service_management_reference"),
                ("publisherDomain", "publisher_domain"),
                ("disabledByMicrosoftStatus", "disabled_by_microsoft"),
                ("tags", "tags"),
            ],
        );
        self.fallback(out);
        self.group_claims(out);
        self.public("publicClient", "public_client", "PublicClient", out);
        self.public("spa", "single_page_application", "SPA", out);
        self.web(out);
        self.required(out);
        self.api(out);
        self.roles(out);
        let uris = self.added(&["azuread_application_identifier_uri"]);
        let list = self.said.get("identifier_uris");
        if !list.is_absent() || self.bare || !uris.is_empty() {
            let mut gathered = self.base(list, "azuread_application_identifier_uri", &uris);
            gathered
                .items
                .extend(uris.iter().map(|uri| uri.said.get("identifier_uri")));
            gathered.texts(out, "identifierUris");
        }
        self.optional_claims(out);
        self.owners(out);
        if !self.resource.gone {
            credentials(self.deployment, self.number, self.resource, self.parts, out);
        }
    }

    fn added(&self, kinds: &[&str]) -> Vec<&Resource<'r>> {
        self.parts.of_kinds(self.deployment, self.number, kinds)
    }

    /// Whether nothing of it exists but what the plan shows.
    fn is_new(&self) -> bool {
        self.deployment.configuration.shows_all_of(self.resource)
    }

    /// Whether what no resource of this type says of it is not there.
    fn is_whole(&self, kind: &str) -> bool {
        !self.bare || self.is_new() && !self.parts.stray(&[kind])
    }

    /// The list that the application itself says. A registration says none: it is empty at first,
    /// and then what resources of type `kind`, or somebody else, made of it.
    fn base(&self, list: Said<'r>, kind: &str, added: &[&Resource<'r>]) -> Gathered<'r> {
        let absent = list.is_absent();
        let mut gathered = Gathered::of(list);
        if absent {
            gathered.open = !self.is_new() || self.parts.stray(&[kind]) || !self.bare;
        }
        if let (Some(first), true) = (added.first(), gathered.items.is_empty()) {
            gathered.place = first.said.place();
        }
        gathered
    }

    fn fallback(&self, out: &mut Writer) {
        const KIND: &str = "azuread_application_fallback_public_client";
        let name = "isFallbackPublicClient";
        if let Some(other) = self.added(&[KIND]).first() {
            renamed(out, other.said, &[(name, "enabled")]);
        } else if self.bare {
            out.name(name);
            match self.is_whole(KIND) {
                true => out.null(self.said.place()),
                false => out.unknown(self.said.place()),
            }
        } else {
            self.said
                .get("fallback_public_client_enabled")
                .put(out, name);
        }
    }

    /// Microsoft Graph has one text for what Terraform lists.
    fn group_claims(&self, out: &mut Writer) {
        let claims = self.said.get("group_membership_claims");
        let name = "groupMembershipClaims";
        match claims.state() {
            State::Absent => {}
            State::Unset | State::Unknown => claims.put(out, name),
            State::Known(_) => {
                let (items, open) = claims.elements();
                let texts: Option<Vec<_>> = items.iter().map(|item| item.text()).collect();
                out.name(name);
                match texts {
                    Some(texts) if !open && !texts.is_empty() => {
                        out.text(&texts.join(","), claims.place());
                    }
                    Some(_) if !open => out.null(claims.place()),
                    _ => out.unknown(claims.place()),
                }
            }
        }
    }

    /// The redirects of one platform, in the block and in resources of their own.
    fn redirects(&self, block: Said<'r>, platform: &str, out: &mut Writer) {
        const KIND: &str = "azuread_application_redirect_uris";
        let of_platform = |other: &&Resource<'_>| {
            let kind = other.said.get("type").text();
            kind.is_none_or(|kind| kind.eq_ignore_ascii_case(platform))
        };
        let mut added = self.added(&[KIND]);
        added.retain(of_platform);
        let unsure = added
            .iter()
            .any(|other| other.said.get("type").text().is_none());
        let mut list = match self.bare {
            true => {
                let mut list = self.base(self.said.get("redirect_uris"), KIND, &added);
                // Such a resource says all of its platform.
                list.open &= added.is_empty();
                list
            }
            false => Gathered::of(block.inner("redirect_uris")),
        };
        list.open |= unsure;
        list.and(&added, "redirect_uris").texts(out, "redirectUris");
    }

    fn public(&self, name: &str, attribute: &str, platform: &str, out: &mut Writer) {
        let block = self.said.get(attribute).block();
        if block.is_absent() && !self.bare {
            return;
        }
        out.name(name)
            .object(block.place(), |out| self.redirects(block, platform, out));
    }

    fn web(&self, out: &mut Writer) {
        let block = match self.bare {
            true => self.said,
            false => self.said.get("web").block(),
        };
        if block.is_absent() {
            return;
        }
        let implicit = match self.bare {
            true => self.said,
            false => block.inner("implicit_grant").block(),
        };
        let (access, id) = match self.bare {
            true => (
                "implicit_access_token_issuance_enabled",
                "implicit_id_token_issuance_enabled",
            ),
            false => ("access_token_issuance_enabled", "id_token_issuance_enabled"),
        };
        out.name("web").object(block.place(), |out| {
            renamed(
                out,
                block,
                &[("homePageUrl", "homepage_url"), ("logoutUrl", "logout_url")],
            );
            self.redirects(block, "Web", out);
            out.name("implicitGrantSettings")
                .object(implicit.place(), |out| {
                    truth(out, "enableAccessTokenIssuance", implicit.inner(access));
                    truth(out, "enableIdTokenIssuance", implicit.inner(id));
                });
        });
    }

    /// The permissions that it asks for.
    fn required(&self, out: &mut Writer) {
        const KIND: &str = "azuread_application_api_access";
        let added = self.added(&[KIND]);
        let list = self.said.get("required_resource_access");
        if list.is_absent() && added.is_empty() && !self.bare {
            return;
        }
        let list = self.base(list, KIND, &added);
        out.name("requiredResourceAccess").list(list.place, |out| {
            for entry in &list.items {
                let State::Known(_) = entry.state() else {
                    unknown_entry(out, *entry);
                    continue;
                };
                out.object(entry.place(), |out| {
                    renamed(out, *entry, &[("resourceAppId", "resource_app_id")]);
                    let access = Gathered::of(entry.inner("resource_access"));
                    out.name("resourceAccess").list(access.place, |out| {
                        for permission in &access.items {
                            match permission.state() {
                                State::Known(_) => out.object(permission.place(), |out| {
                                    renamed(out, *permission, &[("id", "id"), ("type", "type")]);
                                }),
                                _ => unknown_entry(out, *permission),
                            }
                        }
                        if access.open {
                            unknown_entry(out, entry.inner("resource_access"));
                        }
                    });
                });
            }
            for other in &added {
                self.api_access(other, out);
            }
            if list.open {
                unknown_entry(out, self.said);
            }
        });
    }

    fn api_access(&self, other: &Resource<'r>, out: &mut Writer) {
        let place = other.said.place();
        out.object(place, |out| {
            match self.deployment.id(other, &["api_client_id"], Want::Client) {
                Some(id) => id.put(out, "resourceAppId", place),
                None => out.name("resourceAppId").unknown(place),
            }
            out.name("resourceAccess").list(place, |out| {
                for (attribute, kind) in [("role_ids", "Role"), ("scope_ids", "Scope")] {
                    let ids = other.said.get(attribute);
                    let list = Gathered::of(ids);
                    for id in &list.items {
                        out.object(id.place(), |out| {
                            out.name("id");
                            id.copy(out);
                            out.name("type").text(kind, id.place());
                        });
                    }
                    if list.open {
                        unknown_entry(out, ids);
                    }
                }
            });
        });
    }

    /// What it is as an API.
    fn api(&self, out: &mut Writer) {
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
            list.objects(out, "oauth2PermissionScopes", |out, scope| {
                let id = scope.any(&["id", "scope_id"]);
                let added = scopes
                    .iter()
                    .any(|other| other.said.place() == scope.place());
                let id = if added { scope.inner("scope_id") } else { id };
                out.name("id");
                id.copy(out);
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

    fn roles(&self, out: &mut Writer) {
        const KIND: &str = "azuread_application_app_role";
        let added = self.added(&[KIND]);
        let list = self.said.any(&["app_role", "app_roles"]);
        if list.is_absent() && added.is_empty() && !self.bare {
            return;
        }
        let mut list = self.base(list, KIND, &added);
        list.items.extend(added.iter().map(|role| role.said));
        list.objects(out, "appRoles", |out, role| {
            let own = added.iter().any(|other| other.said.place() == role.place());
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

    fn optional_claims(&self, out: &mut Writer) {
        let added = self.added(&["azuread_application_optional_claims"]);
        let claims = match added.first() {
            Some(other) => other.said,
            None => self.said.get("optional_claims").block(),
        };
        if claims.is_absent() {
            return;
        }
        if !matches!(claims.state(), State::Known(_)) {
            claims.put(out, "optionalClaims");
            return;
        }
        out.name("optionalClaims").object(claims.place(), |out| {
            for (name, attribute) in [
                ("accessToken", "access_token"),
                ("idToken", "id_token"),
                ("saml2Token", "saml2_token"),
            ] {
                Gathered::of(claims.inner(attribute)).objects(out, name, |out, claim| {
                    renamed(
                        out,
                        claim,
                        &[
                            ("name", "name"),
                            ("source", "source"),
                            ("essential", "essential"),
                        ],
                    );
                });
            }
        });
    }

    /// Owners that are known. Terraform lets others be, so there is no list without one.
    fn owners(&self, out: &mut Writer) {
        let mut ids = self.said.get("owners").elements().0;
        let added = self.added(&["azuread_application_owner"]);
        ids.extend(added.iter().map(|owner| owner.said.get("owner_object_id")));
        ids.retain(|id| id.text().is_some());
        let Some(first) = ids.first() else {
            return;
        };
        out.name("owners").list(first.place(), |out| {
            for id in &ids {
                out.object(id.place(), |out| id.put(out, "id"));
            }
        });
    }
}

/// An entry of required permissions that is not known: any value but a placeholder would be taken
/// for a mistake.
fn unknown_entry(out: &mut Writer, said: Said<'_>) {
    out.text("<known after apply>", said.place());
}
