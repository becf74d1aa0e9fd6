//! B1, B3: packages that a plugin brings along although the host has them, because only their features differ.

use super::finding::Finding;
use super::output::{Output, Package};
use engraft_manifest::Role;

/// Compares each plugin with the hosts that were built with it.
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
    let told: Vec<String> = sides
        .iter()
        .filter(|(_, features)| !features.is_empty())
        .map(|(output, features)| format!("only `{}`'s has {}", output.name, features.join(", ")))
        .collect();
    let what = format!(
        "the plugin `{}` brings {} along although `{}` has it, with other features ({}): its statics and types are there twice",
        plugin.name,
        package.label(),
        host.name,
        told.join(", ")
    );
    let mend = "build both in one workspace with `cargo engraft build`, or ask for the same features in both Cargo.toml";
    Some(Finding::new("B3", what, mend).at(&plugin.path))
}

#[cfg(test)]
mod tests {
    use super::super::output::sample::{output, package};
    use super::*;

    #[test]
    fn only_a_difference_in_features_makes_a_twin() {
        let host = output(Role::Host, "host", vec![package("log", "a", true, &["std"]), package("csv", "b", true, &[])]);
        let table = [
            (package("log", "a", false, &["std"]), None),
            (package("log", "a", true, &["std"]), None),
            (package("log", "c", true, &["std"]), None),
            (package("other", "d", true, &["std"]), None),
            (package("log", "c", true, &["kv", "std"]), Some("(only `p`'s has kv)")),
            (package("log", "c", true, &["kv"]), Some("(only `p`'s has kv, only `host`'s has std)")),
        ];
        for (package, told) in table {
            let found = check(&[host.clone(), output(Role::Plugin, "p", vec![package.clone()])]);
            assert_eq!(found.len(), usize::from(told.is_some()), "{package:?}: {found:?}");
            assert!(found.iter().zip(told).all(|(finding, told)| finding.what.contains(told)), "{found:?}");
        }
        let mut elsewhere = output(Role::Plugin, "p", vec![package("log", "c", true, &["kv"])]);
        elsewhere.build = "/t/release".into();
        assert_eq!(check(&[host, elsewhere]), []);
    }
}
