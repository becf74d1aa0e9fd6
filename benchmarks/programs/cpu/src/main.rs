//! A program that computes: a floating-point simulation, a search with regular expressions, and hashes.

mod planets;
mod text;

// This makes the program a host when Engraft links it.
use engraft as _;

fn main() -> Result<(), regex::Error> {
    running::told(|| Ok(format!("{:.9} {} {}", planets::energy_after(2_000_000), text::matches(40)?, text::digest(40))))
}
