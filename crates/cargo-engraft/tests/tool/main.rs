//! `cargo engraft` as a whole: the built tool, on workspaces of a few lines each.

mod linked;
mod ran;
mod slot;
mod tool;
mod workspace;

mod build;
