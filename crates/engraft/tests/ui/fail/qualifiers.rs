//! Qualifiers and attributes of functions that do not go together with exports.

#[engraft::export]
pub async unsafe fn unsafe_future() {}

#[engraft::export]
pub async extern "C" fn c_future() {}

#[engraft::export]
async unsafe extern "C" fn everything<T>(_: impl Copy) -> impl Copy {}

#[engraft::export]
#[target_feature(enable = "sse2")]
pub fn features() {}

unsafe extern "C" {
    #[engraft::export]
    pub fn declared();

    #[engraft::export]
    pub fn variadic(format: *const u8, ...) -> i32;

    #[engraft::export]
    pub static DECLARED: u8;
}

fn main() {}
