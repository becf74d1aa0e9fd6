//! Rust packages in shared objects (`crate-type = ["dylib"]`): no manifest has them, so that nothing would tell two of them apart.

use crate::workspace::Workspace;

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

/// It runs in the compiler.
#[test]
fn dylib_below_a_proc_macro_is_accepted() {
    let workspace = Workspace::new();
    workspace.replace("Cargo.toml", "\"host\"", "\"host\", \"base\", \"marks\"");
    workspace.package("base", "[lib]\ncrate-type = [\"dylib\"]\n", "src/lib.rs", "pub fn base() -> u32 { 1 }\n");
    workspace.package(
        "marks",
        "[lib]\nproc-macro = true\n[dependencies]\nbase = { path = \"../base\" }\n",
        "src/lib.rs",
        "#[proc_macro]\npub fn mark(_: proc_macro::TokenStream) -> proc_macro::TokenStream { base::base().to_string().parse().unwrap() }\n",
    );
    workspace.append("host/Cargo.toml", "marks = { path = \"../marks\" }\n");
    workspace.replace("host/src/main.rs", "fn main() {\n", "fn main() {\n    assert_eq!(marks::mark!(), 1);\n");
    workspace.build();
    workspace.host(["one"]).success().prints(&["one is 1"]);
}
