//! A second plugin, which exports the same name and shares the same counter.

use hello_api::{GREETINGS, Greeter, Guest};
use std::sync::atomic::Ordering;

struct Loud {
    mark: &'static str,
}

impl Greeter for Loud {
    fn greet(&self, guest: &Guest) -> String {
        GREETINGS.fetch_add(1, Ordering::Relaxed);
        log::info!("shouting at {}", guest.name);
        format!("HELLO, {}{}", guest.name.to_uppercase(), self.mark)
    }
}

/// Makes a loud greeter.
#[engraft::export]
pub fn greeter() -> Box<dyn Greeter> {
    Box::new(Loud { mark: "!!!" })
}
