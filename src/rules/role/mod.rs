//! Azure role assignments and definitions: roles that give nothing, too much, or to nobody.

mod conditional;
mod custom;
mod definition;
mod denied;
mod duplicate;
mod group;
mod identity;
mod orphaned;
mod power;
mod recent;
pub mod words;

pub use conditional::ROLE_CONDITIONAL;
pub use custom::{
    CUSTOM_ROLE_GRANTS_ROLES, CUSTOM_ROLE_INCOMPLETE_READ, CUSTOM_ROLE_MISPLACED_DATA_ACTION,
    CUSTOM_ROLE_SCOPE, CUSTOM_ROLE_UNKNOWN_OPERATION, CUSTOM_ROLE_WILDCARD,
};
pub use definition::ROLE_UNKNOWN_DEFINITION;
pub use denied::ROLE_DENIED;
pub use duplicate::ROLE_DUPLICATE;
pub use group::ROLE_VIA_UNKNOWN_GROUP;
pub use identity::{ROLE_ON_APPLICATION_OBJECT, ROLE_ON_CLIENT_ID};
pub use orphaned::{ROLE_ORPHANED, ROLE_PRINCIPAL_TYPE_MISMATCH};
pub(in crate::rules) use power::hands_out_roles;
pub use power::{ROLE_PRIVILEGED, ROLE_SELF_ESCALATION};
pub use recent::ROLE_RECENT;

use crate::access::operations::{self, Operations};
use crate::catalog::digital_twins;
use crate::model::Guid;
use crate::rules::Join;

/// Whether a role gives access to the data of the profile's resource: one of its data roles, or
/// an exported role with its data actions. False without a profile.
fn is_data_role(cx: &Join<'_>, role: Guid) -> bool {
    let Some(profile) = &cx.settings.profile else {
        return false;
    };
    if profile.data_roles.contains(&role) {
        return true;
    }
    // Roles that are neither exported nor known may be anything; only certain ones count.
    profile.resource == digital_twins::RESOURCE
        && cx.tenant.definition(role).is_some_and(|definition| {
            !operations::of_blocks(&definition.blocks, &Operations::digital_twins()).is_empty()
        })
}
