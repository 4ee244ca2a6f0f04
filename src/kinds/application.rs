//! Applications: every generation and dialect into one model (formats of Azure AD Graph, the
//! portal's manifests, Microsoft Graph, `az`, and three PowerShell modules).
//!
//! One match over lower-case names serves them all: the generations share most names, and where
//! they do not, old and new names do not clash. `publicClient` is told apart by its value.

use std::borrow::Cow;

use super::fields::{Reading, boolean, date, integer, objects, presence, text, texts};
use super::required_access;
use crate::json::{Kind, Value};
use crate::model::{
    AppRole, Application, Credential, ExposedScope, Field, LegacyNames, List, Platform,
    Preauthorized, PropertyLock, Redirect, Spanned, Str,
};

/// Properties that every full export of a generation has. Ten of them together do not happen in
/// a hand-written file or a projection.
const CORE_FOR_COMPLETE: u32 = 10;

/// Reads one application object.
pub fn application<'r>(object: Value<'r>, reading: &Reading<'_>) -> Application<'r> {
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
        match name.as_bytes() {
            b"id" => app.id = text(value),
            b"objectid" => {
                if app.id.value().is_none() {
                    app.id = text(value);
                }
                core = before;
            }
            b"appid" | b"applicationid" => app.app_id = text(value),
            b"displayname" => app.display_name = text(value),
            b"name" => {
                if app.display_name.value().is_none() {
                    app.display_name = text(value);
                }
            }
            b"signinaudience" => app.audience = text(value),
            b"availabletoothertenants" => {
                old = true;
                app.available_to_other_tenants = boolean(value);
            }
            b"publicclient" if value.kind() != Kind::Object => {
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
            b"publicclient" => {
                app.public_redirects = presence(value);
                redirects(value, reading, Platform::Public, &mut app);
            }
            b"spa" => {
                app.spa_redirects = presence(value);
                redirects(value, reading, Platform::Spa, &mut app);
            }
            b"web" => {
                app.web_redirects = presence(value);
                redirects(value, reading, Platform::Web, &mut app);
                web(value, reading, &mut app);
            }
            b"api" => api(value, reading, &mut app),
            b"isfallbackpublicclient" => app.public_client_flow = boolean(value),
            b"allowpublicclient" => {
                old = true;
                app.public_client_flow = boolean(value);
            }
            b"replyurls" => {
                old = true;
                reply_urls(value, &mut app);
            }
            b"replyurlswithtype" => {
                old = true;
                reply_urls_with_type(value, reading, &mut app);
            }
            b"oauth2allowimplicitflow" => {
                old = true;
                app.implicit_access_tokens = boolean(value);
            }
            b"oauth2allowidtokenimplicitflow" => {
                old = true;
                app.implicit_id_tokens = boolean(value);
            }
            b"accesstokenacceptedversion" => {
                old = true;
                app.token_version = integer(value);
            }
            b"requestedaccesstokenversion" => app.token_version = integer(value),
            b"acceptmappedclaims" => app.accept_mapped_claims = boolean(value),
            b"oauth2permissions" => {
                old = true;
                app.scopes = objects(value, |v| exposed_scope(v, reading));
            }
            b"preauthorizedapplications" => {
                app.preauthorized = objects(value, |v| preauthorized(v, reading));
            }
            b"knownclientapplications" => app.known_clients = texts(value),
            b"homepage" | b"signinurl" => app.home_page = text(value),
            b"logouturl" => app.logout_url = text(value),
            b"approles" | b"approle" => app.roles = objects(value, |v| app_role(v, reading)),
            b"identifieruris" | b"identifieruri" => app.identifier_uris = texts(value),
            b"requiredresourceaccess" => {
                app.required = required_access::list(value, reading);
            }
            b"passwordcredentials" => {
                app.secrets = objects(value, |v| credential(v, reading));
            }
            b"keycredentials" => {
                app.certificates = objects(value, |v| credential(v, reading));
            }
            b"federatedidentitycredentials" => {
                core = before;
                // PowerShell prints a navigation property that was not expanded as null.
                if value.is_array() {
                    app.federated = Field::Value(Spanned::new(value.len(), value.span()));
                }
            }
            b"serviceprincipallockconfiguration" => app.lock = lock(value, reading),
            b"verifiedpublisher" => app.verified_publisher = verified_publisher(value, reading),
            b"optionalclaims" | b"optionalclaim" => app.optional_claims = presence(value),
            b"nativeauthenticationapisenabled" => app.native_authentication = text(value),
            b"tags" | b"tag" => app.tags = texts(value),
            b"publisherdomain" => app.publisher_domain = text(value),
            b"createddatetime" => app.created = date(value),
            b"deleteddatetime" | b"deletiontimestamp" => app.deleted = date(value),
            b"disabledbymicrosoftstatus" => app.disabled_by_microsoft = text(value),
            b"isdisabled" => app.disabled = boolean(value),
            b"info" | b"informationalurls" | b"addins" | b"groupmembershipclaims" => {}
            b"tenantid" => {
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

/// Legacy names and what each became (Microsoft Learn, "Azure AD Graph app manifest deprecation").
pub const LEGACY_NAMES: [(&str, &str); 18] = [
    (
        "accessTokenAcceptedVersion",
        "api.requestedAccessTokenVersion",
    ),
    ("acceptMappedClaims", "api.acceptMappedClaims"),
    ("allowPublicClient", "isFallbackPublicClient"),
    ("availableToOtherTenants", "signInAudience"),
    ("homepage", "web.homePageUrl"),
    ("informationalUrls", "info"),
    ("knownClientApplications", "api.knownClientApplications"),
    ("logoutUrl", "web.logoutUrl"),
    ("name", "displayName"),
    (
        "oauth2AllowIdTokenImplicitFlow",
        "web.implicitGrantSettings.enableIdTokenIssuance",
    ),
    (
        "oauth2AllowImplicitFlow",
        "web.implicitGrantSettings.enableAccessTokenIssuance",
    ),
    ("oauth2Permissions", "api.oauth2PermissionScopes"),
    ("objectId", "id"),
    ("preAuthorizedApplications", "api.preAuthorizedApplications"),
    ("publicClient", "isFallbackPublicClient"),
    (
        "replyUrls",
        "web.redirectUris, spa.redirectUris or publicClient.redirectUris",
    ),
    (
        "replyUrlsWithType",
        "web.redirectUris, spa.redirectUris or publicClient.redirectUris",
    ),
    ("signInUrl", "web.homePageUrl"),
];

/// Old names beside new containers do not make an old object: people paste fragments together.
fn is_legacy(app: &Application<'_>, object: Value<'_>) -> bool {
    !app.public_redirects.is_unknown()
        && ["web", "spa", "api"]
            .iter()
            .all(|name| object.get(name).is_none())
}

/// The old names an object uses. A second walk, only for objects of the retired format.
fn legacy_names<'r>(object: Value<'r>) -> LegacyNames<'r> {
    let mut found = LegacyNames {
        first: object.span(),
        used: Vec::new(),
    };
    for member in object.members() {
        if LEGACY_NAMES.iter().any(|(name, _)| member.is_named(name)) {
            if found.used.is_empty() {
                found.first = member.key.span();
            }
            found.used.push(member.name());
        }
    }
    found
}

fn redirects<'r>(
    container: Value<'r>,
    reading: &Reading<'_>,
    platform: Platform,
    app: &mut Application<'r>,
) {
    for (name, value) in reading.members(container) {
        if matches!(name.as_bytes(), b"redirecturis" | b"redirecturi") {
            let list = texts(value);
            if list.state.is_unknown() {
                let state = match platform {
                    Platform::Web => &mut app.web_redirects,
                    Platform::Spa => &mut app.spa_redirects,
                    _ => &mut app.public_redirects,
                };
                *state = Field::Unknown(value.span());
            }
            app.redirects.extend(
                list.items
                    .into_iter()
                    .map(|uri| Redirect::new(platform, uri)),
            );
        }
    }
}

fn web<'r>(container: Value<'r>, reading: &Reading<'_>, app: &mut Application<'r>) {
    for (name, value) in reading.members(container) {
        match name.as_bytes() {
            b"logouturl" => app.logout_url = text(value),
            b"homepageurl" => app.home_page = text(value),
            b"implicitgrantsettings" | b"implicitgrantsetting" => {
                for (name, value) in reading.members(value) {
                    match name.as_bytes() {
                        b"enableaccesstokenissuance" => {
                            app.implicit_access_tokens = boolean(value);
                        }
                        b"enableidtokenissuance" => app.implicit_id_tokens = boolean(value),
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
        match name.as_bytes() {
            b"requestedaccesstokenversion" => app.token_version = integer(value),
            b"acceptmappedclaims" => app.accept_mapped_claims = boolean(value),
            b"oauth2permissionscopes" | b"oauth2permissionscope" => {
                app.scopes = objects(value, |v| exposed_scope(v, reading));
            }
            b"preauthorizedapplications" | b"preauthorizedapplication" => {
                app.preauthorized = objects(value, |v| preauthorized(v, reading));
            }
            b"knownclientapplications" | b"knownclientapplication" => {
                app.known_clients = texts(value);
            }
            _ => {}
        }
    }
}

/// Azure AD Graph: one list, no platforms.
fn reply_urls<'r>(value: Value<'r>, app: &mut Application<'r>) {
    let list = texts(value);
    app.reply_urls = list.state;
    app.redirects.extend(
        list.items
            .into_iter()
            .map(|uri| Redirect::new(Platform::Unspecified, uri)),
    );
}

fn reply_urls_with_type<'r>(value: Value<'r>, reading: &Reading<'_>, app: &mut Application<'r>) {
    let list = objects(value, |entry| {
        let mut url = Field::Absent;
        let mut platform = Platform::Web;
        for (name, value) in reading.members(entry) {
            match name.as_bytes() {
                b"url" => url = text(value),
                b"type" => platform = platform_of(value),
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

fn credential<'r>(object: Value<'r>, reading: &Reading<'_>) -> Credential<'r> {
    let mut credential = Credential {
        span: object.span(),
        key_id: Field::Absent,
        name: Field::Absent,
        start: Field::Absent,
        end: Field::Absent,
        usage: Field::Absent,
        kind: Field::Absent,
        thumbprint: Field::Absent,
    };
    for (name, value) in reading.members(object) {
        match name.as_bytes() {
            b"keyid" => credential.key_id = text(value),
            b"displayname" => credential.name = text(value),
            // The old and the new name may stand side by side, one of them null.
            b"startdatetime" | b"startdate" => keep(&mut credential.start, date(value)),
            b"enddatetime" | b"enddate" => keep(&mut credential.end, date(value)),
            b"usage" => credential.usage = text(value),
            b"type" => credential.kind = text(value),
            b"customkeyidentifier" if value.kind() == Kind::String => {
                credential.thumbprint = text(value);
            }
            b"customkeyidentifier" if value.is_array() => {
                credential.thumbprint = hexadecimal(value);
            }
            _ => {}
        }
    }
    credential
}

/// A thumbprint that PowerShell printed as a list of byte values, as hexadecimal text.
fn hexadecimal(value: Value<'_>) -> Field<Str<'_>> {
    use std::fmt::Write;
    let mut out = String::new();
    for element in value.elements() {
        match element.raw().parse::<u8>() {
            Ok(byte) => {
                let _ = write!(out, "{byte:02X}");
            }
            Err(_) => return Field::Unknown(value.span()),
        }
    }
    Field::Value(Spanned::new(Cow::Owned(out), value.span()))
}

fn keep<T>(field: &mut Field<T>, found: Field<T>) {
    if !matches!(field, Field::Value(_)) {
        *field = found;
    }
}

fn exposed_scope<'r>(object: Value<'r>, reading: &Reading<'_>) -> ExposedScope<'r> {
    let mut scope = ExposedScope {
        span: object.span(),
        id: Field::Absent,
        value: Field::Absent,
        enabled: Field::Absent,
    };
    for (name, value) in reading.members(object) {
        match name.as_bytes() {
            b"id" => scope.id = text(value),
            b"value" => scope.value = text(value),
            b"isenabled" => scope.enabled = boolean(value),
            _ => {}
        }
    }
    scope
}

fn app_role<'r>(object: Value<'r>, reading: &Reading<'_>) -> AppRole<'r> {
    let mut role = AppRole {
        span: object.span(),
        id: Field::Absent,
        value: Field::Absent,
        member_types: List::default(),
        enabled: Field::Absent,
    };
    for (name, value) in reading.members(object) {
        match name.as_bytes() {
            b"id" => role.id = text(value),
            b"value" => role.value = text(value),
            b"allowedmembertypes" | b"allowedmembertype" => role.member_types = texts(value),
            b"isenabled" => role.enabled = boolean(value),
            _ => {}
        }
    }
    role
}

fn preauthorized<'r>(object: Value<'r>, reading: &Reading<'_>) -> Preauthorized<'r> {
    let mut client = Preauthorized {
        span: object.span(),
        app_id: Field::Absent,
        permissions: List::default(),
    };
    for (name, value) in reading.members(object) {
        match name.as_bytes() {
            b"appid" => client.app_id = text(value),
            b"delegatedpermissionids"
            | b"delegatedpermissionid"
            | b"permissionids"
            | b"permissions" => client.permissions = texts(value),
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
        match name.as_bytes() {
            b"isenabled" => lock.enabled = boolean(value),
            b"allproperties" => lock.all_properties = boolean(value),
            b"credentialswithusageverify" => lock.credentials_verify = boolean(value),
            b"credentialswithusagesign" => lock.credentials_sign = boolean(value),
            b"tokenencryptionkeyid" => lock.token_encryption_key = boolean(value),
            _ => {}
        }
    }
    lock
}

/// The publisher's id; null when the whole object is, or is an object of nulls.
fn verified_publisher<'r>(object: Value<'r>, reading: &Reading<'_>) -> Field<Str<'r>> {
    if !object.is_object() {
        return match presence(object) {
            Field::Null(span) => Field::Null(span),
            _ => Field::Unknown(object.span()),
        };
    }
    let mut id = Field::Null(object.span());
    for (name, value) in reading.members(object) {
        if name.as_bytes() == b"verifiedpublisherid" {
            id = text(value);
        }
    }
    id
}
