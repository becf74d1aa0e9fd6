//! Workspaces made up for one test: an API crate, a host and plugins, a few lines each.

use crate::ran::Ran;
use crate::slot::{By, Slot};
use crate::tool;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// A workspace in a directory that goes away with it.
pub struct Workspace {
    /// Its root.
    pub root: PathBuf,
    /// Its target directory.
    pub target: PathBuf,
    _directory: TempDir,
    _slot: Option<Slot>,
}

const ROOT: &str = r#"
[workspace]
resolver = "3"
members = ["api", "host", "plugins/*"]
[workspace.dependencies]
engraft = { path = "ENGRAFT" }
api = { path = "api" }
"#;

const API: &str = "
/// How often plugins were called.
pub static CALLS: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
";

/// Opens what is named on the command line, or `one`, and calls what it exports.
const HOST: &str = r#"
fn main() {
    let mut names: Vec<String> = std::env::args().skip(1).collect();
    if names.is_empty() {
        names.push("one".into());
    }
    for name in names {
        match unsafe { engraft::open(&name) } {
            Ok(plugin) => {
                let value = plugin.lookup::<fn() -> u32>("value").unwrap();
                println!("{} is {}", plugin.name(), value());
            }
            Err(error) => println!("refused: {error}"),
        }
    }
    println!("calls: {}", api::CALLS.load(std::sync::atomic::Ordering::Relaxed));
}
"#;

/// The plugin `one`.
pub const PLUGIN: &str = r#"
#[engraft::export]
pub fn value() -> u32 {
    api::CALLS.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    1
}
"#;

/// What stands in the manifest of a plugin below its name.
pub const PLUGIN_SETTINGS: &str = "[package.metadata.engraft]\nplugin = true\n";
/// The dependencies of every package but the API.
pub const DEPENDENCIES: &str = "[dependencies]\nengraft.workspace = true\napi.workspace = true\n";

impl Workspace {
    /// With `api`, `host` and the plugin `one`. Engraft's packages are compiled already.
    pub fn new() -> Self {
        Self::borrowing(Slot::borrow(By::Tool))
    }

    /// The same, for cargo itself: `cargo engraft init` has written the hook.
    pub fn hooked() -> Self {
        let workspace = Self::borrowing(Slot::borrow(By::Cargo));
        workspace.engraft(["init"]).success();
        workspace
    }

    fn borrowing(slot: Slot) -> Self {
        let directory = tempfile::tempdir().unwrap();
        Self::made(directory.path().join("w"), slot.path().to_owned(), directory, Some(slot))
    }

    /// The same, but nothing is compiled: for tests whose settings change how Engraft's packages are compiled.
    pub fn cold() -> Self {
        Self::cold_at("w")
    }

    /// The same, in a directory of this name.
    pub fn cold_at(name: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path().join(name);
        Self::made(root.clone(), root.join("target"), directory, None)
    }

    fn made(root: PathBuf, target: PathBuf, directory: TempDir, slot: Option<Slot>) -> Self {
        let workspace = Self { root, target, _directory: directory, _slot: slot };
        workspace.write("Cargo.toml", &ROOT.replace("ENGRAFT", &tool::crates().join("engraft").display().to_string()));
        workspace.package("api", "", "src/lib.rs", API);
        workspace.package("host", DEPENDENCIES, "src/main.rs", HOST);
        workspace.plugin("one", PLUGIN);
        fs::copy(tool::lock_file(), workspace.root.join("Cargo.lock")).unwrap();
        workspace
    }

    /// Adds a plugin to `plugins/`, or replaces it.
    pub fn plugin(&self, name: &str, source: &str) {
        self.package(&format!("plugins/{name}"), &format!("{PLUGIN_SETTINGS}{DEPENDENCIES}"), "src/lib.rs", source);
    }

    /// Writes a package with one source file; `more` follows the package's name in its manifest.
    pub fn package(&self, directory: &str, more: &str, source: &str, text: &str) {
        let name = directory.rsplit('/').next().unwrap();
        let manifest = format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n{more}");
        self.write(&format!("{directory}/Cargo.toml"), &manifest);
        self.write(&format!("{directory}/{source}"), text);
    }

    /// Writes a file of the workspace.
    pub fn write(&self, path: &str, text: &str) -> PathBuf {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    /// Writes a file that can be run.
    pub fn script(&self, path: &str, text: &str) -> PathBuf {
        let path = self.write(path, text);
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        path
    }

    /// Adds to a file of the workspace.
    pub fn append(&self, path: &str, text: &str) {
        let before = fs::read_to_string(self.root.join(path)).unwrap();
        self.write(path, &format!("{before}{text}"));
    }

    /// Replaces a text in a file of the workspace, where it must be.
    #[track_caller]
    pub fn replace(&self, path: &str, from: &str, to: &str) {
        let before = fs::read_to_string(self.root.join(path)).unwrap();
        assert!(before.contains(from), "{path} contains {from}");
        self.write(path, &before.replace(from, to));
    }

    /// `cargo engraft` with these arguments.
    pub fn command<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Command {
        let mut command = tool::engraft(&self.root, &self.target);
        command.args(arguments);
        command
    }

    /// cargo itself, with these arguments.
    pub fn cargo<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Command {
        let mut command = tool::clean("cargo");
        command.args(arguments).current_dir(&self.root);
        command
    }

    /// cargo itself with these arguments, the workspace's target directory, and the tool under test for the hook.
    pub fn hooked_command<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Command {
        let mut command = tool::cargo(&self.root, &self.target);
        command.args(arguments);
        command
    }

    /// Runs it.
    #[track_caller]
    pub fn hooked_cargo<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Ran {
        Ran::of(&mut self.hooked_command(arguments))
    }

    /// Runs `cargo engraft` with these arguments.
    #[track_caller]
    pub fn engraft<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Ran {
        Ran::of(&mut self.command(arguments))
    }

    /// Builds everything, which must succeed.
    #[track_caller]
    pub fn build(&self) -> Ran {
        self.engraft(["build"]).success()
    }

    /// Something in the output directory of the profile `dev`.
    pub fn output(&self, path: &str) -> PathBuf {
        self.target.join("engraft/debug").join(path)
    }

    /// The file of a plugin.
    pub fn so(&self, name: &str) -> PathBuf {
        self.output(&format!("plugins/{name}.so"))
    }

    /// Runs the built host.
    #[track_caller]
    pub fn host<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Ran {
        Ran::of(run_at(&self.output("host"), &self.root).args(arguments))
    }

    /// Copies a built file aside, where no build changes it.
    pub fn keep(&self, path: &Path, name: &str) -> PathBuf {
        let kept = self.root.join("kept").join(name);
        fs::create_dir_all(kept.parent().unwrap()).unwrap();
        fs::copy(path, &kept).unwrap();
        kept
    }
}

/// A program, run in a directory.
pub fn run_at(program: &Path, directory: &Path) -> Command {
    let mut command = tool::clean(program);
    command.current_dir(directory);
    command
}
