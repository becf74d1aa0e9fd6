//! What the host and the plugins of Engraft agree on, beside the work.

use std::sync::atomic::AtomicU64;

/// Something that plugins can do.
pub trait Greeter: Send + Sync {
    /// Greets somebody.
    fn greet(&self, name: &str) -> String;
}

/// Counts greetings: a static that plugins borrow.
pub static GREETINGS: AtomicU64 = AtomicU64::new(0);
