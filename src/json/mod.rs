//! Strict JSON (RFC 8259) with the place of every key and value.
//!
//! serde_json keeps no places and only the last of duplicate members, so the linter has a reader
//! of its own: [`read::parse`] fills a flat [`Tape`] of 16-byte nodes, without recursion and
//! without copying a string, and [`Value`] walks it.

pub mod edit;
mod lenient;
pub mod names;
pub mod node;
mod order;
pub mod pointer;
pub mod read;
pub mod schema;
mod skip;
mod spelling;
pub mod survey;
mod token;
mod types;

pub use names::Name;
pub use node::{Kind, Member, Tape, Value};
pub use read::{ErrorKind, SyntaxError};
