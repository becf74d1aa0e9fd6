//! A plugin as small as plugins are: a trait object and some text. Of it the runner makes thousands, each a package of its own.

use engraft_api::{GREETINGS, Greeter};
use std::sync::atomic::Ordering;

struct Loud(&'static str);

impl Greeter for Loud {
    fn greet(&self, name: &str) -> String {
        GREETINGS.fetch_add(1, Ordering::Relaxed);
        format!("HELLO, {}{}", name.to_uppercase(), self.0)
    }
}

/// Makes a loud greeter.
#[engraft::export]
pub fn greeter() -> Box<dyn Greeter> {
    Box::new(Loud("!!!"))
}
