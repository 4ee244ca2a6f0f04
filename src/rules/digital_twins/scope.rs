//! Where data roles are assigned, and by which name.

use crate::catalog::digital_twins::role_formerly_named;
use crate::catalog::role;
use crate::model::{Part, RoleAssignment, Schedule};
use crate::rules::{Context, Join, JoinOut, Out, Severity, declare_rule, shell_word};
use crate::tenant::{AssignmentRow, Level, ScopeId};

declare_rule! {
    /// A data role is assigned where no instance is.
    ///
    /// **Why it matters.** The instance was moved, deleted, or made in another resource group, and
    /// the assignment stayed behind: it gives nothing, while whoever relies on it gets 403. Moving
    /// a resource does not move what is assigned on it.
    ///
    /// **What is checked.** A role with data actions of Azure Digital Twins, assigned at an instance
    /// that a complete export of instances does not have, or at a resource group with none in it.
    /// Only in subscriptions of which the export has some instance, for `az dt list` shows one
    /// subscription.
    ///
    /// **Fix.** Assign the role at the instance, and delete this assignment:
    /// `az role assignment delete --assignee <principal> --role <role> --scope <scope>`.
    pub static ADT_DATA_ROLE_ELSEWHERE = {
        id: "adt-data-role-elsewhere",
        group: DigitalTwins,
        severity: Warning,
        persona: Regular,
        needs: [RoleAssignment, DigitalTwinsInstance],
        complete: [DigitalTwinsInstance],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/role-based-access-control/troubleshooting",
            "https://learn.microsoft.com/azure/digital-twins/troubleshoot-error-403-digital-twins",
        ],
        check: JoinedAssignment(elsewhere),
    }
}

fn elsewhere(row: &AssignmentRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    let Some(access) = cx.access() else {
        return;
    };
    if !counts(row) || !access.reach.gives_data(row) {
        return;
    }
    let scopes = &cx.tenant.rows.scopes;
    let level = scopes.level(row.scope);
    if !matches!(level, Level::Resource | Level::ResourceGroup) {
        return;
    }
    let known = scopes
        .subscription(row.scope)
        .is_some_and(|subscription| access.reach.subscriptions.contains(subscription));
    let instances = || cx.tenant.rows.instances.iter();
    let all_placed = instances().all(|instance| instance.scope.is_some());
    let matches =
        |scope: ScopeId| scopes.is_within(scope, row.scope) || scopes.is_within(row.scope, scope);
    let any = instances()
        .filter_map(|instance| instance.scope)
        .any(matches);
    if !known || !all_placed || any {
        return;
    }
    out.report(Severity::Warning, Part::Scope, |say| {
        let scope = scopes.text(row.scope);
        let name = scope.rsplit('/').next().unwrap_or("").to_owned();
        let principal = cx.tenant.principal_of(row);
        let role = access.role_called(number(cx, row));
        let twin = instances().find(|instance| instance.name.eq_ignore_ascii_case(&name));
        say.message(match (level, twin) {
            (Level::ResourceGroup, _) => {
                format!("{role} is assigned at a resource group without an instance")
            }
            (_, Some(_)) => format!(
                "{role} is assigned at an instance {} of another place than the exported one",
                crate::rules::out::quoted(&name)
            ),
            (_, None) => format!(
                "{role} is assigned at {}, which is no instance of the export",
                crate::rules::out::quoted(&name)
            ),
        })
        .label("no instance of the export here")
        .help("assign the role at the instance that is meant, and delete this assignment")
        .command(format!(
            "az role assignment delete --assignee {principal} --role {} --scope {}",
            cx.tenant.role_of(row),
            shell_word(&scope)
        ))
        .fact("scope", scope.as_str())
        .key(format!("{principal}/{}", cx.tenant.role_of(row)));
        match twin.or(instances().next()) {
            Some(instance) if twin.is_some() => {
                say.see(instance.at, Part::Id, "the instance of that name");
            }
            Some(instance) => {
                say.see(instance.at, Part::Id, "an instance of the export");
            }
            None => {}
        }
    });
}

declare_rule! {
    /// Azure Digital Twins Data Owner is assigned above the instance.
    ///
    /// **Why it matters.** Whoever has it may read, change and delete the twins and models of every
    /// instance below, also of those that are made later. One instance is mostly what was meant.
    ///
    /// **What is checked.** The role that may do everything with the data, assigned at a
    /// subscription, a management group or the root (a warning), or at a resource group (worth
    /// knowing). Assignments that wait to be activated count.
    ///
    /// **Fix.** Assign it at the instance, then delete this one: `az role assignment delete
    /// --assignee <principal> --role "Azure Digital Twins Data Owner" --scope <scope>`.
    pub static ADT_DATA_ROLE_TOO_BROAD = {
        id: "adt-data-role-too-broad",
        group: DigitalTwins,
        severity: Warning,
        persona: Regular,
        needs: [RoleAssignment],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/role-based-access-control/best-practices",
            "https://learn.microsoft.com/azure/role-based-access-control/scope-overview",
        ],
        check: JoinedAssignment(too_broad),
    }
}

fn too_broad(row: &AssignmentRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    let Some(profile) = &cx.settings.profile else {
        return;
    };
    let role = cx.tenant.role_of(row);
    if profile.data_roles.first() != Some(&role) || !counts(row) {
        return;
    }
    let scopes = &cx.tenant.rows.scopes;
    let level = scopes.level(row.scope);
    let severity = match level {
        Level::Root | Level::ManagementGroup | Level::Subscription => Severity::Warning,
        Level::ResourceGroup => Severity::Info,
        Level::Resource | Level::Other => return,
    };
    let Some(access) = cx.access() else {
        return;
    };
    out.report(severity, Part::Scope, |say| {
        let principal = cx.tenant.principal_of(row);
        let scope = scopes.text(row.scope);
        say.message(format!(
            "{} reaches every instance below {}",
            access.role_called(number(cx, row)),
            level.called()
        ))
        .label("wider than one instance")
        .help("assign the role at the instance, and delete this assignment")
        .command(format!(
            "az role assignment delete --assignee {principal} --role {role} --scope {}",
            shell_word(&scope)
        ))
        .fact("scope", scope.as_str())
        .key(format!("{principal}/{role}"));
        // An instance that it reaches, so that the step down is seen.
        let below = cx.tenant.rows.instances.iter().find(|instance| {
            instance
                .scope
                .is_some_and(|inner| scopes.is_within(inner, row.scope))
        });
        if let Some(instance) = below {
            say.see(instance.at, Part::Id, "one of the instances below");
        }
        if let Some(holder) = cx.tenant.principal(principal) {
            say.see(holder.at, Part::Id, "who has it");
        }
    });
}

declare_rule! {
    /// A role is named as it was called in the preview.
    ///
    /// **Why it matters.** "Azure Digital Twins Owner (Preview)" is the former name of Azure Digital
    /// Twins Data Owner, renamed in October 2020. The assignment works, for its GUID is the same;
    /// scripts that look roles up by name fail: "role doesn't exist".
    ///
    /// **What is checked.** `roleDefinitionName` is the former name of a data role.
    ///
    /// **Fix.** Use the present name in scripts and documents, and export the assignments anew.
    pub static ADT_ROLE_PREVIEW_NAME = {
        id: "adt-role-preview-name",
        group: DigitalTwins,
        severity: Info,
        persona: Regular,
        needs: [RoleAssignment],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/digital-twins/troubleshoot-error-403-digital-twins",
            "https://learn.microsoft.com/azure/role-based-access-control/built-in-roles",
        ],
        check: Assignment(preview_name),
    }
}

fn preview_name(assignment: &RoleAssignment<'_>, cx: &Context<'_>, out: &mut Out<'_>) {
    let Some(name) = assignment.role_name.spanned() else {
        return;
    };
    let Some(now) = role_formerly_named(name.trim()) else {
        return;
    };
    let ours = cx
        .profile
        .is_some_and(|profile| profile.data_roles.contains(&now));
    if !ours {
        return;
    }
    out.report(Severity::Info, name.span, |say| {
        let present = role(now).map_or("", |role| role.name);
        say.message(format!(
            "the role {} is called {present} since October 2020",
            crate::rules::out::code(name)
        ))
        .label("its name in the preview")
        .help(format!("write {present} in scripts and documents"))
        .key(now.to_string());
    });
}

/// It gives something, or may be made to.
fn counts(row: &AssignmentRow) -> bool {
    !row.is(AssignmentRow::CLASSIC | AssignmentRow::INACTIVE) && row.schedule != Schedule::Request
}

/// The assignment's number among the tenant's rows.
fn number(cx: &Join<'_>, row: &AssignmentRow) -> u32 {
    let found = cx.tenant.rows.assignments.find(row.at);
    found.map_or(u32::MAX, |number| number as u32)
}
