//! Hosts that export only what plugins may use (`export = "api"`).

use crate::harness::binary::{self, Linker};
use crate::linked;
use crate::ran::Ran;
use crate::workspace::{PLUGIN, Workspace, run_at};
use engraft_manifest::Origin;
use object::{Object, ObjectSymbol};
use std::fs;
use std::path::Path;

/// What only the host uses: a static, an initialiser, code that needs what is exported, an unmangled name, and the program's allocator.
const INSIDE: &str = r#"
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
pub static STATE: AtomicU32 = AtomicU32::new(0);
#[engraft::init]
fn start() { STATE.fetch_add(40, Relaxed); }
#[inline(never)]
pub fn secret() -> u32 { STATE.load(Relaxed) + api::twice(api::CALLS.load(Relaxed)) }
#[unsafe(no_mangle)]
pub extern "C" fn inside_unmangled() -> u32 { 7 }
#[inline(never)]
pub fn nobody_calls_this() -> u32 { STATE.load(Relaxed) + 77 }
pub static ALLOCATED: AtomicU32 = AtomicU32::new(0);
struct Counting;
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if layout.size() == 4321 { ALLOCATED.fetch_add(1, Relaxed); }
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) { unsafe { System.dealloc(place, layout) } }
}
#[global_allocator]
static ALLOCATOR: Counting = Counting;
"#;

const TWICE: &str = "#[unsafe(no_mangle)]\npub static API_UNMANGLED: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(7);\n#[inline(never)]\npub fn twice<T: Copy + std::ops::Add<Output = T>>(of: T) -> T { of + of }\n";

/// Allocates what the allocator counts.
const ALLOCATING: &str = "#[engraft::export]\npub fn allocate() -> u32 { let bytes = vec![1_u8; 4321]; u32::from(*std::hint::black_box(&bytes).last().unwrap()) }\n";

const SETTINGS: &str = "[package.metadata.engraft]\nexport = \"api\"\n";

/// A host that has the package `inside` beside what it shares with the plugin `one`.
fn with_inside() -> Workspace {
    let workspace = Workspace::new();
    workspace.append("api/src/lib.rs", TWICE);
    workspace.package("inside", crate::workspace::DEPENDENCIES, "src/lib.rs", INSIDE);
    workspace.replace("Cargo.toml", "\"host\"", "\"host\", \"inside\"");
    workspace.append("host/Cargo.toml", "inside = { path = \"../inside\" }\n");
    workspace.append("host/Cargo.toml", SETTINGS);
    workspace.replace("host/src/main.rs", "    println!(\"calls", "    println!(\"inside: {}\", inside::secret());\n    println!(\"calls");
    workspace
}

/// The names that a file shows to the system's loader, as the source has them.
fn exported(file: &Path) -> Vec<String> {
    let bytes = fs::read(file).unwrap();
    let file = object::File::parse(&*bytes).unwrap();
    // What `object` calls a definition leaves out thread-locals.
    let defined = file.dynamic_symbols().filter(|symbol| !symbol.is_undefined());
    defined.map(|symbol| format!("{:#}", rustc_demangle::demangle(symbol.name().unwrap()))).collect()
}

/// Whether a function with this in its name was linked.
fn has_code(file: &Path, function: &str) -> bool {
    let bytes = fs::read(file).unwrap();
    let file = object::File::parse(&*bytes).unwrap();
    file.symbols().any(|symbol| symbol.name().is_ok_and(|name| name.contains(function)))
}

fn origin_of(host: &Path, name: &str) -> Origin {
    linked::manifest(host, |manifest| manifest.packages.iter().find(|package| package.name == name).unwrap().origin)
}

#[test]
fn what_plugins_cant_name_is_private_and_all_else_is_shared() {
    let workspace = with_inside();
    workspace.append("plugins/one/src/lib.rs", ALLOCATING);
    workspace.replace(
        "host/src/main.rs",
        "    println!(\"inside",
        "    let one = unsafe { engraft::open(\"one\") }.unwrap();\n    one.lookup::<fn() -> u32>(\"allocate\").unwrap()();\n\
         \x20   println!(\"allocated: {}\", inside::ALLOCATED.load(std::sync::atomic::Ordering::Relaxed));\n    println!(\"inside",
    );
    for (name, linker) in [("bfd", Linker::Unnamed), ("lld", Linker::Lld)] {
        // What comes last counts, and the toolchain says where its lld is.
        let script = workspace.script(&format!("tools/{name}/cc"), &format!("#!/bin/sh\nexec cc \"$@\" -fuse-ld={name}\n"));
        for (profile, directory) in [("dev", "debug"), ("release", "release")] {
            let mut build = workspace.command(["build", "--profile", profile]);
            Ran::of(build.env("CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER", &script)).success();
            let host = workspace.target.join("engraft").join(directory).join("host");
            assert_eq!(binary::linker(&host), linker, "{name} {profile}");
            let names = exported(&host);
            let has = |start: &str| names.iter().any(|name| name.starts_with(start));
            assert!(has("api::CALLS") && has("API_UNMANGLED") && has("std::") && has("engraft::"), "{name} {profile}: {names:?}");
            assert!(!names.iter().any(|name| name.contains("inside")), "{name} {profile}");
            assert_eq!((origin_of(&host, "inside"), origin_of(&host, "api")), (Origin::Private, Origin::Bundled));
            // The linker dropped what nobody needs; the initialiser and the plugin's share of the statics are there.
            assert_eq!(["secret", "nobody_calls_this"].map(|function| has_code(&host, function)), [true, false], "{name} {profile}");
            Ran::of(&mut run_at(&host, &workspace.root)).success().prints(&["one is 1\n", "allocated: 1\n", "inside: 42\n", "calls: 1\n"]);
        }
        workspace.append("host/src/main.rs", "// Linked again.\n");
    }
}

#[test]
fn a_plugin_that_needs_more_is_refused_with_the_name_to_add() {
    let workspace = with_inside();
    workspace.plugin("two", &PLUGIN.replace("    1\n", "    inside::secret()\n"));
    workspace.append("plugins/two/Cargo.toml", "inside = { path = \"../../inside\" }\n");
    // Without a list the workspace's plugins are what counts.
    workspace.build();
    workspace.host(["two"]).success().prints(&["two is 42\n", "inside: 42\n"]);
    assert_eq!(origin_of(&workspace.output("host"), "inside"), Origin::Bundled);
    let kept = workspace.keep(&workspace.so("two"), "two.so");

    let told = [
        "inside 0.1.0: the host has it for itself alone, by `export = \"api\"`\n",
        "help: add \"inside\" to `api = […]` below [package.metadata.engraft] in the host's Cargo.toml, and then `cargo engraft build`\n",
    ];
    workspace.append("host/Cargo.toml", "api = [\"api\"]\n");
    // cargo knows nothing of the setting, and links the host again all the same.
    let ran = workspace.engraft(["build"]).ended(100).says(&["error: the plugin `two` does not fit the host "]).says(&told);
    assert!(!ran.stderr.contains("help: build host and plugin together"), "{ran}");
    let host = workspace.output("host");
    assert_eq!(origin_of(&host, "inside"), Origin::Private);
    workspace.host([&kept]).success().prints(&["refused: "]).prints(&told);
    let [host, kept] = [&host, &kept].map(|path| path.to_str().unwrap());
    workspace.engraft(["check", "--host", host, kept]).ended(100).prints(&["inside 0.1.0: the host has it for itself alone"]);
    let graph = workspace.engraft(["graph", "--format", "json", "--host", host, kept]).success();
    let graph = crate::schema::read("graph.schema.json", &graph.stdout);
    let inside = graph["packages"].as_array().unwrap().iter().position(|package| package["name"] == "inside").unwrap();
    for file in graph["files"].as_array().unwrap() {
        let tile = file["tiles"].as_array().unwrap().iter().find(|tile| tile["package"] == inside).unwrap();
        assert_eq!(tile["state"], "conflicting", "{file}");
    }
    workspace.engraft(["inspect", host]).success().prints(&["packages not exported to plugins, with their size in this file:\n"]);

    workspace.replace("host/Cargo.toml", "[\"api\"]", "[\"inside\"]");
    workspace.build();
    workspace.host(["two", "one"]).success().prints(&["two is 42\n", "one is 1\n", "calls: 2\n"]);
    workspace.replace("host/Cargo.toml", "export = \"api\"\napi = [\"inside\"]\n", "export = \"all\"\n");
    fs::remove_dir_all(workspace.root.join("plugins/two")).unwrap();
    workspace.build();
    assert_eq!(origin_of(&workspace.output("host"), "inside"), Origin::Bundled);
    workspace.replace("host/Cargo.toml", "export = \"all\"\n", "export = \"api\"\n");
    workspace.build();
    assert_eq!(origin_of(&workspace.output("host"), "inside"), Origin::Private);
}

/// What the named package `middle` depends on: state, and code that only the host, that `middle` and that nobody needs.
const DEEP: &str = r#"
use std::cell::Cell;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
static COUNT: AtomicU32 = AtomicU32::new(0);
thread_local! { static LOCAL: Cell<u32> = const { Cell::new(0) } }
#[engraft::init]
fn start() { COUNT.fetch_add(40, Relaxed); }
#[inline(never)]
pub fn for_middle() -> u32 { LOCAL.set(LOCAL.get() + 1); COUNT.fetch_add(1, Relaxed) + 1 }
#[inline(never)]
pub fn for_host() -> u32 { COUNT.load(Relaxed) + LOCAL.get() * 100 }
#[inline(never)]
pub fn for_nobody() -> u32 { COUNT.load(Relaxed) + LOCAL.get() * 1000 }
#[inline]
pub fn local() -> u32 { LOCAL.get() }
#[unsafe(no_mangle)]
#[inline(never)]
pub extern "C" fn deep_unmangled() -> u32 { 7 }
#[unsafe(no_mangle)]
#[inline(never)]
pub extern "C" fn deep_unmangled_for_nobody() -> u32 { 8 }
"#;

const MIDDLE: &str = r#"
#[inline(never)]
pub fn count() -> u32 { deep::for_middle() + deep::local() * 0 + deep::deep_unmangled() * 0 }
pub fn generic<T: Default>() -> (T, u32) { (T::default(), deep::for_nobody()) }
"#;

/// A host that names `middle`, which depends on `deep`; it also uses that itself.
fn with_deep() -> Workspace {
    let workspace = Workspace::new();
    workspace.package("deep", crate::workspace::DEPENDENCIES, "src/lib.rs", DEEP);
    workspace.package("middle", "[dependencies]\ndeep = { path = \"../deep\" }\n", "src/lib.rs", MIDDLE);
    workspace.replace("Cargo.toml", "\"host\"", "\"host\", \"deep\", \"middle\"");
    workspace.append("host/Cargo.toml", "deep = { path = \"../deep\" }\nmiddle = { path = \"../middle\" }\n");
    workspace.append("host/Cargo.toml", &format!("{SETTINGS}api = [\"api\", \"middle\"]\n"));
    workspace.replace("host/src/main.rs", "    println!(\"calls", "    println!(\"deep: {}\", deep::for_host());\n    println!(\"calls");
    // rustc links no package that nobody names.
    workspace.append("host/src/main.rs", "use middle as _;\n");
    workspace
}

/// A plugin that has `deep` and `middle`.
fn plugin_with_deep(workspace: &Workspace, name: &str, value: &str) {
    workspace.plugin(name, &PLUGIN.replace("    1\n", &format!("    {value}\n")));
    workspace.append(&format!("plugins/{name}/Cargo.toml"), "deep = { path = \"../../deep\" }\nmiddle = { path = \"../../middle\" }\n");
}

const IN_PART: &str =
    "help: add \"deep\" to `api = […]` below [package.metadata.engraft] in the host's Cargo.toml, and then `cargo engraft build`\n";

#[test]
fn of_what_named_packages_depend_on_there_is_what_is_needed_and_that_is_one() {
    let workspace = with_deep();
    plugin_with_deep(&workspace, "two", "middle::count(); deep::for_middle() + deep::local() * 100");
    for (name, linker, profile, directory) in [("bfd", Linker::Unnamed, "dev", "debug"), ("lld", Linker::Lld, "release", "release")] {
        let script = workspace.script(&format!("tools/{name}/cc"), &format!("#!/bin/sh\nexec cc \"$@\" -fuse-ld={name}\n"));
        let mut build = workspace.command(["build", "--profile", profile]);
        Ran::of(build.env("CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER", &script)).success();
        let host = workspace.target.join("engraft").join(directory).join("host");
        assert_eq!(binary::linker(&host), linker, "{name}");
        assert_eq!(["deep", "middle", "api"].map(|name| origin_of(&host, name)), [Origin::Partial, Origin::Bundled, Origin::Bundled]);
        let names = exported(&host);
        let has =
            ["middle::count", "deep::for_middle", "deep::for_host", "deep::for_nobody", "deep_unmangled", "deep_unmangled_for_nobody"];
        let has = has.map(|name| names.iter().any(|exported| exported == name));
        assert_eq!(has, [true, true, true, false, true, false], "{name}");
        assert!(names.iter().any(|name| name.starts_with("deep::LOCAL")), "{name}");
        assert!(!has_code(&host, "for_nobody17"), "{name}");
        // 40 by the initialiser, 1 by each call; the thread's own counts both.
        Ran::of(run_at(&host, &workspace.root).arg("two")).success().prints(&["two is 242\n", "deep: 242\n"]);
    }
}

#[test]
fn a_plugin_that_needs_more_than_the_part_is_refused_with_the_name_to_add() {
    let workspace = with_deep();
    plugin_with_deep(&workspace, "two", "middle::generic::<u8>().1");
    let told = "deep::for_nobody\n    of package `deep 0.1.0`, of which the host has only a part, by `export = \"api\"`\n";
    workspace.engraft(["build"]).ended(100).says(&["error: the plugin `two` would not load: the host ", told, IN_PART]);

    workspace.replace("host/Cargo.toml", "\"middle\"]", "\"middle\", \"deep\"]");
    workspace.build();
    workspace.host(["two"]).success().prints(&["two is 40\n"]);
    let nobodys = workspace.keep(&workspace.so("two"), "nobodys.so");
    workspace.replace("host/Cargo.toml", "\"middle\", \"deep\"]", "\"middle\"]");

    // Two hosts with the same packages and other code have other parts.
    plugin_with_deep(&workspace, "two", "deep::for_host()");
    workspace.build();
    workspace.host(["two"]).success().prints(&["two is 40\n"]);
    let hosts = workspace.keep(&workspace.so("two"), "hosts.so");
    workspace.replace("host/src/main.rs", "deep::for_host()", "0");
    fs::remove_dir_all(workspace.root.join("plugins/two")).unwrap();
    workspace.build();
    let [host, one] = [workspace.output("host"), workspace.so("one")].map(|path| path.to_str().unwrap().to_owned());
    for (plugin, symbol) in [(nobodys, "for_nobody"), (hosts, "for_host")] {
        let plugin = plugin.to_str().unwrap();
        let told = [symbol, "in the part that this program has of the package `deep`, by `export = \"api\"`\n", IN_PART];
        workspace.host([plugin, "one"]).success().prints(&["refused: E07: ", "one is 1\n"]).prints(&told);
        workspace.engraft(["check", "--host", &host, plugin, &one]).ended(100).prints(&["E07", "one"]).prints(&told);
    }
}

#[test]
fn a_plugin_may_not_bring_what_a_host_has_a_part_of() {
    let workspace = with_deep();
    let other = fs::read_to_string(workspace.root.join("host/src/main.rs"))
        .unwrap()
        .replace("deep::for_host()", "0")
        .replace("use middle as _;\n", "");
    workspace.package("other", crate::workspace::DEPENDENCIES, "src/main.rs", &other);
    workspace.replace("Cargo.toml", "\"host\"", "\"host\", \"other\"");
    plugin_with_deep(&workspace, "two", "deep::for_nobody()");
    let told = ["deep 0.1.0: the host has only a part of it, by `export = \"api\"`, and the plugin brings it along\n", IN_PART];
    workspace.engraft(["build"]).ended(100).says(&["error: the plugin `two` does not fit the host "]).says(&told);

    workspace.replace("plugins/two/Cargo.toml", "plugin = true\n", "plugin = true\nhosts = [\"other\"]\n");
    workspace.build();
    let two = workspace.so("two");
    Ran::of(run_at(&workspace.output("other"), &workspace.root).arg(&two)).success().prints(&["two is 40\n"]);
    workspace.host([&two]).success().prints(&["refused: "]).prints(&told);
    let [host, two] = [workspace.output("host"), two].map(|path| path.to_str().unwrap().to_owned());
    workspace.engraft(["check", "--host", &host, &two]).ended(100).prints(&told[..1]);
    workspace.engraft(["inspect", &host]).success().prints(&["packages exported to plugins, "]);
}

#[test]
fn settings_that_make_no_sense_are_told() {
    let workspace = with_inside();
    let table: [(&str, &str, &[&str]); 4] = [
        (
            "host",
            "export = \"some\"\n",
            &["failed to understand [package.metadata.engraft] in ", "unknown variant `some`, expected `all` or `api`"],
        ),
        ("host", "api = [\"api\"]\n", &["`api` names what a host exports that does not export all\nhelp: add `export = \"api\"`"]),
        ("host", "export = \"api\"\napi = [\"apy\"]\n", &["`api` names the package `apy`, and `host` does not depend on any"]),
        ("plugins/one", "export = \"api\"\n", &["`export` and `api` are settings of hosts, and `one` is a plugin\nhelp: "]),
    ];
    for (package, settings, words) in table {
        let path = format!("{package}/Cargo.toml");
        let before = fs::read_to_string(workspace.root.join(&path)).unwrap();
        let (head, _) = before.split_once(SETTINGS).unwrap_or((&before, ""));
        let text = if package == "host" {
            format!("{head}[package.metadata.engraft]\n{settings}")
        } else {
            before.replace("plugin = true\n", &format!("plugin = true\n{settings}"))
        };
        workspace.write(&path, &text);
        workspace.engraft(["build"]).ended(101).says(words);
        workspace.write(&path, &before);
    }
}
