//! Why packages differ is told at the package where the difference begins.

mod sample;

use engraft_manifest::{Fault, Key, Manifest, Origin, Package, Reason, Role, Source, differences, report};
use sample::package;

/// The sample without `std`, which no explanation is about.
fn manifest() -> Manifest<'static> {
    let mut manifest = sample::manifest();
    manifest.packages.retain(|package| package.crate_name != "std");
    manifest
}

fn host() -> Manifest<'static> {
    Manifest { role: Role::Host, name: "host", ..manifest() }
}

fn strings(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// What is said when only the package `api` differs, as `change` makes it in the plugin.
fn reasons(change: impl Fn(&mut Package<'static>)) -> Vec<Reason> {
    let mut plugin = manifest();
    change(&mut plugin.packages[1]);
    let found = differences(&plugin, &[Fault::Differs(1)], &[&host()]);
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

/// With a package come all that it depends on, so only those at the top are named.
#[test]
fn private_packages_are_told_by_the_fewest_names_that_help() {
    let mut host = host();
    host.packages[0].origin = Origin::Private;
    host.packages[1].origin = Origin::Private;
    let faults = [Fault::Private(0), Fault::Private(1)];
    let found = differences(&manifest(), &faults, &[&host]);
    assert_eq!(found.iter().map(|difference| difference.package.as_str()).collect::<Vec<_>>(), ["api 1.2.3"]);
    assert_eq!(found[0].reasons, [Reason::Private]);
    assert_eq!(
        report(&found).to_string(),
        "  api 1.2.3: the host has it for itself alone, by `export = \"api\"`\n\
         help: add \"api\" to `api = […]` below [package.metadata.engraft] in the host's Cargo.toml, and then `cargo engraft build`"
    );
    // Another content is another matter: to export it would not help.
    host.packages[1].features = vec![];
    host.packages[1].hash.0[0] ^= 1;
    let found = differences(&manifest(), &[Fault::Differs(1)], &[&host]);
    assert!(matches!(*found[0].reasons, [Reason::Features { .. }]), "{found:?}");
}

#[test]
fn what_a_host_has_in_part_is_told_by_all_names_that_help() {
    let mut host = host();
    host.packages[0].origin = Origin::Partial;
    host.packages[1].origin = Origin::Partial;
    let found = differences(&manifest(), &[Fault::Partial(0), Fault::Partial(1)], &[&host]);
    assert!(found.iter().all(|difference| difference.reasons == [Reason::Partial]), "{found:?}");
    let text = report(&found).to_string();
    assert!(text.contains("has only a part of them, by `export = \"api\"`, and the plugin brings them along"), "{text}");
    assert!(
        text.contains("\nhelp: add \"api\", \"core\" to `api = […]` below [package.metadata.engraft] in the host's Cargo.toml"),
        "{text}"
    );
}

/// As where `--target` was given for one of the two.
#[test]
fn packages_with_different_keys_and_nothing_else_are_not_told_as_generated() {
    assert_eq!(reasons(|api| api.key = Key([77; 16])), [Reason::Identity]);
}

#[test]
fn flags_are_compared_by_what_they_say() {
    let mut plugin = manifest();
    plugin.flag_sets = vec![vec!["--edition 2024", "-C opt-level=0"]];
    let found = differences(&plugin, &[Fault::Differs(1)], &[&host()]);
    assert_eq!(found[0].reasons, [Reason::Flags { plugin: strings(&["-C opt-level=0"]), host: strings(&["-C opt-level=3"]) }]);
}

#[test]
fn a_package_that_only_follows_is_counted_and_not_listed() {
    // `core` was edited; `api` depends on it, and `filter` on both.
    let mut plugin = manifest();
    plugin.packages[0].features = vec!["default"];
    let faults = [Fault::Differs(0), Fault::Differs(1), Fault::Differs(2)];
    let found = differences(&plugin, &faults, &[&host()]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].package, "core 1.2.3");
    assert_eq!(found[0].followers, strings(&["api 1.2.3", "filter 1.2.3"]));
    assert_eq!(found[0].to_string(), "core 1.2.3: built with other features: only the host's has std (and 2 packages that depend on it)");
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
    let found = differences(&plugin, &[0, 1, 2, 3].map(Fault::Differs), &[&host()]);
    assert_eq!(found.iter().map(|difference| difference.package.as_str()).collect::<Vec<_>>(), ["core 0.1.0", "lonely 9.9.9"]);
}

/// The plugin's profile is told where flags differ, and only there: a profile's name changes nothing.
#[test]
fn a_profile_is_a_reason_when_its_flags_differ() {
    let profile = || Reason::Profile { plugin: "release".into(), host: "dev".into() };
    let mut plugin = Manifest { profile: "release", ..manifest() };
    let reasons = |plugin: &Manifest<'_>| differences(plugin, &[Fault::Differs(1)], &[&host()]).remove(0).reasons;
    assert_eq!(reasons(&plugin), [Reason::Generated]);
    plugin.flag_sets = vec![vec!["-C opt-level=3"]];
    assert_eq!(reasons(&plugin)[0], profile());
    assert_eq!(reasons(&plugin)[1], Reason::Flags { plugin: vec![], host: strings(&["--edition 2024"]) });
}

#[test]
fn another_compiler_is_the_root_of_what_it_compiled() {
    let mut plugin = manifest();
    plugin.toolchain.version = "rustc 1.97.0-nightly";
    plugin.packages[1].version = "2.0.0";
    let found = differences(&plugin, &[Fault::Toolchain, Fault::Missing(0), Fault::Missing(1), Fault::Missing(2)], &[&host()]);
    assert_eq!(found.iter().map(|difference| difference.package.as_str()).collect::<Vec<_>>(), ["the compiler", "api 2.0.0"]);
    assert_eq!(found[0].followers, strings(&["core 1.2.3", "filter 1.2.3"]));
    assert!(matches!(&found[0].reasons[..], [Reason::Compiler { plugin, .. }] if plugin.starts_with("rustc 1.97.0-nightly for ")));
}

/// The host has both versions, so that neither differs by itself: what differs is who uses which.
#[test]
fn a_dependency_that_fits_may_be_the_wrong_one() {
    let mut plugin = manifest();
    plugin.packages.push(Package { version: "0.9.0", ..package("core", 4, 4) });
    let mut host = plugin.clone();
    plugin.packages[1].dependencies = vec![3];
    let found = |plugin: &Manifest<'_>, host: &Manifest<'_>, faults: &[Fault]| differences(plugin, faults, &[host]);
    let expected = Reason::Dependencies { plugin: strings(&["core 0.9.0"]), host: strings(&["core 1.2.3"]) };
    assert_eq!(found(&plugin, &host, &[Fault::Missing(1)])[0].reasons, [expected]);
    // One that differs by itself has its own line.
    host.packages.pop();
    let found = found(&plugin, &host, &[Fault::Missing(1), Fault::Missing(3)]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].package.as_str(), &found[0].reasons[..]), ("core 0.9.0", &[Reason::Version(strings(&["1.2.3"]))][..]));
    assert_eq!(found[0].followers, strings(&["api 1.2.3"]));
}

/// There is a runtime for each strategy, and programs have one of them.
#[test]
fn the_runtime_of_a_panic_strategy_follows_the_flag() {
    let mut plugin = manifest();
    plugin.flag_sets = vec![vec!["-C opt-level=3", "--edition 2024", "-C panic=abort"]];
    plugin.packages.push(Package { source: "toolchain", version: "", ..package("panic_abort", 4, 4) });
    let found = differences(&plugin, &[Fault::Missing(1), Fault::Missing(3)], &[&host()]);
    assert_eq!(found.iter().map(|difference| difference.package.as_str()).collect::<Vec<_>>(), ["api 1.2.3"]);
}

/// Where packages differ by the same flag, that says it.
#[test]
fn modifiers_of_the_whole_plugin_are_reported_once() {
    let mut plugin = Manifest { modifiers: "-C panic=abort", ..manifest() };
    let found = differences(&plugin, &[Fault::Modifiers], &[&host()]);
    let sanitized = Manifest { modifiers: "-C panic=unwind, -Z sanitizer=address", ..manifest() };
    assert_eq!(
        report(&found).to_string(),
        "  the whole plugin: compiled with `-C panic=abort`, the host with `-C panic=unwind`\n\
         help: build both with the same `RUSTFLAGS`, [profile] settings and `.cargo/config.toml`: `cargo engraft build`"
    );
    assert_eq!(
        differences(&sanitized, &[Fault::Modifiers], &[&host()])[0].reasons,
        [Reason::Modifiers { plugin: sanitized.modifiers.into(), host: "-C panic=unwind".into() }]
    );
    let faults = [Fault::Modifiers, Fault::Missing(1)];
    let packages = |plugin: &Manifest<'_>| -> Vec<String> {
        differences(plugin, &faults, &[&host()]).into_iter().map(|difference| difference.package).collect()
    };
    plugin.flag_sets = vec![vec!["-C opt-level=3", "--edition 2024", "-C panic=abort"]];
    assert_eq!(packages(&plugin), ["api 1.2.3"]);
    plugin.flag_sets = vec![vec!["-C opt-level=1", "--edition 2024"]];
    assert_eq!(packages(&plugin), ["api 1.2.3", "the whole plugin"]);
}

#[test]
fn what_an_open_plugin_brought_is_not_called_the_hosts() {
    let mut plugin = manifest();
    plugin.packages[2].features = vec!["extra"];
    let host = Manifest { packages: manifest().packages[..2].to_vec(), ..host() };
    let found = differences(&plugin, &[Fault::Differs(2)], &[&host, &Manifest { name: "sieve", ..manifest() }]);
    assert_eq!(found[0].holder.as_deref(), Some("sieve"));
    assert!(found[0].to_string().contains("only the open plugin `sieve`'s has default, std"), "{}", found[0]);
}
