//! Azure role definitions: what a role allows.

use super::{Field, Guid, List, Span, Str, Text};

/// One set of permissions of a role: what it allows less what it does not.
#[derive(Clone, Debug, Default)]
pub struct PermissionBlock<'r> {
    pub span: Span,
    /// Operations of the control plane, with wildcards.
    pub actions: List<Text<'r>>,
    pub not_actions: List<Text<'r>>,
    /// Operations on data, with wildcards.
    pub data_actions: List<Text<'r>>,
    pub not_data_actions: List<Text<'r>>,
    pub condition: Field<Str<'r>>,
    pub condition_version: Field<Str<'r>>,
}

/// An Azure role definition, built in or custom.
#[derive(Clone, Debug, Default)]
pub struct RoleDefinition<'r> {
    /// The whole object.
    pub span: Span,
    /// A GUID, or a resource id that ends in one; absent from a file that a role is made from.
    pub id: Field<Str<'r>>,
    /// The name people see, never the GUID.
    pub name: Field<Str<'r>>,
    pub custom: Field<bool>,
    pub description: Field<Str<'r>>,
    pub assignable_scopes: List<Text<'r>>,
    pub blocks: Vec<PermissionBlock<'r>>,
    /// The document tells all of the role's permissions: what is in no block is not allowed.
    pub blocks_known: bool,
}

impl RoleDefinition<'_> {
    /// The role's GUID: the last one in its id, which may bear any prefix or none.
    pub fn guid(&self) -> Option<Guid> {
        Guid::last_in(self.id.value()?)
    }
}
