//! The service that a child offers. Messages consist of types of std.

use std::collections::HashMap;

/// Names and values of the headers, in order.
pub type Headers = Vec<(String, String)>;

/// The work as remote procedures.
#[tarpc::service]
pub trait Plugin {
    /// Does almost no work.
    async fn step(state: u64) -> u64;
    /// Answers a request. Arguments are method, path, headers and body; results are status, headers and body.
    async fn filter(method: String, path: String, headers: Headers, body: Vec<u8>) -> (u16, Headers, Vec<u8>);
    /// Adds up numbers.
    async fn sum(numbers: Vec<u64>) -> u64;
    /// Reads a map.
    async fn map(strings: HashMap<String, String>) -> u64;
}
