//! Every shape of static.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::atomic::AtomicU64;
use std::sync::{LazyLock, Mutex, OnceLock};

#[engraft::export]
pub static HITS: AtomicU64 = AtomicU64::new(0);

#[engraft::export]
pub static TEXT: &str = "text";

#[engraft::export]
pub static TEXT_OF_LIFETIME: &'static [&'static str] = &["text"];

#[engraft::export]
pub static LOCK: Mutex<Option<Box<dyn FnMut(&str) -> usize + Send>>> = Mutex::new(None);

#[engraft::export]
pub static ONCE: OnceLock<BTreeMap<String, Vec<u8>>> = OnceLock::new();

#[engraft::export]
pub static LAZY: LazyLock<String> = LazyLock::new(|| "lazy".to_owned());

#[engraft::export]
pub static FUNCTION: fn(&str) -> usize = str::len;

#[engraft::export]
pub static POINTERS: [for<'a> fn(&'a str) -> &'a str; 1] = [str::trim];

#[engraft::export]
#[unsafe(no_mangle)]
#[used]
pub static NAMED: u8 = 1;

#[engraft::export]
#[allow(non_upper_case_globals)]
pub static lower: () = ();

thread_local! {
    pub static LOCAL: Cell<u8> = const { Cell::new(1) };
}

fn main() {
    LOCAL.with(|cell| cell.set(lower_len()));
}

fn lower_len() -> u8 {
    let () = lower;
    NAMED
}
