//! Objects of the directory: people, groups, owners, directory roles, sign-ins; and the tree of
//! management groups, which role assignments are inherited along.

use super::{Date, Field, Guid, List, Schedule, Span, Str, Text};

/// What a list, or the folder a file lies in, says that its rows are to the object they belong to.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    Owner,
    Member,
    /// Federated identity credentials of an application.
    Federated,
}

impl Relation {
    /// What the rows of a list of this name are.
    pub fn of_list(name: &str) -> Option<Relation> {
        if name.eq_ignore_ascii_case("owners") {
            Some(Relation::Owner)
        } else if name.eq_ignore_ascii_case("members")
            || name.eq_ignore_ascii_case("transitiveMembers")
        {
            Some(Relation::Member)
        } else {
            None
        }
    }
}

/// A user, a group, a device, or the owner or member that a list names.
#[derive(Clone, Debug, Default)]
pub struct DirectoryObject<'r> {
    /// The whole object.
    pub span: Span,
    pub id: Field<Str<'r>>,
    /// `user`, `group`, `servicePrincipal`, `device`, `application` …: from `@odata.type`, or what
    /// its properties show (then placed at the object).
    pub kind: Field<Str<'r>>,
    pub display_name: Field<Str<'r>>,
    pub user_principal_name: Field<Str<'r>>,
    /// `Member` or `Guest`.
    pub user_type: Field<Str<'r>>,
    /// `accountEnabled`.
    pub enabled: Field<bool>,
    /// The id of what this row is an owner or a member of, where the document itself names it.
    pub owned: Field<Str<'r>>,
    /// Whether it is an owner or a member of that, where the document says so.
    pub relation: Option<Relation>,
    /// Members of a group, when the export expanded them; absent otherwise.
    pub members: List<DirectoryObject<'r>>,
}

impl DirectoryObject<'_> {
    /// The object id, when it is a GUID.
    pub fn guid(&self) -> Option<Guid> {
        self.id.spanned()?.guid()
    }
}

/// An assignment of a directory role (`unifiedRoleAssignment`), or a row of a schedule of them.
#[derive(Clone, Debug, Default)]
pub struct DirectoryRoleAssignment<'r> {
    /// The whole object.
    pub span: Span,
    pub id: Field<Str<'r>>,
    pub principal: Field<Str<'r>>,
    /// `roleDefinitionId`: of a built-in role, the GUID of its template.
    pub role: Field<Str<'r>>,
    /// `directoryScopeId`: `/` is the whole tenant.
    pub directory_scope: Field<Str<'r>>,
    /// `appScopeId`.
    pub app_scope: Field<Str<'r>>,
    pub schedule: Schedule,
    /// When it ends; null or absent is no end.
    pub ends: Field<Date>,
    /// `assignmentType`: `Assigned` or `Activated`.
    pub assignment_type: Field<Str<'r>>,
}

/// When an application last got a token (`servicePrincipalSignInActivity`).
#[derive(Clone, Debug, Default)]
pub struct SignInActivity<'r> {
    /// The whole object.
    pub span: Span,
    pub id: Field<Str<'r>>,
    pub app_id: Field<Str<'r>>,
    /// The latest sign-in of any sort.
    pub last: Field<Date>,
}

/// A management group or a subscription with what stands above it, as
/// `az account management-group entities list` prints it.
#[derive(Clone, Debug, Default)]
pub struct ManagementGroupEntity<'r> {
    /// The whole object.
    pub span: Span,
    /// The resource id.
    pub id: Field<Str<'r>>,
    /// The last part of the resource id.
    pub name: Field<Str<'r>>,
    /// Names of the management groups above, from the root down.
    pub parents: List<Text<'r>>,
}
