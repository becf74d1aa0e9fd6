//! The rustc wrapper: cargo calls it in place of the compiler.

pub mod arguments;
pub mod cpu_features;
pub mod dep_info;
pub mod identity;
pub mod key;
pub mod metadata;
pub mod modifiers;
pub mod record;
pub mod refused_flags;
pub mod salt;
pub mod session;
pub mod sources;
pub mod supported;
pub mod toolchain;
pub mod wrapper;
