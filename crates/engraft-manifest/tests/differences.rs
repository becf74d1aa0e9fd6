//! Why packages differ is told at the package where the difference begins.

mod sample;

use engraft_manifest::{Fault, Manifest, Package, Reason, Source, differences};
use sample::{manifest, package};

fn strings(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// What is said when only the package `api` differs, as `change` makes it in the plugin.
fn reasons(change: impl Fn(&mut Package<'static>)) -> Vec<Reason> {
    let mut plugin = manifest();
    change(&mut plugin.packages[1]);
    let found = differences(&plugin, &[Fault::Differs(1)], &[&manifest()]);
    assert_eq!(found.len(), 1);
    found[0].reasons.clone()
}

#[test]
fn each_kind_of_difference_is_named() {
    assert_eq!(reasons(|api| api.version = "2.0.0"), [Reason::Version(strings(&["1.2.3"]))]);
    assert_eq!(
        reasons(|api| api.features = vec!["default", "extra"]),
        [Reason::Features { plugin: strings(&["extra"]), host: strings(&["std"]) }]
    );
    let edited = || vec![Source { path: "src/lib.rs", digest: 1 }, Source { path: "src/new.rs", digest: 2 }];
    assert_eq!(reasons(|api| api.sources = edited()), [Reason::Sources(strings(&["src/lib.rs", "src/new.rs"]))]);
    assert_eq!(reasons(|api| api.source = "git"), [Reason::Origin { plugin: "git".into(), host: "registry".into() }]);
    assert_eq!(reasons(|api| api.name = "other"), [Reason::Absent]);
    assert_eq!(reasons(|_| {}), [Reason::Generated]);
}

#[test]
fn flags_are_compared_by_what_they_say() {
    let mut plugin = manifest();
    plugin.flag_sets = vec![vec!["--edition 2024", "-C opt-level=0"]];
    let found = differences(&plugin, &[Fault::Differs(1)], &[&manifest()]);
    assert_eq!(found[0].reasons, [Reason::Flags { plugin: strings(&["-C opt-level=0"]), host: strings(&["-C opt-level=3"]) }]);
}

#[test]
fn a_package_that_only_follows_is_counted_and_not_listed() {
    // `core` was edited; `api` depends on it, and `filter` on both.
    let mut plugin = manifest();
    plugin.packages[0].features = vec!["default"];
    let faults = [Fault::Differs(0), Fault::Differs(1), Fault::Differs(2)];
    let found = differences(&plugin, &faults, &[&manifest()]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].package, "core 1.2.3");
    assert_eq!(found[0].followers, 2);
    assert_eq!(found[0].to_string(), "core 1.2.3: built with other features, the host's with std (and 2 packages that depend on it)");
}

#[test]
fn of_several_candidates_the_nearest_is_compared() {
    let host = Manifest {
        packages: vec![
            Package { features: vec![], ..package("api", 8, 8) },
            Package { features: vec!["default", "std", "x"], ..package("api", 9, 9) },
        ],
        ..manifest()
    };
    let found = differences(&manifest(), &[Fault::Missing(1)], &[&host]);
    assert_eq!(found[0].reasons[0], Reason::Features { plugin: vec![], host: strings(&["x"]) });
}

#[test]
fn the_root_with_most_followers_comes_first() {
    let mut plugin = manifest();
    plugin.packages.insert(0, Package { version: "9.9.9", ..package("lonely", 7, 7) });
    for package in &mut plugin.packages[1..] {
        package.dependencies.iter_mut().for_each(|index| *index += 1);
    }
    plugin.packages[1].version = "0.1.0";
    let found = differences(&plugin, &[0, 1, 2, 3].map(Fault::Differs), &[&manifest()]);
    assert_eq!(found.iter().map(|difference| difference.package.as_str()).collect::<Vec<_>>(), ["core 0.1.0", "lonely 9.9.9"]);
}
