//! Finds the dependencies that a new plugin gets, from the plugins and hosts of the workspace.

use super::{engraft_source, plugin_files, template};
use anyhow::{Context, Result};
use cargo_metadata::{DependencyKind, Metadata, Package, TargetKind};
use std::path::{Component, Path, PathBuf};
use toml_edit::{DocumentMut, Item, Value};

/// Returns the model for a plugin in `directory`.
pub fn read_model(metadata: &Metadata, root: DocumentMut, directory: &Path) -> Result<plugin_files::Model> {
    let members = metadata.workspace_packages();
    let (plugins, others): (Vec<&Package>, Vec<&Package>) = members.into_iter().partition(|package| is_plugin(package));
    let hosts: Vec<&Package> = others.into_iter().filter(|package| package.targets.iter().any(|t| t.is_kind(TargetKind::Bin))).collect();
    let models: Vec<&Package> = plugins.iter().chain(&hosts).copied().collect();

    let mut dependencies = Vec::new();
    let mut api = None;
    let engraft = dependency_from_models("engraft", &models, directory)?;
    dependencies.push(("engraft".to_owned(), engraft.unwrap_or_else(|| from_workspace(&root))));
    for shared in shared(&plugins, &hosts) {
        let Some(value) = dependency_from_models(&shared, &models, directory)? else { continue };
        if has_api_of_template(metadata, &models, &shared) {
            api = Some(shared.replace('-', "_"));
        }
        dependencies.push((shared, value));
    }
    Ok(plugin_files::Model { root, dependencies, api })
}

fn is_plugin(package: &Package) -> bool {
    package.metadata.get("engraft").and_then(|settings| settings.get("plugin")).is_some_and(|plugin| plugin == true)
}

/// The path packages on which a host and every plugin depend. In a workspace without plugins, those with the name of an API crate.
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

/// The names of a package's path dependencies.
fn paths(package: &Package) -> impl Iterator<Item = String> {
    let paths = package.dependencies.iter().filter(|dep| dep.path.is_some() && dep.kind == DependencyKind::Normal);
    paths.map(|dep| dep.rename.clone().unwrap_or_else(|| dep.name.clone()))
}

/// The dependency from the first model that has it, with its path relative to `directory`.
fn dependency_from_models(name: &str, models: &[&Package], directory: &Path) -> Result<Option<Value>> {
    for package in models {
        let path = package.manifest_path.as_std_path();
        let text = std::fs::read_to_string(path).with_context(|| format!("failed to read {}", path.display()))?;
        let manifest: DocumentMut = text.parse().with_context(|| format!("failed to parse {}", path.display()))?;
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
    let dependency = root.get("workspace").and_then(|workspace| workspace.get("dependencies")?.get("engraft"));
    dependency.map_or_else(engraft_source::dependency, |_: &Item| plugin_files::inherited())
}

/// Whether a path package still has the API that the template's plugin uses.
fn has_api_of_template(metadata: &Metadata, models: &[&Package], name: &str) -> bool {
    let renamed = |package: &&Package| package.dependencies.iter().any(|dep| dep.rename.as_deref() == Some(name));
    let package = metadata.packages.iter().find(|package| package.name.as_str() == name);
    let library = package.and_then(|package| package.targets.iter().find(|target| target.is_kind(TargetKind::Lib)));
    let source = library.and_then(|library| std::fs::read_to_string(&library.src_path).ok());
    !models.iter().any(renamed) && source.is_some_and(|source| template::is_api_of_template(&source))
}

/// The relative path from one directory to another. Both must be absolute.
fn relative(from: &Path, to: &Path) -> PathBuf {
    let (from, to) = (plain(from), plain(to));
    let same = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..".as_ref(), from.len() - same);
    up.chain(to[same..].iter().map(PathBuf::as_path)).collect()
}

/// The components of a path, without `.` and `..`.
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
    fn relative_path_leads_to_target() {
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
