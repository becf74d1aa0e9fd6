//! What C can say of a request, an answer and a map: pointers and lengths. Who reads one must trust who wrote it.

mod bytes;

pub use bytes::{Bytes, Items};

/// A name or key, and its value; both UTF-8.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct Pair {
    /// The name or key.
    pub name: Bytes,
    /// What it stands for.
    pub value: Bytes,
}

/// A request, which stays the host's.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct Request {
    /// `GET`, `POST` and so on; UTF-8.
    pub method: Bytes,
    /// What is asked for; UTF-8.
    pub path: Bytes,
    /// Names and values, in order.
    pub headers: Items<Pair>,
    /// What came with it.
    pub body: Bytes,
}

/// An answer, which the plugin made and releases.
#[repr(C)]
#[derive(Debug)]
pub struct Answer {
    /// 200 and so on.
    pub status: u16,
    /// Names and values, in order.
    pub headers: Items<Pair>,
    /// What goes with it.
    pub body: Bytes,
    /// The plugin's own, for its `release`.
    pub owner: *mut std::ffi::c_void,
}

/// The plugin's `step`.
pub type Step = extern "C" fn(u64) -> u64;
/// The plugin's `filter`: the request is only read while it runs, the answer goes back to `release`.
pub type Filter = unsafe extern "C" fn(*const Request) -> Answer;
/// The plugin's `release`: ends an answer.
pub type Release = unsafe extern "C" fn(Answer);
/// The plugin's `sum`: the numbers are only read while it runs.
pub type Sum = unsafe extern "C" fn(Items<u64>) -> u64;
/// The plugin's `map`: the strings are only read while it runs.
pub type Map = unsafe extern "C" fn(Items<Pair>) -> u64;
/// The plugin's `constant`.
pub type Constant = extern "C" fn() -> u64;
