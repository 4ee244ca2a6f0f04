//! What keeps an application tidy: its identifiers, what it exposes, its size, its name.

mod confusables;
mod exposed;
mod identifier;
mod impersonation;
mod size;

pub use exposed::EXPOSED_SCOPE_INVALID;
pub use identifier::IDENTIFIER_URI_INVALID;
pub use impersonation::MICROSOFT_IMPERSONATION;
pub use size::MANIFEST_TOO_LARGE;
