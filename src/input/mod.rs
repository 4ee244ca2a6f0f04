//! From paths to records: find the files, decode them, split them.
//!
//! A large export is a list of records. It is cut into pieces of some 256 KiB at places that look
//! like the start of a record; pieces are read, judged and dropped in parallel. The cuts are
//! guesses, and guesses are verified: a piece counts only when the one before it ended exactly
//! where it begins, else it is read again from there. A wrong guess costs time, never a finding.

pub mod boundary;
pub mod decode;
pub mod layout;
pub mod origin;
pub mod pieces;
pub mod walk;

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

pub use boundary::Boundary;
pub use decode::{Encoding, Feed};
pub use layout::{Envelope, Layout};
pub use origin::{Link, Origin};
pub use pieces::{Cutter, Piece};
pub use walk::Walk;

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

/// An I/O error in a few words that are the same on every machine and in every language.
pub fn reason_of(error: &io::Error) -> String {
    use io::ErrorKind as K;
    match error.kind() {
        K::NotFound => "there is no such file or folder".to_owned(),
        K::PermissionDenied => "permission denied".to_owned(),
        K::IsADirectory => "it is a folder".to_owned(),
        K::InvalidData => "it is not text".to_owned(),
        K::UnexpectedEof => "it ended too early".to_owned(),
        _ => match error.raw_os_error() {
            Some(code) => format!("the system refused (error {code})"),
            None => error.to_string(),
        },
    }
}

/// What is said of a source with a record of more than `longest` bytes.
pub(crate) fn too_long(longest: usize) -> io::Error {
    io::Error::new(
        io::ErrorKind::FileTooLarge,
        format!("one record in it is longer than {longest} bytes"),
    )
}
