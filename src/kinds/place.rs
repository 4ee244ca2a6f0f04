//! Where in an object the thing stands that a joined finding means.

use super::Object;
use crate::model::life::{End, Life};
use crate::model::{CredentialKind, Field, Guid, List, Part, Span, Spanned, Str, Text};
use crate::tenant::{federated_mark, guid, mark};

impl Object<'_> {
    /// The place of a part. Of a part the object does not have: its id, else its first bytes, so
    /// that there is always something to point at.
    pub fn place(&self, part: Part) -> Span {
        self.part(part)
            .or_else(|| self.part(Part::Id))
            .or_else(|| self.part(Part::AppId))
            .unwrap_or_else(|| {
                let start = self.span().start;
                Span::new(start, start + 1)
            })
    }

    fn part(&self, part: Part) -> Option<Span> {
        match self {
            Object::Application(o) => match part {
                Part::Object | Part::Id => o.id.span(),
                Part::AppId => o.app_id.span(),
                Part::DisplayName => o.display_name.span(),
                Part::Disabled => o.disabled.span().or(o.disabled_by_microsoft.span()),
                Part::Deleted => o.deleted.span(),
                Part::Audience => o.audience.span().or(o.available_to_other_tenants.span()),
                Part::RequiredAccess => o.required.list.span(),
                Part::Resource(resource) => o
                    .required
                    .of(resource)
                    .next()
                    .map(|entry| entry.app_id.span().unwrap_or(entry.span)),
                Part::Permission(resource, id) => o
                    .required
                    .of(resource)
                    .flat_map(|entry| &entry.permissions)
                    .find(|permission| permission.guid == Some(id))
                    .map(|permission| permission.id.span().unwrap_or(permission.span)),
                Part::Secret(key) => credential(&o.secrets, key),
                Part::Certificate(key) => credential(&o.certificates, key),
                Part::LatestSecret => latest_secret(&o.secrets),
                Part::Redirect(wanted) => o
                    .redirects
                    .iter()
                    .find(|redirect| mark(&redirect.uri) == wanted)
                    .map(|redirect| redirect.span()),
                Part::Exposed(id) => exposed(o.roles.iter().map(|r| (&r.id, r.span)), id)
                    .or_else(|| exposed(o.scopes.iter().map(|s| (&s.id, s.span)), id)),
                Part::Federated(wanted) => federated(&o.federated, wanted),
                Part::Owner(owner) => o
                    .owners
                    .iter()
                    .find(|one| guid(&one.id) == owner)
                    .and_then(|one| one.user_type.span().or(one.id.span())),
                _ => None,
            },
            Object::ServicePrincipal(o) => match part {
                Part::Object | Part::Id => o.id.span(),
                Part::AppId => o.app_id.span(),
                Part::DisplayName => o.display_name.span(),
                Part::Type => o.kind.span(),
                Part::Enabled => o.enabled.span(),
                Part::Disabled => o.disabled.span().or(o.disabled_by_microsoft.span()),
                Part::Deleted => o.deleted.span(),
                Part::OwnerTenant => o.owner_tenant.span(),
                Part::Tenant => o.tenant.span().or(o.owner_tenant.span()),
                Part::AssignmentRequired => o.assignment_required.span(),
                Part::Audience => o.audience.span(),
                Part::Secret(key) => credential(&o.secrets, key),
                Part::Certificate(key) => credential(&o.certificates, key),
                Part::LatestSecret => latest_secret(&o.secrets),
                Part::Redirect(wanted) => marked(&o.reply_urls, wanted),
                Part::Exposed(id) => exposed(o.roles.iter().map(|r| (&r.id, r.span)), id)
                    .or_else(|| exposed(o.scopes.iter().map(|s| (&s.id, s.span)), id)),
                Part::Federated(wanted) => federated(&o.federated, wanted),
                _ => None,
            },
            Object::DelegatedGrant(o) => match part {
                Part::Object | Part::Scope => o.scope.span().or(o.id.span()),
                Part::Id => o.id.span(),
                Part::Client => o.client.span(),
                Part::ResourceId => o.resource.span(),
                Part::Principal => o.principal.span(),
                Part::ConsentType => o.consent_type.span(),
                _ => None,
            },
            Object::AppRoleAssignment(o) => match part {
                Part::Object | Part::Role => o.role.span(),
                Part::Id => o.id.span(),
                Part::Principal | Part::Client => o.principal.span(),
                Part::Type => o.principal_type.span(),
                Part::ResourceId => o.resource.span(),
                _ => None,
            },
            Object::FederatedCredential(o) => match part {
                Part::Object | Part::Federated(_) => o.subject.span().or(o.expression.span()),
                Part::Id => o.id.span(),
                Part::DisplayName => o.name.span(),
                _ => None,
            },
            Object::RoleAssignment(o) => match part {
                Part::Object | Part::Principal => o.principal.span(),
                Part::Id => o.id.span(),
                Part::Type => o.principal_type.span(),
                Part::Role => o.role.span().or(o.role_name.span()),
                Part::Scope => o.scope.span(),
                Part::Condition => o.condition.span(),
                _ => None,
            },
            Object::RoleDefinition(o) => match part {
                Part::Object | Part::DisplayName => o.name.span(),
                Part::Id => o.id.span(),
                Part::Permissions => o.blocks.first().map(|block| block.span),
                Part::AssignableScopes | Part::Scope => o.assignable_scopes.state.span(),
                _ => None,
            },
            Object::DenyAssignment(o) => match part {
                Part::Object | Part::DisplayName => o.name.span(),
                Part::Id => o.id.span(),
                Part::Scope => o.scope.span(),
                Part::Principal => o.principals.state.span(),
                Part::Permissions => o.blocks.first().map(|block| block.span),
                _ => None,
            },
            Object::Instance(o) => match part {
                Part::Object | Part::Id => o.id.span(),
                Part::DisplayName => o.name.span(),
                Part::State => o.state.span(),
                Part::HostName => o.host_name.span(),
                Part::Network => o.network.span(),
                Part::Tenant => o.identity_tenant.span(),
                _ => None,
            },
            Object::DirectoryObject(o) => match part {
                Part::Object | Part::Id => o.id.span(),
                Part::DisplayName => o.display_name.span().or(o.user_principal_name.span()),
                Part::Type => o.user_type.span().or(o.user_principal_name.span()),
                Part::Enabled => o.enabled.span(),
                _ => None,
            },
            Object::DirectoryRoleAssignment(o) => match part {
                Part::Object | Part::Role => o.role.span(),
                Part::Id => o.id.span(),
                Part::Principal => o.principal.span(),
                Part::Scope => o.directory_scope.span(),
                _ => None,
            },
            Object::SignInActivity(o) => match part {
                Part::Object | Part::LastSignIn => o.last.span(),
                Part::Id => o.id.span(),
                Part::AppId => o.app_id.span(),
                _ => None,
            },
            Object::ManagementGroup(o) => match part {
                Part::Object | Part::Id => o.id.span(),
                Part::DisplayName => o.name.span(),
                _ => None,
            },
            Object::AppManagementPolicy(o) => match part {
                Part::Object | Part::Id => o.id.span(),
                Part::DisplayName => o.name.span(),
                Part::Enabled => o.enabled.span(),
                Part::Restrictions => o
                    .restrictions
                    .first()
                    .map(|r| r.kind.span().unwrap_or(r.span)),
                _ => None,
            },
            Object::AuthorizationPolicy(o) => match part {
                Part::Object | Part::Id => o.id.span(),
                _ => None,
            },
            Object::ConsentPolicy(o) => match part {
                Part::Object | Part::Enabled => o.enabled.span(),
                Part::Id => o.id.span(),
                _ => None,
            },
            Object::Credential(_) | Object::RequiredAccess(_) | Object::Other(_) => None,
        }
    }
}

/// The entry of a credential, by key id; the first one for nil.
fn credential(list: &List<crate::model::Credential<'_>>, key: Guid) -> Option<Span> {
    list.iter()
        .find(|credential| key == Guid::NIL || guid(&credential.key_id) == key)
        .map(|credential| credential.key_id.span().unwrap_or(credential.span))
}

/// The entry of the secret that ends last.
fn latest_secret(list: &List<crate::model::Credential<'_>>) -> Option<Span> {
    let end = |secret: &crate::model::Credential<'_>| match Life::of(CredentialKind::Secret, secret)
        .end
    {
        End::Unknown => i64::MIN,
        End::At(instant) => instant.0,
        End::Never => i64::MAX,
    };
    // Of several that end together the first one, so that the order of the list decides.
    list.iter()
        .rev()
        .max_by_key(|secret| end(secret))
        .map(|secret| secret.key_id.span().unwrap_or(secret.span))
}

fn marked(list: &List<Text<'_>>, wanted: u64) -> Option<Span> {
    list.iter()
        .find(|text| mark(text) == wanted)
        .map(|text: &Spanned<Str<'_>>| text.span)
}

fn exposed<'a, 'r: 'a>(
    mut all: impl Iterator<Item = (&'a Field<Str<'r>>, Span)>,
    id: Guid,
) -> Option<Span> {
    all.find(|(field, _)| guid(field) == id)
        .map(|(field, span)| field.span().unwrap_or(span))
}

fn federated(list: &List<crate::model::FederatedCredential<'_>>, wanted: u64) -> Option<Span> {
    let text = |field: &Field<Str<'_>>| field.value().map_or(String::new(), |t| t.to_string());
    list.iter()
        .find(|o| federated_mark(&text(&o.issuer), &text(&o.subject)) == wanted)
        .map(|o| o.subject.span().or(o.issuer.span()).unwrap_or(o.span))
}
