//! Who can sign in, and what follows from it.

pub mod limit;
pub mod tenants;
pub mod value;
