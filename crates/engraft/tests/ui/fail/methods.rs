//! Functions in `impl` blocks and traits.

pub struct Rule;

impl Rule {
    #[engraft::export]
    pub fn by_value(self) {}

    #[engraft::export]
    pub fn by_reference(&self, _: u8) {}

    #[engraft::export]
    pub async fn by_mutable_reference(&mut self) {}

    #[engraft::export]
    pub fn by_type(self: std::sync::Arc<Self>) {}

    #[engraft::export]
    pub fn new(_: &Self) -> Option<Self> {
        None
    }

    #[engraft::export]
    pub const LIMIT: u8 = 1;
}

trait Apply {
    #[engraft::export]
    fn apply(&self);
}

fn main() {}
