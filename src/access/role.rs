//! Who has the data actions that a flow needs: the application's service principal where it acts
//! as itself, a user where one signs in.

use std::collections::BTreeSet;

use super::Access;
use super::effective::{Caller, Doubt, Effective};
use super::members::{Membership, members};
use super::reach::Target;
use super::reason::{Gate, Reason, Why};
use crate::model::{Guid, ObjectKind, Part};
use crate::tenant::{AssignmentRow, At, PrincipalRow, Truth};

/// The users and groups that have data actions on one instance.
#[derive(Clone, Debug, Default)]
pub struct People {
    /// Whether any of them may read, and write.
    pub read: Truth,
    pub write: Truth,
    /// Assignments of data actions to them.
    pub through: Vec<u32>,
    pub principals: BTreeSet<Guid>,
    pub doubts: Vec<Doubt>,
    /// A deny assignment takes away what one of them was given.
    pub denied: Option<u32>,
}

impl<'t> Access<'t> {
    /// The users and groups that have data actions on `target`.
    pub fn people<'a>(&'a self, target: &'a Target) -> &'a People {
        target.people.get_or_init(|| {
            let mut out = People::default();
            let operations = &self.profile.operations;
            let mut best = [Truth::No; 2];
            let mut seen = BTreeSet::new();
            for (holding, _) in self.reach.people(target) {
                let Some(row) = self.assignment(holding.assignment) else {
                    continue;
                };
                let id = self.tenant.principal_of(&row);
                if !seen.insert(id) {
                    out.through.push(holding.assignment);
                    continue;
                }
                let known = members(self.tenant, id, row.principal_kind);
                if known == Membership::Known && self.tenant.members_of(id).next().is_none() {
                    // An empty group is nobody.
                    continue;
                }
                let caller = Caller::new(self.tenant, id);
                let effective = self
                    .reach
                    .effective(self.tenant, self.profile, target, &caller);
                out.through.push(holding.assignment);
                out.principals.insert(id);
                for (best, wanted) in best.iter_mut().zip([operations.read, operations.write]) {
                    *best = better(*best, effective.data.allows(wanted));
                }
                out.denied = out.denied.or(effective.denied);
                // What they might have besides is of no matter while somebody has enough.
                let others = |doubt: &Doubt| !matches!(doubt, Doubt::Group(_));
                out.doubts
                    .extend(effective.doubts.iter().copied().filter(others));
            }
            if !target.covered {
                best = best.map(|truth| better(truth, Truth::Unknown));
                out.doubts.push(Doubt::Assignments);
            }
            [out.read, out.write] = best;
            out.through.sort_unstable();
            out.doubts.sort_unstable();
            out.doubts.dedup();
            out
        })
    }

    pub(super) fn assignment(&self, number: u32) -> Option<AssignmentRow> {
        self.tenant.rows.assignments.get(number as usize)
    }

    /// What a service principal may do on `target`.
    pub fn effective(&self, target: &Target, principal: Guid) -> Effective {
        let caller = Caller::new(self.tenant, principal);
        self.reach
            .effective(self.tenant, self.profile, target, &caller)
    }

    /// An assignment of data actions on `target` to an id that is no principal's: an application's
    /// object id, a client id. It gives nobody anything.
    pub fn misplaced(&self, target: &Target, id: Guid) -> Option<u32> {
        let number = self
            .tenant
            .rows
            .guids
            .find(&id)
            .filter(|_| id != Guid::NIL)?;
        let mut held = self.reach.held_by(target, number);
        held.find(|(holding, _)| holding.active && !holding.data.is_empty())
            .map(|(holding, _)| holding.assignment)
    }

    /// The `role` gate where an application, or a managed identity, acts as itself. `wrong` are
    /// ids that may have been taken for the principal's: the application's object id and client id.
    pub(super) fn own_role(
        &self,
        target: &Target,
        principal: &PrincipalRow,
        wrong: [Guid; 2],
        out: &mut Vec<Reason>,
    ) -> Effective {
        let effective = self.effective(target, principal.id);
        let operations = &self.profile.operations;
        let read = effective.data.allows(operations.read);
        let write = effective.data.allows(operations.write);
        let here = |why, part| Reason::closed(Gate::Role, why, principal.at, part);
        if read.is_no() {
            out.push(self.lacking(target, principal, wrong, &effective));
        } else if write.is_no() {
            let missing = operations.write.without(effective.data.possible);
            let denied = effective.granted.possible.has(operations.write);
            let why = match effective.denied {
                Some(denial) if denied => Why::Denied(denial),
                _ => Why::ReadOnly(missing),
            };
            let reason = match why {
                Why::Denied(denial) => self.at_denial(denial, here(why, Part::Id)),
                _ => match effective.through().next() {
                    Some(holding) => self.at_role(holding.assignment, here(why, Part::Role)),
                    None => here(why, Part::Id),
                },
            };
            out.push(Reason {
                only_write: true,
                ..reason
            });
        }
        let only_write = read.is_yes();
        if read == Truth::Unknown || write == Truth::Unknown {
            self.doubts(&effective.doubts, principal.at, only_write, out);
        }
        effective
    }

    /// Why a principal certainly has not even what reading needs.
    fn lacking(
        &self,
        target: &Target,
        principal: &PrincipalRow,
        [object_id, client_id]: [Guid; 2],
        effective: &Effective,
    ) -> Reason {
        let here = |why| Reason::closed(Gate::Role, why, principal.at, Part::Id);
        let operations = &self.profile.operations;
        if let Some(denial) = effective.denied
            && effective.granted.possible.has(operations.read)
        {
            return self.at_denial(denial, here(Why::Denied(denial)));
        }
        if let Some(holding) = effective.through().next() {
            let missing = operations.read.without(effective.granted.possible);
            return self.at_role(holding.assignment, here(Why::Partial(missing)));
        }
        if let Some(at) = self.misplaced(target, object_id) {
            return self.at_principal(at, here(Why::OnApplicationObject(at)));
        }
        if let Some(at) = self.misplaced(target, client_id) {
            return self.at_principal(at, here(Why::OnClientId(at)));
        }
        if let Some(at) = effective.eligible {
            return self.at_role(at, here(Why::EligibleOnly(at)));
        }
        match effective.control() {
            Some(at) => self.at_role(at, here(Why::ControlOnly(at))),
            None => here(Why::NoRole),
        }
    }

    /// The `role` gate where a user signs in; `own` is what the application's service principal
    /// may do there, which is of no use to a user.
    pub(super) fn users_role(
        &self,
        target: &Target,
        own: Option<&Effective>,
        at: At,
        out: &mut Vec<Reason>,
    ) {
        let people = self.people(target);
        let here = |why| Reason::closed(Gate::Role, why, at, Part::AppId);
        if people.read.is_no() {
            let on_app = own.and_then(|own| own.through().next());
            out.push(match (people.denied, on_app) {
                (Some(denial), _) => self.at_denial(denial, here(Why::Denied(denial))),
                (None, Some(holding)) => {
                    let number = holding.assignment;
                    self.at_principal(number, here(Why::RoleOnAppOnly(number)))
                }
                (None, None) => here(Why::NobodyHasRole),
            });
        } else if people.write.is_no() {
            let why = Why::ReadOnly(
                self.profile
                    .operations
                    .write
                    .without(self.profile.operations.read),
            );
            let reason = match people.through.first() {
                Some(number) => self.at_role(*number, here(why)),
                None => here(why),
            };
            out.push(Reason {
                only_write: true,
                ..reason
            });
        }
        if people.read == Truth::Unknown || people.write == Truth::Unknown {
            self.doubts(&people.doubts, at, people.read.is_yes(), out);
        }
    }

    /// One reason for every sort of doubt.
    fn doubts(&self, doubts: &[Doubt], at: At, only_write: bool, out: &mut Vec<Reason>) {
        let mut last = None;
        for doubt in doubts {
            let sort = std::mem::discriminant(doubt);
            if last.replace(sort) == Some(sort) {
                continue;
            }
            let here = |why, part| Reason::unknown(Gate::Role, why, at, part);
            let reason = match *doubt {
                Doubt::Assignments => {
                    let kind = ObjectKind::RoleAssignment;
                    let why = if self.tenant.is_complete(kind) {
                        Why::NotCovered
                    } else {
                        Why::Needs(kind)
                    };
                    here(why, Part::Id)
                }
                Doubt::Role(number) => {
                    self.at_role(number, here(Why::RoleUnknown(number), Part::Role))
                }
                Doubt::Condition(number) => {
                    let reason = self.at_role(number, here(Why::Conditional(number), Part::Role));
                    Reason {
                        part: Part::Condition,
                        ..reason
                    }
                }
                Doubt::Group(number) => {
                    self.at_principal(number, here(Why::GroupUnknown(number), Part::Principal))
                }
                Doubt::Scope(number) => {
                    let reason = self.at_role(number, here(Why::ScopeUnknown(number), Part::Scope));
                    Reason {
                        part: Part::Scope,
                        ..reason
                    }
                }
                Doubt::Denial(row) => {
                    self.at_denial(row, here(Why::DenialUnknown(row), Part::DisplayName))
                }
            };
            out.push(Reason {
                only_write,
                ..reason
            });
        }
    }

    fn at_role(&self, number: u32, reason: Reason) -> Reason {
        self.at_assignment(number, Part::Role, reason)
    }

    fn at_principal(&self, number: u32, reason: Reason) -> Reason {
        self.at_assignment(number, Part::Principal, reason)
    }

    fn at_assignment(&self, number: u32, part: Part, reason: Reason) -> Reason {
        match self.assignment(number) {
            Some(row) => Reason {
                at: row.at,
                part,
                ..reason
            },
            None => reason,
        }
    }

    fn at_denial(&self, row: u32, reason: Reason) -> Reason {
        match self.tenant.rows.denials.get(row as usize) {
            Some(denial) => Reason {
                at: denial.at,
                part: Part::DisplayName,
                ..reason
            },
            None => reason,
        }
    }
}

/// The better of two.
fn better(one: Truth, other: Truth) -> Truth {
    match (one, other) {
        (Truth::Yes, _) | (_, Truth::Yes) => Truth::Yes,
        (Truth::No, Truth::No) => Truth::No,
        _ => Truth::Unknown,
    }
}
