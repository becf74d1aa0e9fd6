//! Command lines too long for the system, which rustc puts into response files.

use crate::ran::Ran;
use crate::tool;
use crate::workspace::Workspace;
use std::fmt::Write;
use std::fs;
use std::process::Command;

#[test]
fn a_link_with_a_response_file_is_a_link_like_any_other() {
    let workspace = Workspace::new();
    let saved = workspace.root.join("saved");
    Ran::of(limited(&workspace).env("ENGRAFT_SAVE_LINK", &saved)).success();
    workspace.host(["one"]).success().prints(&["one is 1"]);
    // What was expanded again is longer than what the system would have taken.
    assert!(fs::metadata(saved.join("host-1/given.rsp")).unwrap().len() > 256 << 10);
}

#[test]
fn a_program_that_is_left_to_the_ordinary_linker_links_with_a_response_file_too() {
    let workspace = Workspace::new();
    fs::remove_dir_all(workspace.root.join("plugins")).unwrap();
    workspace.replace("Cargo.toml", ", \"plugins/*\"", "");
    workspace.write("host/src/main.rs", "fn main() { println!(\"runs\") }\n");
    Ran::of(&mut limited(&workspace)).success();
    workspace.host([] as [&str; 0]).success().prints(&["runs\n"]);
}

/// A build whose host names so many libraries, each by a long name, that a system with a small limit can't take rustc's call of the linker.
///
/// The limit is a quarter of the stack's (`execve(2)`), so a small stack makes a small limit.
fn limited(workspace: &Workspace) -> Command {
    let mut source = String::new();
    for index in 0..1500 {
        let name = format!("{}{index}", "a_library_with_a_long_name_".repeat(7));
        workspace.write(&format!("libs/lib{name}.a"), "!<arch>\n");
        writeln!(source, "#[link(name = \"{name}\", kind = \"static\", modifiers = \"-bundle\")]\nunsafe extern \"C\" {{}}").unwrap();
    }
    workspace.append("host/src/main.rs", &source);
    workspace.write("host/build.rs", "fn main() { println!(\"cargo::rustc-link-search=native={}\", std::env::var(\"LIBS\").unwrap()) }\n");

    let mut limited = tool::clean("sh");
    limited.args(["-c", "ulimit -s 1024 && exec \"$@\"", "sh", tool::PROGRAM, "engraft", "build"]);
    limited.current_dir(&workspace.root).env("CARGO_TARGET_DIR", &workspace.target).env("LIBS", workspace.root.join("libs"));
    limited
}
