//! The subcommands of `cargo engraft`: what a person can ask for, and what is then done.

pub mod build;
pub mod check;
mod cli;
pub mod completions;
pub mod doctor;
pub mod explain;
pub mod graph;
pub mod init;
pub mod inspect;
pub mod keygen;
mod lock;
pub mod man;
pub mod new;
pub mod options;
mod prepare;
mod renamed;
pub mod run;
#[cfg(test)]
mod schemas;
pub mod sign;
mod strip;
pub mod test;
mod undone;
mod unfinished;
mod unused;
pub mod verify;

pub use cli::main;
