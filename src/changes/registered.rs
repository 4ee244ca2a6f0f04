//! What is compared of applications and service principals.

use super::census::{Reader, Row};
use super::{Aspect, Facts};
use crate::inventory::text;
use crate::kinds::Object;
use crate::model::life::{End, Life};
use crate::model::{
    AppRole, Application, Credential, CredentialKind, ExposedScope, FederatedCredential, Field,
    Guid, List, ObjectKind, Platform, ServicePrincipal, Str,
};
use crate::rules::Subject;
use crate::tenant::{ApplicationRow, PrincipalRow, Truth};

/// Key, words and value of an item.
type Item = (String, String, String);

impl Reader<'_, '_> {
    /// Everything that is compared of the object of `row`.
    pub fn facts(&self, row: Row) -> Facts {
        let rows = &self.tenant().rows;
        let facts = match row {
            Row::Application(n) => rows
                .applications
                .get(n as usize)
                .map(|r| self.registered(r)),
            Row::Principal(n) => rows.principals.get(n as usize).map(|r| self.principal(r)),
            other => self.assigned(other),
        };
        facts.unwrap_or_else(|| Facts::new(nobody(ObjectKind::ErrorBody)))
    }

    fn registered(&self, row: &ApplicationRow) -> Facts {
        let subject = self.stock.subject(row.at);
        let mut facts = Facts::new(subject.unwrap_or_else(|| nobody(ObjectKind::Application)));
        let mut inside = Vec::new();
        self.open().open(row.at, &mut |object| {
            if let Object::Application(app) = object {
                application(&mut facts, app);
                let known = row.requests_known && !app.required.has_unknowns();
                let asked = self.tenant().requested(row).map(|asked| {
                    let kind = asked.kind.map_or("", |kind| kind.key());
                    let key = format!("{}/{}/{kind}", asked.resource, asked.id);
                    let words = self.say(|| self.stock.requested(asked).words());
                    (key, words, String::new())
                });
                facts.list(Aspect::Permission, known, asked);
                inside.extend(app.federated.iter().filter_map(federated));
            }
        });
        let tenant = self.tenant();
        for other in tenant.federated_of(row).filter(|other| other.at != row.at) {
            self.open().open(other.at, &mut |object| {
                if let Object::FederatedCredential(credential) = object {
                    inside.extend(federated(credential));
                }
            });
        }
        facts.list(
            Aspect::FederatedCredential,
            tenant.knows_federated(row),
            inside,
        );
        facts.value(Aspect::PublicClientFlow, on(row.public_client_flow));
        facts.value(
            Aspect::Deleted,
            Some(if row.deleted { "deleted" } else { "live" }),
        );
        self.owners(&mut facts, &[row.id, row.app_id]);
        facts
    }

    fn principal(&self, row: &PrincipalRow) -> Facts {
        let subject = self.stock.subject(row.at);
        let mut facts = Facts::new(subject.unwrap_or_else(|| nobody(ObjectKind::ServicePrincipal)));
        self.open().open(row.at, &mut |object| {
            if let Object::ServicePrincipal(principal) = object {
                service_principal(&mut facts, principal);
            }
        });
        facts.value(
            Aspect::Enabled,
            match row.enabled {
                _ if row.disabled => Some("disabled by Microsoft"),
                Truth::Yes => Some("enabled"),
                Truth::No => Some("disabled"),
                Truth::Unknown => None,
            },
        );
        facts.value(Aspect::AssignmentRequired, on(row.assignment_required));
        self.owners(&mut facts, &[row.id]);
        facts
    }

    fn owners(&self, facts: &mut Facts, ids: &[Guid]) {
        let tenant = self.tenant();
        let ids = || ids.iter().filter(|id| **id != Guid::NIL);
        let known = ids().any(|id| tenant.knows_owners(*id));
        let all = ids().flat_map(|id| tenant.owners_of(*id));
        let all = all.map(|link| {
            let id = link.part.to_string();
            (id, self.say(|| self.called(link.part)), String::new())
        });
        facts.list(Aspect::Owner, known, all.collect::<Vec<_>>());
    }

    /// Words, where they are wanted.
    pub(super) fn say(&self, words: impl FnOnce() -> String) -> String {
        if self.words { words() } else { String::new() }
    }

    /// The name of something in the directory, else its id.
    pub(super) fn called(&self, id: Guid) -> String {
        let called = self.stock.called(id);
        called.name.unwrap_or(called.id)
    }
}

/// Somebody who cannot be read any more.
pub(super) fn nobody(kind: ObjectKind) -> Subject {
    Subject {
        kind,
        id: None,
        app_id: None,
        name: None,
    }
}

fn on(truth: Truth) -> Option<&'static str> {
    match truth {
        Truth::Yes => Some("on"),
        Truth::No => Some("off"),
        Truth::Unknown => None,
    }
}

/// A switch; what a complete document leaves out is off.
fn switch(field: &Field<bool>, complete: bool) -> Option<&'static str> {
    match field.value() {
        Some(value) => on(Truth::from(*value)),
        None => field.is_unset(complete).then_some("off"),
    }
}

fn application(facts: &mut Facts, app: &Application<'_>) {
    let complete = app.complete;
    let disabled = app.disabled.value().is_some() || app.disabled_by_microsoft.value().is_some();
    let is_disabled = app.disabled.is_true()
        || text(&app.disabled_by_microsoft).is_some_and(|status| status != "NotDisabled");
    facts.value(
        Aspect::Enabled,
        (complete || disabled).then_some(if is_disabled { "disabled" } else { "enabled" }),
    );
    facts.value(
        Aspect::Audience,
        app.audience().map(|audience| audience.key()),
    );
    redirects(facts, app);
    let plain = app.identifier_uris.iter().all(|uri| !uri.is_uri_template());
    let known = app.identifier_uris.tells_all(complete) && plain;
    let uris = app.identifier_uris.iter().map(|uri| uri.to_string());
    facts.texts(Aspect::IdentifierUri, known, uris);
    credentials(facts, &app.secrets, &app.certificates, complete);
    facts.value(
        Aspect::ImplicitAccessTokens,
        switch(&app.implicit_access_tokens, complete),
    );
    facts.value(
        Aspect::ImplicitIdTokens,
        switch(&app.implicit_id_tokens, complete),
    );
    exposed(facts, &app.scopes, &app.roles, complete);
    let clients = app.preauthorized.iter().filter_map(|client| {
        let id = text(&client.app_id)?.to_lowercase();
        let mut may: Vec<String> = client
            .permissions
            .iter()
            .map(|permission| permission.trim().to_lowercase())
            .collect();
        may.sort();
        Some((id.clone(), id, may.join(" ")))
    });
    let known = app.preauthorized.tells_all(complete);
    facts.list(Aspect::PreauthorizedClient, known, clients);
}

/// Redirects by platform: a manifest may show one platform and leave out another. Azure AD Graph
/// named no platform, so its lists compare with their like only.
fn redirects(facts: &mut Facts, app: &Application<'_>) {
    let legacy = app.legacy.is_some();
    let on = |platform: Platform| app.redirects.iter().any(|r| r.platform == platform);
    for platform in [
        Platform::Web,
        Platform::Spa,
        Platform::Public,
        Platform::Unspecified,
    ] {
        let known = match (legacy, platform) {
            (false, Platform::Unspecified) => false,
            (true, Platform::Unspecified) => app.knows_redirects_of(platform),
            (false, _) => app.knows_redirects_of(platform),
            (true, _) => {
                app.knows_redirects_of(Platform::Unspecified) && !on(Platform::Unspecified)
            }
        };
        let unknown = app.redirects_of(platform).any(|uri| uri.is_unknown());
        let all = app.redirects_of(platform).map(|redirect| {
            let uri = redirect.uri.to_string();
            let words = format!("{} {uri}", platform.name());
            (uri, words, String::new())
        });
        facts.list(Aspect::Redirect(platform), known && !unknown, all);
    }
}

fn service_principal(facts: &mut Facts, principal: &ServicePrincipal<'_>) {
    let complete = principal.complete;
    let replies = &principal.reply_urls;
    let plain = replies.iter().all(|url| !url.is_uri_template());
    let urls = replies.iter().map(|url| url.to_string());
    facts.texts(Aspect::ReplyUrl, replies.tells_all(complete) && plain, urls);
    // Azure keeps and replaces those of a managed identity.
    if !principal.is_managed_identity() {
        let (secrets, certificates) = (&principal.secrets, &principal.certificates);
        credentials(facts, secrets, certificates, complete);
    }
    exposed(facts, &principal.scopes, &principal.roles, complete);
    let list = &principal.federated;
    let all = list.iter().filter_map(federated);
    facts.list(Aspect::FederatedCredential, list.is_known(), all);
}

fn credentials(
    facts: &mut Facts,
    secrets: &List<Credential<'_>>,
    certificates: &List<Credential<'_>>,
    complete: bool,
) {
    for (aspect, kind, list) in [
        (Aspect::Secret, CredentialKind::Secret, secrets),
        (
            Aspect::Certificate,
            CredentialKind::Certificate,
            certificates,
        ),
    ] {
        let all = list.iter().map(|credential| held(kind, credential));
        facts.list(aspect, list.tells_all(complete), all);
    }
}

/// A credential by its key id and its end; never its name, which people fill with what they should
/// not.
fn held(kind: CredentialKind, credential: &Credential<'_>) -> Item {
    let end = match Life::of(kind, credential).end {
        End::At(end) => format!("ends {}", end.rfc3339()),
        End::Never => "never ends".to_owned(),
        End::Unknown => String::new(),
    };
    let key = credential.key().trim().to_lowercase();
    // People confuse the id of a secret with its value: only an id is repeated.
    let words = match Guid::parse_loose(&key) {
        Some(id) => id.to_string(),
        None if key.is_empty() => "without a key id".to_owned(),
        None => "with a key id that is no GUID".to_owned(),
    };
    let key = if key.is_empty() { end.clone() } else { key };
    (key, words, end)
}

/// A federated credential by what it takes tokens of; `None` where nothing tells that.
pub(super) fn federated(credential: &FederatedCredential<'_>) -> Option<Item> {
    let issuer = text(&credential.issuer)?;
    let subject = text(&credential.subject).or_else(|| text(&credential.expression))?;
    let words = format!("{issuer} / {subject}");
    let mut audiences: Vec<String> = credential
        .audiences
        .iter()
        .map(|audience| audience.to_string())
        .collect();
    audiences.sort();
    Some((words.clone(), words, audiences.join(" ")))
}

fn exposed(
    facts: &mut Facts,
    scopes: &List<ExposedScope<'_>>,
    roles: &List<AppRole<'_>>,
    complete: bool,
) {
    let item = |id: &Field<Str<'_>>, value: &Field<Str<'_>>, enabled: &Field<bool>| {
        let id = text(id)?.to_lowercase();
        let words = text(value).unwrap_or_else(|| id.clone());
        let enabled = match enabled.value() {
            Some(true) => "enabled",
            Some(false) => "disabled",
            None => "",
        };
        Some((id, words, enabled.to_owned()))
    };
    let all = scopes
        .iter()
        .filter_map(|scope| item(&scope.id, &scope.value, &scope.enabled));
    facts.list(Aspect::ExposedScope, scopes.tells_all(complete), all);
    let all = roles
        .iter()
        .filter_map(|role| item(&role.id, &role.value, &role.enabled));
    facts.list(Aspect::AppRole, roles.tells_all(complete), all);
}
