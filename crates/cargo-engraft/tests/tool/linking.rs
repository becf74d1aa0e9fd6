//! Links: what must be there, what is left alone, and what is said.

use crate::ran::Ran;
use crate::rustc_habits::COMPILER;
use crate::workspace::{PLUGIN, Workspace};
use std::fs;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

#[test]
fn a_function_that_nobody_has_is_missed_before_anybody_opens_the_plugin() {
    let workspace = Workspace::new();
    workspace.append(
        "plugins/one/src/lib.rs",
        "unsafe extern \"C\" { fn no_such_function(); }\n#[engraft::export]\npub fn call() { unsafe { no_such_function() } }\n",
    );
    workspace
        .engraft(["build"])
        .ended(100)
        .says(&[
            "error: the plugin `one` would not load: the host ",
            " does not export a symbol that the plugin needs:\n  no_such_function\n",
        ])
        .never_says(&["caused by", "linking with", "--crate-name"]);
    assert!(!workspace.so("one").exists());
}

#[test]
fn rust_symbols_are_told_as_the_source_has_them() {
    let workspace = Workspace::new();
    workspace.append(
        "plugins/one/src/lib.rs",
        "unsafe extern \"Rust\" {\n    #[link_name = \"_ZN6absent6module8function17h0123456789abcdefE\"]\n    fn absent();\n    fn other_absent();\n}\n\
         #[engraft::export]\npub fn call() { unsafe { absent(); other_absent() } }\n",
    );
    workspace.engraft(["build"]).ended(100).says(&[
        "2 symbols that the plugin needs:\n",
        "\n  absent::module::function\n",
        "\n  other_absent\n",
    ]);
}

/// A plugin that does not use what is missing needs nothing.
#[test]
fn what_is_declared_and_not_used_is_not_missed() {
    let workspace = Workspace::new();
    workspace.append("plugins/one/src/lib.rs", "unsafe extern \"C\" { pub fn no_such_function(); }\n");
    workspace.build();
    workspace.host(["one"]).success().prints(&["one is 1"]);
}

#[test]
fn a_library_that_the_plugin_names_is_found() {
    let workspace = Workspace::new();
    workspace.append(
        "plugins/one/src/lib.rs",
        "#[link(name = \"m\")]\nunsafe extern \"C\" { fn erf(x: f64) -> f64; }\n#[engraft::export]\npub fn error_function(x: f64) -> f64 { unsafe { erf(x) } }\n",
    );
    workspace.build();
    workspace.host(["one"]).success().prints(&["one is 1"]);
}

#[test]
fn a_good_link_says_nothing() {
    let workspace = Workspace::new();
    let ran = workspace.build();
    for line in ran.stderr.lines() {
        let verb = line.trim_start().split(' ').next().unwrap();
        assert!(["Blocking", "Compiling", "Finished", "Linking"].contains(&verb), "{line:?} in {ran}");
    }
    assert_eq!(ran.stdout, "");
}

/// Every linked file below a directory that Engraft has linked: those with a manifest.
fn linked_by_engraft(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            linked_by_engraft(&entry, found);
            continue;
        }
        let bytes = fs::read(&entry).unwrap();
        if engraft_manifest::find_note(&bytes, bytes.len() as u64).is_ok() {
            found.push(entry);
        }
    }
}

#[test]
fn build_scripts_and_procedural_macros_are_left_alone() {
    let workspace = Workspace::new();
    workspace.package(
        "seven",
        "[lib]\nproc-macro = true\n",
        "src/lib.rs",
        "#[proc_macro]\npub fn seven(_: proc_macro::TokenStream) -> proc_macro::TokenStream { \"7\".parse().unwrap() }\n",
    );
    workspace.replace("Cargo.toml", "\"host\"", "\"host\", \"seven\"");
    workspace.append("plugins/one/Cargo.toml", "seven = { path = \"../../seven\" }\n");
    workspace.write("plugins/one/src/lib.rs", &PLUGIN.replace("    1\n", "    seven::seven!() + env!(\"FIVE\").len() as u32\n"));
    // Even one that depends on the library that makes a program a host.
    workspace.append("plugins/one/Cargo.toml", "[build-dependencies]\nengraft.workspace = true\n");
    workspace.write(
        "plugins/one/build.rs",
        "fn main() {\n    assert!(unsafe { engraft::open(\"one\") }.is_err());\n    println!(\"cargo::rustc-env=FIVE=12345\");\n}\n",
    );
    workspace.build();
    workspace.host(["one"]).success().prints(&["one is 12\n"]);
    let mut found = Vec::new();
    linked_by_engraft(&workspace.target.join("engraft"), &mut found);
    let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().split('-').next().unwrap().to_owned();
    let mut names: Vec<String> = found.iter().map(name).collect();
    names.sort();
    names.dedup();
    // The one of [`crate::slot`] is a host as well.
    names.retain(|name| name != "seed");
    assert_eq!(names, ["host", "one.so"], "{found:?}");
}

/// A program without `engraft` among its packages is none of Engraft's business, in the same workspace.
#[test]
fn other_programs_are_left_alone() {
    let workspace = Workspace::new();
    workspace.package("other", "", "src/main.rs", "fn main() {}\n");
    workspace.replace("Cargo.toml", "\"host\"", "\"host\", \"other\"");
    workspace.build();
    let mut found = Vec::new();
    linked_by_engraft(&workspace.target.join("engraft"), &mut found);
    assert!(!found.iter().any(|path| path.to_string_lossy().contains("other")), "{found:?}");
}

/// A second binary of a host's package that has nothing to do with plugins.
#[test]
fn a_binary_that_does_not_use_engraft_is_no_host_of_any_plugin() {
    let workspace = Workspace::new();
    workspace.write("host/src/bin/aside.rs", "fn main() { println!(\"aside\") }\n");
    workspace.build();
    workspace.host(["one"]).success().prints(&["one is 1"]);
    workspace.engraft(["run", "--bin", "aside"]).success().prints(&["aside"]);
}

/// As with `rustc -o /dev/null` by a user who may write to `/dev`.
#[test]
fn what_is_linked_into_a_fifo_does_not_replace_it() {
    /// Links a plugin once more, into `tools/fifo`.
    const LINKER: &str = r#"#!/bin/sh
tools=$(dirname "$0")
into_fifo() (
    last=
    for word; do
        shift
        if [ "$last" = -o ]; then set -- "$@" "$tools/fifo"; else set -- "$@" "$word"; fi
        last=$word
    done
    exec "$DRIVER" "$@"
)
case " $* " in *" -shared "*)
    mkfifo "$tools/fifo" || exit
    cat "$tools/fifo" > "$tools/linked" &
    # A reader whom nobody writes to would wait for ever.
    into_fifo "$@" && [ -p "$tools/fifo" ] || { kill $!; exit 1; }
    wait $! ;;
esac
exec "$DRIVER" "$@"
"#;
    let workspace = Workspace::new();
    let compiler = workspace.script("tools/compile", COMPILER);
    workspace.script("tools/cc", LINKER);
    Ran::of(workspace.command(["build"]).env("RUSTC", compiler)).success();
    let tools = workspace.root.join("tools");
    assert!(fs::symlink_metadata(tools.join("fifo")).unwrap().file_type().is_fifo());
    assert_eq!(fs::read(tools.join("linked")).unwrap(), fs::read(workspace.so("one")).unwrap());
    let unfinished = fs::read_dir(&tools).unwrap().map(|entry| entry.unwrap().file_name()).find(|name| name.as_encoded_bytes()[0] == b'.');
    assert_eq!(unfinished, None);
}
