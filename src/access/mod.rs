//! Will this application reach this instance, and if not, why not.

pub mod operations;

use crate::rules::Profile;
use crate::tenant::{ApplicationRow, Tenant};

/// Whether other documents show that an application is meant for the profile's resource: its
/// service principal has a grant for it, or one of the roles that give access to its data.
pub fn shows_intent(tenant: &Tenant, profile: &Profile, app: &ApplicationRow) -> bool {
    tenant.principals_of(app.app_id).any(|principal| {
        let granted = tenant.grants_of(principal.id).any(|grant| {
            tenant
                .principal(grant.resource)
                .is_some_and(|resource| resource.app_id == profile.resource)
        });
        granted
            || tenant
                .assignments_of(principal.id)
                .any(|row| profile.data_roles.contains(&tenant.role_of(row)))
    })
}
