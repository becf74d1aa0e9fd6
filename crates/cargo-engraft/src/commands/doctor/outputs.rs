//! Reads the hosts and plugins that earlier builds wrote, and the current digests of their sources.

use crate::cargo::workspace::{RESERVED, Workspace};
use crate::doctor::finding::Finding;
use crate::doctor::output::Output;
use crate::doctor::stale;
use crate::link::linked_file;
use crate::place::UNFINISHED;
use crate::rustc::dep_info;
use crate::rustc::sources::short_digest;
use anyhow::{Context, Result};
use cargo_metadata::Metadata;
use engraft_manifest::{Manifest, NotARecord, Role};
use std::collections::HashMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// Reads the hosts and plugins of all targets and profiles. Returns a finding for each file that this version can't read.
pub fn read_all(metadata: &Metadata, workspace: &Workspace, engraft: &Path) -> Result<(Vec<Output>, Vec<Finding>)> {
    let (mut found, mut unreadable) = (Vec::new(), Vec::new());
    for build in builds(engraft)? {
        for path in [listed(&build)?, listed(&build.join("plugins"))?].concat().into_iter().filter(|path| path.is_file()) {
            let mut report = |why: String| unreadable.push(stale::unreadable(&path.display().to_string(), &why));
            let linked = match linked_file::read(&path)? {
                Ok(linked) => linked,
                // Engraft did not link this file.
                Err(NotARecord::Other(_)) => continue,
                Err(found) => {
                    report(found.to_string());
                    continue;
                }
            };
            match Manifest::decode(&linked.record) {
                Ok(manifest) => {
                    let text = |path: &Path| path.display().to_string();
                    let mut output = Output::new(text(&path), text(&build), linked.build_id.to_string(), &manifest);
                    if output.role == Role::Host {
                        let made = engraft.join("build").join(build.strip_prefix(engraft).unwrap_or(&build)).join(&output.name);
                        output.later = later(metadata, workspace, &output, &made.with_added_extension("d"));
                    }
                    found.push(output);
                }
                Err(error) => report(error.to_string()),
            }
        }
    }
    Ok((found, unreadable))
}

/// The output directories of profiles, including those within the directory of a target.
fn builds(engraft: &Path) -> Result<Vec<PathBuf>> {
    let in_directory = |directory: &Path, others: &[&str]| -> Result<Vec<PathBuf>> {
        let mut paths = listed(directory)?;
        let is_other = |name: &str| others.contains(&name) || name.starts_with(UNFINISHED);
        paths.retain(|path| path.is_dir() && !path.file_name().and_then(OsStr::to_str).is_some_and(is_other));
        Ok(paths)
    };
    let mut found = Vec::new();
    for directory in in_directory(engraft, &["build"])? {
        let within = in_directory(&directory, &RESERVED)?;
        found.push(directory);
        found.extend(within);
    }
    Ok(found)
}

/// The files of a host's own crate that were changed or removed after the host was linked. cargo lists the files in `dep_info`.
fn later(metadata: &Metadata, workspace: &Workspace, output: &Output, dep_info: &Path) -> Vec<String> {
    let written = |path: &Path| std::fs::metadata(path).and_then(|data| data.modified());
    let Ok(linked) = written(Path::new(&output.path)) else { return Vec::new() };
    let Ok(text) = std::fs::read_to_string(dep_info) else { return Vec::new() };
    let Some(host) = workspace.hosts.iter().find(|host| host.binaries.contains(&output.name)) else { return Vec::new() };
    // Other packages have digests. Some can be within the host's directory, for example the host's own library.
    let others = metadata.packages.iter().filter(|package| package.id != host.id);
    let others: Vec<&Path> = others.filter_map(|package| package.manifest_path.parent().map(|path| path.as_std_path())).collect();
    let is_others = |path: &Path| others.iter().any(|other| path.starts_with(other) && other.starts_with(&host.directory));
    let of_library = |path: &Path| {
        let mut packages = output.packages.iter().filter(|package| package.name == host.name);
        packages.any(|package| package.sources.iter().any(|(file, _)| host.directory.join(file) == path))
    };
    let own =
        dep_info::sources(&text).into_iter().filter(|path| path.starts_with(&host.directory) && !is_others(path) && !of_library(path));
    let changed = own.filter(|path| written(path).map_or(true, |written| written > linked));
    changed.map(|path| path.strip_prefix(&workspace.root).unwrap_or(&path).display().to_string()).collect()
}

/// Lists a directory, sorted by name; empty if the directory does not exist.
pub fn listed(directory: &Path) -> Result<Vec<PathBuf>> {
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

/// The current digests of the outputs' source files, for path packages.
pub fn now(metadata: &Metadata, root: &Path, outputs: &[Output]) -> stale::Now {
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
        // Environment variables and outputs of build scripts are not source files.
        let Some(directory) = directories.get(&package).filter(|_| !file.starts_with('$')) else { continue };
        now.entry((package, file.clone())).or_insert_with(|| {
            let path = file.strip_prefix("./").map_or_else(|| directory.join(file), |file| root.join(file));
            std::fs::read(path).ok().map(|content| short_digest(&content))
        });
    }
    now
}
