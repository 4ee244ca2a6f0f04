//! An application registration, whatever dialect it was exported in.

use super::certificate::EncodedCertificate;
use super::{
    Date, DirectoryObject, FederatedCredential, Field, Guid, Platform, Redirect, RequiredAccess,
    Span, Str, Text,
};

/// A list of an application: whether the document has it, and what stands in it.
#[derive(Clone, Debug)]
pub struct List<T> {
    /// The list itself: absent, null, unusable or there.
    pub state: Field<()>,
    pub items: Vec<T>,
}

impl<T> Default for List<T> {
    fn default() -> Self {
        List {
            state: Field::Absent,
            items: Vec::new(),
        }
    }
}

impl<T> List<T> {
    /// The document has this list, even if it is null or empty: what is not in it is not there.
    pub fn is_known(&self) -> bool {
        matches!(self.state, Field::Value(_) | Field::Null(_))
    }

    /// How many items stand in it, when the document has the list.
    pub fn shown(&self) -> Option<usize> {
        self.state.value().map(|()| self.items.len())
    }

    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.items.iter()
    }
}

/// The four values of `signInAudience`.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Audience {
    /// `AzureADMyOrg`
    MyOrg,
    /// `AzureADMultipleOrgs`
    MultipleOrgs,
    /// `AzureADandPersonalMicrosoftAccount`
    MultipleOrgsAndPersonal,
    /// `PersonalMicrosoftAccount`
    Personal,
}

impl Audience {
    pub const ALL: [Audience; 4] = [
        Audience::MyOrg,
        Audience::MultipleOrgs,
        Audience::MultipleOrgsAndPersonal,
        Audience::Personal,
    ];

    /// The value exactly as Graph spells it.
    pub fn key(self) -> &'static str {
        match self {
            Audience::MyOrg => "AzureADMyOrg",
            Audience::MultipleOrgs => "AzureADMultipleOrgs",
            Audience::MultipleOrgsAndPersonal => "AzureADandPersonalMicrosoftAccount",
            Audience::Personal => "PersonalMicrosoftAccount",
        }
    }

    /// The value that `text` spells, exactly.
    pub fn parse(text: &str) -> Option<Audience> {
        Audience::ALL.into_iter().find(|a| a.key() == text)
    }

    /// Personal Microsoft accounts can sign in: the lower limits apply.
    pub fn has_personal(self) -> bool {
        matches!(self, Audience::MultipleOrgsAndPersonal | Audience::Personal)
    }

    /// Other organisations can have a service principal of the application. Personal accounts
    /// alone bring none (Microsoft Learn, "Tenancy in Microsoft Entra ID").
    pub fn is_multi_tenant(self) -> bool {
        matches!(
            self,
            Audience::MultipleOrgs | Audience::MultipleOrgsAndPersonal
        )
    }
}

/// One secret (`passwordCredentials`) or certificate (`keyCredentials`). The secret's value is
/// never stored: that there is one is a [`super::Fault`] with its place.
#[derive(Clone, Debug, Default)]
pub struct Credential<'r> {
    /// The whole entry.
    pub span: Span,
    pub key_id: Field<Str<'r>>,
    pub name: Field<Str<'r>>,
    pub start: Field<Date>,
    pub end: Field<Date>,
    /// Certificates: `Verify` or `Sign`.
    pub usage: Field<Str<'r>>,
    /// Certificates: `AsymmetricX509Cert`, `Symmetric` and others.
    pub kind: Field<Str<'r>>,
    /// Certificates: the thumbprint, as hexadecimal or base64 text.
    pub thumbprint: Field<Str<'r>>,
    /// Certificates: the certificate itself, where the export carries it (`key`).
    pub certificate: Field<EncodedCertificate<'r>>,
}

impl Credential<'_> {
    /// The key id as the document spells it, or nothing: what tells two credentials apart.
    pub fn key(&self) -> &str {
        self.key_id.value().map_or("", |id| id)
    }
}

/// A delegated permission the application exposes (`api.oauth2PermissionScopes`).
#[derive(Clone, Debug, Default)]
pub struct ExposedScope<'r> {
    pub span: Span,
    pub id: Field<Str<'r>>,
    pub value: Field<Str<'r>>,
    /// `User` or `Admin`: who may consent.
    pub kind: Field<Str<'r>>,
    pub enabled: Field<bool>,
}

/// An application role the application defines (`appRoles`).
#[derive(Clone, Debug, Default)]
pub struct AppRole<'r> {
    pub span: Span,
    pub id: Field<Str<'r>>,
    pub value: Field<Str<'r>>,
    pub member_types: List<Text<'r>>,
    pub enabled: Field<bool>,
}

/// A client that may call the application's API without consent (`preAuthorizedApplications`).
#[derive(Clone, Debug, Default)]
pub struct Preauthorized<'r> {
    pub span: Span,
    pub app_id: Field<Str<'r>>,
    pub permissions: List<Text<'r>>,
}

/// `servicePrincipalLockConfiguration`: which properties of its service principals in other
/// tenants are locked.
#[derive(Clone, Debug, Default)]
pub struct PropertyLock {
    /// The object itself.
    pub state: Field<()>,
    pub enabled: Field<bool>,
    pub all_properties: Field<bool>,
    pub credentials_verify: Field<bool>,
    pub credentials_sign: Field<bool>,
    pub token_encryption_key: Field<bool>,
}

/// An application registration.
#[derive(Clone, Debug, Default)]
pub struct Application<'r> {
    /// The whole object.
    pub span: Span,
    /// The format is the retired Azure AD Graph one (older portal manifest, `az` before 2.37).
    pub legacy: Option<LegacyNames<'r>>,
    /// The document shows every property of its format, so what is absent is not set. False for
    /// hand-written manifests, projections and AzureHound, where absent means unknown.
    pub complete: bool,
    pub id: Field<Str<'r>>,
    pub app_id: Field<Str<'r>>,
    pub display_name: Field<Str<'r>>,
    pub publisher_domain: Field<Str<'r>>,
    pub created: Field<Date>,
    pub deleted: Field<Date>,
    pub disabled_by_microsoft: Field<Str<'r>>,
    pub disabled: Field<bool>,
    /// `signInAudience`, as written.
    pub audience: Field<Str<'r>>,
    /// Azure AD Graph's `availableToOtherTenants`.
    pub available_to_other_tenants: Field<bool>,
    /// `isFallbackPublicClient`; legacy `allowPublicClient`, `publicClient`.
    pub public_client_flow: Field<bool>,
    pub redirects: Vec<Redirect<'r>>,
    pub web_redirects: Field<()>,
    pub spa_redirects: Field<()>,
    pub public_redirects: Field<()>,
    /// Azure AD Graph's `replyUrls`, which name no platform, or a legacy manifest's list.
    pub reply_urls: Field<()>,
    pub implicit_access_tokens: Field<bool>,
    pub implicit_id_tokens: Field<bool>,
    pub logout_url: Field<Str<'r>>,
    pub home_page: Field<Str<'r>>,
    /// `api.requestedAccessTokenVersion`.
    pub token_version: Field<i64>,
    pub accept_mapped_claims: Field<bool>,
    pub scopes: List<ExposedScope<'r>>,
    pub roles: List<AppRole<'r>>,
    pub preauthorized: List<Preauthorized<'r>>,
    pub known_clients: List<Text<'r>>,
    pub identifier_uris: List<Text<'r>>,
    pub required: RequiredAccess<'r>,
    pub secrets: List<Credential<'r>>,
    pub certificates: List<Credential<'r>>,
    /// Federated identity credentials, when the export expanded them; absent otherwise.
    pub federated: List<FederatedCredential<'r>>,
    /// Owners, when the export expanded them; absent otherwise.
    pub owners: List<DirectoryObject<'r>>,
    pub lock: PropertyLock,
    /// `verifiedPublisher.verifiedPublisherId`; null also when the whole object is.
    pub verified_publisher: Field<Str<'r>>,
    /// `optionalClaims`, when it is set to anything.
    pub optional_claims: Field<()>,
    pub native_authentication: Field<Str<'r>>,
    pub tags: List<Text<'r>>,
}

/// The names a legacy manifest uses, for telling how each maps.
#[derive(Clone, Debug, Default)]
pub struct LegacyNames<'r> {
    /// The property that gave the format away.
    pub first: Span,
    /// Old names used, in document order.
    pub used: Vec<std::borrow::Cow<'r, str>>,
}

impl<'r> Application<'r> {
    /// The application's own client id, when it is a GUID.
    pub fn app_guid(&self) -> Option<Guid> {
        self.app_id.spanned()?.guid()
    }

    /// What `--id` of an `az ad app` command takes: the client id, else the object id, else a
    /// placeholder that reads as one.
    pub fn cli_id(&self) -> String {
        [&self.app_id, &self.id]
            .into_iter()
            .filter_map(|field| field.spanned()?.guid())
            .map(|guid| guid.to_string())
            .next()
            .unwrap_or_else(|| "<appId>".to_owned())
    }

    /// Who can sign in: `signInAudience`, or what Azure AD Graph's older flag says.
    pub fn audience(&self) -> Option<Audience> {
        match self.audience.value() {
            Some(text) => Audience::parse(text),
            None if self.audience.is_unknown() => None,
            None => match self.available_to_other_tenants.value() {
                Some(true) => Some(Audience::MultipleOrgs),
                Some(false) => Some(Audience::MyOrg),
                None => None,
            },
        }
    }

    /// Personal Microsoft accounts can sign in, so the lower limits apply.
    pub fn has_personal_accounts(&self) -> bool {
        self.audience().is_some_and(Audience::has_personal)
    }

    /// Where the document says who can sign in.
    pub fn audience_span(&self) -> Option<Span> {
        self.audience
            .span()
            .or_else(|| self.available_to_other_tenants.span())
    }

    /// Entries of the lists whose total is limited (Microsoft Learn, "Understand the app manifest
    /// (Microsoft Graph format)", manifest limits), each with its name and the place of its first
    /// entry.
    pub fn collections(&self) -> [(&'static str, usize, Option<Span>); 7] {
        let texts = |list: &List<Text<'_>>| (list.items.len(), list.items.first().map(|t| t.span));
        let (roles, scopes) = (&self.roles.items, &self.scopes.items);
        let (keys, resources) = (&self.certificates.items, &self.required.resources);
        let (clients, first_client) = texts(&self.known_clients);
        let (uris, first_uri) = texts(&self.identifier_uris);
        let redirects = &self.redirects;
        [
            ("appRoles", roles.len(), roles.first().map(|r| r.span)),
            ("keyCredentials", keys.len(), keys.first().map(|k| k.span)),
            ("knownClientApplications", clients, first_client),
            ("identifierUris", uris, first_uri),
            (
                "redirectUris",
                redirects.len(),
                redirects.first().map(Redirect::span),
            ),
            (
                "requiredResourceAccess",
                resources.len(),
                resources.first().map(|r| r.span),
            ),
            (
                "oauth2PermissionScopes",
                scopes.len(),
                scopes.first().map(|s| s.span),
            ),
        ]
    }

    /// Entries of all those lists together.
    pub fn collection_entries(&self) -> usize {
        self.collections().iter().map(|(_, count, _)| count).sum()
    }

    /// The redirects of one platform.
    pub fn redirects_of(&self, platform: Platform) -> impl Iterator<Item = &Redirect<'r>> {
        self.redirects
            .iter()
            .filter(move |redirect| redirect.platform == platform)
    }

    /// Whether the document tells all redirects of `platform`, so that a missing one is missing.
    pub fn knows_redirects_of(&self, platform: Platform) -> bool {
        let field = match platform {
            Platform::Web => &self.web_redirects,
            Platform::Spa => &self.spa_redirects,
            Platform::Public => &self.public_redirects,
            Platform::Unspecified => &self.reply_urls,
        };
        match field {
            Field::Value(_) | Field::Null(_) => !self.has_unknown_redirects(platform),
            Field::Absent => self.complete,
            Field::Unknown(_) => false,
        }
    }

    fn has_unknown_redirects(&self, platform: Platform) -> bool {
        self.redirects_of(platform)
            .any(|redirect| redirect.is_unknown() && redirect.uri.is_placeholder())
    }

    /// Whether the document tells the redirects of every platform.
    pub fn knows_all_redirects(&self) -> bool {
        if self.legacy.is_some() {
            return self.knows_redirects_of(Platform::Unspecified);
        }
        [Platform::Web, Platform::Spa, Platform::Public]
            .into_iter()
            .all(|platform| self.knows_redirects_of(platform))
    }
}

impl<T> Field<T> {
    /// Whether the document says that this property is not set: null, or absent from a format
    /// that shows everything.
    pub fn is_unset(&self, complete: bool) -> bool {
        match self {
            Field::Null(_) => true,
            Field::Absent => complete,
            _ => false,
        }
    }
}

impl<T> List<T> {
    /// Whether the document tells all of this list: it has it, or shows everything.
    pub fn tells_all(&self, complete: bool) -> bool {
        match self.state {
            Field::Value(_) | Field::Null(_) => true,
            Field::Absent => complete,
            Field::Unknown(_) => false,
        }
    }
}
