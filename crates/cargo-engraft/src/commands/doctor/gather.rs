//! Asks cargo, the compiler and the files, and hands what they say to the checks.

use crate::cargo::config::{self, Config};
use crate::cargo::workspace::{Graph, Workspace};
use crate::cargo::{metadata, profile, rustflags};
use crate::commands::new::pin;
use crate::doctor::finding::{Finding, Report, SCHEMA};
use crate::doctor::link_settings::LinkSettings;
use crate::doctor::output::Output;
use crate::doctor::source::Source;
use crate::doctor::toolchain::Pin;
use crate::doctor::{exports, features, initialisers, link_settings, search_path, stale, toolchain, twins, versions};
use crate::link::linked_file;
use crate::rustc::sources::short_digest;
use crate::rustc::toolchain::Toolchain;
use anyhow::{Context, Result, bail};
use cargo_metadata::{DependencyKind, Metadata, PackageId, TargetKind};
use engraft_manifest::{Manifest, NotARecord};
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Everything that the checks find.
pub fn examine(manifest_path: Option<&Path>, target_dir: Option<&Path>) -> Result<Report> {
    let metadata = metadata::read(manifest_path, Vec::new())?;
    let workspace = Workspace::new(&metadata, Graph::Normal)?;
    if workspace.hosts.is_empty() {
        return Err(workspace.no_host());
    }
    let config = Config::read(&std::env::current_dir()?, &config::cargo_home()?)?;
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let compiler = Toolchain::ask(Path::new(&rustc))?;
    let channel = pin::channel(&compiler, variable("RUSTUP_TOOLCHAIN").as_deref());
    let pin = pin_of(&workspace.root)?;
    let (outputs, unreadable) = outputs(&target_dir.unwrap_or(&workspace.target_directory).join("engraft"))?;
    let hosts = sources(&metadata, &workspace, |id| workspace.hosts.iter().any(|host| host.id == *id));
    let plugins = sources(&metadata, &workspace, |id| workspace.plugins.iter().any(|plugin| plugin.package.id == *id));
    let members = sources(&metadata, &workspace, |_| true);
    let (together, apart) = resolved(manifest_path, &workspace)?;
    let plugin_names: Vec<String> = workspace.plugins.iter().map(|plugin| plugin.package.name.clone()).collect();
    let host_names: Vec<String> = workspace.hosts.iter().flat_map(|host| host.binaries.clone()).collect();
    let of_checks: [Vec<Finding>; 10] = [
        toolchain::check(pin.as_ref(), &compiler.version, channel.as_deref(), &outputs),
        features::check(&together, &apart),
        versions::check(&graph(&metadata, &workspace)?),
        unreadable,
        twins::check(&outputs),
        link_settings::check(&settings(&workspace.root, &config)?),
        stale::check(&outputs, &now(&metadata, &workspace.root, &outputs), &plugin_names, &host_names),
        search_path::check(&hosts),
        initialisers::check(&members),
        exports::check(&plugins),
    ];
    let mut findings: Vec<Finding> = of_checks.into_iter().flatten().collect();
    // By the bug's number.
    findings.sort_by_key(|finding| finding.bug.get(1..).and_then(|number| number.parse::<u32>().ok()));
    Ok(Report { schema: SCHEMA, workspace: workspace.root.display().to_string(), findings })
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// The nearest file in which rustup would find a toolchain.
fn pin_of(root: &Path) -> Result<Option<Pin>> {
    // The one without extension goes first, as in rustup.
    let files = root.ancestors().flat_map(|directory| ["rust-toolchain", "rust-toolchain.toml"].map(|name| directory.join(name)));
    let Some(path) = files.into_iter().find(|path| path.is_file()) else { return Ok(None) };
    let text = read(&path)?;
    Ok(Some(Pin { path: path.display().to_string(), text }))
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("failed to read {}", path.display()))
}

/// The hosts and plugins in the directories of all profiles, and what is to be said of those that are none of this version.
fn outputs(engraft: &Path) -> Result<(Vec<Output>, Vec<Finding>)> {
    let (mut found, mut unreadable) = (Vec::new(), Vec::new());
    for build in listed(engraft)?.into_iter().filter(|path| path.is_dir() && !path.ends_with("build")) {
        for path in [listed(&build)?, listed(&build.join("plugins"))?].concat().into_iter().filter(|path| path.is_file()) {
            let mut told = |why: String| unreadable.push(stale::unreadable(&path.display().to_string(), &why));
            let linked = match linked_file::read(&path)? {
                Ok(linked) => linked,
                // Somebody else's.
                Err(NotARecord::Other(_)) => continue,
                Err(found) => {
                    told(found.to_string());
                    continue;
                }
            };
            match Manifest::decode(&linked.record) {
                Ok(manifest) => {
                    let (path, build) = (path.display().to_string(), build.display().to_string());
                    found.push(Output::new(path, build, linked.build_id.to_string(), &manifest));
                }
                Err(error) => told(error.to_string()),
            }
        }
    }
    Ok((found, unreadable))
}

/// What is in a directory, by name; nothing if there is none.
fn listed(directory: &Path) -> Result<Vec<PathBuf>> {
    let read = || -> std::io::Result<Vec<PathBuf>> { directory.read_dir()?.map(|entry| entry.map(|entry| entry.path())).collect() };
    match read() {
        Ok(mut paths) => {
            paths.sort();
            Ok(paths)
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error).with_context(|| format!("failed to list {}", directory.display())),
    }
}

/// The sources of some packages of the workspace, as far as they are Rust that can be read.
fn sources(metadata: &Metadata, workspace: &Workspace, wanted: impl Fn(&PackageId) -> bool) -> Vec<Source> {
    let mut found = Vec::new();
    for package in metadata.workspace_packages().into_iter().filter(|package| wanted(&package.id)) {
        let Some(directory) = package.manifest_path.parent() else { continue };
        let mut left = vec![directory.join("src").into_std_path_buf()];
        while let Some(path) = left.pop() {
            left.extend(
                listed(&path)
                    .unwrap_or_default()
                    .into_iter()
                    .filter(|path| path.is_dir() || path.extension().is_some_and(|end| end == "rs")),
            );
            if let Ok(text) = std::fs::read_to_string(&path) {
                let name = path.strip_prefix(&workspace.root).unwrap_or(&path).display().to_string();
                found.extend(Source::parse(&package.name, &name, &text));
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// How cargo resolves features for all hosts and plugins at once, and for each alone.
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

/// What links what.
fn graph(metadata: &Metadata, workspace: &Workspace) -> Result<versions::Graph> {
    let resolve = metadata.resolve.as_ref().context("`cargo metadata` told no dependency graph")?;
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

/// What is set in profiles, configuration and environment.
fn settings(root: &Path, config: &Config) -> Result<LinkSettings> {
    let path = root.join("Cargo.toml");
    let manifest: toml::Table = read(&path)?.parse().with_context(|| format!("failed to understand {}", path.display()))?;
    let own = manifest.get("profile").and_then(toml::Value::as_table).into_iter().flat_map(toml::Table::keys).map(String::as_str);
    let profiles: BTreeSet<&str> = own.chain(["dev", "release"]).collect();
    let target = config::default_target(config, variable);
    let lto = profiles.iter().filter_map(|name| Some(((*name).to_owned(), profile::lto(name, &manifest, config, variable)?)));
    Ok(LinkSettings {
        lto: lto.collect(),
        lto_in_flags: rustflags::lto(config, target.as_deref(), variable),
        static_libc: rustflags::static_libc(config, target.as_deref(), variable),
        target,
    })
}

/// The sources that outputs say they were made from, as they are now, for packages that are directories.
fn now(metadata: &Metadata, root: &Path, outputs: &[Output]) -> stale::Now {
    let paths = metadata.packages.iter().filter(|package| package.source.is_none());
    let directories: HashMap<String, PathBuf> = paths
        .filter_map(|package| {
            Some((format!("{} {}", package.name, package.version), package.manifest_path.parent()?.as_std_path().to_owned()))
        })
        .collect();
    let files = outputs
        .iter()
        .flat_map(|output| &output.packages)
        .flat_map(|package| package.sources.iter().map(|(file, _)| (package.label(), file)));
    let mut now = stale::Now::new();
    for (package, file) in files {
        // Variables and what build scripts wrote are the build's, not the source's.
        let Some(directory) = directories.get(&package).filter(|_| !file.starts_with('$')) else { continue };
        now.entry((package, file.clone())).or_insert_with(|| {
            let path = file.strip_prefix("./").map_or_else(|| directory.join(file), |file| root.join(file));
            std::fs::read(path).ok().map(|content| short_digest(&content))
        });
    }
    now
}
