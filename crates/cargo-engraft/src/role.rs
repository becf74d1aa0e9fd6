//! Which of its roles this process has. Nothing but the decision is here.
//!
//! cargo starts the *compiler* in place of rustc, and the *runner* in place of a program, both by scripts of the workspace ([`crate::hook`]).
//! Who calls whom: a person (or cargo, for `cargo engraft`) starts the *subcommand*; it starts cargo
//! with this program as `RUSTC_WRAPPER`; cargo starts the *wrapper* in place of rustc; the wrapper
//! starts rustc with this program as linker; rustc starts the *linker*; that one starts the real linker.

use crate::hook::scripts::{AS_COMPILER, AS_RUNNER};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// What this process was started as.
#[derive(Debug, PartialEq, Eq)]
pub enum Role {
    /// `cargo engraft …`: its arguments.
    Subcommand(Vec<OsString>),
    /// In place of rustc: the session of the subcommand that started cargo, and the compiler's whole command line.
    Wrapper { session: PathBuf, command: Vec<OsString> },
    /// In place of rustc, by the workspace's script: the workspace's root directory, and rustc's arguments.
    Compiler { root: PathBuf, arguments: Vec<OsString> },
    /// In place of a program, by the workspace's script: the root directory, the program and its arguments.
    Runner { root: PathBuf, words: Vec<OsString> },
    /// In place of the linker: the request that the wrapper wrote, and the linker's arguments.
    Linker { request: PathBuf, arguments: Vec<OsString> },
}

/// Names the session file in the environment of the cargo that the subcommand starts.
pub const SESSION: &str = "ENGRAFT_SESSION";
/// Names the link request in the environment of the one rustc that is to link with Engraft.
pub const LINK_REQUEST: &str = "ENGRAFT_LINK_REQUEST";
/// Gives the macros `#[init]` and `#[export]`, in the environment of every rustc, the key of the package that is compiled. `engraft-macros` knows
/// it by this name.
pub const PACKAGE_KEY: &str = "ENGRAFT_PACKAGE_KEY";

/// Tells cargo, in its environment, which packages hosts export: cargo looks whether that is what a host was linked with.
pub const API: &str = "ENGRAFT_API";

/// The directory in which linkers' names stand for this program.
pub const LINKERS: &str = "linkers";

/// Decides by what the caller set in the environment, and for the wrapper by its first argument.
///
/// cargo gives a wrapper the compiler's path as first argument. The subcommand's first argument is never
/// a path, so that `cargo engraft` within a build script of an Engraft build is still the subcommand.
///
/// rustc calls the linker through a directory of this name. The variable alone does not make one: a proc
/// macro that runs cargo hands it on.
pub fn role(program: &OsString, mut arguments: Vec<OsString>, variable: impl Fn(&str) -> Option<OsString>) -> Role {
    let is_linker = Path::new(program).parent().is_some_and(|directory| directory.ends_with(LINKERS));
    if let Some(request) = variable(LINK_REQUEST).filter(|_| is_linker) {
        return Role::Linker { request: request.into(), arguments };
    }
    if arguments.first().is_some_and(|first| first == AS_COMPILER || first == AS_RUNNER) && arguments.len() > 1 {
        let rest = arguments.split_off(2);
        let root = arguments.pop().unwrap_or_default().into();
        return if arguments[0] == AS_COMPILER { Role::Compiler { root, arguments: rest } } else { Role::Runner { root, words: rest } };
    }
    let compiler = arguments.first().is_some_and(looks_like_compiler);
    match variable(SESSION) {
        Some(session) if compiler => Role::Wrapper { session: session.into(), command: arguments },
        _ => {
            // cargo repeats the subcommand's name; the alias of this repository does not.
            if arguments.first().is_some_and(|first| first == "engraft") {
                arguments.remove(0);
            }
            Role::Subcommand(arguments)
        }
    }
}

fn looks_like_compiler(argument: &OsString) -> bool {
    let name = Path::new(argument).file_stem().unwrap_or_default().to_string_lossy();
    // Not only `rustc`: with a workspace wrapper (clippy, for one) that one comes first, by its path.
    name.contains("rustc") || argument.to_string_lossy().contains(std::path::MAIN_SEPARATOR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_caller_gets_its_role() {
        let os = |words: &[&str]| words.iter().map(OsString::from).collect::<Vec<_>>();
        let decide = |words: &[&str], set: &[(&str, &str)]| {
            let (program, words) = words.split_first().unwrap();
            role(&program.into(), os(words), |name| set.iter().find(|(key, _)| *key == name).map(|(_, value)| value.into()))
        };
        let session = (SESSION, "/s");
        let wrapper = |command: &[&str]| Role::Wrapper { session: "/s".into(), command: os(command) };
        let subcommand = |words: &[&str]| Role::Subcommand(os(words));

        assert_eq!(decide(&["p", "engraft", "build"], &[]), subcommand(&["build"]));
        assert_eq!(decide(&["p", "build"], &[]), subcommand(&["build"]));
        assert_eq!(decide(&["p"], &[]), subcommand(&[]));
        assert_eq!(decide(&["p", "rustc", "-vV"], &[session]), wrapper(&["rustc", "-vV"]));
        assert_eq!(decide(&["p", "/t/bin/rustc", "a.rs"], &[session]), wrapper(&["/t/bin/rustc", "a.rs"]));
        assert_eq!(decide(&["p", "/t/bin/clippy-driver", "/t/bin/rustc"], &[session]), wrapper(&["/t/bin/clippy-driver", "/t/bin/rustc"]));
        assert_eq!(decide(&["p", "engraft", "build"], &[session]), subcommand(&["build"]));
        // Also within a build of `cargo engraft`, which the user may have started in a workspace with scripts.
        let compiler = Role::Compiler { root: "/w".into(), arguments: os(&["-vV"]) };
        assert_eq!(decide(&["p", "--as-rustc", "/w", "-vV"], &[session]), compiler);
        assert_eq!(decide(&["p", "--as-runner", "/w", "--", "h"], &[]), Role::Runner { root: "/w".into(), words: os(&["--", "h"]) });
        let request = (LINK_REQUEST, "/r");
        let linker = Role::Linker { request: "/r".into(), arguments: os(&["-o", "x"]) };
        assert_eq!(decide(&["/t/linkers/cc", "-o", "x"], &[session, request]), linker);
        assert_eq!(decide(&["/t/engraft", "/t/bin/rustc", "-vV"], &[session, request]), wrapper(&["/t/bin/rustc", "-vV"]));
    }
}
