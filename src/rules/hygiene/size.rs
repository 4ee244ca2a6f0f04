//! How much one application object may hold.

use crate::catalog::limits;
use crate::model::Application;
use crate::rules::{Context, Out, Severity, declare_rule};

declare_rule! {
    /// The application's lists hold more entries than Entra stores.
    ///
    /// **Why it matters.** Entra refuses the next entry, whatever it is: suddenly no redirect URI
    /// and no certificate can be added.
    ///
    /// **What is checked.** The entries of `appRoles`, `keyCredentials`,
    /// `knownClientApplications`, `identifierUris`, the redirect URIs, `requiredResourceAccess`
    /// and `oauth2PermissionScopes` together: over 1,200 an error, over 1,000 a warning, for
    /// Microsoft names both numbers.
    ///
    /// **Fix.** Remove what is no longer used, or split the application.
    pub static MANIFEST_TOO_LARGE = {
        id: "manifest-too-large",
        group: Hygiene,
        severity: Error,
        persona: Regular,
        needs: [Application],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity-platform/reference-microsoft-graph-app-manifest#manifest-limits",
            "https://learn.microsoft.com/entra/identity-platform/supported-accounts-validation#validation-differences",
        ],
        check: Application(manifest_too_large),
    }
}

fn manifest_too_large(app: &Application<'_>, _: &Context<'_>, out: &mut Out<'_>) {
    let entries = app.collection_entries();
    let (severity, most) = if entries > limits::COLLECTION_ENTRIES {
        (Severity::Error, limits::COLLECTION_ENTRIES)
    } else if entries > limits::COLLECTION_ENTRIES_WARN {
        (Severity::Warning, limits::COLLECTION_ENTRIES_WARN)
    } else {
        return;
    };
    let collections = app.collections();
    let largest = collections.iter().max_by_key(|(_, count, _)| *count);
    let Some(&(name, count, Some(place))) = largest else {
        return;
    };
    out.report(severity, place, |say| {
        say.message(format!(
            "the application's lists hold {entries} entries, more than {most}, of which {name} has {count}"
        ))
        .label(format!("first of {count} entries"))
        .help(format!("remove what is no longer used, above all from {name}"))
        .fact("entries", entries)
        .fact("limit", most)
        .fact("largest", name)
        .key("entries");
    });
}
