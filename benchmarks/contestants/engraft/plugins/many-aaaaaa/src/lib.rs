//! A minimal plugin with a trait object and some text. The runner creates thousands of copies, each of which is its own package.

use engraft_api::{GREETINGS, Greeter};
use std::sync::atomic::Ordering;

struct Loud(&'static str);

impl Greeter for Loud {
    fn greet(&self, name: &str) -> String {
        GREETINGS.fetch_add(1, Ordering::Relaxed);
        format!("HELLO, {}{}", name.to_uppercase(), self.0)
    }
}

/// Creates a loud greeter.
#[engraft::export]
pub fn greeter() -> Box<dyn Greeter> {
    Box::new(Loud("!!!"))
}
