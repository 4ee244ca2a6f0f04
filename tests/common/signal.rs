//! Signals to the program.

use std::fs;

/// Whether whoever started the tests had a signal ignored, as `nohup` and scripts do for what they
/// leave in the background: then the program, which
/// inherits that, has to go on.
pub fn is_ignored(signal: i32) -> bool {
    let status = fs::read_to_string("/proc/self/status").expect("Linux");
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.expect("a mask") >> (signal - 1) & 1 == 1
}
