//! B1, B3: finds packages that a plugin bundles although the host has them, because their features differ.

use super::finding::Finding;
use super::output::{Output, Package};
use engraft_manifest::Role;

/// Compares each plugin with the hosts in the same output directory.
#[must_use]
pub fn check(outputs: &[Output]) -> Vec<Finding> {
    let plugins = outputs.iter().filter(|output| output.role == Role::Plugin);
    let mut found = Vec::new();
    for plugin in plugins {
        for host in plugin.hosts_beside(outputs) {
            let bundled = plugin.packages.iter().filter(|package| package.bundled);
            found.extend(bundled.filter_map(|package| twin(plugin, package, host)));
        }
    }
    found
}

fn twin(plugin: &Output, package: &Package, host: &Output) -> Option<Finding> {
    let named: Vec<&Package> =
        host.packages.iter().filter(|other| other.name == package.name && other.version == package.version).collect();
    if named.iter().any(|other| other.key == package.key) {
        return None;
    }
    let other = named.iter().find(|other| other.features != package.features)?;
    let only = |one: &Package, two: &Package| -> Vec<String> {
        one.features.iter().filter(|feature| !two.features.contains(feature)).cloned().collect()
    };
    let sides = [(plugin, only(package, other)), (host, only(other, package))];
    let differences: Vec<String> = sides
        .iter()
        .filter(|(_, features)| !features.is_empty())
        .map(|(output, features)| format!("only in `{}`: {}", output.name, features.join(", ")))
        .collect();
    let what = format!(
        "the plugin `{}` bundles {} although `{}` has it, because the features differ ({}): its statics and types exist twice",
        plugin.name,
        package.label(),
        host.name,
        differences.join("; ")
    );
    let mend = "build both in one workspace with `cargo engraft build`, or set the same features in both Cargo.toml files";
    Some(Finding::new("B3", what, mend).at(&plugin.path))
}

#[cfg(test)]
mod tests {
    use super::super::output::sample::{output, package};
    use super::*;

    #[test]
    fn only_different_features_make_a_twin() {
        let host = output(Role::Host, "host", vec![package("log", "a", true, &["std"]), package("csv", "b", true, &[])]);
        let table = [
            (package("log", "a", false, &["std"]), None),
            (package("log", "a", true, &["std"]), None),
            (package("log", "c", true, &["std"]), None),
            (package("other", "d", true, &["std"]), None),
            (package("log", "c", true, &["kv", "std"]), Some("(only in `p`: kv)")),
            (package("log", "c", true, &["kv"]), Some("(only in `p`: kv; only in `host`: std)")),
        ];
        for (package, expected) in table {
            let found = check(&[host.clone(), output(Role::Plugin, "p", vec![package.clone()])]);
            assert_eq!(found.len(), usize::from(expected.is_some()), "{package:?}: {found:?}");
            assert!(found.iter().zip(expected).all(|(finding, expected)| finding.what.contains(expected)), "{found:?}");
        }
        let mut elsewhere = output(Role::Plugin, "p", vec![package("log", "c", true, &["kv"])]);
        elsewhere.build = "/t/release".into();
        assert_eq!(check(&[host, elsewhere]), []);
    }
}
