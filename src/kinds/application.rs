//! Applications: every generation and dialect into one model (formats of Azure AD Graph, the
//! portal's manifests, Microsoft Graph, `az`, and three PowerShell modules).
//!
//! One match over lower-case names serves them all: the generations share most names, and where
//! they do not, old and new names do not clash. `publicClient` is told apart by its value.

use super::fields::{
    Reading, boolean, date, integer, is_expanded, objects, presence, text, texts, texts_into,
};
use super::legacy::{is_legacy, legacy_names};
use super::registration::{app_role, credential, exposed_scope, verified_publisher};
use super::{directory, federated, required_access};
use crate::json::{Kind, Name, Value};
use crate::model::{
    Application, Field, Platform, Preauthorized, PropertyLock, Redirect, Relation, Str,
};

/// Properties that every full export of a generation has. Ten of them together do not happen in
/// a hand-written file or a projection.
const CORE_FOR_COMPLETE: u32 = 10;

/// Reads one application object.
pub fn application<'r>(object: Value<'r>, reading: &Reading<'r>) -> Application<'r> {
    let mut app = Application {
        span: object.span(),
        ..Application::default()
    };
    let mut core = 0;
    let mut legacy = false;
    // AzureHound leaves out what is empty, null or false: what is absent there is unknown. Its
    // objects carry a tenant id and no null at all, which no full export does.
    let (mut tenant, mut null) = (false, false);
    for (name, value) in reading.members(object) {
        let before = core;
        core += 1;
        null |= value.is_null();
        let mut old = false;
        match name {
            Name::Id => app.id = text(value),
            Name::ObjectId => {
                if app.id.value().is_none() {
                    app.id = text(value);
                }
                core = before;
            }
            Name::AppId | Name::ApplicationId => app.app_id = text(value),
            Name::DisplayName => app.display_name = text(value),
            Name::Name => {
                if app.display_name.value().is_none() {
                    app.display_name = text(value);
                }
            }
            Name::SignInAudience => app.audience = text(value),
            Name::AvailableToOtherTenants => {
                old = true;
                app.available_to_other_tenants = boolean(value);
            }
            Name::PublicClient if value.kind() != Kind::Object => {
                // A truth value in Azure AD Graph; null there, and in a nulled Graph object.
                match value.kind() {
                    Kind::True | Kind::False => {
                        old = true;
                        app.public_client_flow = boolean(value);
                    }
                    Kind::Null => app.public_redirects = presence(value),
                    Kind::String => {
                        app.public_client_flow = boolean(value);
                        app.public_redirects = Field::Unknown(value.span());
                    }
                    _ => app.public_redirects = Field::Unknown(value.span()),
                }
            }
            Name::PublicClient => {
                app.public_redirects = presence(value);
                redirects(value, reading, Platform::Public, &mut app);
            }
            Name::Spa => {
                app.spa_redirects = presence(value);
                redirects(value, reading, Platform::Spa, &mut app);
            }
            Name::Web => {
                app.web_redirects = presence(value);
                redirects(value, reading, Platform::Web, &mut app);
                web(value, reading, &mut app);
            }
            Name::Api => api(value, reading, &mut app),
            Name::IsFallbackPublicClient => app.public_client_flow = boolean(value),
            Name::AllowPublicClient => {
                old = true;
                app.public_client_flow = boolean(value);
            }
            Name::ReplyUrls => {
                old = true;
                reply_urls(value, &mut app);
            }
            Name::ReplyUrlsWithType => {
                old = true;
                reply_urls_with_type(value, reading, &mut app);
            }
            Name::Oauth2AllowImplicitFlow => {
                old = true;
                app.implicit_access_tokens = boolean(value);
            }
            Name::Oauth2AllowIdTokenImplicitFlow => {
                old = true;
                app.implicit_id_tokens = boolean(value);
            }
            Name::AccessTokenAcceptedVersion => {
                old = true;
                app.token_version = integer(value);
            }
            Name::RequestedAccessTokenVersion => app.token_version = integer(value),
            Name::AcceptMappedClaims => app.accept_mapped_claims = boolean(value),
            Name::Oauth2Permissions => {
                old = true;
                app.scopes = objects(value, |v| exposed_scope(v, reading));
            }
            Name::PreAuthorizedApplications => {
                app.preauthorized = objects(value, |v| preauthorized(v, reading));
            }
            Name::KnownClientApplications => app.known_clients = texts(value),
            Name::Homepage | Name::SignInUrl => app.home_page = text(value),
            Name::LogoutUrl => app.logout_url = text(value),
            Name::AppRoles | Name::AppRole => app.roles = objects(value, |v| app_role(v, reading)),
            Name::IdentifierUris | Name::IdentifierUri => app.identifier_uris = texts(value),
            Name::RequiredResourceAccess => {
                app.required = required_access::list(value, reading);
            }
            Name::PasswordCredentials => {
                app.secrets = objects(value, |v| credential(v, reading));
            }
            Name::KeyCredentials => {
                app.certificates = objects(value, |v| credential(v, reading));
            }
            Name::FederatedIdentityCredentials => {
                core = before;
                if is_expanded(value, object, "federatedIdentityCredentials") {
                    app.federated = federated::list(value, reading);
                }
            }
            Name::Owners => {
                core = before;
                if is_expanded(value, object, "owners") {
                    app.owners = directory::rows(value, Relation::Owner, reading);
                }
            }
            Name::ServicePrincipalLockConfiguration => app.lock = lock(value, reading),
            Name::VerifiedPublisher => app.verified_publisher = verified_publisher(value, reading),
            Name::OptionalClaims | Name::OptionalClaim => app.optional_claims = presence(value),
            Name::NativeAuthenticationApisEnabled => app.native_authentication = text(value),
            Name::Tags | Name::Tag => app.tags = texts(value),
            Name::PublisherDomain => app.publisher_domain = text(value),
            Name::CreatedDateTime => app.created = date(value),
            Name::DeletedDateTime | Name::DeletionTimestamp => app.deleted = date(value),
            Name::DisabledByMicrosoftStatus => app.disabled_by_microsoft = text(value),
            Name::IsDisabled => app.disabled = boolean(value),
            Name::Info | Name::InformationalUrls | Name::AddIns | Name::GroupMembershipClaims => {}
            Name::TenantId => {
                tenant = true;
                core = before;
            }
            _ => core = before,
        }
        legacy |= old;
    }
    if legacy && is_legacy(&app, object) {
        app.legacy = Some(legacy_names(object));
        if app.public_client_flow.is_true() {
            // Azure AD Graph has one list for all platforms: a public client's are public.
            for redirect in &mut app.redirects {
                if redirect.platform == Platform::Unspecified {
                    redirect.platform = Platform::Public;
                }
            }
            if app.public_redirects.is_absent() {
                app.public_redirects = app.reply_urls.clone();
            }
        }
    }
    // What a template leaves out its author does not care about: it is no export.
    let is_told = |field: &Field<Str<'_>>| match field {
        Field::Absent => false,
        Field::Value(text) => !text.is_placeholder(),
        Field::Null(_) | Field::Unknown(_) => true,
    };
    app.complete =
        core >= CORE_FOR_COMPLETE && is_told(&app.id) && is_told(&app.app_id) && (null || !tenant);
    app
}

fn redirects<'r>(
    container: Value<'r>,
    reading: &Reading<'_>,
    platform: Platform,
    app: &mut Application<'r>,
) {
    for (name, value) in reading.members(container) {
        if matches!(name, Name::RedirectUris | Name::RedirectUri) {
            app.redirects.reserve(value.len());
            let list = texts_into(value, &mut app.redirects, |uri| {
                Redirect::new(platform, uri)
            });
            if list.is_unknown() {
                let state = match platform {
                    Platform::Web => &mut app.web_redirects,
                    Platform::Spa => &mut app.spa_redirects,
                    _ => &mut app.public_redirects,
                };
                *state = Field::Unknown(value.span());
            }
        }
    }
}

fn web<'r>(container: Value<'r>, reading: &Reading<'_>, app: &mut Application<'r>) {
    for (name, value) in reading.members(container) {
        match name {
            Name::LogoutUrl => app.logout_url = text(value),
            Name::HomePageUrl => app.home_page = text(value),
            Name::ImplicitGrantSettings | Name::ImplicitGrantSetting => {
                for (name, value) in reading.members(value) {
                    match name {
                        Name::EnableAccessTokenIssuance => {
                            app.implicit_access_tokens = boolean(value);
                        }
                        Name::EnableIdTokenIssuance => app.implicit_id_tokens = boolean(value),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
}

fn api<'r>(container: Value<'r>, reading: &Reading<'_>, app: &mut Application<'r>) {
    if !container.is_object() && container.kind() != Kind::Null {
        // Cut off by a depth limit, or no object at all: what is not seen in it is not absent.
        let span = container.span();
        app.token_version = Field::Unknown(span);
        app.accept_mapped_claims = Field::Unknown(span);
        app.scopes.state = Field::Unknown(span);
        app.preauthorized.state = Field::Unknown(span);
        app.known_clients.state = Field::Unknown(span);
        return;
    }
    for (name, value) in reading.members(container) {
        match name {
            Name::RequestedAccessTokenVersion => app.token_version = integer(value),
            Name::AcceptMappedClaims => app.accept_mapped_claims = boolean(value),
            Name::Oauth2PermissionScopes | Name::Oauth2PermissionScope => {
                app.scopes = objects(value, |v| exposed_scope(v, reading));
            }
            Name::PreAuthorizedApplications | Name::PreAuthorizedApplication => {
                app.preauthorized = objects(value, |v| preauthorized(v, reading));
            }
            Name::KnownClientApplications | Name::KnownClientApplication => {
                app.known_clients = texts(value);
            }
            _ => {}
        }
    }
}

/// Azure AD Graph: one list, no platforms.
fn reply_urls<'r>(value: Value<'r>, app: &mut Application<'r>) {
    app.redirects.reserve(value.len());
    app.reply_urls = texts_into(value, &mut app.redirects, |uri| {
        Redirect::new(Platform::Unspecified, uri)
    });
}

fn reply_urls_with_type<'r>(value: Value<'r>, reading: &Reading<'_>, app: &mut Application<'r>) {
    let list = objects(value, |entry| {
        let mut url = Field::Absent;
        let mut platform = Platform::Web;
        for (name, value) in reading.members(entry) {
            match name {
                Name::Url => url = text(value),
                Name::Type => platform = platform_of(value),
                _ => {}
            }
        }
        match url {
            Field::Value(uri) => Some(Redirect::new(platform, uri)),
            _ => None,
        }
    });
    let known = list.items.iter().all(Option::is_some);
    app.reply_urls = if known {
        list.state
    } else {
        Field::Unknown(value.span())
    };
    app.web_redirects = app.reply_urls.clone();
    app.spa_redirects = app.reply_urls.clone();
    app.public_redirects = app.reply_urls.clone();
    app.redirects.extend(list.items.into_iter().flatten());
}

fn platform_of(value: Value<'_>) -> Platform {
    match value.as_str() {
        Some(kind) if kind.eq_ignore_ascii_case("InstalledClient") => Platform::Public,
        Some(kind) if kind.eq_ignore_ascii_case("Spa") => Platform::Spa,
        Some(kind) if kind.eq_ignore_ascii_case("Web") => Platform::Web,
        _ => Platform::Unspecified,
    }
}

fn preauthorized<'r>(object: Value<'r>, reading: &Reading<'_>) -> Preauthorized<'r> {
    let mut client = Preauthorized {
        span: object.span(),
        ..Preauthorized::default()
    };
    for (name, value) in reading.members(object) {
        match name {
            Name::AppId => client.app_id = text(value),
            Name::DelegatedPermissionIds
            | Name::DelegatedPermissionId
            | Name::PermissionIds
            | Name::Permissions => client.permissions = texts(value),
            _ => {}
        }
    }
    client
}

fn lock(object: Value<'_>, reading: &Reading<'_>) -> PropertyLock {
    let mut lock = PropertyLock {
        state: presence(object),
        ..PropertyLock::default()
    };
    for (name, value) in reading.members(object) {
        match name {
            Name::IsEnabled => lock.enabled = boolean(value),
            Name::AllProperties => lock.all_properties = boolean(value),
            Name::CredentialsWithUsageVerify => lock.credentials_verify = boolean(value),
            Name::CredentialsWithUsageSign => lock.credentials_sign = boolean(value),
            Name::TokenEncryptionKeyId => lock.token_encryption_key = boolean(value),
            _ => {}
        }
    }
    lock
}
