//! What stands in the input besides findings, for a report that shows the whole of it: the
//! registrations with their credentials and permissions, who can reach each instance, and how
//! complete all of that is.
//!
//! Nothing is kept for it: rows of the tenant's index say what there is, and the records of
//! applications and service principals are read again, one after another, while the report is
//! written. So it costs nothing where no report asks for it, and memory stays bounded.

mod application;
mod credential;
mod people;
mod permission;

pub use application::{Owners, Sheet};
pub use credential::{HeldCredential, Holder, Proof, Standing, text};
pub use people::{Member, Members, Person};
pub use permission::{Danger, PermissionUse, Scale, Used};

use std::cell::RefCell;
use std::collections::HashMap;
use std::io;

use crate::access::{Access, Target};
use crate::kinds::Object;
use crate::model::{DirectoryObject, Guid, Instant, ObjectKind};
use crate::report::access::{AccessEnd, AccessReport};
use crate::rules::joined::Look;
use crate::rules::{Join, Subject};
use crate::tenant::{ApplicationRow, At, PrincipalRow};

/// Reads objects again, by their place in the index.
pub trait Open: Look {
    /// Hands the object that stands at `at` to `see`; does nothing where it can no longer be read.
    fn open(&self, at: At, see: &mut dyn FnMut(&Object<'_>));

    /// Tells every verdict to `report`, as the command `access` does; `None` where there is nothing
    /// to judge.
    ///
    /// # Errors
    /// What `report` says.
    fn verdicts(&self, report: &mut dyn AccessReport) -> io::Result<Option<AccessEnd>>;
}

/// One input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRead {
    /// As the user named or reached it: untrusted text.
    pub name: String,
    /// How many objects of each kind it holds.
    pub objects: Vec<(ObjectKind, u64)>,
    /// Something shows that more exists than is in it.
    pub cut: bool,
    /// It could not be read to its end.
    pub failed: bool,
}

/// What an input has, and the means to look at it.
pub struct Inventory<'i> {
    pub join: Join<'i>,
    pub open: &'i dyn Open,
    /// Every input, sorted by name.
    pub files: Vec<FileRead>,
    /// `--app`: only the named applications are shown.
    pub only_named: bool,
    /// Names that were looked up: the same few people hold most roles.
    pub names: RefCell<HashMap<Guid, Option<String>>>,
}

/// How much of the documents of a kind the input has.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Completeness {
    /// All: what is not there does not exist.
    Complete,
    /// Something shows that more exists.
    Cut,
    /// Documents that stand alone: whether there are more, nothing tells.
    Single,
    Absent,
}

/// What somebody or something in the directory is called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Called {
    /// A GUID; of what a template is to make, what the id is to be: `azuread_application.x.object_id`.
    pub id: String,
    /// Untrusted text; `None` where the input does not tell.
    pub name: Option<String>,
}

impl<'i> Inventory<'i> {
    /// The evaluation date.
    pub fn now(&self) -> Instant {
        self.join.settings.now
    }

    /// What the input has of every kind that rules know how to join.
    pub fn coverage(&self) -> impl Iterator<Item = (ObjectKind, Completeness)> {
        KINDS
            .into_iter()
            .map(|kind| (kind, self.completeness(kind)))
    }

    fn completeness(&self, kind: ObjectKind) -> Completeness {
        let tenant = self.join.tenant;
        let apps = &tenant.rows.applications;
        // A file for each application, perhaps with an empty list, tells it all too.
        let by_app = kind == ObjectKind::FederatedCredential
            && !apps.is_empty()
            && apps.iter().all(|app| tenant.knows_federated(app));
        // There is one of each in a tenant.
        let only = matches!(
            kind,
            ObjectKind::AuthorizationPolicy | ObjectKind::AppManagementPolicy
        );
        match tenant.covers(kind) {
            coverage if coverage.is_complete() || by_app => Completeness::Complete,
            coverage if !coverage.present => Completeness::Absent,
            coverage if coverage.cut => Completeness::Cut,
            _ if only => Completeness::Complete,
            _ => Completeness::Single,
        }
    }

    /// The applications to show, in the order of the input.
    pub fn applications(&self) -> impl Iterator<Item = &'i ApplicationRow> {
        let only_named = self.only_named;
        let rows = self.join.tenant.rows.applications.iter();
        rows.filter(move |row| row.named || !only_named)
    }

    /// Service principals that hold credentials of their own and whose application is not in the
    /// input: those of other tenants' applications, managed identities.
    pub fn other_holders(&self) -> impl Iterator<Item = &'i PrincipalRow> {
        let tenant = self.join.tenant;
        let rows = tenant.rows.principals.iter();
        rows.filter(move |row| {
            !self.only_named
                && (row.held.any_secret || row.held.any_certificate)
                && tenant.application(row.app_id).is_none()
        })
    }

    /// Whom a row is about.
    pub fn subject(&self, at: At) -> Option<Subject> {
        self.open.subject(at)
    }

    /// What may be asked about access; `None` without a profile.
    pub fn access(&self) -> Option<Access<'i>> {
        self.join.access()
    }

    /// The name of an object of the directory: a user, a group, a service principal.
    pub fn called(&self, id: Guid) -> Called {
        let known = self.names.borrow().get(&id).cloned();
        let name = known.unwrap_or_else(|| {
            let name = self.name_of(id);
            self.names.borrow_mut().insert(id, name.clone());
            name
        });
        let id = self.spelled(id.to_string());
        Called { id, name }
    }

    /// A text with the ids spelled out that do not exist yet.
    pub fn spelled(&self, text: String) -> String {
        self.join.tenant.rows.stand_ins.spelled(text)
    }

    fn name_of(&self, id: Guid) -> Option<String> {
        let tenant = self.join.tenant;
        let mut name = None;
        if let Some(row) = tenant.principal(id) {
            name = self.subject(row.at).and_then(|subject| subject.name);
        }
        if name.is_none()
            && let Some(row) = tenant.directory_object(id)
        {
            self.open.open(row.at, &mut |object| {
                name = match object {
                    Object::DirectoryObject(object) => named(std::iter::once(object), id),
                    Object::Application(app) => named(app.owners.iter(), id),
                    Object::ServicePrincipal(principal) => named(principal.owners.iter(), id),
                    _ => None,
                };
            });
        }
        name
    }

    /// Instances that applications may want to reach, each once.
    pub fn targets(&self) -> Vec<&'i Target> {
        self.access()
            .map_or_else(Vec::new, |access| access.reach.each().collect())
    }
}

/// Kinds that say something about a tenant, in the order in which a person would gather them.
const KINDS: [ObjectKind; 15] = [
    ObjectKind::Application,
    ObjectKind::ServicePrincipal,
    ObjectKind::FederatedCredential,
    ObjectKind::DelegatedGrant,
    ObjectKind::AppRoleAssignment,
    ObjectKind::DirectoryObject,
    ObjectKind::DirectoryRoleAssignment,
    ObjectKind::RoleAssignment,
    ObjectKind::RoleDefinition,
    ObjectKind::DenyAssignment,
    ObjectKind::ManagementGroup,
    ObjectKind::DigitalTwinsInstance,
    ObjectKind::AuthorizationPolicy,
    ObjectKind::AppManagementPolicy,
    ObjectKind::SignInActivity,
];

/// The name of the object with this id among some and their members.
fn named<'a>(among: impl Iterator<Item = &'a DirectoryObject<'a>>, id: Guid) -> Option<String> {
    let mut waiting: Vec<&DirectoryObject<'_>> = among.collect();
    while let Some(object) = waiting.pop() {
        if object.guid() == Some(id) {
            let name = [&object.display_name, &object.user_principal_name]
                .into_iter()
                .filter_map(|field| field.value())
                .find(|name| !name.trim().is_empty());
            if let Some(name) = name {
                return Some(name.trim().to_owned());
            }
        }
        waiting.extend(object.members.iter());
    }
    None
}
