//! A plugin: an ordinary library crate.

use hello_api::{GREETINGS, Greeter, Guest};
use std::sync::atomic::Ordering;

struct Friendly;

impl Greeter for Friendly {
    fn greet(&self, guest: &Guest) -> String {
        GREETINGS.fetch_add(1, Ordering::Relaxed);
        log::info!("greeting {}", guest.name);
        format!("Hello, {}!", guest.name)
    }
}

/// Makes a friendly greeter.
#[engraft::export]
pub fn greeter() -> Box<dyn Greeter> {
    Box::new(Friendly)
}
