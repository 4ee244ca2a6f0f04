//! What keeps an application tidy: its identifiers, what it exposes, its size, its name.

pub mod confusables;
pub mod exposed;
pub mod identifier;
pub mod impersonation;
pub mod size;
