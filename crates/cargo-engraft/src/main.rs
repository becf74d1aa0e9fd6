//! The program `cargo-engraft`; everything is in the library of the same name.

use std::process::ExitCode;

fn main() -> ExitCode {
    cargo_engraft::main()
}
