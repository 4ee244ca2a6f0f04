//! Names and identifiers that two applications have.

use crate::rules::out::{code, quoted};
use crate::rules::{Wording, declare_rule};

declare_rule! {
    /// Two applications have the same identifier URI.
    ///
    /// **Why it matters.** A token for that URI is meant for one API. Entra keeps identifier URIs
    /// unique within a tenant, so one of the two cannot be registered, or the two are never seen
    /// side by side and a client asks for a token to the wrong one.
    ///
    /// **What is checked.** Identifier URIs of different applications, whatever their case.
    /// Placeholders and deleted applications are left out. Each further application is reported
    /// once for each URI, and points to the first.
    ///
    /// **Fix.** Give each a URI of its own, best the default `api://<app>`:
    /// `az ad app update --id <app> --identifier-uris api://<app>`.
    pub static IDENTIFIER_URI_SHARED = {
        id: "identifier-uri-shared",
        group: Hygiene,
        severity: Error,
        persona: Regular,
        needs: [Application],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity-platform/identifier-uri-restrictions",
            "https://learn.microsoft.com/graph/api/resources/application",
        ],
        check: Shared,
    }
}

declare_rule! {
    /// Two applications have the same display name.
    ///
    /// **Why it matters.** "Search for the name" picks the wrong one: roles are assigned to the
    /// other application, or its secret is rotated. A command that takes a name refuses both.
    ///
    /// **What is checked.** Display names of different applications, whatever their case and the
    /// blanks around them. Placeholders and deleted applications are left out. Each further
    /// application is reported once, and points to the first.
    ///
    /// **Fix.** Rename one after its purpose or its stage:
    /// `az ad app update --id <app> --display-name <name>`.
    pub static DISPLAY_NAME_SHARED = {
        id: "display-name-shared",
        group: Hygiene,
        severity: Info,
        persona: Regular,
        needs: [Application],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/graph/api/resources/application",
        ],
        check: Shared,
    }
}

/// What two applications have in common.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Shared<'s> {
    IdentifierUri(&'s str),
    DisplayName,
}

/// Words both rules: `other` is the first application's name, `other_id` its client id, `cli_id`
/// what `--id` takes for the one that is reported.
pub fn shared(say: &mut Wording, what: Shared<'_>, other: &str, other_id: &str, cli_id: &str) {
    match what {
        Shared::IdentifierUri(uri) => say
            .message(format!(
                "the identifier URI {} is also one of the application {}",
                code(uri),
                quoted(other)
            ))
            .label("the same identifier URI")
            .help("give each application a URI of its own")
            .command(format!(
                "az ad app update --id {cli_id} --identifier-uris api://{cli_id}"
            ))
            .key(uri.to_lowercase()),
        Shared::DisplayName => say
            .message(format!(
                "the application {other_id} is called {} too",
                quoted(other)
            ))
            .label("the same name")
            .help("rename one of them after its purpose or its stage")
            .command(format!(
                "az ad app update --id {cli_id} --display-name '<name>'"
            )),
    };
}
