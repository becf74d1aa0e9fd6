//! Return types without a name.

use std::fmt::Debug;

#[engraft::export]
pub fn iterator(of: &[u8]) -> impl Iterator<Item = &u8> + '_ {
    of.iter()
}

#[engraft::export]
pub fn nested() -> Result<impl Debug, Box<dyn Debug>> {
    Ok::<u8, Box<dyn Debug>>(1)
}

#[engraft::export]
pub async fn later() -> Option<impl Debug + Send> {
    Some(1)
}

#[engraft::export]
pub async fn never() -> ! {
    loop {}
}

fn main() {}
