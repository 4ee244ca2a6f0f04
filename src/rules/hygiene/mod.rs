//! What keeps an application tidy: its identifiers, what it exposes, its size, its name.

mod confusables;
mod exposed;
mod identifier;
mod impersonation;
mod owner;
mod shape;
mod shared;
mod size;
pub mod suppression;

pub use exposed::EXPOSED_SCOPE_INVALID;
pub use identifier::IDENTIFIER_URI_INVALID;
pub use impersonation::MICROSOFT_IMPERSONATION;
pub use owner::{OWNER_GUEST, OWNER_MISSING};
pub use shared::{DISPLAY_NAME_SHARED, IDENTIFIER_URI_SHARED, Shared, shared};
pub use size::MANIFEST_TOO_LARGE;
pub use suppression::{SUPPRESSION_EXPIRED, SUPPRESSION_UNUSED};
