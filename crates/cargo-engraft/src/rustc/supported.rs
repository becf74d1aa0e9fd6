//! The versions of rustc that Engraft was tested with, and the error for one that does something in another way than these.
//!
//! Engraft relies on what rustc leaves in its files and says to linkers, of which nothing is promised. `link/audit` lists what that is.

use super::toolchain::Toolchain;
use crate::start::Unsupported;

/// The first release that Engraft supports.
const FIRST: &str = "1.95";

/// The last.
const LAST: &str = "1.97";

/// The error for a compiler that does something differently, which `what` says as a verb with its object: `names no …`.
pub fn differs(toolchain: &Toolchain, what: &str) -> anyhow::Error {
    error(&toolchain.version, what)
}

/// The same where nobody has asked the compiler for its version.
pub fn this_one_differs(what: &str) -> anyhow::Error {
    error("this version of rustc", what)
}

/// The same for cargo.
pub fn this_cargo_differs(what: &str) -> anyhow::Error {
    error("this version of cargo", what)
}

fn error(compiler: &str, what: &str) -> anyhow::Error {
    Unsupported(format!(
        "{compiler} {what}; Engraft supports rustc {FIRST} to {LAST}\n\
         help: build with one of these: `cargo +{FIRST} engraft build`; if it is one of these, a flag or a wrapper of the compiler changes \
         what it makes"
    ))
    .into()
}
