//! Who can sign in, and what follows from it.

mod limit;
mod tenants;
mod value;

pub use limit::AUDIENCE_LIMIT;
pub use tenants::{
    MULTI_TENANT, MULTI_TENANT_MAPPED_CLAIMS, MULTI_TENANT_UNLOCKED, UNVERIFIED_PUBLISHER,
};
pub use value::{AUDIENCE_TOKEN_VERSION, AUDIENCE_UNKNOWN_VALUE};
