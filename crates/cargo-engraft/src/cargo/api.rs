//! Which packages plugins may use of the hosts that do not export all of theirs (`export = "api"`).

use super::reach::Reach;
use super::settings::{Export, Settings};
use super::workspace::{Graph, Member, Plugin};
use anyhow::{Result, bail};
use cargo_metadata::Metadata;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// Of each such host, by its directory, the packages that it has and exports whole.
///
/// They are those that `api` names; without it, those of the workspace's plugins with all that they depend on, by name and version: so these
/// plugins all fit.
pub(super) fn of_hosts(metadata: &Metadata, hosts: &[Member], plugins: &[Plugin]) -> Result<BTreeMap<PathBuf, Vec<String>>> {
    let mut found = BTreeMap::new();
    for host in hosts {
        let settings = Settings::of(&metadata[&host.id])?;
        if settings.export != Some(Export::Api) {
            continue;
        }
        let api = match settings.api {
            Some(named) => named_in(metadata, host, named)?,
            None => of_plugins(metadata, plugins.iter().filter(|plugin| plugin.is_for(host)))?,
        };
        found.insert(host.directory.clone(), api);
    }
    Ok(found)
}

/// What some plugins and all of their dependencies are called. That includes the plugins: a host may have one as a dependency.
///
/// Dependencies of tests never count: `build` and `test` use each other's hosts.
fn of_plugins<'p>(metadata: &Metadata, plugins: impl Iterator<Item = &'p Plugin>) -> Result<Vec<String>> {
    let reach = Reach::new(metadata, Graph::Normal)?;
    let packages: BTreeSet<_> = plugins.flat_map(|plugin| reach.from(&plugin.package.id)).collect();
    Ok(packages.into_iter().map(|id| format!("{}@{}", metadata[id].name, metadata[id].version)).collect())
}

/// The names that a host's settings give, each of which must be of one of its packages.
fn named_in(metadata: &Metadata, host: &Member, named: Vec<String>) -> Result<Vec<String>> {
    let reach = Reach::new(metadata, Graph::WithDevelopment)?;
    let packages = reach.from(&host.id);
    for name in &named {
        let is_named = |name_of: &str, version: &str| name_of == name || format!("{name_of}@{version}") == *name;
        if !packages.iter().any(|id| is_named(&metadata[*id].name, &metadata[*id].version.to_string())) {
            bail!(
                "{}: `api` names the package `{name}`, and `{}` does not depend on any that is called so\n\
                 help: `cargo tree -p {}` tells its packages",
                metadata[&host.id].manifest_path,
                host.name,
                host.name
            );
        }
    }
    Ok(named)
}
