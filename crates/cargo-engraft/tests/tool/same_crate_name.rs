//! A plugin that bundles another package with its own crate name: look-ups find the plugin's own items.

use crate::workspace::{PLUGIN, Workspace};

const HOST: &str = r#"
use std::any::TypeId;

fn main() {
    let plugin = unsafe { engraft::open("one") }.unwrap();
    println!("value: {}", plugin.lookup::<fn() -> u32>("value").unwrap()());
    for name in ["only_there", "hidden"] {
        println!("{}", plugin.lookup::<fn() -> u32>(name).unwrap_err());
    }
    for id in plugin.lookup::<fn() -> [TypeId; 2]>("types").unwrap()() {
        let known = engraft::type_by_id(id).unwrap();
        println!("{} of {} {}", known.name, known.package, known.version);
    }
    println!("exports: {:?}", plugin.exports().iter().map(|export| export.path).collect::<Vec<_>>());
}
"#;

#[test]
fn lookups_find_the_plugins_own_items_beside_a_package_with_the_same_crate_name() {
    let workspace = Workspace::new();
    workspace.package(
        "other/one",
        "[dependencies]\nengraft = { path = \"ENGRAFT\" }\n",
        "src/lib.rs",
        "#[engraft::export]\npub struct Rule(u8);\n#[engraft::export]\npub fn value() -> u32 { 40 }\n\
         #[engraft::export]\npub fn only_there() -> u32 { 41 }\n#[inline(never)]\npub fn hidden() -> u32 { std::hint::black_box(42) }\n",
    );
    workspace.replace("other/one/Cargo.toml", "0.1.0", "2.0.0");
    workspace.replace("other/one/Cargo.toml", "ENGRAFT", &crate::tool::crates().join("engraft").display().to_string());
    workspace.replace("Cargo.toml", "[workspace]\n", "[workspace]\nexclude = [\"other\"]\n");
    workspace.append("plugins/one/Cargo.toml", "newer = { package = \"one\", path = \"../../other/one\" }\n");
    workspace.write(
        "plugins/one/src/lib.rs",
        &format!(
            "{PLUGIN}#[engraft::export]\npub struct Rule(u16);\n#[engraft::export]\npub fn types() -> [std::any::TypeId; 2] {{\n    \
             assert_eq!(newer::value() + newer::hidden(), 82);\n    [std::any::TypeId::of::<Rule>(), std::any::TypeId::of::<newer::Rule>()]\n}}\n"
        ),
    );
    workspace.write("host/src/main.rs", HOST);
    workspace.build();
    let not_exported = "\n  expected: the path of an exported function or static\n  found: nothing of this name\n";
    workspace.host([] as [&str; 0]).success().prints(&[
        "value: 1\n",
        &format!("E05: the plugin `one` does not export `only_there`{not_exported}"),
        &format!("E05: the plugin `one` does not export `hidden`{not_exported}"),
        "one::Rule of one 0.1.0\none::Rule of one 2.0.0\n",
        "exports: [\"Rule\", \"types\", \"value\"]\n",
    ]);
}
