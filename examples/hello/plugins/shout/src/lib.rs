//! A second plugin, which exports the same name and shares the same counter. It has an initialiser.

use hello_api::{GREETINGS, Greeter, Guest};
use std::env;
use std::num::ParseIntError;
use std::sync::atomic::{AtomicUsize, Ordering};

// shown: static
/// How loud: in exclamation marks.
#[engraft::export]
pub static LOUDNESS: AtomicUsize = AtomicUsize::new(3);
// shown: end

// shown: init
/// Runs once, inside `open`, before anything else of the plugin; an error is that of `open`.
#[engraft::init]
fn choose_loudness() -> Result<(), ParseIntError> {
    if let Ok(loudness) = env::var("SHOUT") {
        LOUDNESS.store(loudness.parse()?, Ordering::Relaxed);
    }
    Ok(())
}
// shown: end

struct Loud;

impl Greeter for Loud {
    fn greet(&self, guest: &Guest) -> String {
        GREETINGS.fetch_add(1, Ordering::Relaxed);
        log::info!("shouting at {}", guest.name);
        format!("HELLO, {}{}", guest.name.to_uppercase(), "!".repeat(LOUDNESS.load(Ordering::Relaxed)))
    }
}

/// Makes a loud greeter.
#[engraft::export]
pub fn greeter() -> Box<dyn Greeter> {
    Box::new(Loud)
}
