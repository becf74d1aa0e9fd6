//! What wasmtime makes of the WIT file: the host's arguments are lent, its results are its own.

#![allow(missing_docs, unreachable_pub, reason = "made by wasmtime")]

wasmtime::component::bindgen!({
    path: "../wit",
    ownership: Borrowing { duplicate_if_necessary: true },
});

pub(crate) use exports::bench::plugin::items::{Guest, Request};
