//! How many instructions opening and calling take: what was measured when it was last looked into, and no more than that.

use crate::callgrind::instructions;
use crate::workspace::Workspace;
use std::process::Command;

/// What is counted is what these functions call.
const HOST: &str = r#"
use std::hint::black_box;

#[unsafe(no_mangle)]
#[inline(never)]
pub fn measured_first_open(path: &String) -> engraft::Plugin {
    unsafe { engraft::open(path) }.unwrap()
}

#[unsafe(no_mangle)]
#[inline(never)]
pub fn measured_second_open(path: &String) -> engraft::Plugin {
    unsafe { engraft::open(path) }.unwrap()
}

#[unsafe(no_mangle)]
#[inline(never)]
pub fn measured_lookup(plugin: engraft::Plugin) -> &'static fn() -> u32 {
    plugin.lookup("value").unwrap()
}

#[unsafe(no_mangle)]
#[inline(never)]
pub fn measured_calls(value: &fn() -> u32) -> u32 {
    (0..1000).map(|_| black_box(value)()).sum()
}

fn main() {
    let paths: Vec<String> = std::env::args().skip(1).collect();
    let plugin = measured_first_open(&paths[0]);
    measured_second_open(&paths[1]);
    assert_eq!(measured_calls(measured_lookup(plugin)), 1000);
}
"#;

/// Instructions, by rustc 1.95. Whoever saves some writes the lower number here, so that nobody spends them again unseen.
const COUNTED: [(&str, u64); 4] =
    [("measured_first_open", 25_209), ("measured_second_open", 24_838), ("measured_lookup", 980), ("measured_calls", 10_017)];
/// What other paths to the files may add or take: a share, and so many at least.
const ROOM: f64 = 0.03;
const AT_LEAST: f64 = 100.0;

#[test]
fn opening_and_calling_take_no_more_instructions_than_they_did() {
    if crate::skipped::unless_valgrind_is_there("instructions of opening and calling") {
        return;
    }
    let workspace = Workspace::new();
    workspace.write("host/src/main.rs", HOST);
    workspace.plugin("two", crate::workspace::PLUGIN);
    workspace.engraft(["build", "--release"]).success();
    let built = workspace.target.join("engraft/release");
    let plugins = ["one", "two"].map(|name| built.join(format!("plugins/{name}.so")).display().to_string());
    let plugins = plugins.each_ref().map(String::as_str);
    let found = COUNTED.map(|(function, _)| instructions(&built.join("host"), &plugins, function, &workspace.root));
    let other_compiler = !String::from_utf8_lossy(&Command::new("rustc").arg("--version").output().unwrap().stdout).contains(" 1.95.");
    // Another compiler generates other code, which can only be held to the order of magnitude.
    let room = if other_compiler { 0.5 } else { ROOM };
    let mut differing = String::new();
    for ((function, counted), found) in COUNTED.iter().zip(found) {
        if (found.sum() as f64 - *counted as f64).abs() > (room * *counted as f64).max(AT_LEAST) {
            differing += &format!("{function}: expected {counted} within {room}, found {}, of which\n{}", found.sum(), found.largest());
        }
    }
    assert!(differing.is_empty(), "{differing}");
}
