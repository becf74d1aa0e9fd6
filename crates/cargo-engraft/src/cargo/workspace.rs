//! The workspace as Engraft sees it: which packages are hosts, which are plugins, and who depends on whom.

use super::api;
use super::expected;
use super::places;
use super::reach::Reach;
use super::settings::{Compilers, Settings, WorkspaceSettings};
use crate::rustc::package_place::PackagePlace;
use crate::rustc::session::SessionPlugin;
use anyhow::{Result, bail};
use cargo_metadata::{CrateType, Metadata, Package, PackageId, TargetKind};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// The workspace.
#[derive(Debug)]
pub struct Workspace {
    /// Its root directory.
    pub root: PathBuf,
    /// cargo's target directory, of which Engraft uses `engraft/`.
    pub target_directory: PathBuf,
    /// Packages with a binary, and `engraft` among the packages that they depend on.
    pub hosts: Vec<Member>,
    /// Packages that say they are plugins.
    pub plugins: Vec<Plugin>,
    /// Directories of path packages that plugins have and no host has.
    pub plugin_side: Vec<PathBuf>,
    /// The lock file, and the manifests of all packages that somebody may edit: all of this is derived from them.
    pub manifests: Vec<PathBuf>,
    /// Where each package is from, by its directory.
    pub places: BTreeMap<PathBuf, PackagePlace>,
    /// Of each host that does not export all of its packages, by its directory, those that it does.
    pub api: BTreeMap<PathBuf, Vec<String>>,
    /// Whether any compiler will do, because host and plugins are always built together.
    pub any_toolchain: bool,
}

/// A package of the workspace.
#[derive(Debug, Clone)]
pub struct Member {
    /// cargo's name for exactly this package.
    pub id: PackageId,
    /// Its name.
    pub name: String,
    /// Its directory.
    pub directory: PathBuf,
    /// The names of its binaries.
    pub binaries: Vec<String>,
    /// The binary that `run` means where none is named.
    pub default_run: Option<String>,
}

/// A plugin package of the workspace; its file has its package's name.
#[derive(Debug, Clone)]
pub struct Plugin {
    /// The package.
    pub package: Member,
    /// The packages or binaries that it is for; all of the workspace if it names none.
    pub hosts: Option<Vec<String>>,
    /// The packages that all of them will have, by [`PackagePlace::name`].
    pub expected: BTreeSet<String>,
    /// Whether cargo makes its shared object (`crate-type = ["lib", "cdylib"]`).
    pub is_cdylib: bool,
    /// The name of its library's crate.
    pub crate_name: String,
}

/// Directories that stand beside hosts in the output.
pub const RESERVED: [&str; 3] = ["plugins", "examples", "test"];

/// Whose dependencies count: those of tests and examples are only there when such are built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Graph {
    /// What is built for use.
    Normal,
    /// What is built for tests, examples and benches.
    WithDevelopment,
}

impl Workspace {
    /// Sorts the packages of a workspace.
    pub fn new(metadata: &Metadata, graph: Graph) -> Result<Self> {
        let reach = Reach::new(metadata, graph)?;
        let mut hosts = Vec::new();
        let mut plugins = Vec::new();
        for package in metadata.workspace_packages() {
            let settings = Settings::of(package)?;
            if settings.plugin {
                check_plugin(package, reach.has_engraft(&package.id))?;
                plugins.push(Plugin::new(package, settings.hosts));
                continue;
            }
            let member = Member::new(package);
            if let Some(name) = member.binaries.iter().find(|name| RESERVED.contains(&name.as_str()) && reach.has_engraft(&package.id)) {
                bail!(
                    "{}: a host can't be called `{name}`: a directory of that name stands beside hosts\nhelp: give the binary another name in [[bin]]",
                    package.manifest_path
                );
            }
            if reach.has_engraft(&package.id) && (!member.binaries.is_empty() || graph == Graph::WithDevelopment) {
                hosts.push(member);
            }
        }
        let places = places::of_packages(metadata);
        expected::fill_in(metadata, &places, &mut plugins)?;
        Ok(Self {
            root: metadata.workspace_root.as_std_path().to_owned(),
            target_directory: metadata.target_directory.as_std_path().to_owned(),
            plugin_side: plugin_side(metadata, &plugins)?,
            manifests: manifests(metadata),
            places,
            api: api::of_hosts(metadata, &hosts, &plugins)?,
            any_toolchain: WorkspaceSettings::of(metadata)?.toolchain == Some(Compilers::Any),
            hosts,
            plugins,
        })
    }

    /// The host or plugin with this id.
    pub fn member(&self, id: &PackageId) -> Option<&Member> {
        self.hosts.iter().chain(self.plugins.iter().map(|plugin| &plugin.package)).find(|member| member.id == *id)
    }

    /// The error for a workspace in which nothing would open plugins.
    pub fn no_host(&self) -> anyhow::Error {
        anyhow::anyhow!(
            "there is no host in the workspace {}\n\
             a host is a package with a binary that depends on `engraft`, or on a package that does\n\
             help: `cargo engraft new PATH` makes a workspace that has one",
            self.root.display()
        )
    }

    /// The plugins of which cargo makes the shared objects too, by directory.
    pub fn cdylibs(&self) -> BTreeMap<PathBuf, SessionPlugin> {
        let of = |plugin: &Plugin| {
            let Plugin { package, expected, .. } = plugin;
            (package.directory.clone(), SessionPlugin { name: package.name.clone(), expected: expected.clone() })
        };
        self.plugins.iter().filter(|plugin| plugin.is_cdylib).map(of).collect()
    }

    /// The specs of all hosts and plugins: what cargo always builds, so that features are resolved once for all.
    pub fn specs(&self) -> impl Iterator<Item = &str> {
        let hosts = self.hosts.iter().map(|host| &host.id);
        hosts.chain(self.plugins.iter().map(|plugin| &plugin.package.id)).map(|id| id.repr.as_str())
    }

    /// Checks the names given by `-p`: each must be a host or a plugin.
    pub fn check_names(&self, names: &[String]) -> Result<()> {
        let known: Vec<&str> = self
            .hosts
            .iter()
            .map(|host| host.name.as_str())
            .chain(self.plugins.iter().map(|plugin| plugin.package.name.as_str()))
            .collect();
        for name in names {
            if !known.contains(&name.as_str()) {
                bail!(
                    "package `{name}` is neither a host nor a plugin of this workspace\n\
                     help: hosts: {}; plugins: {}",
                    list(self.hosts.iter().map(|host| host.name.as_str())),
                    list(self.plugins.iter().map(|plugin| plugin.package.name.as_str()))
                );
            }
        }
        Ok(())
    }
}

/// The packages with a program that opens plugins; a plugin's own program never does.
pub(super) fn hosts<'m>(metadata: &'m Metadata, reach: &Reach<'_>, plugins: &[Plugin]) -> impl Iterator<Item = &'m Package> {
    let is_plugin = |id: &PackageId| plugins.iter().any(|plugin| plugin.package.id == *id);
    let has_binary = |package: &Package| package.targets.iter().any(|target| target.is_kind(TargetKind::Bin));
    metadata
        .workspace_packages()
        .into_iter()
        .filter(move |package| !is_plugin(&package.id) && has_binary(package) && reach.has_engraft(&package.id))
}

/// Directories of the path packages that plugins have and no host has. What stands in for a fetched package is named as that one is.
///
/// Dependencies of tests never count: `build` and `test` use each other's libraries, and must agree on how they are compiled.
fn plugin_side(metadata: &Metadata, plugins: &[Plugin]) -> Result<Vec<PathBuf>> {
    let reach = Reach::new(metadata, Graph::Normal)?;
    let of_hosts: BTreeSet<_> = hosts(metadata, &reach, plugins).flat_map(|package| reach.from(&package.id)).collect();
    let of_plugins: BTreeSet<_> = plugins.iter().flat_map(|plugin| reach.from(&plugin.package.id)).collect();
    let stand_ins = places::stand_ins(metadata);
    // Packages with a source are named by it; those without are directories.
    let own = |id: &&&PackageId| metadata[**id].source.is_none() && !stand_ins.contains(**id);
    Ok(of_plugins.difference(&of_hosts).filter(own).map(|id| places::directory(&metadata[*id])).collect())
}

impl Plugin {
    fn new(package: &Package, hosts: Option<Vec<String>>) -> Self {
        let library = package.targets.iter().find(|target| target.is_lib() || target.is_cdylib() || target.is_rlib());
        Self {
            package: Member::new(package),
            hosts,
            expected: BTreeSet::new(),
            is_cdylib: library.is_some_and(|target| target.crate_types.contains(&CrateType::CDyLib)),
            crate_name: library.map(|target| target.name.replace('-', "_")).unwrap_or_default(),
        }
    }

    /// Whether it is linked for programs of this package.
    pub fn is_for(&self, host: &Member) -> bool {
        self.is_for_names(&host.name, &host.binaries)
    }

    /// The same, of a package of this name with these binaries.
    pub(super) fn is_for_names(&self, package: &str, binaries: &[String]) -> bool {
        self.hosts.as_ref().is_none_or(|names| names.iter().any(|name| name == package || binaries.contains(name)))
    }
}

impl Member {
    fn new(package: &Package) -> Self {
        let binaries = package.targets.iter().filter(|target| target.is_kind(TargetKind::Bin));
        Self {
            id: package.id.clone(),
            name: package.name.to_string(),
            directory: places::directory(package),
            binaries: binaries.map(|target| target.name.clone()).collect(),
            default_run: package.default_run.clone(),
        }
    }
}

fn manifests(metadata: &Metadata) -> Vec<PathBuf> {
    let root = metadata.workspace_root.as_std_path();
    let editable = metadata.packages.iter().filter(|package| package.source.is_none());
    let mut manifests: Vec<PathBuf> = editable.map(|package| package.manifest_path.clone().into()).collect();
    manifests.extend(["Cargo.toml", "Cargo.lock"].map(|name| root.join(name)));
    manifests.sort();
    manifests.dedup();
    manifests
}

fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

/// A plugin is an ordinary library crate; everything else is a misunderstanding that is better told than built.
fn check_plugin(package: &Package, has_engraft: bool) -> Result<()> {
    let name = &package.name;
    let library = package.targets.iter().find(|target| {
        target.crate_types.iter().any(|kind| !matches!(kind, cargo_metadata::CrateType::Bin)) && !target.is_kind(TargetKind::Example)
    });
    let Some(library) = library else {
        bail!(
            "{}: `{name}` is marked as a plugin and has no library\nhelp: a plugin is a library crate: move its code to src/lib.rs",
            package.manifest_path
        );
    };
    let kinds: Vec<String> = library.crate_types.iter().map(ToString::to_string).collect();
    let is_library = |kind: &String| kind == "lib" || kind == "rlib";
    if !kinds.iter().any(is_library) || !kinds.iter().all(|kind| is_library(kind) || kind == "cdylib") {
        bail!(
            "{}: the plugin `{name}` has crate-type {kinds:?}\n\
             a plugin is a library, for its own tests, and a shared object, which Engraft links\n\
             help: write `crate-type = [\"lib\", \"cdylib\"]` under [lib]",
            package.manifest_path
        );
    }
    if !has_engraft {
        bail!(
            "{}: the plugin `{name}` does not depend on `engraft`, so it can't export anything\nhelp: cargo add engraft -p {name}",
            package.manifest_path
        );
    }
    Ok(())
}
