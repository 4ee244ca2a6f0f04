//! Parse, run, exit code: nothing else.
#![warn(clippy::disallowed_methods, clippy::disallowed_macros)]

use std::process::ExitCode;

#[expect(clippy::disallowed_methods, reason = "the home of the command line")]
fn main() -> ExitCode {
    ExitCode::from(entralint::commands::main(std::env::args_os()))
}
