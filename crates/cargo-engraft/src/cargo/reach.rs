//! Who depends on whom in a workspace, by cargo's graph.

use super::workspace::Graph;
use anyhow::{Context, Result};
use cargo_metadata::{DependencyKind, Metadata, Package, PackageId};
use std::collections::{HashMap, HashSet};

/// The graph.
pub(super) struct Reach<'m> {
    edges: HashMap<&'m PackageId, Vec<&'m PackageId>>,
    engraft: HashSet<&'m PackageId>,
    /// They run in the compiler, with all that they depend on.
    proc_macros: HashSet<&'m PackageId>,
}

impl<'m> Reach<'m> {
    pub(super) fn new(metadata: &'m Metadata, graph: Graph) -> Result<Self> {
        let resolve = metadata.resolve.as_ref().context("`cargo metadata` told no dependency graph")?;
        let members: HashSet<&PackageId> = metadata.workspace_members.iter().collect();
        let counts = |from: &PackageId, kind: DependencyKind| match kind {
            DependencyKind::Normal => true,
            // Only members' own tests are built.
            DependencyKind::Development => graph == Graph::WithDevelopment && members.contains(from),
            _ => false,
        };
        let edges = resolve.nodes.iter().map(|node| {
            let used = node.deps.iter().filter(|dep| dep.dep_kinds.iter().any(|info| counts(&node.id, info.kind)));
            (&node.id, used.map(|dep| &dep.pkg).collect())
        });
        let engraft = metadata.packages.iter().filter(|package| package.name.as_str() == "engraft").map(|package| &package.id);
        let is_proc_macro = |package: &&Package| package.targets.iter().any(|target| target.is_proc_macro());
        let proc_macros = metadata.packages.iter().filter(is_proc_macro).map(|package| &package.id);
        Ok(Self { edges: edges.collect(), engraft: engraft.collect(), proc_macros: proc_macros.collect() })
    }

    /// A package and everything that it depends on.
    pub(super) fn from(&self, id: &PackageId) -> HashSet<&'m PackageId> {
        self.reached(id, |_| true)
    }

    /// A package and everything that is linked into a program with it.
    pub(super) fn linked_from(&self, id: &PackageId) -> HashSet<&'m PackageId> {
        self.reached(id, |id| !self.proc_macros.contains(id))
    }

    fn reached(&self, id: &PackageId, counts: impl Fn(&PackageId) -> bool) -> HashSet<&'m PackageId> {
        let mut reached = HashSet::new();
        let mut left: Vec<&'m PackageId> = self.edges.get_key_value(id).map(|(id, _)| *id).into_iter().collect();
        while let Some(id) = left.pop() {
            if counts(id) && reached.insert(id) {
                left.extend(self.edges.get(id).into_iter().flatten().copied());
            }
        }
        reached
    }

    pub(super) fn has_engraft(&self, id: &PackageId) -> bool {
        self.from(id).iter().any(|id| self.engraft.contains(id))
    }
}
