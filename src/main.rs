//! Parse, run, exit code: nothing else.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(entralint::commands::main(std::env::args_os()))
}
