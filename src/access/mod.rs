//! Will this application reach this instance, and if not, why not.
//!
//! A verdict belongs to an application, an instance and a flow, and is yes, no or unknown for
//! reading and for writing. Seven gates stand in the way, in the order in which a person meets
//! them ([`Gate`]); each that is not open gives a reason. *No* comes from certain evidence alone:
//! what a missing or partial export might still show is unknown, and the reason says which export
//! would decide it.
//!
//! Everything is asked of the compact rows of the [`Tenant`]; who holds what on which instance is
//! laid out once ([`Reach`]). Rules about access ask the same code, so that `check` and `access`
//! never disagree.

mod client;
mod consent;
mod effective;
mod instance;
mod members;
pub mod operations;
mod principal;
mod reach;
mod reason;
mod role;
mod verdict;
mod words;

use crate::model::Guid;
use crate::rules::{Profile, RuleSettings};
use crate::tenant::{ApplicationRow, Tenant};
use operations::{Definition, definition};

pub use consent::Consent;
pub use effective::{Caller, Doubt, Effective, denies};
pub use instance::{State, is_reachable, state};
pub use members::{Membership, members};
pub use principal::Standing;
pub use reach::{Holding, Reach, Target};
pub use reason::{Gate, Proof, Reason, Why};
pub use role::People;
pub use verdict::{FLOWS, Verdict};
pub use words::message;

/// Everything that a question about access may ask.
#[derive(Copy, Clone)]
pub struct Access<'t> {
    pub tenant: &'t Tenant,
    pub settings: &'t RuleSettings,
    pub profile: &'t Profile,
    pub reach: &'t Reach,
}

/// Whether other documents show that an application is meant for the profile's resource: its
/// service principal has a grant for it, or a role that gives access to its data.
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
                .any(|row| gives_data(tenant, profile, tenant.role_of(&row)))
    })
}

/// Whether a role certainly gives data actions of the profile's resource: one of its data roles,
/// or a custom role whose exported definition has some.
pub fn gives_data(tenant: &Tenant, profile: &Profile, role: Guid) -> bool {
    if profile.data_roles.contains(&role) {
        return true;
    }
    // Built-in roles that give data are all among the profile's; only the export knows others.
    match definition(tenant, role) {
        Definition::Exported(row) => {
            let operations = &profile.operations;
            row.has_data() && !operations::of_blocks(&row.blocks, operations).is_empty()
        }
        Definition::BuiltIn(_) | Definition::Named | Definition::Unknown => false,
    }
}
