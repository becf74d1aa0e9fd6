//! Gathers data from cargo, the compiler and the files, and runs the checks on it.

use super::{outputs, sources};
use crate::cargo::config::{self, Config};
use crate::cargo::workspace::{Graph, Workspace};
use crate::cargo::{metadata, profile, rustflags};
use crate::commands::new::pin;
use crate::doctor::calls::Calls;
use crate::doctor::exported::Exported;
use crate::doctor::finding::{Finding, Report, SCHEMA};
use crate::doctor::link_settings::LinkSettings;
use crate::doctor::source::Source;
use crate::doctor::toolchain::Pin;
use crate::doctor::{
    exports, features, initialisers, left_behind, link_settings, lookups, reopened, search_path, stale, toolchain, twins, two_homes,
    type_names, uninitialised, versions,
};
use crate::rustc::toolchain::Toolchain;
use anyhow::{Context, Result, bail};
use cargo_metadata::{DependencyKind, Metadata, PackageId, TargetKind};
use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::process::Command;

/// Runs all checks on a workspace.
pub fn examine(manifest_path: Option<&Path>, target_dir: Option<&Path>) -> Result<Report> {
    let metadata = metadata::read(manifest_path, Vec::new())?;
    let workspace = Workspace::new(&metadata, Graph::Normal)?;
    if workspace.hosts.is_empty() {
        return Err(workspace.no_host());
    }
    let graph = graph(&metadata, &workspace)?;
    let mut findings = check_sources(&metadata, &workspace, &graph);
    findings.extend(versions::check(&graph));
    findings.extend(check_builds(&metadata, &workspace, target_dir.unwrap_or(&workspace.target_directory))?);
    let (together, apart) = resolved(manifest_path, &workspace)?;
    findings.extend(features::check(&together, &apart, &named(&metadata)));
    // Sort by the number of the bug.
    findings.sort_by_key(|finding| finding.bug.get(1..).and_then(|number| number.parse::<u32>().ok()));
    Ok(Report { schema: SCHEMA, workspace: workspace.root.display().to_string(), findings })
}

/// Runs the checks that read the sources.
fn check_sources(metadata: &Metadata, workspace: &Workspace, graph: &versions::Graph) -> Vec<Finding> {
    let members = sources::read_all(metadata, workspace);
    let of = |wanted: &dyn Fn(&str) -> bool| members.iter().filter(|source| wanted(&source.package)).cloned().collect::<Vec<Source>>();
    let reach = |roots: &[usize]| -> BTreeSet<&str> {
        roots.iter().flat_map(|root| graph.reach(*root)).map(|index| graph.packages[index].name.as_str()).collect()
    };
    let hosts = of(&|name| workspace.hosts.iter().any(|host| host.name == name));
    let plugins = of(&|name| workspace.plugins.iter().any(|plugin| plugin.package.name == name));
    let in_process = reach(&[graph.hosts.as_slice(), &graph.plugins].concat());
    let in_process = of(&|name| in_process.contains(name));
    let is_for = |host: &str, plugin: &str| {
        let host = workspace.hosts.iter().find(|known| known.name == host);
        let plugin = workspace.plugins.iter().find(|known| known.package.name == plugin);
        host.zip(plugin).is_some_and(|(host, plugin)| plugin.is_for(host))
    };
    let (calls, exported) = (Calls::by_package(&in_process), Exported::from_sources(&plugins));
    let starting = graph.hosts.iter().filter_map(|&host| {
        let (name, packages) = (&graph.packages[host].name, reach(&[host]));
        let marked = calls.iter().filter(|calls| packages.contains(calls.package.as_str())).flat_map(|calls| &calls.initialisers);
        Some(uninitialised::Host {
            sources: hosts.iter().filter(|source| source.package == *name).collect(),
            calls: calls.iter().find(|calls| calls.package == *name)?,
            initialisers: marked.collect(),
        })
    });
    let findings = [
        exports::check(&exported),
        initialisers::check(&calls),
        search_path::check(&hosts),
        lookups::check(&hosts, &exported, &is_for),
        reopened::check(&hosts),
        type_names::check(&in_process),
        two_homes::check(&in_process, &|path| std::fs::read_to_string(workspace.root.join(path)).ok()),
        uninitialised::hosts(&starting.collect::<Vec<_>>()),
        uninitialised::statics(&in_process),
        left_behind::check(&Calls::by_package(&plugins)),
    ];
    findings.into_iter().flatten().collect()
}

/// Runs the checks that read the settings and the outputs of earlier builds.
fn check_builds(metadata: &Metadata, workspace: &Workspace, target_dir: &Path) -> Result<Vec<Finding>> {
    let config = Config::read(&std::env::current_dir()?, &config::cargo_home()?)?;
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let compiler = Toolchain::ask(Path::new(&rustc))?;
    let channel = pin::channel(&compiler, variable("RUSTUP_TOOLCHAIN").as_deref());
    let (outputs, unreadable) = outputs::read_all(metadata, workspace, &target_dir.join("engraft"))?;
    let plugins: Vec<String> = workspace.plugins.iter().map(|plugin| plugin.package.name.clone()).collect();
    let hosts: Vec<String> = workspace.hosts.iter().flat_map(|host| host.binaries.clone()).collect();
    let findings = [
        toolchain::check(&pin(workspace)?, &compiler.version, channel.as_deref(), &outputs),
        unreadable,
        twins::check(&outputs),
        link_settings::check(&settings(&workspace.root, &config)?),
        stale::check(&outputs, &outputs::now(metadata, &workspace.root, &outputs), &plugins, &hosts),
    ];
    Ok(findings.into_iter().flatten().collect())
}

/// The packages that the workspace's manifests name: the members and their direct dependencies.
fn named(metadata: &Metadata) -> BTreeSet<String> {
    let members = &metadata.workspace_members;
    let nodes = metadata.resolve.iter().flat_map(|resolve| &resolve.nodes).filter(|node| members.contains(&node.id));
    let named = nodes.flat_map(|node| node.deps.iter().map(|dep| &dep.pkg)).chain(members);
    named.map(|id| format!("{} {}", metadata[id].name, metadata[id].version)).collect()
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// The pin of the workspace, from the toolchain file that rustup would use.
fn pin(workspace: &Workspace) -> Result<Pin> {
    if workspace.any_toolchain {
        return Ok(Pin::NotMeant);
    }
    // The file without extension takes precedence, as in rustup.
    let files = workspace.root.ancestors().flat_map(|directory| ["rust-toolchain", "rust-toolchain.toml"].map(|name| directory.join(name)));
    let Some(path) = files.into_iter().find(|path| path.is_file()) else { return Ok(Pin::Missing) };
    let text = read(&path)?;
    Ok(Pin::File { path: path.display().to_string(), text })
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("failed to read {}", path.display()))
}

/// Resolves features for all hosts and plugins together, and for each of them alone.
fn resolved(manifest_path: Option<&Path>, workspace: &Workspace) -> Result<(features::Resolved, Vec<(String, features::Resolved)>)> {
    let tree = |specs: &[&str]| -> Result<features::Resolved> {
        let mut cargo = Command::new(variable("CARGO").unwrap_or_else(|| "cargo".to_owned()));
        cargo.args(["tree", "--quiet", "--edges", "normal,no-proc-macro", "--prefix", "none", "--format", features::FORMAT]);
        cargo.args(specs.iter().flat_map(|spec| ["--package", spec]));
        cargo.args(manifest_path.into_iter().flat_map(|path| [Path::new("--manifest-path"), path]));
        let output = cargo.output().context("failed to run `cargo tree`")?;
        if !output.status.success() {
            bail!("`cargo tree` failed:\n{}", String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(features::parse(&String::from_utf8_lossy(&output.stdout)))
    };
    let specs: Vec<&str> = workspace.specs().collect();
    let names = workspace.hosts.iter().chain(workspace.plugins.iter().map(|plugin| &plugin.package));
    let apart: Result<Vec<_>> = names.map(|member| Ok((member.name.clone(), tree(&[member.id.repr.as_str()])?))).collect();
    Ok((tree(&specs)?, apart?))
}

/// The dependency graph of linked packages.
fn graph(metadata: &Metadata, workspace: &Workspace) -> Result<versions::Graph> {
    let resolve = metadata.resolve.as_ref().context("`cargo metadata` printed no dependency graph")?;
    let index: HashMap<&PackageId, usize> = resolve.nodes.iter().enumerate().map(|(index, node)| (&node.id, index)).collect();
    let packages = resolve.nodes.iter().map(|node| {
        let package = &metadata[&node.id];
        let linked = node.deps.iter().filter(|dep| dep.dep_kinds.iter().any(|info| info.kind == DependencyKind::Normal));
        versions::Package {
            name: package.name.to_string(),
            version: package.version.to_string(),
            is_macro: package.targets.iter().any(|target| target.is_kind(TargetKind::ProcMacro)),
            dependencies: linked.filter_map(|dep| index.get(&dep.pkg).copied()).collect(),
        }
    });
    let indices = |ids: Vec<&PackageId>| ids.into_iter().filter_map(|id| index.get(id).copied()).collect();
    Ok(versions::Graph {
        packages: packages.collect(),
        hosts: indices(workspace.hosts.iter().map(|host| &host.id).collect()),
        plugins: indices(workspace.plugins.iter().map(|plugin| &plugin.package.id).collect()),
    })
}

/// Reads the settings from profiles, configuration and environment.
fn settings(root: &Path, config: &Config) -> Result<LinkSettings> {
    let path = root.join("Cargo.toml");
    let manifest: toml::Table = read(&path)?.parse().with_context(|| format!("failed to parse {}", path.display()))?;
    let own = manifest.get("profile").and_then(toml::Value::as_table).into_iter().flat_map(toml::Table::keys).map(String::as_str);
    let profiles: BTreeSet<&str> = own.chain(["dev", "release"]).collect();
    let target = config::default_target(config, variable);
    let flags = rustflags::read(config, target.as_deref(), variable);
    let lto = profiles.iter().filter_map(|name| Some(((*name).to_owned(), profile::lto(name, &manifest, config, variable)?)));
    Ok(LinkSettings { lto: lto.collect(), lto_in_flags: rustflags::lto(&flags), static_libc: rustflags::static_libc(&flags), target })
}
