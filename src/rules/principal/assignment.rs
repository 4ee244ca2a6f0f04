//! Who may sign in to an application at all.

use super::is_microsofts;
use crate::model::{Part, ServicePrincipal};
use crate::rules::{Context, Join, JoinOut, Out, Severity, declare_rule};
use crate::tenant::{PrincipalKind, PrincipalRow};

declare_rule! {
    /// Users have to be assigned to the application, and nobody is.
    ///
    /// **Why it matters.** Whoever signs in is refused (AADSTS50105), administrators included, and
    /// so is every service that asks for a token to it.
    ///
    /// **What is checked.** `appRoleAssignmentRequired` is true and a complete export of app role
    /// assignments names nobody for this service principal. The export has to show users or groups
    /// of other applications: one that was made from the side of service principals lists none.
    /// Silent for what nobody signs in to: managed identities, and service principals without
    /// reply URLs that expose nothing.
    ///
    /// **Fix.** Assign the users and groups, or let everybody in:
    /// `az ad sp update --id <sp> --set appRoleAssignmentRequired=false`.
    pub static ASSIGNMENT_REQUIRED_UNASSIGNED = {
        id: "assignment-required-unassigned",
        group: Principal,
        severity: Error,
        persona: Regular,
        needs: [ServicePrincipal, AppRoleAssignment],
        complete: [AppRoleAssignment],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity/enterprise-apps/assign-user-or-group-access-portal",
            "https://learn.microsoft.com/entra/identity-platform/reference-error-codes",
        ],
        check: JoinedPrincipal(unassigned),
    }
}

fn unassigned(principal: &PrincipalRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    let tenant = cx.tenant;
    let signed_in_to = principal.replies.len > 0 || principal.exposed.len > 0;
    if !principal.assignment_required.is_yes()
        || principal.is_microsofts()
        || principal.kind == PrincipalKind::ManagedIdentity
        || principal.deleted
        || principal.enabled.is_no()
        || !signed_in_to
        || !tenant.shows_assigned_people()
        || !tenant.knows_app_roles(principal.id, principal.id)
        || tenant.app_roles_for(principal.id).next().is_some()
    {
        return;
    }
    out.report(Severity::Error, Part::AssignmentRequired, |say| {
        let name = say.name(principal.at);
        say.message(format!(
            "users have to be assigned to {name}, and nobody is"
        ))
        .label("required, and nobody is assigned")
        .help("assign the users and groups that may use it, or let everybody in")
        .command(format!(
            "az ad sp update --id {} --set appRoleAssignmentRequired=false",
            principal.id
        ));
    });
}

declare_rule! {
    /// Everybody in the tenant may sign in to the application.
    ///
    /// **Why it matters.** Without assignment every user, guests included, gets a token, and the
    /// application alone decides what they may see. That is right for an application that is meant
    /// for all.
    ///
    /// **What is checked.** `appRoleAssignmentRequired` is false, for an enabled service principal
    /// of an application that is not Microsoft's.
    ///
    /// **Fix.** Unless it is meant for all, assign the users and groups that may use it, then
    /// `az ad sp update --id <sp> --set appRoleAssignmentRequired=true`.
    pub static ASSIGNMENT_NOT_REQUIRED = {
        id: "assignment-not-required",
        group: Principal,
        severity: Info,
        persona: Audit,
        needs: [ServicePrincipal],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity/enterprise-apps/assign-user-or-group-access-portal",
        ],
        peers: ["Maester MT.1075, MT.1186", "Zero Trust Assessment 21869"],
        check: Principal(not_required),
    }
}

fn not_required(principal: &ServicePrincipal<'_>, _: &Context<'_>, out: &mut Out<'_>) {
    let Some(off) = principal
        .assignment_required
        .spanned()
        .filter(|required| !required.value)
    else {
        return;
    };
    let kind = principal
        .kind
        .value()
        .map_or(PrincipalKind::Unknown, |kind| PrincipalKind::parse(kind));
    if kind != PrincipalKind::Application
        || is_microsofts(principal)
        || principal.deleted.value().is_some()
        || principal.enabled.value() == Some(&false)
    {
        return;
    }
    out.report(Severity::Info, off.span, |say| {
        say.message("everybody in the tenant may sign in: assignment is not required")
            .label("assignment not required")
            .help("unless it is meant for all, assign the users that may use it, then require assignment")
            .command(format!(
                "az ad sp update --id {} --set appRoleAssignmentRequired=true",
                principal.cli_id()
            ));
    });
}
