//! What one principal may do on one instance, all assignments and denials together.
//!
//! "Steps to determine if a user has access to a resource" (Microsoft Learn, Azure role-based
//! access control): assignments to the principal and to the groups that contain it add up, from
//! the instance and every scope above it; then deny assignments win.

use super::members::{Membership, members};
use super::operations::{Actions, Reachable, of_blocks};
use super::reach::{Holding, Reach, Target};
use crate::model::Guid;
use crate::rules::Profile;
use crate::tenant::{AssignmentRow, DenyRow, DirectoryKind, Tenant, Truth};

/// A principal, and the groups that contain it as far as the input tells.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    pub id: Guid,
    pub groups: Vec<Guid>,
    /// Their numbers, its own first.
    numbers: Vec<u32>,
}

impl Caller {
    pub fn new(tenant: &Tenant, id: Guid) -> Caller {
        let groups = tenant.groups_of(id);
        let numbers = std::iter::once(&id)
            .chain(&groups)
            .filter_map(|id| tenant.rows.guids.find(id))
            .collect();
        Caller {
            id,
            groups,
            numbers,
        }
    }
}

/// Why something cannot be told of a principal on an instance.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// Assignments are missing from the input, all or those of the subscription.
    Assignments,
    /// The role of this assignment is not known.
    Role(u32),
    /// This assignment holds under a condition, or its role does.
    Condition(u32),
    /// This assignment is on a group whose members are not all known.
    Group(u32),
    /// Whether the scope of this assignment contains the instance is not known.
    Scope(u32),
    /// Whether this deny assignment holds is not known.
    Denial(u32),
}

/// What a principal may do on an instance.
#[derive(Clone, Debug, Default)]
pub struct Effective {
    pub data: Reachable,
    /// What it would be without deny assignments.
    pub granted: Reachable,
    /// Active assignments, its own and its groups'; whether they certainly reach the instance.
    pub holdings: Vec<(Holding, Truth)>,
    /// An assignment of data actions that waits to be activated.
    pub eligible: Option<u32>,
    /// The deny assignment that takes something away.
    pub denied: Option<u32>,
    pub doubts: Vec<Doubt>,
}

impl Effective {
    /// Assignments that give data actions.
    pub fn through(&self) -> impl Iterator<Item = &Holding> {
        let data = self.holdings.iter();
        data.filter(|(holding, _)| !holding.data.is_empty())
            .map(|(holding, _)| holding)
    }

    /// An assignment that reaches the instance and gives no data action.
    pub fn control(&self) -> Option<u32> {
        let mut all = self.holdings.iter();
        all.find(|(holding, truth)| holding.data.is_empty() && truth.is_yes())
            .map(|(holding, _)| holding.assignment)
    }
}

impl Reach {
    /// What `caller` may do on `target`.
    pub fn effective(
        &self,
        tenant: &Tenant,
        profile: &Profile,
        target: &Target,
        caller: &Caller,
    ) -> Effective {
        let mut out = Effective::default();
        for &number in &caller.numbers {
            for (holding, truth) in self.held_by(target, number) {
                if !holding.active {
                    if !holding.data.is_empty() {
                        out.eligible.get_or_insert(holding.assignment);
                    }
                    continue;
                }
                out.holdings.push((*holding, truth));
                out.granted = out.granted.and(given(holding, truth));
                out.doubts.extend(doubt(tenant, holding, truth));
            }
        }
        for holding in self.opaque(target) {
            out.granted = out.granted.and(Reachable::perhaps(holding.data.possible));
            let own = caller.numbers.contains(&holding.principal);
            if !own {
                out.doubts.push(Doubt::Group(holding.assignment));
            }
        }
        let everything = profile.operations.everything();
        if !target.covered {
            out.granted = out.granted.and(Reachable::perhaps(everything));
            out.doubts.insert(0, Doubt::Assignments);
        }
        out.data = out.granted;
        for &(row, reaches) in &target.denials {
            let Some(denial) = tenant.rows.denials.get(row as usize) else {
                continue;
            };
            let holds = both(reaches, denies(tenant, denial, caller));
            if holds.is_no() {
                continue;
            }
            let denied = denied_actions(denial, profile, holds);
            let left = out.data.less(denied);
            if left != out.data {
                if out.data.possible != left.possible {
                    out.denied.get_or_insert(row);
                } else {
                    out.doubts.push(Doubt::Denial(row));
                }
            }
            out.data = left;
        }
        out.doubts.sort_unstable();
        out.doubts.dedup();
        out
    }
}

/// The data actions of one holding, where it is not certain that it reaches the instance.
pub fn given(holding: &Holding, reaches: Truth) -> Reachable {
    if reaches.is_yes() {
        holding.data
    } else {
        Reachable::perhaps(holding.data.possible)
    }
}

/// Why what a holding gives is not certain, if it is not.
pub fn doubt(tenant: &Tenant, holding: &Holding, reaches: Truth) -> Option<Doubt> {
    let at = holding.assignment;
    if holding.data.is_empty() {
        return None;
    }
    if !reaches.is_yes() {
        return Some(Doubt::Scope(at));
    }
    if holding.data.certain == holding.data.possible {
        return None;
    }
    let row = tenant.rows.assignments.get(at as usize)?;
    let conditional = row.is(AssignmentRow::CONDITION)
        || tenant
            .definition(tenant.role_of(&row))
            .is_some_and(|role| role.known);
    Some(if conditional {
        Doubt::Condition(at)
    } else {
        Doubt::Role(at)
    })
}

/// What a deny assignment takes away that holds with this certainty.
fn denied_actions(denial: &DenyRow, profile: &Profile, holds: Truth) -> Reachable {
    let set = if denial.blocks.is_empty() && !denial.known {
        Reachable::perhaps(Actions::ALL)
    } else if profile.operations.all.is_empty() {
        // Of an API whose operations are not known nothing can be told.
        let any = denial
            .blocks
            .iter()
            .any(|block| !block.data_actions.is_empty());
        Reachable::perhaps(if any { Actions::ALL } else { Actions::NONE })
    } else {
        of_blocks(&denial.blocks, &profile.operations)
    };
    if holds.is_yes() {
        set
    } else {
        Reachable::perhaps(set.possible)
    }
}

/// Whether a deny assignment is for this principal: it, a group of it or everyone is named, and
/// none of them is excluded.
pub fn denies(tenant: &Tenant, denial: &DenyRow, caller: &Caller) -> Truth {
    let is_in = |list: &[Guid]| {
        if list
            .iter()
            .any(|id| *id == caller.id || caller.groups.contains(id))
        {
            return Truth::Yes;
        }
        let perhaps = list.iter().any(|id| {
            !denial.single.contains(id)
                && members(tenant, *id, DirectoryKind::Unknown) == Membership::Opaque
        });
        if perhaps { Truth::Unknown } else { Truth::No }
    };
    let named = if denial.everyone {
        Truth::Yes
    } else {
        match is_in(&denial.principals) {
            Truth::No if !denial.known => Truth::Unknown,
            named => named,
        }
    };
    match is_in(&denial.excluded) {
        Truth::Yes => Truth::No,
        Truth::Unknown => both(named, Truth::Unknown),
        Truth::No => named,
    }
}

/// Both, as far as is known.
pub fn both(one: Truth, other: Truth) -> Truth {
    match (one, other) {
        (Truth::No, _) | (_, Truth::No) => Truth::No,
        (Truth::Yes, Truth::Yes) => Truth::Yes,
        _ => Truth::Unknown,
    }
}
