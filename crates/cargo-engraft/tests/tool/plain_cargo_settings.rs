//! What the user has set for cargo keeps working with the hook: directories, targets, toolchains, and programs of the user's own.

use crate::ran::Ran;
use crate::tool;
use crate::workspace::{Workspace, run_at};
use std::fs;
use std::path::Path;

/// Writes its arguments to `log` beside it, a line a call, and does what they say.
const LOGGING: &str = "#!/bin/sh\necho \"$*\" >> \"$(dirname \"$0\")/log\"\nexec \"$@\"\n";

#[track_caller]
fn expect_in_log(workspace: &Workspace, text: &str) {
    let log = fs::read_to_string(workspace.root.join("tools/log")).unwrap();
    assert!(log.contains(text), "{text} in\n{log}");
}

#[test]
fn target_has_its_own_directory() {
    let workspace = Workspace::hooked();
    let triple = "x86_64-unknown-linux-gnu";
    workspace.hooked_cargo(["run", "--package", "host", "--target", triple]).success().prints(&["one is 1"]);
    Ran::of(&mut run_at(&workspace.target.join(triple).join("debug/host"), &workspace.root)).success().prints(&["one is 1"]);
    assert!(!workspace.target.join("debug/libone.so").exists());
}

#[test]
fn build_directory_can_be_elsewhere() {
    let workspace = Workspace::hooked();
    workspace.write("host/tests/open.rs", "#[test]\nfn opens() { unsafe { engraft::open(\"one\") }.unwrap(); }\n");
    let directory = tempfile::tempdir().unwrap();
    let mut command = workspace.hooked_command(["run"]);
    // What the seed compiled is where the build directory was then.
    command.env("CARGO_BUILD_BUILD_DIR", directory.path());
    Ran::of(&mut command).success().prints(&["one is 1"]);
    let mut command = workspace.hooked_command(["test", "--package", "host"]);
    Ran::of(command.env("CARGO_BUILD_BUILD_DIR", directory.path())).success().prints(&["test opens ... ok"]);
    assert!(!workspace.target.join("debug/deps/libone.so").exists());
}

#[test]
fn command_works_in_any_directory_of_the_workspace() {
    let workspace = Workspace::hooked();
    let mut command = workspace.hooked_command(["run", "--manifest-path", "../Cargo.toml"]);
    Ran::of(command.current_dir(workspace.root.join("host"))).success().prints(&["one is 1"]);
    let mut command = workspace.hooked_command(["run"]);
    Ran::of(command.current_dir(workspace.root.join("host"))).success().prints(&["one is 1"]);
}

#[test]
fn compiler_runner_and_linker_of_the_user_are_called() {
    let workspace = Workspace::hooked();
    workspace.script("tools/rustc", &LOGGING.replace("exec \"$@\"", "exec rustc \"$@\""));
    workspace.script("tools/run", LOGGING);
    workspace.script("tools/cc", &LOGGING.replace("exec \"$@\"", "exec cc \"$@\""));
    workspace.write(
        ".cargo/config.toml",
        "[build]\nrustc = \"tools/rustc\"\n[target.x86_64-unknown-linux-gnu]\nrunner = [\"tools/run\"]\nlinker = \"tools/cc\"\n\
         rustflags = [\"--cfg\", \"ours\"]\n",
    );
    workspace.engraft(["init"]).success().says(&[".cargo/config.toml"]);
    workspace.replace("plugins/one/src/lib.rs", "    1\n", "    if cfg!(ours) { 4 } else { 1 }\n");
    workspace.hooked_cargo(["run"]).success().prints(&["one is 4"]);
    let host = workspace.target.join("debug/host");
    for text in ["--crate-name host", "--crate-name one", "-vV", host.file_name().unwrap().to_str().unwrap(), "-fuse-ld"] {
        expect_in_log(&workspace, text);
    }
    workspace.engraft(["init"]).success().says(&["everything is there"]);
}

#[test]
fn wrapper_of_the_user_is_called() {
    let workspace = Workspace::hooked();
    let wrapper = workspace.script("tools/wrap", LOGGING);
    for variable in ["RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER"] {
        workspace.append("api/src/lib.rs", "\n");
        Ran::of(workspace.hooked_command(["run"]).env(variable, &wrapper)).success().prints(&["one is 1"]);
        expect_in_log(&workspace, ".cargo/engraft/rustc --crate-name api");
    }
}

#[test]
fn toolchain_that_rustup_chose_compiles() {
    let workspace = Workspace::hooked();
    let rustup = std::env::var_os("RUSTUP_HOME").map_or_else(|| std::env::home_dir().unwrap().join(".rustup"), Into::into);
    let real = Ran::of(std::process::Command::new("rustc").args(["--print", "sysroot"])).success().stdout;
    if !Path::new(real.trim()).starts_with(&rustup) {
        return crate::skipped::tell("rustup has not chosen this compiler");
    }
    // A toolchain of another name, as `cargo +name` makes the variable.
    let home = tempfile::tempdir().unwrap();
    let bin = home.path().join("toolchains/ours/bin");
    fs::create_dir_all(&bin).unwrap();
    fs::write(
        bin.join("rustc"),
        format!("#!/bin/sh\necho \"$*\" >> {}/log\nexec {}/bin/rustc \"$@\"\n", home.path().display(), real.trim()),
    )
    .unwrap();
    fs::set_permissions(bin.join("rustc"), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    // As rustup starts cargo: with the toolchain's name in the variable.
    let mut command = tool::cargo_at(&Path::new(real.trim()).join("bin/cargo"), &workspace.root, &workspace.target);
    command.arg("run").env("RUSTUP_HOME", home.path()).env("RUSTUP_TOOLCHAIN", "ours");
    Ran::of(&mut command).success().prints(&["one is 1"]);
    let log = fs::read_to_string(home.path().join("log")).unwrap();
    assert!(log.contains("--crate-name host"), "{log}");
}

#[test]
fn two_builds_at_once_make_one_set() {
    let workspace = Workspace::hooked();
    workspace.plugin("two", "#[engraft::export]\npub fn value() -> u32 { 2 }\n");
    workspace.engraft(["init"]).success();
    let start = |package: &str| {
        let mut command = workspace.hooked_command(["run", "--package", "host", "--", package]);
        command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap()
    };
    let both = ["one", "two"].map(start);
    for (child, expected) in both.into_iter().zip(["one is 1", "two is 2"]) {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(String::from_utf8_lossy(&output.stdout).contains(expected));
    }
}

#[test]
fn hook_without_a_workspace_above_it_is_reported() {
    let workspace = Workspace::hooked();
    let elsewhere = workspace.root.join("elsewhere");
    fs::create_dir_all(&elsewhere).unwrap();
    fs::rename(workspace.root.join(".cargo"), elsewhere.join(".cargo")).unwrap();
    fs::create_dir_all(elsewhere.join("nested/src")).unwrap();
    fs::write(elsewhere.join("nested/Cargo.toml"), "[package]\nname = \"nested\"\nedition = \"2024\"\n[workspace]\n").unwrap();
    fs::write(elsewhere.join("nested/src/main.rs"), "fn main() {}\n").unwrap();
    let mut command = workspace.hooked_command(["build"]);
    let ran = Ran::of(command.current_dir(elsewhere.join("nested"))).ended(101);
    ran.says(&["elsewhere/Cargo.toml is not there", "help: run `cargo engraft init` in the directory of the workspace's Cargo.toml"]);
}

#[test]
fn plugin_that_is_no_shared_object_is_refused_with_the_line_to_write() {
    let workspace = Workspace::hooked();
    workspace.replace("plugins/one/Cargo.toml", "crate-type = [\"lib\", \"cdylib\"]", "");
    let ran = workspace.hooked_cargo(["build"]).ended(101);
    ran.says(&["the plugin `one` is no shared object\n", "help: write `crate-type = [\"lib\", \"cdylib\"]` under [lib]"]);
}
