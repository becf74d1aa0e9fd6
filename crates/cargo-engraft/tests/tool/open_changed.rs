//! `open` compares every package: what was built from other sources is refused before any of it runs.

use crate::ran::Ran;
use crate::tool;
use crate::workspace::{PLUGIN, Workspace, run_at};
use std::path::{Path, PathBuf};

/// An API whose type is about to change its layout, and a plugin that would read it.
fn with_a_layout() -> Workspace {
    let workspace = Workspace::new();
    workspace.append("api/src/lib.rs", "pub struct Pair { pub first: u32 }\n");
    workspace.append(
        "plugins/one/src/lib.rs",
        "#[engraft::export]\npub fn first(pair: &api::Pair) -> u32 { println!(\"called\"); pair.first }\n",
    );
    workspace
}

fn edit_the_api(workspace: &Workspace) {
    workspace.replace("api/src/lib.rs", "pub first: u32", "pub before: [u64; 4], pub first: u32");
}

/// Runs a host that was kept, on a plugin that was.
fn opening(host: &Path, plugin: &Path) -> Ran {
    Ran::of(run_at(host, Path::new("/")).arg(plugin)).success()
}

#[track_caller]
fn is_refused_because_of_the_api(ran: Ran, plugin: &Path) {
    ran.prints(&[
        &format!("refused: E01: the plugin {} does not fit this program\n", plugin.display()),
        "\n  found: api 0.1.0: its source differs in src/lib.rs\n",
        "\nhelp: build host and plugin together, with `cargo engraft build`\n",
        "calls: 0\n",
    ])
    .never_prints(&["one is", "called", "engraft 0.1.0", "host 0.1.0"]);
}

#[test]
fn b01_e01_a_plugin_of_an_edited_api_does_not_fit_an_older_host() {
    let workspace = with_a_layout();
    workspace.build();
    let host = workspace.keep(&workspace.output("host"), "host");
    edit_the_api(&workspace);
    workspace.build();
    is_refused_because_of_the_api(opening(&host, &workspace.so("one")), &workspace.so("one"));
}

#[test]
fn b01_e01_an_older_plugin_does_not_fit_a_host_of_an_edited_api() {
    let workspace = with_a_layout();
    workspace.build();
    let plugin = workspace.keep(&workspace.so("one"), "one.so");
    edit_the_api(&workspace);
    workspace.build();
    is_refused_because_of_the_api(opening(&workspace.output("host"), &plugin), &plugin);
}

/// The same edit, undone, is no edit.
#[test]
fn an_api_that_was_edited_back_is_the_same() {
    let workspace = with_a_layout();
    workspace.build();
    let host = workspace.keep(&workspace.output("host"), "host");
    edit_the_api(&workspace);
    workspace.build();
    workspace.replace("api/src/lib.rs", "pub before: [u64; 4], ", "");
    workspace.build();
    opening(&host, &workspace.so("one")).prints(&["one is 1\n"]);
}

#[test]
fn f10_an_edit_of_a_function_body_alone_is_an_edit() {
    let workspace = Workspace::new();
    workspace.append("api/src/lib.rs", "pub fn twice(x: u32) -> u32 { x * 2 }\n");
    workspace.build();
    let host = workspace.keep(&workspace.output("host"), "host");
    workspace.replace("api/src/lib.rs", "x * 2", "x + x");
    workspace.build();
    opening(&host, &workspace.so("one")).prints(&["api 0.1.0: its source differs in src/lib.rs"]).never_prints(&["one is"]);
}

#[test]
fn e01_the_package_where_the_difference_begins_is_named() {
    let workspace = Workspace::new();
    workspace.package("base", "", "src/lib.rs", "pub mod inner;\n");
    workspace.write("base/src/inner.rs", "pub struct Base(pub u32);\n");
    workspace.replace("Cargo.toml", "\"host\"", "\"host\", \"base\"");
    workspace.append("api/Cargo.toml", "[dependencies]\nbase = { path = \"../base\" }\n");
    workspace.append("api/src/lib.rs", "pub struct Above(pub base::inner::Base);\n");
    workspace.build();
    let host = workspace.keep(&workspace.output("host"), "host");
    workspace.write("base/src/inner.rs", "pub struct Base(pub u32, pub u32);\n");
    workspace.replace("api/src/lib.rs", "pub struct Above(pub base::inner::Base);", "pub struct Above(pub base::inner::Base);");
    workspace.build();
    opening(&host, &workspace.so("one"))
        .prints(&["\n  found: base 0.1.0: its source differs in src/inner.rs (and 1 package that depends on it)\n"])
        .never_prints(&["api 0.1.0", "one is"]);
}

#[test]
fn e01_other_features_are_named() {
    let workspace = Workspace::new();
    workspace.append("api/Cargo.toml", "[features]\nextra = []\nmore = []\n");
    workspace.append("host/Cargo.toml", "[features]\nextra = [\"api/extra\"]\nmore = [\"api/more\"]\n");
    workspace.engraft(["build", "--features", "host/more"]).success();
    let plugin = workspace.keep(&workspace.so("one"), "one.so");
    workspace.engraft(["build", "--features", "host/extra"]).success();
    opening(&workspace.output("host"), &plugin)
        .prints(&["api 0.1.0: built with other features: only the plugin's has more, only the host's has extra\n"])
        .never_prints(&["one is"]);
}

#[test]
fn e01_other_flags_are_named() {
    let workspace = Workspace::new();
    workspace.build();
    let plugin = workspace.keep(&workspace.so("one"), "one.so");
    workspace.write(".cargo/config.toml", "[profile.dev.package.api]\noverflow-checks = false\nopt-level = 1\n");
    workspace.build();
    opening(&workspace.output("host"), &plugin)
        .prints(&["api 0.1.0: built with other compiler flags: only the host's has -C debug-assertions=on, -C opt-level=1"])
        .never_prints(&["one is"]);
}

/// What made a package different may be no Rust source at all.
#[test]
fn variables_and_files_of_build_scripts_are_named() {
    let workspace = Workspace::new();
    workspace.append("api/src/lib.rs", "pub const TAG: Option<&str> = option_env!(\"TAG\");\n");
    workspace.append("api/src/lib.rs", "include!(concat!(env!(\"OUT_DIR\"), \"/made.rs\"));\n");
    workspace.write(
        "api/build.rs",
        "fn main() {\n    let out = std::env::var(\"OUT_DIR\").unwrap();\n    std::fs::copy(\"made.in\", out + \"/made.rs\").unwrap();\n    \
         println!(\"cargo::rerun-if-changed=made.in\");\n}\n",
    );
    workspace.write("api/made.in", "pub const MADE: u32 = 1;\n");
    Ran::of(workspace.command(["build"]).env("TAG", "one")).success();
    let plugin = workspace.keep(&workspace.so("one"), "one.so");
    Ran::of(workspace.command(["build"]).env("TAG", "two")).success();
    opening(&workspace.output("host"), &plugin).prints(&["api 0.1.0: its source differs in $TAG\n"]);
    workspace.write("api/made.in", "pub const MADE: u32 = 2;\n");
    Ran::of(workspace.command(["build"]).env("TAG", "one")).success();
    opening(&workspace.output("host"), &plugin).prints(&["api 0.1.0: its source differs in $OUT_DIR/made.rs, made.in\n"]);
}

#[test]
fn e01_another_version_is_named() {
    let workspace = Workspace::new();
    workspace.build();
    let plugin = workspace.keep(&workspace.so("one"), "one.so");
    workspace.replace("api/Cargo.toml", "0.1.0", "0.2.0");
    workspace.build();
    opening(&workspace.output("host"), &plugin).prints(&["api 0.1.0: the host has version 0.2.0\n"]).never_prints(&["one is"]);
}

/// All differences are told at once.
#[test]
fn e01_every_difference_is_named() {
    let workspace = Workspace::new();
    for name in ["left", "right"] {
        workspace.package(name, "", "src/lib.rs", "pub fn f() {}\n");
        workspace.replace("Cargo.toml", "\"host\"", &format!("\"host\", \"{name}\""));
        for user in ["host", "plugins/one"] {
            let up = if user == "host" { ".." } else { "../.." };
            workspace.append(&format!("{user}/Cargo.toml"), &format!("{name} = {{ path = \"{up}/{name}\" }}\n"));
        }
    }
    workspace.append("host/src/main.rs", "pub fn both() { left::f(); right::f() }\n");
    workspace.append("plugins/one/src/lib.rs", "#[engraft::export]\npub fn both() { left::f(); right::f() }\n");
    workspace.build();
    let host = workspace.keep(&workspace.output("host"), "host");
    workspace.append("left/src/lib.rs", "pub fn g() {}\n");
    workspace.append("right/src/lib.rs", "pub fn g() {}\n");
    workspace.build();
    opening(&host, &workspace.so("one")).prints(&[
        "\n  found: left 0.1.0: its source differs in src/lib.rs\n",
        "\n  found: right 0.1.0: its source differs in src/lib.rs\n",
    ]);
}

/// The plugin's own changes are none of the host's business.
#[test]
fn an_edited_plugin_fits_an_older_host() {
    let workspace = Workspace::new();
    workspace.build();
    let host = workspace.keep(&workspace.output("host"), "host");
    workspace.plugin("one", &PLUGIN.replace("    1\n", "    7\n"));
    workspace.build();
    opening(&host, &workspace.so("one")).prints(&["one is 7\n"]);
}

/// The same sources in another directory are the same packages.
#[test]
fn a_checkout_elsewhere_builds_plugins_that_fit() {
    let (here, there) = (Workspace::new(), Workspace::cold());
    here.build();
    there.build();
    assert_ne!(here.root, there.root);
    opening(&here.output("host"), &there.so("one")).prints(&["one is 1\n"]);
}

#[test]
fn a_host_that_cargo_linked_can_open_nothing() {
    let workspace = Workspace::new();
    workspace.build();
    let plain: PathBuf = workspace.root.join("plain");
    let mut cargo = tool::clean("cargo");
    cargo.args(["run", "--quiet", "-p", "host", "--", "one", "/nowhere.so"]).arg(workspace.so("one"));
    let ran = Ran::of(cargo.current_dir(&workspace.root).env("CARGO_TARGET_DIR", &plain)).success();
    let program = plain.join("debug/host");
    let text = format!(
        "refused: E16: this program was not linked by Engraft, so it has nothing that a plugin could borrow\n  \
        expected: a manifest that `cargo engraft` put into the program\n  found: none in {}\n\
        help: run `cargo engraft init` in its workspace once, and build it again with `cargo build`, `run` or `test`\n",
        program.display()
    );
    assert_eq!(ran.stdout, format!("{text}{text}{text}calls: 0\n"));
}
