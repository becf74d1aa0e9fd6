//! What Engraft asks of cargo: the workspace, its configuration, and one build.

pub mod api;
pub mod config;
pub mod dylibs;
mod expected;
pub mod flag_origin;
pub mod invocation;
pub mod metadata;
mod places;
pub mod profile;
mod reach;
pub mod rustflags;
mod settings;
pub mod target_directory;
pub mod workspace;
