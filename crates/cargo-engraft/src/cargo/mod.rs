//! What Engraft asks of cargo: the workspace, its configuration, and one build.

pub mod config;
pub mod invocation;
pub mod metadata;
pub mod profile;
pub mod rustflags;
pub mod target_directory;
pub mod workspace;
