//! Service principals: an application's account in a tenant, without which it cannot be given
//! anything there.

mod missing;

pub use missing::SERVICE_PRINCIPAL_MISSING;
