//! `build`: what is made, where it is put, and what is left alone.

use crate::linked::{manifest as manifest_of, packages, stamp};
use crate::workspace::{PLUGIN, Workspace};
use std::fs;
use std::io::Read;

#[test]
fn hosts_and_plugins_are_put_in_place_and_nothing_else_is() {
    let workspace = Workspace::new();
    workspace.build().says(&["Compiling one v0.1.0", "Finished", "     Linking one v0.1.0 (plugin)\n"]);
    let names = |directory: &str| {
        let entries = fs::read_dir(workspace.output(directory)).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    assert_eq!(names(""), ["host", "plugins"]);
    assert_eq!(names("plugins"), ["one.so"]);
    workspace.host([] as [&str; 0]).success().prints(&["one is 1\ncalls: 1\n"]);
}

#[test]
fn a_workspace_with_a_host_alone_builds() {
    let workspace = Workspace::new();
    fs::remove_dir_all(workspace.root.join("plugins")).unwrap();
    workspace.replace("Cargo.toml", ", \"plugins/*\"", "");
    workspace.build().never_says(&["Linking"]);
    workspace.host(["one"]).success().prints(&["refused: E03: there is no plugin `one`"]);
}

#[test]
fn nothing_is_linked_again_when_nothing_changed() {
    let workspace = Workspace::new();
    workspace.build();
    let before = (stamp(&workspace.output("host")), stamp(&workspace.so("one")));
    workspace.build().never_says(&["Linking", "Compiling"]);
    assert_eq!((stamp(&workspace.output("host")), stamp(&workspace.so("one"))), before);
}

/// Its directory has the target directory in it, which every build changes.
#[test]
fn a_plugin_at_the_workspaces_root_is_the_same_package_after_another_build() {
    for made_before in [false, true] {
        let workspace = Workspace::cold();
        let manifest = fs::read_to_string(workspace.root.join("Cargo.toml")).unwrap();
        let package = fs::read_to_string(workspace.root.join("plugins/one/Cargo.toml")).unwrap();
        fs::remove_dir_all(workspace.root.join("plugins")).unwrap();
        workspace.write("Cargo.toml", &format!("{package}{}", manifest.replace(", \"plugins/*\"", "")));
        let source = workspace.write("src/lib.rs", PLUGIN);
        if made_before {
            fs::create_dir_all(&workspace.target).unwrap();
        }
        workspace.build();
        let key = || manifest_of(&workspace.so("one"), |manifest| manifest.packages.iter().find(|p| p.name == "one").unwrap().key);
        let before = key();
        fs::File::open(&source).unwrap().set_modified(std::time::SystemTime::now()).unwrap();
        workspace.build().says(&["Compiling one "]);
        assert_eq!(key(), before);
        assert!(workspace.target.join("engraft/CACHEDIR.TAG").is_file());
    }
}

#[test]
fn a_changed_plugin_is_the_only_file_that_is_linked_again() {
    let workspace = Workspace::new();
    workspace.plugin("two", PLUGIN);
    workspace.build();
    let others = || (stamp(&workspace.output("host")), stamp(&workspace.so("two")));
    let (before, one) = (others(), stamp(&workspace.so("one")));

    workspace.append("plugins/one/src/lib.rs", "pub fn more() {}\n");
    workspace.build().says(&["Compiling one ", "Linking one "]).never_says(&[
        "Linking two",
        "Compiling two",
        "Compiling host",
        "Compiling api",
    ]);
    assert_eq!(others(), before);
    assert_ne!(stamp(&workspace.so("one")), one);
    workspace.host(["one", "two"]).success().prints(&["one is 1\ntwo is 1\ncalls: 2\n"]);
}

#[test]
fn a_changed_api_changes_everything() {
    let workspace = Workspace::new();
    workspace.build();
    let before = (stamp(&workspace.output("host")).0, stamp(&workspace.so("one")).0);
    workspace.append("api/src/lib.rs", "pub struct More(pub u8);\n");
    workspace.build().says(&["Linking one"]);
    let after = (stamp(&workspace.output("host")).0, stamp(&workspace.so("one")).0);
    assert_ne!(after.0, before.0);
    assert_ne!(after.1, before.1);
    workspace.host(["one"]).success().prints(&["one is 1"]);
}

#[test]
fn outputs_that_are_missing_are_made_again() {
    let workspace = Workspace::new();
    workspace.build();
    fs::remove_file(workspace.so("one")).unwrap();
    fs::remove_file(workspace.output("host")).unwrap();
    workspace.build().says(&["Linking one"]).never_says(&["Compiling"]);
    workspace.host(["one"]).success().prints(&["one is 1"]);
}

#[test]
fn an_output_that_somebody_changed_is_made_again() {
    let workspace = Workspace::new();
    workspace.build();
    fs::remove_file(workspace.so("one")).unwrap();
    fs::write(workspace.so("one"), "not what was linked").unwrap();
    workspace.build().says(&["Linking one"]);
    workspace.host(["one"]).success().prints(&["one is 1"]);
}

#[test]
fn b07_outputs_are_replaced_and_never_rewritten() {
    let workspace = Workspace::new();
    workspace.build();
    let files = [workspace.output("host"), workspace.so("one")];
    let old = files.each_ref().map(|path| (stamp(path).0, fs::read(path).unwrap(), fs::File::open(path).unwrap()));

    workspace.append("api/src/lib.rs", "pub struct More(pub u8);\n");
    workspace.build();
    for (path, (inode, content, mut file)) in files.iter().zip(old) {
        assert_ne!(stamp(path).0, inode, "{}", path.display());
        let mut now = Vec::new();
        file.read_to_end(&mut now).unwrap();
        assert!(now == content, "whoever has {} open still has all of it", path.display());
        assert_ne!(fs::read(path).unwrap(), content);
    }
}

#[test]
fn only_what_is_named_is_linked() {
    let workspace = Workspace::new();
    workspace.plugin("two", PLUGIN);
    workspace.engraft(["build", "-p", "two"]).success().says(&["Linking two"]).never_says(&["Linking one"]);
    assert!(workspace.so("two").exists());
    assert!(!workspace.so("one").exists());
    assert!(!workspace.output("host").exists());
    workspace.engraft(["build", "--package", "host"]).success().never_says(&["Linking"]);
    assert!(workspace.output("host").exists());
    assert!(!workspace.so("one").exists());
    workspace.host(["two"]).success().prints(&["two is 1"]);
}

/// Features are resolved for all, whatever is named: the plugin `two` makes everybody's `api` one with `extra`.
#[test]
fn what_is_named_decides_nothing_about_packages() {
    let workspace = Workspace::new();
    workspace.append("api/Cargo.toml", "[features]\nextra = []\n");
    workspace.plugin("two", PLUGIN);
    workspace.replace("plugins/two/Cargo.toml", "api.workspace = true", "api = { path = \"../../api\", features = [\"extra\"] }");
    workspace.engraft(["build", "-p", "one"]).success();
    let alone = packages(&workspace.so("one"));
    assert!(alone.iter().any(|(name, ..)| name == "api"));
    workspace.build().never_says(&["Compiling", "Linking one"]).says(&["Linking two"]);
    assert_eq!(packages(&workspace.so("one")), alone);
    let in_two = packages(&workspace.so("two"));
    assert_eq!(in_two, alone);

    let host = stamp(&workspace.output("host"));
    workspace.engraft(["build", "-p", "two"]).success().never_says(&["Compiling", "Linking"]);
    assert_eq!(stamp(&workspace.output("host")), host);
    workspace.host(["one", "two"]).success().prints(&["calls: 2"]);
}
