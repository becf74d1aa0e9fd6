//! The control: the same behaviours where the plugins are ordinary `cdylib`s, in `fixtures/plain`. Those that Engraft is
//! for must fail there, and for the reason that it takes away; the others must hold, or the control would prove nothing.

use crate::harness::{command, place};
use std::path::PathBuf;
use std::sync::OnceLock;

/// The host, built by cargo alone.
pub fn host() -> PathBuf {
    static BUILT: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    BUILT.get_or_init(build).clone().unwrap_or_else(|error| panic!("the control is not built: {error}"))
}

fn build() -> Result<PathBuf, String> {
    let target = place::target().join("plain");
    let mut build = command::cargo("build");
    // In one invocation, so that nothing fails only because features or types differ.
    build.args(["--locked", "--workspace", "--target-dir"]).arg(&target);
    build.arg("--manifest-path").arg(place::fixture("plain").join("Cargo.toml"));
    command::build(&mut build)?;
    Ok(target.join("debug/plain-host"))
}

/// The names of all behaviours that there are, sorted.
pub fn behaviours() -> Vec<String> {
    let listed = command::run(command::program(&host()).arg("--list")).stdout;
    crate::harness::variant::sorted(&listed.lines().collect::<Vec<_>>())
}

/// Runs a behaviour: it must fail, and say this.
pub fn fails(behaviour: &str, reason: &str) {
    let ended = command::run(command::program(&host()).arg(behaviour));
    assert!(!ended.status.success(), "{behaviour} holds without Engraft: {ended}");
    assert!(ended.stderr.contains(reason), "{behaviour} fails, but not with `{reason}`: {ended}");
}

/// Runs a behaviour: it must hold.
pub fn holds(behaviour: &str) {
    let ended = command::run(command::program(&host()).arg(behaviour));
    assert!(ended.status.success() && ended.stdout == "ok\n", "{behaviour} does not hold: {ended}");
}
