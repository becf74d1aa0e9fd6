//! What the hosts of a plugin will have, whether they are built yet or not: by it a plugin's link decides what to borrow.
//!
//! It is a forecast, from cargo's graph with default features. Where it is wrong, the plugin is larger than it need be, or `open` names the
//! package that the host lacks. That host and plugin are the same where they share a package does not depend on it.

use super::places;
use super::reach::Reach;
use super::workspace::{self, Graph, Plugin};
use crate::rustc::package_place::PackagePlace;
use anyhow::Result;
use cargo_metadata::{Metadata, Package, PackageId, TargetKind};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// Sets what each plugin can expect of its hosts.
pub(super) fn fill_in(metadata: &Metadata, places: &BTreeMap<PathBuf, PackagePlace>, plugins: &mut [Plugin]) -> Result<()> {
    let reach = Reach::new(metadata, Graph::Normal)?;
    let binaries = |package: &Package| -> Vec<String> {
        let binaries = package.targets.iter().filter(|target| target.is_kind(TargetKind::Bin));
        binaries.map(|target| target.name.clone()).collect()
    };
    let names = |id: &PackageId| -> BTreeSet<String> {
        let linked = reach.linked_from(id);
        linked.into_iter().filter_map(|id| Some(places.get(&places::directory(&metadata[id]))?.name.clone())).collect()
    };
    let hosts: Vec<(&Package, BTreeSet<String>)> =
        workspace::hosts(metadata, &reach, plugins).map(|package| (package, names(&package.id))).collect();
    // Every host has these, also one of another workspace.
    let of_engraft: BTreeSet<String> =
        metadata.packages.iter().filter(|package| package.name.as_str() == "engraft").flat_map(|package| names(&package.id)).collect();
    for plugin in plugins {
        let meant = hosts.iter().filter(|(package, _)| plugin.is_for_names(&package.name, &binaries(package))).map(|(_, names)| names);
        let common = meant.cloned().reduce(|common, names| &common & &names).unwrap_or_default();
        plugin.expected = &common | &of_engraft;
    }
    Ok(())
}
