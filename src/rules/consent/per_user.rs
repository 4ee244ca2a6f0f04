//! Consent that only some users gave.

use crate::model::{Guid, Part};
use crate::rules::permission::joined::api_name;
use crate::rules::{Join, JoinOut, Severity, declare_rule};
use crate::tenant::{ConsentType, GrantRow, PrincipalRow};

declare_rule! {
    /// Only some users consented to what an application does in their names.
    ///
    /// **Why it matters.** It works for them and for nobody else: the next user meets a consent
    /// prompt, or is refused where users may not consent (AADSTS65001). What single users allowed
    /// is also easily overlooked when consent is reviewed.
    ///
    /// **What is checked.** Grants with `consentType` `Principal` of one client for one API, whose
    /// scopes no grant for all users covers. The export of grants has to be complete. Microsoft's
    /// own applications are left out.
    ///
    /// **Fix.** Consent for everybody if the application is meant for everybody,
    /// `az ad app permission admin-consent --id <app>`; else review who consented.
    pub static CONSENT_PER_USER = {
        id: "consent-per-user",
        group: Consent,
        severity: Info,
        persona: Regular,
        needs: [ServicePrincipal, DelegatedGrant],
        complete: [DelegatedGrant],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/graph/api/resources/oauth2permissiongrant",
            "https://learn.microsoft.com/entra/identity/enterprise-apps/user-admin-consent-overview",
        ],
        peers: ["Guerrilla EIDAPP-011", "M365-Assess CONSENT-004"],
        check: JoinedPrincipal(per_user),
    }
}

fn per_user(client: &PrincipalRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    let tenant = cx.tenant;
    let single = |row: &&GrantRow| row.consent == ConsentType::Principal;
    if client.is_microsofts() || !tenant.grants_of(client.id).any(|row| single(&row)) {
        return;
    }
    let mut all: Vec<&GrantRow> = tenant.grants_of(client.id).collect();
    all.sort_by_key(|row| row.resource);
    for of_one in all.chunk_by(|one, two| one.resource == two.resource) {
        let granted: Vec<&str> = of_one
            .iter()
            .filter(|row| row.consent == ConsentType::AllPrincipals)
            .flat_map(|row| tenant.scopes_of(row))
            .collect();
        let for_all = |scope: &str| {
            granted
                .iter()
                .any(|other| other.eq_ignore_ascii_case(scope))
        };
        let mut uncovered: Vec<&GrantRow> = of_one
            .iter()
            .copied()
            .filter(single)
            .filter(|row| !tenant.scopes_of(row).all(for_all))
            .collect();
        let Some(first) = uncovered.first().copied() else {
            continue;
        };
        let Some(resource) = tenant.principal(first.resource) else {
            continue;
        };
        uncovered.sort_by_key(|row| row.principal);
        uncovered.dedup_by_key(|row| row.principal);
        let users = uncovered.len();
        out.report(Severity::Info, Part::AppId, |say| {
            let (name, api) = (say.name(client.at), api_name(say, tenant, resource.app_id));
            let who = match users {
                1 => "one user".to_owned(),
                _ => format!("{users} users"),
            };
            say.message(format!(
                "only {who} consented to what {name} does with {api}"
            ))
            .label("not consented for all users")
            .help("consent for everybody if the application is meant for everybody, else review who consented")
            .fact("users", users)
            .key(resource.app_id.to_string())
            .see(first.at, Part::ConsentType, "one user's consent");
            if client.app_id != Guid::NIL {
                say.command(format!(
                    "az ad app permission admin-consent --id {}",
                    client.app_id
                ));
            }
        });
    }
}
