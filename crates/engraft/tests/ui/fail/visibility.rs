//! Only what is public can be exported.

#[engraft::export]
fn function() {}

#[engraft::export]
pub(crate) async fn future() {}

mod inner {
    #[engraft::export]
    pub(super) unsafe extern "C" fn qualified() {}

    #[engraft::export]
    pub(in crate::inner) const fn constant() {}
}

#[engraft::export]
static STATIC: u8 = 1;

#[engraft::export]
pub(crate) struct Struct;

#[engraft::export]
enum Enum {}

fn main() {}
