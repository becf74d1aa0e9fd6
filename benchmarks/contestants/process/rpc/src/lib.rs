//! The interface of a child process. Messages go over a socket that is the child's stdin.

mod service;
mod transport;

pub use service::{Headers, Plugin, PluginClient, PluginRequest, PluginResponse};
pub use transport::{Transport, over};
