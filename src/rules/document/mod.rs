//! The rules of the group `document`: is the input what it claims to be?

mod content;
mod input;
mod legacy;
mod objects;
mod secrets;
mod unconverted;

pub use content::{DEPTH_TRUNCATED, DUPLICATE_KEY, SHAPE_MISMATCH, UNRESOLVED_PLACEHOLDER};
pub use input::{
    ERROR_RESPONSE, EXPORT_TRUNCATED, INVALID_ENCODING, INVALID_JSON, UNREADABLE_INPUT,
    UNRECOGNIZED_DOCUMENT, exactly_one_page, invalid_json, next_page, not_unicode, unreadable,
    unrecognized,
};
pub use legacy::LEGACY_MANIFEST;
pub use objects::{CONFLICTING_OBJECTS, conflicting};
pub use secrets::SECRET_IN_FILE;
pub use unconverted::{Unconverted, not_converted};
