//! What the host and its plugins agree on: plain Rust.

use std::sync::atomic::AtomicU64;

/// Somebody to greet.
pub struct Guest {
    pub name: String,
}

/// What every greeter can do.
pub trait Greeter: Send + Sync {
    fn greet(&self, guest: &Guest) -> String;
}

/// Counts greetings: one counter, whoever counts.
pub static GREETINGS: AtomicU64 = AtomicU64::new(0);
