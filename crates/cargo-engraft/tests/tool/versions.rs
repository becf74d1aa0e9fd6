//! A workspace in two versions, of which the outputs of undisturbed builds are known: whatever a build that came to a bad end leaves must
//! be one of the two, whole, and the next build must come to the same as one that was never disturbed.

use crate::ran::Ran;
use crate::slot::By;
use crate::steps::Steps;
use crate::workspace::{Workspace, run_at};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What both have; the version is compiled into host and plugin, and into the function that they share.
const API: &str = "pub const VERSION: u32 = 0;\npub fn version() -> u32 { VERSION }\n";

const HOST: &str = r#"
fn main() {
    for path in std::env::args().skip(1) {
        match unsafe { engraft::open(path) } {
            Ok(plugin) => println!("opened {} {} {}", plugin.lookup::<fn() -> u32>("value").unwrap()(), api::VERSION, api::version()),
            Err(error) => println!("refused {}", error.code()),
        }
    }
}
"#;

const PLUGIN: &str = "#[engraft::export]\npub fn value() -> u32 { 10 * api::VERSION + api::version() }\n";

pub struct Versions {
    pub workspace: Workspace,
    by: By,
    built: [Built; 2],
    /// Which the sources are.
    now: usize,
}

/// What an undisturbed build makes.
#[derive(Default)]
struct Built {
    /// The host, where no build comes.
    kept: PathBuf,
    host: Vec<u8>,
    plugin: Vec<u8>,
}

impl Versions {
    pub fn build() -> Self {
        Self::build_by(By::Tool)
    }

    /// The same, built by the tool or by cargo itself.
    pub fn build_by(by: By) -> Self {
        let workspace = if by == By::Tool { Workspace::new() } else { Workspace::hooked() };
        workspace.write("host/src/main.rs", HOST);
        workspace.plugin("one", PLUGIN);
        let mut versions = Self { workspace, by, built: [Built::default(), Built::default()], now: 1 };
        if by == By::Cargo {
            versions.workspace.engraft(["init"]).success();
        }
        for version in [0, 1] {
            write(&versions.workspace, version);
            Ran::of(&mut versions.command()).success();
            // Another name and not a copy, which can't be run while another test starts a program.
            let kept = versions.workspace.target.join(format!("kept-{version}"));
            let (host, plugin) = (versions.host(), versions.plugin());
            fs::hard_link(&host, &kept).unwrap();
            versions.built[version] = Built { kept, host: fs::read(&host).unwrap(), plugin: fs::read(&plugin).unwrap() };
        }
        let built = &versions.built;
        assert!(built[0].host != built[1].host && built[0].plugin != built[1].plugin);
        versions
    }

    /// What builds everything.
    pub fn command(&self) -> Command {
        match self.by {
            By::Tool => self.workspace.command(["build"]),
            By::Cargo => self.workspace.hooked_command(["build"]),
        }
    }

    fn host(&self) -> PathBuf {
        if self.by == By::Tool { self.workspace.output("host") } else { self.workspace.target.join("debug/host") }
    }

    fn plugin(&self) -> PathBuf {
        if self.by == By::Tool { self.workspace.so("one") } else { self.workspace.target.join("debug/libone.so") }
    }

    /// What stands where programs and plugins are looked for.
    fn outputs(&self) -> Vec<PathBuf> {
        match self.by {
            By::Tool => files(&self.workspace.output("")),
            By::Cargo => {
                let entries = fs::read_dir(self.workspace.target.join("debug")).into_iter().flatten();
                entries.map(|entry| entry.unwrap().path()).chain([self.workspace.target.join("debug/deps/libone.so")]).collect()
            }
        }
    }

    /// Builds the other version undisturbed, with its steps counted: what counts them, and which they are.
    pub fn steps(&mut self) -> (Steps, Vec<String>) {
        let steps = Steps::of(&self.workspace);
        self.edit();
        let mut undisturbed = self.command();
        steps.count(&mut undisturbed, None);
        Ran::of(&mut undisturbed).success();
        let all = steps.counted();
        (steps, all)
    }

    /// Makes the sources those of the other version.
    pub fn edit(&mut self) {
        self.now = 1 - self.now;
        write(&self.workspace, self.now);
    }

    /// Looks at everything in the output directory after a build that came to a bad end.
    pub fn check_what_is_there(&self) -> Result<(), String> {
        let (host, plugin) = (self.host(), self.plugin());
        for path in self.outputs().into_iter().filter(|path| path.is_file()) {
            let bytes = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            if path == host && !self.built.iter().any(|built| built.host == bytes) {
                return Err("the host is of neither build".to_owned());
            }
            if self.built.iter().any(|built| built.host == bytes) {
                continue;
            }
            let version = self.built.iter().position(|built| built.plugin == bytes);
            if path == plugin && version.is_none() {
                return Err("the plugin is of neither build".to_owned());
            }
            for (of_host, built) in self.built.iter().enumerate() {
                let said = Ran::of(run_at(&built.kept, &self.workspace.root).arg(&path)).success().stdout;
                let expected = match version {
                    Some(version) if version == of_host => said == opened(version),
                    Some(_) => said == "refused E01\n",
                    // Half of something, or something else.
                    None => said.starts_with("refused "),
                };
                if !expected {
                    return Err(format!("{} is version {version:?}, and the host of version {of_host} says: {said}", path.display()));
                }
            }
        }
        Ok(())
    }

    /// Builds without being disturbed: everything must be as if it had never been, and nothing may be left of what was.
    pub fn finish(&self) -> Result<(), String> {
        let ran = Ran::of(&mut self.command());
        if ran.code != Some(0) {
            return Err(format!("the next build failed: {ran}"));
        }
        let (host, plugin) = (self.host(), self.plugin());
        let built = &self.built[self.now];
        if fs::read(&host).unwrap() != built.host || fs::read(&plugin).unwrap() != built.plugin {
            return Err(format!("the next build made something else than an undisturbed one: {ran}"));
        }
        let said = Ran::of(run_at(&host, &self.workspace.root).arg("one")).success().stdout;
        if said != opened(self.now) {
            return Err(format!("the next build's host says: {said}"));
        }
        let directories: &[&str] = if self.by == By::Tool { &["engraft"] } else { &["engraft", "debug/deps"] };
        let is_left = |path: &PathBuf| path.components().any(|part| part.as_os_str().to_string_lossy().starts_with(".engraft-"));
        let all = directories.iter().flat_map(|directory| files(&self.workspace.target.join(directory)));
        let left: Vec<PathBuf> = all.filter(is_left).collect();
        if !left.is_empty() {
            return Err(format!("the next build left what the one before had begun: {left:?}"));
        }
        Ok(())
    }
}

fn write(workspace: &Workspace, version: usize) {
    workspace.write("api/src/lib.rs", &API.replace("= 0", &format!("= {}", version + 1)));
}

fn opened(version: usize) -> String {
    format!("opened {} {} {}\n", 11 * (version + 1), version + 1, version + 1)
}

/// All files below a directory, and directories with nothing in them.
fn files(directory: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(directory) else { return Vec::new() };
    let mut files = Vec::new();
    for path in entries.map(|entry| entry.unwrap().path()) {
        let is_directory = path.is_dir() && !path.is_symlink();
        let below = if is_directory { self::files(&path) } else { Vec::new() };
        if below.is_empty() { files.push(path) } else { files.extend(below) }
    }
    files
}
