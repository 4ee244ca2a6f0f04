//! What joins need of the objects of one piece, one source, or all of them.
//!
//! Workers fill one harvest per piece; a source absorbs its pieces' in order, the tenant its
//! sources'. Numbers of tables and lists are translated on the way, so the result is the same for
//! any number of workers.

mod absorb;
mod azure;
mod directory;
mod registration;
mod settle;

use std::hash::BuildHasher;

use super::names::Table;
use super::rows::*;
use super::shared::{Entry, shared_keys};
use super::{Assignments, ScopeId, Scopes};
use crate::infrastructure::StandIns;
use crate::input::Link;
use crate::kinds::Object;
use crate::model::life::{Life, State, signs_in};
use crate::model::{
    Application, Audience, Credential, CredentialKind, DirectoryObject, ExposedScope,
    FederatedCredential, Field, Guid, Instant, List, PermissionBlock, PermissionKind, Platform,
    Relation, RoleAssignment, Schedule, ServicePrincipal, Str,
};

use azure::{block, endpoint, find_provider};
use registration::federated_row;

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
    pub assignments: Assignments,
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
    /// Objects that are there now and will be gone, as a plan says; their rows are among the others
    /// until [`Harvest::settle`].
    pub removed: Vec<At>,
    /// Ids that do not exist yet.
    pub stand_ins: StandIns,
}

impl Harvest {
    /// Notes what joins need of an object that stands at `at`, in a record that begins at `start`
    /// of the text it was read from. Whether anything was kept.
    pub fn add(&mut self, object: &Object<'_>, at: At, start: u32, note: &Note) -> bool {
        let before = self.shared.len();
        shared_keys(object, |key, span| {
            let mut entry = Entry::of(key, span);
            // The index keeps places relative to the record.
            entry.span -= start;
            self.shared.push((at, entry));
        });
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
                let owner = federated_owner(credential, note.link);
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
                    single: deny
                        .principals
                        .iter()
                        .chain(deny.excluded.iter())
                        .filter(|principal| {
                            matches!(
                                directory_kind(&principal.kind),
                                DirectoryKind::User | DirectoryKind::ServicePrincipal
                            )
                        })
                        .map(|principal| guid(&principal.id))
                        .collect(),
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
                let (id, mut name) = (text(&instance.id), text(&instance.name));
                if name.is_empty() {
                    // The id of a resource ends in its name.
                    name = id.rsplit('/').next().unwrap_or_default().into();
                }
                self.instances.push(InstanceRow {
                    at,
                    id,
                    scope: scope.filter(|scope| *scope != ScopeId::NONE),
                    name,
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
        self.texts.add_text(text)
    }
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

/// The application that a federated credential in a document of its own belongs to, by app id or
/// object id: as it says itself, else as the path of its file tells; nil when neither does.
pub fn federated_owner(credential: &FederatedCredential<'_>, link: Link) -> Guid {
    match guid(&credential.application) {
        Guid::NIL => link.owner(Relation::Federated, guid(&credential.id)),
        owner => owner,
    }
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

fn directory_kind(field: &Field<Str<'_>>) -> DirectoryKind {
    field
        .value()
        .map_or(DirectoryKind::Unknown, |kind| DirectoryKind::parse(kind))
}
