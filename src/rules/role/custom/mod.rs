//! Custom roles: definitions that people write themselves. Built-in ones are never judged.

mod operations;
mod power;
mod scope;

pub use operations::{
    CUSTOM_ROLE_INCOMPLETE_READ, CUSTOM_ROLE_MISPLACED_DATA_ACTION, CUSTOM_ROLE_UNKNOWN_OPERATION,
};
pub use power::{CUSTOM_ROLE_GRANTS_ROLES, CUSTOM_ROLE_WILDCARD};
pub use scope::CUSTOM_ROLE_SCOPE;

use crate::access::operations::{covers, grants};
use crate::catalog;
use crate::catalog::digital_twins::{CONTROL_ACTIONS, DATA_ACTIONS};
use crate::model::{PermissionBlock, RoleDefinition, Text};
use crate::rules::out::quoted;

/// On what operations work: resources, or the data in them.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Plane {
    Control,
    Data,
}

impl Plane {
    /// All operations of Azure Digital Twins on it.
    fn operations(self) -> &'static [&'static str] {
        match self {
            Plane::Control => &CONTROL_ACTIONS,
            Plane::Data => &DATA_ACTIONS,
        }
    }

    fn other(self) -> Plane {
        match self {
            Plane::Control => Plane::Data,
            Plane::Data => Plane::Control,
        }
    }

    /// Whether a pattern covers some operation of Azure Digital Twins on it.
    fn knows(self, pattern: &str) -> bool {
        self.operations()
            .iter()
            .any(|operation| covers(pattern, operation))
    }
}

/// One operation that a role names, with wildcards or without.
struct Named<'a, 'r> {
    /// The list it stands in.
    list: &'static str,
    plane: Plane,
    /// In a list of what is taken out again.
    excluded: bool,
    pattern: &'a Text<'r>,
}

impl Named<'_, '_> {
    /// Tells it from others of its role in a fingerprint.
    fn key(&self) -> String {
        format!("{} {}", self.list, self.pattern.trim().to_lowercase())
    }
}

/// Whether a definition is a custom role's: it says so, or it is a file to make one from.
fn is_custom(role: &RoleDefinition<'_>) -> bool {
    match role.custom.value() {
        Some(custom) => *custom,
        None => {
            let known = role.guid().and_then(catalog::role);
            let named = role
                .name
                .value()
                .and_then(|name| catalog::roles::role_by_name(name.trim()));
            // Built-in roles alone can be assigned everywhere.
            let everywhere = role
                .assignable_scopes
                .iter()
                .any(|scope| scope.trim() == "/");
            known.is_none() && named.is_none() && !everywhere
        }
    }
}

/// Every operation that a role names, but for placeholders.
fn named<'a, 'r>(role: &'a RoleDefinition<'r>) -> impl Iterator<Item = Named<'a, 'r>> {
    role.blocks.iter().flat_map(|block| {
        let lists = [
            ("actions", Plane::Control, false, &block.actions),
            ("notActions", Plane::Control, true, &block.not_actions),
            ("dataActions", Plane::Data, false, &block.data_actions),
            ("notDataActions", Plane::Data, true, &block.not_data_actions),
        ];
        lists
            .into_iter()
            .flat_map(|(list, plane, excluded, texts)| {
                texts
                    .iter()
                    .filter(|pattern| !pattern.is_placeholder())
                    .map(move |pattern| Named {
                        list,
                        plane,
                        excluded,
                        pattern,
                    })
            })
    })
}

/// Whether a block allows an operation, its condition aside.
fn allows(block: &PermissionBlock<'_>, plane: Plane, operation: &str) -> bool {
    let (granted, excluded) = match plane {
        Plane::Control => (&block.actions, &block.not_actions),
        Plane::Data => (&block.data_actions, &block.not_data_actions),
    };
    grants(&granted.items, &excluded.items, operation)
}

/// "the custom role "Twin Editor""
fn called(role: &RoleDefinition<'_>) -> String {
    match role.name.value() {
        Some(name) => format!("the custom role {}", quoted(name)),
        None => "the custom role".to_owned(),
    }
}

/// The command that puts a corrected definition in place.
const UPDATE: &str = "az role definition update --role-definition @role.json";
