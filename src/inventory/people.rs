//! Who can reach an instance: everybody with a role where it counts.

use std::collections::{BTreeMap, BTreeSet};

use super::{Called, Inventory};
use crate::access::operations::role_name;
use crate::access::{Access, Holding, Membership, Target, members};
use crate::kinds::Object;
use crate::model::Guid;
use crate::tenant::{AssignmentRow, DirectoryKind, Truth};

/// Somebody in a group.
pub type Member = Called;

/// The members of a group that has a role.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Members {
    /// Everybody in it is in the input.
    pub known: bool,
    /// Those that the input shows, of groups inside it too; at most [`Members::MOST`].
    pub shown: Vec<Member>,
    /// How many the input shows.
    pub count: usize,
}

impl Members {
    /// So many members of a group are named.
    pub const MOST: usize = 50;
}

/// One principal, one role, one scope.
#[derive(Clone, Debug)]
pub struct Person {
    pub who: Called,
    pub kind: DirectoryKind,
    /// The role's name, or its id.
    pub role: String,
    /// Where it is assigned, in lower case.
    pub scope: String,
    /// It gives something now; otherwise it may be activated.
    pub active: bool,
    pub conditional: bool,
    /// Whether the assignment certainly reaches the instance.
    pub reaches: Truth,
    /// Whether the principal may read and write there, everything together.
    pub read: Truth,
    pub write: Truth,
    /// Of a group.
    pub members: Option<Members>,
}

impl Inventory<'_> {
    /// Everybody who has, or may activate, data actions on `target`; at most `most`, and how many
    /// there are.
    pub fn people(
        &self,
        access: &Access<'_>,
        target: &Target,
        most: usize,
    ) -> (Vec<Person>, usize) {
        let tenant = self.join.tenant;
        let mut held: Vec<(&Holding, Truth, AssignmentRow)> = access
            .reach
            .everyone(target)
            .filter(|(holding, _)| !holding.data.is_empty())
            .filter_map(|(holding, truth)| {
                let row = tenant.rows.assignments.get(holding.assignment as usize)?;
                Some((holding, truth, row))
            })
            .collect();
        held.sort_by_key(|(holding, ..)| (holding.principal, holding.assignment));
        // An assignment that two exports list is one.
        let same = |row: &AssignmentRow| (row.principal, row.role, row.scope, row.is_active());
        let mut seen = BTreeSet::new();
        held.retain(|(_, _, row)| seen.insert(same(row)));
        let count = held.len();
        let operations = &access.profile.operations;
        let mut effective = BTreeMap::new();
        let all = held.into_iter().take(most).map(|(holding, reaches, row)| {
            let id = tenant.principal_of(&row);
            let role = tenant.role_of(&row);
            let (read, write) = *effective.entry(id).or_insert_with(|| {
                let data = access.effective(target, id).data;
                (data.allows(operations.read), data.allows(operations.write))
            });
            let kind = tenant.kind_of(id, row.principal_kind);
            Person {
                who: self.holder(id, &row),
                kind,
                role: role_name(tenant, role).map_or_else(|| role.to_string(), str::to_owned),
                scope: self.spelled(tenant.rows.scopes.text(row.scope)),
                active: holding.active,
                conditional: row.is(AssignmentRow::CONDITION),
                reaches,
                read,
                write,
                members: (members(tenant, id, kind) != Membership::Single)
                    .then(|| self.members(id, kind)),
            }
        });
        (all.collect(), count)
    }

    /// The principal of an assignment; where nothing else tells its name, as the assignment does.
    pub fn holder(&self, id: Guid, row: &AssignmentRow) -> Called {
        let mut called = self.called(id);
        if called.name.is_none() {
            self.open.open(row.at, &mut |object| {
                if let Object::RoleAssignment(assignment) = object {
                    called.name = super::credential::text(&assignment.principal_name);
                }
            });
        }
        called
    }

    fn members(&self, group: Guid, kind: DirectoryKind) -> Members {
        let tenant = self.join.tenant;
        let mut found = BTreeSet::new();
        let mut seen = BTreeSet::from([group]);
        let mut waiting = vec![group];
        while let Some(group) = waiting.pop() {
            for link in tenant.members_of(group) {
                let nested = link.kind == DirectoryKind::Group || tenant.knows_members(link.part);
                if nested {
                    if seen.insert(link.part) {
                        waiting.push(link.part);
                    }
                } else {
                    found.insert(link.part);
                }
            }
        }
        Members {
            known: members(tenant, group, kind) == Membership::Known,
            count: found.len(),
            shown: found
                .into_iter()
                .take(Members::MOST)
                .map(|id| self.called(id))
                .collect(),
        }
    }
}
