//! Look-ups that fail, on real plugins: what the error says of items that are not exported, and of types that print alike.

use crate::workspace::{PLUGIN, Workspace};

/// Looks up in `one` what is named on the command line.
const HOST: &str = r#"
fn main() {
    let plugin = unsafe { engraft::open("one") }.unwrap();
    for name in std::env::args().skip(1) {
        println!("{}", plugin.lookup::<fn() -> u32>(&name).unwrap_err());
    }
}
"#;

/// The optimiser leaves items alone that are marked so; others it may inline until nothing is left of them.
const ITEMS: &str = r#"
pub struct Rule;
impl Rule {
    #[inline(never)]
    pub fn check(&self) -> u32 { std::hint::black_box(3) }
}
pub mod rules {
    #[inline(never)]
    pub fn apply() -> u32 { std::hint::black_box(2) }
    #[engraft::export]
    pub fn reset() -> u32 { apply() + crate::Rule.check() }
}
#[inline(never)]
fn private() -> u32 { std::hint::black_box(1) }
#[engraft::export]
pub fn outer() -> u32 {
    #[inline(never)]
    fn inner() -> u32 { std::hint::black_box(4) }
    private() + inner()
}
"#;

fn check(flags: &str, profile: &str) {
    let workspace = if flags.is_empty() { Workspace::new() } else { Workspace::cold() };
    workspace.write("host/src/main.rs", HOST);
    workspace.append("plugins/one/src/lib.rs", ITEMS);
    if !flags.is_empty() {
        workspace.write(".cargo/config.toml", &format!("[build]\nrustflags = [{flags:?}]\n"));
    }
    workspace.engraft(["build", "--profile", profile]).success();
    let directory = if profile == "dev" { "debug" } else { profile };
    let host = workspace.target.join("engraft").join(directory).join("host");
    let names = ["private", "rules::apply", "apply", "Rule::check", "check", "inner", "reset", "absent"];
    let ran = crate::ran::Ran::of(crate::workspace::run_at(&host, &workspace.root).args(names)).success();
    ran.prints(&[
        "does not export `private`\n  expected: the path of an exported function or static\n  found: `private`, which is not exported\n",
        "\n  it exports: pub fn outer() -> u32\n",
        "\n  it exports: pub fn reset() -> u32\n",
        "\nhelp: add `#[engraft::export]` to `private`\n",
        "does not export `rules::apply`\n  expected: the path of an exported function or static\n  found: `rules::apply`, which is not exported\n",
        "does not export `apply`\n  expected: the path of an exported function or static\n  found: `rules::apply`, which is not exported\n",
        "does not export `Rule::check`\n  expected: the path of an exported function or static\n  found: `Rule::check`, which belongs to a type",
        "help: write a function that calls `Rule::check`, and add `#[engraft::export]` to it\n",
        "does not export `check`\n  expected: the path of an exported function or static\n  found: `Rule::check`, which belongs to a type",
        "found: an item in the body of `outer`, where nothing can be exported\n",
        "does not export `reset`\n  expected: the path of an exported function or static\n  found: nothing of this name\n",
        "\nhelp: did you mean `rules::reset`?\n",
        "does not export `absent`\n  expected: the path of an exported function or static\n  found: nothing of this name\n",
    ]);
}

#[test]
fn e05_b02_an_item_that_is_not_exported_is_told() {
    check("", "dev");
}

#[test]
fn e05_b02_an_item_that_is_not_exported_is_told_in_release() {
    check("", "release");
}

#[test]
fn e05_b02_an_item_that_is_not_exported_is_told_whatever_the_mangling() {
    check("-Csymbol-mangling-version=v0", "dev");
}

/// Now that nobody can ask by what is in the file.
#[test]
fn e05_a_stripped_or_replaced_file_tells_nothing() {
    let workspace = Workspace::new();
    workspace.write(
        "host/src/main.rs",
        "fn main() {\n    let path = std::env::args().nth(1).unwrap();\n    let plugin = unsafe { engraft::open(&path) }.unwrap();\n    \
         if let Some(text) = std::env::args().nth(2) { std::fs::remove_file(&path).unwrap(); std::fs::write(&path, text).unwrap() }\n    \
         println!(\"{}\", plugin.lookup::<fn() -> u32>(\"private\").unwrap_err());\n}\n",
    );
    workspace.append("plugins/one/src/lib.rs", ITEMS);
    workspace.build();
    let nothing = &["does not export `private`\n", "\n  found: nothing of this name\n", "help: add `#[engraft::export]` to the item; "];
    let replaced = workspace.keep(&workspace.so("one"), "replaced.so");
    workspace.host([replaced.as_os_str(), "_ZN3one7private17h0123456789abcdefE".as_ref()]).success().prints(nothing);
    workspace.engraft(["build", "--strip"]).success();
    workspace.host([workspace.so("one")]).success().prints(nothing);
}

/// Two packages `api`: the host's, and one that only the plugin has.
#[test]
fn e08_b03_types_that_print_alike_are_told_by_their_packages() {
    let workspace = Workspace::new();
    workspace.append("api/src/lib.rs", "pub struct Request;\n");
    workspace.write("other/Cargo.toml", "[package]\nname = \"api\"\nversion = \"2.0.0\"\nedition = \"2024\"\n");
    workspace.write("other/src/lib.rs", "pub struct Request;\n");
    workspace.replace("Cargo.toml", "[workspace]\n", "[workspace]\nexclude = [\"other\"]\n");
    workspace.append("plugins/one/Cargo.toml", "newer = { package = \"api\", path = \"../../other\" }\n");
    workspace.append("plugins/one/src/lib.rs", "#[engraft::export]\npub fn apply(_: &newer::Request) -> u32 { 1 }\n");
    workspace.plugin("two", PLUGIN);
    workspace.write(
        "host/src/main.rs",
        "fn main() {\n    unsafe { engraft::open(\"two\") }.unwrap();\n    let one = unsafe { engraft::open(\"one\") }.unwrap();\n    \
         println!(\"{}\", one.lookup::<fn(&api::Request) -> u32>(\"apply\").unwrap_err());\n    \
         println!(\"{}\", one.lookup::<fn(&'static str)>(\"value\").unwrap_err());\n}\n",
    );
    workspace.build();
    workspace.host([] as [&str; 0]).success().prints(&[
        "E08: `apply` of the plugin `one` has another type\n  expected: fn(&'_ api::Request) -> u32\n  found: fn(&'_ api::Request) -> u32\n  \
         signature: pub fn apply(_: &newer::Request) -> u32\n  \
         packages: `api` is 2 packages: api 0.1.0 from api of the host; api 2.0.0 from other of the plugin `one`\n\
         help: let host and plugin depend on one package `api`: `cargo tree --duplicates` shows who wants which\n",
        "E08: `value` of the plugin `one` has another type\n  expected: fn(&str)\n  found: fn() -> u32\n  signature: pub fn value() -> u32\n\
         help: look it up as `lookup::<fn() -> u32>(\"value\")`\n",
    ]);
}
