//! The types that the host and the plugins of Engraft share, besides the work.

use std::sync::atomic::AtomicU64;

/// A trait that plugins implement.
pub trait Greeter: Send + Sync {
    /// Returns a greeting.
    fn greet(&self, name: &str) -> String;
}

/// Counts greetings; plugins use the host's copy of this static.
pub static GREETINGS: AtomicU64 = AtomicU64::new(0);
