//! Service principals of every generation and dialect.

use std::borrow::Cow;

use super::fields::{Reading, boolean, date, is_expanded, keep, objects, part, text, texts};
use super::registration::{app_role, credential, exposed_scope, verified_publisher};
use super::{directory, federated};
use crate::json::{Name, Value};
use crate::model::{Field, Guid, Relation, ServicePrincipal, Spanned, Str};

/// Properties that every full export of a generation has. Ten of them together do not happen in
/// a projection.
const CORE_FOR_COMPLETE: u32 = 10;

/// Reads one service principal.
pub fn service_principal<'r>(object: Value<'r>, reading: &Reading<'r>) -> ServicePrincipal<'r> {
    let mut principal = ServicePrincipal {
        span: object.span(),
        ..ServicePrincipal::default()
    };
    let mut core = 0;
    // AzureHound leaves out what is empty, null or false (see `application`).
    let (mut collected, mut null) = (false, false);
    for (name, value) in reading.members(object) {
        core += 1;
        null |= value.is_null();
        match name {
            Name::Id => principal.id = text(value),
            Name::ObjectId => keep(&mut principal.id, text(value)),
            Name::AppId => principal.app_id = text(value),
            Name::ApplicationId => keep(&mut principal.app_id, text(value)),
            Name::DisplayName => principal.display_name = text(value),
            Name::AppDisplayName => principal.app_display_name = text(value),
            Name::ServicePrincipalType => principal.kind = text(value),
            Name::AppOwnerOrganizationId | Name::AppOwnerTenantId => {
                principal.owner_tenant = text(value);
            }
            Name::AccountEnabled => principal.enabled = boolean(value),
            Name::DisabledByMicrosoftStatus => principal.disabled_by_microsoft = text(value),
            Name::IsDisabled => principal.disabled = boolean(value),
            Name::AppRoleAssignmentRequired => principal.assignment_required = boolean(value),
            Name::PreferredSingleSignOnMode => principal.sign_on_mode = text(value),
            Name::SignInAudience => principal.audience = text(value),
            Name::ReplyUrls | Name::ReplyUrl => principal.reply_urls = texts(value),
            Name::ServicePrincipalNames | Name::ServicePrincipalName => {
                principal.names = texts(value);
            }
            Name::AlternativeNames | Name::AlternativeName => {
                principal.alternative_names = texts(value);
            }
            Name::Tags | Name::Tag => principal.tags = texts(value),
            Name::AppRoles | Name::AppRole => {
                principal.roles = objects(value, |v| app_role(v, reading));
            }
            Name::Oauth2PermissionScopes
            | Name::Oauth2PermissionScope
            | Name::Oauth2Permissions => {
                principal.scopes = objects(value, |v| exposed_scope(v, reading));
            }
            Name::PasswordCredentials => {
                principal.secrets = objects(value, |v| credential(v, reading));
            }
            Name::KeyCredentials => {
                principal.certificates = objects(value, |v| credential(v, reading));
            }
            Name::VerifiedPublisher => principal.publisher = verified_publisher(value, reading),
            Name::CreatedDateTime => principal.created = date(value),
            Name::DeletedDateTime | Name::DeletionTimestamp => principal.deleted = date(value),
            Name::FederatedIdentityCredentials => {
                if is_expanded(value, object, "federatedIdentityCredentials") {
                    principal.federated = federated::list(value, reading);
                }
                core -= 1;
            }
            Name::Owners => {
                if is_expanded(value, object, "owners") {
                    principal.owners = directory::rows(value, Relation::Owner, reading);
                }
                core -= 1;
            }
            Name::TenantId => {
                collected = true;
                keep(&mut principal.tenant, text(value));
                core -= 1;
            }
            Name::ODataMetadata => {
                keep(&mut principal.tenant, tenant_of(value));
                core -= 1;
            }
            _ => core -= 1,
        }
    }
    let is_told = |field: &Field<Str<'_>>| !field.is_absent();
    principal.complete = core >= CORE_FOR_COMPLETE
        && is_told(&principal.id)
        && is_told(&principal.app_id)
        && (null || !collected);
    principal
}

/// The tenant in Azure AD Graph's `odata.metadata`, which is
/// `https://graph.windows.net/<tenant>/$metadata#…`; a tenant's domain name there says nothing.
fn tenant_of(value: Value<'_>) -> Field<Str<'_>> {
    let Some(text) = value.as_str() else {
        return Field::Absent;
    };
    let place = text.find("://").and_then(|scheme| {
        let host = scheme + 3;
        let start = host + text.get(host..)?.find('/')? + 1;
        Guid::parse_strict(text.get(start..start + 36)?)?;
        Some(start..start + 36)
    });
    place.map_or(Field::Absent, |place| {
        let tenant: Cow<'_, str> = part(text, place);
        Field::Value(Spanned::new(tenant, value.span()))
    })
}
