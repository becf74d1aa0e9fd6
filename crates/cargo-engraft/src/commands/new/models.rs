//! What the plugins and hosts of a workspace depend on, so that a new plugin can do the same.

use super::{engraft_source, plugin_files, template};
use anyhow::{Context, Result};
use cargo_metadata::{DependencyKind, Metadata, Package, TargetKind};
use std::path::{Component, Path, PathBuf};
use toml_edit::{DocumentMut, Item, Value};

/// The model for a plugin that is to stand in `directory`.
pub fn read(metadata: &Metadata, root: DocumentMut, directory: &Path) -> Result<plugin_files::Model> {
    let members = metadata.workspace_packages();
    let (plugins, others): (Vec<&Package>, Vec<&Package>) = members.into_iter().partition(|package| is_plugin(package));
    let hosts: Vec<&Package> = others.into_iter().filter(|package| package.targets.iter().any(|t| t.is_kind(TargetKind::Bin))).collect();
    let models: Vec<&Package> = plugins.iter().chain(&hosts).copied().collect();

    let mut dependencies = Vec::new();
    let mut api = None;
    let engraft = like_the_models("engraft", &models, directory)?;
    dependencies.push(("engraft".to_owned(), engraft.unwrap_or_else(|| from_workspace(&root))));
    for shared in shared(&plugins, &hosts) {
        let Some(value) = like_the_models(&shared, &models, directory)? else { continue };
        if offers_the_templates_api(metadata, &models, &shared) {
            api = Some(shared.replace('-', "_"));
        }
        dependencies.push((shared, value));
    }
    Ok(plugin_files::Model { root, dependencies, api })
}

fn is_plugin(package: &Package) -> bool {
    package.metadata.get("engraft").and_then(|settings| settings.get("plugin")).is_some_and(|plugin| plugin == true)
}

/// The path packages that a host and every plugin depend on: what they agree on, in other words.
///
/// As long as there is no plugin, it is what is called an API.
fn shared(plugins: &[&Package], hosts: &[&Package]) -> Vec<String> {
    let has = |package: &Package, name: &str| paths(package).any(|path| path == name);
    let mut names: Vec<String> = hosts.iter().flat_map(|host| paths(host)).filter(|name| name != "engraft").collect();
    names.sort();
    names.dedup();
    match plugins {
        [] => names.retain(|name| name == "api" || name.ends_with("-api") || name.ends_with("_api")),
        plugins => names.retain(|name| plugins.iter().all(|plugin| has(plugin, name))),
    }
    names
}

/// The names under which a package depends on directories.
fn paths(package: &Package) -> impl Iterator<Item = String> {
    let paths = package.dependencies.iter().filter(|dep| dep.path.is_some() && dep.kind == DependencyKind::Normal);
    paths.map(|dep| dep.rename.clone().unwrap_or_else(|| dep.name.clone()))
}

/// The dependency as the first of the models that has it says it, seen from `directory`.
fn like_the_models(name: &str, models: &[&Package], directory: &Path) -> Result<Option<Value>> {
    for package in models {
        let path = package.manifest_path.as_std_path();
        let text = std::fs::read_to_string(path).with_context(|| format!("failed to read {}", path.display()))?;
        let manifest: DocumentMut = text.parse().with_context(|| format!("failed to understand {}", path.display()))?;
        let found = manifest.get("dependencies").and_then(|table| table.get(name)).cloned();
        let Some(mut value) = found.and_then(|item| item.into_value().ok()) else { continue };
        if let Some(table) = value.as_inline_table_mut() {
            table.remove("optional");
            let place = table.get("path").and_then(Value::as_str).map(PathBuf::from).filter(|place| place.is_relative());
            if let Some((place, own)) = place.zip(path.parent()) {
                table.insert("path", relative(directory, &own.join(place)).display().to_string().into());
            }
            table.fmt();
        }
        return Ok(Some(value));
    }
    Ok(None)
}

fn from_workspace(root: &DocumentMut) -> Value {
    let said = root.get("workspace").and_then(|workspace| workspace.get("dependencies")?.get("engraft"));
    said.map_or_else(engraft_source::dependency, |_: &Item| plugin_files::inherited())
}

/// Whether a path package still is what the template's plugin is written for.
fn offers_the_templates_api(metadata: &Metadata, models: &[&Package], name: &str) -> bool {
    let renamed = |package: &&Package| package.dependencies.iter().any(|dep| dep.rename.as_deref() == Some(name));
    let package = metadata.packages.iter().find(|package| package.name.as_str() == name);
    let library = package.and_then(|package| package.targets.iter().find(|target| target.is_kind(TargetKind::Lib)));
    let source = library.and_then(|library| std::fs::read_to_string(&library.src_path).ok());
    !models.iter().any(renamed) && source.is_some_and(|source| template::api_is_as_made(&source))
}

/// The path that leads from one directory to another; both are absolute.
fn relative(from: &Path, to: &Path) -> PathBuf {
    let (from, to) = (plain(from), plain(to));
    let same = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..".as_ref(), from.len() - same);
    up.chain(to[same..].iter().map(PathBuf::as_path)).collect()
}

/// A path's parts, without `.` and `..`.
fn plain(path: &Path) -> Vec<PathBuf> {
    let mut parts = Vec::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                parts.pop();
            }
            other => parts.push(PathBuf::from(other.as_os_str())),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_from_one_directory_to_another() {
        for (from, to, expected) in [
            ("/w/plugins/a", "/w/api", "../../api"),
            ("/w/plugins/a", "/w/plugins/b/../../api", "../../api"),
            ("/w/plugins/a", "/other/engraft", "../../../other/engraft"),
            ("/w/plugins/a", "/w/plugins/a/./inner", "inner"),
        ] {
            assert_eq!(relative(Path::new(from), Path::new(to)), Path::new(expected), "{from} {to}");
        }
    }
}
