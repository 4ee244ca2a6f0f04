//! What the targets share: a folder in memory to put inputs into, runs over it, JSON-aware
//! mutation, and the readers of reports that the tests have.

#[path = "../../tests/common/mod.rs"]
pub mod common;
pub mod desk;
pub mod mutate;
#[path = "../../tests/escaping_tools/readers.rs"]
pub mod readers;
pub mod tee;

/// Separates the files of an input that stands for several: a control character, which no JSON
/// holds.
pub const BETWEEN_FILES: u8 = 0x1e;

/// A number that is the same for the same bytes, to choose by: FNV-1a.
pub fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
