//! Service principals of other tenants' applications with strong rights.

use super::privileged::{Right, directory_privileges};
use crate::catalog::{self, DirectoryRole, Permission, Risk};
use crate::model::{Guid, Part, PermissionKind};
use crate::rules::{Join, JoinOut, Severity, declare_rule};
use crate::tenant::{At, ConsentType, PrincipalRow, Tenant};

declare_rule! {
    /// An application of another tenant holds critical or high rights here.
    ///
    /// **Why it matters.** Its credentials lie with whoever registered it. Nobody here sees them,
    /// replaces them or is told when they leak, and what it may do in this tenant it may do from
    /// anywhere.
    ///
    /// **What is checked.** Service principals whose application belongs to another tenant, other
    /// than Microsoft's own two, with an application permission or a delegated permission for all
    /// users that ScubaGear's list rates Critical or High, or with a privileged role of the
    /// directory. It is an error where the right is as good as Global Administrator: that role and
    /// those that can assign it or reset its holders' credentials, and the application permissions
    /// of *permission-tier-zero*. Which tenant is one's own is told by `tenant` in the
    /// configuration, by the documents themselves, or by the service principals of the
    /// applications that were exported beside them; where nothing tells, nothing is said.
    ///
    /// **Fix.** Ask the vendor what the right is for, and grant less. Disable what nobody knows:
    /// `az ad sp update --id <sp> --set accountEnabled=false`.
    ///
    /// **Options.** `azure-digital-twins.tenant` names the own tenant.
    pub static PRIVILEGED_FOREIGN = {
        id: "privileged-foreign",
        group: Posture,
        severity: Warning,
        persona: Regular,
        needs: [
            ServicePrincipal,
            AppRoleAssignment | DelegatedGrant | DirectoryRoleAssignment,
        ],
        since: "0.1.0",
        options: ["azure-digital-twins.tenant"],
        references: [
            "https://learn.microsoft.com/entra/identity/enterprise-apps/manage-application-permissions",
            "https://github.com/cisagov/ScubaGear",
        ],
        peers: [
            "ScubaGear third-party applications with risky permissions",
            "M365-Assess ENTAPP-003",
            "M365-Assess ENTAPP-004",
            "M365-Assess ENTAPP-005",
            "M365-Assess ENTAPP-011",
            "EntraFalcon foreign enterprise applications",
            "Zero Trust Assessment 21770",
        ],
        check: JoinedPrincipal(privileged_foreign),
    }
}

/// A strong right, and the row that proves it.
struct Held {
    rank: (bool, Risk),
    what: What,
    id: Guid,
    at: At,
    part: Part,
}

/// What a right is.
#[derive(Copy, Clone)]
enum What {
    Permission(&'static Permission),
    Role(&'static DirectoryRole),
}

impl What {
    fn called(self) -> String {
        match self {
            What::Permission(permission) if permission.kind == PermissionKind::Scope => {
                format!("{} for all users", permission.value)
            }
            What::Permission(permission) => permission.value.to_owned(),
            What::Role(role) => format!("the role {}", role.name),
        }
    }
}

/// Rights that one finding shows.
const SHOWN: usize = 3;

fn privileged_foreign(principal: &PrincipalRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    let owner = principal.owner_tenant;
    if principal.id == Guid::NIL
        || owner == Guid::NIL
        || principal.enabled.is_no()
        || principal.is_microsofts()
        || cx.home_tenant().is_none_or(|home| home == owner)
    {
        return;
    }
    let tenant = cx.tenant;
    let mut held = strong_rights(tenant, principal.id);
    // The worst first; of equals the order of the documents.
    held.sort_by(|a, b| b.rank.cmp(&a.rank).then(a.at.cmp(&b.at)));
    let Some(worst) = held.first() else {
        return;
    };
    let severity = if worst.rank.0 {
        Severity::Error
    } else {
        Severity::Warning
    };
    out.report(severity, Part::OwnerTenant, |say| {
        let name = say.name(principal.at);
        let more = match held.len() - 1 {
            0 => String::new(),
            1 => " and 1 strong right more".to_owned(),
            more => format!(" and {more} strong rights more"),
        };
        say.message(format!(
            "the application {name} of another tenant holds {}{more}",
            worst.what.called()
        ))
        .label("registered in another tenant")
        .help("ask its vendor what the right is for, and grant less; disable what nobody knows")
        .fact("ownerTenant", owner)
        .fact("rights", held.len())
        .key(worst.id.to_string());
        for right in held.iter().take(SHOWN) {
            say.see(right.at, right.part, "granted here");
        }
        say.command(format!(
            "az ad sp update --id {} --set accountEnabled=false",
            principal.id
        ));
    });
}

/// Critical and high rights of a service principal, each once.
fn strong_rights(tenant: &Tenant, principal: Guid) -> Vec<Held> {
    let mut held: Vec<Held> = Vec::new();
    let mut add = |right: Held| {
        if !held
            .iter()
            .any(|known| known.id == right.id && known.part == right.part)
        {
            held.push(right);
        }
    };
    for row in tenant.app_roles_of(principal) {
        if let Some(permission) = tenant.granted(row)
            && let Some(rank) = rank(permission)
        {
            add(Held {
                rank,
                what: What::Permission(permission),
                id: permission.id,
                at: row.at,
                part: Part::Role,
            });
        }
    }
    for privilege in directory_privileges(tenant, principal) {
        if let Right::Directory(role) = privilege.right {
            add(Held {
                rank: (privilege.right.is_tier_zero(), Risk::Critical),
                what: What::Role(role),
                id: role.id,
                at: privilege.at,
                part: Part::Role,
            });
        }
    }
    // What a single user consented to reaches that user's data alone.
    let for_all = tenant
        .grants_of(principal)
        .filter(|grant| grant.consent == ConsentType::AllPrincipals);
    for grant in for_all {
        let Some(resource) = tenant.principal(grant.resource) else {
            continue;
        };
        for value in tenant.scopes_of(grant) {
            let kind = Some(PermissionKind::Scope);
            let Some(permission) = catalog::permission_by_value(resource.app_id, value, kind)
            else {
                continue;
            };
            if let Some(rank) = rank(permission) {
                add(Held {
                    rank,
                    what: What::Permission(permission),
                    id: permission.id,
                    at: grant.at,
                    part: Part::Scope,
                });
            }
        }
    }
    held
}

/// How strong a permission is, when it is critical or high: tier zero first.
fn rank(permission: &Permission) -> Option<(bool, Risk)> {
    let core = permission.core && permission.kind == PermissionKind::Role;
    match permission.risk {
        Some(risk) if risk >= Risk::High => Some((core, risk)),
        _ if core => Some((true, Risk::Critical)),
        _ => None,
    }
}
