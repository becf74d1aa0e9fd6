//! What Engraft relies on and rustc does not promise, broken by hand: each is a clear error that names it. `src/link/audit` lists them all.

use crate::ran::Ran;
use crate::workspace::Workspace;
use std::path::PathBuf;

/// Calls the compiler, and then edits the library of the crate `mine`, whose path is `$lib`.
const EDITING_WRAPPER: &str = r#"#!/bin/sh
"$@" || exit
case "$*" in *"--crate-name mine "*) ;; *) exit 0 ;; esac
for word; do
    case $last in --out-dir) out=$word ;; esac
    case $word in extra-filename=*) end=${word#extra-filename=} ;; esac
    last=$word
done
lib=$out/libmine$end.rlib
cd "$(mktemp -d)" || exit
EDIT
"#;

/// The compiler, with a linker in front of the one that it is told, which edits its arguments.
const EDITING_COMPILER: &str = r#"#!/bin/sh
tools=$(dirname "$0")
for word; do
    shift
    case $word in
    -Clinker=*/linkers/cc)
        printf '#!/bin/sh\nfor word; do shift; set -- "$@" "$(echo "$word" | sed "EDIT")"; done\nexec %s "$@"\n' "${word#-Clinker=}" > "$tools/cc"
        chmod +x "$tools/cc"
        word=-Clinker=$tools/cc ;;
    esac
    set -- "$@" "$word"
done
exec rustc "$@"
"#;

const SUPPORTED: &str = "; Engraft supports rustc 1.95 to ";
const HELP: &str = "\nhelp: build with one of these: `cargo +1.95 engraft build`";

/// A plugin that has the package `mine`, and its host does not.
fn with_a_package() -> Workspace {
    let workspace = Workspace::new();
    workspace.replace("Cargo.toml", "\"host\"", "\"host\", \"mine\"");
    workspace.package("mine", "", "src/lib.rs", "#[inline(never)]\npub fn mine() -> u32 { std::process::id() }\n");
    workspace.append("plugins/one/Cargo.toml", "mine = { path = \"../../mine\" }\n");
    workspace.append("plugins/one/src/lib.rs", "#[engraft::export]\npub fn mine() -> u32 { mine::mine() }\n");
    workspace
}

/// The member of one of the toolchain's libraries that holds metadata, of which it has only the beginning.
fn core() -> PathBuf {
    let ran = Ran::of(std::process::Command::new("rustc").args(["--print", "target-libdir"])).success();
    let libraries = std::fs::read_dir(ran.stdout.trim()).unwrap().map(|entry| entry.unwrap().path());
    let is_core = |path: &PathBuf| path.extension().is_some_and(|kind| kind == "rlib") && path.display().to_string().contains("/libcore-");
    libraries.into_iter().find(is_core).unwrap()
}

#[test]
fn library_in_another_form_is_refused() {
    let workspace = with_a_package();
    let with_a_stub = format!("ar p {} lib.rmeta > lib.rmeta && ar r \"$lib\" lib.rmeta", core().display());
    for (edit, what) in [
        ("ar d \"$lib\" lib.rmeta", "this version of rustc keeps a library's metadata elsewhere than in its member `lib.rmeta`"),
        (&*with_a_stub, "this version of rustc leaves the metadata out of libraries (`-Z embed-metadata=no`)"),
        (
            "ar x \"$lib\" && ar d \"$lib\" *.rcgu.o && for o in *.rcgu.o; do mv \"$o\" \"${o%.rcgu.o}.o\"; done && ar r \"$lib\" *-cgu.*.o",
            "names the objects of a library otherwise than `….rcgu.o`: `mine-",
        ),
    ] {
        let wrapper = workspace.script("tools/wrap", &EDITING_WRAPPER.replace("EDIT", edit));
        workspace.append("mine/src/lib.rs", "// Compiled again.\n");
        let ran = Ran::of(workspace.command(["build"]).env("RUSTC_WRAPPER", wrapper));
        ran.ended(101).says(&[what, SUPPORTED, HELP]).never_says(&["linking with", "process didn't exit"]);
    }
    // Without an edit all is well.
    workspace.append("mine/src/lib.rs", "// Compiled again.\n");
    workspace.build();
}

#[test]
fn linker_arguments_in_another_form_are_refused() {
    let workspace = with_a_package();
    let compiler = |edit: &str| workspace.script("tools/compile", &EDITING_COMPILER.replace("EDIT", edit));
    let build = |edit: &str| Ran::of(workspace.command(["build"]).env("RUSTC", compiler(edit)));
    build("s/^$//").success();
    for (edit, what) in [
        ("s#/list$#/exports#", "gives the linker no list of exported symbols (`--version-script`) that Engraft knows"),
        ("s#^/.*/\\\\(lib[a-z_]*-[0-9a-f]*\\\\).rlib#-l:\\\\1.rlib#", "does not name the Rust libraries of a link by their paths"),
    ] {
        workspace.append("plugins/one/src/lib.rs", "// Linked again.\n");
        build(edit).ended(101).says(&["error: rustc 1.", what, SUPPORTED, HELP]).never_says(&["linking with"]);
    }
}

/// With `-Z` flags, which the variable lets any compiler take.
#[test]
fn hidden_symbols_of_libraries_are_refused() {
    let workspace = Workspace::new();
    let mut command = workspace.command(["build"]);
    let ran = Ran::of(command.env("RUSTC_BOOTSTRAP", "1").env("RUSTFLAGS", "-Zdefault-visibility=hidden"));
    let what = "hides the symbols of libraries (`-Z default-visibility`)";
    ran.ended(101).says(&[what, SUPPORTED, HELP]).never_says(&["linking with", "process didn't exit"]);
}
