//! Applications as the Azure CLI prints them.

use super::application::{Access, Application, Credential};
use super::json::{Guid, Json, hyphened};
use super::tables::SCOPES;

impl Application {
    /// Keys in byte order, as the Azure CLI sorts them.
    pub fn write(&self, json: &mut Json) {
        let page = |path: &str| format!("https://{}.contoso.com/{path}", self.host);
        let own_uri = format!("api://{}", hyphened(self.app_id));
        json.braces(|json| {
            json.none("addIns");
            json.object("api", |json| self.write_api(json));
            json.put("appId", &self.app_id);
            json.list("appRoles", &self.roles, |json, role| {
                self.write_role(json, *role);
            });
            json.null("applicationTemplateId");
            json.null("certification");
            json.put("createdByAppId", &self.created_by);
            json.put("createdDateTime", &self.created);
            json.null("defaultRedirectUri");
            json.null("deletedDateTime");
            json.put("description", &self.description);
            json.null("disabledByMicrosoftStatus");
            json.put("displayName", &self.name);
            json.put("groupMembershipClaims", &self.group_claims);
            json.put("id", &self.object_id);
            let uris = if self.scopes.is_empty() {
                &[][..]
            } else {
                &[own_uri]
            };
            json.put("identifierUris", uris);
            json.object("info", |json| {
                json.null("logoUrl");
                json.null("marketingUrl");
                json.put(
                    "privacyStatementUrl",
                    &self.verified.then(|| page("privacy")),
                );
                json.put("supportUrl", &self.verified.then(|| page("support")));
                json.put("termsOfServiceUrl", &self.verified.then(|| page("terms")));
            });
            json.null("isDeviceOnlyAuthSupported");
            json.null("isDisabled");
            if self.public_flow_as_text {
                json.put("isFallbackPublicClient", "false");
            } else {
                json.put("isFallbackPublicClient", &self.public_flow);
            }
            json.list("keyCredentials", &self.certificates, |json, certificate| {
                self.write_certificate(json, certificate);
            });
            json.null("nativeAuthenticationApisEnabled");
            json.put("notes", &self.notes);
            match &self.claims {
                Some(claims) => json.object("optionalClaims", |json| {
                    json.list("accessToken", &claims[..1], write_claim);
                    json.list("idToken", claims, write_claim);
                    json.none("saml2Token");
                }),
                None => json.null("optionalClaims"),
            }
            json.object("parentalControlSettings", |json| {
                json.none("countriesBlockedForMinors");
                json.put("legalAgeGroupRule", "Allow");
            });
            json.list("passwordCredentials", &self.secrets, write_secret);
            json.object("publicClient", |json| {
                json.put("redirectUris", &self.public);
            });
            json.put("publisherDomain", "contoso.com");
            json.null("requestSignatureVerification");
            json.list("requiredResourceAccess", &self.access, write_access);
            json.null("samlMetadataUrl");
            json.null("serviceManagementReference");
            if self.locked {
                json.object("servicePrincipalLockConfiguration", |json| {
                    json.put("allProperties", &true);
                    json.put("credentialsWithUsageSign", &true);
                    json.put("credentialsWithUsageVerify", &true);
                    json.put("identifierUris", &false);
                    json.put("isEnabled", &true);
                    json.put("tokenEncryptionKeyId", &true);
                });
            } else {
                json.null("servicePrincipalLockConfiguration");
            }
            json.put("signInAudience", self.audience);
            json.object("spa", |json| json.put("redirectUris", &self.spa));
            json.put("tags", &self.tags);
            json.null("tokenEncryptionKeyId");
            json.null("uniqueName");
            json.object("verifiedPublisher", |json| {
                json.put("addedDateTime", &self.verified.then_some(self.created));
                json.put("displayName", &self.verified.then_some("Contoso Ltd."));
                json.put("verifiedPublisherId", &self.verified.then_some("5206095"));
            });
            json.object("web", |json| self.write_web(json));
        });
    }

    pub fn write_api(&self, json: &mut Json) {
        json.null("acceptMappedClaims");
        json.put("knownClientApplications", &self.known_clients);
        json.list("oauth2PermissionScopes", &self.scopes, |json, scope| {
            self.write_scope(json, *scope);
        });
        let ids: Vec<Guid> = self.scopes.iter().map(|&(id, _)| id).collect();
        json.list(
            "preAuthorizedApplications",
            &self.clients,
            |json, client| {
                json.braces(|json| {
                    json.put("appId", client);
                    json.put("delegatedPermissionIds", &ids);
                });
            },
        );
        json.put("requestedAccessTokenVersion", &self.token_version);
    }

    pub fn write_scope(&self, json: &mut Json, (id, value): (Guid, &str)) {
        let what = format!("{} ({})", value, self.subject);
        let kind = if value == SCOPES[0] { "User" } else { "Admin" };
        let admin = format!("Allows the app to use {what} on behalf of the signed-in user.");
        let user = format!("Allows the app to use {what} on your behalf.");
        json.braces(|json| {
            json.put("adminConsentDescription", &admin);
            json.put("adminConsentDisplayName", &what);
            json.put("id", &id);
            json.put("isEnabled", &true);
            json.put("type", kind);
            json.put("userConsentDescription", &user);
            json.put("userConsentDisplayName", &what);
            json.put("value", value);
        });
    }

    pub fn write_role(&self, json: &mut Json, (id, value): (Guid, &str)) {
        let what = format!("{} {value}", self.subject);
        let description = format!("Members have the role {what} in this application.");
        json.braces(|json| {
            json.put("allowedMemberTypes", &["User", "Application"][..]);
            json.put("description", &description);
            json.put("displayName", &what);
            json.put("id", &id);
            json.put("isEnabled", &true);
            json.put("origin", "Application");
            json.put("value", value);
        });
    }

    pub fn write_certificate(&self, json: &mut Json, certificate: &Credential) {
        // 40 hexadecimal digits, as of SHA-1
        let (mark, more) = (certificate.mark, certificate.key_id as u32);
        json.braces(|json| {
            json.put("customKeyIdentifier", &format!("{mark:032X}{more:08X}"));
            json.put("displayName", &format!("CN={}.contoso.com", self.host));
            json.put("endDateTime", &certificate.end);
            json.null("key");
            json.put("keyId", &certificate.key_id);
            json.put("startDateTime", &certificate.start);
            json.put("type", "AsymmetricX509Cert");
            json.put("usage", "Verify");
        });
    }

    pub fn write_web(&self, json: &mut Json) {
        json.put("homePageUrl", &self.home_page);
        json.object("implicitGrantSettings", |json| {
            json.put("enableAccessTokenIssuance", &self.implicit_access_tokens);
            json.put("enableIdTokenIssuance", &false);
        });
        json.put("logoutUrl", &self.logout);
        json.list("redirectUriSettings", &self.web, |json, uri| {
            json.braces(|json| {
                json.null("index");
                json.put("uri", uri);
            });
        });
        json.put("redirectUris", &self.web);
    }
}

pub fn write_secret(json: &mut Json, secret: &Credential) {
    json.braces(|json| {
        json.null("customKeyIdentifier");
        json.put("displayName", "rotated by pipeline");
        json.put("endDateTime", &secret.end);
        json.put("hint", &format!("{:03x}", secret.mark & 0xfff));
        json.put("keyId", &secret.key_id);
        json.null("secretText");
        json.put("startDateTime", &secret.start);
    });
}

pub fn write_access(json: &mut Json, access: &Access) {
    json.braces(|json| {
        json.list("resourceAccess", &access.permissions, |json, permission| {
            json.braces(|json| {
                json.put("id", &permission.0);
                json.put("type", if permission.1 { "Role" } else { "Scope" });
            });
        });
        json.put("resourceAppId", &access.resource);
    });
}

pub fn write_claim(json: &mut Json, name: &&str) {
    json.braces(|json| {
        json.none("additionalProperties");
        json.put("essential", &false);
        json.put("name", name);
        json.null("source");
    });
}
