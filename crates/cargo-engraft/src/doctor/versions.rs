//! B1, B3: finds packages that a plugin uses in a version that no host has, while the hosts have another version. Types of two versions
//! are different types, which shows only where host and plugin exchange a value.

use super::finding::Finding;
use std::collections::BTreeSet;

/// The dependency graph.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Graph {
    pub packages: Vec<Package>,
    /// Indices of the hosts' packages.
    pub hosts: Vec<usize>,
    /// Indices of the plugins' packages.
    pub plugins: Vec<usize>,
}

/// A package of the graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    pub name: String,
    pub version: String,
    /// Whether it is a proc macro, which runs only in the compiler.
    pub is_macro: bool,
    /// Indices of the packages that it links.
    pub dependencies: Vec<usize>,
}

/// Checks the packages that each plugin links.
#[must_use]
pub fn check(graph: &Graph) -> Vec<Finding> {
    let of_hosts: BTreeSet<usize> = graph.hosts.iter().flat_map(|host| graph.reach(*host)).collect();
    let mut found = Vec::new();
    for plugin in &graph.plugins {
        let of_plugin = graph.reach(*plugin);
        for index in of_plugin.difference(&of_hosts) {
            let package = &graph.packages[*index];
            let others: Vec<&str> = of_hosts
                .iter()
                .map(|index| &graph.packages[*index])
                .filter(|other| other.name == package.name)
                .map(|other| other.version.as_str())
                .collect();
            if !others.is_empty() {
                found.push(two_versions(graph, *plugin, &of_plugin, package, &others));
            }
        }
    }
    found
}

fn two_versions(graph: &Graph, plugin: usize, of_plugin: &BTreeSet<usize>, package: &Package, others: &[&str]) -> Finding {
    let asks = |index: &&usize| graph.packages[**index].dependencies.iter().any(|dependency| graph.packages[*dependency] == *package);
    let asking: Vec<String> = of_plugin.iter().filter(asks).map(|index| graph.packages[*index].name.clone()).collect();
    let Package { name, version, .. } = package;
    let (plugin, others_text) = (&graph.packages[plugin].name, others.join(" and "));
    let what = format!(
        "the plugin `{plugin}` uses {name} {version}, but the hosts use {others_text}: the types of the versions are different types"
    );
    let mend = match others.iter().find(|other| compatible(other, version)) {
        Some(other) => format!("run `cargo update -p {name}@{version} --precise {other}`"),
        None => format!(
            "change the dependency of {} to {name} {others_text}, as in the hosts, or pass no types of {name} between host and plugin",
            asking.join(", ")
        ),
    };
    Finding::new("B3", what, mend)
}

/// Whether two versions are semver-compatible for cargo: equal up to the first part that is not zero.
fn compatible(one: &str, other: &str) -> bool {
    let leading = |version: &str| -> Vec<String> {
        let mut parts = version.split('.').map(str::to_owned);
        let mut leading = Vec::new();
        for part in parts.by_ref().take(3) {
            let zero = part == "0";
            leading.push(part);
            if !zero {
                break;
            }
        }
        leading
    };
    leading(one) == leading(other)
}

impl Graph {
    /// A package and all packages that it links. Dependencies of proc macros run in the compiler and are left out.
    #[must_use]
    pub fn reach(&self, from: usize) -> BTreeSet<usize> {
        let (mut reached, mut left) = (BTreeSet::new(), vec![from]);
        while let Some(index) = left.pop() {
            if !self.packages[index].is_macro && reached.insert(index) {
                left.extend(&self.packages[index].dependencies);
            }
        }
        reached
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, version: &str, dependencies: &[usize]) -> Package {
        Package { name: name.into(), version: version.into(), is_macro: name == "derive", dependencies: dependencies.to_vec() }
    }

    fn graph(of_host: &[(&str, &str)], of_plugin: &[(&str, &str)]) -> Graph {
        let mut packages = vec![package("host", "0.1.0", &[]), package("plugin", "0.1.0", &[])];
        for (owner, list) in [(0, of_host), (1, of_plugin)] {
            for (name, version) in list {
                let known = packages.iter().position(|package| package.name == *name && package.version == *version);
                let index = known.unwrap_or(packages.len());
                if known.is_none() {
                    packages.push(package(name, version, &[]));
                }
                packages[owner].dependencies.push(index);
            }
        }
        Graph { packages, hosts: vec![0], plugins: vec![1] }
    }

    #[test]
    fn version_that_no_host_has_is_found() {
        type List = &'static [(&'static str, &'static str)];
        let table: [(List, List, Option<&str>); 6] = [
            (&[("log", "0.4.1")], &[("log", "0.4.1"), ("csv", "1.0.0")], None),
            (&[("log", "0.4.1")], &[("log", "0.4.0")], Some("run `cargo update -p log@0.4.0 --precise 0.4.1`")),
            (&[("http", "1.1.0")], &[("http", "0.2.9")], Some("change the dependency of plugin to http 1.1.0")),
            (&[("http", "1.1.0"), ("http", "0.2.9")], &[("http", "0.2.9")], None),
            (&[], &[("http", "0.2.9")], None),
            (&[("derive", "1.0.0")], &[("derive", "2.0.0")], None),
        ];
        for (host, plugin, mend) in table {
            let found = check(&graph(host, plugin));
            assert_eq!(found.len(), usize::from(mend.is_some()), "{host:?} {plugin:?}: {found:?}");
            assert!(found.iter().zip(mend).all(|(finding, mend)| finding.mend.starts_with(mend)), "{found:?}");
        }
    }
}
