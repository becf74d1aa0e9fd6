//! What a machine lacks for a test, or does not allow. CI's machine lacks nothing.

use std::io::Write;

/// Tells that a test proves nothing here, and why. On CI that is a failure: nobody would read it there.
#[track_caller]
pub fn tell(why: &str) {
    assert!(std::env::var_os("CI").is_none_or(|ci| ci.is_empty() || ci == "false"), "not skipped on CI: {why}");
    // Past the test harness, which keeps what is printed by tests that pass.
    writeln!(std::io::stderr(), "skipped: {why}").expect("it can be told");
}
