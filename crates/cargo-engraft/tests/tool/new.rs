//! `new` creates workspaces and plugins that build and run, or nothing.

use crate::ran::Ran;
use crate::slot::{By, Slot};
use crate::tool;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// A directory for new workspaces, and their target directory.
struct Place {
    directory: TempDir,
    slot: Slot,
}

impl Place {
    fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap(), slot: Slot::borrow(By::Tool) }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.directory.path().join(path)
    }

    fn command(&self, directory: &str, arguments: &[&str]) -> Command {
        let mut command = tool::engraft(&self.path(directory), self.slot.path());
        command.args(arguments);
        command
    }

    #[track_caller]
    fn engraft(&self, directory: &str, arguments: &[&str]) -> Ran {
        Ran::of(&mut self.command(directory, arguments))
    }

    #[track_caller]
    fn cargo(&self, directory: &str, arguments: &[&str]) -> Ran {
        Ran::of(tool::cargo(&self.path(directory), self.slot.path()).args(arguments))
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }
}

/// All files below a directory; `.git` counts as a file.
fn files(directory: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut left = vec![directory.to_owned()];
    while let Some(next) = left.pop() {
        for entry in fs::read_dir(next).unwrap().map(|entry| entry.unwrap().path()) {
            let name = entry.strip_prefix(directory).unwrap().display().to_string();
            if entry.is_dir() && name != ".git" { left.push(entry) } else { found.push(name) }
        }
    }
    found.sort();
    found
}

#[test]
fn new_workspace_builds_and_runs() {
    let place = Place::new();
    place.engraft("", &["new", "my-app"]).success().says(&["Created workspace `my-app` with plugin `hello` at "]);
    let expected = [
        ".cargo/config.toml",
        ".cargo/engraft/runner",
        ".cargo/engraft/rustc",
        ".git",
        ".gitignore",
        "Cargo.toml",
        "README.md",
        "api/Cargo.toml",
        "api/src/lib.rs",
        "host/Cargo.toml",
        "host/src/main.rs",
        "plugins/hello/Cargo.toml",
        "plugins/hello/src/lib.rs",
        "rust-toolchain.toml",
    ];
    assert_eq!(files(&place.path("my-app")), expected);
    assert_eq!(fs::read_dir(place.path("")).unwrap().count(), 1, "there are no other files");

    place.engraft("my-app", &["run"]).success().prints(&["Hello, world!\n"]);
    place.engraft("my-app", &["test"]).success();
    fs::write(place.path("my-app/hello.txt"), "Good morning\n").unwrap();
    place.engraft("my-app", &["run", "-q", "--", "hello"]).success().prints(&["Good morning, world!\n"]);
    // The same by cargo, whose outputs stand in its own target directory.
    place.cargo("my-app", &["run", "-q", "--", "hello"]).success().prints(&["Good morning, world!\n"]);
    place.cargo("my-app", &["test"]).success();
    place.engraft("my-app", &["run", "-q", "--", "absent"]).ended(1).says(&["error: E03: there is no plugin `absent`\n", "help: "]);
}

#[test]
fn b12_the_compiler_is_pinned() {
    let place = Place::new();
    place.engraft("", &["new", "app"]).success();
    let release = Ran::of(tool::clean("rustc").args(["-vV"]).current_dir(place.path(""))).success();
    let release = release.stdout.lines().find_map(|line| line.strip_prefix("release: ")).unwrap().to_owned();
    let pinned = place.read("app/rust-toolchain.toml");
    let expected = if release.contains("nightly") { "channel = \"nightly-2".to_owned() } else { format!("channel = \"{release}\"\n") };
    assert!(pinned.contains(&expected), "{pinned}");
}

#[test]
fn new_code_is_formatted_and_has_no_warnings() {
    let place = Place::new();
    // The names sort before and after `std`, because rustfmt sorts imports.
    for name in ["app", "zoo"] {
        place.engraft("", &["new", name]).success();
        place.engraft(name, &["new", "--plugin", "second"]).success();
        place.cargo(name, &["fmt", "--all", "--check"]).success();
    }
    fs::write(place.path("zoo/api/src/lib.rs"), "//! Another API.\n").unwrap();
    place.engraft("zoo", &["new", "--plugin", "third"]).success();
    place.cargo("zoo", &["fmt", "--all", "--check"]).success();
    place.cargo("app", &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings", "-W", "missing-docs"]).success();
}

#[test]
fn new_plugin_builds_and_opens() {
    let place = Place::new();
    place.engraft("", &["new", "app"]).success();
    let root = place.read("app/Cargo.toml");
    place.engraft("app/host/src", &["new", "--plugin", "second"]).success().says(&["Created plugin `second` at "]);
    assert_eq!(place.read("app/Cargo.toml"), root, "`plugins/*` includes it");
    place.engraft("app", &["run", "--", "hello", "second"]).success().prints(&["Hello, world!\nHello, world!\n"]);
    fs::write(place.path("app/second.txt"), "Good evening\n").unwrap();
    place.engraft("app", &["run", "--", "hello", "second"]).success().prints(&["Hello, world!\nGood evening, world!\n"]);
    place.engraft("", &["new", "--plugin", "third", "--manifest-path", "app/Cargo.toml"]).success();
    place.engraft("app", &["run", "--", "third"]).success().prints(&["Hello, world!\n"]);
}

/// The workspace lists its members, gets `engraft` by path, and has another API than the template.
#[test]
fn new_plugin_follows_style_of_workspace() {
    let place = Place::new();
    let workspace = crate::workspace::Workspace::cold();
    let root = &workspace.root;
    workspace.write(
        "Cargo.toml",
        "# ours\n[workspace]\nresolver = \"3\"\nmembers = [\n    \"api\",\n    \"host\", # the program\n    # One of many:\n    \"plugins/one\", # the first\n]\n\n[workspace.package]\nedition = \"2021\" # still\n",
    );
    let engraft = tool::crates().join("engraft").display().to_string();
    for package in ["host", "plugins/one"] {
        let up = if package == "host" { ".." } else { "../.." };
        workspace.replace(&format!("{package}/Cargo.toml"), "engraft.workspace = true", &format!("engraft = {{ path = {engraft:?} }}"));
        workspace.replace(&format!("{package}/Cargo.toml"), "api.workspace = true", &format!("api = {{ path = \"{up}/api\" }} # shared"));
    }
    let run = |arguments: &[&str]| Ran::of(tool::engraft(root, place.slot.path()).args(arguments)).success();
    run(&["new", "--plugin", "second"]);
    let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let expected = "# ours\n[workspace]\nresolver = \"3\"\nmembers = [\n    \"api\",\n    \"host\", # the program\n    # One of many:\n    \"plugins/one\", # the first\n    \"plugins/second\",\n]\n\n[workspace.package]\nedition = \"2021\" # still\n";
    assert_eq!(manifest, expected);
    let made = fs::read_to_string(root.join("plugins/second/Cargo.toml")).unwrap();
    assert!(made.contains("version = \"0.1.0\"\nedition.workspace = true\n"), "{made}");
    assert!(made.contains(&format!("[dependencies]\nengraft = {{ path = {engraft:?} }}\napi = {{ path = \"../../api\" }}\n")), "{made}");

    workspace.write(
        "host/src/main.rs",
        "fn main() {\n    let plugin = unsafe { engraft::open(\"second\") }.unwrap();\n    \
         let start = plugin.lookup::<fn(&std::path::Path) -> std::io::Result<String>>(\"start\").unwrap();\n    \
         println!(\"{}\", start(std::path::Path::new(\".\")).unwrap());\n}\n",
    );
    run(&["run"]).prints(&["Hello!\n"]);
}

/// A single package with a binary becomes a workspace.
#[test]
fn new_plugin_turns_single_package_into_workspace() {
    let place = Place::new();
    let engraft = tool::crates().join("engraft").display().to_string();
    fs::create_dir_all(place.path("solo/src")).unwrap();
    let manifest = format!("[package]\nname = \"solo\"\nedition = \"2024\"\n\n[dependencies]\nengraft = {{ path = {engraft:?} }}\n");
    fs::write(place.path("solo/Cargo.toml"), &manifest).unwrap();
    fs::write(place.path("solo/src/main.rs"), "fn main() { println!(\"{:?}\", unsafe { engraft::open(\"extra\") }.unwrap().name()) }\n")
        .unwrap();
    place.engraft("solo", &["new", "--plugin", "extra"]).success();
    assert_eq!(place.read("solo/Cargo.toml"), format!("{manifest}\n[workspace]\nmembers = [\"plugins/extra\"]\n"));
    place.engraft("solo", &["run"]).success().prints(&["\"extra\"\n"]);
}

#[test]
fn new_workspace_is_a_git_repository_unless_within_one() {
    let place = Place::new();
    place.engraft("", &["new", "outer"]).success();
    place.engraft("outer", &["new", "inner"]).success();
    assert!(place.path("outer/.git").is_dir());
    assert!(!place.path("outer/inner/.git").exists());
    assert!(place.path("outer/inner/.gitignore").exists());
    // A directory that the surrounding repository ignores gets its own repository.
    fs::create_dir(place.path("outer/target")).unwrap();
    place.engraft("outer", &["new", "target/inner"]).success();
    assert!(place.path("outer/target/inner/.git").is_dir());
}

#[test]
fn new_works_without_git() {
    let place = Place::new();
    let mut command = place.command("", &["new", "app"]);
    // The PATH has only rustc.
    let tools = place.path("tools");
    fs::create_dir(&tools).unwrap();
    let rustc = Ran::of(tool::clean("rustc").args(["--print", "sysroot"])).success().stdout.trim().to_owned() + "/bin/rustc";
    std::os::unix::fs::symlink(rustc, tools.join("rustc")).unwrap();
    Ran::of(command.env("PATH", &tools)).success();
    assert!(!place.path("app/.git").exists());
    assert!(place.path("app/Cargo.toml").exists());
}

#[test]
fn new_fills_empty_directory() {
    let place = Place::new();
    fs::create_dir(place.path("app")).unwrap();
    place.engraft("app", &["new", "."]).success();
    assert!(place.path("app/host/src/main.rs").exists());
    place.engraft("", &["new", "a/b/deep"]).success();
    assert!(place.path("a/b/deep/host/src/main.rs").exists());
}

#[test]
fn packages_are_named_after_the_directory() {
    let place = Place::new();
    for (path, host, plugin) in [("MyApp", "myapp", "hello"), ("hello", "hello", "greet"), ("a_b-c", "a_b-c", "hello")] {
        place.engraft("", &["new", path]).success();
        assert!(place.read(&format!("{path}/host/Cargo.toml")).contains(&format!("name = \"{host}\"\n")));
        assert!(place.read(&format!("{path}/api/Cargo.toml")).contains(&format!("name = \"{host}-api\"\n")));
        assert!(place.path(&format!("{path}/plugins/{plugin}/src/lib.rs")).exists());
    }
    place.engraft("hello", &["run"]).success().prints(&["Hello, world!"]);
}

#[test]
fn refused_new_workspace_writes_nothing() {
    let place = Place::new();
    fs::create_dir(place.path("full")).unwrap();
    fs::write(place.path("full/file"), "").unwrap();
    fs::write(place.path("file"), "").unwrap();
    let before = files(&place.path(""));
    let refused = |arguments: &[&str], texts: &[&str]| {
        place.engraft("", arguments).ended(101).says(&["error: ", "\nhelp: "]).says(texts);
        assert_eq!(files(&place.path("")), before, "{arguments:?}");
    };
    refused(
        &["new", "full"],
        &[&format!("{} exists and is not empty\nhelp: choose a path that does not exist\n", place.path("full").display())],
    );
    refused(&["new", "file"], &[&format!("{} is not a directory\n", place.path("file").display())]);
    refused(&["new", "file/inner"], &[&format!("{} is not a directory\n", place.path("file").display())]);
    refused(
        &["new", "my app"],
        &["failed to name the workspace's packages after its directory `my app`", "`my app` is not a valid package name: it contains ` `"],
    );
    refused(&["new", "größe"], &["it contains `ö`"]);
    refused(&["new", "2nd"], &["does not start with a lowercase ASCII letter", "help: use lowercase ASCII letters, digits, `-` and `_`"]);
    refused(&["new", "fn"], &["it is a Rust keyword"]);
    refused(&["new", "core"], &["a crate of the Rust toolchain has this name"]);
    refused(&["new", "plugins"], &["a directory in the build output has this name"]);
    refused(&["new", "engraft"], &["a crate of Engraft has this name"]);
    refused(&["new", "--plugin", "second"], &["could not find `Cargo.toml`", "help: run `cargo engraft new PATH` to create a workspace\n"]);
    place.engraft("", &["new"]).ended(2);
    place.engraft("", &["new", "app", "--plugin", "second"]).ended(2);
}

#[test]
fn refused_new_plugin_writes_nothing() {
    let place = Place::new();
    place.engraft("", &["new", "app"]).success();
    fs::create_dir(place.path("app/plugins/.hidden")).unwrap();
    fs::write(place.path("app/plugins/.hidden/Cargo.toml"), "[package]\nname = \"kept\"\n[lib]\npath = \"lib.rs\"\n").unwrap();
    let before = files(&place.path(""));
    let refused = |name: &str, text: &str| {
        place.engraft("app", &["new", "--plugin", name]).ended(101).says(&["error: ", "\nhelp: ", text]);
        assert_eq!(files(&place.path("")), before, "{name}");
    };
    refused("hello", "the workspace already has a package `hello`: ");
    refused("app", "the workspace already has a package `app`: ");
    refused("Second", "`Second` is not a valid package name: it does not start with a lowercase ASCII letter");
    refused("a/b", "it contains `/`");
    refused(".hidden", "does not start with");
    refused("kept", "the workspace already has a package `kept`");
}

#[test]
fn failed_new_plugin_leaves_nothing() {
    let place = Place::new();
    place.engraft("", &["new", "app"]).success();
    fs::remove_dir_all(place.path("app/plugins")).unwrap();
    // A file is in the place of the directory.
    fs::write(place.path("app/plugins"), "").unwrap();
    let before = (files(&place.path("")), place.read("app/Cargo.toml"));
    place.engraft("app", &["new", "--plugin", "second"]).ended(101).says(&["error: ", "plugins"]);
    assert_eq!((files(&place.path("")), place.read("app/Cargo.toml")), before);
}
