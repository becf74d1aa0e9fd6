//! `cargo engraft new`: a workspace that builds and runs as it is, or one more plugin for the workspace at hand.
//!
//! All that can be wrong is found before the first file is written, and files appear all at once or not at all.

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
pub use make_workspace::workspace;
