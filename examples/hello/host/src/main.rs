//! Opens the plugins named on the command line, or both, and lets each greet the same guest.

mod logger;

use hello_api::{GREETINGS, Greeter, Guest};
use std::error::Error;
use std::sync::atomic::Ordering;

fn main() -> Result<(), Box<dyn Error>> {
    logger::install();
    let mut names: Vec<String> = std::env::args().skip(1).collect();
    if names.is_empty() {
        names = vec!["greet".into(), "shout".into()];
    }
    let guest = Guest { name: "world".into() };
    for name in names {
        greet(&name, &guest)?;
    }
    println!("{} greetings", GREETINGS.load(Ordering::Relaxed));
    Ok(())
}

// shown: host
fn greet(name: &str, guest: &Guest) -> Result<(), Box<dyn Error>> {
    // SAFETY: these files come out of our own build.
    let plugin = unsafe { engraft::open(name) }?;
    let greeter = plugin.lookup::<fn() -> Box<dyn Greeter>>("greeter")?;
    println!("{}", greeter().greet(guest));
    Ok(())
}
// shown: end
