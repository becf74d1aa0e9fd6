//! What a machine lacks for a test, or does not allow. CI's machine lacks nothing.

use std::io::Write;
use std::process::Command;

/// Tells that a test proves nothing here, and why. On CI that is a failure: nobody would read it there.
#[track_caller]
pub fn tell(why: &str) {
    assert!(std::env::var_os("CI").is_none_or(|ci| ci.is_empty() || ci == "false"), "not skipped on CI: {why}");
    // Past the test harness, which keeps what is printed by tests that pass.
    writeln!(std::io::stderr(), "skipped: {why}").expect("it can be told");
}

/// Whether valgrind is there. If not, it is told what is skipped.
#[track_caller]
pub fn unless_valgrind_is_there(what: &str) -> bool {
    let is_there = Command::new("valgrind").arg("--version").output().is_ok_and(|ran| ran.status.success());
    if !is_there {
        tell(&format!("{what}: no valgrind is installed"));
    }
    !is_there
}
