//! The profile: registrations for one API, Azure Digital Twins unless the configuration names
//! another.
//!
//! The engine asks these rules only about what the profile applies to. They speak of the profile's
//! resource and scopes, so that a profile of one's own is checked by the same rules; ids and
//! documentation name the flagship.

mod audience;
mod consent;
mod excess;
mod instance;
mod localhost;
mod permission;
pub(super) mod request;
mod role;
mod scope;
mod spa;
mod words;

pub use audience::ADT_AUDIENCE_NOT_SINGLE_TENANT;
pub use consent::{
    ADT_CONSENT_LACKS_SCOPE, ADT_CONSENT_MISSING, ADT_CONSENT_WRONG_RESOURCE,
    ADT_RESOURCE_PRINCIPAL_MISSING,
};
pub use excess::{ADT_EXTRA_PERMISSION, ADT_PERMISSION_UNNEEDED};
pub use instance::{ADT_FOREIGN_TENANT, ADT_INSTANCE_UNAVAILABLE, ADT_INSTANCE_UNREACHABLE};
pub use localhost::{
    ADT_LOCALHOST_REDIRECT_MISSING, ADT_LOCALHOST_REDIRECT_UNMATCHED,
    ADT_LOCALHOST_REDIRECT_WRONG_PLATFORM,
};
pub use permission::{ADT_PERMISSION_MISSING, ADT_PERMISSION_WRONG_SCOPE};
pub use role::{
    ADT_CONTROL_PLANE_ROLE_ONLY, ADT_DATA_ROLE_MISSING, ADT_DATA_ROLE_ON_APP_ONLY,
    ADT_DATA_ROLE_READ_ONLY,
};
pub use scope::{ADT_DATA_ROLE_ELSEWHERE, ADT_DATA_ROLE_TOO_BROAD, ADT_ROLE_PREVIEW_NAME};
pub use spa::ADT_SPA_NEEDS_PROXY;
