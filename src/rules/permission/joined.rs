//! What rules that join grants with registrations share: how they call an API and its
//! permissions, and how a grant is taken back.

use crate::catalog::{GRAPH, application_name, permission_by_value};
use crate::model::{Guid, PermissionKind};
use crate::rules::out::one_line;
use crate::rules::{Words, shell_word};
use crate::tenant::{AppRoleRow, PrincipalRow, Tenant};

/// The one service principal of an application; `None` when there is none, or several of several
/// tenants, so that nothing can be said.
pub fn only_principal(tenant: &Tenant, app_id: Guid) -> Option<&PrincipalRow> {
    let mut all = tenant.principals_of(app_id);
    let first = all.next().filter(|row| row.id != Guid::NIL)?;
    all.all(|other| other.id == first.id).then_some(first)
}

/// What a message calls an API: its published name, else what its service principal is called.
pub fn api_name(say: &Words<'_>, tenant: &Tenant, app_id: Guid) -> String {
    match (
        application_name(app_id),
        tenant.principals_of(app_id).next(),
    ) {
        (Some(name), _) => name.to_owned(),
        (None, Some(principal)) => say.name(principal.at),
        (None, None) => app_id.to_string(),
    }
}

/// Names after one another: "A, B and C", and of many the first few.
pub fn listed<'a>(names: impl Iterator<Item = &'a str>, count: usize) -> String {
    const NAMED: usize = 4;
    let mut names: Vec<String> = names
        .take(if count > NAMED + 1 { NAMED } else { count })
        .map(one_line)
        .collect();
    if count > names.len() {
        names.push(format!("{} more", count - names.len()));
    }
    match names.pop() {
        None => format!("{count} permissions"),
        Some(last) if names.is_empty() => last,
        Some(last) => format!("{} and {last}", names.join(", ")),
    }
}

/// Whether a delegated permission of Microsoft Graph is one that merely signing in needs.
pub fn scope_is_basic(resource: Guid, value: &str) -> bool {
    resource == GRAPH
        && permission_by_value(GRAPH, value, Some(PermissionKind::Scope))
            .is_some_and(|known| crate::catalog::openid_scope(known.id))
}

/// Takes an app role assignment back.
pub fn remove_app_role(say: &Words<'_>, row: &AppRoleRow) -> String {
    let id = say.subject(row.at).and_then(|subject| subject.id);
    let id = id.map_or_else(|| "<id>".to_owned(), |id| shell_word(&id));
    format!(
        "az rest --method DELETE --url https://graph.microsoft.com/v1.0/servicePrincipals/{}/appRoleAssignedTo/{id}",
        row.resource
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_after_one_another() {
        let all = ["A", "B", "C", "D", "E", "F"];
        let told = |count: usize| listed(all.iter().copied().take(count), count);
        assert_eq!(told(1), "A");
        assert_eq!(told(2), "A and B");
        assert_eq!(told(5), "A, B, C, D and E");
        assert_eq!(told(6), "A, B, C, D and 2 more");
        assert_eq!(listed(std::iter::empty(), 0), "0 permissions");
    }

    #[test]
    fn signing_in_needs_five_scopes_of_graph() {
        assert!(scope_is_basic(GRAPH, "user.read"));
        assert!(!scope_is_basic(GRAPH, "User.Read.All"));
        assert!(!scope_is_basic(Guid(7), "openid"));
    }
}
