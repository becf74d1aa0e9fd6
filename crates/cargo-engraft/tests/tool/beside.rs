//! Shared libraries that a plugin has looked for in its own directory, by `$ORIGIN`: no signature covers them, and a private copy has no
//! directory.

use crate::open_others::build_without_library;
use crate::ran::Ran;
use crate::tool;
use crate::workspace::Workspace;
use engraft_manifest::{Dynamic, seal};
use std::fs;
use std::path::{Path, PathBuf};

/// Opens a plugin in the way that is asked for.
const HOST: &str = r#"
fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut keyring = engraft::Keyring::new();
    for pair in arguments.chunks(2) {
        let (way, path) = (&*pair[0], &pair[1]);
        let opened = match way {
            "open" => unsafe { engraft::open(path) },
            "copy" => unsafe { engraft::OpenOptions::new().private_copy(true).open(path) },
            "key" => {
                keyring.trust_file(path).unwrap();
                continue;
            }
            "alone" => {
                keyring.refuse_other_libraries(true);
                let checked = keyring.check(path).map(drop).map_err(|error| error.to_string());
                let opened = keyring.open(path);
                assert_eq!(checked, opened.as_ref().map(drop).map_err(|error| error.to_string()));
                opened
            }
            _ => keyring.refuse_other_libraries(false).open(path),
        };
        match opened {
            Ok(plugin) => println!("{way} gives {}", plugin.lookup::<fn() -> i32>("call").map_or(0, |call| call())),
            Err(error) => println!("{way} refused: {error}"),
        }
    }
    println!("calls: {}", api::CALLS.load(std::sync::atomic::Ordering::Relaxed));
}
"#;

/// Its name stands among the names of the file, where a `DT_RUNPATH` can refer to it: so no other linker flags, with which everything
/// would be compiled anew, are needed.
const PATH: &str = "$ORIGIN/../lib:/opt:/nowhere/lib";

/// Puts a `DT_RUNPATH` into the place of `DT_RELACOUNT`, which only saves the loader time.
fn set_runpath(plugin: &Path) {
    const RELACOUNT: u64 = 0x6fff_fff9;
    const RUNPATH: u64 = 29;
    let mut bytes = fs::read(plugin).unwrap();
    let find = |bytes: &[u8], wanted: &[u8]| bytes.windows(wanted.len()).position(|window| window == wanted).unwrap();
    let strings = {
        use object::{Object, ObjectSection};
        let file = object::File::parse(&*bytes).unwrap();
        file.section_by_name(".dynstr").unwrap().file_range().unwrap().0 as usize
    };
    let name = strings + find(&bytes[strings..], PATH.as_bytes());
    let dynamic = {
        use object::{Object, ObjectSection};
        let file = object::File::parse(&*bytes).unwrap();
        file.section_by_name(".dynamic").unwrap().file_range().unwrap().0 as usize
    };
    let entry = dynamic + find(&bytes[dynamic..], &RELACOUNT.to_le_bytes());
    bytes[entry..entry + 8].copy_from_slice(&RUNPATH.to_le_bytes());
    bytes[entry + 8..entry + 16].copy_from_slice(&((name - strings) as u64).to_le_bytes());
    seal(&mut bytes).unwrap();
    assert_eq!(Dynamic::read(&bytes).unwrap().runpath.as_deref(), Some(PATH.as_bytes()));
    fs::write(plugin, bytes).unwrap();
}

/// A signed plugin in `kept/plugins`, and the library that it needs in `kept/lib`.
fn with_library_beside() -> (Workspace, PathBuf) {
    let workspace = Workspace::new();
    workspace.write("host/src/main.rs", HOST);
    let named = format!("#[unsafe(export_name = \"{PATH}\")]\npub static PATH: u8 = 0;\n");
    workspace.append("plugins/one/src/lib.rs", &named);
    build_without_library(&workspace);
    let plugin = workspace.keep(&workspace.so("one"), "plugins/one.so");
    set_runpath(&plugin);
    let library = workspace.root.join("kept/lib/libgone.so");
    fs::create_dir_all(library.parent().unwrap()).unwrap();
    let source = workspace.root.join("gone.c");
    let compile =
        std::process::Command::new("cc").args(["-shared", "-fPIC", "-Wl,-soname,libgone.so", "-o"]).args([&library, &source]).status();
    assert!(compile.unwrap().success());
    (workspace, plugin)
}

#[test]
fn private_copy_that_looks_for_libraries_in_origin_says_why() {
    let (workspace, plugin) = with_library_beside();
    let path = plugin.display().to_string();
    workspace.host(["open", &path]).success().prints(&["open gives 1\n"]);
    workspace.host(["copy", &path]).success().prints(&[
        "copy refused: E07: the system's loader could not map the plugin ",
        "\n  expected: the shared library `libgone.so`, which the plugin has looked for in `$ORIGIN`, its own directory\n",
        "\nhelp: a private copy, and a later file at the path of an open plugin, are in no directory: install `libgone.so`",
    ]);
    // Where the loader finds it elsewhere, nothing is missing.
    let mut host = crate::workspace::run_at(&workspace.output("host"), &workspace.root);
    host.args(["copy", &path]).env("LD_LIBRARY_PATH", workspace.root.join("kept/lib"));
    Ran::of(&mut host).success().prints(&["copy gives 1\n"]);

    // What the signature does not cover is shown to whoever signs and verifies, and a keyring can refuse it.
    let tool = |arguments: &[&str]| Ran::of(tool::engraft(&workspace.root, &workspace.target).args(arguments).arg(&plugin));
    Ran::of(tool::engraft(&workspace.root, &workspace.target).args(["keygen", "--no-password"])).success();
    let beside =
        ["needs libgone.so", "looks in $ORIGIN/../lib: a private copy, which a keyring opens, is in no directory", "looks in /nowhere/lib"];
    tool(&["sign"]).success().says(&beside);
    tool(&["verify", "-p", "engraft.pub"]).success().prints(&beside);
    let key = workspace.root.join("engraft.pub").display().to_string();
    let library = workspace.root.join("kept/lib");
    let keyring = |way: &str| {
        let mut host = crate::workspace::run_at(&workspace.output("host"), &workspace.root);
        Ran::of(host.args(["key", &key, way, &path]).env("LD_LIBRARY_PATH", &library)).success()
    };
    keyring("signed").prints(&["signed gives 1\n"]);
    keyring("alone").prints(&[
        "alone refused: E27: the plugin ",
        " needs libraries that nobody has signed\n",
        "\n  found: `libgone.so`, which is not loaded\n",
    ]);
    // What a plugin needs without such a library is loaded.
    fs::remove_file(workspace.root.join("plugins/one/build.rs")).unwrap();
    workspace.write(
        "plugins/one/src/lib.rs",
        "#[engraft::export]\npub fn call() -> i32 { 5 + api::CALLS.load(std::sync::atomic::Ordering::Relaxed) as i32 }\n",
    );
    workspace.build();
    fs::copy(workspace.so("one"), &plugin).unwrap();
    tool(&["sign"]).success();
    keyring("alone").prints(&["alone gives 5\n"]);
}
