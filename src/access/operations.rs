//! What a role allows: its operations, with wildcards, per block and as a whole.
//!
//! "Understand Azure role definitions" (Microsoft Learn): within one block of permissions what is
//! excluded is subtracted from what is granted; blocks, and roles, add up, so an exclusion is no
//! denial. Operations compare without regard to case and may hold `*`, which spans slashes too.
//! Actions and data actions never cover each other.

use std::ops::{BitAnd, BitOr, BitOrAssign};

use crate::catalog::{digital_twins, roles};
use crate::model::Guid;
use crate::tenant::{Block, Tenant, Truth};

/// Whether `pattern`, an operation of a role with any number of `*`, covers `operation`.
pub fn covers(pattern: &str, operation: &str) -> bool {
    let (pattern, operation) = (pattern.trim().as_bytes(), operation.as_bytes());
    let (mut p, mut o) = (0, 0);
    // Where the last star stands, and how much of the operation it has taken so far.
    let mut star: Option<(usize, usize)> = None;
    while o < operation.len() {
        match (pattern.get(p), star) {
            (Some(b'*'), _) => {
                star = Some((p, o));
                p += 1;
            }
            (Some(c), _) if c.eq_ignore_ascii_case(&operation[o]) => {
                p += 1;
                o += 1;
            }
            (_, Some((at, taken))) => {
                star = Some((at, taken + 1));
                p = at + 1;
                o = taken + 1;
            }
            _ => return false,
        }
    }
    pattern[p.min(pattern.len())..].iter().all(|c| *c == b'*')
}

/// Whether a block's granted less its excluded patterns cover an operation.
pub fn grants<G: AsRef<str>>(granted: &[G], excluded: &[G], operation: &str) -> bool {
    let any = |patterns: &[G]| patterns.iter().any(|p| covers(p.as_ref(), operation));
    any(granted) && !any(excluded)
}

/// A set of a profile's data actions, one bit each, in the order of [`Operations::all`].
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Actions(pub u64);

impl Actions {
    pub const NONE: Actions = Actions(0);
    pub const ALL: Actions = Actions(u64::MAX);

    /// Whether every action of `other` is in this set.
    pub fn has(self, other: Actions) -> bool {
        self.0 & other.0 == other.0
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// What is in this set and not in `other`.
    pub fn without(self, other: Actions) -> Actions {
        Actions(self.0 & !other.0)
    }
}

impl BitOr for Actions {
    type Output = Actions;
    fn bitor(self, other: Actions) -> Actions {
        Actions(self.0 | other.0)
    }
}

impl BitOrAssign for Actions {
    fn bitor_assign(&mut self, other: Actions) {
        self.0 |= other.0;
    }
}

impl BitAnd for Actions {
    type Output = Actions;
    fn bitand(self, other: Actions) -> Actions {
        Actions(self.0 & other.0)
    }
}

/// What can be done with a resource's data, and what of it reading and writing need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operations {
    /// Every data action, at most 64. Empty where they are not known: then holding one of the
    /// profile's data roles is one action, which reads and writes.
    pub all: &'static [&'static str],
    pub read: Actions,
    /// Writing needs these; they contain `read`.
    pub write: Actions,
}

/// What a program needs that reads twins: "Azure Digital Twins Data Reader" without event routes
/// and jobs. Each has its own operation; none implies another. The twins themselves stand first.
pub const TWINS_READ: [&str; 4] = [
    "Microsoft.DigitalTwins/digitaltwins/read",
    "Microsoft.DigitalTwins/query/action",
    "Microsoft.DigitalTwins/models/read",
    "Microsoft.DigitalTwins/digitaltwins/relationships/read",
];
/// What it needs besides to change twins and how they relate. Models are written by whoever
/// designs them, so writing them is not asked for.
const TWINS_WRITE: [&str; 2] = [
    "Microsoft.DigitalTwins/digitaltwins/relationships/write",
    "Microsoft.DigitalTwins/digitaltwins/write",
];

impl Operations {
    /// Those of Azure Digital Twins.
    pub fn digital_twins() -> Operations {
        let all = &digital_twins::DATA_ACTIONS;
        let of = |names: &[&str]| {
            all.iter().enumerate().fold(Actions::NONE, |set, (at, op)| {
                let bit = if names.contains(op) { 1 << at } else { 0 };
                set | Actions(bit)
            })
        };
        let read = of(&TWINS_READ);
        Operations {
            all,
            read,
            write: read | of(&TWINS_WRITE),
        }
    }

    /// Of an API of which only the roles are known that give access.
    pub fn by_role() -> Operations {
        Operations {
            all: &[],
            read: Actions(1),
            write: Actions(1),
        }
    }

    /// Every action there is.
    pub fn everything(&self) -> Actions {
        self.read | self.write | Actions((1u64 << self.all.len().min(63)) - 1)
    }

    /// The actions that granted less excluded patterns cover.
    pub fn of_block<G: AsRef<str>>(&self, granted: &[G], excluded: &[G]) -> Actions {
        if granted.is_empty() {
            return Actions::NONE;
        }
        let bits = self.all.iter().enumerate().map(|(at, operation)| {
            let granted = grants(granted, excluded, operation);
            u64::from(granted) << at
        });
        Actions(bits.fold(0, |set, bit| set | bit))
    }

    /// The names of a set's actions.
    pub fn names(&self, set: Actions) -> Vec<&'static str> {
        let named = self.all.iter().enumerate();
        named
            .filter(|(at, _)| set.0 >> at & 1 == 1)
            .map(|(_, name)| *name)
            .collect()
    }
}

/// The data actions of a role, a principal, a denial: what is certain, and what may be. `possible`
/// contains `certain`; what is not in `possible` is certainly not allowed.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reachable {
    pub certain: Actions,
    pub possible: Actions,
}

impl Reachable {
    /// Certainly this set.
    pub fn exactly(set: Actions) -> Reachable {
        Reachable {
            certain: set,
            possible: set,
        }
    }

    /// Perhaps this set, perhaps nothing.
    pub fn perhaps(set: Actions) -> Reachable {
        Reachable {
            certain: Actions::NONE,
            possible: set,
        }
    }

    pub fn is_empty(self) -> bool {
        self.possible.is_empty()
    }

    /// Both together: roles add up.
    pub fn and(self, other: Reachable) -> Reachable {
        Reachable {
            certain: self.certain | other.certain,
            possible: self.possible | other.possible,
        }
    }

    /// What a denial leaves: denials win.
    pub fn less(self, denied: Reachable) -> Reachable {
        Reachable {
            certain: self.certain.without(denied.possible),
            possible: self.possible.without(denied.certain),
        }
    }

    /// Whether all of `wanted` is allowed.
    pub fn allows(self, wanted: Actions) -> Truth {
        if self.certain.has(wanted) {
            Truth::Yes
        } else if self.possible.has(wanted) {
            Truth::Unknown
        } else {
            Truth::No
        }
    }
}

/// Where a role's definition stands.
#[derive(Copy, Clone, Debug)]
pub enum Definition<'t> {
    /// All of it was exported.
    Exported(&'t crate::tenant::DefinitionRow),
    /// Built in, and known in full.
    BuiltIn(&'static roles::RoleDefinition),
    /// Built in; known by name and reach only.
    Named,
    /// Neither exported (or only a part of it) nor built in.
    Unknown,
}

/// The definition of a role: the exported one where all of it is there, for a custom role only
/// the export knows; else the built-in one.
pub fn definition(tenant: &Tenant, role: Guid) -> Definition<'_> {
    if let Some(row) = tenant.definition(role).filter(|row| row.known) {
        return Definition::Exported(row);
    }
    match (roles::definition(role), roles::role(role)) {
        (Some(definition), _) => Definition::BuiltIn(definition),
        (None, Some(_)) => Definition::Named,
        (None, None) => Definition::Unknown,
    }
}

/// Whether a role has data actions of any resource, exported or built in.
pub fn has_data(tenant: &Tenant, role: Guid) -> bool {
    match tenant.definition(role) {
        Some(definition) => definition.has_data(),
        None => roles::role(role).is_some_and(|role| role.has_data),
    }
}

/// What people call a role; `None` where neither the export nor the catalogue knows it.
pub fn role_name(tenant: &Tenant, role: Guid) -> Option<&str> {
    let exported = tenant.definition(role).map(|row| &*row.name);
    exported
        .filter(|name| !name.is_empty())
        .or_else(|| roles::role(role).map(|role| role.name))
}

/// The data actions that a role gives at a scope where it is assigned. `data_roles` are the
/// profile's, for an API whose operations are not known.
pub fn data_actions(
    tenant: &Tenant,
    role: Guid,
    operations: &Operations,
    data_roles: &[Guid],
) -> Reachable {
    if operations.all.is_empty() {
        return if role == Guid::NIL {
            Reachable::perhaps(operations.everything())
        } else if data_roles.contains(&role) {
            Reachable::exactly(operations.everything())
        } else {
            Reachable::default()
        };
    }
    match definition(tenant, role) {
        Definition::Exported(row) => of_blocks(&row.blocks, operations),
        Definition::BuiltIn(built_in) => {
            let blocks = built_in.permissions.iter();
            blocks.fold(Reachable::default(), |sum, block| {
                let set = operations.of_block(block.data_actions, block.not_data_actions);
                sum.and(conditional(set, block.conditional))
            })
        }
        // The catalogue has the full definition of every built-in role with these data actions.
        Definition::Named => Reachable::default(),
        Definition::Unknown => Reachable::perhaps(operations.everything()),
    }
}

/// The data actions of exported blocks: of a role, or of a deny assignment.
pub fn of_blocks(blocks: &[Block], operations: &Operations) -> Reachable {
    blocks.iter().fold(Reachable::default(), |sum, block| {
        let set = operations.of_block(&block.data_actions, &block.not_data_actions);
        sum.and(conditional(set, block.conditional))
    })
}

fn conditional(set: Actions, conditional: bool) -> Reachable {
    if conditional {
        Reachable::perhaps(set)
    } else {
        Reachable::exactly(set)
    }
}

/// Whether a role allows a control-plane action, such as
/// `Microsoft.DigitalTwins/digitalTwinsInstances/write`.
pub fn allows_action(tenant: &Tenant, role: Guid, action: &str) -> Truth {
    let mut perhaps = false;
    let mut block = |granted: bool, conditional: bool| {
        perhaps |= granted && conditional;
        granted && !conditional
    };
    let certain = match definition(tenant, role) {
        Definition::Exported(row) => row
            .blocks
            .iter()
            .any(|b| block(grants(&b.actions, &b.not_actions, action), b.conditional)),
        Definition::BuiltIn(built_in) => built_in
            .permissions
            .iter()
            .any(|b| block(grants(b.actions, b.not_actions, action), b.conditional)),
        Definition::Named | Definition::Unknown => return Truth::Unknown,
    };
    match (certain, perhaps) {
        (true, _) => Truth::Yes,
        (false, true) => Truth::Unknown,
        (false, false) => Truth::No,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::digital_twins::{DATA_ACTIONS, DATA_OWNER, DATA_READER};
    use crate::catalog::roles::{CONTRIBUTOR, OWNER};
    use crate::tenant::{DefinitionRow, Harvest};

    const TWINS: &str = "Microsoft.DigitalTwins/digitaltwins/read";

    #[test]
    fn a_pattern_covers_whole_operations() {
        for (pattern, operation, want) in [
            ("*", TWINS, true),
            ("Microsoft.DigitalTwins/*", TWINS, true),
            ("microsoft.digitaltwins/DIGITALTWINS/READ", TWINS, true),
            ("*/read", TWINS, true),
            ("Microsoft.*/digitaltwins/*", TWINS, true),
            ("Microsoft.DigitalTwins/*/read", TWINS, true),
            (" Microsoft.DigitalTwins/digitaltwins/read ", TWINS, true),
            ("Microsoft.DigitalTwins/digitaltwins/rea", TWINS, false),
            ("Microsoft.DigitalTwins/digitaltwins", TWINS, false),
            ("Microsoft.DigitalTwins/digitaltwins/read/*", TWINS, false),
            ("Microsoft.DigitalTwins/digitaltwins/read*", TWINS, true),
            ("**", TWINS, true),
            ("", TWINS, false),
            ("*/write", TWINS, false),
        ] {
            assert_eq!(covers(pattern, operation), want, "{pattern}");
        }
    }

    #[test]
    fn of_the_built_in_roles_two_give_data() {
        let tenant = Tenant::default();
        let operations = Operations::digital_twins();
        let of = |role| data_actions(&tenant, role, &operations, &[]);
        let owner = of(DATA_OWNER);
        assert_eq!(owner, Reachable::exactly(operations.everything()));
        assert_eq!(operations.names(owner.certain), DATA_ACTIONS);
        let reader = of(DATA_READER);
        assert_eq!(operations.names(reader.certain).len(), 8);
        assert_eq!(reader.allows(operations.read), Truth::Yes);
        assert_eq!(reader.allows(operations.write), Truth::No);
        for role in [OWNER, CONTRIBUTOR, roles::USER_ACCESS_ADMINISTRATOR] {
            assert!(of(role).is_empty());
        }
        // Storage Blob Data Owner: known by name, and no role for twins.
        assert!(of(Guid(0xb7e6dc6d_f1e8_4753_8033_0f276bb0955b)).is_empty());
        assert_eq!(
            of(Guid(0x1)).allows(operations.read),
            Truth::Unknown,
            "a role that nobody knows"
        );
    }

    fn custom(blocks: Vec<Block>) -> Tenant {
        let rows = Harvest {
            definitions: vec![DefinitionRow {
                id: Guid(7),
                known: true,
                blocks,
                ..DefinitionRow::default()
            }],
            ..Harvest::default()
        };
        Tenant::new(rows, Default::default(), Default::default())
    }

    fn block(granted: &[&str], excluded: &[&str]) -> Block {
        let list = |texts: &[&str]| texts.iter().map(|text| (*text).into()).collect();
        Block {
            data_actions: list(granted),
            not_data_actions: list(excluded),
            ..Block::default()
        }
    }

    #[test]
    fn an_exclusion_counts_within_its_block_alone() {
        let operations = Operations::digital_twins();
        let all = &["Microsoft.DigitalTwins/*"][..];
        let no_writing = block(all, &["*/write"]);
        let of = |blocks| data_actions(&custom(blocks), Guid(7), &operations, &[]);
        let one = of(vec![no_writing.clone()]);
        assert_eq!(one.allows(operations.read), Truth::Yes);
        assert_eq!(one.allows(operations.write), Truth::No);
        let two = of(vec![no_writing, block(&["*/write"], &[])]);
        assert_eq!(two.allows(operations.write), Truth::Yes);
        let mut under_condition = block(all, &[]);
        under_condition.conditional = true;
        assert_eq!(
            of(vec![under_condition]).allows(operations.read),
            Truth::Unknown
        );
    }

    #[test]
    fn actions_never_cover_data_nor_data_actions() {
        let operations = Operations::digital_twins();
        let mut blocks = vec![block(&[], &[])];
        blocks[0].actions = vec!["*".into()];
        let tenant = custom(blocks);
        assert!(data_actions(&tenant, Guid(7), &operations, &[]).is_empty());
        let write = "Microsoft.DigitalTwins/digitalTwinsInstances/write";
        assert_eq!(allows_action(&tenant, Guid(7), write), Truth::Yes);
        assert_eq!(allows_action(&tenant, CONTRIBUTOR, write), Truth::Yes);
        let hand_out = "Microsoft.Authorization/roleAssignments/write";
        assert_eq!(allows_action(&tenant, CONTRIBUTOR, hand_out), Truth::No);
        assert_eq!(allows_action(&tenant, OWNER, hand_out), Truth::Yes);
        assert_eq!(allows_action(&tenant, DATA_OWNER, write), Truth::No);
        assert_eq!(allows_action(&tenant, Guid(1), write), Truth::Unknown);
    }

    #[test]
    fn a_denial_wins_and_an_uncertain_one_leaves_doubt() {
        let (some, all) = (Actions(0b0011), Actions(0b0111));
        let held = Reachable::exactly(all);
        let left = held.less(Reachable::exactly(some));
        assert_eq!(left, Reachable::exactly(Actions(0b0100)));
        let left = held.less(Reachable::perhaps(some));
        assert_eq!((left.certain, left.possible), (Actions(0b0100), all));
    }

    #[test]
    fn an_api_without_operations_goes_by_its_roles() {
        let operations = Operations::by_role();
        let of = |role| data_actions(&Tenant::default(), role, &operations, &[Guid(9)]);
        assert_eq!(of(Guid(9)).allows(operations.write), Truth::Yes);
        assert_eq!(of(Guid(8)).allows(operations.read), Truth::No);
        assert_eq!(of(Guid::NIL).allows(operations.read), Truth::Unknown);
    }
}
