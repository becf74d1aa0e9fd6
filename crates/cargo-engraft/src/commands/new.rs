//! `cargo engraft new`: creates a workspace that builds and runs, or adds a plugin to a workspace.
//!
//! All arguments are checked before the first file is written. The files appear all at once or not at all.

mod add_plugin;
mod crate_name;
mod engraft_source;
mod make_workspace;
mod members;
mod models;
pub mod pin;
mod plugin_files;
mod repository;
mod staging;
mod template;

pub use add_plugin::plugin;
pub use engraft_source::install_command;
pub use make_workspace::workspace;
