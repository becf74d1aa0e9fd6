//! What opening and calling take: no more instructions than when it was last looked into, and pages that are used together stand together.

use crate::callgrind::{functions, instructions};
use crate::workspace::Workspace;
use object::{Object, ObjectSection, ObjectSegment, ObjectSymbol, SegmentFlags};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

/// What is counted is what these functions call.
const HOST: &str = r#"
use std::hint::black_box;

#[unsafe(no_mangle)]
#[inline(never)]
pub fn measured_first_open(path: &String) -> engraft::Plugin {
    unsafe { engraft::open(path) }.unwrap()
}

#[unsafe(no_mangle)]
#[inline(never)]
pub fn measured_second_open(path: &String) -> engraft::Plugin {
    unsafe { engraft::open(path) }.unwrap()
}

#[unsafe(no_mangle)]
#[inline(never)]
pub fn measured_lookup(plugin: engraft::Plugin) -> &'static fn() -> u32 {
    plugin.lookup("value").unwrap()
}

#[unsafe(no_mangle)]
#[inline(never)]
pub fn measured_calls(value: &fn() -> u32) -> u32 {
    (0..1000).map(|_| black_box(value)()).sum()
}

fn main() {
    let paths: Vec<String> = std::env::args().skip(1).collect();
    let plugin = measured_first_open(&paths[0]);
    measured_second_open(&paths[1]);
    assert_eq!(measured_calls(measured_lookup(plugin)), 1000);
}
"#;

/// Instructions, by rustc 1.95. Whoever saves some writes the lower number here, so that nobody spends them again unseen.
const COUNTED: [(&str, u64); 4] =
    [("measured_first_open", 31_578), ("measured_second_open", 30_762), ("measured_lookup", 99), ("measured_calls", 10_017)];
/// What other paths to the files may add or take: a share, and so many at least.
const ROOM: f64 = 0.03;
const AT_LEAST: f64 = 100.0;

/// Built once.
static BUILT: LazyLock<Built> = LazyLock::new(|| {
    let workspace = Workspace::new();
    workspace.write("host/src/main.rs", HOST);
    workspace.plugin("two", crate::workspace::PLUGIN);
    workspace.engraft(["build", "--release"]).success();
    // Out of the workspace, whose target directory is for others then.
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("instructions");
    let keep = |file: &str| {
        let (built, kept) = (workspace.target.join("engraft/release").join(file), directory.join(file));
        std::fs::create_dir_all(kept.parent().unwrap()).unwrap();
        std::fs::copy(built, &kept).unwrap();
        kept
    };
    let host = keep("host");
    let plugins = ["one", "two"].map(|name| keep(&format!("plugins/{name}.so")).display().to_string());
    let version = Command::new("rustc").arg("--version").output().unwrap();
    let other_compiler = !String::from_utf8_lossy(&version.stdout).contains(" 1.95.");
    Built { host, plugins, other_compiler, directory }
});

struct Built {
    host: PathBuf,
    plugins: [String; 2],
    /// Another compiler generates other code, which can only be held to the order of magnitude.
    other_compiler: bool,
    directory: PathBuf,
}

#[test]
fn opening_and_calling_take_no_more_instructions_than_they_did() {
    if crate::skipped::unless_valgrind_is_there("instructions of opening and calling") {
        return;
    }
    let Built { host, plugins, other_compiler, directory } = &*BUILT;
    let plugins = plugins.each_ref().map(String::as_str);
    let found = COUNTED.map(|(function, _)| instructions(host, &plugins, function, directory));
    let room = if *other_compiler { 0.5 } else { ROOM };
    let mut differing = String::new();
    for ((function, counted), found) in COUNTED.iter().zip(found) {
        if (found.sum() as f64 - *counted as f64).abs() > (room * *counted as f64).max(AT_LEAST) {
            differing += &format!("{function}: expected {counted} within {room}, found {}, of which\n{}", found.sum(), found.largest());
        }
    }
    assert!(differing.is_empty(), "{differing}");
}

/// Bytes that the system maps at a page fault: so many, from a multiple of as many on (`fault_around_bytes`, `mm/memory.c`).
const MAPPED_AT_ONCE: u64 = 64 << 10;

#[test]
fn the_functions_that_an_open_takes_stand_side_by_side() {
    if crate::skipped::unless_valgrind_is_there("the functions of an open") {
        return;
    }
    let Built { host, plugins, other_compiler, directory } = &*BUILT;
    let bytes = std::fs::read(host).unwrap();
    let file = object::File::parse(&*bytes).unwrap();
    let addresses: BTreeMap<&str, u64> =
        file.symbols().filter(|symbol| !symbol.is_undefined()).map(|symbol| (symbol.name().unwrap(), symbol.address())).collect();
    let mut windows: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    // By its name, for which more is done than for a path.
    for function in functions(host, &["one", &plugins[1]], "measured_first_open", directory) {
        // A part of a function that calls itself has a number behind.
        let Some(address) = addresses.get(function.split('\'').next().unwrap()) else { continue };
        windows.entry(address / MAPPED_AT_ONCE).or_default().push(format!("{:#}", rustc_demangle::demangle(&function)));
    }
    // The last is `pthread_atfork`, which comes from the C library's archive: only functions of packages are put in order.
    let allowed = if *other_compiler { 9 } else { 6 };
    assert!(
        windows.len() <= allowed,
        "they stand in {} places; those that are not listed belong into src/link/open_path.txt:\n{windows:#?}",
        windows.len()
    );
}

#[test]
fn a_plugins_constants_are_mapped_with_its_code() {
    let bytes = std::fs::read(&BUILT.plugins[0]).unwrap();
    let file = object::File::parse(&*bytes).unwrap();
    let linker = file.section_by_name(".comment").unwrap().data().unwrap();
    if !linker.windows(3).any(|name| name == b"LLD") {
        return crate::skipped::tell("constants mapped with code: the toolchain's linker is not lld");
    }
    let flags = file.segments().map(|segment| match segment.flags() {
        SegmentFlags::Elf { p_flags, .. } => p_flags.0,
        other => panic!("{other:?}"),
    });
    // Execute, write and read are the bits 1, 2 and 4 (System V ABI, "Program Header").
    assert_eq!(flags.collect::<Vec<_>>(), [5, 6, 6]);
}
