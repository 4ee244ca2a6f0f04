//! What joins need of the objects of one piece, one source, or all of them.
//!
//! Workers fill one harvest per piece; a source absorbs its pieces' in order, the tenant its
//! sources'. Numbers of tables and lists are translated on the way, so the result is the same for
//! any number of workers.

use std::hash::BuildHasher;

use super::names::Table;
use super::rows::*;
use super::shared::{Entry, Gathered};
use super::{ScopeId, Scopes};
use crate::input::Link;
use crate::kinds::Object;
use crate::model::life::{Life, State, signs_in};
use crate::model::{
    Application, Audience, Credential, CredentialKind, DirectoryObject, ExposedScope, Field, Guid,
    Instant, List, PermissionBlock, PermissionKind, Platform, Relation, RoleAssignment, Schedule,
    ServicePrincipal, Str,
};

/// A 64-bit summary of a text: equal for equal texts, and different for different ones but for
/// chance. The same on every machine and in every run.
pub fn mark(text: &str) -> u64 {
    foldhash::quality::FixedState::with_seed(0x656e_7472_616c_696e).hash_one(text)
}

/// The summary of a federated credential's issuer and subject.
pub fn federated_mark(issuer: &str, subject: &str) -> u64 {
    mark(issuer).rotate_left(17) ^ mark(subject)
}

/// What is known of an object besides what it says itself.
#[derive(Copy, Clone, Debug)]
pub struct Note {
    /// The evaluation date.
    pub now: Instant,
    pub alone: bool,
    /// The profile was applied to it.
    pub in_profile: bool,
    /// It was named on the command line or in the configuration.
    pub named: bool,
    pub depends: Depends,
    /// What the file's path tells of it.
    pub link: Link,
}

/// Rows of objects, with the tables that they point into.
#[derive(Clone, Debug, Default)]
pub struct Harvest {
    pub applications: Vec<ApplicationRow>,
    pub principals: Vec<PrincipalRow>,
    pub grants: Vec<GrantRow>,
    pub app_roles: Vec<AppRoleRow>,
    pub federated: Vec<FederatedRow>,
    pub directory: Vec<DirectoryRow>,
    pub owners: Vec<LinkRow>,
    pub members: Vec<LinkRow>,
    pub assignments: Vec<AssignmentRow>,
    pub definitions: Vec<DefinitionRow>,
    pub denials: Vec<DenyRow>,
    pub instances: Vec<InstanceRow>,
    pub directory_roles: Vec<DirectoryRoleRow>,
    pub sign_ins: Vec<SignInRow>,
    pub management_groups: Vec<GroupRow>,
    /// Policies: there are few, and they are read again when a rule needs them.
    pub policies: Vec<PolicyRow>,
    /// Numbers of [`Requested`], pointed into by applications.
    pub requested_ids: Vec<u32>,
    pub exposed: Vec<ExposedRow>,
    pub marks: Vec<u64>,
    pub requested: Table<Requested>,
    pub texts: Table<Box<str>>,
    pub guids: Table<Guid>,
    pub scopes: Scopes,
    /// Keys that two objects must not share.
    pub shared: Vec<(At, Entry)>,
}

impl Harvest {
    /// Notes what joins need of an object that stands at `at`, in a record that begins at `start`
    /// of the text it was read from. Whether anything was kept.
    pub fn add(&mut self, object: &Object<'_>, at: At, start: u32, note: &Note) -> bool {
        let before = self.shared.len();
        let mut gathered = Gathered::default();
        gathered.add(object);
        self.shared
            .extend(gathered.entries.into_iter().map(|mut entry| {
                // The index keeps places relative to the record.
                entry.span -= start;
                (at, entry)
            }));
        let row = match object {
            Object::Application(app) => self.application(app, at, note),
            Object::ServicePrincipal(principal) => self.principal(principal, at, note),
            Object::DelegatedGrant(grant) => {
                let consent = match grant.consent_type.value() {
                    Some(kind) if kind.eq_ignore_ascii_case("AllPrincipals") => {
                        ConsentType::AllPrincipals
                    }
                    Some(kind) if kind.eq_ignore_ascii_case("Principal") => ConsentType::Principal,
                    _ => ConsentType::Unknown,
                };
                let scope = self.text(grant.scope.value().map_or("", |scope| scope.trim()));
                self.grants.push(GrantRow {
                    at,
                    client: guid(&grant.client),
                    resource: guid(&grant.resource),
                    principal: guid(&grant.principal),
                    consent,
                    scope,
                });
                true
            }
            Object::AppRoleAssignment(role) => {
                self.app_roles.push(AppRoleRow {
                    at,
                    role: guid(&role.role),
                    principal: guid(&role.principal),
                    resource: guid(&role.resource),
                    principal_kind: directory_kind(&role.principal_type),
                });
                true
            }
            Object::FederatedCredential(credential) => {
                let owner = match guid(&credential.application) {
                    Guid::NIL => note.link.owner(Relation::Federated, guid(&credential.id)),
                    owner => owner,
                };
                self.federated.push(federated_row(credential, at, owner));
                true
            }
            Object::DirectoryObject(object) => {
                self.directory_object(object, at, note.link, Guid::NIL);
                true
            }
            Object::RoleAssignment(row) => self.assignment(row, at, note.now),
            Object::RoleDefinition(role) => {
                let scopes = role
                    .assignable_scopes
                    .iter()
                    .map(|scope| self.scopes.add(scope))
                    .collect();
                let listed_at = role.id.value().and_then(|id| {
                    let (scope, _) = id.split_at_checked(find_provider(id)?)?;
                    Some(self.scopes.add(scope))
                });
                self.definitions.push(DefinitionRow {
                    at,
                    id: role.guid().unwrap_or(Guid::NIL),
                    name: role.name.value().map_or("", |name| name.trim()).into(),
                    custom: truth(&role.custom),
                    scopes,
                    listed_at: listed_at.unwrap_or_default(),
                    blocks: role.blocks.iter().map(block).collect(),
                    known: role.blocks_known,
                });
                true
            }
            Object::DenyAssignment(deny) => {
                let everyone = deny.principals.iter().any(|principal| {
                    principal.id.spanned().and_then(|id| id.guid()) == Some(Guid::NIL)
                        || principal
                            .kind
                            .value()
                            .is_some_and(|kind| kind.eq_ignore_ascii_case("SystemDefined"))
                });
                let scope = deny.scope.value().map(|scope| self.scopes.add(scope));
                self.denials.push(DenyRow {
                    at,
                    scope: scope.filter(|scope| *scope != ScopeId::NONE),
                    principals: deny.principals.iter().map(|p| guid(&p.id)).collect(),
                    everyone,
                    excluded: deny.excluded.iter().map(|p| guid(&p.id)).collect(),
                    not_child_scopes: deny.not_child_scopes.is_true(),
                    known: deny.principals.is_known() && !deny.blocks.is_empty(),
                    blocks: deny.blocks.iter().map(block).collect(),
                });
                true
            }
            Object::Instance(instance) => {
                let scope = instance.id.value().map(|id| self.scopes.add(id));
                let text = |field: &Field<Str<'_>>| -> Box<str> {
                    field.value().map_or("", |text| text.trim()).into()
                };
                self.instances.push(InstanceRow {
                    at,
                    id: text(&instance.id),
                    scope: scope.filter(|scope| *scope != ScopeId::NONE),
                    name: text(&instance.name),
                    state: text(&instance.state),
                    has_host: match &instance.host_name {
                        Field::Value(_) => Truth::Yes,
                        Field::Null(_) => Truth::No,
                        _ => Truth::Unknown,
                    },
                    private: match instance.network.value() {
                        Some(network) => Truth::from(network.eq_ignore_ascii_case("Disabled")),
                        None => Truth::Unknown,
                    },
                    endpoint: endpoint(instance),
                    identity: guid(&instance.identity_principal),
                    tenant: guid(&instance.identity_tenant),
                });
                true
            }
            Object::DirectoryRoleAssignment(row) => {
                let ended = row
                    .ends
                    .value()
                    .and_then(|end| end.instant())
                    .is_some_and(|end| end <= note.now);
                self.directory_roles.push(DirectoryRoleRow {
                    at,
                    principal: guid(&row.principal),
                    role: guid(&row.role),
                    whole_tenant: row
                        .directory_scope
                        .value()
                        .is_some_and(|scope| scope.trim() == "/"),
                    schedule: row.schedule,
                    inactive: ended || row.schedule == Schedule::Request,
                });
                true
            }
            Object::SignInActivity(activity) => {
                self.sign_ins.push(SignInRow {
                    at,
                    app_id: guid(&activity.app_id),
                    last: activity.last.value().and_then(|date| date.instant()),
                });
                true
            }
            Object::ManagementGroup(group) => {
                self.management_groups.push(GroupRow {
                    name: group.name.value().map_or("", |n| n).to_lowercase().into(),
                    parents: group
                        .parents
                        .iter()
                        .map(|parent| parent.to_lowercase().into())
                        .collect(),
                });
                false
            }
            Object::AppManagementPolicy(policy) => {
                self.policies.push(PolicyRow::of(policy, at));
                true
            }
            Object::AuthorizationPolicy(_)
            | Object::ConsentPolicy(_)
            | Object::Credential(_)
            | Object::RequiredAccess(_)
            | Object::Other(_) => false,
        };
        row || self.shared.len() > before
    }

    fn text(&mut self, text: &str) -> u32 {
        match self.texts.find(text) {
            Some(id) => id,
            None => self.texts.add(text.into()),
        }
    }

    fn application(&mut self, app: &Application<'_>, at: At, note: &Note) -> bool {
        let start = self.requested_ids.len();
        for resource in &app.required.resources {
            for permission in &resource.permissions {
                let (Some(api), Some(id)) = (resource.guid, permission.guid) else {
                    continue;
                };
                let number = self.requested.add(Requested {
                    resource: api,
                    id,
                    kind: kind_of(permission.kind.value()),
                });
                self.requested_ids.push(number);
            }
        }
        let requested = slice(start, self.requested_ids.len());
        let uris = app
            .redirects
            .iter()
            .filter(|redirect| !redirect.is_unknown())
            .map(|redirect| mark(&redirect.uri));
        let redirects = push_marks(&mut self.marks, uris);
        let id = guid(&app.id);
        let app_id = guid(&app.app_id);
        for credential in app.federated.iter() {
            let owner = if app_id == Guid::NIL { id } else { app_id };
            self.federated.push(federated_row(credential, at, owner));
        }
        for owner in app.owners.iter() {
            let owned = if id == Guid::NIL { app_id } else { id };
            self.directory_object(owner, at, Link::default(), owned);
        }
        self.applications.push(ApplicationRow {
            at,
            id,
            app_id,
            complete: app.complete,
            deleted: app.deleted.value().is_some(),
            disabled: is_disabled(&app.disabled, &app.disabled_by_microsoft),
            single_tenant: match app.audience() {
                Some(audience) => Truth::from(audience == Audience::MyOrg),
                None => match app.available_to_other_tenants.value() {
                    Some(other) => Truth::from(!*other),
                    None => Truth::Unknown,
                },
            },
            public_client_flow: switched_on(&app.public_client_flow, app.complete),
            platforms: platforms(app),
            held: held(&app.secrets, &app.certificates, app.complete, note.now)
                .with_federated(&app.federated),
            exposes_api: exposes_api(app),
            knows_clients: !app.known_clients.items.is_empty()
                || !app.preauthorized.items.is_empty(),
            depends: note.depends,
            alone: note.alone,
            in_profile: note.in_profile,
            named: note.named,
            requests_known: matches!(app.required.list, Field::Value(_) | Field::Null(_))
                || app.complete && app.required.list.is_absent(),
            requested,
            owners_known: app.owners.is_known(),
            redirects_known: app.complete && app.redirects.iter().all(|r| !r.is_unknown()),
            redirects,
        });
        true
    }

    fn principal(&mut self, principal: &ServicePrincipal<'_>, at: At, note: &Note) -> bool {
        let start = self.exposed.len();
        for role in principal.roles.iter() {
            let (kind, admin) = (PermissionKind::Role, Truth::Yes);
            self.push_exposed(&role.id, &role.value, &role.enabled, kind, admin);
        }
        for scope in principal.scopes.iter() {
            self.expose_scope(scope);
        }
        self.exposed[start..].sort_unstable_by_key(|row| (row.id, row.kind));
        let exposed = slice(start, self.exposed.len());
        let told = principal
            .reply_urls
            .iter()
            .filter(|url| !url.is_uri_template());
        let urls = told.map(|url| mark(url));
        let replies = push_marks(&mut self.marks, urls);
        let app_id = guid(&principal.app_id);
        let id = guid(&principal.id);
        for owner in principal.owners.iter() {
            self.directory_object(owner, at, Link::default(), id);
        }
        // A list of owners shows service principals with all their properties.
        if note.link.relation == Some(Relation::Owner) {
            self.owners.push(LinkRow {
                at,
                whole: note.link.owner(Relation::Owner, id),
                part: id,
                kind: DirectoryKind::ServicePrincipal,
            });
        }
        for credential in principal.federated.iter() {
            self.federated.push(federated_row(credential, at, app_id));
        }
        let named = |field: &Field<Str<'_>>, name: &str| {
            field
                .value()
                .is_some_and(|text| text.trim().eq_ignore_ascii_case(name))
        };
        let kind = principal
            .kind
            .value()
            .map_or(PrincipalKind::Unknown, |kind| PrincipalKind::parse(kind));
        self.principals.push(PrincipalRow {
            at,
            id,
            app_id,
            owner_tenant: guid(&principal.owner_tenant),
            tenant: guid(&principal.tenant),
            kind,
            enabled: truth(&principal.enabled),
            disabled: is_disabled(&principal.disabled, &principal.disabled_by_microsoft),
            deleted: principal.deleted.value().is_some(),
            depends: note.depends,
            assignment_required: truth(&principal.assignment_required),
            saml: named(&principal.sign_on_mode, "saml"),
            held: held(
                &principal.secrets,
                &principal.certificates,
                principal.complete,
                note.now,
            )
            .with_federated(&principal.federated),
            exposed,
            exposed_known: principal.roles.is_known() && principal.scopes.is_known(),
            replies,
        });
        true
    }

    fn expose_scope(&mut self, scope: &ExposedScope<'_>) {
        let admin = match scope.kind.value() {
            Some(kind) => Truth::from(kind.eq_ignore_ascii_case("Admin")),
            None => Truth::Unknown,
        };
        self.push_exposed(
            &scope.id,
            &scope.value,
            &scope.enabled,
            PermissionKind::Scope,
            admin,
        );
    }

    fn push_exposed(
        &mut self,
        id: &Field<Str<'_>>,
        value: &Field<Str<'_>>,
        enabled: &Field<bool>,
        kind: PermissionKind,
        admin: Truth,
    ) {
        let value = self.text(value.value().map_or("", |value| value.trim()));
        self.exposed.push(ExposedRow {
            id: guid(id),
            kind,
            value,
            enabled: truth(enabled),
            admin,
        });
    }

    /// A directory object: by itself, or as the owner or member of `whole` (where that is nil, of
    /// what the file's path tells).
    fn directory_object(&mut self, object: &DirectoryObject<'_>, at: At, link: Link, whole: Guid) {
        let id = guid(&object.id);
        let kind = directory_kind(&object.kind);
        let guest = match (object.user_type.value(), object.user_principal_name.value()) {
            (Some(kind), _) => Truth::from(kind.eq_ignore_ascii_case("Guest")),
            (None, Some(name)) if name.to_ascii_uppercase().contains("#EXT#") => Truth::Yes,
            _ => Truth::Unknown,
        };
        let said = [whole, guid(&object.owned)]
            .into_iter()
            .find(|whole| *whole != Guid::NIL);
        // What the document says itself is to be believed before its path.
        let relation = object.relation.or(link.relation);
        self.directory.push(DirectoryRow {
            at,
            id,
            kind,
            guest,
            enabled: truth(&object.enabled),
            itself: matches!(relation, None | Some(Relation::Federated)) && said.is_none(),
        });
        for member in object.members.iter() {
            self.directory_object(member, at, Link::default(), id);
        }
        let Some(relation) = relation else {
            return;
        };
        let row = LinkRow {
            at,
            whole: said.unwrap_or_else(|| link.owner(relation, id)),
            part: id,
            kind,
        };
        match relation {
            Relation::Owner => self.owners.push(row),
            Relation::Member => self.members.push(row),
            Relation::Federated => {}
        }
    }

    fn assignment(&mut self, row: &RoleAssignment<'_>, at: At, now: Instant) -> bool {
        let principal = self.guids.add(guid(&row.principal));
        let role = self.guids.add(row.role_guid().unwrap_or(Guid::NIL));
        let scope = row
            .scope
            .value()
            .map_or(ScopeId::NONE, |scope| self.scopes.add(scope));
        let mut bits = 0;
        let unknown_type = row
            .principal_type
            .value()
            .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("Unknown"));
        // An empty name says that the principal is gone only where other names were looked up: the
        // portal leaves names and types blank for who may not read the directory, and a foreign
        // group has none here.
        let looked_up = row.role_name.value().is_some()
            && row.principal_type.value().is_some()
            && directory_kind(&row.principal_type) != DirectoryKind::ForeignGroup;
        if unknown_type || looked_up && matches!(row.principal_name, Field::Null(_)) {
            bits |= AssignmentRow::NAMELESS;
        }
        if row.condition.value().is_some() {
            bits |= AssignmentRow::CONDITION;
        }
        if row.is_classic() {
            bits |= AssignmentRow::CLASSIC;
        }
        let ended = row
            .ends
            .value()
            .and_then(|end| end.instant())
            .is_some_and(|end| end <= now);
        let revoked = row.status.value().is_some_and(|status| {
            [
                "Revoked",
                "Failed",
                "Denied",
                "Canceled",
                "PendingRevocation",
            ]
            .iter()
            .any(|bad| status.eq_ignore_ascii_case(bad))
        });
        if ended || revoked {
            bits |= AssignmentRow::INACTIVE;
        }
        if row.delegated_identity.value().is_some() {
            bits |= AssignmentRow::DELEGATED;
        }
        if row.ends.value().is_some_and(|end| end.instant().is_some()) {
            bits |= AssignmentRow::ENDS;
        }
        let own = row.id.value().map_or(0, |id| {
            let name = id.rsplit('/').next().unwrap_or(id);
            mark(&name.to_ascii_lowercase()) as u32
        });
        self.assignments.push(AssignmentRow {
            at,
            principal,
            role,
            scope,
            own,
            principal_kind: directory_kind(&row.principal_type),
            schedule: row.schedule,
            bits,
        });
        true
    }

    /// Takes over the rows of another harvest, whose records are numbered from `record` and whose
    /// source is `source`.
    pub fn absorb(&mut self, mut other: Harvest, source: u32, record: u32) {
        let texts = self.texts.absorb(&other.texts);
        let guids = self.guids.absorb(&other.guids);
        let scopes = self.scopes.absorb(&other.scopes);
        let requested = self.requested.absorb(&other.requested);
        let marks = self.marks.len() as u32;
        let exposed = self.exposed.len() as u32;
        let ids = self.requested_ids.len() as u32;
        self.marks.append(&mut other.marks);
        self.requested_ids
            .extend(other.requested_ids.iter().map(|id| number(&requested, *id)));
        self.exposed
            .extend(other.exposed.iter().map(|row| ExposedRow {
                value: number(&texts, row.value),
                ..*row
            }));
        let scope = |id: ScopeId| match id {
            ScopeId::NONE => ScopeId::NONE,
            id => ScopeId(number(&scopes, id.0)),
        };
        let here = |at: At| At {
            source,
            record: at.record + record,
            ..at
        };
        self.applications
            .extend(other.applications.into_iter().map(|mut row| {
                row.at = here(row.at);
                row.requested.start += ids;
                row.redirects.start += marks;
                row
            }));
        self.principals
            .extend(other.principals.into_iter().map(|mut row| {
                row.at = here(row.at);
                row.exposed.start += exposed;
                row.replies.start += marks;
                row
            }));
        self.grants.extend(other.grants.into_iter().map(|mut row| {
            row.at = here(row.at);
            row.scope = number(&texts, row.scope);
            row
        }));
        // There may be a million, so they are translated in place, and the longer list is kept.
        for row in &mut other.assignments {
            row.at = here(row.at);
            row.principal = number(&guids, row.principal);
            row.role = number(&guids, row.role);
            row.scope = scope(row.scope);
        }
        if self.assignments.len() < other.assignments.len() {
            other.assignments.splice(0..0, self.assignments.drain(..));
            std::mem::swap(&mut self.assignments, &mut other.assignments);
        } else {
            self.assignments.append(&mut other.assignments);
        }
        self.definitions
            .extend(other.definitions.into_iter().map(|mut row| {
                row.at = here(row.at);
                row.scopes.iter_mut().for_each(|id| *id = scope(*id));
                row.listed_at = scope(row.listed_at);
                row
            }));
        self.denials
            .extend(other.denials.into_iter().map(|mut row| {
                row.at = here(row.at);
                row.scope = row.scope.map(scope);
                row
            }));
        self.instances
            .extend(other.instances.into_iter().map(|mut row| {
                row.at = here(row.at);
                row.scope = row.scope.map(scope);
                row
            }));
        macro_rules! plain {
            ($($list:ident),*) => {
                $(self.$list.extend(other.$list.into_iter().map(|mut row| {
                    row.at = here(row.at);
                    row
                }));)*
            };
        }
        plain!(
            app_roles,
            federated,
            directory,
            owners,
            members,
            directory_roles,
            sign_ins,
            policies
        );
        self.management_groups.append(&mut other.management_groups);
        self.shared.extend(
            other
                .shared
                .into_iter()
                .map(|(at, entry)| (here(at), entry)),
        );
    }
}

fn number(map: &[u32], id: u32) -> u32 {
    map.get(id as usize).copied().unwrap_or(id)
}

fn slice(start: usize, end: usize) -> Slice {
    Slice {
        start: start as u32,
        len: (end - start) as u32,
    }
}

fn push_marks(marks: &mut Vec<u64>, new: impl Iterator<Item = u64>) -> Slice {
    let start = marks.len();
    marks.extend(new);
    marks[start..].sort_unstable();
    slice(start, marks.len())
}

/// The GUID of a field; nil where there is none.
pub fn guid(field: &Field<Str<'_>>) -> Guid {
    field
        .spanned()
        .and_then(|text| Guid::parse_loose(&text.value))
        .unwrap_or(Guid::NIL)
}

fn truth(field: &Field<bool>) -> Truth {
    field
        .value()
        .map_or(Truth::Unknown, |value| Truth::from(*value))
}

/// A switch whose default is off: null is off, and so is what a complete document leaves out.
fn switched_on(field: &Field<bool>, complete: bool) -> Truth {
    match field {
        Field::Value(value) => Truth::from(value.value),
        Field::Null(_) => Truth::No,
        Field::Absent if complete => Truth::No,
        _ => Truth::Unknown,
    }
}

fn is_disabled(disabled: &Field<bool>, by_microsoft: &Field<Str<'_>>) -> bool {
    disabled.is_true()
        || by_microsoft
            .value()
            .is_some_and(|status| !status.eq_ignore_ascii_case("NotDisabled"))
}

fn directory_kind(field: &Field<Str<'_>>) -> DirectoryKind {
    field
        .value()
        .map_or(DirectoryKind::Unknown, |kind| DirectoryKind::parse(kind))
}

fn kind_of(kind: Option<&Str<'_>>) -> Option<PermissionKind> {
    let kind = kind?.trim();
    [PermissionKind::Scope, PermissionKind::Role]
        .into_iter()
        .find(|known| known.key().eq_ignore_ascii_case(kind))
}

fn block(block: &PermissionBlock<'_>) -> Block {
    let texts = |list: &List<crate::model::Text<'_>>| -> Vec<Box<str>> {
        list.iter().map(|text| text.trim().into()).collect()
    };
    Block {
        actions: texts(&block.actions),
        not_actions: texts(&block.not_actions),
        data_actions: texts(&block.data_actions),
        not_data_actions: texts(&block.not_data_actions),
        conditional: block.condition.value().is_some(),
    }
}

/// Where the provider begins in the resource id of a role definition.
fn find_provider(id: &str) -> Option<usize> {
    const PROVIDER: &[u8] = b"/providers/microsoft.authorization/";
    id.as_bytes()
        .windows(PROVIDER.len())
        .position(|window| window.eq_ignore_ascii_case(PROVIDER))
}

fn endpoint(instance: &crate::model::Instance<'_>) -> Truth {
    let approved = instance.endpoints.iter().any(|endpoint| {
        endpoint
            .status
            .value()
            .is_some_and(|status| status.eq_ignore_ascii_case("Approved"))
    });
    if approved {
        Truth::Yes
    } else if instance.endpoints.is_known()
        && instance
            .endpoints
            .iter()
            .all(|e| e.status.value().is_some())
    {
        Truth::No
    } else {
        Truth::Unknown
    }
}

fn federated_row(
    credential: &crate::model::FederatedCredential<'_>,
    at: At,
    owner: Guid,
) -> FederatedRow {
    let text = |field: &Field<Str<'_>>| field.value().map_or(String::new(), |t| t.to_string());
    let (issuer, subject) = (text(&credential.issuer), text(&credential.subject));
    FederatedRow {
        at,
        owner,
        well_formed: !issuer.is_empty()
            && (!subject.is_empty() || credential.expression.value().is_some()),
        mark: federated_mark(&issuer, &subject),
        exact: !issuer.is_empty() && !subject.is_empty(),
        id: guid(&credential.id),
    }
}

fn platforms(app: &Application<'_>) -> Platforms {
    let on = |platform: Platform, list: &Field<()>| {
        let any = app.redirects.iter().any(|r| r.platform == platform);
        let known =
            matches!(list, Field::Value(_) | Field::Null(_)) || app.complete && list.is_absent();
        match (any, known) {
            (true, _) => Truth::Yes,
            (false, true) => Truth::No,
            (false, false) => Truth::Unknown,
        }
    };
    let public = on(Platform::Public, &app.public_redirects);
    let localhost = app
        .redirects
        .iter()
        .any(|r| r.platform == Platform::Public && r.parts().is_localhost_root());
    // A list that names no platform (Azure AD Graph) may hold redirects of any.
    let unknown = app
        .redirects
        .iter()
        .any(|r| r.is_unknown() || r.platform == Platform::Unspecified);
    let soften = |truth: Truth| match truth {
        Truth::No if unknown => Truth::Unknown,
        truth => truth,
    };
    Platforms {
        localhost: match (localhost, public) {
            (true, _) => Truth::Yes,
            (false, Truth::Unknown) => Truth::Unknown,
            (false, _) => soften(Truth::No),
        },
        public: soften(public),
        web: soften(on(Platform::Web, &app.web_redirects)),
        spa: soften(on(Platform::Spa, &app.spa_redirects)),
    }
}

fn held(
    secrets: &List<Credential<'_>>,
    certificates: &List<Credential<'_>>,
    complete: bool,
    now: Instant,
) -> Held {
    let valid = |kind: CredentialKind, list: &List<Credential<'_>>| {
        let mut unknown = !(list.is_known() || complete && list.state.is_absent());
        for credential in list.iter().filter(|credential| signs_in(credential)) {
            match Life::of(kind, credential).at(now) {
                State::Valid => return Truth::Yes,
                State::Unknown => unknown = true,
                State::Expired | State::Inverted | State::Pending => {}
            }
        }
        if unknown { Truth::Unknown } else { Truth::No }
    };
    Held {
        secret: valid(CredentialKind::Secret, secrets),
        certificate: valid(CredentialKind::Certificate, certificates),
        federated: Truth::Unknown,
        any_secret: !secrets.items.is_empty(),
        any_certificate: certificates.iter().any(signs_in),
    }
}

impl Held {
    fn with_federated(self, list: &List<crate::model::FederatedCredential<'_>>) -> Held {
        let federated = if !list.items.is_empty() {
            Truth::Yes
        } else if list.is_known() {
            Truth::No
        } else {
            Truth::Unknown
        };
        Held { federated, ..self }
    }
}

fn exposes_api(app: &Application<'_>) -> Truth {
    let uri = !app.identifier_uris.items.is_empty();
    let scope = app
        .scopes
        .iter()
        .any(|scope| scope.id.value().is_some() && !matches!(scope.enabled.value(), Some(false)));
    if uri && scope {
        Truth::Yes
    } else if app.complete || app.identifier_uris.is_known() && app.scopes.is_known() {
        Truth::No
    } else {
        Truth::Unknown
    }
}
