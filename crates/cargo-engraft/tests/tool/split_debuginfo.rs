//! `split-debuginfo`: gdb finds functions, lines and values of hosts and plugins whose debug information is in files of their own.

use crate::ran::Ran;
use crate::tool;
use crate::workspace::Workspace;
use std::path::{Path, PathBuf};

const HOST: &str = r#"fn main() {
    let plugin = unsafe { engraft::open("one") }.unwrap();
    let value = plugin.lookup::<fn() -> u32>("value").unwrap();
    println!("{} and {}", value(), of_host(3));
}

#[inline(never)]
fn of_host(number: u32) -> u32 {
    let doubled = number * 2;
    doubled + api::count()
}
"#;

const PLUGIN: &str = r#"#[engraft::export]
pub fn value() -> u32 {
    of_plugin(7 + api::count())
}

#[inline(never)]
fn of_plugin(number: u32) -> u32 {
    let tripled = number * 3;
    tripled + api::count()
}
"#;

const API: &str = "pub static CALLS: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
pub fn count() -> u32 {
    CALLS.fetch_add(1, std::sync::atomic::Ordering::Relaxed)
}
";

/// Stops where each function is left to the API's, and once in that by its name.
const COMMANDS: &[&str] = &[
    "set breakpoint pending on",
    "set startup-with-shell off",
    "break plugins/one/src/lib.rs:9",
    "break one::of_plugin",
    "break host/src/main.rs:10",
    "break host::of_host",
    "tbreak api::count",
    "run",
    "backtrace",
    "continue",
    "continue",
    "print tripled",
    "backtrace",
    "continue",
    "continue",
    "print doubled",
    "backtrace",
];

/// Debugs the host that was built, from a directory in which no relative path leads anywhere.
#[track_caller]
fn debug(host: &Path) {
    let mut gdb = tool::clean("gdb");
    gdb.current_dir("/").env_remove("DEBUGINFOD_URLS").args(["-batch", "-nx"]);
    gdb.args(COMMANDS.iter().flat_map(|command| ["-ex", command])).arg(host);
    let ran = Ran::of(&mut gdb).success().prints(&[
        // In the API, whose code is the host's, called by the plugin.
        "api::count () at api/src/lib.rs:3\n",
        "in one::value () at plugins/one/src/lib.rs:3\n",
        "one::of_plugin (number=7) at plugins/one/src/lib.rs:8\n",
        "$1 = 21\n",
        "#0  one::of_plugin (number=7) at plugins/one/src/lib.rs:9\n",
        "host::of_host (number=3) at host/src/main.rs:9\n",
        "$2 = 6\n",
        "#0  host::of_host (number=3) at host/src/main.rs:10\n",
        "in host::main () at host/src/main.rs:4\n",
    ]);
    ran.never_says(&["Could not find DWO"]);
}

/// What stands beside host and plugin.
fn packages(workspace: &Workspace) -> [bool; 2] {
    let package = |file: PathBuf| PathBuf::from(format!("{}.dwp", file.display())).exists();
    [package(workspace.output("host")), package(workspace.so("one"))]
}

/// Only for the workspace's own packages, so that Engraft's need not be compiled again.
fn profile(setting: &str) -> String {
    ["api", "host", "one"].map(|package| format!("[profile.dev.package.{package}]\nsplit-debuginfo = \"{setting}\"\n")).concat()
}

#[test]
fn gdb_finds_functions_and_lines_of_host_and_plugin() {
    let workspace = Workspace::new();
    workspace.write("api/src/lib.rs", API);
    workspace.write("host/src/main.rs", HOST);
    workspace.plugin("one", PLUGIN);
    let host = workspace.output("host");
    workspace.append("Cargo.toml", &profile("packed"));
    workspace.build();
    assert_eq!(packages(&workspace), [true, true]);
    debug(&host);
    // What is stripped has the rest of its debug information in another file, which refers to the same package.
    workspace.engraft(["build", "--strip"]).success();
    assert_eq!(packages(&workspace), [true, true]);
    debug(&host);
    // One that is lost is made again.
    std::fs::remove_file(workspace.output("plugins/one.so.dwp")).unwrap();
    workspace.engraft(["build", "--strip"]).success().says(&["Linking one "]);
    assert_eq!(packages(&workspace), [true, true]);

    workspace.replace("Cargo.toml", &profile("packed"), &profile("unpacked"));
    workspace.build();
    assert_eq!(packages(&workspace), [false, false]);
    debug(&host);
    workspace.engraft(["build", "--strip"]).success();
    debug(&host);

    workspace.replace("Cargo.toml", &profile("unpacked"), "");
    workspace.build();
    assert_eq!(packages(&workspace), [false, false]);
    debug(&host);
}
