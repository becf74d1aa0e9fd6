//! What people read of differences: what many packages have in common once, and what to build again.

mod sample;

use engraft_manifest::{Difference, Fault, Manifest, Package, Reason, Role, Source, differences, report};
use sample::package;

/// The sample without `std`, which no explanation is about.
fn manifest() -> Manifest<'static> {
    let mut manifest = sample::manifest();
    manifest.packages.retain(|package| package.crate_name != "std");
    manifest
}

/// A host that has the packages of the sample, with its sources.
fn host() -> Manifest<'static> {
    Manifest { role: Role::Host, name: "host", hosts: vec![], ..manifest() }
}

/// The differences of a plugin of which all packages differ.
fn all(plugin: &Manifest<'_>) -> Vec<Difference> {
    let faults: Vec<Fault> = (0..plugin.packages.len()).map(Fault::Differs).collect();
    differences(plugin, &faults, &[&host()])
}

#[test]
fn each_difference_says_what_to_build() {
    const TOGETHER: &str = "help: build host and plugin together, with `cargo engraft build`";
    type Row = (fn(&mut Manifest<'static>), &'static [&'static str]);
    let table: &[Row] = &[
        (
            |plugin| plugin.toolchain.version = "rustc 1.97.0",
            &[
                "  the compiler: the plugin was built by rustc 1.97.0 for x86_64-unknown-linux-gnu, \
                 the host by rustc 1.95.0 (59807616e 2026-04-14) for x86_64-unknown-linux-gnu (and 3 packages that depend on it)",
                "help: build both with one toolchain; a `rust-toolchain.toml` in the workspace pins it",
            ],
        ),
        (
            |plugin| (plugin.profile, plugin.flag_sets) = ("release", vec![vec!["-C opt-level=0", "--edition 2024"]]),
            &[
                "  3 packages (api 1.2.3, core 1.2.3, filter 1.2.3): built with the profile `release`, the host's with `dev`; \
                 built with other compiler flags: only the plugin's has -C opt-level=0, only the host's has -C opt-level=3",
                "help: build the plugin with the profile of the host: `cargo engraft build`",
            ],
        ),
        (
            |plugin| plugin.flag_sets = vec![vec!["-C opt-level=3", "--edition 2024", "-C target-cpu=native"]],
            &[
                "  3 packages (api 1.2.3, core 1.2.3, filter 1.2.3): built with other compiler flags: only the plugin's has -C target-cpu=native",
                "help: build both with the same `RUSTFLAGS`, [profile] settings and `.cargo/config.toml`: `cargo engraft build`",
            ],
        ),
        (
            |plugin| {
                plugin.flag_sets = vec![vec!["--edition 2024"]];
                plugin.packages[1].sources[0] = Source { path: "src/lib.rs", digest: 1 };
            },
            &[
                "  3 packages (api 1.2.3, core 1.2.3, filter 1.2.3): built with other compiler flags: only the host's has -C opt-level=3",
                "  api 1.2.3: its source differs in src/lib.rs",
                "help: build both with the same `RUSTFLAGS`, [profile] settings and `.cargo/config.toml`: `cargo engraft build`",
                TOGETHER,
            ],
        ),
        (
            |plugin| plugin.packages[0].version = "1.3.0",
            &[
                "  core 1.3.0: the host has version 1.2.3 (and 2 packages that depend on it)",
                "help: `cargo update -p core@1.3.0 --precise 1.2.3` where the plugin is built, and then `cargo engraft build`",
            ],
        ),
        (
            |plugin| (plugin.packages[0].version, plugin.packages[0].source) = ("1.3.0", "core"),
            &[
                "  core 1.3.0: the host has version 1.2.3 (and 2 packages that depend on it)",
                "help: build the plugin with core 1.2.3, as the host was: `cargo engraft build`",
            ],
        ),
        (
            |plugin| plugin.packages[0].features = vec!["default", "extra"],
            &[
                "  core 1.2.3: built with other features: only the plugin's has extra, only the host's has std (and 2 packages that depend on it)",
                "help: one `cargo engraft build` for both unifies features; apart from each other, \
                 ask for core's std in the Cargo.toml of the plugin too, and ask for core's extra in the Cargo.toml of the host too",
            ],
        ),
        (
            |plugin| plugin.packages[0].source = "vendor/core",
            &[
                "  core 1.2.3: the plugin's is from vendor/core, the host's from registry (and 2 packages that depend on it)",
                "help: take core from where the host has it, registry: then `cargo engraft build`",
            ],
        ),
        (
            |plugin| (plugin.packages[0].name, plugin.packages[1].name) = ("heart", "front"),
            &["  2 packages (front 1.2.3, heart 1.2.3): the host does not have them (and 1 package that depends on them)", TOGETHER],
        ),
        (
            |_| {},
            &[
                "  core 1.2.3: same version, features, flags and sources, yet another result; \
                 look at what its build script writes and prints, at the C code that it compiles, \
                 at variables read by `env!` and at files read by its macros (and 2 packages that depend on it)",
                TOGETHER,
            ],
        ),
    ];
    for (change, lines) in table {
        let mut plugin = manifest();
        change(&mut plugin);
        assert_eq!(report(&all(&plugin)).to_string(), lines.join("\n"));
    }
}

#[test]
fn the_profile_of_the_host_is_in_the_command() {
    let table = [
        ("dev", "`cargo engraft build`"),
        ("release", "`cargo engraft build --release`"),
        ("dist", "`cargo engraft build --profile dist`"),
    ];
    for (profile, command) in table {
        let plugin = Manifest { profile: "other", flag_sets: vec![vec![]], ..manifest() };
        let found = differences(&plugin, &[Fault::Differs(1)], &[&Manifest { profile, ..host() }]);
        assert_eq!(report(&found).remedies, [format!("build the plugin with the profile of the host: {command}")]);
    }
}

#[test]
fn forty_packages_with_one_reason_are_one_line() {
    let host = Manifest { packages: (0..40).map(|_| package("many", 1, 1)).collect(), ..host() };
    let plugin = Manifest { flag_sets: vec![vec!["-C panic=abort", "-C opt-level=3", "--edition 2024"]], ..host.clone() };
    let faults: Vec<Fault> = (0..40).map(Fault::Differs).collect();
    let found = differences(&plugin, &faults, &[&host]);
    assert_eq!(found.len(), 40, "each is there in the data");
    let report = report(&found);
    assert_eq!(report.groups.len(), 1);
    assert_eq!(report.groups[0].packages.len(), 40);
    let line = "40 packages (many 1.2.3, many 1.2.3, many 1.2.3 and 37 more): built with other compiler flags: only the plugin's has -C panic=abort";
    assert_eq!(report.groups[0].to_string(), line);
}

/// What concerns most packages is read first; equal reasons of the source are each package's own.
#[test]
fn sources_are_told_for_each_package() {
    let mut plugin = manifest();
    let edited = || vec![Source { path: "src/lib.rs", digest: 1 }];
    plugin.packages = ["a", "b"].map(|name| Package { sources: edited(), ..package(name, 1, 1) }).to_vec();
    let host = Manifest { packages: ["a", "b"].map(|name| package(name, 1, 1)).to_vec(), ..host() };
    let found = differences(&plugin, &[Fault::Differs(0), Fault::Differs(1)], &[&host]);
    let report = report(&found);
    let reasons = Reason::Sources(vec!["src/lib.rs".into()]);
    assert!(report.groups.iter().all(|group| group.reasons == [reasons.clone()] && group.packages.len() == 1));
    assert_eq!(report.groups.len(), 2);
    assert_eq!(report.remedies.len(), 1);
}
