//! The unstable attribute.

#[engraft::export]
#[thread_local]
pub static LOCAL: u8 = 1;

fn main() {}
