//! A refused file leaves no trace in the process: nothing mapped, no descriptor, no code that ran, no symbol, no memory.

use crate::constructors::with_constructor;
use crate::measured;
use crate::open_others::build_without_library;
use crate::ran::Ran;
use crate::refused::{of_another_api, of_another_toolchain};
use crate::workspace::{DEPENDENCIES, PLUGIN, PLUGIN_SETTINGS, Workspace, run_at};
use object::{Object, ObjectSymbol};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Opens files that are all refused, 10,000 times in all, and looks for traces. Then it opens one that fits, to show that it would have
/// found them.
const HOST: &str = r#"
mod measured;

use engraft::{Keyring, OpenOptions};
use measured::{descriptors, given_out, mapped_files, mappings, memory};
use std::ffi::{CString, c_char, c_void};

unsafe extern "C" {
    fn dlsym(scope: *mut c_void, name: *const c_char) -> *mut c_void;
}

const REFUSALS: usize = 10_000;

/// How many of these symbols are in the global scope.
fn in_scope(names: &[String]) -> usize {
    // No handle stands for the global scope: RTLD_DEFAULT.
    let is_there = |name: &&String| {
        let name = CString::new(name.as_str()).unwrap();
        !unsafe { dlsym(std::ptr::null_mut(), name.as_ptr()) }.is_null()
    };
    names.iter().filter(is_there).count()
}

/// The error of a path after the way to take it.
fn code(keyring: &Keyring, file: &str) -> &'static str {
    let (way, path) = file.split_once(' ').unwrap();
    let error = match way {
        "open" => unsafe { engraft::open(path) }.expect_err(file),
        "copy" => unsafe { OpenOptions::new().private_copy(true).open(path) }.expect_err(file),
        "signed" => keyring.open(path).expect_err(file),
        _ => engraft::check(path).expect_err(file),
    };
    // The text is a part of it: the report of differences is put together there.
    assert!(error.to_string().contains(error.code()));
    error.code()
}

fn main() {
    let lists: Vec<Vec<String>> = std::env::args()
        .skip(1)
        .map(|list| std::fs::read_to_string(list).unwrap().lines().map(str::to_owned).collect())
        .collect();
    let [refused, of_refused, of_fitting, others] = &lists[..] else { panic!("four lists") };
    let [fitting, rewritten, by, failing, key] = &others[..] else { panic!("five files") };
    let mut keyring = Keyring::new();
    keyring.trust_file(key).unwrap();
    // To be refused, it must have been open; and an initialiser fails once.
    unsafe { engraft::open(rewritten) }.unwrap();
    let mut file = std::fs::File::options().write(true).open(rewritten).unwrap();
    std::io::Write::write_all(&mut file, &std::fs::read(by).unwrap()).unwrap();
    drop(file);
    unsafe { engraft::open(failing) }.unwrap_err();

    let before = (mapped_files(), descriptors());
    for path in refused {
        println!("{} {path}", code(&keyring, path));
        assert_eq!((mapped_files(), descriptors()), before, "{path}");
    }
    // By now everything is there that is made once, when it is needed first.
    let (mapped, given, counted) = (mappings(), given_out(), memory());
    let mut refusals = refused.len();
    while refusals < REFUSALS {
        for path in refused {
            let before = memory();
            code(&keyring, path);
            assert_eq!(memory(), before, "{path}");
        }
        refusals += refused.len();
    }
    assert_eq!(memory(), counted);
    assert_eq!(given_out(), given);
    assert_eq!(mappings(), mapped);
    assert_eq!((mapped_files(), descriptors()), before);
    assert_eq!(in_scope(of_refused), 0);
    println!("calls: {}", api::CALLS.load(std::sync::atomic::Ordering::SeqCst));

    assert_eq!(in_scope(of_fitting), 0);
    unsafe { engraft::open(fitting) }.unwrap();
    assert_eq!(in_scope(of_fitting), of_fitting.len());
    assert_ne!(mapped_files(), before.0);
}
"#;

/// A plugin that tells when its constructor runs, and has a symbol of this name.
fn telling(symbol: &str) -> String {
    let code = "println!(\"constructor\"); api::CALLS.fetch_add(1000, SeqCst);";
    format!("{}#[unsafe(no_mangle)]\npub extern \"C\" fn {symbol}() {{}}\n", with_constructor(code))
}

/// What a file adds to the global scope when it is mapped.
fn symbols(path: &Path) -> BTreeSet<String> {
    let bytes = fs::read(path).unwrap();
    let file = object::File::parse(&*bytes).unwrap();
    file.dynamic_symbols().filter(|symbol| symbol.is_definition()).map(|symbol| symbol.name().unwrap().to_owned()).collect()
}

fn list(workspace: &Workspace, name: &str, lines: impl IntoIterator<Item = impl std::fmt::Display>) -> PathBuf {
    workspace.write(name, &lines.into_iter().map(|line| format!("{line}\n")).collect::<String>())
}

/// Plugins whose bytes are not what was linked, and one whose record means nothing, though its digest is right.
fn altered(workspace: &Workspace, plugin: &Path) -> Vec<PathBuf> {
    let whole = fs::read(plugin).unwrap();
    let note = engraft_manifest::find_note(&whole, whole.len() as u64).unwrap();
    let record = note.record.as_ptr().addr() - whole.as_ptr().addr();
    let (mut flipped, mut senseless) = (whole.clone(), whole.clone());
    flipped[whole.len() / 2] ^= 1;
    senseless[record..record + 16].fill(0xff);
    engraft_manifest::seal(&mut senseless).unwrap();
    let contents = [
        ("flipped.so", flipped),
        ("senseless.so", senseless),
        ("appended.so", [&whole[..], b"more"].concat()),
        ("half.so", whole[..whole.len() / 2].to_owned()),
        ("almost.so", whole[..whole.len() - 1].to_owned()),
    ];
    contents.map(|(name, bytes)| write(workspace, name, &bytes)).into()
}

/// Plugins with signatures that do not help: none, another's, that of another build, of altered bytes, and of what does not fit.
fn signed(workspace: &Workspace, plugin: &Path, other_api: &Path) -> Vec<PathBuf> {
    for key in ["trusted", "other"] {
        workspace.engraft(["keygen", "--no-password", "--secret-key", key, "--public-key", &format!("{key}.pub")]).success();
    }
    let signed = |name: &str, file: &Path, key: &str| {
        let path = workspace.keep(file, name);
        workspace.engraft(["sign".as_ref(), "--secret-key".as_ref(), key.as_ref(), path.as_os_str()]).success();
        path
    };
    let unsigned = workspace.keep(plugin, "unsigned.so");
    let alien = signed("alien.so", plugin, "other");
    let misfit = signed("misfit.so", other_api, "trusted");
    let stale = signed("stale.so", plugin, "trusted");
    fs::copy(other_api, &stale).unwrap();
    let changed = signed("changed.so", plugin, "trusted");
    let mut bytes = fs::read(&changed).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&changed, bytes).unwrap();
    vec![unsigned, alien, misfit, stale, changed]
}

fn write(workspace: &Workspace, name: &str, bytes: &[u8]) -> PathBuf {
    let path = workspace.root.join(name);
    fs::write(&path, bytes).unwrap();
    path
}

/// Files that are no plugins, or none for this machine.
fn no_plugins(workspace: &Workspace, plugin: &Path) -> Vec<PathBuf> {
    let whole = fs::read(plugin).unwrap();
    let mut arm = whole.clone();
    // e_machine (ELF header, offset 18): AArch64.
    arm[18..20].copy_from_slice(&183u16.to_le_bytes());
    let contents: [(&str, &[u8]); 4] =
        [("empty.so", b""), ("text.so", b"INPUT(libc.so.6)\n"), ("mac.so", b"\xcf\xfa\xed\xfe\x07\0\0\x01"), ("arm.so", &arm)];
    let write = |(name, bytes)| write(workspace, name, bytes);
    let source = workspace.write(
        "library.c",
        "#include <stdio.h>\n__attribute__((constructor)) static void run(void) { puts(\"constructor\"); }\nint of_c(void) { return 9; }\n",
    );
    let library = workspace.root.join("library.so");
    assert!(Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(&source).status().unwrap().success());
    let round = workspace.root.join("round.so");
    std::os::unix::fs::symlink(&round, &round).unwrap();
    let others =
        ["absent", "/nowhere/absent.so", "/dev/null", "/bin/sh"].map(PathBuf::from).into_iter().chain([workspace.root.join("host"), round]);
    let rlib = workspace.target.join("engraft/build/debug/libone.rlib");
    contents.into_iter().map(write).chain(others).chain([library, rlib, workspace.output("host")]).collect()
}

#[test]
fn g26_h10_nothing_is_left_of_ten_thousand_refusals() {
    let workspace = Workspace::new();
    workspace.write("host/src/main.rs", HOST);
    measured::write(&workspace);
    // One that the loader refuses after all.
    workspace.plugin("one", &telling("of_unmapped"));
    build_without_library(&workspace);
    let unmapped = workspace.keep(&workspace.so("one"), "unmapped.so");
    fs::remove_file(workspace.root.join("plugins/one/build.rs")).unwrap();
    // One that borrows what only another host has.
    workspace.package("extra", "", "src/lib.rs", "pub fn extra() -> u32 { 1 }\n");
    workspace.package(
        "richer",
        &format!("{DEPENDENCIES}extra = {{ path = \"../extra\" }}\n"),
        "src/main.rs",
        "use engraft as _;\nfn main() { println!(\"{}\", extra::extra()) }\n",
    );
    workspace.replace("Cargo.toml", "\"host\"", "\"host\", \"extra\", \"richer\"");
    workspace.plugin("elsewhere", &format!("{}pub use extra::extra;\n", telling("of_elsewhere")));
    workspace.write(
        "plugins/elsewhere/Cargo.toml",
        &format!(
            "[package]\nname = \"elsewhere\"\nedition = \"2024\"\n{}{DEPENDENCIES}extra = {{ path = \"../../extra\" }}\n",
            PLUGIN_SETTINGS.replace("true\n", "true\nhosts = [\"richer\"]\n")
        ),
    );
    workspace.plugin("failing", &format!("{PLUGIN}#[engraft::init]\nfn start() {{ panic!(\"never\") }}\n"));
    // Two builds of one that are laid out alike.
    workspace.plugin("two", &PLUGIN.replace("    1\n", "    2\n"));
    workspace.plugin("one", &telling("of_refused"));
    let other_api = of_another_api(&workspace, &["one"]).remove(0);
    let by = workspace.keep(&workspace.so("two"), "by.so");
    workspace.plugin("two", PLUGIN);
    workspace.plugin("one", &telling("of_fitting"));
    workspace.build();
    // Builds the host once more.
    let foreign = of_another_toolchain(&workspace);
    let (rewritten, host) = (workspace.keep(&workspace.so("two"), "rewritten.so"), workspace.keep(&workspace.output("host"), "host"));
    let (fitting, failing) = (workspace.keep(&workspace.so("one"), "fitting.so"), workspace.keep(&workspace.so("failing"), "failing.so"));
    let elsewhere = workspace.keep(&workspace.so("elsewhere"), "elsewhere.so");
    let mut everyway = no_plugins(&workspace, &fitting);
    everyway.extend(altered(&workspace, &fitting));
    everyway.extend([elsewhere.clone(), other_api.clone(), failing.clone(), foreign]);
    let ways = |way, paths: &[PathBuf]| paths.iter().map(|path| format!("{way} {}", path.display())).collect::<Vec<_>>();
    let mut refused: Vec<String> = ["open", "copy", "check"].into_iter().flat_map(|way| ways(way, &everyway)).collect();
    // A copy of what was rewritten is as good as any plugin; what the loader says is not known without mapping.
    refused.extend([ways("open", &[rewritten.clone(), unmapped.clone()]), ways("copy", std::slice::from_ref(&unmapped))].concat());
    refused.extend(ways("signed", &signed(&workspace, &fitting, &other_api)));

    // Every plugin has an entry of one name.
    let before = &symbols(&host) | &symbols(&rewritten);
    let known = &before | &symbols(&fitting);
    let of_refused: BTreeSet<String> = [&unmapped, &elsewhere, &other_api].into_iter().flat_map(|path| &symbols(path) - &known).collect();
    let of_fitting = &symbols(&fitting) - &before;
    for name in ["of_unmapped", "of_elsewhere", "of_refused"] {
        assert!(of_refused.contains(name), "{of_refused:?}");
    }
    assert!(of_fitting.contains("of_fitting"), "{of_fitting:?}");
    let others = [fitting, rewritten, by, failing, workspace.root.join("trusted.pub")];
    let mut host = run_at(&host, &workspace.root);
    // Freed memory that a thread keeps for itself would count as given out.
    host.env("GLIBC_TUNABLES", "glibc.malloc.tcache_count=0");
    let ran = Ran::of(host.args([
        list(&workspace, "refused", &refused),
        list(&workspace, "of-refused", of_refused.iter().map(String::as_str).chain(["of_c"])),
        list(&workspace, "of-fitting", &of_fitting),
        list(&workspace, "others", others.iter().map(|path| path.display())),
    ]))
    .success();
    let codes: BTreeSet<&str> = ran.stdout.lines().filter(|line| line.starts_with('E')).map(|line| &line[..3]).collect();
    let expected = "E01 E02 E03 E04 E07 E09 E10 E11 E13 E18 E19 E20 E21";
    assert_eq!(codes.into_iter().collect::<Vec<_>>().join(" "), expected, "{ran}");
    // The one constructor that ran is that of the plugin that fits.
    assert!(ran.stdout.ends_with("\ncalls : 0\nconstructor\n") && ran.stdout.matches("constructor").count() == 1, "{ran}");
}
