//! The rustc wrapper: cargo calls it in place of the compiler.

pub mod arguments;
pub mod cpu_features;
pub mod dep_info;
pub mod identity;
pub mod key;
pub mod messages;
pub mod metadata;
pub mod modifiers;
pub mod package_place;
pub mod plugin_unit;
pub mod record;
pub mod refused_flags;
pub mod salt;
pub mod session;
pub mod sources;
pub mod stamp;
pub mod supported;
pub mod sysroot;
pub mod toolchain;
pub mod wrapper;
