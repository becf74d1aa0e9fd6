//! The interface for a C ABI: pointers and lengths. A reader must trust the writer.

mod bytes;

pub use bytes::{Bytes, Items};

/// A name or key with its value, both UTF-8.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct Pair {
    /// The name or key.
    pub name: Bytes,
    /// The value.
    pub value: Bytes,
}

/// A request, which the host owns.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct Request {
    /// The method, such as `GET` or `POST`; UTF-8.
    pub method: Bytes,
    /// The path; UTF-8.
    pub path: Bytes,
    /// Names and values of the headers, in order.
    pub headers: Items<Pair>,
    /// The body of the request.
    pub body: Bytes,
}

/// An answer, which the plugin creates and releases.
#[repr(C)]
#[derive(Debug)]
pub struct Answer {
    /// The status code, such as 200.
    pub status: u16,
    /// Names and values of the headers, in order.
    pub headers: Items<Pair>,
    /// The body of the answer.
    pub body: Bytes,
    /// Data of the plugin for its `release`.
    pub owner: *mut std::ffi::c_void,
}

/// The plugin's `step`.
pub type Step = extern "C" fn(u64) -> u64;
/// The plugin's `filter`. It reads the request only during the call. The host passes the answer to `release`.
pub type Filter = unsafe extern "C" fn(*const Request) -> Answer;
/// The plugin's `release`, which frees an answer.
pub type Release = unsafe extern "C" fn(Answer);
/// The plugin's `sum`. It reads the numbers only during the call.
pub type Sum = unsafe extern "C" fn(Items<u64>) -> u64;
/// The plugin's `map`. It reads the strings only during the call.
pub type Map = unsafe extern "C" fn(Items<Pair>) -> u64;
/// The plugin's `constant`.
pub type Constant = extern "C" fn() -> u64;
