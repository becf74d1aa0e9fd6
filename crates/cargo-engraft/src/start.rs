//! Takes the role that [`crate::role`] decides on, and turns what comes of it into words and an exit code.

use crate::role::{Role, role};
use crate::{commands, exit, hook, link, rustc};
use std::process::ExitCode;

/// Runs this process in the role that it was started for.
///
/// The exit code is 0 when all went well, 100 when a plugin does not fit, 101 when something could not be
/// completed, 2 for wrong usage; cargo's, rustc's and the linker's own codes pass through.
#[must_use]
pub fn main() -> ExitCode {
    let mut arguments = std::env::args_os();
    let program = arguments.next().unwrap_or_default();
    let result = match role(&program, arguments.collect(), |name| std::env::var_os(name)) {
        Role::Subcommand(arguments) => commands::main(arguments),
        Role::Wrapper { session, command } => rustc::wrapper::run(&session, &command),
        Role::Compiler { root, arguments } => hook::compiler::run(&root, &arguments),
        Role::Runner { root, words } => hook::runner::run(&root, &words),
        Role::Linker { request, arguments } => link::driver::run(&request, &arguments),
    };
    ExitCode::from(result.unwrap_or_else(|error| {
        crate::output::error(&error);
        error.downcast_ref::<Incompatible>().map_or(exit::FAILED, |_| exit::INCOMPATIBLE)
    }))
}

/// The error for a plugin that does not fit its hosts: it decides the exit code.
#[derive(Debug)]
pub struct Incompatible(pub String);

/// The error for a compiler, a flag or a library with which Engraft can't link.
#[derive(Debug)]
pub struct Unsupported(pub String);

impl std::fmt::Display for Incompatible {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::fmt::Display for Unsupported {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Incompatible {}
impl std::error::Error for Unsupported {}
