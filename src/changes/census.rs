//! Every object of an input that can be compared: what it is known by, and a digest of its facts.

use std::collections::{BTreeMap, BTreeSet};

use super::Facts;
use crate::digest::digest;
use crate::inventory::{Inventory, Open};
use crate::model::{Guid, ObjectKind, Schedule};
use crate::tenant::{AssignmentRow, FederatedRow, Tenant};

/// The first part of an identity that is a name, for want of an id.
const NAME: &str = "name";

/// A row of the tenant's index, by its number.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Row {
    Application(u32),
    Principal(u32),
    Grant(u32),
    AppRole(u32),
    Federated(u32),
    Assignment(u32),
    Definition(u32),
    Denial(u32),
    Instance(u32),
    DirectoryRole(u32),
}

/// One object: some 64 bytes, for there may be a million.
#[derive(Copy, Clone, Debug)]
pub struct Found {
    pub row: Row,
    pub digest: u128,
    /// How many aspects the document shows.
    shown: usize,
}

/// The objects of one input.
#[derive(Debug, Default)]
pub struct Census {
    /// By kind and a digest of the identity.
    pub found: BTreeMap<(ObjectKind, u128), Found>,
    /// Objects without an id that share their name with others.
    pub ambiguous: BTreeSet<(ObjectKind, u128)>,
    /// How many objects have nothing to be known by.
    pub nameless: BTreeMap<ObjectKind, u64>,
}

/// Puts objects into words: their names are looked up, which reads documents again.
pub struct Names<'n, 'i> {
    pub stock: &'n Inventory<'i>,
}

impl Names<'_, '_> {
    pub fn facts(&self, row: Row) -> Facts {
        Reader {
            stock: self.stock,
            words: true,
        }
        .told(row)
    }
}

/// Reads what is compared of objects.
pub struct Reader<'n, 'i> {
    pub stock: &'n Inventory<'i>,
    /// Look up names; a digest needs none.
    pub words: bool,
}

impl Census {
    pub fn take(stock: &Inventory<'_>) -> Census {
        let mut census = Census::default();
        let reader = Reader {
            stock,
            words: false,
        };
        let rows = &stock.join.tenant.rows;
        type Numbered = (usize, fn(u32) -> Row);
        let lists: [Numbered; 10] = [
            (rows.applications.len(), Row::Application),
            (rows.principals.len(), Row::Principal),
            (rows.grants.len(), Row::Grant),
            (rows.app_roles.len(), Row::AppRole),
            (rows.federated.len(), Row::Federated),
            (rows.assignments.len(), Row::Assignment),
            (rows.definitions.len(), Row::Definition),
            (rows.denials.len(), Row::Denial),
            (rows.instances.len(), Row::Instance),
            (rows.directory_roles.len(), Row::DirectoryRole),
        ];
        for (count, row) in lists {
            for number in 0..count {
                census.add(&reader, row(number as u32));
            }
        }
        census
    }

    /// Kinds of which there is something.
    pub fn kinds(&self) -> impl Iterator<Item = ObjectKind> {
        let mut last = None;
        let kinds = self.found.keys().map(|(kind, _)| *kind);
        kinds.filter(move |kind| last.replace(*kind) != Some(*kind))
    }

    fn add(&mut self, reader: &Reader<'_, '_>, row: Row) {
        let Some((kind, identity)) = reader.identity(row) else {
            return;
        };
        let Some(identity) = identity else {
            *self.nameless.entry(kind).or_default() += 1;
            return;
        };
        // What is to be made is the same in every plan that gives it the same address.
        let identity: Vec<String> = identity
            .into_iter()
            .map(|part| reader.stock.spelled(part))
            .collect();
        let facts = reader.told(row);
        let found = Found {
            row,
            digest: facts.digest(),
            shown: facts.known.len(),
        };
        let by_name = identity.first().is_some_and(|first| first == NAME);
        let key = (kind, digest(identity.iter().map(String::as_str)));
        if by_name && self.found.contains_key(&key) {
            *self.nameless.entry(kind).or_default() += 1;
            self.ambiguous.insert(key);
            return;
        }
        // Of several documents of one object the one that shows most counts, whatever their order.
        let rank = |found: &Found| (found.shown, found.digest);
        self.found
            .entry(key)
            .and_modify(|known| {
                if rank(&found) > rank(known) {
                    *known = found;
                }
            })
            .or_insert(found);
    }
}

impl Reader<'_, '_> {
    /// What is compared of an object, ids that do not exist yet spelled out.
    fn told(&self, row: Row) -> Facts {
        let mut facts = self.facts(row);
        if !self.tenant().rows.stand_ins.is_empty() {
            facts.rewrite(|text| self.stock.spelled(text));
        }
        facts
    }

    pub(super) fn tenant(&self) -> &Tenant {
        self.stock.join.tenant
    }

    pub(super) fn open(&self) -> &dyn Open {
        self.stock.open
    }

    /// The kind of an object and what it is known by; `None` where it is no object of its own, or
    /// an empty identity where the document names none.
    fn identity(&self, row: Row) -> Option<(ObjectKind, Option<Vec<String>>)> {
        let rows = &self.tenant().rows;
        let ids = |ids: &[Guid]| {
            let known = ids.iter().all(|id| *id != Guid::NIL);
            known.then(|| ids.iter().map(Guid::to_string).collect::<Vec<_>>())
        };
        Some(match row {
            Row::Application(n) => {
                let row = rows.applications.get(n as usize)?;
                // Without ids a manifest is known by its name, which a person chose.
                let name = || {
                    let name = self.stock.subject(row.at)?.name?;
                    Some(vec![NAME.to_owned(), name])
                };
                let identity = ids(&[row.app_id]).or_else(|| ids(&[row.id])).or_else(name);
                (ObjectKind::Application, identity)
            }
            Row::Principal(n) => {
                let row = rows.principals.get(n as usize)?;
                let identity = ids(&[row.id]).or_else(|| ids(&[row.app_id]));
                (ObjectKind::ServicePrincipal, identity)
            }
            Row::Grant(n) => {
                let row = rows.grants.get(n as usize)?;
                let identity = ids(&[row.client, row.resource]).map(|mut all| {
                    all.push(row.principal.to_string());
                    all.push(format!("{:?}", row.consent));
                    all
                });
                (ObjectKind::DelegatedGrant, identity)
            }
            Row::AppRole(n) => {
                let row = rows.app_roles.get(n as usize)?;
                // The nil role is default access.
                let identity = ids(&[row.principal, row.resource]).map(|mut all| {
                    all.push(row.role.to_string());
                    all
                });
                (ObjectKind::AppRoleAssignment, identity)
            }
            Row::Federated(n) => {
                let row = rows.federated.get(n as usize)?;
                if self.belongs(row) {
                    return None;
                }
                let identity = row
                    .exact
                    .then(|| vec![row.owner.to_string(), format!("{:016x}", row.mark)]);
                let own = || ids(&[row.id]);
                (ObjectKind::FederatedCredential, identity.or_else(own))
            }
            Row::Assignment(n) => {
                let row = rows.assignments.get(n as usize)?;
                if row.is(AssignmentRow::CLASSIC) {
                    return None;
                }
                let kind = match row.schedule {
                    Schedule::None => ObjectKind::RoleAssignment,
                    _ => ObjectKind::RoleSchedule,
                };
                let who = [
                    self.tenant().principal_of(&row),
                    self.tenant().role_of(&row),
                ];
                let identity = ids(&who).map(|mut all| {
                    all.push(rows.scopes.text(row.scope));
                    all.push(format!("{:?}", row.schedule));
                    all
                });
                (kind, identity)
            }
            Row::Definition(n) => {
                let row = rows.definitions.get(n as usize)?;
                let name = || {
                    let name = row.name.trim();
                    (!name.is_empty()).then(|| vec![NAME.to_owned(), name.to_owned()])
                };
                (ObjectKind::RoleDefinition, ids(&[row.id]).or_else(name))
            }
            Row::Denial(n) => {
                let row = rows.denials.get(n as usize)?;
                let id = self.stock.subject(row.at).and_then(|subject| subject.id);
                (ObjectKind::DenyAssignment, id.map(|id| vec![id]))
            }
            Row::Instance(n) => {
                let row = rows.instances.get(n as usize)?;
                let id = row.id.to_lowercase();
                let identity = (!id.is_empty()).then(|| vec![id]);
                (ObjectKind::DigitalTwinsInstance, identity)
            }
            Row::DirectoryRole(n) => {
                let row = rows.directory_roles.get(n as usize)?;
                let identity = ids(&[row.principal, row.role]).map(|mut all| {
                    all.push(self.directory_scope(row.at));
                    all.push(format!("{:?}", row.schedule));
                    all
                });
                (ObjectKind::DirectoryRoleAssignment, identity)
            }
        })
    }

    /// Whether a federated credential is told with its application or service principal.
    fn belongs(&self, row: &FederatedRow) -> bool {
        let tenant = self.tenant();
        let principals = &tenant.rows.principals;
        row.owner != Guid::NIL
            && (tenant.application(row.owner).is_some()
                || tenant.application_by_id(row.owner).is_some())
            || principals
                .binary_search_by(|principal| principal.at.cmp(&row.at))
                .is_ok()
    }
}
