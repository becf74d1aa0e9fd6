//! Who carries each library of a link: the linked file, for everybody or for itself alone, or the hosts of a plugin.

use super::libraries::Library;
use super::linked_file;
use super::manifest::{self, Marked};
use super::request::{LinkRequest, Product};
use crate::start::Incompatible;
use anyhow::{Context, Result};
use engraft_manifest::{BuildId, Fault, Manifest, Origin, Package};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// What a link brings along, and what it takes from hosts.
#[derive(Debug)]
pub struct Origins {
    /// Of each library.
    pub each: Vec<Origin>,
    /// The builds of the hosts that a plugin was found to fit; none for a host.
    pub hosts: Vec<BuildId>,
}

impl Origins {
    /// Decides it.
    pub fn of(request: &LinkRequest, libraries: &[Library]) -> Result<Self> {
        match &request.product {
            Product::Host { api, .. } => Ok(Self { each: of_host(libraries, api.as_deref()), hosts: Vec::new() }),
            Product::Plugin { library, hosts } => borrow(request, libraries, library, hosts),
        }
    }

    /// The libraries that the linked file has, each with whether it is for itself alone.
    pub fn carried<'l>(&self, libraries: &'l [Library]) -> impl Iterator<Item = (&'l Library, bool)> {
        let each = libraries.iter().zip(&self.each).filter(|(_, origin)| **origin != Origin::Hosted);
        each.map(|(library, origin)| (library, *origin == Origin::Private))
    }
}

/// A host exports all of its packages, or those that its `api` names with all that these depend on: whoever instantiates their
/// generic code needs that too. What the toolchain and `engraft` have, every plugin needs.
fn of_host(libraries: &[Library], api: Option<&[String]>) -> Vec<Origin> {
    let Some(api) = api else { return vec![Origin::Bundled; libraries.len()] };
    let is_root = |library: &Library| library.record.is_none() || library.is_engraft() || api.iter().any(|spec| library.is_named(spec));
    let mut each = vec![Origin::Private; libraries.len()];
    let mut left: Vec<usize> = (0..libraries.len()).filter(|&index| is_root(&libraries[index])).collect();
    while let Some(index) = left.pop() {
        if std::mem::replace(&mut each[index], Origin::Bundled) == Origin::Private {
            left.extend(&libraries[index].dependencies);
        }
    }
    each
}

/// Which libraries all hosts have, with the same content. The plugin's own is never among them: it is what the plugin is.
fn borrow(request: &LinkRequest, libraries: &[Library], own: &Path, hosts: &[PathBuf]) -> Result<Origins> {
    let mut builds = Vec::new();
    let mut hosted: Vec<bool> = libraries.iter().map(|library| !library.is_compiler_builtins() && !library.is_of(own)).collect();
    for host in hosts {
        let linked = linked_file::read(host)?;
        let linked =
            linked.map_err(|found| anyhow::anyhow!("expected {} to be a host linked by Engraft; it is {found}", host.display()))?;
        let manifest = Manifest::decode(&linked.record).with_context(|| format!("failed to read the manifest of {}", host.display()))?;
        if manifest.toolchain != request.toolchain.as_record() {
            return Err(Incompatible(format!(
                "the host {} was built by {}, the plugin by {}\nhelp: build both with `cargo engraft build`",
                host.display(),
                manifest.toolchain.version,
                request.toolchain.version
            ))
            .into());
        }
        let known: HashMap<_, _> = manifest.packages.iter().map(|package| (package.key, package)).collect();
        let is_unfit = |package: &&Package<'_>, library: &Library| package.hash != library.hash || package.origin == Origin::Private;
        let differing = libraries.iter().filter(|library| known.get(&library.key).is_some_and(|package| is_unfit(package, library)));
        let mut unfit: Vec<&Library> = differing.collect();
        // A plugin that brought its own `engraft` would register with nobody.
        unfit.extend(libraries.iter().filter(|library| library.is_engraft() && !known.contains_key(&library.key)));
        if !unfit.is_empty() {
            return Err(misfit(request, libraries, &unfit, host, &manifest)?);
        }
        for (library, hosted) in libraries.iter().zip(&mut hosted) {
            *hosted &= known.contains_key(&library.key);
        }
        builds.push(linked.build_id);
    }
    builds.sort();
    let each = hosted.into_iter().map(|hosted| if hosted { Origin::Hosted } else { Origin::Bundled });
    Ok(Origins { each: each.collect(), hosts: builds })
}

/// The error that names the packages by which a plugin and a host can't be one program, and why.
fn misfit(request: &LinkRequest, libraries: &[Library], unfit: &[&Library], host: &Path, manifest: &Manifest<'_>) -> Result<anyhow::Error> {
    let all = Origins { each: vec![Origin::Hosted; libraries.len()], hosts: Vec::new() };
    let record = manifest::encode(request, libraries, &all, &Marked::default())?;
    let plugin = Manifest::decode(&record)?;
    let is_unfit = |key| unfit.iter().any(|library| library.key == key);
    let faults: Vec<Fault> =
        plugin.packages.iter().enumerate().filter(|(_, package)| is_unfit(package.key)).map(|(index, _)| Fault::Differs(index)).collect();
    let differences = engraft_manifest::differences(&plugin, &faults, &[manifest]);
    let report = engraft_manifest::report(&differences);
    Ok(Incompatible(format!("the plugin `{}` does not fit the host {}:\n{report}", request.name, host.display())).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::libraries::tests::library;

    #[test]
    fn what_is_exported_depends_on_nothing_private() {
        use Origin::{Bundled, Private};
        // The toolchain's are those without a version.
        let graph = [
            library("std", "", &[]),
            library("engraft", "1.0.0", &[2]),
            library("blake3", "1.0.0", &[]),
            library("rand", "0.8.0", &[4]),
            library("rand_core", "0.6.0", &[]),
            library("rand", "0.9.0", &[2]),
        ];
        let table: [(Option<&[&str]>, [Origin; 6]); 4] = [
            (None, [Bundled; 6]),
            (Some(&[]), [Bundled, Bundled, Bundled, Private, Private, Private]),
            (Some(&["rand@0.8.0"]), [Bundled, Bundled, Bundled, Bundled, Bundled, Private]),
            (Some(&["rand"]), [Bundled; 6]),
        ];
        for (api, expected) in table {
            let api: Option<Vec<String>> = api.map(|names| names.iter().map(|&name| name.to_owned()).collect());
            assert_eq!(of_host(&graph, api.as_deref()), expected, "{api:?}");
        }
    }
}
