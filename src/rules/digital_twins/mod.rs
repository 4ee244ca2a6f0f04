//! The profile: registrations for one API, Azure Digital Twins unless the configuration names
//! another.
//!
//! The engine asks these rules only about what the profile applies to. They speak of the profile's
//! resource and scopes, so that a profile of one's own is checked by the same rules; ids and
//! documentation name the flagship.

mod audience;
mod excess;
mod localhost;
mod permission;
pub(super) mod request;
mod spa;
mod words;

pub use audience::ADT_AUDIENCE_NOT_SINGLE_TENANT;
pub use excess::{ADT_EXTRA_PERMISSION, ADT_PERMISSION_UNNEEDED};
pub use localhost::{
    ADT_LOCALHOST_REDIRECT_MISSING, ADT_LOCALHOST_REDIRECT_UNMATCHED,
    ADT_LOCALHOST_REDIRECT_WRONG_PLATFORM,
};
pub use permission::{ADT_PERMISSION_MISSING, ADT_PERMISSION_WRONG_SCOPE};
pub use spa::ADT_SPA_NEEDS_PROXY;
