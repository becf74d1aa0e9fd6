//! A program that computes: a simulation in floating point, a search by regular expressions, digests.

mod planets;
mod text;

// A host, as soon as Engraft links it.
use engraft as _;

fn main() -> Result<(), regex::Error> {
    running::told(|| Ok(format!("{:.9} {} {}", planets::energy_after(2_000_000), text::matches(40)?, text::digest(40))))
}
