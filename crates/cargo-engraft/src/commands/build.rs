//! `cargo engraft build`: one cargo invocation for all hosts and plugins, then the plugins' links.

use super::options::BuildOptions;
use crate::cargo::invocation::{self, Artifacts, Executable, Outcome};
use crate::cargo::workspace::{Graph, Workspace};
use crate::cargo::{config, profile};
use crate::output::{self, Steps};
use crate::plugin::{self, PluginLink};
use crate::rustc::session::Session;
use crate::rustc::wrapper::refuse_target;
use crate::{exit, place};
use anyhow::{Context, Result, bail};
use cargo_metadata::{MetadataCommand, TargetKind};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Everything that is settled before cargo starts.
pub struct Build<'o> {
    pub options: &'o BuildOptions,
    pub workspace: Workspace,
    pub session: Session,
    /// The session as the wrappers read it; goes away with this value.
    pub session_file: tempfile::NamedTempFile,
    /// Directory of this profile's output, `target/engraft/<profile>`.
    pub output: PathBuf,
}

/// The subcommand.
pub fn command(options: &BuildOptions) -> Result<u8> {
    let build = Build::prepare(options, Graph::Normal)?;
    match build.cargo("build", &[])? {
        Outcome::Failed(code) => Ok(code),
        Outcome::Built(artifacts) => {
            build.link_plugins(&artifacts, "plugins")?;
            build.place_hosts(&artifacts.executables)?;
            Ok(exit::FINE)
        }
    }
}

impl<'o> Build<'o> {
    /// Reads the workspace and cargo's configuration, and refuses what can't come to a good end.
    pub fn prepare(options: &'o BuildOptions, graph: Graph) -> Result<Self> {
        if !cfg!(target_os = "linux") {
            bail!("Engraft does not support this platform yet\nhelp: Linux with glibc is what works today");
        }
        let mut metadata = MetadataCommand::new();
        if let Some(path) = &options.manifest_path {
            metadata.manifest_path(path);
        }
        metadata.other_options(options.metadata_arguments());
        let metadata = metadata.exec().map_err(|error| match error {
            // cargo's own words are the best there are.
            cargo_metadata::Error::CargoMetadata { stderr } => anyhow::anyhow!("{}", stderr.trim().trim_start_matches("error: ")),
            other => anyhow::Error::new(other).context("failed to run `cargo metadata`"),
        })?;
        let workspace = Workspace::new(&metadata, graph)?;
        workspace.check_names(&options.packages)?;
        if workspace.hosts.is_empty() {
            bail!(
                "there is no host in the workspace {}\n\
                 a host is a package with a binary that depends on `engraft`, or on a package that does\n\
                 help: `cargo engraft new PATH` makes a workspace that has one",
                workspace.root.display()
            );
        }

        let variable = |name: &str| std::env::var(name).ok();
        let cargo_home = cargo_home()?;
        let config = config::Config::read(&std::env::current_dir()?, &cargo_home)?;
        let target = options.target.clone().or_else(|| config::default_target(&config, variable));
        target.as_deref().map_or(Ok(()), refuse_target)?;
        let manifest_path = workspace.root.join("Cargo.toml");
        let manifest = std::fs::read_to_string(&manifest_path).with_context(|| format!("failed to read {}", manifest_path.display()))?;
        let manifest = manifest.parse().with_context(|| format!("failed to understand {}", manifest_path.display()))?;
        let lto = profile::lto(options.profile(), &manifest, &config, variable);
        if let Some(lto) = lto.or_else(|| lto_in_flags(&variable)) {
            output::warning(&format!(
                "profile `{}` asks for lto = {lto}; built without, because link-time optimisation would remove the symbols that plugins borrow",
                options.profile()
            ));
        }

        let target_directory = match &options.target_dir {
            Some(dir) => std::path::absolute(dir)?,
            None => workspace.target_directory.clone(),
        };
        let engraft = target_directory.join("engraft");
        let session = Session {
            engraft: std::env::current_exe().context("failed to find the path of this program")?,
            user_wrapper: config::rustc_wrapper(&config, variable),
            linkers: engraft.join("build/linkers"),
            profile: options.profile().to_owned(),
            workspace: workspace.root.clone(),
            cargo_home,
            target_dir: engraft.join("build"),
            plugin_side: workspace.plugin_side.clone(),
        };
        start_afresh_after_an_update(&session.target_dir)?;
        let session_file = tempfile::Builder::new().prefix(".session-").suffix(".json").tempfile_in(&session.target_dir)?;
        std::fs::write(session_file.path(), serde_json::to_vec(&session)?)?;
        Ok(Self {
            output: engraft.join(target.unwrap_or_default()).join(profile::directory(options.profile())),
            options,
            workspace,
            session,
            session_file,
        })
    }

    /// Runs the one cargo invocation: always for all hosts and plugins.
    pub fn cargo(&self, subcommand: &str, extra: &[String]) -> Result<Outcome> {
        let mut cargo = invocation::command(subcommand, self.options, &self.session, self.session_file.path());
        cargo.args(self.workspace.specs().flat_map(|spec| ["--package", spec])).args(extra);
        invocation::run(cargo, self.options, self.steps())
    }

    /// Links the plugins for the hosts that were built, into a directory below the output's.
    pub fn link_plugins(&self, artifacts: &Artifacts, directory: &str) -> Result<()> {
        let directory = self.output.join(directory);
        for plugin in &self.workspace.plugins {
            let name = &plugin.package.name;
            if !self.wanted(name) {
                continue;
            }
            let library = artifacts.libraries.iter().find(|(id, _)| *id == plugin.package.id);
            let (_, library) = library.with_context(|| format!("cargo built no library for the plugin `{name}`"))?;
            let file = directory.join(format!("{name}.so"));
            plugin::link(&PluginLink {
                name,
                library,
                hosts: self.hosts_of(plugin, &artifacts.executables)?,
                file: &file,
                session: &self.session,
                steps: self.steps(),
            })?;
            self.report(name, "plugin", &file);
        }
        Ok(())
    }

    /// Gives the hosts their names in the output directory.
    pub fn place_hosts(&self, executables: &[Executable]) -> Result<()> {
        for executable in executables {
            let package = self.workspace.hosts.iter().find(|host| host.id == executable.package);
            let Some(host) = package.filter(|host| executable.kind == TargetKind::Bin && self.wanted(&host.name)) else { continue };
            let place = self.placed(executable);
            if !same_file(&executable.path, &place) {
                place::link(&executable.path, &place)?;
            }
            self.report(&host.name, "host", &place);
        }
        Ok(())
    }

    /// Where an executable has its name in the output directory.
    pub fn placed(&self, executable: &Executable) -> PathBuf {
        let directory = if executable.kind == TargetKind::Example { self.output.join("examples") } else { self.output.clone() };
        directory.join(executable.path.file_name().unwrap_or_default())
    }

    /// How much is told.
    pub fn steps(&self) -> Steps {
        self.options.steps()
    }

    fn wanted(&self, name: &str) -> bool {
        self.options.packages.is_empty() || self.options.packages.iter().any(|wanted| wanted == name)
    }

    /// The executables that a plugin is linked for: all hosts that were built, or those that it names.
    fn hosts_of(&self, plugin: &crate::cargo::workspace::Plugin, executables: &[Executable]) -> Result<Vec<PathBuf>> {
        let Some(names) = &plugin.hosts else {
            let hosts = executables.iter().filter(|executable| self.can_open_plugins(executable));
            return Ok(hosts.map(|executable| executable.path.clone()).collect());
        };
        let mut paths = Vec::new();
        for name in names {
            let package = self.workspace.hosts.iter().find(|host| host.name == *name).map(|host| &host.id);
            let named = |executable: &&Executable| Some(&executable.package) == package || executable.name == *name;
            let before = paths.len();
            paths.extend(executables.iter().filter(named).map(|executable| executable.path.clone()));
            if paths.len() == before {
                bail!(
                    "the plugin `{}` names the host `{name}`, which is not built here\nhelp: hosts: {}",
                    plugin.package.name,
                    self.workspace.hosts.iter().flat_map(|host| &host.binaries).cloned().collect::<Vec<_>>().join(", ")
                );
            }
        }
        Ok(paths)
    }

    /// Whether an executable is a host: a program of a host package or a test, and linked by Engraft.
    ///
    /// Those without `engraft` among their packages were left to the ordinary linker; a plugin's own `main` never opens it.
    fn can_open_plugins(&self, executable: &Executable) -> bool {
        let meant = executable.test || self.workspace.hosts.iter().any(|host| host.id == executable.package);
        let file = || std::fs::File::open(&executable.path).ok();
        meant && file().is_some_and(|file| engraft_manifest::find_note(&object::read::ReadCache::new(file)).is_ok())
    }

    fn report(&self, name: &str, kind: &str, path: &Path) {
        if self.options.message_format.is_some() {
            println!("{}", serde_json::json!({ "reason": "engraft-artifact", "kind": kind, "name": name, "path": path }));
        }
    }
}

/// What a build directory was compiled by. The number grows with every change to what wrapper and linker leave there.
const STAMP: &str = concat!(env!("CARGO_PKG_VERSION"), " 2");

/// Removes what another version of this program compiled: cargo does not know that it would come out differently now.
fn start_afresh_after_an_update(target_dir: &Path) -> Result<()> {
    let stamp = target_dir.join("cargo-engraft-version");
    let remembered = std::fs::read_to_string(&stamp).ok();
    if remembered.as_deref() == Some(STAMP) {
        return Ok(());
    }
    if remembered.is_some() {
        std::fs::remove_dir_all(target_dir).with_context(|| format!("failed to remove {}", target_dir.display()))?;
    }
    std::fs::create_dir_all(target_dir).with_context(|| format!("failed to create {}", target_dir.display()))?;
    place::write(&stamp, STAMP.as_bytes())
}

fn same_file(one: &Path, other: &Path) -> bool {
    let identity = |path: &Path| std::fs::metadata(path).map(|data| (data.dev(), data.ino(), data.len(), data.mtime(), data.mtime_nsec()));
    matches!((identity(one), identity(other)), (Ok(one), Ok(other)) if one == other)
}

fn lto_in_flags(variable: &impl Fn(&str) -> Option<String>) -> Option<String> {
    let flags = variable("CARGO_ENCODED_RUSTFLAGS").map(|flags| flags.replace('\x1f', " ")).or_else(|| variable("RUSTFLAGS"))?;
    let asked =
        flags.split_whitespace().any(|word| matches!(word.trim_start_matches("-C").split('=').next(), Some("lto" | "linker-plugin-lto")));
    asked.then(|| "in RUSTFLAGS".to_owned())
}

fn cargo_home() -> Result<PathBuf> {
    if let Some(home) = std::env::var_os("CARGO_HOME") {
        return Ok(std::path::absolute(home)?);
    }
    let home = std::env::home_dir().context("failed to find the home directory, in which cargo keeps its own")?;
    Ok(home.join(".cargo"))
}
