//! Copies of a registry's package, in `[patch]` or under another name: an equal one is that package, an edited one is refused with
//! the files named, and two in one build are two.

use crate::ran::Ran;
use crate::workspace::{Workspace, run_at};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A package with several files, which Engraft's own packages do without.
const PACKAGE: &str = "heck";

/// Where cargo has unpacked the package, in the version that the lock file names.
fn in_registry(workspace: &Workspace, name: &str) -> PathBuf {
    let text = Ran::of(&mut workspace.cargo(["metadata", "--format-version=1"])).success().stdout;
    let metadata: serde_json::Value = serde_json::from_str(&text).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let package = packages.iter().find(|package| package["name"] == name).unwrap();
    Path::new(package["manifest_path"].as_str().unwrap()).parent().unwrap().to_owned()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to.parent().unwrap()).unwrap();
    assert!(Command::new("cp").arg("-r").args([from, to]).status().unwrap().success());
}

/// An API that uses the package.
fn uses_package() -> Workspace {
    let workspace = Workspace::new();
    workspace.append("api/Cargo.toml", &format!("[dependencies]\n{PACKAGE} = \"0.5\"\n"));
    workspace.append("api/src/lib.rs", "pub fn kebab(text: &str) -> String { heck::ToKebabCase::to_kebab_case(text) }\n");
    workspace.append("plugins/one/src/lib.rs", "#[engraft::export]\npub fn kebab() -> String { api::kebab(\"ABeCe\") }\n");
    workspace
}

#[test]
fn copy_of_registry_package_is_that_package_and_edited_copy_is_refused_by_file() {
    let workspace = uses_package();
    workspace.build();
    let (host, plugin) = (workspace.keep(&workspace.output("host"), "host"), workspace.keep(&workspace.so("one"), "one.so"));
    let opens = |host: &Path, plugin: &Path| {
        Ran::of(run_at(host, &workspace.root).arg(plugin)).success().prints(&["one is 1\n", "calls: 1\n"]);
    };
    let registry = in_registry(&workspace, PACKAGE);
    let version = registry.file_name().unwrap().to_str().unwrap().replace("heck-", "");
    let manifest = fs::read_to_string(workspace.root.join("Cargo.toml")).unwrap();
    for place in ["patched/copy", "../outside/clone"] {
        copy(&registry, &workspace.root.join(place));
        workspace.write("Cargo.toml", &format!("{manifest}[patch.crates-io]\n{PACKAGE} = {{ path = \"{place}\" }}\n"));
        workspace.build().says(&["Compiling heck v"]);
        opens(&host, &workspace.so("one"));
        opens(&workspace.output("host"), &plugin);
    }

    workspace.append("../outside/clone/src/kebab.rs", "pub fn added() {}\n");
    workspace.build();
    let refused = |host: &Path, plugin: &Path, reason: &str| {
        let reason = format!(" {PACKAGE} {version}: {reason}; its source differs in src/kebab.rs ");
        Ran::of(run_at(host, &workspace.root).arg(plugin)).success().prints(&[&reason, "calls: 0\n"]);
    };
    refused(&host, &workspace.so("one"), "the plugin's is from path/heck, the host's from registry");
    refused(&workspace.output("host"), &plugin, "the plugin's is from registry, the host's from path/heck");
}

/// Equal to the byte, and yet two: cargo gives each its own dependents. The copy, which was alone in the build before, gets another name.
#[test]
fn registry_package_and_copy_under_another_name_are_two_packages() {
    let workspace = Workspace::new();
    let asked = "scopeguard = \"1\"\n";
    workspace.append("plugins/one/Cargo.toml", asked);
    copy(&in_registry(&workspace, "scopeguard"), &workspace.root.join("../copy"));
    workspace.replace("plugins/one/Cargo.toml", asked, "other = { package = \"scopeguard\", path = \"../../../copy\" }\n");
    let differ = |expression: &str| {
        format!("#[engraft::export]\npub fn differ() -> bool {{\n    let _guard = other::guard(1, |_| ());\n    {expression}\n}}\n")
    };
    workspace.append("plugins/one/src/lib.rs", &differ("false"));
    workspace.replace(
        "host/src/main.rs",
        "println!(\"{} is",
        "println!(\"differ: {}\", plugin.lookup::<fn() -> bool>(\"differ\").unwrap()());\nprintln!(\"{} is",
    );
    workspace.build();
    workspace.host(["one"]).success().prints(&["differ: false\n", "one is 1\n"]);

    workspace.append("plugins/one/Cargo.toml", asked);
    let ids = "std::any::TypeId::of::<other::Always>() != std::any::TypeId::of::<scopeguard::Always>()";
    workspace.replace("plugins/one/src/lib.rs", "    false\n", &format!("    {ids}\n"));
    workspace.build();
    workspace.host(["one"]).success().prints(&["differ: true\n", "one is 1\n"]);
}
