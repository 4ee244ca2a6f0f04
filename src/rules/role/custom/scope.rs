//! Custom roles that cannot be assigned where they are meant to.

use super::{UPDATE, called, is_custom};
use crate::model::{Guid, Part, RoleDefinition, Text};
use crate::rules::out::code;
use crate::rules::role::words;
use crate::rules::{Context, Join, JoinOut, Out, Severity, declare_rule};
use crate::tenant::{AssignmentRow, DefinitionRow, Level, ScopeId, Truth};

declare_rule! {
    /// A custom role is assignable, or assigned, where Azure does not allow it.
    ///
    /// **Why it matters.** A custom role holds only within its `assignableScopes`, of which one
    /// at most is a management group and none is the root. A role with data actions cannot be
    /// assigned at a management group at all. Azure refuses all of these; files and templates
    /// have them.
    ///
    /// **What is checked.** The `assignableScopes` of a custom role: more than one management
    /// group; the root, of a role that was not created yet. Assignments of exported custom roles: outside their assignable scopes,
    /// or, for a role with data actions, at a management group. Below a management group only
    /// where the input tells which subscriptions lie in it.
    ///
    /// **Fix.** Name the subscriptions or resource groups in `assignableScopes`
    /// (`az role definition update --role-definition @role.json`) and assign the role there.
    pub static CUSTOM_ROLE_SCOPE = {
        id: "custom-role-scope",
        group: Role,
        severity: Error,
        persona: Regular,
        needs: [RoleDefinition],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/role-based-access-control/custom-roles#custom-role-limits",
            "https://learn.microsoft.com/azure/role-based-access-control/role-definitions#assignablescopes",
        ],
        check: Definition(assignable) | JoinedAssignment(assigned),
    }
}

fn assignable(role: &RoleDefinition<'_>, _: &Context<'_>, out: &mut Out<'_>) {
    if !is_custom(role) {
        return;
    }
    let mut groups: Vec<&Text<'_>> = Vec::new();
    for scope in role.assignable_scopes.iter() {
        // Microsoft's own tenants have such roles; of one that exists nothing is said.
        if scope.trim() == "/" && role.guid().is_none() {
            out.report(Severity::Error, scope.span, |say| {
                say.message(format!(
                    "{} is assignable at the root, which only built-in roles are",
                    called(role)
                ))
                .label("not for custom roles")
                .help("name the subscriptions where the role is to be assigned")
                .key("/")
                .command(UPDATE);
            });
        }
        if is_management_group(scope) && !groups.iter().any(|g| g.eq_ignore_ascii_case(scope)) {
            groups.push(scope);
        }
    }
    let [first, second, ..] = groups.as_slice() else {
        return;
    };
    out.report(Severity::Error, second.span, |say| {
        say.message(format!(
            "{} names {} management groups in `assignableScopes`, and only one is allowed",
            called(role),
            groups.len()
        ))
        .label("one management group at most")
        .also(first.span, "the first")
        .help("keep one management group, or name subscriptions")
        .key("management groups")
        .command(UPDATE);
    });
}

fn is_management_group(scope: &str) -> bool {
    const PREFIX: &str = "/providers/microsoft.management/managementgroups/";
    scope
        .trim()
        .get(..PREFIX.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(PREFIX))
}

fn assigned(row: &AssignmentRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    let role = cx.tenant.role_of(row);
    if role == Guid::NIL || row.scope == ScopeId::NONE {
        return;
    }
    let Some(definition) = cx.tenant.definition(role) else {
        return;
    };
    if definition.custom != Truth::Yes {
        return;
    }
    if definition.has_data() && cx.tenant.rows.scopes.level(row.scope) == Level::ManagementGroup {
        out.report(Severity::Error, Part::Scope, |say| {
            say.message(format!(
                "{} has data actions and is assigned at {}, where such a role cannot be",
                words::role(cx, role),
                words::place(cx, row.scope)
            ))
            .label("a management group")
            .help("assign the role at the subscriptions or resource groups instead")
            .key(words::key(cx, row));
            say.see(definition.at, Part::Permissions, "has data actions");
        });
        return;
    }
    if lies_outside(cx, row.scope, definition) {
        out.report(Severity::Error, Part::Scope, |say| {
            let scope = cx.tenant.rows.scopes.text(row.scope);
            say.message(format!(
                "{} is assigned at {}, outside of its assignable scopes",
                words::role(cx, role),
                code(&scope)
            ))
            .label("outside of the assignable scopes")
            .help("add the scope to `assignableScopes`, or assign a role that is assignable there")
            .key(words::key(cx, row))
            .command(UPDATE);
            say.see(definition.at, Part::AssignableScopes, "assignable here");
        });
    }
}

/// Whether a scope certainly lies in none of a role's assignable scopes.
fn lies_outside(cx: &Join<'_>, scope: ScopeId, definition: &DefinitionRow) -> bool {
    let scopes = &cx.tenant.rows.scopes;
    !definition.scopes.is_empty()
        && definition.scopes.iter().all(|assignable| {
            if *assignable == ScopeId::NONE || scopes.is_within(scope, *assignable) {
                return false;
            }
            let Some(group) = scopes.management_group(*assignable) else {
                return true;
            };
            // Whether a subscription or group lies below another group, only the tree tells.
            let below = scopes
                .subscription(scope)
                .or(scopes.management_group(scope));
            below
                .and_then(|name| cx.tenant.management_groups_above(name))
                .is_some_and(|above| above.iter().all(|parent| &**parent != group))
        })
}
