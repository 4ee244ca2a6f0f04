//! Clients that may call an API without consent.

use crate::model::{Application, Guid};
use crate::rules::permission::reading::{guid, word};
use crate::rules::{Context, Out, Severity, declare_rule};

declare_rule! {
    /// A client is pre-authorized for a scope that the application does not expose.
    ///
    /// **Why it matters.** Pre-authorization spares users the consent prompt for the scopes it
    /// names. An id that is none of the application's scopes names nothing: Entra refuses the
    /// update, or users are asked after all.
    ///
    /// **What is checked.** Each id in `preAuthorizedApplications[].delegatedPermissionIds`
    /// (`permissionIds` in older manifests) against the ids of the application's own scopes, where
    /// the document tells them all. Ids of app roles are no scopes either.
    ///
    /// **Fix.** Write the id of a scope in `api.oauth2PermissionScopes`, or remove the entry.
    pub static PREAUTHORIZED_UNKNOWN = {
        id: "preauthorized-unknown",
        group: Consent,
        severity: Error,
        persona: Regular,
        needs: [Application],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/graph/api/resources/preauthorizedapplication",
            "https://learn.microsoft.com/graph/api/resources/apiapplication",
        ],
        check: Application(unknown),
    }
}

fn unknown(app: &Application<'_>, _: &Context<'_>, out: &mut Out<'_>) {
    if app.preauthorized.items.is_empty() || !app.scopes.tells_all(app.complete) {
        return;
    }
    // A scope whose id is a placeholder, or cannot be read, may be the one that is meant.
    let known: Option<Vec<Guid>> = app.scopes.iter().map(|scope| guid(&scope.id)).collect();
    let Some(mut known) = known else { return };
    known.sort_unstable();
    for client in app.preauthorized.iter() {
        for permission in client.permissions.iter() {
            let id = Guid::parse_loose(permission);
            let is_known = id.is_some_and(|id| known.binary_search(&id).is_ok());
            if is_known || permission.is_placeholder() {
                continue;
            }
            let role = id.is_some_and(|id| app.roles.iter().any(|role| guid(&role.id) == Some(id)));
            out.report(Severity::Error, permission.span, |say| {
                let called = crate::rules::out::code(permission);
                say.message(if role {
                    format!("a client is pre-authorized for the app role {called}, which is no scope")
                } else {
                    format!("a client is pre-authorized for {called}, which is no scope of the application")
                })
                .label(if role {
                    "an app role, no scope"
                } else {
                    "no scope of the application"
                })
                .help("write the id of one of the application's own scopes, or remove the entry")
                .fact("scopes", known.len())
                .key(format!(
                    "{}/{}",
                    word(&client.app_id),
                    id.map_or_else(|| permission.to_lowercase(), |id| id.to_string())
                ));
            });
        }
    }
}
