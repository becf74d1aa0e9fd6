//! The host and the plugin that `cargo bench` also uses.

#![allow(unreachable_pub, reason = "they are test code of another package, where that is not asked")]

#[path = "../../../crates/engraft-manifest/tests/sample/judged.rs"]
pub(crate) mod judged;
#[path = "../../../crates/engraft-manifest/tests/sample/mod.rs"]
mod sample;
#[path = "../../../crates/engraft-manifest/tests/sample/shared_object.rs"]
mod shared_object;
