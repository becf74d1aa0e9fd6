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

/// The compiler, with `tools/cc` in front of the linker that it is told, which is in `$DRIVER`.
pub const COMPILER: &str = r#"#!/bin/sh
tools=$(dirname "$0")
for word; do
    shift
    case $word in -Clinker=*/linkers/cc) export DRIVER="${word#-Clinker=}"; word=-Clinker=$tools/cc ;; esac
    set -- "$@" "$word"
done
exec rustc "$@"
"#;

/// Edits the arguments of every link.
const EDITING_LINKER: &str = r#"#!/bin/sh
for word; do shift; set -- "$@" "$(echo "$word" | sed "EDIT")"; done
exec "$DRIVER" "$@"
"#;

/// Finds the function by which std allocates, in the object that rustc makes for each link, and goes on with `EDIT`.
const ALLOCATOR_LINKER: &str = r#"#!/bin/sh
tools=$(dirname "$0")
for word; do
    case $word in
    -shared) shared=yes ;;
    *.o) name=$(nm --defined-only "$word" | sed -n 's/.* \(_R[^ ]*7___rustc12___rust_alloc\)$/\1/p')
        [ -z "$name" ] || { object=$word; alloc=$name; } ;;
    esac
done
# An archive with a function of this name, which goes on to another.
detour() {
    printf '.globl %s\n%s\n.type %s, @function\n.text\n%s: jmp %s@PLT\n' "$alloc" "$1" "$alloc" "$alloc" "$2" | as -o "$tools/detour.o" -
    rm -f "$tools/libdetour.a" && ar rc "$tools/libdetour.a" "$tools/detour.o" 2> /dev/null
}
EDIT
exec "$DRIVER" "$@"
"#;

/// cargo, with `tools/name` in front of the wrapper that it is told, which is in `$WRAPPER`.
const CARGO: &str = r#"#!/bin/sh
[ -z "$RUSTC_WRAPPER" ] || { export WRAPPER="$RUSTC_WRAPPER"; export RUSTC_WRAPPER="$(dirname "$0")/name"; }
exec cargo "$@"
"#;

/// Has the compiler write the crate `mine` to files of other names.
const NAMING_WRAPPER: &str = r#"#!/bin/sh
case "$*" in *"--crate-name mine "*)
    for word; do shift; set -- "$@" "$(echo "$word" | sed 's/^extra-filename=-/extra-filename=_/')"; done ;;
esac
exec "$WRAPPER" "$@"
"#;

/// Has code of the crate `mine` refer to what it defines and shares by its place (`dso_local`).
const DIRECT_WRAPPER: &str = r#"#!/bin/sh
case "$*" in *"--crate-name mine "*) export RUSTC_BOOTSTRAP=1; exec "$@" -Zdirect-access-external-data=yes ;; esac
exec "$@"
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
    let compiler = workspace.script("tools/compile", COMPILER);
    let build = |edit: &str| {
        workspace.script("tools/cc", &EDITING_LINKER.replace("EDIT", edit));
        workspace.append("plugins/one/src/lib.rs", "// Linked again.\n");
        Ran::of(workspace.command(["build"]).env("RUSTC", &compiler))
    };
    build("s/^$//").success();
    for (edit, what) in [
        ("s,/list$,/exports,", "gives the linker no list of exported symbols (`--version-script`) that Engraft knows"),
        (r"s#^/.*/\(lib[a-z_]*-[0-9a-f]*\).rlib#-l:\1.rlib#", "does not name the Rust libraries of a link by their paths"),
        (r"s,/libcore-[0-9a-f]*\.rlib$,/libcore.rlib,", "/libcore.rlib`, without a hash"),
    ] {
        build(edit).ended(101).says(&["error: rustc 1.", what, SUPPORTED, HELP]).never_says(&["linking with"]);
    }
}

#[test]
fn libraries_of_other_file_names_are_refused() {
    let workspace = with_a_package();
    let cargo = workspace.script("tools/cargo", CARGO);
    let build = || Ran::of(workspace.command(["build"]).env("CARGO", &cargo));
    workspace.script("tools/name", "#!/bin/sh\nexec \"$WRAPPER\" \"$@\"\n");
    build().success();
    workspace.script("tools/name", NAMING_WRAPPER);
    workspace.append("mine/src/lib.rs", "// Compiled again.\n");
    let (what, ending) = ("this version of cargo gives libraries names that end in `_", "` and not in `-` and 16 hexadecimal digits");
    build().ended(101).says(&[what, ending, SUPPORTED, HELP]).never_says(&["process didn't exit"]);
}

#[test]
fn code_that_reaches_shared_functions_directly_is_refused() {
    let workspace = with_a_package();
    workspace.append("mine/src/lib.rs", "pub fn twice() -> u32 { mine() + mine() }\n");
    let wrapper = workspace.script("tools/wrap", DIRECT_WRAPPER);
    let build = || Ran::of(workspace.command(["build"]).env("RUSTC_WRAPPER", &wrapper));
    let what = "has code of `mine 0.1.0` refer directly to what it shares, so that each file would use its own: mine::mine";
    build().ended(101).says(&["error: rustc 1.", what, SUPPORTED, HELP]).never_says(&["linking with"]);
    // Code within one function names nothing that is shared.
    workspace.replace("mine/src/lib.rs", "mine() + mine()", "0");
    build().success();
}

#[test]
fn allocator_of_another_name_is_refused() {
    /// Another name in rustc's object. std's calls still arrive, by a function that no plugin can find.
    const RENAMED: &str = r#"
objcopy --redefine-sym "$alloc=${alloc}_v2" "$object" "$tools/shim.o" && detour ".hidden $alloc" "${alloc}_v2" || exit
for word; do shift; [ "$word" != "$object" ] || word=$tools/shim.o; set -- "$@" "$word"; done
set -- "$@" "$tools/libdetour.a"
"#;
    /// A function of that name in a plugin.
    const OF_PLUGIN: &str = r#"
[ -z "$shared" ] || { detour "" malloc && set -- "$@" -Wl,--whole-archive "$tools/libdetour.a" -Wl,--no-whole-archive; } || exit
"#;
    let workspace = Workspace::new();
    let compiler = workspace.script("tools/compile", COMPILER);
    for (edit, what) in [
        (RENAMED, "does not call the allocator's functions `__rust_alloc` and so on"),
        (OF_PLUGIN, "gives a plugin an allocator of its own"),
    ] {
        workspace.script("tools/cc", &ALLOCATOR_LINKER.replace("EDIT", edit));
        let ran = Ran::of(workspace.command(["build"]).env("RUSTC", &compiler));
        ran.ended(101).says(&["error: rustc 1.", what, SUPPORTED, HELP]).never_says(&["linking with"]);
    }
    workspace.script("tools/cc", &ALLOCATOR_LINKER.replace("EDIT", ""));
    Ran::of(workspace.command(["build"]).env("RUSTC", &compiler)).success();
    workspace.host(["one"]).success().prints(&["one is 1\n"]);
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
