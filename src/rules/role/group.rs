//! Data roles that people have through a group that nobody can look into.

use super::{is_data_role, words};
use crate::model::{Guid, Part};
use crate::rules::{Join, JoinOut, Severity, declare_rule};
use crate::tenant::{AssignmentRow, DirectoryKind};

declare_rule! {
    /// A data role is assigned to a group whose members were not exported.
    ///
    /// **Why it matters.** Members of a group have its roles. Without the list of members nobody
    /// can tell from the exports who reads and writes the data, and a verdict about an
    /// application or a user that may be a member stays unknown.
    ///
    /// **What is checked.** An active assignment of one of the profile's data roles to a group of
    /// which the input has no list of members, or whose members are groups of which it has none.
    ///
    /// **Fix.** Export the members: `az ad group member list --group <group>`.
    pub static ROLE_VIA_UNKNOWN_GROUP = {
        id: "role-via-unknown-group",
        group: Role,
        severity: Info,
        persona: Regular,
        needs: [RoleAssignment | RoleSchedule],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/role-based-access-control/overview#groups",
        ],
        check: JoinedAssignment(via_unknown_group),
    }
}

fn via_unknown_group(row: &AssignmentRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    if row.principal_kind != DirectoryKind::Group
        || !row.is_active()
        || !is_data_role(cx, cx.tenant.role_of(row))
    {
        return;
    }
    let holder = cx.tenant.principal_of(row);
    let Some(group) = unknown_group(cx, holder) else {
        return;
    };
    out.report(Severity::Info, Part::Principal, |say| {
        let who = words::principal(cx, row, say);
        let within = if group == holder {
            "whose members are not in the input".to_owned()
        } else {
            format!("and the members of the group {group} within it are not in the input")
        };
        say.message(format!(
            "{} at {} is held through {who}, {within}",
            words::role(cx, cx.tenant.role_of(row)),
            words::place(cx, row.scope),
        ))
        .label("members unknown")
        .help("export the members of the group, each group's to a file of its own")
        .command(format!("az ad group member list --group {group}"))
        .fact("group", group)
        .key(words::key(cx, row));
    });
}

/// The first group, among `group` and the groups within it, of which the members are not known.
fn unknown_group(cx: &Join<'_>, group: Guid) -> Option<Guid> {
    let mut waiting = vec![group];
    let mut seen = Vec::new();
    while let Some(group) = waiting.pop() {
        if group == Guid::NIL || seen.contains(&group) {
            continue;
        }
        if !cx.tenant.knows_members(group) {
            return Some(group);
        }
        seen.push(group);
        let nested = cx.tenant.members_of(group);
        waiting.extend(
            nested
                .filter(|link| link.kind == DirectoryKind::Group)
                .map(|link| link.part),
        );
    }
    None
}
