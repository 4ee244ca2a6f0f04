//! What an application asks for: `requiredResourceAccess`, in a registration or in a file of its
//! own.
//!
//! One mistake gets one finding. So for each place exactly one rule speaks, the first of
//!
//! | what stands there | rule |
//! |---|---|
//! | nothing, or the wrong kind of JSON value | *permission-malformed* |
//! | a placeholder | none: it is unknown |
//! | no GUID | *permission-not-guid* |
//! | the GUID of something else | *permission-swapped-ids* |
//! | the profile's resource without the profile's scope | *adt-permission-wrong-scope* |
//! | the profile's scope under another resource | *adt-permission-missing* |
//! | a permission of the other type | *permission-wrong-type* |
//! | a permission the resource does not expose | *permission-unknown* |
//!
//! A GUID in a loose spelling (braces, no hyphens) is reported for that and read as the GUID it
//! names.

mod amount;
mod form;
mod granted;
mod held;
mod ids;
pub(super) mod joined;
mod meaning;
pub(super) mod reading;
mod risk;
pub(super) mod swapped;

pub use amount::{PERMISSION_DUPLICATE, PERMISSION_EMPTY, PERMISSION_LIMIT};
pub use form::{PERMISSION_MALFORMED, PERMISSION_UNWRAPPED};
pub use granted::{PERMISSION_DISABLED, PERMISSION_GRANTED_NOT_REQUESTED, PERMISSION_NOT_GRANTED};
pub use ids::PERMISSION_NOT_GUID;
pub use meaning::{PERMISSION_UNKNOWN, PERMISSION_WRONG_TYPE};
pub use risk::{PERMISSION_HIGH_RISK, PERMISSION_RETIRED_API, PERMISSION_TIER_ZERO};
pub use swapped::PERMISSION_SWAPPED_IDS;
