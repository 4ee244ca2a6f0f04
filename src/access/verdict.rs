//! The verdict: one application, one instance, one flow.

use std::collections::BTreeSet;

use super::Access;
use super::effective::Effective;
use super::reach::Target;
use super::reason::{Gate, Reason, Why};
use crate::model::{Guid, Part};
use crate::rules::Flow;
use crate::tenant::{ApplicationRow, Level, PrincipalKind, PrincipalRow, Truth};

/// Flows that have a verdict, in the order of reports.
pub const FLOWS: [Flow; 9] = [
    Flow::Interactive,
    Flow::DeviceCode,
    Flow::Web,
    Flow::Spa,
    Flow::OnBehalfOf,
    Flow::AppOnlySecret,
    Flow::AppOnlyCertificate,
    Flow::AppOnlyFederated,
    Flow::ManagedIdentity,
];

/// Whether one application reaches one instance by one flow, and why not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub flow: Flow,
    /// The registration offers the flow; what it does not offer is no mistake.
    pub offered: bool,
    pub read: Truth,
    pub write: Truth,
    /// Assignments (rows) that let it in: the principal's own, or those of the users and groups
    /// who may sign in.
    pub through: Vec<u32>,
    /// Gates that are not open, in the order in which they are met.
    pub reasons: Vec<Reason>,
}

impl Verdict {
    fn of(flow: Flow, offered: bool, through: Vec<u32>, mut reasons: Vec<Reason>) -> Verdict {
        reasons.sort_by_key(|reason| (reason.gate, !reason.closed));
        reasons.dedup();
        let decide = |writes: bool| {
            let mut all = reasons.iter().filter(|reason| writes || !reason.only_write);
            let mut unknown = false;
            if all.any(|reason| {
                unknown |= !reason.closed;
                reason.closed
            }) {
                Truth::No
            } else if unknown {
                Truth::Unknown
            } else {
                Truth::Yes
            }
        };
        Verdict {
            flow,
            offered,
            read: decide(false),
            write: decide(true),
            through,
            reasons,
        }
    }
}

impl<'t> Access<'t> {
    /// The verdicts of an application for `flows`; without a target, of its own side alone.
    pub fn application(
        &self,
        app: &ApplicationRow,
        target: Option<&Target>,
        flows: &[Flow],
    ) -> Vec<Verdict> {
        let standing = self.standing(app, target);
        let own = match (target, standing.row()) {
            (Some(target), Some(row)) => {
                let mut reasons = Vec::new();
                let wrong = [app.id, app.app_id];
                let effective = self.own_role(target, row, wrong, &mut reasons);
                Some((effective, reasons))
            }
            _ => None,
        };
        let mut shared = Vec::new();
        self.same_tenant(app, standing, target, &mut shared);
        if let Some(target) = target {
            self.instance(target, app.at, &mut shared);
        }
        let wanted = FLOWS
            .into_iter()
            .filter(|flow| flows.contains(flow) && *flow != Flow::ManagedIdentity);
        wanted
            .map(|flow| {
                let mut reasons = shared.clone();
                let offered = self.client(app, flow, &mut reasons).0
                    & self.credential(app, standing.row(), flow, &mut reasons).0;
                self.principal(app, flow, standing, &mut reasons);
                let through = if flow.is_app_only() {
                    self.as_itself(target, own.as_ref(), &mut reasons)
                } else {
                    self.with_user(app, target, own.as_ref().map(|(own, _)| own), &mut reasons)
                };
                if !flow.is_app_only() {
                    let has_role = |user: Guid| self.has_role(target, user);
                    self.consented(app, flow, standing, has_role, &mut reasons);
                }
                Verdict::of(flow, offered, through, reasons)
            })
            .collect()
    }

    fn as_itself(
        &self,
        target: Option<&Target>,
        own: Option<&(Effective, Vec<Reason>)>,
        reasons: &mut Vec<Reason>,
    ) -> Vec<u32> {
        match (target, own) {
            (Some(_), Some((effective, role))) => {
                reasons.extend_from_slice(role);
                through(effective)
            }
            // Without a service principal there is nobody to look up, and its gate says so.
            _ => Vec::new(),
        }
    }

    fn with_user(
        &self,
        app: &ApplicationRow,
        target: Option<&Target>,
        own: Option<&Effective>,
        reasons: &mut Vec<Reason>,
    ) -> Vec<u32> {
        let Some(target) = target else {
            return Vec::new();
        };
        self.users_role(target, own, app.at, reasons);
        self.people(target).through.clone()
    }

    /// Whether a user, or a group it is in, has a data role on the target; any user will do where
    /// there is no target.
    fn has_role(&self, target: Option<&Target>, user: Guid) -> bool {
        let Some(target) = target else {
            return true;
        };
        let people = &self.people(target).principals;
        people.contains(&user)
            || self
                .tenant
                .groups_of(user)
                .iter()
                .any(|group| people.contains(group))
    }

    /// The verdict of a managed identity, which has no registration.
    pub fn identity(&self, row: &PrincipalRow, target: Option<&Target>) -> Verdict {
        let mut reasons = Vec::new();
        self.enabled(row, &mut reasons);
        self.resource(row.at, Flow::ManagedIdentity, &mut reasons);
        let (gate, part) = (Gate::Tenant, Part::Tenant);
        if self.is_foreign(None, row, target).is_yes() {
            reasons.push(Reason::closed(gate, Why::ForeignTenant, row.at, part));
        }
        let mut held = Vec::new();
        if let Some(target) = target {
            let effective = self.own_role(target, row, [Guid::NIL, row.app_id], &mut reasons);
            held = through(&effective);
            self.instance(target, row.at, &mut reasons);
        }
        Verdict::of(Flow::ManagedIdentity, true, held, reasons)
    }

    /// Managed identities that are meant for the profile's resource: those with a data role, or
    /// with any role on an instance or its resource group. With `all`, every one.
    pub fn identities(&self, all: bool) -> Vec<&'t PrincipalRow> {
        let scopes = &self.tenant.rows.scopes;
        let mut near = BTreeSet::new();
        for target in self.reach.each() {
            near.extend(target.scope);
            let above = target.scopes.iter().map(|(scope, _)| *scope);
            near.extend(above.filter(|scope| scopes.level(*scope) == Level::ResourceGroup));
        }
        let is_meant = |row: &PrincipalRow| {
            let mut held = self.tenant.assignments_of(row.id);
            held.any(|row| self.reach.gives_data(&row) || near.contains(&row.scope))
        };
        let rows = self.tenant.rows.principals.iter();
        rows.filter(|row| row.kind == PrincipalKind::ManagedIdentity)
            .filter(|row| all || is_meant(row))
            .collect()
    }
}

fn through(effective: &Effective) -> Vec<u32> {
    let mut rows: Vec<u32> = effective.through().map(|held| held.assignment).collect();
    rows.sort_unstable();
    rows.dedup();
    rows
}
