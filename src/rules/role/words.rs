//! What messages call an assignment's role, principal and place, and the commands that undo one.

use crate::access::operations;
use crate::model::{Guid, Part};
use crate::rules::out::{one_line, quoted};
use crate::rules::{Join, Words};
use crate::tenant::{AssignmentRow, DirectoryKind, Level, ScopeId};

/// The role's name, else its id.
pub fn role(cx: &Join<'_>, role: Guid) -> String {
    match operations::role_name(cx.tenant, role) {
        Some(name) => one_line(name),
        None if role == Guid::NIL => "a role".to_owned(),
        None => format!("the role {role}"),
    }
}

/// "the user "Ada Twin"", marked where it was exported; else "the user 7c2…".
pub fn principal(cx: &Join<'_>, row: &AssignmentRow, say: &mut Words<'_>) -> String {
    let id = cx.tenant.principal_of(row);
    let exported = match cx.tenant.principal(id) {
        Some(principal) => Some((principal.at, DirectoryKind::ServicePrincipal)),
        None => {
            let object = cx.tenant.directory_object(id);
            object.map(|object| (object.at, object.kind))
        }
    };
    let Some((at, kind)) = exported else {
        return format!("the {} {id}", row.principal_kind.called());
    };
    let name = say.name(at);
    say.see(at, Part::Id, format!("the {}", kind.called()));
    format!("the {} {name}", kind.called())
}

/// The last part of a scope: the name of the resource, group or subscription.
pub fn name(cx: &Join<'_>, scope: ScopeId) -> String {
    let scopes = &cx.tenant.rows.scopes;
    quoted(scopes.segments(scope).last().copied().unwrap_or("/"))
}

/// "the resource group "rg""
pub fn place(cx: &Join<'_>, scope: ScopeId) -> String {
    let scopes = &cx.tenant.rows.scopes;
    if scope == ScopeId::NONE {
        return "an unknown scope".to_owned();
    }
    let level = scopes.level(scope);
    match (level, scopes.segments(scope).last()) {
        (Level::Root, _) | (_, None) => Level::Root.called().to_owned(),
        (Level::ManagementGroup, Some(name)) => format!("the management group {}", quoted(name)),
        (_, Some(name)) => format!("{} {}", level.called(), quoted(name)),
    }
}

/// What tells findings about assignments apart where these have no id of their own.
pub fn key(cx: &Join<'_>, row: &AssignmentRow) -> String {
    format!(
        "{} {} {}",
        cx.tenant.principal_of(row),
        cx.tenant.role_of(row),
        cx.tenant.rows.scopes.text(row.scope)
    )
}

/// The command that takes an assignment away. `None` where its id or scope is not known.
pub fn delete(cx: &Join<'_>, row: &AssignmentRow, say: &Words<'_>) -> Option<String> {
    let own = Guid::parse_strict(&say.subject(row.at)?.id?)?;
    if row.scope == ScopeId::NONE {
        return None;
    }
    let scope = cx.tenant.rows.scopes.text(row.scope);
    let id = format!(
        "{}/providers/Microsoft.Authorization/roleAssignments/{own}",
        scope.trim_end_matches('/')
    );
    Some(format!(
        "az role assignment delete --ids {}",
        crate::rules::shell_word(&id)
    ))
}

/// The command that gives the role of an assignment to another principal at the same place.
pub fn create_for(
    cx: &Join<'_>,
    row: &AssignmentRow,
    principal: Guid,
    kind: DirectoryKind,
) -> Option<String> {
    let role = cx.tenant.role_of(row);
    if role == Guid::NIL || row.scope == ScopeId::NONE {
        return None;
    }
    let kind = match kind {
        DirectoryKind::User => "User",
        DirectoryKind::Group => "Group",
        DirectoryKind::ServicePrincipal => "ServicePrincipal",
        DirectoryKind::ForeignGroup | DirectoryKind::Device | DirectoryKind::Unknown => {
            return None;
        }
    };
    Some(format!(
        "az role assignment create --assignee-object-id {principal} --assignee-principal-type {kind} --role {role} --scope {}",
        crate::rules::shell_word(&cx.tenant.rows.scopes.text(row.scope))
    ))
}
