//! `cargo engraft`: builds hosts and the native plugins that they open.
//!
//! One program with three roles, which call each other through cargo and rustc: the subcommand, the
//! rustc wrapper and the linker driver. Only [`main`] is for others; the rest is in `ARCHITECTURE.md`.

mod cargo;
mod commands;
mod doctor;
mod exit;
mod graph;
mod hook;
mod link;
mod output;
mod place;
mod plugin;
mod role;
mod rustc;
mod signing;
mod size;
mod start;

pub use start::main;
