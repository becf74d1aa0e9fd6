//! `cargo engraft` as a whole: the built tool, on workspaces of a few lines each.

mod linked;
mod ran;
mod slot;
mod tool;
mod workspace;

mod build;
mod configuration;
mod differing_packages;
mod failures;
mod long_lines;
mod lto;
mod options;
mod refusals;
mod run_hosts;
mod test_binaries;
