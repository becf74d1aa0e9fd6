//! `cargo engraft build`: one cargo invocation for all hosts and plugins, then the plugins' links.

use super::lock::BuildLock;
use super::options::BuildOptions;
use super::{undone, unused};
use crate::cargo::config::Config;
use crate::cargo::invocation::{self, Artifacts, Executable, Outcome};
use crate::cargo::rustflags::Flags;
use crate::cargo::workspace::{Graph, Workspace};
use crate::hook::real_compiler;
use crate::link::linked_file;
use crate::link::request::Hosts;
use crate::link::strip::{Objcopy, debug_file, dwarf_package};
use crate::output::Steps;
use crate::plugin::{self, PluginLink};
use crate::rustc::session::{Session, SessionFile};
use crate::start::Incompatible;
use crate::{exit, output, place};
use anyhow::{Context, Result, bail};
use cargo_metadata::TargetKind;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Everything that is settled before cargo starts.
pub struct Build<'o> {
    pub options: &'o BuildOptions,
    pub workspace: Workspace,
    pub session: Session,
    /// The session as the wrappers read it; goes away with this value.
    pub session_file: SessionFile,
    /// That nobody else builds in the target directory.
    pub lock: Option<BuildLock>,
    /// What strips hosts and plugins, if they are to be.
    pub objcopy: Option<Objcopy>,
    /// Directory of this profile's output, `target/engraft/<profile>`.
    pub output: PathBuf,
    /// Directory of what cargo compiles for it, `target/engraft/build/<profile>`.
    pub compiled: PathBuf,
    /// cargo's configuration.
    pub config: Config,
    /// The compiler flags that it, or the environment, adds.
    pub flags: Vec<Flags>,
}

/// The subcommand.
pub fn command(options: &BuildOptions, strip: bool) -> Result<u8> {
    let build = Build::prepare(options, Graph::Normal)?.stripping(strip)?;
    match build.cargo("build", &[])? {
        Outcome::Failed(code) => Ok(code),
        Outcome::Built(mut artifacts) => {
            build.strip_hosts(&mut artifacts)?;
            build.place_hosts(&artifacts.executables)?;
            build.link_plugins(&artifacts, "plugins")?;
            Ok(exit::FINE)
        }
    }
}

impl<'o> Build<'o> {
    /// Runs the one cargo invocation: always for all hosts and plugins.
    pub fn cargo(&self, subcommand: &str, extra: &[String]) -> Result<Outcome> {
        let mut cargo = invocation::command(subcommand, self.options, &self.session, &self.session_file.path())?;
        cargo.envs(real_compiler::behind_hook(&self.config, |name| std::env::var_os(name))?.map(|compiler| ("RUSTC", compiler)));
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
            let meant = self.meant_for(plugin, &artifacts.executables)?;
            let mut hosts: Vec<PathBuf> =
                meant.iter().filter(|executable| is_linked(executable)).map(|executable| executable.path.clone()).collect();
            // cargo tells them in the order in which they were ready.
            hosts.sort();
            if hosts.is_empty() {
                return Err(Incompatible(unused::no_host(name, &meant)).into());
            }
            plugin::link(&PluginLink {
                name,
                library,
                hosts: Hosts::Built(hosts),
                file: &file,
                objcopy: self.objcopy.as_ref(),
                session: &self.session,
                steps: self.steps(),
            })?;
            self.report(name, "plugin", &file);
        }
        undone::warn(self, artifacts, &directory)
    }

    /// Gives the hosts their names in the output directory.
    pub fn place_hosts(&self, executables: &[Executable]) -> Result<()> {
        for executable in executables {
            let package = self.workspace.hosts.iter().find(|host| host.id == executable.package);
            let Some(host) = package.filter(|host| executable.kind == TargetKind::Bin && self.wanted(&host.name)) else { continue };
            let place = self.place(executable)?;
            self.report(&host.name, "host", &place);
        }
        // Where nothing else comes of it, such as that a plugin has no host.
        if self.workspace.plugins.is_empty() || executables.iter().any(is_linked) {
            self.workspace.hosts.iter().filter_map(|host| unused::of_package(host, executables)).for_each(|text| output::warning(&text));
        }
        Ok(())
    }

    /// Gives an executable its name in the output directory; that path.
    pub fn place(&self, executable: &Executable) -> Result<PathBuf> {
        let directory = if executable.kind == TargetKind::Example { self.output.join("examples") } else { self.output.clone() };
        let place = directory.join(executable.path.file_name().unwrap_or_default());
        let link = |from: &Path, to: &Path| if same_file(from, to) { Ok(()) } else { place::link(from, to) };
        let debug = self.objcopy.is_some().then(|| debug_file(&executable.path));
        let beside = [(debug, debug_file(&place)), (executable.dwarf_package.clone(), dwarf_package(&place))];
        // What a file refers to is there before it, and removed after it.
        for (from, to) in &beside {
            from.as_ref().map_or(Ok(()), |from| link(from, to))?;
        }
        link(&executable.path, &place)?;
        for (_, to) in beside.iter().filter(|(from, _)| from.is_none()) {
            place::remove(to)?;
        }
        Ok(place)
    }

    /// How much is told.
    pub fn steps(&self) -> Steps {
        self.options.steps()
    }

    /// Whether a host or plugin is to be linked.
    pub fn wanted(&self, name: &str) -> bool {
        self.options.packages.is_empty() || self.options.packages.iter().any(|wanted| wanted == name)
    }

    /// The executables that a plugin is for: programs of host packages and tests, or those that it names. A plugin's own `main` never opens it.
    fn meant_for<'e>(&self, plugin: &crate::cargo::workspace::Plugin, executables: &'e [Executable]) -> Result<Vec<&'e Executable>> {
        let Some(names) = &plugin.hosts else {
            let is_host =
                |executable: &&Executable| executable.test || self.workspace.hosts.iter().any(|host| host.id == executable.package);
            return Ok(executables.iter().filter(is_host).collect());
        };
        let mut meant = Vec::new();
        for name in names {
            let package = self.workspace.hosts.iter().find(|host| host.name == *name).map(|host| &host.id);
            let named = |executable: &&Executable| Some(&executable.package) == package || executable.name == *name;
            let before = meant.len();
            meant.extend(executables.iter().filter(named));
            if meant.len() == before {
                bail!(
                    "the plugin `{}` names the host `{name}`, which is not built here\nhelp: hosts: {}",
                    plugin.package.name,
                    self.workspace.hosts.iter().flat_map(|host| &host.binaries).cloned().collect::<Vec<_>>().join(", ")
                );
            }
        }
        Ok(meant)
    }

    fn report(&self, name: &str, kind: &str, path: &Path) {
        if self.options.message_format.is_some() {
            println!("{}", serde_json::json!({ "reason": "engraft-artifact", "kind": kind, "name": name, "path": path }));
        }
    }
}

/// Whether Engraft linked an executable: those without `engraft` among their packages were left to the ordinary linker.
pub fn is_linked(executable: &Executable) -> bool {
    matches!(linked_file::read(&executable.path), Ok(Ok(_)))
}

/// Whether two paths lead to one file, or to a copy of it.
pub fn same_file(one: &Path, other: &Path) -> bool {
    let identity = |path: &Path| std::fs::metadata(path).map(|data| (data.dev(), data.ino(), data.len(), data.mtime(), data.mtime_nsec()));
    matches!((identity(one), identity(other)), (Ok(one), Ok(other)) if one == other)
}
