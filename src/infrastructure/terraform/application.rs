//! Applications, with what other resources add to them.

use super::Deployment;
use super::block::{Gathered, renamed, shown, truth};
use super::credential::credentials;
use super::ids::{Ids, Want};
use super::parts::Parts;
use super::resource::Resource;
use super::said::{Said, State};
use crate::infrastructure::{Lowering, Writer};
use crate::model::ObjectKind;

/// An application that is being written.
pub struct Application<'d, 'r> {
    pub deployment: &'d Deployment<'r>,
    pub parts: &'d Parts,
    pub number: usize,
    pub resource: &'d Resource<'r>,
    pub said: Said<'r>,
    /// `azuread_application_registration`: the rest is said by other resources, or by none.
    pub bare: bool,
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

    pub fn added(&self, kinds: &[&str]) -> Vec<&Resource<'r>> {
        self.parts.of_kinds(self.deployment, self.number, kinds)
    }

    /// Whether nothing of it exists but what the plan shows.
    pub fn is_new(&self) -> bool {
        self.deployment.configuration.shows_all_of(self.resource)
    }

    /// Whether what no resource of this type says of it is not there.
    fn is_whole(&self, kind: &str) -> bool {
        !self.bare || self.is_new() && !self.parts.stray(&[kind])
    }

    /// The list that the application itself says. A registration says none: it is empty at first,
    /// and then what resources of type `kind`, or somebody else, made of it.
    pub fn base(&self, list: Said<'r>, kind: &str, added: &[&Resource<'r>]) -> Gathered<'r> {
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
                    out.unknown(entry.place());
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
                                _ => out.unknown(permission.place()),
                            }
                        }
                        if access.open {
                            out.unknown(entry.inner("resource_access").place());
                        }
                    });
                });
            }
            for other in &added {
                self.api_access(other, out);
            }
            if list.open {
                out.unknown(self.said.place());
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
                        out.unknown(ids.place());
                    }
                }
            });
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
