//! The bindings that wasmtime generates from the WIT file: the host lends arguments and owns results.

#![allow(missing_docs, unreachable_pub, reason = "made by wasmtime")]

wasmtime::component::bindgen!({
    path: "../wit",
    ownership: Borrowing { duplicate_if_necessary: true },
});

pub(crate) use exports::bench::plugin::items::{Guest, Request};
