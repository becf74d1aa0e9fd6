//! Which version of this program compiled what stands in a target directory.

/// The version. The number grows with every change to what wrapper and linker leave there.
pub const STAMP: &str = concat!(env!("CARGO_PKG_VERSION"), " 16");
