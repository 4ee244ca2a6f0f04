//! One credential on two applications.

use crate::rules::{Wording, declare_rule};

declare_rule! {
    /// Two applications share a credential.
    ///
    /// **Why it matters.** Whoever holds it can sign in as either, so a leak of one is a leak of
    /// both, and neither can be rotated alone.
    ///
    /// **What is checked.** The same certificate thumbprint, or the same key id of a secret or
    /// certificate, on two applications with different object ids. Thumbprints are compared
    /// whether they are written as hexadecimal digits or as base64.
    ///
    /// **Fix.** Give each application a credential of its own:
    /// `az ad app credential reset --id <app> --create-cert --append`.
    pub static CREDENTIAL_SHARED = {
        id: "credential-shared",
        group: Credential,
        severity: Warning,
        persona: Regular,
        needs: [Application],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity-platform/security-best-practices-for-app-registration",
        ],
        check: Shared,
    }
}

/// Words *credential-shared*: `other` is the second application's name or id, `cli_id` the first's
/// id for commands, `key` tells the credential.
pub fn shared(say: &mut Wording, certificate: bool, other: &str, cli_id: &str, key: &str) {
    let noun = if certificate {
        "certificate"
    } else {
        "credential"
    };
    say.message(format!("this {noun} is also on the application {other}"))
        .label(format!("the same {noun}"))
        .help("give each application a credential of its own")
        .command(format!(
            "az ad app credential reset --id {cli_id} --create-cert --append"
        ))
        .key(key);
}
