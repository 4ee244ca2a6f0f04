//! From paths to records: find the files, decode them, split them.
//!
//! A large export is a list of records. It is cut into pieces of some 256 KiB at places that look
//! like the start of a record; pieces are read, judged and dropped in parallel. The cuts are
//! guesses, and guesses are verified: a piece counts only when the one before it ended exactly
//! where it begins, else it is read again from there. A wrong guess costs time, never a finding.

pub mod decode;
pub mod discover;
pub mod layout;
pub mod pieces;

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

pub use decode::{Encoding, Feed};
pub use discover::{Link, Origin, discover};
pub use layout::{Boundary, Envelope, Layout};
pub use pieces::{Cutter, Piece};

/// Bytes that are read instead of those of files, by the paths those are read from: what
/// `--fix` is about to write.
pub type Drafts = BTreeMap<PathBuf, Arc<[u8]>>;

/// How many bytes a piece aims at: reads of this size are as fast as any, and two workers' pieces
/// stay in the cache.
///
/// Fuzzing cuts small inputs as if they were large.
pub const PIECE: usize = if cfg!(fuzzing) { 1024 } else { 256 * 1024 };

/// The longest single record, in bytes: more than any export holds, less than what would hurt.
pub const LONGEST_RECORD: usize = 512 * 1024 * 1024;

/// What is said of a source with a record of more than `longest` bytes.
pub(crate) fn too_long(longest: usize) -> io::Error {
    io::Error::new(
        io::ErrorKind::FileTooLarge,
        format!("one record in it is longer than {longest} bytes"),
    )
}
