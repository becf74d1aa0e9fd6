//! What can't come to a good end is refused before it is built, with the mend.

use crate::ran::Ran;
use crate::workspace::{DEPENDENCIES, PLUGIN, PLUGIN_SETTINGS, Workspace};
use std::fs;

#[test]
fn g29_plugin_that_is_only_a_shared_object() {
    for kinds in ["[\"cdylib\"]", "[\"lib\", \"dylib\"]", "[\"dylib\"]", "[\"staticlib\"]"] {
        let workspace = Workspace::new();
        workspace.append("plugins/one/Cargo.toml", &format!("[lib]\ncrate-type = {kinds}\n"));
        let path = workspace.root.join("plugins/one/Cargo.toml");
        workspace
            .engraft(["build"])
            .ended(101)
            .says(&[
                &format!("error: {}: the plugin `one` has crate-type ", path.display()),
                "help: write `crate-type = [\"lib\", \"cdylib\"]` under [lib]\n",
            ])
            .never_says(&["Compiling"]);
    }
}

#[test]
fn g29_a_plugin_without_a_library() {
    let workspace = Workspace::new();
    fs::rename(workspace.root.join("plugins/one/src/lib.rs"), workspace.root.join("plugins/one/src/main.rs")).unwrap();
    workspace
        .engraft(["build"])
        .ended(101)
        .says(&["`one` is marked as a plugin and has no library\n", "help: a plugin is a library crate: move its code to src/lib.rs\n"]);
}

#[test]
fn g29_a_plugin_that_is_a_procedural_macro() {
    let workspace = Workspace::new();
    workspace.append("plugins/one/Cargo.toml", "[lib]\nproc-macro = true\n");
    workspace.engraft(["build"]).ended(101).says(&["the plugin `one`", "proc-macro", "help: "]).never_says(&["Compiling"]);
}

#[test]
fn g29_a_plugin_without_engraft() {
    let workspace = Workspace::new();
    workspace.package("plugins/one", PLUGIN_SETTINGS, "src/lib.rs", "pub fn value() -> u32 { 1 }\n");
    workspace
        .engraft(["build"])
        .ended(101)
        .says(&["the plugin `one` does not depend on `engraft`, so it can't export anything\n", "help: cargo add engraft -p one\n"]);
}

#[test]
fn g29_a_name_that_is_nobodys() {
    let workspace = Workspace::new();
    workspace
        .engraft(["build", "-p", "tow"])
        .ended(101)
        .says(&["error: package `tow` is neither a host nor a plugin of this workspace\nhelp: hosts: host; plugins: one\n"])
        .never_says(&["Compiling"]);
    workspace.engraft(["build", "-p", "api"]).ended(101).says(&["package `api` is neither a host nor a plugin"]);
}

#[test]
fn a_workspace_without_a_host() {
    let workspace = Workspace::new();
    workspace.package("host", "", "src/main.rs", "fn main() {}\n");
    workspace
        .engraft(["build"])
        .ended(101)
        .says(&["error: there is no host in the workspace ", "help: `cargo engraft new PATH` makes a workspace that has one\n"]);
    workspace.engraft(["run"]).ended(101).says(&["there is no host"]);
}

#[test]
fn a_directory_without_a_workspace() {
    let workspace = Workspace::new();
    let elsewhere = tempfile::tempdir().unwrap();
    let ran = Ran::of(workspace.command(["build"]).current_dir(elsewhere.path()));
    ran.ended(101).says(&["error: could not find `Cargo.toml` in ", "or any parent directory"]);
}

#[test]
fn a_host_that_is_not_there() {
    let workspace = Workspace::new();
    workspace.replace("plugins/one/Cargo.toml", "plugin = true", "plugin = true\nhosts = [\"hots\"]");
    workspace
        .engraft(["build"])
        .ended(101)
        .says(&["the plugin `one` names the host `hots`, which is not built here\nhelp: hosts: host\n"])
        .never_says(&["Linking"]);
}

#[test]
fn a_plugin_for_no_host_at_all() {
    let workspace = Workspace::new();
    workspace.replace("plugins/one/Cargo.toml", "plugin = true", "plugin = true\nhosts = []");
    workspace
        .engraft(["build"])
        .ended(100)
        .says(&["error: no host was built that the plugin `one` could be linked for\n", "help: ", "`hosts = […]`"])
        .never_says(&["Linking"]);
    assert!(!workspace.so("one").exists());
}

/// Cargo gives rustc every dependency, and rustc links those that code names.
#[test]
fn a_host_that_does_not_use_engraft() {
    let workspace = Workspace::new();
    let main = workspace.write("host/src/main.rs", "fn main() {}\n");
    let unused = [
        "`host` is no host: it may use `engraft`, and none of its code names it, or a package that does; rustc links nothing else\n",
        &format!("help: add `use engraft as _;` to {}, or call `engraft::open`; ", main.display()),
    ];
    let refused = |command: &str| {
        let ran = workspace.engraft([command]).ended(100).never_says(&["Linking", "warning"]);
        ran.says(&["error: no host was built that the plugin `one` could be linked for\n"]).says(&unused);
    };
    refused("build");
    refused("run");
    // It makes no difference that the plugin names it.
    workspace.replace("plugins/one/Cargo.toml", "plugin = true", "plugin = true\nhosts = [\"host\"]");
    refused("build");
    // What stands there is told by those who read files, too.
    let told = "help: none of its code names `engraft`, so that rustc left that out: add `use engraft as _;` to the host's main.rs\n";
    workspace.write("host/src/main.rs", "use engraft as _;\nfn main() {}\n");
    workspace.build().never_says(&["warning"]);
    let one = workspace.keep(&workspace.so("one"), "one.so");
    // Where no plugin has the error, a warning tells.
    workspace.replace("Cargo.toml", ", \"plugins/*\"", "");
    workspace.write("host/src/main.rs", "fn main() {}\n");
    workspace.engraft(["build"]).success().says(&["warning: "]).says(&unused);
    let host = workspace.output("host");
    let check = ["check".as_ref(), "--host".as_ref(), host.as_os_str(), one.as_os_str()];
    workspace.engraft(check).ended(100).prints(&["E16: ", told]);
}

/// A package's programs need not all open plugins, and a plugin may name the package.
#[test]
fn a_plugin_for_a_package_with_a_program_that_is_no_host() {
    let workspace = Workspace::new();
    workspace.write("host/src/bin/aside.rs", "fn main() {}\n");
    workspace.replace("plugins/one/Cargo.toml", "plugin = true", "plugin = true\nhosts = [\"host\"]");
    workspace.build().never_says(&["warning"]);
    workspace.host(["one"]).success().prints(&["one is 1"]);
}

#[test]
fn settings_that_are_not_known() {
    let workspace = Workspace::new();
    workspace.replace("plugins/one/Cargo.toml", "plugin = true", "plugin = true\nhost = \"host\"");
    workspace.engraft(["build"]).ended(101).says(&["[package.metadata.engraft]", "plugins/one/Cargo.toml", "`host`"]);
    workspace.append("host/Cargo.toml", "[package.metadata.engraft]\nhosts = [\"host\"]\n");
    workspace.replace("plugins/one/Cargo.toml", "\nhost = \"host\"", "");
    workspace
        .engraft(["build"])
        .ended(101)
        .says(&["host/Cargo.toml: `hosts` is a setting of plugins\nhelp: add `plugin = true`, or remove `hosts`\n"]);
}

#[test]
fn s11_a_target_without_a_dynamic_loader() {
    const TARGET: &str = "x86_64-unknown-linux-musl";
    let workspace = Workspace::new();
    let refused = |ran: Ran| {
        ran.ended(101)
            .says(&[
                &format!("error: Engraft can't link for {TARGET}: a static musl program has no dynamic loader"),
                "help: build for x86_64-unknown-linux-gnu\n",
            ])
            .never_says(&["Compiling"]);
    };
    refused(workspace.engraft(["build", "--target", TARGET]));
    refused(workspace.engraft(["test", "--target", TARGET]));
    refused(Ran::of(workspace.command(["build"]).env("CARGO_BUILD_TARGET", TARGET)));
    workspace.write(".cargo/config.toml", &format!("[build]\ntarget = \"{TARGET}\"\n"));
    refused(workspace.engraft(["build"]));
    workspace.write(".cargo/config.toml", &format!("[build]\ntarget = [\"{TARGET}\"]\n"));
    refused(workspace.engraft(["build"]));
}

#[test]
fn s11_a_target_that_is_not_linux() {
    let workspace = Workspace::new();
    workspace.engraft(["build", "--target", "aarch64-apple-darwin"]).ended(101).says(&[
        "error: Engraft does not support the target aarch64-apple-darwin yet\n",
        "help: x86_64-unknown-linux-gnu is what works today\n",
    ]);
}

#[test]
fn an_allocator_of_a_plugins_own() {
    let workspace = Workspace::new();
    workspace.append("plugins/one/src/lib.rs", "#[global_allocator]\nstatic ALLOCATOR: std::alloc::System = std::alloc::System;\n");
    workspace
        .engraft(["build"])
        .ended(100)
        .says(&[
            "error: the plugin `one` brings a `#[global_allocator]` along, in the package `one 0.1.0`",
            "help: remove it from the plugin, or put it into the host\n",
        ])
        .never_says(&["caused by", "linking with"]);
    // In a package that only the plugin has, it is that package's.
    workspace.plugin("one", PLUGIN);
    workspace.package(
        "mine",
        "",
        "src/lib.rs",
        "#[global_allocator]\nstatic ALLOCATOR: std::alloc::System = std::alloc::System;\npub fn mine() {}\n",
    );
    workspace.replace("Cargo.toml", "\"host\"", "\"host\", \"mine\"");
    workspace.append("plugins/one/Cargo.toml", "mine = { path = \"../../mine\" }\n");
    workspace.append("plugins/one/src/lib.rs", "#[engraft::export]\npub fn mine() { mine::mine() }\n");
    workspace.engraft(["build"]).ended(100).says(&["in the package `mine 0.1.0`"]);
}

#[test]
fn a_linker_that_is_no_compiler() {
    let workspace = Workspace::cold();
    workspace.write(".cargo/config.toml", "[target.x86_64-unknown-linux-gnu]\nlinker = \"ld\"\n");
    // Before a build script is linked with it, which cargo's own build would fail at.
    workspace
        .engraft(["build"])
        .ended(101)
        .says(&["the configured linker `ld` is called directly", "help: set `linker = \"cc\"` (or clang)"])
        .never_says(&["undefined reference", "linking with"]);
}

#[test]
fn a_host_called_as_a_directory_beside_it() {
    let workspace = Workspace::new();
    workspace.write("host/src/bin/plugins.rs", "fn main() {}\n");
    workspace.engraft(["build"]).ended(101).says(&["a host can't be called `plugins`", "help: give the binary another name in [[bin]]\n"]);
}

#[test]
fn two_plugins_of_one_name() {
    let workspace = Workspace::new();
    workspace.package("more/one", &format!("{PLUGIN_SETTINGS}{DEPENDENCIES}"), "src/lib.rs", PLUGIN);
    workspace.replace("Cargo.toml", "\"host\"", "\"host\", \"more/one\"");
    workspace.engraft(["build"]).ended(101).says(&["`one`"]).never_says(&["panicked"]);
}
