//! `build --strip`: symbols and debug information go into files of their own, and the digests are those of what is left.

use crate::harness::binary::has_symbol_table;
use crate::linked::stamp;
use crate::ran::Ran;
use crate::tool;
use crate::workspace::{PLUGIN, Workspace, run_at};
use engraft_manifest::{BuildId, Identity, find_note};
use std::fs;
use std::path::{Path, PathBuf};

fn debug_file(file: &Path) -> PathBuf {
    PathBuf::from(format!("{}.debug", file.display()))
}

fn build_id(file: &Path) -> BuildId {
    let bytes = fs::read(file).unwrap();
    find_note(&bytes, bytes.len() as u64).unwrap().build_id
}

/// The hosts' builds that a plugin was linked for, which it opens in without a closer look.
fn linked_for(plugin: &Path) -> Vec<BuildId> {
    let bytes = fs::read(plugin).unwrap();
    let note = find_note(&bytes, bytes.len() as u64).unwrap();
    Identity::read(note.record).unwrap().hosts().collect()
}

/// Host and plugin in the output directory, each with its debug information behind it.
fn files(workspace: &Workspace) -> [PathBuf; 4] {
    let (host, one) = (workspace.output("host"), workspace.so("one"));
    [host.clone(), debug_file(&host), one.clone(), debug_file(&one)]
}

/// cargo's own, which is never stripped.
fn of_cargo(workspace: &Workspace) -> PathBuf {
    workspace.target.join("engraft/build/debug/host")
}

fn len(path: &Path) -> u64 {
    fs::metadata(path).unwrap().len()
}

#[test]
fn what_is_only_for_debuggers_stands_beside_hosts_and_plugins() {
    let workspace = Workspace::new();
    workspace.build();
    let [host, host_debug, one, one_debug] = files(&workspace);
    let whole = [&host, &one].map(|file| len(file));
    assert!(!host_debug.exists() && !one_debug.exists());

    workspace.engraft(["build", "--strip"]).success().says(&["Stripping host (host)", "Linking one "]).never_says(&["Compiling"]);
    for (file, debug, whole) in [(&host, &host_debug, whole[0]), (&one, &one_debug, whole[1])] {
        assert!(!has_symbol_table(file) && has_symbol_table(debug), "{}", file.display());
        assert!(len(file) < whole, "{} has {} bytes, and had {whole}", file.display(), len(file));
    }
    assert!(len(&host) < whole[0] / 2, "most of a host is for debuggers: {} of {}", len(&host), whole[0]);
    assert!(has_symbol_table(&of_cargo(&workspace)));
    assert_ne!(build_id(&host), build_id(&of_cargo(&workspace)));
    assert_eq!(linked_for(&one), [build_id(&host)]);
    workspace.host(["one"]).success().prints(&["one is 1\ncalls: 1\n"]);
    Ran::of(run_at(&of_cargo(&workspace), &workspace.root).arg(&one)).success().prints(&["one is 1\ncalls: 1\n"]);

    // Nothing is done twice; what is missing is made again.
    let before = files(&workspace).each_ref().map(|file| stamp(file));
    workspace.engraft(["build", "--strip"]).success().never_says(&["Stripping", "Linking", "Compiling"]);
    assert_eq!(files(&workspace).each_ref().map(|file| stamp(file)), before);
    fs::remove_file(&host_debug).unwrap();
    fs::remove_file(&one_debug).unwrap();
    workspace.engraft(["build", "--strip"]).success().says(&["Linking one "]).never_says(&["Compiling"]);
    assert!(host_debug.exists() && one_debug.exists());

    // And back.
    workspace.build().says(&["Linking one "]).never_says(&["Compiling"]);
    assert!(!host_debug.exists() && !one_debug.exists() && has_symbol_table(&host) && has_symbol_table(&one));
    assert_eq!([&host, &one].map(|file| len(file)), whole);
    assert_eq!(linked_for(&one), [build_id(&host)]);
    workspace.build().never_says(&["Linking", "Compiling"]);
}

#[test]
fn only_what_has_changed_is_stripped_again() {
    let workspace = Workspace::new();
    workspace.engraft(["build", "--strip", "-p", "one"]).success().says(&["Linking one "]);
    let [host, host_debug, one, _] = files(&workspace);
    assert!(!host.exists() && !host_debug.exists(), "only what is named is put in place");
    workspace.engraft(["build", "--strip"]).success().never_says(&["Linking", "Stripping", "Compiling"]);
    assert_eq!(linked_for(&one), [build_id(&host)]);

    let placed = stamp(&host);
    workspace.plugin("one", &PLUGIN.replace("    1\n", "    2\n"));
    workspace.engraft(["build", "--strip"]).success().says(&["Linking one "]).never_says(&["Stripping", "Compiling host"]);
    assert_eq!(stamp(&host), placed);
    workspace.append("host/src/main.rs", "// Another line.\n#[allow(dead_code)]\nfn more() {}\n");
    workspace.engraft(["build", "--strip"]).success().says(&["Stripping host (host)"]);
    assert_ne!(stamp(&host), placed);
    assert_eq!(linked_for(&one), [build_id(&host)]);
    workspace.engraft(["run", "--strip", "--", "one"]).success().prints(&["one is 2\n"]).never_says(&["Stripping", "Linking"]);
}

#[test]
fn an_example_is_stripped_too() {
    let workspace = Workspace::new();
    let main = fs::read_to_string(workspace.root.join("host/src/main.rs")).unwrap();
    workspace.write("host/examples/show.rs", &main);
    workspace.engraft(["run", "--strip", "--example", "show"]).success().prints(&["one is 1\n"]).says(&["Stripping show (host)"]);
    let show = workspace.output("examples/show");
    assert!(!has_symbol_table(&show) && has_symbol_table(&debug_file(&show)));
    workspace.engraft(["run", "--strip", "--example", "show"]).success().prints(&["one is 1\n"]).never_says(&["Stripping", "Linking"]);
}

/// std looks for the file that a stripped one refers to.
#[test]
fn a_panic_in_a_stripped_plugin_is_told_with_its_lines() {
    let workspace = Workspace::new();
    workspace.plugin("one", "#[engraft::export]\npub fn value() -> u32 {\n    let none: Option<u32> = std::env::args().find_map(|_| None);\n    none.expect(\"a value\")\n}\n");
    workspace.engraft(["build", "--strip"]).success();
    let [host, host_debug, _, one_debug] = files(&workspace);
    let panics = || Ran::of(run_at(&host, Path::new("/")).arg("one").env("RUST_BACKTRACE", "1")).ended(101).says(&["a value"]);
    let frames = |ran: &Ran, file: &str| ran.stderr.split("stack backtrace:").nth(1).is_some_and(|text| text.contains(file));
    let ran = panics();
    assert!(frames(&ran, "one/src/lib.rs:4"), "{ran}");
    assert!(frames(&ran, "host/src/main.rs:"), "{ran}");
    // They come from nowhere else.
    fs::remove_file(one_debug).unwrap();
    fs::remove_file(host_debug).unwrap();
    let ran = panics();
    assert!(!frames(&ran, "one/src/lib.rs:4") && !frames(&ran, "host/src/main.rs:"), "{ran}");
}

#[test]
fn a_profile_that_strips_leaves_little_to_take() {
    let workspace = Workspace::new();
    workspace.engraft(["build", "--strip", "--release"]).success();
    let output = workspace.target.join("engraft/release");
    assert!(output.join("host.debug").exists() && output.join("plugins/one.so.debug").exists());
    Ran::of(run_at(&output.join("host"), &workspace.root).arg("one")).success().prints(&["one is 1\n"]);
}

/// A toolchain without its own, on a system without one.
#[test]
fn nothing_is_built_when_there_is_nothing_to_strip_with() {
    let workspace = Workspace::new();
    let sysroot = Ran::of(tool::clean("rustc").args(["--print", "sysroot"])).success().stdout;
    let real = Path::new(sysroot.trim()).join("bin/rustc");
    let script = format!("#!/bin/sh\ncase \"$*\" in\n'--print sysroot') echo /nowhere ;;\n*) exec '{}' \"$@\" ;;\nesac\n", real.display());
    let rustc = workspace.script("tools/rustc", &script);
    let mut command = workspace.command(["build", "--strip"]);
    command.env("RUSTC", rustc).env("PATH", workspace.root.join("tools"));
    Ran::of(&mut command)
        .ended(101)
        .says(&["error: to strip takes `objcopy`: ", "the toolchain /nowhere\nhelp: install it, with the system's package binutils\n"])
        .never_says(&["Compiling"]);
}
