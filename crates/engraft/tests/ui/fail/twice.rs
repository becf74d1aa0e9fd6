//! The same item exported twice.

use engraft::export;

#[export]
#[engraft::export]
pub fn function() {}

#[engraft::export]
/// Documented.
#[export]
#[::engraft::export]
fn private_too() {}

fn main() {}
