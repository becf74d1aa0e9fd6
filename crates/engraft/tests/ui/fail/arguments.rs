//! Arguments of the attribute.

#[engraft::export(name = "other")]
pub fn unknown() {}

#[engraft::export(rename("other"), path = a, "text", crate)]
pub fn several() {}

#[engraft::export(crate = engraft, crate = ::engraft)]
pub static TWICE: u8 = 1;

#[engraft::export(crate = "engraft")]
pub struct Text;

#[engraft::export(crate = ::engraft other)]
pub struct Behind;

#[engraft::export(name = "other")]
fn with_other_faults<T>() {}

fn main() {}
