//! Custom roles that give too much.

use super::{Plane, UPDATE, allows, called, is_custom, named};
use crate::access::operations::covers;
use crate::model::RoleDefinition;
use crate::rules::out::code;
use crate::rules::{Context, Out, Severity, declare_rule};

declare_rule! {
    /// A custom role allows everything, or all of Azure Digital Twins, with one wildcard.
    ///
    /// **Why it matters.** A custom role is made to give less than a built-in one. `*` makes it a
    /// second Owner that no review of Owners finds, and it takes in every operation that Azure
    /// adds later.
    ///
    /// **What is checked.** `*` among the actions or data actions of a custom role, or a pattern
    /// that covers all operations of Microsoft.DigitalTwins, whatever is excluded beside it.
    ///
    /// **Fix.** Name the operations that are needed; `Microsoft.DigitalTwins/*/read` is narrow
    /// enough for reading. `az role definition update --role-definition @role.json`.
    pub static CUSTOM_ROLE_WILDCARD = {
        id: "custom-role-wildcard",
        group: Role,
        severity: Warning,
        persona: Regular,
        needs: [RoleDefinition],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/role-based-access-control/custom-roles#custom-role-properties",
            "https://learn.microsoft.com/azure/role-based-access-control/best-practices#avoid-using-wildcards-for-custom-roles",
        ],
        peers: [
            "prowler iam_subscription_roles_owner_custom_not_created",
            "Checkov CKV_AZURE_39",
            "Trivy AZU-0030",
            "ScoutSuite rbac-custom-subscription-owner-role-not-allowed",
            "Monkey365 azure-subscription-custom-role-excessive-permissions",
            "Guerrilla AZIAM-009",
            "Steampipe iam_no_custom_subscription_owner_roles_created",
            "cnspec rbac-custom-roles-least-privilege",
            "CIS Azure 5.4",
        ],
        check: Definition(wildcard),
    }
}

fn wildcard(role: &RoleDefinition<'_>, _: &Context<'_>, out: &mut Out<'_>) {
    if !is_custom(role) {
        return;
    }
    for found in named(role).filter(|found| !found.excluded) {
        let pattern = found.pattern.trim();
        let everything = pattern.contains('*') && pattern.bytes().all(|b| matches!(b, b'*' | b'/'));
        let all = found.plane.operations();
        if !everything && !all.iter().all(|operation| covers(pattern, operation)) {
            continue;
        }
        out.report(Severity::Warning, found.pattern.span, |say| {
            let what = match (everything, found.plane) {
                (true, Plane::Control) => "every operation on resources",
                (true, Plane::Data) => "every operation on data",
                (false, Plane::Control) => "every operation on Azure Digital Twins instances",
                (false, Plane::Data) => "every operation on the data of Azure Digital Twins",
            };
            say.message(format!(
                "{} allows {what} with {} in `{}`",
                called(role),
                code(pattern),
                found.list
            ))
            .label("allows everything")
            .help("name the operations that are needed")
            .key(found.key())
            .command(UPDATE);
        });
    }
}

declare_rule! {
    /// A custom role can write role assignments or role definitions.
    ///
    /// **Why it matters.** Whoever can assign roles can assign Owner, and whoever can change a
    /// role can add to the one they hold. Such a role is as strong as Owner, and no review that
    /// looks for Owner and User Access Administrator finds it.
    ///
    /// **What is checked.** The actions of a custom role, exclusions deducted, allow
    /// `Microsoft.Authorization/roleAssignments/write` or
    /// `Microsoft.Authorization/roleDefinitions/write` without a condition.
    ///
    /// **Fix.** Take the operation out, or exclude it in `notActions`; where roles have to be
    /// assigned, use Role Based Access Control Administrator with a condition.
    pub static CUSTOM_ROLE_GRANTS_ROLES = {
        id: "custom-role-grants-roles",
        group: Role,
        severity: Warning,
        persona: Regular,
        needs: [RoleDefinition],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/role-based-access-control/delegate-role-assignments-overview",
        ],
        peers: [
            "Trivy AZU-0052",
            "KICS role_definition_allows_custom_role_creation",
            "cnspec rbac-no-custom-role-creation",
            "AzGovViz custom roles with roleAssignments/write",
        ],
        check: Definition(grants_roles),
    }
}

fn grants_roles(role: &RoleDefinition<'_>, _: &Context<'_>, out: &mut Out<'_>) {
    const WRITES: [(&str, &str); 2] = [
        (
            "Microsoft.Authorization/roleAssignments/write",
            "role assignments",
        ),
        (
            "Microsoft.Authorization/roleDefinitions/write",
            "role definitions",
        ),
    ];
    if !is_custom(role) {
        return;
    }
    for (operation, what) in WRITES {
        // A condition may limit what is assigned; it, and a placeholder for one, is left alone.
        let granting = role.blocks.iter().find_map(|block| {
            let free = block.condition.is_absent()
                || matches!(block.condition, crate::model::Field::Null(_));
            let granted = block
                .actions
                .iter()
                .find(|pattern| covers(pattern, operation))?;
            (free && allows(block, Plane::Control, operation)).then_some(granted)
        });
        let Some(pattern) = granting else { continue };
        out.report(Severity::Warning, pattern.span, |say| {
            say.message(format!(
                "{} can write {what}, and so gain every other right",
                called(role)
            ))
            .label(format!("allows to write {what}"))
            .help(format!(
                "take out `{operation}`, or exclude it in `notActions`"
            ))
            .key(operation.to_lowercase())
            .command(UPDATE);
        });
    }
}
