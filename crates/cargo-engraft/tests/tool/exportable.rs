//! What can't be exported is a compile error that says what to do, and what can be is never stripped.

use crate::workspace::{PLUGIN, Workspace};

/// Builds with this in the plugin: it must not compile, and say so.
#[track_caller]
fn is_a_compile_error(item: &str, texts: &[&str]) {
    let workspace = Workspace::new();
    workspace.append("plugins/one/src/lib.rs", item);
    workspace.engraft(["build"]).ended(101).says(texts).never_says(&["panicked", "Linking"]);
}

#[test]
fn b02_private_function() {
    is_a_compile_error(
        "#[engraft::export]\nfn hidden() -> u32 { 1 }\n",
        &["error: an exported function must be public: write `pub fn hidden`\n", "--> plugins/one/src/lib.rs:"],
    );
}

#[test]
fn b02_method() {
    is_a_compile_error(
        "pub struct S;\nimpl S {\n    #[engraft::export]\n    pub fn method(&self) -> u32 { 1 }\n}\n",
        &["error: a method cannot be exported: write a free function `pub fn method(this: &Type)`\n", "--> plugins/one/src/lib.rs:"],
    );
}

#[test]
fn b02_g19_generic_function() {
    is_a_compile_error(
        "#[engraft::export]\npub fn generic<T: Into<u32>>(x: T) -> u32 { x.into() }\n",
        &[
            "error: `generic` is generic, and a plugin holds only compiled code: export a function that calls it with types of your choice, such as ",
            "`pub fn generic_of_string(…) { generic::<String>(…) }`\n",
            "--> plugins/one/src/lib.rs:",
        ],
    );
}

/// In release builds too, and though nothing in the plugin uses them.
#[test]
fn b02_exported_items_are_never_stripped() {
    let workspace = Workspace::new();
    let items = PLUGIN.to_owned()
        + "pub mod inner {\n    #[engraft::export]\n    pub fn unused() -> u32 { 2 }\n    #[engraft::export]\n    pub static UNUSED: u32 = 3;\n}\n\
           pub fn outer() -> u32 {\n    let closure = || {\n        #[engraft::export]\n        pub fn in_a_closure() -> u32 { 4 }\n        \
           in_a_closure()\n    };\n    closure()\n}\n";
    workspace.plugin("one", &items);
    workspace.write(
        "host/src/main.rs",
        "fn main() {\n    let one = unsafe { engraft::open(\"one\") }.unwrap();\n    \
         println!(\"{} {} {}\", one.lookup::<fn() -> u32>(\"inner::unused\").unwrap()(), one.lookup::<u32>(\"inner::UNUSED\").unwrap(),\n        \
         one.lookup::<fn() -> u32>(\"in_a_closure\").unwrap()());\n}\n",
    );
    workspace.write(".cargo/config.toml", "[profile.release]\nstrip = true\n");
    for (profile, directory) in [("dev", "debug"), ("release", "release")] {
        workspace.engraft(["build", "--profile", profile]).success();
        let host = workspace.target.join("engraft").join(directory).join("host");
        crate::ran::Ran::of(&mut crate::workspace::run_at(&host, &workspace.root)).success().prints(&["2 3 4\n"]);
    }
}
