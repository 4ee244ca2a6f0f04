//! Secrets and certificates: how long they live, and whose they are.

mod shared;

pub use shared::{CREDENTIAL_SHARED, shared};
