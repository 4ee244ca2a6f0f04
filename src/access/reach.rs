//! Who holds what where it reaches an instance: laid out once for all applications.
//!
//! Assignments are sorted by the scopes that reach any instance at all, which are few: the
//! instances themselves, their resource groups and subscriptions, the root, management groups. A
//! question about one principal and one instance then looks at some six short lists.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::OnceLock;

use super::gives_data;
use super::members::{Membership, members};
use super::operations::{Reachable, data_actions};
use super::role::People;
use crate::model::{Guid, ObjectKind, Schedule};
use crate::rules::{Profile, RuleSettings};
use crate::tenant::{AssignmentRow, DirectoryKind, InstanceRow, ScopeId, Tenant, Truth};

/// An instance that applications may want to reach.
#[derive(Clone, Debug, Default)]
pub struct Target {
    /// Its row; `None` for one that only the configuration or the command line names.
    pub row: Option<usize>,
    /// The resource id as written, and its last part.
    pub id: Box<str>,
    pub name: Box<str>,
    /// Whether its scope is in [`Target::scopes`]: nothing is assigned at the instance itself
    /// otherwise.
    pub scope: Option<ScopeId>,
    /// In lower case; empty when the id names none.
    pub subscription: Box<str>,
    /// Scopes that reach it, nearest first; whether that is certain.
    pub scopes: Vec<(ScopeId, Truth)>,
    /// The assignments of its subscription are all in the input.
    pub covered: bool,
    /// Deny assignments that reach it.
    pub denials: Vec<(u32, Truth)>,
    /// Who may sign in and use it: found when it is asked for.
    pub(super) people: OnceLock<People>,
    /// The same resource stands in the input a second time, and this is not the first.
    pub repeated: bool,
}

/// One assignment at a scope that matters.
#[derive(Copy, Clone, Debug)]
pub struct Holding {
    /// Row of the assignment.
    pub assignment: u32,
    /// Number of the principal.
    pub principal: u32,
    /// The data actions of its role; uncertain under a condition.
    pub data: Reachable,
    /// It gives something now; otherwise it may be activated (PIM).
    pub active: bool,
}

/// What is assigned at one scope.
#[derive(Clone, Debug, Default)]
struct Here {
    /// By principal.
    holdings: Vec<Holding>,
    /// Holdings of data by users, groups and principals of unknown kind.
    people: Vec<Holding>,
    /// Holdings of data by groups whose members are not all known.
    opaque: Vec<Holding>,
}

/// Who has what on the instances.
#[derive(Debug, Default)]
pub struct Reach {
    pub targets: Vec<Target>,
    here: HashMap<ScopeId, Here>,
    /// By number of the role: whether it gives data.
    giving: Vec<bool>,
    /// Named instances that are not in the input, as they were named.
    pub unknown: Vec<String>,
    /// Subscriptions that have an instance in the input, in lower case: `az dt list` shows those of
    /// one subscription, so nothing is known of the instances of another.
    pub subscriptions: BTreeSet<Box<str>>,
}

impl Reach {
    /// Lays out the assignments of `tenant` for `profile`.
    pub fn new(tenant: &Tenant, settings: &RuleSettings, profile: &Profile) -> Reach {
        let mut reach = Reach::default();
        reach.find_targets(tenant, settings);
        reach.subscriptions = tenant
            .rows
            .instances
            .iter()
            .filter_map(|row| tenant.rows.scopes.subscription(row.scope?).map(Box::from))
            .collect();
        let groups = management_groups(tenant);
        for target in &mut reach.targets {
            above(target, tenant, settings, &groups);
        }
        reach.hold(tenant, profile);
        reach.giving = vec![false; tenant.rows.guids.len()];
        let mut asked = vec![false; tenant.rows.guids.len()];
        for row in tenant.rows.assignments.iter() {
            let role = row.role as usize;
            if let (Some(asked), Some(gives)) = (asked.get_mut(role), reach.giving.get_mut(role))
                && !std::mem::replace(asked, true)
            {
                *gives = gives_data(tenant, profile, tenant.role_of(&row));
            }
        }
        for target in &mut reach.targets {
            for (row, denial) in tenant.rows.denials.iter().enumerate() {
                let truth = match denial.scope {
                    None => Truth::Unknown,
                    Some(scope) if denial.not_child_scopes => {
                        Truth::from(target.scope == Some(scope))
                    }
                    Some(scope) => {
                        let known = target.scopes.iter().find(|(above, _)| *above == scope);
                        known.map_or(Truth::No, |(_, truth)| *truth)
                    }
                };
                if !truth.is_no() {
                    target.denials.push((row as u32, truth));
                }
            }
        }
        reach
    }

    fn find_targets(&mut self, tenant: &Tenant, settings: &RuleSettings) {
        let mut rows: Vec<(usize, &InstanceRow)> =
            tenant.rows.instances.iter().enumerate().collect();
        // By resource id, so that the order of files changes nothing.
        rows.sort_by_cached_key(|(_, row)| (row.id.to_lowercase(), row.at));
        let mut seen = BTreeSet::new();
        let mut add = |targets: &mut Vec<Target>, (at, row): (usize, &InstanceRow)| {
            targets.push(Target {
                row: Some(at),
                id: row.id.clone(),
                name: row.name.clone(),
                scope: row.scope,
                repeated: row.scope.is_some_and(|scope| !seen.insert(scope)),
                ..Target::default()
            });
        };
        if settings.instances.is_empty() {
            for row in rows {
                add(&mut self.targets, row);
            }
            return;
        }
        let mut taken = BTreeSet::new();
        for wanted in &settings.instances {
            let scope = tenant.rows.scopes.find(wanted);
            let mut any = false;
            for &(at, row) in &rows {
                let same = match scope {
                    Some(scope) => row.scope == Some(scope),
                    None => row.name.eq_ignore_ascii_case(wanted.trim()),
                };
                any |= same;
                if same && taken.insert(at) {
                    add(&mut self.targets, (at, row));
                }
            }
            if any {
                continue;
            }
            self.unknown.push(wanted.clone());
            if !wanted.contains('/') {
                continue;
            }
            self.targets.push(Target {
                id: wanted.trim().into(),
                name: wanted
                    .trim_end_matches('/')
                    .rsplit('/')
                    .next()
                    .unwrap_or("")
                    .into(),
                scope,
                ..Target::default()
            });
        }
    }

    fn hold(&mut self, tenant: &Tenant, profile: &Profile) {
        let mut matters = vec![false; tenant.rows.scopes.len()];
        for target in &self.targets {
            for (scope, _) in &target.scopes {
                if let Some(matters) = matters.get_mut(scope.0 as usize) {
                    *matters = true;
                }
            }
        }
        let mut roles: HashMap<u32, Reachable> = HashMap::new();
        let mut known: HashMap<Guid, Membership> = HashMap::new();
        for (number, row) in tenant.rows.assignments.iter().enumerate() {
            // An assignment whose scope is not known may reach any instance.
            let here = row.scope == ScopeId::NONE
                || matters.get(row.scope.0 as usize).copied().unwrap_or(false);
            if !here || row.is(AssignmentRow::CLASSIC | AssignmentRow::INACTIVE) {
                continue;
            }
            if row.schedule == Schedule::Request {
                continue;
            }
            let data = *roles.entry(row.role).or_insert_with(|| {
                let role = tenant.role_of(&row);
                data_actions(tenant, role, &profile.operations, &profile.data_roles)
            });
            let data = if row.is(AssignmentRow::CONDITION) {
                Reachable::perhaps(data.possible)
            } else {
                data
            };
            let holding = Holding {
                assignment: number as u32,
                principal: row.principal,
                data,
                active: row.is_active(),
            };
            let list = self.here.entry(row.scope).or_default();
            list.holdings.push(holding);
            if data.is_empty() || !holding.active {
                continue;
            }
            let principal = tenant.principal_of(&row);
            if is_person(tenant, &row, principal) {
                list.people.push(holding);
            }
            let membership = *known
                .entry(principal)
                .or_insert_with(|| members(tenant, principal, row.principal_kind));
            if membership == Membership::Opaque && !is_orphan(&row) {
                list.opaque.push(holding);
            }
        }
        #[expect(clippy::iter_over_hash_type, reason = "each list is sorted by itself")]
        for list in self.here.values_mut() {
            let order = |holding: &Holding| (holding.principal, holding.assignment);
            list.holdings.sort_unstable_by_key(order);
        }
    }

    /// What is assigned to a principal itself, active or not, where it reaches the target; and
    /// whether it certainly does.
    pub fn held_by<'r>(
        &'r self,
        target: &'r Target,
        principal: u32,
    ) -> impl Iterator<Item = (&'r Holding, Truth)> {
        self.scopes(target).flat_map(move |(here, truth)| {
            let list = &here.holdings;
            let from = list.partition_point(|holding| holding.principal < principal);
            list[from..]
                .iter()
                .take_while(move |holding| holding.principal == principal)
                .map(move |holding| (holding, truth))
        })
    }

    /// Holdings of data by users and groups.
    pub fn people<'r>(&'r self, target: &'r Target) -> impl Iterator<Item = (&'r Holding, Truth)> {
        self.scopes(target)
            .flat_map(|(here, truth)| here.people.iter().map(move |holding| (holding, truth)))
    }

    /// Whatever anybody holds where it reaches the target, active or not.
    pub fn everyone<'r>(
        &'r self,
        target: &'r Target,
    ) -> impl Iterator<Item = (&'r Holding, Truth)> {
        self.scopes(target).flat_map(|(here, truth)| {
            let all = here.holdings.iter();
            all.map(move |holding| (holding, truth))
        })
    }

    /// Holdings of data by groups whose members are not all known: any principal may be one.
    pub fn opaque<'r>(&'r self, target: &'r Target) -> impl Iterator<Item = &'r Holding> {
        self.scopes(target).flat_map(|(here, _)| &here.opaque)
    }

    fn scopes<'r>(&'r self, target: &'r Target) -> impl Iterator<Item = (&'r Here, Truth)> {
        let unplaced = (ScopeId::NONE, Truth::Unknown);
        let all = target.scopes.iter().copied().chain([unplaced]);
        all.filter_map(|(scope, truth)| Some((self.here.get(&scope)?, truth)))
    }

    /// Whether the role of an assignment certainly gives data actions, wherever it is assigned.
    pub fn gives_data(&self, row: &AssignmentRow) -> bool {
        self.giving.get(row.role as usize).copied().unwrap_or(false)
    }

    /// The targets that rules judge: each resource once.
    pub fn each(&self) -> impl Iterator<Item = &Target> {
        self.targets.iter().filter(|target| !target.repeated)
    }
}

impl Target {
    /// Its row.
    pub fn instance<'t>(&self, tenant: &'t Tenant) -> Option<&'t InstanceRow> {
        tenant.rows.instances.get(self.row?)
    }
}

/// The export says that the principal is gone.
fn is_orphan(row: &AssignmentRow) -> bool {
    row.is(AssignmentRow::NAMELESS) && row.principal_kind == DirectoryKind::Unknown
}

/// Whether a holder may be somebody who signs in: a user, a group, or unknown.
fn is_person(tenant: &Tenant, row: &AssignmentRow, principal: Guid) -> bool {
    match row.principal_kind {
        DirectoryKind::User | DirectoryKind::Group | DirectoryKind::ForeignGroup => true,
        DirectoryKind::ServicePrincipal | DirectoryKind::Device => false,
        DirectoryKind::Unknown => {
            !is_orphan(row)
                && tenant.principal(principal).is_none()
                // An application's object id is nobody's.
                && tenant.application_by_id(principal).is_none()
                && tenant.application(principal).is_none()
        }
    }
}

/// Scopes of the input that are management groups.
fn management_groups(tenant: &Tenant) -> BTreeMap<ScopeId, Box<str>> {
    let scopes = &tenant.rows.scopes;
    let Some(all) = scopes.find("/providers/Microsoft.Management") else {
        return BTreeMap::new();
    };
    let mut found = BTreeMap::new();
    for number in 0..scopes.len() as u32 {
        let scope = ScopeId(number);
        if scopes.ancestors(scope).nth(1) == Some(all)
            && let Some(name) = scopes.management_group(scope)
        {
            found.insert(scope, name.into());
        }
    }
    found
}

/// Fills in what lies above a target.
fn above(
    target: &mut Target,
    tenant: &Tenant,
    settings: &RuleSettings,
    groups: &BTreeMap<ScopeId, Box<str>>,
) {
    let scopes = &tenant.rows.scopes;
    let lower = target.id.to_lowercase();
    let path: Vec<&str> = lower.split('/').filter(|part| !part.is_empty()).collect();
    if let ["subscriptions", id, ..] = path.as_slice() {
        target.subscription = (*id).into();
    }
    // The nearest scope that the input knows: of an instance that only the configuration names,
    // perhaps its resource group or subscription.
    let nearest = (1..=path.len())
        .rev()
        .find_map(|len| scopes.find(&format!("/{}", path[..len].join("/"))));
    let nearest = target.scope.or(nearest).unwrap_or(ScopeId::ROOT);
    target.scopes = scopes
        .ancestors(nearest)
        .map(|scope| (scope, Truth::Yes))
        .collect();
    let tenant_id = target
        .instance(tenant)
        .map(|row| row.tenant)
        .filter(|id| *id != Guid::NIL)
        .or(settings.tenant)
        .map(|id| id.to_string());
    let known = tenant.management_groups_above(&target.subscription);
    for (scope, name) in groups {
        // The root management group bears the tenant's id and holds everything.
        let truth = match known {
            _ if tenant_id.as_deref() == Some(name) => Truth::Yes,
            Some(parents) => Truth::from(parents.contains(name)),
            None => Truth::Unknown,
        };
        if !truth.is_no() {
            target.scopes.push((*scope, truth));
        }
    }
    target.covered = tenant.is_complete(ObjectKind::RoleAssignment)
        && tenant.covers_subscription(&target.subscription);
}
