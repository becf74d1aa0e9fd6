//! What a child process is asked for, and how messages get there: over a socket that the child has as its stdin.

mod service;
mod transport;

pub use service::{Headers, Plugin, PluginClient, PluginRequest, PluginResponse};
pub use transport::{Transport, over};
