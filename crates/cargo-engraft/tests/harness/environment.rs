//! The environment of a person at a terminal: without what the `cargo test` around this process has put into it.

use std::process::Command;

/// cargo's variables that people set to reach the registry and to share the machine.
const KEPT: [&str; 8] =
    ["CARGO", "CARGO_HOME", "CARGO_BUILD_JOBS", "CARGO_NET_", "CARGO_HTTP_", "CARGO_REGISTRY_", "CARGO_REGISTRIES_", "CARGO_SOURCE_"];

/// Variables by which a compiler or a program would not be the ordinary one. `cargo test` sets the last two.
const REMOVED: [&str; 7] =
    ["RUSTFLAGS", "RUSTDOCFLAGS", "RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER", "RUST_BACKTRACE", "OUT_DIR", "LD_LIBRARY_PATH"];

/// Removes what leaked into this process's environment from a command's.
pub fn clean(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        if leaks(&name.to_string_lossy()) {
            command.env_remove(name);
        }
    }
}

fn leaks(name: &str) -> bool {
    let kept = KEPT.iter().any(|kept| if kept.ends_with('_') { name.starts_with(kept) } else { name == *kept });
    let of_cargo = name.starts_with("CARGO") || name.starts_with("ENGRAFT_");
    REMOVED.contains(&name) || (of_cargo && !kept)
}
