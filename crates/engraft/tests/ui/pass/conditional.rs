//! Items that are not there leave nothing behind.

#[engraft::export]
#[cfg(any())]
pub fn below(of: NoSuchType) -> NoSuchType {}

#[cfg(any())]
#[engraft::export]
pub fn above(of: NoSuchType) -> NoSuchType {}

#[engraft::export]
#[cfg_attr(all(), allow(dead_code), cfg(any()))]
pub static NESTED: NoSuchType = 1;

#[engraft::export]
#[cfg(any())]
pub struct Twice;

#[engraft::export]
#[cfg(not(any()))]
pub struct Twice;

#[cfg_attr(all(), engraft::export)]
pub fn on_condition() {}

// Not exported, so it may be anything.
#[cfg_attr(any(), engraft::export)]
fn not_on_condition<T>(_: T) {}

fn main() {
    let _ = Twice;
    on_condition();
    not_on_condition(1);
}
