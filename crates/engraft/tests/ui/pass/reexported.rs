//! Engraft by other names.

mod api {
    pub use engraft as grafting;
}

use api::grafting::export as plug;

#[plug(crate = crate::api::grafting)]
pub fn by_absolute_path() {}

#[plug(crate = api::grafting,)]
pub async fn by_relative_path(of: &str) -> usize {
    of.len()
}

#[plug(crate = ::engraft)]
pub static BY_GLOBAL_PATH: u8 = 1;

mod inner {
    use super::plug;

    #[plug(crate = super::api::grafting)]
    pub struct FromAbove;

    #[plug()]
    pub enum WithoutArgument {}
}

fn main() {}
