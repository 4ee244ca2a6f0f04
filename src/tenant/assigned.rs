//! What rules about one role assignment ask of all the others: gathered once, for there may be a
//! million of them and each is asked about on its own.

use std::collections::{BTreeMap, BTreeSet};

use super::{AssignmentRow, At, DenyRow, DirectoryKind, Harvest, LinkRow, Tenant, Truth};
use super::{DirectoryRow, FederatedRow, Level, ScopeId};
use crate::catalog::roles::OWNER;
use crate::model::{Guid, ObjectKind, Schedule};

/// What all assignments, denials and definitions tell together.
#[derive(Debug, Default)]
pub(super) struct Assigned {
    /// Sources in which some assignment tells who its principal is. In others nobody was looked
    /// up: the export was made without reading the directory.
    named: BTreeSet<u32>,
    /// Some assignment of an Azure role, or of a directory role, is eligible.
    eligible: bool,
    eligible_in_directory: bool,
    /// Active assignments of Owner at subscriptions.
    owners: BTreeMap<ScopeId, Vec<u32>>,
    /// Somebody is Owner at a management group or the root.
    owner_above: bool,
    denials: BTreeMap<ScopeId, Vec<u32>>,
    /// Scopes of which all role definitions were listed, built-in ones too.
    defined: BTreeSet<ScopeId>,
    /// Users, and groups, stand in lists of their own, not as somebody's owners or members.
    people: bool,
    groups: bool,
}

impl Assigned {
    pub(super) fn of(rows: &Harvest) -> Assigned {
        let mut all = Assigned {
            eligible_in_directory: rows
                .directory_roles
                .iter()
                .any(|row| row.schedule == Schedule::Eligible),
            defined: defined(rows),
            people: stands_alone(rows, DirectoryKind::User),
            groups: stands_alone(rows, DirectoryKind::Group),
            ..Assigned::default()
        };
        let owner = rows.guids.find(&OWNER);
        for (number, row) in rows.assignments.iter().enumerate() {
            if row.principal_kind != DirectoryKind::Unknown && !row.is(AssignmentRow::NAMELESS) {
                all.named.insert(row.at.source);
            }
            all.eligible |= row.schedule == Schedule::Eligible;
            if Some(row.role) == owner && row.is_active() {
                match rows.scopes.level(row.scope) {
                    Level::Subscription => {
                        all.owners.entry(row.scope).or_default().push(number as u32);
                    }
                    Level::ManagementGroup | Level::Root => all.owner_above = true,
                    _ => {}
                }
            }
        }
        for (number, row) in rows.denials.iter().enumerate() {
            if let Some(scope) = row.scope {
                all.denials.entry(scope).or_default().push(number as u32);
            }
        }
        all
    }
}

/// Scopes of which a list has several definitions, a built-in one among them: the list is no
/// search for one role, and no list of custom roles alone.
fn defined(rows: &Harvest) -> BTreeSet<ScopeId> {
    let mut seen: BTreeMap<(u32, ScopeId), (u32, bool)> = BTreeMap::new();
    for row in &rows.definitions {
        let (count, built_in) = seen.entry((row.at.source, row.listed_at)).or_default();
        *count += 1;
        *built_in |= row.custom == Truth::No;
    }
    seen.into_iter()
        .filter(|((_, scope), (count, built_in))| {
            *scope != ScopeId::NONE && *count > 1 && *built_in
        })
        .map(|((_, scope), _)| scope)
        .collect()
}

/// Whether some directory object of a kind stands in a list that is not of owners or members.
fn stands_alone(rows: &Harvest, kind: DirectoryKind) -> bool {
    // Links were noted in the order of their objects.
    let linked =
        |links: &[LinkRow], at: At| links.binary_search_by(|link| link.at.cmp(&at)).is_ok();
    let alone =
        |row: &DirectoryRow| !linked(&rows.owners, row.at) && !linked(&rows.members, row.at);
    rows.directory
        .iter()
        .any(|row| row.kind == kind && alone(row))
}

impl Tenant {
    /// Assignments of the same role to the same principal at `scope`, in their order; `row` itself
    /// is one of those at its own scope.
    pub fn assignments_like(
        &self,
        row: &AssignmentRow,
        scope: ScopeId,
    ) -> impl Iterator<Item = AssignmentRow> {
        let all = self.assignments_by_principal.numbers(row.principal);
        let key = |number: &u32| self.rows.assignments.role_and_scope(*number);
        let wanted = Some((row.role, scope));
        let start = all.partition_point(|number| key(number) < wanted);
        all.iter()
            .skip(start)
            .take_while(move |number| key(number) == wanted)
            .filter_map(|number| self.rows.assignments.get(*number as usize))
    }

    /// Assignments to the principal of `row` of the roles that are wanted. Each role is asked about
    /// once, however many assignments of it there are.
    pub fn assignments_of_roles(
        &self,
        row: &AssignmentRow,
        wanted: impl Fn(Guid) -> bool,
    ) -> impl Iterator<Item = AssignmentRow> {
        let mut rest = self.assignments_by_principal.numbers(row.principal);
        let role = |number: &u32| Some(self.rows.assignments.role_and_scope(*number)?.0);
        let runs = std::iter::from_fn(move || {
            let first = role(rest.first()?);
            let (run, other) = rest.split_at(rest.partition_point(|number| role(number) <= first));
            rest = other;
            Some(run)
        });
        runs.filter(move |run| {
            let first = run
                .first()
                .and_then(|n| self.rows.assignments.get(*n as usize));
            first.is_some_and(|row| wanted(self.role_of(&row)))
        })
        .flatten()
        .filter_map(|number| self.rows.assignments.get(*number as usize))
    }

    /// Whether the principals' names were looked up for the export that an assignment stands in,
    /// so that one without a name is gone.
    pub fn names_principals(&self, row: &AssignmentRow) -> bool {
        self.assigned.named.contains(&row.at.source)
    }

    /// Whether the input lists every service principal, user and group, so that an id it lacks is
    /// nobody's.
    pub fn knows_everybody(&self) -> bool {
        self.is_complete(ObjectKind::ServicePrincipal)
            && self.is_complete(ObjectKind::DirectoryObject)
            && self.assigned.people
            && self.assigned.groups
    }

    /// Whether some assignment of an Azure role is eligible: the tenant uses Privileged Identity
    /// Management for resources.
    pub fn has_eligible(&self) -> bool {
        self.assigned.eligible
    }

    /// Whether some assignment of a directory role is eligible.
    pub fn has_eligible_in_directory(&self) -> bool {
        self.assigned.eligible_in_directory
    }

    /// Active assignments of Owner at a subscription.
    pub fn owners_at(&self, subscription: ScopeId) -> impl Iterator<Item = AssignmentRow> {
        let numbers = self.assigned.owners.get(&subscription);
        numbers
            .into_iter()
            .flatten()
            .filter_map(|number| self.rows.assignments.get(*number as usize))
    }

    /// Whether somebody is Owner above subscriptions, and so perhaps of any of them.
    pub fn has_owner_above(&self) -> bool {
        self.assigned.owner_above
    }

    /// Deny assignments at a scope itself.
    pub fn denials_at(&self, scope: ScopeId) -> impl Iterator<Item = &DenyRow> {
        let numbers = self.assigned.denials.get(&scope);
        numbers
            .into_iter()
            .flatten()
            .filter_map(|number| self.rows.denials.get(*number as usize))
    }

    /// Whether every role definition of a subscription was exported, built-in ones too.
    pub fn lists_definitions(&self, subscription: &str) -> bool {
        let scope = self
            .rows
            .scopes
            .find(&format!("/subscriptions/{subscription}"));
        self.is_complete(ObjectKind::RoleDefinition)
            && scope.is_some_and(|scope| self.assigned.defined.contains(&scope))
    }

    /// Federated credentials of the application that `row` belongs to, itself among them, wherever
    /// they stand; nothing where the input does not tell whose it is.
    pub fn federated_beside(&self, row: &FederatedRow) -> impl Iterator<Item = &FederatedRow> {
        let app = self
            .application(row.owner)
            .or_else(|| self.application_by_id(row.owner));
        let beside = app.into_iter().flat_map(|app| self.federated_of(app));
        let orphans = app
            .is_none()
            .then(|| self.federated_by_owner.rows(row.owner));
        let orphans = orphans
            .into_iter()
            .flatten()
            .filter_map(|number| self.rows.federated.get(number));
        beside.chain(orphans).filter(|_| row.owner != Guid::NIL)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tenant(assignments: &[(u128, u128)]) -> Tenant {
        let mut rows = Harvest::default();
        for (at, (principal, role)) in assignments.iter().enumerate() {
            let scope = rows.scopes.add(&format!("/subscriptions/{at}"));
            let row = AssignmentRow {
                at: At {
                    record: at as u32,
                    ..At::default()
                },
                principal: rows.guids.add(Guid(*principal)),
                role: rows.guids.add(Guid(*role)),
                scope,
                own: at as u32 + 1,
                principal_kind: DirectoryKind::User,
                schedule: Schedule::None,
                bits: 0,
            };
            rows.assignments.push(row);
        }
        Tenant::new(rows, BTreeMap::new(), BTreeSet::new())
    }

    #[test]
    fn a_role_is_asked_about_once() {
        let tenant = tenant(&[(1, 10), (2, 11), (1, 12), (1, 10), (1, 11), (1, 12)]);
        let asked = std::cell::RefCell::new(Vec::new());
        let row = tenant.rows.assignments.get(0).unwrap();
        let found = tenant.assignments_of_roles(&row, |role| {
            asked.borrow_mut().push(role.0);
            role == Guid(12)
        });
        let records: Vec<u32> = found.map(|row| row.at.record).collect();
        assert_eq!(records, [2, 5]);
        let mut asked = asked.into_inner();
        asked.sort_unstable();
        assert_eq!(asked, [10, 11, 12]);
    }

    #[test]
    fn one_scope_has_its_own_assignments_alone() {
        let tenant = tenant(&[(1, 10), (1, 10), (2, 10)]);
        let [row, other, foreign] = [0, 1, 2].map(|at| tenant.rows.assignments.get(at).unwrap());
        let at = |scope| -> Vec<u32> {
            tenant
                .assignments_like(&row, scope)
                .map(|row| row.at.record)
                .collect()
        };
        assert_eq!(at(row.scope), [0]);
        assert_eq!(at(other.scope), [1]);
        assert!(at(foreign.scope).is_empty());
    }
}
