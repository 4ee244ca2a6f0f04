//! The retired manifest format.

use crate::kinds::legacy::LEGACY_NAMES;
use crate::model::Application;
use crate::rules::{Context, Out, Severity, declare_rule};

declare_rule! {
    /// An application is written in the retired Azure AD Graph format.
    ///
    /// **Why it matters.** The portal has taken only the Microsoft Graph format since January
    /// 2025, and `az` since version 2.37. Such a file can be read, but not applied any more.
    ///
    /// **What is checked.** Names that only the old format has, such as `replyUrlsWithType`,
    /// `allowPublicClient` or `availableToOtherTenants`. The finding lists the new name of each
    /// one that the file uses.
    ///
    /// **Fix.** Rename the properties as listed, or download the manifest again.
    pub static LEGACY_MANIFEST = {
        id: "legacy-manifest",
        group: Document,
        severity: Info,
        persona: Audit,
        needs: [Application],
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/entra/identity-platform/azure-active-directory-graph-app-manifest-deprecation",
        ],
        check: Application(legacy_manifest),
    }
}

fn legacy_manifest(app: &Application<'_>, _: &Context<'_>, out: &mut Out<'_>) {
    let Some(legacy) = &app.legacy else {
        return;
    };
    out.report(Severity::Info, legacy.first, |say| {
        let renames: Vec<String> = LEGACY_NAMES
            .iter()
            .filter(|(old, _)| {
                legacy
                    .used
                    .iter()
                    .any(|used| used.eq_ignore_ascii_case(old))
            })
            .map(|(old, new)| format!("{old} → {new}"))
            .collect();
        say.message("this application is in the retired Azure AD Graph format")
            .label("a name of the old format")
            .help(format!("the names it uses map so: {}", renames.join("; ")))
            .command(format!("az ad app show --id {}", app.cli_id()));
    });
}
