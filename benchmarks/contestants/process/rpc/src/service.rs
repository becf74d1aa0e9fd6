//! The service that a child offers. What goes over the wire is made of std's types.

use std::collections::HashMap;

/// Names and values, in order.
pub type Headers = Vec<(String, String)>;

/// The work, as remote procedures.
#[tarpc::service]
pub trait Plugin {
    /// Hardly anything.
    async fn step(state: u64) -> u64;
    /// Answers a request, given as method, path, headers and body, by status, headers and body.
    async fn filter(method: String, path: String, headers: Headers, body: Vec<u8>) -> (u16, Headers, Vec<u8>);
    /// Adds numbers up.
    async fn sum(numbers: Vec<u64>) -> u64;
    /// Reads a map.
    async fn map(strings: HashMap<String, String>) -> u64;
}
