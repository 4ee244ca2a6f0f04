//! The tenant as the input shows it: what is kept of every object after it was judged.
//!
//! Ids and a few truths, not documents: memory grows with the number of objects, not with their
//! size. Rules that join documents ask this index; when they find something, the objects' records
//! are read again to say it in words.
//!
//! The index knows which kinds of documents are there and which of them are complete, for absence
//! proves nothing unless the export is complete.

mod assigned;
mod assignments;
mod grants;
mod harvest;
mod names;
mod rows;
mod scopes;
mod shared;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Guid, ObjectKind, Relation};

use assignments::ByPrincipal;

pub use assignments::Assignments;
pub use harvest::{Harvest, Note, federated_mark, federated_owner, guid, mark};
pub use names::{Index, Table};
pub use rows::*;
pub use scopes::{Level, ScopeId, Scopes};
pub use shared::{Entry, SharedKey, Sort, comparable, shared_keys};

/// What an input has of one kind of document.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Some document, or an empty list, of this kind is there.
    pub present: bool,
    /// Some of it is a list without a sign that a part of it is missing.
    pub listed: bool,
    /// Some of it shows that more exists: a link to a next page, a list cut at a hundred.
    pub cut: bool,
}

impl Coverage {
    /// What is not in it does not exist.
    pub fn is_complete(self) -> bool {
        self.present && self.listed && !self.cut
    }
}

/// Every row of an input, with indexes.
#[derive(Debug, Default)]
pub struct Tenant {
    pub rows: Harvest,
    pub coverage: BTreeMap<ObjectKind, Coverage>,
    /// Whose owners, members or credentials are listed in files of their own, empty ones too.
    pub listed: BTreeSet<(Relation, Guid)>,
    applications_by_app_id: Index,
    applications_by_id: Index,
    principals_by_id: Index,
    principals_by_app_id: Index,
    grants_by_client: Index,
    app_roles_by_principal: Index,
    app_roles_by_resource: Index,
    federated_by_owner: Index,
    directory_by_id: Index,
    owners_by_whole: Index,
    members_by_part: Index,
    members_by_whole: Index,
    definitions_by_id: Index,
    directory_roles_by_principal: Index,
    sign_ins_by_app_id: Index,
    assignments_by_principal: ByPrincipal,
    /// Subscriptions that some assignment speaks of, in lower case.
    subscriptions: BTreeSet<Box<str>>,
    assigned: assigned::Assigned,
    facts: grants::Facts,
}

impl Tenant {
    /// Builds the indexes.
    pub fn new(
        rows: Harvest,
        coverage: BTreeMap<ObjectKind, Coverage>,
        listed: BTreeSet<(Relation, Guid)>,
    ) -> Tenant {
        let subscriptions = rows.scopes.subscriptions(rows.assignments.scopes());
        let mut tenant = Tenant {
            applications_by_app_id: Index::of(&rows.applications, |row| row.app_id),
            applications_by_id: Index::of(&rows.applications, |row| row.id),
            principals_by_id: Index::of(&rows.principals, |row| row.id),
            principals_by_app_id: Index::of(&rows.principals, |row| row.app_id),
            grants_by_client: Index::of(&rows.grants, |row| row.client),
            app_roles_by_principal: Index::of(&rows.app_roles, |row| row.principal),
            app_roles_by_resource: Index::of(&rows.app_roles, |row| row.resource),
            federated_by_owner: Index::of(&rows.federated, |row| row.owner),
            directory_by_id: Index::of(&rows.directory, |row| row.id),
            owners_by_whole: Index::of(&rows.owners, |row| row.whole),
            members_by_part: Index::of(&rows.members, |row| row.part),
            members_by_whole: Index::of(&rows.members, |row| row.whole),
            definitions_by_id: Index::of(&rows.definitions, |row| row.id),
            directory_roles_by_principal: Index::of(&rows.directory_roles, |row| row.principal),
            sign_ins_by_app_id: Index::of(&rows.sign_ins, |row| row.app_id),
            assignments_by_principal: ByPrincipal::of(&rows.assignments, rows.guids.len()),
            subscriptions,
            assigned: assigned::Assigned::of(&rows),
            coverage,
            listed,
            rows,
            facts: grants::Facts::default(),
        };
        tenant.facts = grants::Facts::of(&tenant);
        tenant
    }

    /// What the input has of a kind.
    pub fn covers(&self, kind: ObjectKind) -> Coverage {
        self.coverage.get(&kind).copied().unwrap_or_default()
    }

    /// Whether the input has anything of a kind.
    pub fn has(&self, kind: ObjectKind) -> bool {
        self.covers(kind).present
    }

    /// Whether what the input lacks of a kind does not exist (law 1 of the catalogue).
    pub fn is_complete(&self, kind: ObjectKind) -> bool {
        self.covers(kind).is_complete()
    }

    /// The application with this client id.
    pub fn application(&self, app_id: Guid) -> Option<&ApplicationRow> {
        let row = self.applications_by_app_id.rows(app_id).next()?;
        self.rows.applications.get(row)
    }

    /// The application with this object id.
    pub fn application_by_id(&self, id: Guid) -> Option<&ApplicationRow> {
        let row = self.applications_by_id.rows(id).next()?;
        self.rows.applications.get(row)
    }

    /// The application that stands there.
    pub fn application_at(&self, at: At) -> Option<&ApplicationRow> {
        // Sources, records and objects come in order.
        let row = self
            .rows
            .applications
            .binary_search_by(|row| row.at.cmp(&at))
            .ok()?;
        self.rows.applications.get(row)
    }

    /// The service principal with this object id. One that also stands in a list of owners, which
    /// shows less of it, is the one that tells whose application it is.
    pub fn principal(&self, id: Guid) -> Option<&PrincipalRow> {
        let mut all = self
            .principals_by_id
            .rows(id)
            .filter_map(|row| self.rows.principals.get(row));
        let first = all.next()?;
        if first.owner_tenant != Guid::NIL {
            return Some(first);
        }
        Some(
            all.find(|row| row.owner_tenant != Guid::NIL)
                .unwrap_or(first),
        )
    }

    /// Service principals of an application: one per tenant, so several mean several tenants.
    pub fn principals_of(&self, app_id: Guid) -> impl Iterator<Item = &PrincipalRow> {
        self.principals_by_app_id
            .rows(app_id)
            .filter_map(|row| self.rows.principals.get(row))
    }

    /// Delegated grants to a client, by its service principal's object id.
    pub fn grants_of(&self, client: Guid) -> impl Iterator<Item = &GrantRow> {
        self.grants_by_client
            .rows(client)
            .filter_map(|row| self.rows.grants.get(row))
    }

    /// The permissions a grant names, as granted.
    pub fn scopes_of(&self, grant: &GrantRow) -> impl Iterator<Item = &str> {
        self.text(grant.scope).split_whitespace()
    }

    /// App roles that a user, group or service principal was assigned.
    pub fn app_roles_of(&self, principal: Guid) -> impl Iterator<Item = &AppRoleRow> {
        self.app_roles_by_principal
            .rows(principal)
            .filter_map(|row| self.rows.app_roles.get(row))
    }

    /// Assignments to the app roles of a resource, by its service principal's object id.
    pub fn app_roles_for(&self, resource: Guid) -> impl Iterator<Item = &AppRoleRow> {
        self.app_roles_by_resource
            .rows(resource)
            .filter_map(|row| self.rows.app_roles.get(row))
    }

    /// Federated credentials of an application, inside its document or in one of their own.
    pub fn federated_of(&self, app: &ApplicationRow) -> impl Iterator<Item = &FederatedRow> {
        let other = if app.id == app.app_id {
            Guid::NIL
        } else {
            app.id
        };
        self.federated_by_owner
            .rows(app.app_id)
            .chain(self.federated_by_owner.rows(other))
            .filter_map(|row| self.rows.federated.get(row))
    }

    /// What is known of a directory object: a user, a group.
    pub fn directory_object(&self, id: Guid) -> Option<&DirectoryRow> {
        // The same user may stand in several lists, which show more or less of them.
        let mut all = self
            .directory_by_id
            .rows(id)
            .filter_map(|row| self.rows.directory.get(row));
        let first = all.next()?;
        Some(all.fold(first, |best, row| {
            let known = |row: &DirectoryRow| {
                usize::from(row.kind != DirectoryKind::Unknown)
                    + usize::from(row.guest != Truth::Unknown)
                    + usize::from(row.enabled != Truth::Unknown)
            };
            if known(row) > known(best) { row } else { best }
        }))
    }

    /// What a principal is: what an assignment `said` of it, else what the input shows.
    pub fn kind_of(&self, principal: Guid, said: DirectoryKind) -> DirectoryKind {
        match said {
            DirectoryKind::Unknown if self.principal(principal).is_some() => {
                DirectoryKind::ServicePrincipal
            }
            DirectoryKind::Unknown => self
                .directory_object(principal)
                .map_or(DirectoryKind::Unknown, |row| row.kind),
            said => said,
        }
    }

    /// Owners of an application or service principal, by its object id or client id.
    pub fn owners_of(&self, whole: Guid) -> impl Iterator<Item = &LinkRow> {
        self.owners_by_whole
            .rows(whole)
            .filter_map(|row| self.rows.owners.get(row))
    }

    /// Members of a group that the input shows.
    pub fn members_of(&self, group: Guid) -> impl Iterator<Item = &LinkRow> {
        self.members_by_whole
            .rows(group)
            .filter_map(|row| self.rows.members.get(row))
    }

    /// Whether the input tells who is a member of a group, even if nobody is.
    pub fn knows_members(&self, group: Guid) -> bool {
        self.members_by_whole.has(group) || self.listed.contains(&(Relation::Member, group))
    }

    /// Whether the input tells who owns something, even if nobody does; by object id or client id.
    pub fn knows_owners(&self, whole: Guid) -> bool {
        self.owners_by_whole.has(whole) || self.listed.contains(&(Relation::Owner, whole))
    }

    /// Whether the input tells which federated credentials an application has, even if none.
    pub fn knows_federated(&self, app: &ApplicationRow) -> bool {
        app.held.federated != Truth::Unknown
            || self.federated_of(app).next().is_some()
            || [app.id, app.app_id]
                .iter()
                .any(|id| self.listed.contains(&(Relation::Federated, *id)))
    }

    /// Every group that contains `member`, directly or through others, sorted.
    pub fn groups_of(&self, member: Guid) -> Vec<Guid> {
        if !self.members_by_part.has(member) {
            return Vec::new();
        }
        let mut found = BTreeSet::new();
        let mut waiting = vec![member];
        while let Some(part) = waiting.pop() {
            for row in self.members_by_part.rows(part) {
                if let Some(link) = self.rows.members.get(row)
                    && link.whole != Guid::NIL
                    && found.insert(link.whole)
                {
                    waiting.push(link.whole);
                }
            }
        }
        found.into_iter().collect()
    }

    /// Azure role assignments (and schedules) of a principal, by its object id; not those it has
    /// through groups.
    pub fn assignments_of(&self, principal: Guid) -> impl Iterator<Item = AssignmentRow> {
        let number = self.rows.guids.find(&principal);
        let numbers = number.map(|number| self.assignments_by_principal.numbers(number));
        let numbers = numbers.unwrap_or_default().iter();
        numbers.filter_map(|row| self.rows.assignments.get(*row as usize))
    }

    /// The principal of an assignment.
    pub fn principal_of(&self, row: &AssignmentRow) -> Guid {
        self.rows
            .guids
            .get(row.principal)
            .copied()
            .unwrap_or(Guid::NIL)
    }

    /// The role of an assignment; nil where its id names none.
    pub fn role_of(&self, row: &AssignmentRow) -> Guid {
        self.rows.guids.get(row.role).copied().unwrap_or(Guid::NIL)
    }

    /// An exported role definition.
    pub fn definition(&self, id: Guid) -> Option<&DefinitionRow> {
        let row = self.definitions_by_id.rows(id).next()?;
        self.rows.definitions.get(row)
    }

    /// Entra directory roles of a principal.
    pub fn directory_roles_of(&self, principal: Guid) -> impl Iterator<Item = &DirectoryRoleRow> {
        self.directory_roles_by_principal
            .rows(principal)
            .filter_map(|row| self.rows.directory_roles.get(row))
    }

    /// When an application last signed in.
    pub fn sign_in_of(&self, app_id: Guid) -> Option<&SignInRow> {
        let row = self.sign_ins_by_app_id.rows(app_id).next()?;
        self.rows.sign_ins.get(row)
    }

    /// The permissions an application asks for.
    pub fn requested(&self, app: &ApplicationRow) -> impl Iterator<Item = Requested> + '_ {
        piece(&self.rows.requested_ids, app.requested)
            .iter()
            .filter_map(|number| self.rows.requested.get(*number).copied())
    }

    /// [`mark`]s of an application's redirect URIs, sorted.
    pub fn redirects_of(&self, app: &ApplicationRow) -> &[u64] {
        piece(&self.rows.marks, app.redirects)
    }

    /// [`mark`]s of a service principal's reply URLs, sorted.
    pub fn replies_of(&self, principal: &PrincipalRow) -> &[u64] {
        piece(&self.rows.marks, principal.replies)
    }

    /// The permissions a service principal exposes.
    pub fn exposed(&self, principal: &PrincipalRow) -> &[ExposedRow] {
        piece(&self.rows.exposed, principal.exposed)
    }

    /// A text by its number.
    pub fn text(&self, number: u32) -> &str {
        self.rows.texts.get(number).map_or("", |text| text)
    }

    /// Whether the assignments speak of a subscription: an export of other subscriptions says
    /// nothing of what is assigned in this one.
    pub fn covers_subscription(&self, subscription: &str) -> bool {
        self.subscriptions.contains(subscription)
    }

    /// Names of the management groups above a subscription, where the input tells.
    pub fn management_groups_above(&self, subscription: &str) -> Option<&[Box<str>]> {
        self.rows
            .management_groups
            .iter()
            .find(|row| &*row.name == subscription)
            .map(|row| &*row.parents)
    }

    /// Whether the input mixes tenants: one application has several service principals, of which
    /// a tenant has one.
    pub fn is_mixed(&self) -> Option<(&PrincipalRow, &PrincipalRow)> {
        // One that a template is to make may be the one that is there.
        let exists = |id: Guid| id != Guid::NIL && !self.rows.stand_ins.has(id);
        self.rows.principals.iter().find_map(|row| {
            self.principals_of(row.app_id)
                .find(|other| other.id != row.id && exists(row.id) && exists(other.id))
                .map(|other| (row, other))
        })
    }
}

fn piece<T>(list: &[T], slice: Slice) -> &[T] {
    let start = slice.start as usize;
    list.get(start..start + slice.len as usize)
        .unwrap_or_default()
}
