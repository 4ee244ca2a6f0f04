//! The tables themselves, one row a line, sorted; the modules above search them.

pub(in crate::catalog) mod applications;
pub(in crate::catalog) mod definitions;
pub(in crate::catalog) mod permissions;
pub(in crate::catalog) mod roles;
