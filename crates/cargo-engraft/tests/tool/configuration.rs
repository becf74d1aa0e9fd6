//! What the user has configured for cargo keeps working: wrappers, linkers and flags, in the environment and in files.

use crate::ran::Ran;
use crate::workspace::Workspace;
use std::fs;

/// Writes its arguments to `log` beside it, a line a call, and does what they say.
const LOGGING_WRAPPER: &str = "#!/bin/sh\necho \"$*\" >> \"$(dirname \"$0\")/log\"\nexec \"$@\"\n";
/// The same for a linker.
const LOGGING_LINKER: &str = "#!/bin/sh\necho \"$*\" >> \"$(dirname \"$0\")/log\"\nexec cc \"$@\"\n";

const LINKER: &str = "CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER";

#[track_caller]
fn expect_crates_in_log(workspace: &Workspace) {
    let log = fs::read_to_string(workspace.root.join("tools/log")).unwrap();
    for name in ["api", "host", "one"] {
        assert!(log.lines().any(|line| line.contains(&format!("--crate-name {name} "))), "{name} in\n{log}");
    }
    // Engraft's own identity of what a plugin is made of is what the user's wrapper sees: it may be a cache.
    assert!(log.lines().all(|line| line.contains("rustc")), "{log}");
}

#[test]
fn a_wrapper_in_the_environment_is_called() {
    for variable in ["RUSTC_WRAPPER", "CARGO_BUILD_RUSTC_WRAPPER"] {
        let workspace = Workspace::new();
        let wrapper = workspace.script("tools/wrap", LOGGING_WRAPPER);
        Ran::of(workspace.command(["build"]).env(variable, wrapper)).success().says(&["Linking one"]);
        expect_crates_in_log(&workspace);
        workspace.host(["one"]).success().prints(&["one is 1"]);
    }
}

#[test]
fn a_wrapper_in_a_file_is_called() {
    let workspace = Workspace::new();
    workspace.script("tools/wrap", LOGGING_WRAPPER);
    workspace.write(".cargo/config.toml", "[build]\nrustc-wrapper = \"tools/wrap\"\n");
    workspace.build();
    expect_crates_in_log(&workspace);
    workspace.host(["one"]).success().prints(&["one is 1"]);
}

#[test]
fn a_wrapper_for_members_is_called() {
    let workspace = Workspace::new();
    let wrapper = workspace.script("tools/wrap", LOGGING_WRAPPER);
    Ran::of(workspace.command(["build"]).env("RUSTC_WORKSPACE_WRAPPER", wrapper)).success();
    expect_crates_in_log(&workspace);
    workspace.host(["one"]).success().prints(&["one is 1"]);
}

#[test]
fn a_wrapper_by_name_is_found_in_the_path() {
    let workspace = Workspace::new();
    workspace.script("tools/wrap-by-name", LOGGING_WRAPPER);
    let path = format!("{}:{}", workspace.root.join("tools").display(), std::env::var("PATH").unwrap());
    Ran::of(workspace.command(["build"]).env("RUSTC_WRAPPER", "wrap-by-name").env("PATH", path)).success();
    expect_crates_in_log(&workspace);
}

#[test]
fn an_empty_variable_switches_the_wrapper_of_the_file_off() {
    let workspace = Workspace::new();
    workspace.script("tools/wrap", "#!/bin/sh\nexit 1\n");
    workspace.write(".cargo/config.toml", "[build]\nrustc-wrapper = \"tools/wrap\"\n");
    Ran::of(workspace.command(["build"]).env("RUSTC_WRAPPER", "")).success();
}

#[test]
fn a_linker_of_ones_own_links_hosts_and_plugins() {
    let workspace = Workspace::cold();
    let linker = workspace.script("tools/my-cc", LOGGING_LINKER);
    // Host and plugin are linked with a response file; build scripts and procedural macros, without.
    let ours = || fs::read_to_string(workspace.root.join("tools/log")).unwrap().lines().filter(|line| line.contains('@')).count();
    Ran::of(workspace.command(["build"]).env(LINKER, linker)).success();
    assert_eq!(ours(), 2);
    workspace.host(["one"]).success().prints(&["one is 1"]);

    workspace.write(".cargo/config.toml", "[target.x86_64-unknown-linux-gnu]\nlinker = \"tools/my-cc\"\n");
    workspace.append("api/src/lib.rs", "pub struct More;\n");
    workspace.build().never_says(&["Compiling engraft "]);
    assert_eq!(ours(), 4);
    workspace.host(["one"]).success().prints(&["one is 1"]);
    fs::remove_file(workspace.so("one")).unwrap();
    workspace.build().says(&["Linking one"]);
    assert_eq!(ours(), 5);
}

/// A host that says whether it was compiled with `--cfg special`; so does the plugin.
fn with_special() -> Workspace {
    let workspace = Workspace::new();
    workspace.write(
        "host/src/main.rs",
        "fn main() {\n    let plugin = unsafe { engraft::open(\"one\") }.unwrap();\n    \
         println!(\"{} {}\", cfg!(special), plugin.lookup::<fn() -> bool>(\"special\").unwrap()());\n}\n",
    );
    workspace.append("plugins/one/src/lib.rs", "#[engraft::export]\npub fn special() -> bool { cfg!(special) }\n");
    workspace
}

const SPECIAL: &str = "--cfg special --check-cfg=cfg(special) -C link-arg=-Wl,-z,now";

#[test]
fn flags_in_a_file_reach_hosts_and_plugins() {
    let workspace = with_special();
    workspace.write(".cargo/config.toml", &format!("[build]\nrustflags = {:?}\n", SPECIAL.split(' ').collect::<Vec<_>>()));
    workspace.build();
    workspace.host([] as [&str; 0]).success().prints(&["true true"]);
}

#[test]
fn flags_in_the_environment_reach_hosts_and_plugins() {
    let workspace = with_special();
    Ran::of(workspace.command(["build"]).env("RUSTFLAGS", SPECIAL)).success();
    workspace.host([] as [&str; 0]).success().prints(&["true true"]);
    // Without them everything is another program.
    workspace.build().says(&["Compiling host ", "Linking one"]);
    workspace.host([] as [&str; 0]).success().prints(&["false false"]);
}

/// A build directory of the user's is shared with builds that don't go through Engraft, so this one has its own.
#[test]
fn a_build_directory_for_cargo_does_no_harm() {
    let workspace = Workspace::new();
    let elsewhere = tempfile::tempdir().unwrap();
    Ran::of(workspace.command(["build"]).env("CARGO_BUILD_BUILD_DIR", elsewhere.path())).success().says(&["Linking one"]);
    workspace.host(["one"]).success().prints(&["one is 1"]);
    workspace.write(".cargo/config.toml", &format!("[build]\nbuild-dir = {:?}\n", elsewhere.path()));
    workspace.build().never_says(&["Compiling", "Linking"]);
}

#[test]
fn settings_of_a_member_count_where_one_stands() {
    let workspace = Workspace::new();
    workspace.script("tools/wrap", LOGGING_WRAPPER);
    workspace.write("host/.cargo/config.toml", "[build]\nrustc-wrapper = \"../tools/wrap\"\n");
    workspace.build();
    assert!(!workspace.root.join("tools/log").exists(), "cargo reads the files above where one stands, not those of members");
    workspace.append("api/src/lib.rs", "pub struct More;\n");
    Ran::of(workspace.command(["build"]).current_dir(workspace.root.join("host"))).success();
    expect_crates_in_log(&workspace);
}
