//! System calls of a program: which it makes, and what it does when one of them fails. `strace` lists them and makes them fail.

use crate::harness::command::{self, Ended};
use std::fs;
use std::path::Path;
use std::process::Command;

/// One system call of a program's first thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Such as `openat`.
    pub name: String,
    /// The how manieth of this name it is since the program started, from 1 on.
    pub ordinal: usize,
    /// As `strace` tells it, with what came of it.
    pub told: String,
}

/// Whether programs can be traced here; if not, why.
pub fn works() -> Result<(), String> {
    let output = Command::new("strace").args(["-o", "/dev/null", "true"]).output();
    let output = output.map_err(|error| format!("strace can't be run: {error}"))?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

/// Runs a program and lists the system calls that its first thread makes between the two that name these paths.
///
/// `fault` is what `strace` does to a call: `openat:error=EMFILE:when=3`.
pub fn run(program: &Command, between: [&str; 2], fault: Option<&str>) -> (Ended, Vec<Call>) {
    let log = tempfile::NamedTempFile::new().unwrap();
    let mut traced = Command::new("strace");
    traced.arg("-o").arg(log.path()).args(fault.map(|fault| format!("--inject={fault}")));
    traced.arg(program.get_program()).args(program.get_args());
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => traced.env(name, value),
            None => traced.env_remove(name),
        };
    }
    traced.current_dir(program.get_current_dir().unwrap_or(Path::new(".")));
    let ended = command::run(&mut traced);
    (ended, calls(&fs::read_to_string(log.path()).unwrap(), between))
}

/// The calls in a log, from behind the first mark to before the second, or to the end if that was not reached.
fn calls(log: &str, [begin, end]: [&str; 2]) -> Vec<Call> {
    let mut made = Vec::<&str>::new();
    let mut calls = Vec::new();
    let mut between = false;
    for line in log.lines() {
        let Some((name, _)) = line.split_once('(').filter(|(name, _)| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')) else {
            // Signals, and how it ended.
            continue;
        };
        made.push(name);
        if line.contains(end) {
            break;
        } else if between {
            let ordinal = made.iter().filter(|made| **made == name).count();
            calls.push(Call { name: name.to_owned(), ordinal, told: line.to_owned() });
        }
        between |= line.contains(begin);
    }
    calls
}

#[test]
fn calls_are_counted_from_the_programs_start() {
    let log = "execve(\"/h\", [\"/h\"], 0x1 /* 9 vars */) = 0\nread(3, \"\", 1) = 0\nstatx(1, \"/begin\") = -1 ENOENT\nread(3, \"\", 1) = 0\n\
               --- SIGCHLD {si_signo=SIGCHLD} ---\nclose(3) = -1 EIO (Input/output error) (INJECTED)\nread(4, \"\", 1) = 0\n\
               statx(1, \"/end\") = -1 ENOENT\nread(5, \"\", 1) = 0\n+++ exited with 0 +++\n";
    let found: Vec<(String, usize)> = calls(log, ["/begin", "/end"]).into_iter().map(|call| (call.name, call.ordinal)).collect();
    assert_eq!(found, [("read", 2), ("close", 1), ("read", 3)].map(|(name, ordinal)| (name.to_owned(), ordinal)));
}
