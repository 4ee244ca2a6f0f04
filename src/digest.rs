//! What stands for texts that are compared or remembered.

use sha2::{Digest, Sha256};

/// 128 bits of SHA-256 over parts, each with its length before it: nobody can make two lists of
/// parts look alike, and the result is the same in every version and on every machine.
pub fn digest<'t>(parts: impl IntoIterator<Item = &'t str>) -> u128 {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize()
        .iter()
        .take(16)
        .fold(0, |number, byte| number << 8 | u128::from(*byte))
}
