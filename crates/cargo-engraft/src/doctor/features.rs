//! B1: finds packages that would have other features if hosts and plugins were built one by one, as with `cargo build -p`.

use super::finding::Finding;
use std::collections::{BTreeMap, BTreeSet};

/// The features of packages, by name and version. A package that is compiled twice has two sets.
pub type Resolved = BTreeMap<String, BTreeSet<String>>;

/// The value of `cargo tree --format` that [`parse`] reads.
pub const FORMAT: &str = "{p}|{f}";

/// How many packages a finding lists.
const NAMED: usize = 5;

/// Parses the output of `cargo tree` in [`FORMAT`].
#[must_use]
pub fn parse(tree: &str) -> Resolved {
    let mut resolved = Resolved::new();
    for (package, features) in tree.lines().filter_map(|line| line.split_once('|')) {
        let label: Vec<&str> = package.split(' ').take(2).collect();
        // cargo marks packages that it has printed before.
        let features = features.trim_end_matches(" (*)").trim();
        resolved.entry(label.join(" ").replace(" v", " ")).or_default().insert(features.to_owned());
    }
    resolved
}

/// Compares the features with which cargo resolves all members `together` with those of each member `apart`.
///
/// `names` has the packages that the workspace's own manifests name; all others are ignored. Their features differ in every larger
/// workspace, its authors can't change that, and Engraft resolves everything at once anyway.
#[must_use]
pub fn check(together: &Resolved, apart: &[(String, Resolved)], names: &BTreeSet<String>) -> Vec<Finding> {
    apart.iter().filter_map(|(member, alone)| check_member(member, alone, together, names)).collect()
}

fn check_member(member: &str, alone: &Resolved, together: &Resolved, names: &BTreeSet<String>) -> Option<Finding> {
    let differs = |(package, features): &(&String, &BTreeSet<String>)| {
        names.contains(*package) && together.get(*package).is_some_and(|all| !all.is_superset(features))
    };
    let names: Vec<String> = alone.iter().filter(differs).map(|(package, features)| missing(package, features, together)).collect();
    let more = names.len().saturating_sub(NAMED);
    let more = if more == 0 { String::new() } else { format!("; and {more} more") };
    let named = names.iter().take(NAMED).cloned().collect::<Vec<_>>().join("; ");
    (!names.is_empty()).then(|| {
        Finding::new(
            "B1",
            format!("built alone, `{member}` would have packages with other features: {named}{more}"),
            "always build with `cargo engraft build`, which resolves features once; or set the same features in [workspace.dependencies]",
        )
    })
}

fn missing(package: &str, alone: &BTreeSet<String>, together: &Resolved) -> String {
    let split = |sets: &BTreeSet<String>| -> BTreeSet<String> {
        sets.iter().flat_map(|set| set.split(',')).filter(|feature| !feature.is_empty()).map(str::to_owned).collect()
    };
    let (alone, all) = (split(alone), together.get(package).map(split).unwrap_or_default());
    let missing: Vec<String> = all.difference(&alone).cloned().collect();
    format!("{package} without {}", missing.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named<const N: usize>(names: [&str; N]) -> BTreeSet<String> {
        names.map(str::to_owned).into()
    }

    #[test]
    fn missing_features_are_found() {
        let together =
            parse("host v0.1.0 (/w/host)|\ntokio v1.47.0|default,net,rt\nplugin v0.1.0 (/w/p)|\ntokio v1.47.0|default,net,rt (*)\n");
        let host = parse("host v0.1.0 (/w/host)|\ntokio v1.47.0|default,net,rt\n");
        let plugin = parse("plugin v0.1.0 (/w/p)|\ntokio v1.47.0|default,rt\nlog v0.4.0|\n");
        let apart = [("host".into(), host), ("plugin".into(), plugin)];
        assert_eq!(check(&together, &apart, &named(["log 0.4.0"])), [], "a package that the workspace does not name");
        let found = check(&together, &apart, &named(["tokio 1.47.0"]));
        let [finding] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(finding.what, "built alone, `plugin` would have packages with other features: tokio 1.47.0 without net");
    }

    #[test]
    fn package_compiled_twice_may_have_either_set() {
        let together = parse("syn v2.0.0|full\nsyn v2.0.0|full,visit\n");
        assert_eq!(together["syn 2.0.0"].len(), 2);
        assert_eq!(check(&together, &[("one".into(), parse("syn v2.0.0|full\n"))], &named(["syn 2.0.0"])), []);
    }

    #[test]
    fn long_list_is_shortened() {
        let tree = |features: &str| (0..9).map(|index| format!("p{index} v1.0.0|{features}\n")).collect::<String>();
        let found =
            check(&parse(&tree("a,b")), &[("one".into(), parse(&tree("a")))], &(0..9).map(|index| format!("p{index} 1.0.0")).collect());
        assert!(found[0].what.ends_with("p4 1.0.0 without b; and 4 more"), "{found:?}");
    }
}
