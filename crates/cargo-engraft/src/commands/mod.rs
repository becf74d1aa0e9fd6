//! The subcommands of `cargo engraft`: what a person can ask for, and what is then done.

pub mod build;
mod cli;
pub mod keygen;
mod lock;
pub mod new;
pub mod options;
mod prepare;
pub mod run;
pub mod sign;
mod strip;
pub mod test;
mod unfinished;
pub mod verify;

pub use cli::main;
