//! Files that are no plugin, and files that are not there: `open` says what it found and where it looked.

use crate::linked::manifest;
use crate::ran::Ran;
use crate::workspace::{Workspace, run_at};
use std::fs;
use std::path::Path;
use std::process::Command;

/// What helps who has no plugin at all.
const A_PLUGIN: &str = "a plugin crate says `plugin = true` under [package.metadata.engraft]";

#[track_caller]
fn is_no_plugin(workspace: &Workspace, path: &Path, found: &str, help: &str) {
    let host = workspace.host([path]).success();
    host.prints(&[
        &format!(
            "refused: E04: {} is not an Engraft plugin\n  expected: a shared object linked by `cargo engraft build`\n  found: {found}",
            path.display()
        ),
        &format!("\nhelp: {help}"),
    ]);
}

#[test]
fn e04_files_of_other_kinds() {
    let workspace = Workspace::new();
    workspace.build();
    is_no_plugin(&workspace, &workspace.write("empty.so", ""), "an empty file\n", "the file was not written to its end");
    is_no_plugin(&workspace, &workspace.write("short.so", "a"), "a text file\n", A_PLUGIN);
    is_no_plugin(&workspace, &workspace.write("text.so", "INPUT(libc.so.6)\n"), "a text file\n", A_PLUGIN);
    is_no_plugin(&workspace, &workspace.root.join("host"), "a directory\n", "name the plugin's file");
    is_no_plugin(&workspace, Path::new("/dev/null"), "no regular file\n", A_PLUGIN);
    let rlib = workspace.target.join("engraft/build/debug/libone.rlib");
    is_no_plugin(
        &workspace,
        &rlib,
        "an rlib: a Rust library that is not linked yet\n",
        "`cargo engraft build` links a plugin crate's rlib",
    );
    is_no_plugin(&workspace, &workspace.output("host"), "a host that Engraft linked\n", "run a host instead of opening it");
    is_no_plugin(&workspace, Path::new("/bin/sh"), "an executable that Engraft did not link\n", A_PLUGIN);
    let other_system = "a plugin is built for the system and the machine";
    for (bytes, found) in
        [(&b"\xcf\xfa\xed\xfe\x07\0\0\x01"[..], "a Mach-O file, made for macOS\n"), (b"MZ\x90\0", "a PE file, made for Windows\n")]
    {
        let path = workspace.root.join("other.so");
        fs::write(&path, bytes).unwrap();
        is_no_plugin(&workspace, &path, found, other_system);
    }
    let zip = workspace.root.join("zip.so");
    fs::write(&zip, b"PK\x03\x04\0\0\0\0").unwrap();
    is_no_plugin(&workspace, &zip, "a file of unknown kind\n", A_PLUGIN);
}

#[test]
fn e04_shared_objects_that_others_linked() {
    let workspace = Workspace::new();
    workspace.build();
    let source = workspace.write("plain.c", "int value(void) { return 1; }\n");
    let (shared, object) = (workspace.root.join("plain.so"), workspace.root.join("plain.o"));
    assert!(Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&shared).arg(&source).status().unwrap().success());
    assert!(Command::new("cc").args(["-c", "-o"]).arg(&object).arg(&source).status().unwrap().success());
    is_no_plugin(&workspace, &shared, "a shared object that Engraft did not link (a C library, or a cdylib that cargo built)\n", A_PLUGIN);
    let archive = workspace.root.join("libplain.a");
    assert!(Command::new("ar").arg("rc").arg(&archive).arg(&object).status().unwrap().success());
    is_no_plugin(&workspace, &archive, "a static archive (a C library)\n", A_PLUGIN);
    is_no_plugin(&workspace, &object, "an ELF object file, not linked yet\n", A_PLUGIN);
}

#[test]
fn f01_plugins_that_are_damaged() {
    let workspace = Workspace::new();
    workspace.build();
    let whole = fs::read(workspace.so("one")).unwrap();
    let damaged = |name: &str, bytes: &[u8]| {
        let path = workspace.root.join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    for len in [10, 63] {
        is_no_plugin(
            &workspace,
            &damaged("cut.so", &whole[..len]),
            "a truncated ELF file: it has ",
            "the file was truncated or altered on its way",
        );
    }
    for len in [64, 1000, whole.len() / 2, whole.len() - 1] {
        is_no_plugin(
            &workspace,
            &damaged("cut.so", &whole[..len]),
            &format!("a truncated ELF file: it has {len} bytes"),
            "the file was truncated or altered on its way",
        );
    }
}

#[test]
fn files_that_can_not_be_read() {
    let workspace = Workspace::new();
    workspace.build();
    let path = workspace.root.join("round.so");
    std::os::unix::fs::symlink(&path, &path).unwrap();
    workspace.host([&path]).success().prints(&[&format!("refused: E09: the plugin {} can't be read\n", path.display())]);
    let dangling = workspace.root.join("dangling.so");
    std::os::unix::fs::symlink("/nowhere", &dangling).unwrap();
    workspace.host([&dangling]).success().prints(&["refused: ", &dangling.display().to_string()]);
}

#[test]
fn e03_b05_a_name_that_is_not_found() {
    let workspace = Workspace::new();
    workspace.build();
    let directories = [workspace.root.join("first"), workspace.root.join("second dir")];
    let mut host = run_at(&workspace.output("host"), &workspace.root);
    host.args(["absent"]).env("ENGRAFT_PLUGIN_PATH", std::env::join_paths(&directories).unwrap());
    let expected = format!(
        "refused: E03: there is no plugin `absent`\n  tried: {}\n  tried: {}\n  tried: {}\n  tried: {}\n  expected: a plugin's file at one of these paths\n  \
         found: none\n  working directory: {}\nhelp: `cargo build` puts `libNAME.so` beside the program, ",
        directories[0].join("absent.so").display(),
        directories[1].join("absent.so").display(),
        workspace.output("plugins/absent.so").display(),
        workspace.output("libabsent.so").display(),
        workspace.root.display(),
    );
    Ran::of(&mut host).success().prints(&[&expected]);
}

#[test]
fn e03_a_path_that_is_not_found() {
    let workspace = Workspace::new();
    workspace.build();
    for (asked, tried) in [("there/absent.so", workspace.root.join("there/absent.so")), ("/nowhere/absent.so", "/nowhere/absent.so".into())]
    {
        let expected = format!("refused: E03: there is no plugin `{asked}`\n  tried: {}\n  expected: ", tried.display());
        workspace.host([asked]).success().prints(&[&expected]);
    }
    workspace.host([""]).success().prints(&["refused: E03: there is no plugin ``"]);
}

#[test]
fn a_plugin_that_exports_nothing() {
    let workspace = Workspace::new();
    workspace.write("plugins/one/src/lib.rs", "pub fn value() -> u32 { 1 }\n");
    workspace.write(
        "host/src/main.rs",
        "fn main() { println!(\"{}\", unsafe { engraft::open(\"one\") }.unwrap().lookup::<fn() -> u32>(\"value\").unwrap_err()) }\n",
    );
    workspace.build();
    workspace.host([] as [&str; 0]).success().prints(&["E05: the plugin `one` does not export `value`\n", "\n  it exports: nothing\n"]);
}

/// Builds the workspace with a plugin `one` that needs a shared library, `libgone.so`, and takes the library away.
pub fn build_without_library(workspace: &Workspace) {
    let source = workspace.write("gone.c", "int gone(void) { return 1; }\n");
    let library = workspace.root.join("libgone.so");
    let compiled = Command::new("cc").args(["-shared", "-fPIC", "-Wl,-soname,libgone.so", "-o"]).arg(&library).arg(&source).status();
    assert!(compiled.unwrap().success());
    workspace.append(
        "plugins/one/src/lib.rs",
        "unsafe extern \"C\" { fn gone() -> i32; }\n#[engraft::export]\npub fn call() -> i32 { unsafe { gone() } }\n",
    );
    let said = format!("cargo::rustc-link-search=native={}\\ncargo::rustc-link-lib=dylib=gone", workspace.root.display());
    workspace.write("plugins/one/build.rs", &format!("fn main() {{ println!(\"{said}\") }}\n"));
    workspace.build();
    fs::remove_file(&library).unwrap();
}

#[test]
fn e07_a_shared_library_that_is_gone_is_named() {
    let workspace = Workspace::new();
    build_without_library(&workspace);
    workspace.host(["one"]).success().prints(&[
        &format!("refused: E07: the system's loader could not map the plugin {}\n", workspace.so("one").display()),
        "\n  expected: the shared library `libgone.so`\n  found: libgone.so: cannot open shared object file: No such file or directory\n",
        "\nhelp: install `libgone.so`, or add its directory to LD_LIBRARY_PATH; `ldd ",
        "calls: 0\n",
    ]);
}

/// `strip` is what distributions do to every file.
#[test]
fn stripped_files_keep_their_manifests() {
    let workspace = Workspace::new();
    workspace.build();
    for file in [workspace.so("one"), workspace.output("host")] {
        let before = manifest(&file, |manifest| manifest.packages.len());
        let stripped = workspace.keep(&file, "stripped");
        assert!(Command::new("strip").arg(&stripped).status().unwrap().success());
        assert!(fs::metadata(&stripped).unwrap().len() < fs::metadata(&file).unwrap().len());
        assert_eq!(manifest(&stripped, |manifest| manifest.packages.len()), before);
        manifest(&stripped, |manifest| assert!(manifest.packages.iter().any(|package| package.name == "api")));
    }
}
