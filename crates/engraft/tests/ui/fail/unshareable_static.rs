//! rustc's own error for a static that is not `Sync`, once.

#[engraft::export]
pub static CELL: std::cell::Cell<u8> = std::cell::Cell::new(1);

fn main() {}
