//! One source is one package, wherever it stands and however often it was built: what two checkouts build fits together,
//! and is the same to the byte.

use crate::ran::Ran;
use crate::workspace::{Workspace, run_at};
use std::fs;
use std::path::Path;

/// Writes `out.rs` for `made`, and compiles C code for `native`.
const BUILD_SCRIPTS: [&str; 2] = [
    r#"
fn main() {
    let out = std::env::var("OUT_DIR").unwrap();
    std::fs::write(format!("{out}/out.rs"), "pub const MADE: u32 = 7;\n").unwrap();
}
"#,
    r#"
fn main() {
    let out = std::env::var("OUT_DIR").unwrap();
    let run = |program: &str, arguments: &[&str]| assert!(std::process::Command::new(program).args(arguments).status().unwrap().success());
    let (object, archive) = (format!("{out}/five.o"), format!("{out}/libfive.a"));
    run("cc", &["-c", "-fPIC", "-o", &object, "src/five.c"]);
    let _ = std::fs::remove_file(&archive);
    run("ar", &["crs", &archive, &object]);
    println!("cargo::rustc-link-search=native={out}");
    println!("cargo::rustc-link-lib=static=five");
}
"#,
];

const API: &str = r#"
mac::answer!();
pub fn twice(x: u32) -> u32 { x * 2 }
pub fn shown<T: std::fmt::Debug>(x: T) -> String { format!("{x:?} {:?}", outside::Out { x: 2 }) }
pub fn sum() -> u32 { (unsafe { native::five() }) + outside::made() + twice(answer()) }
"#;

const OUTSIDE: &str = r#"
include!(concat!(env!("OUT_DIR"), "/out.rs"));
pub const MANIFEST: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"));
#[derive(Debug, Clone)]
pub struct Out { pub x: u32 }
pub fn made() -> u32 { MADE }
pub fn copied<T: Clone>(x: &T) -> T { x.clone() }
"#;

/// A package outside of the workspace that has a build script, a proc macro, C code, and a plugin-side package outside.
fn with_everything(workspace: Workspace) -> Workspace {
    let w = &workspace;
    w.package("../outside", "[workspace]\n", "src/lib.rs", OUTSIDE);
    w.write("../outside/build.rs", BUILD_SCRIPTS[0]);
    w.package(
        "../only",
        "[dependencies]\noutside = { path = \"../outside\" }\n[workspace]\n",
        "src/lib.rs",
        "pub fn one() -> u32 { outside::copied(&1) }\n",
    );
    let answer = "#[proc_macro]\npub fn answer(_: proc_macro::TokenStream) -> proc_macro::TokenStream {\n    \"pub fn answer() -> u32 { 42 }\".parse().unwrap()\n}\n";
    w.package("mac", "[lib]\nproc-macro = true\n", "src/lib.rs", answer);
    w.package("native", "", "src/lib.rs", "unsafe extern \"C\" {\n    pub fn five() -> u32;\n}\n");
    w.write("native/build.rs", BUILD_SCRIPTS[1]);
    w.write("native/src/five.c", "unsigned five(void) { return 5; }\n");
    w.replace("Cargo.toml", "\"host\"", "\"host\", \"mac\", \"native\"");
    w.append(
        "api/Cargo.toml",
        "[dependencies]\nmac = { path = \"../mac\" }\nnative = { path = \"../native\" }\noutside = { path = \"../../outside\" }\n",
    );
    w.append("api/src/lib.rs", API);
    w.append("plugins/one/Cargo.toml", "only = { path = \"../../../only\" }\n");
    w.replace("plugins/one/src/lib.rs", "    1\n", "    assert_eq!(api::shown(1), \"1 Out { x: 2 }\");\n    api::sum() + only::one()\n");
    w.append("host/src/main.rs", "pub fn used() -> u32 { api::sum() }\n");
    workspace
}

#[track_caller]
fn opens(host: &Path, plugin: &Path) {
    opens_as(host, plugin, "one is 97\n");
}

#[track_caller]
fn opens_as(host: &Path, plugin: &Path, says: &str) {
    Ran::of(run_at(host, Path::new("/")).arg(plugin)).success().prints(&[says, "calls: 1\n"]);
}

/// Not by `assert_eq`: nobody wants to read the bytes.
#[track_caller]
fn are_identical(one: &Path, other: &Path) {
    assert!(fs::read(one).unwrap() == fs::read(other).unwrap(), "{} and {} differ", one.display(), other.display());
}

#[test]
fn f12_g30_checkouts_open_each_others_plugins_and_build_the_same_bytes() {
    let (here, there) = (with_everything(Workspace::new()), with_everything(Workspace::cold_at("elsewhere")));
    for profile in ["dev", "release"] {
        for workspace in [&here, &there] {
            workspace.engraft(["build", "--profile", profile]).success();
        }
        let directory = if profile == "dev" { "debug" } else { profile };
        let file = |workspace: &Workspace, name: &str| workspace.target.join("engraft").join(directory).join(name);
        opens(&file(&here, "host"), &file(&there, "plugins/one.so"));
        opens(&file(&there, "host"), &file(&here, "plugins/one.so"));
        are_identical(&file(&here, "plugins/one.so"), &file(&there, "plugins/one.so"));
        are_identical(&file(&here, "host"), &file(&there, "host"));
    }
}

#[test]
fn a_path_dependency_cloned_under_another_name_is_the_same_package() {
    let workspaces = [("outside", Workspace::new()), ("a-clone", Workspace::cold())];
    for (name, workspace) in &workspaces {
        workspace.package("../outside", "[workspace]\n", "src/lib.rs", "pub const PLACE: &str = file!();\n");
        fs::rename(workspace.root.join("../outside"), workspace.root.join("..").join(format!("{name}-cloned"))).unwrap();
        workspace.append("api/Cargo.toml", &format!("[dependencies]\noutside = {{ path = \"../../{name}-cloned\" }}\n"));
        workspace.append("api/src/lib.rs", "pub fn place() -> String { outside::PLACE.to_owned() }\n");
        workspace.build();
    }
    let [(_, here), (_, there)] = workspaces;
    are_identical(&here.output("host"), &there.output("host"));
    opens_as(&here.output("host"), &there.so("one"), "one is 1\n");
}

#[test]
fn g30_an_edit_that_was_undone_leaves_no_trace() {
    let workspace = with_everything(Workspace::new());
    workspace.build();
    let host = workspace.keep(&workspace.output("host"), "host");
    let plugin = workspace.keep(&workspace.so("one"), "one.so");
    let edits = [
        ("api/src/lib.rs", "x * 2", "x + x + 0"),
        ("mac/src/lib.rs", "{ 42 }", "{ 40 + 2 }"),
        ("host/src/main.rs", "pub fn used()", "pub fn other() -> String { format!(\"{}\", used()) }\npub fn used()"),
        ("../outside/src/lib.rs", "pub fn made()", "// A comment.\npub fn more() {}\npub fn made()"),
        ("../only/src/lib.rs", "&1", "&2"),
    ];
    for (file, from, to) in edits {
        workspace.replace(file, from, to);
        workspace.build();
    }
    for (file, from, to) in edits {
        workspace.replace(file, to, from);
    }
    workspace.build();
    are_identical(&workspace.output("host"), &host);
    are_identical(&workspace.so("one"), &plugin);
}

#[test]
fn g30_a_build_from_clean_makes_the_same_plugin_again() {
    let workspace = with_everything(Workspace::cold());
    workspace.build();
    let plugin = workspace.keep(&workspace.so("one"), "one.so");
    fs::remove_dir_all(&workspace.target).unwrap();
    workspace.build();
    are_identical(&workspace.so("one"), &plugin);
}

/// As CI builds, which has no use for incremental state.
#[test]
fn a_plugin_built_without_incremental_state_fits_a_host_built_with_it() {
    let workspace = with_everything(Workspace::cold());
    workspace.build();
    let (host, plugin) = (workspace.keep(&workspace.output("host"), "host"), workspace.keep(&workspace.so("one"), "one.so"));
    Ran::of(workspace.command(["build"]).env("CARGO_INCREMENTAL", "0")).success();
    opens(&host, &workspace.so("one"));
    opens(&workspace.output("host"), &plugin);
}

/// Nothing can be done about a package that has its place compiled in; but it can be told.
#[test]
fn a_package_that_says_where_it_stands_is_another_one_elsewhere() {
    let workspaces = [Workspace::new(), Workspace::cold()];
    for workspace in &workspaces {
        workspace.append("api/src/lib.rs", "pub const PLACE: &str = env!(\"CARGO_MANIFEST_DIR\");\n");
        workspace.build();
    }
    let [here, there] = workspaces;
    here.host([there.so("one")]).success().prints(&[
        "api 0.1.0: same sources in another directory, and the directory is part of the result: the source reads `env!(\"CARGO_MANIFEST_DIR\")`\n",
        "\nhelp: build host and plugin together, with `cargo engraft build`\n",
    ]);
}
