//! What the compiler says of packages outside of the workspace: each path leads to a file.

use crate::ran::Ran;
use crate::workspace::Workspace;
use std::path::PathBuf;

/// The files that messages point to.
fn files(ran: &Ran) -> Vec<&str> {
    let arrows =
        ran.stderr.lines().filter_map(|line| line.trim_start().strip_prefix("--> ").or_else(|| line.trim_start().strip_prefix("::: ")));
    arrows.map(|place| place.split(':').next().unwrap()).collect()
}

#[test]
fn paths_in_compiler_messages_lead_to_files() {
    let workspace = Workspace::new();
    workspace.package("../outside", "[workspace]\n", "src/lib.rs", "include!(concat!(env!(\"OUT_DIR\"), \"/made.rs\"));\nfn unused() {}\n");
    workspace.write(
        "../outside/build.rs",
        "fn main() {\n    let out = std::env::var(\"OUT_DIR\").unwrap();\n    std::fs::write(out + \"/made.rs\", \"pub trait Made {}\\nfn unused_too() {}\\n\").unwrap();\n}\n",
    );
    workspace.append("api/Cargo.toml", "[dependencies]\noutside = { path = \"../../outside\" }\nonce_cell = \"1\"\n");
    let ran = workspace.build();
    let (outside, made) = ("/outside/src/lib.rs", "/out/made.rs");
    assert!(files(&ran).iter().any(|file| file.ends_with(outside)) && files(&ran).iter().any(|file| file.ends_with(made)), "{ran}");
    expect_files(&workspace, &ran);
    // What cargo remembers is said again.
    let again = workspace.build();
    assert_eq!(files(&again), files(&ran));

    workspace.append(
        "api/src/lib.rs",
        "pub fn made<T: outside::Made>() {}\npub fn wrong() {\n    made::<u8>();\n    once_cell::sync::OnceCell::<u8>::new().get_or_init();\n    f();\n    outside::unused();\n}\nfn f() -> u8 { \"\" }\n",
    );
    for format in [&[][..], &["--message-format=json-diagnostic-short"]] {
        let ran = workspace.engraft(["build"].iter().chain(format)).ended(101);
        let said = format!("{}{}", ran.stderr, ran.stdout);
        for path in ["/once_cell-1.", outside, made] {
            assert!(format.len() == 1 || files(&ran).iter().any(|file| file.contains(path)), "{path} in {ran}");
        }
        assert!(!said.contains("\"/packages/") && !said.contains(" /packages/") && !said.contains("/target/out/"), "{ran}");
        expect_files(&workspace, &ran);
    }
}

#[track_caller]
fn expect_files(workspace: &Workspace, ran: &Ran) {
    // The standard library's sources may not be installed.
    for file in files(ran).into_iter().filter(|file| !file.starts_with("/rustc/")) {
        assert!(workspace.root.join(PathBuf::from(file)).is_file(), "{file} in {ran}");
    }
}
