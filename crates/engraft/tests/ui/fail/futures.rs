//! Futures that are not `Send`.

use std::cell::Cell;
use std::future::ready;
use std::rc::Rc;

#[engraft::export]
pub async fn holds() {
    let held = Rc::new(1);
    ready(()).await;
    drop(held);
}

#[engraft::export]
pub async fn takes(argument: &Cell<u8>) {
    ready(()).await;
    argument.set(1);
}

fn main() {}
