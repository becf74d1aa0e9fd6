//! The subcommands of `cargo engraft`: what a person can ask for, and what is then done.

pub mod build;
mod cli;
mod lock;
pub mod new;
pub mod options;
mod prepare;
pub mod run;
pub mod test;
mod unfinished;

pub use cli::main;
