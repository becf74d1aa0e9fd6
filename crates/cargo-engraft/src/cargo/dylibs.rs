//! Rust packages that come as shared objects (`crate-type = ["dylib"]`): Engraft can't share them.
//!
//! rustc writes such a package, and the packages below it, std among them, into a shared object. No manifest has them, so that nothing
//! would tell whether host and plugin were compiled against the same.

use super::workspace::{Graph, Workspace};
use crate::start::Unsupported;
use anyhow::{Context, Result};
use cargo_metadata::{CrateType, DependencyKind, Metadata, Node, Package, PackageId};
use std::collections::{BTreeSet, HashMap};

/// Refuses a workspace whose hosts or plugins have such a package among those that are linked into them.
///
/// Dependencies for some targets only (`[target.'cfg(…)'.dependencies]`) are left to the link, which knows what is there.
pub fn refuse(metadata: &Metadata, workspace: &Workspace, graph: Graph) -> Result<()> {
    let resolve = metadata.resolve.as_ref().context("`cargo metadata` named no dependencies")?;
    let nodes: HashMap<&PackageId, &Node> = resolve.nodes.iter().map(|node| (&node.id, node)).collect();
    for root in workspace.hosts.iter().chain(workspace.plugins.iter().map(|plugin| &plugin.package)) {
        let (mut seen, mut left) = (BTreeSet::new(), vec![&root.id]);
        while let Some(id) = left.pop() {
            let package = &metadata[id];
            // A proc macro runs in the compiler, with all that it depends on.
            if !seen.insert(id) || package.targets.iter().any(|target| target.crate_types.contains(&CrateType::ProcMacro)) {
                continue;
            }
            if is_dylib(package) {
                return Err(Unsupported(words(&root.name, package)).into());
            }
            let is_tested = graph == Graph::WithDevelopment && metadata.workspace_members.contains(id);
            let is_linked = |kind| kind == DependencyKind::Normal || (is_tested && kind == DependencyKind::Development);
            let dependencies = nodes.get(id).into_iter().flat_map(|node| &node.deps);
            let linked = dependencies.filter(|dep| dep.dep_kinds.iter().any(|info| is_linked(info.kind) && info.target.is_none()));
            left.extend(linked.map(|dep| &dep.pkg));
        }
    }
    Ok(())
}

fn is_dylib(package: &Package) -> bool {
    package.targets.iter().any(|target| !target.is_example() && target.crate_types.contains(&CrateType::DyLib))
}

fn words(root: &str, package: &Package) -> String {
    let (name, version) = (&package.name, &package.version);
    let help = if package.source.is_none() {
        format!(
            "remove `crate-type = [\"dylib\"]` from [lib] in {}; where the shared object is needed elsewhere, make it in a package of its own",
            package.manifest_path
        )
    } else {
        format!("depend on `{name}` without the feature that asks for this, or patch it ([patch.crates-io]) to have no `crate-type`")
    };
    let who = if name.as_str() == root { String::new() } else { format!(", which `{root}` depends on,") };
    format!(
        "`{name} {version}`{who} has crate-type \"dylib\": as a shared object it carries copies of packages, of which Engraft can't tell \
         whether host and plugin have the same\nhelp: {help}"
    )
}
