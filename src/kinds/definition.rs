//! Azure role definitions: ARM, `az`, PowerShell, and the files that roles are made from.
//!
//! `name` is the display name in PowerShell and a GUID everywhere else, `type` the sort of role
//! under ARM's `properties` and the resource's type at the root: both are told by what they say.

use super::fields::{Reading, boolean, keep, objects, text, texts};
use crate::json::{Name, Value};
use crate::model::{Field, Guid, List, PermissionBlock, RoleDefinition, Spanned, Str};

/// Reads one role definition.
pub fn role_definition<'r>(object: Value<'r>, reading: &Reading<'_>) -> RoleDefinition<'r> {
    let mut role = RoleDefinition {
        span: object.span(),
        ..RoleDefinition::default()
    };
    let mut name_or_guid = Field::Absent;
    let mut told = List::default();
    let mut flat = None;
    for (name, value) in reading.members(object) {
        match name {
            Name::Id => role.id = text(value),
            Name::Name => name_or_guid = text(value),
            Name::Actions | Name::NotActions | Name::DataActions | Name::NotDataActions => {
                flat = Some(object);
            }
            Name::Properties => {
                for (name, value) in reading.members(value) {
                    property(&mut role, &mut told, name, value, reading);
                }
            }
            _ => property(&mut role, &mut told, name, value, reading),
        }
    }
    match &name_or_guid {
        Field::Value(text) if Guid::parse_strict(text).is_some() => {
            keep(&mut role.id, name_or_guid);
        }
        _ => keep(&mut role.name, name_or_guid),
    }
    // A list of blocks says everything. An API too old to know of operations on data leaves them
    // out of each; PowerShell and the files that roles are made from leave out what is empty.
    if !told.items.is_empty() || flat.is_none() {
        role.blocks_known = told.state.value().is_some()
            && told
                .items
                .iter()
                .all(|block| is_known(block) && !block.data_actions.state.is_absent());
        role.blocks = told.items;
    } else if let Some(object) = flat {
        let block = block(object, reading);
        role.blocks_known = is_known(&block);
        role.blocks.push(block);
    }
    role
}

fn property<'r>(
    role: &mut RoleDefinition<'r>,
    told: &mut List<PermissionBlock<'r>>,
    name: Name,
    value: Value<'r>,
    reading: &Reading<'_>,
) {
    match name {
        Name::RoleName => role.name = text(value),
        Name::RoleType | Name::Type => {
            let kind = text(value);
            if let Some(custom) = is_custom(&kind) {
                role.custom = Field::Value(Spanned::new(custom, value.span()));
            }
        }
        Name::IsCustom => role.custom = boolean(value),
        Name::Description => role.description = text(value),
        Name::AssignableScopes => role.assignable_scopes = texts(value),
        Name::Permissions => *told = blocks(value, reading),
        _ => {}
    }
}

/// What the sort of a role says, and a resource's type does not.
fn is_custom(kind: &Field<Str<'_>>) -> Option<bool> {
    let kind = kind.value()?;
    if kind.eq_ignore_ascii_case("CustomRole") {
        Some(true)
    } else if kind.eq_ignore_ascii_case("BuiltInRole") {
        Some(false)
    } else {
        None
    }
}

/// Nothing of a block was cut off.
fn is_known(block: &PermissionBlock<'_>) -> bool {
    [
        &block.actions,
        &block.not_actions,
        &block.data_actions,
        &block.not_data_actions,
    ]
    .into_iter()
    .all(|list| !list.state.is_unknown())
}

/// Reads a list of blocks of permissions.
pub(super) fn blocks<'r>(value: Value<'r>, reading: &Reading<'_>) -> List<PermissionBlock<'r>> {
    objects(value, |v| block(v, reading))
}

/// Reads one block, or the lists of an object that has no blocks.
pub(super) fn block<'r>(object: Value<'r>, reading: &Reading<'_>) -> PermissionBlock<'r> {
    let mut block = PermissionBlock {
        span: object.span(),
        ..PermissionBlock::default()
    };
    for (name, value) in reading.members(object) {
        match name {
            Name::Actions => block.actions = texts(value),
            Name::NotActions => block.not_actions = texts(value),
            Name::DataActions => block.data_actions = texts(value),
            Name::NotDataActions => block.not_data_actions = texts(value),
            Name::Condition => block.condition = text(value),
            Name::ConditionVersion => block.condition_version = text(value),
            _ => {}
        }
    }
    block
}
