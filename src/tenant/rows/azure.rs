//! Azure: roles and who has them, denials, instances, management groups.

use super::{At, DirectoryKind, Truth};
use crate::model::{Guid, Schedule};
use crate::tenant::ScopeId;

/// An Azure role assignment or PIM row.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct AssignmentRow {
    pub at: At,
    /// Number of the principal's object id among the tenant's ids.
    pub principal: u32,
    /// Number of the role's GUID.
    pub role: u32,
    pub scope: ScopeId,
    /// Of the assignment's own id, so that one that was exported twice is one.
    pub own: u32,
    pub principal_kind: DirectoryKind,
    /// What the row is: an ordinary assignment, or eligible, or activated for a while.
    pub schedule: Schedule,
    pub bits: u8,
}

impl AssignmentRow {
    /// It has a condition.
    pub const CONDITION: u8 = 1;
    /// The export shows that the principal is gone: type `Unknown`, or an empty name.
    pub const NAMELESS: u8 = 2;
    /// A classic administrator, not a role assignment.
    pub const CLASSIC: u8 = 4;
    /// A schedule that has ended, or has not begun, or was not provisioned.
    pub const INACTIVE: u8 = 8;
    /// For a managed identity of another tenant (`delegatedManagedIdentityResourceId`).
    pub const DELEGATED: u8 = 16;
    /// A schedule that ends by itself.
    pub const ENDS: u8 = 32;

    pub fn is(&self, bit: u8) -> bool {
        self.bits & bit != 0
    }

    /// Gives its principal access now: neither merely eligible, nor ended, nor a classic row.
    pub fn is_active(&self) -> bool {
        !matches!(self.schedule, Schedule::Eligible | Schedule::Request)
            && !self.is(Self::INACTIVE | Self::CLASSIC)
    }
}

/// One permission block of a role definition or a deny assignment: operations with wildcards.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    pub actions: Vec<Box<str>>,
    pub not_actions: Vec<Box<str>>,
    pub data_actions: Vec<Box<str>>,
    pub not_data_actions: Vec<Box<str>>,
    pub conditional: bool,
}

/// A role definition.
#[derive(Clone, Debug, Default)]
pub struct DefinitionRow {
    pub at: At,
    /// Nil for a custom role's input file, which has none yet.
    pub id: Guid,
    pub name: Box<str>,
    pub custom: Truth,
    pub scopes: Vec<ScopeId>,
    /// Where it was listed: what stands before `/providers/Microsoft.Authorization` in its
    /// resource id.
    pub listed_at: ScopeId,
    pub blocks: Vec<Block>,
    /// The blocks are all there: nothing cut off, nothing of the wrong type.
    pub known: bool,
}

impl DefinitionRow {
    /// Some of its blocks name data actions.
    pub fn has_data(&self) -> bool {
        self.blocks
            .iter()
            .any(|block| !block.data_actions.is_empty())
    }
}

/// A deny assignment.
#[derive(Clone, Debug, Default)]
pub struct DenyRow {
    pub at: At,
    pub scope: Option<ScopeId>,
    pub principals: Vec<Guid>,
    /// Applies to everyone: `SystemDefined`, or the nil id.
    pub everyone: bool,
    pub excluded: Vec<Guid>,
    /// Of the principals and the excluded: those that the document calls users or service
    /// principals, so that they have no members.
    pub single: Vec<Guid>,
    pub not_child_scopes: bool,
    pub blocks: Vec<Block>,
    pub known: bool,
}

/// An Azure Digital Twins instance.
#[derive(Clone, Debug, Default)]
pub struct InstanceRow {
    pub at: At,
    /// The resource id as written.
    pub id: Box<str>,
    pub scope: Option<ScopeId>,
    pub name: Box<str>,
    /// `provisioningState` as written; empty when not told.
    pub state: Box<str>,
    pub has_host: Truth,
    /// Public network access is disabled.
    pub private: Truth,
    /// A private endpoint connection is approved.
    pub endpoint: Truth,
    pub tenant: Guid,
}

/// A management group or subscription and the groups above it.
#[derive(Clone, Debug, Default)]
pub struct GroupRow {
    /// Name of the group, or the subscription's id, in lower case.
    pub name: Box<str>,
    /// Names of all groups above it, in lower case.
    pub parents: Vec<Box<str>>,
}
