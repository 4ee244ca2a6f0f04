//! Users, groups and other objects of the directory, what links them, and what they hold in it.

use super::{At, Truth};
use crate::model::{Guid, Instant, Schedule};

/// What a directory object, or the principal of an assignment, is.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DirectoryKind {
    #[default]
    Unknown,
    User,
    Group,
    ServicePrincipal,
    ForeignGroup,
    Device,
}

impl DirectoryKind {
    /// The kind that `principalType`, `ObjectType` or the end of `@odata.type` names.
    pub fn parse(text: &str) -> DirectoryKind {
        let end = text.bytes().rposition(|byte| matches!(byte, b'.' | b'#'));
        let word = end.and_then(|at| text.get(at + 1..)).unwrap_or(text).trim();
        let is = |name: &str| word.eq_ignore_ascii_case(name);
        if is("user") {
            DirectoryKind::User
        } else if is("group") {
            DirectoryKind::Group
        } else if is("serviceprincipal") || is("msi") || is("application") {
            DirectoryKind::ServicePrincipal
        } else if is("foreigngroup") {
            DirectoryKind::ForeignGroup
        } else if is("device") {
            DirectoryKind::Device
        } else {
            DirectoryKind::Unknown
        }
    }

    /// As a sentence calls it.
    pub fn called(self) -> &'static str {
        match self {
            DirectoryKind::Unknown => "principal",
            DirectoryKind::User => "user",
            DirectoryKind::Group => "group",
            DirectoryKind::ServicePrincipal => "service principal",
            DirectoryKind::ForeignGroup => "foreign group",
            DirectoryKind::Device => "device",
        }
    }
}

/// A user, a group, or another directory object seen anywhere: in lists of users, owners, members.
#[derive(Copy, Clone, Debug, Default)]
pub struct DirectoryRow {
    pub at: At,
    pub id: Guid,
    pub kind: DirectoryKind,
    /// `userType` is `Guest`, or the name has `#EXT#`.
    pub guest: Truth,
    pub enabled: Truth,
    /// It stands for itself, in a list of users or groups, not as an owner or a member.
    pub itself: bool,
}

/// One is an owner of, or a member of, another.
#[derive(Copy, Clone, Debug, Default)]
pub struct LinkRow {
    /// The owner's or member's own row.
    pub at: At,
    /// The application, service principal (by object or app id) or group.
    pub whole: Guid,
    pub part: Guid,
    pub kind: DirectoryKind,
}

/// An Entra directory role assignment or PIM row.
#[derive(Copy, Clone, Debug, Default)]
pub struct DirectoryRoleRow {
    pub at: At,
    pub principal: Guid,
    /// The role's template id.
    pub role: Guid,
    /// Over the whole tenant, not an administrative unit or one application.
    pub whole_tenant: bool,
    pub schedule: Schedule,
    /// It has ended, or it is a request.
    pub inactive: bool,
}

impl DirectoryRoleRow {
    /// Gives its principal the role now, and is not merely eligible.
    pub fn is_active(&self) -> bool {
        !self.inactive && !matches!(self.schedule, Schedule::Eligible | Schedule::Request)
    }
}

/// When an application last signed in.
#[derive(Copy, Clone, Debug, Default)]
pub struct SignInRow {
    pub at: At,
    pub app_id: Guid,
    pub last: Option<Instant>,
}
