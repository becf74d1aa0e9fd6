//! What must hold for whatever bytes Engraft is given to read: the bodies of the fuzz targets, as plain functions.
//!
//! Each panics if something does not hold. The fuzzer calls them with what it makes up, and the tests with the corpus.

pub mod arguments;
pub mod corpus;
pub mod elf;
pub mod manifest;
pub mod replay;
pub mod signature;
pub mod smaller;

/// The module under test is private to the tool; making it public for this would make it an interface.
#[allow(dead_code, reason = "the tool uses all of it")]
#[path = "../../crates/cargo-engraft/src/link/arguments.rs"]
mod linker_arguments;
