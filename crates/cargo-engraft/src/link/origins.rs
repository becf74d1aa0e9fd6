//! Who carries each library of a link: the linked file, for everybody or for itself alone, or the hosts of a plugin.

use super::compiled::Compiled;
use super::libraries::{Library, with_dependencies};
use super::linked_file::{self, LinkedFile};
use super::manifest::{self, Marked};
use super::request::{Hosts, LinkRequest, Product};
use crate::start::Incompatible;
use anyhow::{Context, Result};
use engraft_manifest::{BuildId, Fault, Manifest, Origin};
use std::collections::BTreeSet;
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
            Product::Plugin { library, hosts: Hosts::Built(hosts) } => borrow(request, libraries, library, hosts),
            Product::Plugin { library, hosts: Hosts::Expected(packages) } => {
                Ok(Self { each: expected(libraries, library, packages), hosts: Vec::new() })
            }
        }
    }

    /// The libraries that the linked file has, each with what others may have of it.
    pub fn carried<'l>(&self, libraries: &'l [Library]) -> impl Iterator<Item = (&'l Library, Origin)> {
        libraries.iter().zip(self.each.iter().copied()).filter(|(_, origin)| *origin != Origin::Hosted)
    }

    /// Whether everything that is carried is carried whole, for everybody.
    pub fn are_all_whole(&self) -> bool {
        !self.each.iter().any(|origin| matches!(origin, Origin::Private | Origin::Partial))
    }
}

/// A host exports all of its packages, or those that its `api` names. What these depend on it has as far as it is needed: mostly that
/// is also all that a plugin needs which instantiates their generic code. Of the toolchain and `engraft` every plugin needs any part.
fn of_host(libraries: &[Library], api: Option<&[String]>) -> Vec<Origin> {
    let Some(api) = api else { return vec![Origin::Bundled; libraries.len()] };
    let is_whole = |library: &Library| match &library.record {
        None => !library.is_of_backtraces(),
        Some(_) => library.is_engraft() || api.iter().any(|spec| library.is_named(spec)),
    };
    let is_needed = with_dependencies(libraries, |library| library.record.is_none() || is_whole(library));
    let origin = |(library, is_needed): (&Library, bool)| match is_needed {
        false => Origin::Private,
        true if is_whole(library) => Origin::Bundled,
        true => Origin::Partial,
    };
    libraries.iter().zip(is_needed).map(origin).collect()
}

/// What a plugin borrows of hosts that may not be built yet. Whether a host has it, `open` finds out.
fn expected(libraries: &[Library], own: &Path, packages: &BTreeSet<String>) -> Vec<Origin> {
    let is_borrowed = |library: &Library| match &library.record {
        _ if library.is_per_file_runtime() || library.is_of(own) => false,
        // Each host has all of the toolchain's.
        None => true,
        Some(record) => library.is_engraft() || packages.contains(&record.place),
    };
    libraries.iter().map(|library| if is_borrowed(library) { Origin::Hosted } else { Origin::Bundled }).collect()
}

/// Which libraries all hosts have, with the same content. The plugin's own is never among them: it is what the plugin is.
fn borrow(request: &LinkRequest, libraries: &[Library], own: &Path, hosts: &[PathBuf]) -> Result<Origins> {
    let linked: Vec<LinkedFile> = hosts.iter().map(|host| read_host(host)).collect::<Result<_>>()?;
    let mut manifests = Vec::new();
    let mut hosted: Vec<bool> = libraries.iter().map(|library| !library.is_per_file_runtime() && !library.is_of(own)).collect();
    for (host, linked) in hosts.iter().zip(&linked) {
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
        for (library, hosted) in libraries.iter().zip(&mut hosted) {
            *hosted &= manifest.package(library.key).is_some();
        }
        manifests.push(manifest);
    }
    let carried = libraries.iter().zip(&hosted).filter(|(_, hosted)| !**hosted).map(|(library, _)| library);
    let compiled = Compiled::of(&request.name, carried)?;
    let each = hosted.iter().map(|&hosted| if hosted { Origin::Hosted } else { Origin::Bundled }).collect();
    let mut builds: Vec<BuildId> = linked.iter().map(|linked| linked.build_id).collect();
    builds.sort();
    let origins = Origins { each, hosts: builds };
    // What one host lacks is brought along, and that may not be beside a part of it in another host.
    for (host, manifest) in hosts.iter().zip(&manifests) {
        let is_unfit = |library: &Library, hosted: bool| match manifest.package(library.key) {
            // A plugin that brought its own `engraft` would register with nobody.
            None => library.is_engraft(),
            Some(package) => {
                package.hash != library.hash || package.origin == Origin::Private || (package.origin == Origin::Partial && !hosted)
            }
        };
        let unfit: Vec<&Library> =
            libraries.iter().zip(&hosted).filter(|(library, hosted)| is_unfit(library, **hosted)).map(|(library, _)| library).collect();
        if !unfit.is_empty() || compiled.modifiers != manifest.modifiers {
            return Err(misfit(request, libraries, &origins, &unfit, host, manifest)?);
        }
    }
    Ok(origins)
}

fn read_host(host: &Path) -> Result<LinkedFile> {
    let found = linked_file::read(host)?;
    found.map_err(|found| anyhow::anyhow!("expected {} to be a host linked by Engraft; it is {found}", host.display()))
}

/// The error that names the packages by which a plugin and a host can't be one program, and why.
fn misfit(
    request: &LinkRequest,
    libraries: &[Library],
    origins: &Origins,
    unfit: &[&Library],
    host: &Path,
    manifest: &Manifest<'_>,
) -> Result<anyhow::Error> {
    let record = manifest::encode(request, libraries, origins, &Marked::default())?;
    let plugin = Manifest::decode(&record)?;
    let is_unfit = |key| unfit.iter().any(|library| library.key == key);
    let mut faults: Vec<Fault> =
        plugin.packages.iter().enumerate().filter(|(_, package)| is_unfit(package.key)).map(|(index, _)| Fault::Differs(index)).collect();
    faults.extend((plugin.modifiers != manifest.modifiers).then_some(Fault::Modifiers));
    let differences = engraft_manifest::differences(&plugin, &faults, &[manifest]);
    let report = engraft_manifest::report(&differences);
    Ok(Incompatible(format!("the plugin `{}` does not fit the host {}:\n{report}", request.name, host.display())).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::libraries::tests::library;

    #[test]
    fn what_is_named_is_whole_and_what_it_depends_on_as_far_as_needed() {
        use Origin::{Bundled, Partial, Private};
        // The toolchain's are those without a version.
        let graph = [
            library("std", "", &[]),
            library("gimli", "", &[]),
            library("engraft", "1.0.0", &[3]),
            library("blake3", "1.0.0", &[]),
            library("rand", "0.8.0", &[5]),
            library("rand_core", "0.6.0", &[]),
            library("rand", "0.9.0", &[3]),
            library("gimli", "0.32.0", &[]),
        ];
        let table: [(Option<&[&str]>, [Origin; 8]); 5] = [
            (None, [Bundled; 8]),
            (Some(&[]), [Bundled, Partial, Bundled, Partial, Private, Private, Private, Private]),
            (Some(&["rand@0.8.0"]), [Bundled, Partial, Bundled, Partial, Bundled, Partial, Private, Private]),
            (Some(&["rand", "gimli"]), [Bundled, Partial, Bundled, Partial, Bundled, Partial, Bundled, Bundled]),
            (Some(&["rand_core", "rand", "blake3"]), [Bundled, Partial, Bundled, Bundled, Bundled, Bundled, Bundled, Private]),
        ];
        for (api, expected) in table {
            let api: Option<Vec<String>> = api.map(|names| names.iter().map(|&name| name.to_owned()).collect());
            assert_eq!(of_host(&graph, api.as_deref()), expected, "{api:?}");
        }
    }
}
