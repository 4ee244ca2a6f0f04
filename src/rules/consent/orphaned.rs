//! Grants between parties of which one is gone.

use super::remove_grant;
use crate::model::{Guid, Part};
use crate::rules::{Join, JoinOut, Severity, declare_rule};
use crate::tenant::{ConsentType, GrantRow};

declare_rule! {
    /// A consent names a client, an API or a user that is gone.
    ///
    /// **Why it matters.** It gives nobody anything, and shows up in every review. A grant whose
    /// client is missing from an export that should be complete may also mean that the export is
    /// not.
    ///
    /// **What is checked.** `clientId` and `resourceId` of a delegated grant against a complete
    /// export of service principals; `principalId` of one user's consent against a list of users,
    /// where the input has one.
    ///
    /// **Fix.** Delete the grant: `DELETE /oauth2PermissionGrants/<id>`.
    pub static CONSENT_ORPHANED = {
        id: "consent-orphaned",
        group: Consent,
        severity: Info,
        persona: Regular,
        needs: [DelegatedGrant, ServicePrincipal],
        complete: [ServicePrincipal],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/graph/api/oauth2permissiongrant-delete",
            "https://learn.microsoft.com/graph/api/resources/oauth2permissiongrant",
        ],
        check: JoinedGrant(orphaned),
    }
}

fn orphaned(row: &GrantRow, cx: &Join<'_>, out: &mut JoinOut<'_>) {
    let tenant = cx.tenant;
    let gone = |id: Guid| id != Guid::NIL && tenant.principal(id).is_none();
    let user = row.consent == ConsentType::Principal
        && row.principal != Guid::NIL
        && tenant.knows_people()
        && tenant.directory_object(row.principal).is_none();
    let (part, id, what) = if gone(row.client) {
        (Part::Client, row.client, "client")
    } else if gone(row.resource) {
        (Part::ResourceId, row.resource, "API")
    } else if user {
        (Part::Principal, row.principal, "user")
    } else {
        return;
    };
    out.report(Severity::Info, part, |say| {
        say.message(format!("the consent's {what} {id} is not in the export"))
            .label(format!("no such {what} in the export"))
            .help("make sure that the export is complete, then delete the grant")
            .fact("missing", id)
            .key(what);
        let other = [row.client, row.resource]
            .into_iter()
            .find_map(|id| tenant.principal(id));
        if let Some(other) = other {
            let label = if other.id == row.client {
                "its client"
            } else {
                "its API"
            };
            say.see(other.at, Part::Id, label);
        }
        let command = remove_grant(say, row);
        say.command(command);
    });
}
