//! A typical small plugin: it logs, matches a pattern and returns a trait object.

use engraft_api::{GREETINGS, Greeter};
use regex::Regex;
use std::sync::atomic::Ordering;

struct Friendly {
    polite: Regex,
}

impl Greeter for Friendly {
    fn greet(&self, name: &str) -> String {
        GREETINGS.fetch_add(1, Ordering::Relaxed);
        log::info!("greeting {name}");
        let title = if self.polite.is_match(name) { "" } else { "dear " };
        format!("Hello, {title}{name}!")
    }
}

/// Creates a friendly greeter.
#[engraft::export]
pub fn greeter() -> Result<Box<dyn Greeter>, regex::Error> {
    Ok(Box::new(Friendly { polite: Regex::new(r"^(Mr|Ms|Dr)\. \w+$")? }))
}
