//! Consent: what users and administrators allowed applications to do, and what still has to be
//! allowed.

mod on_behalf_of;
mod orphaned;
mod per_user;
mod preauthorized;
mod tenant_wide;

pub use on_behalf_of::ON_BEHALF_OF_UNPREPARED;
pub(super) use on_behalf_of::needs_consent_beforehand;
pub use orphaned::CONSENT_ORPHANED;
pub use per_user::CONSENT_PER_USER;
pub use preauthorized::PREAUTHORIZED_UNKNOWN;
pub use tenant_wide::CONSENT_TENANT_WIDE_CRITICAL;
pub(super) use tenant_wide::is_critical;

use super::{Words, shell_word};
use crate::tenant::GrantRow;

/// Takes a delegated grant back.
pub(super) fn remove_grant(say: &Words<'_>, row: &GrantRow) -> String {
    let id = say.subject(row.at).and_then(|subject| subject.id);
    let id = id.map_or_else(|| "<id>".to_owned(), |id| shell_word(&id));
    format!(
        "az rest --method DELETE --url https://graph.microsoft.com/v1.0/oauth2PermissionGrants/{id}"
    )
}
