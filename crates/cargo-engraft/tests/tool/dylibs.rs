//! Rust packages in shared objects (`crate-type = ["dylib"]`): no manifest has them, so that nothing would tell two of them apart.

use crate::ran::Ran;
use crate::tool::clean;
use crate::workspace::{Workspace, run_at};
use std::process::Command;

#[test]
fn dylib_among_the_packages_is_refused_with_what_to_write_instead() {
    let workspace = Workspace::new();
    workspace.append("api/Cargo.toml", "[lib]\ncrate-type = [\"dylib\"]\n");
    let manifest = workspace.root.join("api/Cargo.toml");
    workspace
        .engraft(["build"])
        .ended(101)
        .says(&[
            "error: `api 0.1.0`, which `host` depends on, has crate-type \"dylib\"",
            &format!("\nhelp: remove `crate-type = [\"dylib\"]` from [lib] in {}", manifest.display()),
        ])
        .never_says(&["Compiling"]);

    // Below a package of the plugin's alone, and together with an rlib.
    workspace.replace("api/Cargo.toml", "[lib]\ncrate-type = [\"dylib\"]\n", "");
    workspace.replace("Cargo.toml", "\"host\"", "\"host\", \"mine\", \"base\"");
    workspace.package("mine", "[dependencies]\nbase = { path = \"../base\" }\n", "src/lib.rs", "");
    workspace.package("base", "[lib]\ncrate-type = [\"dylib\", \"rlib\"]\n", "src/lib.rs", "");
    workspace.append("plugins/one/Cargo.toml", "mine = { path = \"../../mine\" }\n");
    workspace.engraft(["build"]).ended(101).says(&["`base 0.1.0`, which `one` depends on, has crate-type \"dylib\""]);
    workspace.engraft(["test"]).ended(101).says(&["`base 0.1.0`, which `one` depends on"]);
}

/// Whether such a dependency is there depends on the target, which only cargo decides.
#[test]
fn dylib_that_only_cargo_knows_of_is_refused_at_the_link() {
    let workspace = Workspace::new();
    workspace.replace("Cargo.toml", "\"host\"", "\"host\", \"base\"");
    workspace.package("base", "[lib]\ncrate-type = [\"dylib\"]\n", "src/lib.rs", "#[inline(never)]\npub fn base() -> u32 { 1 }\n");
    workspace.append("host/Cargo.toml", "[target.'cfg(unix)'.dependencies]\nbase = { path = \"../base\" }\n");
    workspace.replace("host/src/main.rs", "fn main() {\n", "fn main() {\n    base::base();\n");
    workspace
        .engraft(["build"])
        .ended(101)
        .says(&["error: `host` needs `", "a shared object with Rust packages of its own", "\nhelp: remove `crate-type = [\"dylib\"]`"])
        .never_says(&["linking with", "process didn't exit"]);
}

/// As an update of a library could do it.
#[test]
fn plugin_whose_library_became_a_dylib_is_refused_when_opened() {
    let workspace = Workspace::new();
    let libraries = workspace.root.join("lib");
    std::fs::create_dir_all(&libraries).unwrap();
    let library = libraries.join("libanswer.so");
    let make = |compiler: &mut Command| Ran::of(compiler.arg("-o").arg(&library).current_dir(&workspace.root)).success();
    workspace.write("answer.c", "int answer(void) { return 42; }\n");
    make(clean("cc").args(["-shared", "-fPIC", "-Wl,-soname,libanswer.so", "answer.c"]));
    workspace.write(
        "plugins/one/build.rs",
        &format!(
            "fn main() {{ println!(\"cargo::rustc-link-search=native={}\\ncargo::rustc-link-lib=dylib=answer\"); }}\n",
            libraries.display()
        ),
    );
    workspace.plugin("one", "unsafe extern \"C\" { safe fn answer() -> u32; }\n#[engraft::export]\npub fn value() -> u32 { answer() }\n");
    workspace.build();
    let host = || {
        let mut host = run_at(&workspace.output("host"), &workspace.root);
        host.env("LD_LIBRARY_PATH", &libraries);
        Ran::of(&mut host)
    };
    host().success().prints(&["one is 42\n"]);

    workspace.write("answer.rs", "#[unsafe(no_mangle)]\npub extern \"C\" fn answer() -> i32 { 43 }\n");
    make(clean("rustc").args(["--crate-type", "dylib", "--crate-name", "answer", "--edition", "2024", "answer.rs"]));
    let refused =
        ["refused: E26: the plugin ".to_owned(), format!("\n  found: {}\nhelp: remove `crate-type = [\"dylib\"]`", library.display())];
    host().success().prints(&refused.each_ref().map(String::as_str));
    let mut check = workspace.command(["check", "--host"]);
    check.arg(workspace.output("host")).arg(workspace.so("one")).env("LD_LIBRARY_PATH", &libraries);
    Ran::of(&mut check).ended(100).prints(&["E26"]);
}
