//! Constructors and destructors of packages: each runs once in a process, whoever brings the package, and outside of the system loader's lock.

use crate::ran::Ran;
use crate::workspace::{DEPENDENCIES, PLUGIN, PLUGIN_SETTINGS, Workspace, run_at};
use std::process::Command;

/// A plugin whose constructor runs `code`.
pub fn with_constructor(code: &str) -> String {
    format!(
        "{PLUGIN}\nuse std::sync::atomic::Ordering::SeqCst;\nextern \"C\" fn constructor() {{\n{code}\n}}\n\
         #[used]\n#[unsafe(link_section = \".init_array\")]\nstatic CONSTRUCTOR: extern \"C\" fn() = constructor;\n"
    )
}

/// Rust with a list of each kind. Output goes past all buffers: what C and Rust print is in order.
const BASE: &str = r#"
use std::ffi::{CStr, CString, c_char, c_int};

type Function = extern "C" fn(c_int, *const *const c_char, *const *const c_char);

pub fn say(text: &str) {
    unsafe extern "C" { fn dprintf(descriptor: c_int, format: *const c_char, ...) -> c_int; }
    unsafe { dprintf(1, c"%s\n".as_ptr(), CString::new(text).unwrap().as_ptr()) };
}

extern "C" fn first(_: c_int, _: *const *const c_char, _: *const *const c_char) { say("base first"); }

extern "C" fn up(count: c_int, arguments: *const *const c_char, environment: *const *const c_char) {
    let arguments: Vec<_> = (0..count as usize).map(|index| unsafe { CStr::from_ptr(*arguments.add(index)) }.to_str().unwrap()).collect();
    assert!(std::env::args().eq(arguments.iter().copied()));
    assert!(unsafe { arguments.len() == 4 && !environment.is_null() && (*environment).is_null() == std::env::vars_os().next().is_none() });
    say("base up");
}

extern "C" fn down(_: c_int, _: *const *const c_char, _: *const *const c_char) { say("base down"); }

#[used] #[unsafe(link_section = ".preinit_array")] static FIRST: Function = first;
#[used] #[unsafe(link_section = ".init_array")] static UP: Function = up;
#[used] #[unsafe(link_section = ".fini_array")] static DOWN: Function = down;

pub fn touch() {}
"#;

/// C++ with a variable that has a constructor, and functions that compilers list. `late` and `rare` are in object files of their own, of
/// which a file has those that it needs.
const CXX: [(&str, &str); 4] = [
    (
        "native.cc",
        r#"
        #include <cstdio>
        #include <map>
        #include <string>
        struct Registry {
            std::map<std::string, int> entries;
            Registry() { dprintf(1, "registry up\n"); }
            ~Registry() { dprintf(1, "registry down, %zu\n", entries.size()); }
        };
        static Registry registry __attribute__((init_priority(200)));
        extern "C" int enter(const char *name) { registry.entries[name] += 1; return registry.entries.size(); }
        static int runs;
        __attribute__((constructor)) static void up() { dprintf(1, "native up %d\n", ++runs); }
        __attribute__((constructor(150))) static void early() { dprintf(1, "native early\n"); }
        __attribute__((destructor)) static void down() { dprintf(1, "native down\n"); }
        "#,
    ),
    (
        "older.S",
        r#"
        .section .ctors, "aw"
        .quad older_second, older_first
        .text
        older_first: lea first(%rip), %rsi; jmp say
        older_second: lea second(%rip), %rsi; jmp say
        say: mov $1, %edi; xor %eax, %eax; jmp dprintf@PLT
        .globl older
        .type older, @function
        older: ret
        .section .rodata
        first: .string "older first\n"
        second: .string "older second\n"
        .section .note.GNU-stack, "", @progbits
        "#,
    ),
    (
        "rare.cc",
        r#"
        #include <cstdio>
        __attribute__((constructor)) static void up() { dprintf(1, "rare up\n"); }
        extern "C" int rare() { return 1; }
        "#,
    ),
    (
        "beside.cc",
        r#"
        #include <cstdio>
        __attribute__((constructor)) static void up() { dprintf(1, "beside up\n"); }
        __attribute__((destructor)) static void down() { dprintf(1, "beside down\n"); }
        extern "C" int beside() { return 1; }
        "#,
    ),
];

/// Compiles them as the `cc` crate would: three into the package, one beside it.
const BUILD_SCRIPT: &str = r#"
fn main() {
    let out = std::env::var("OUT_DIR").unwrap();
    let run = |program: &str, arguments: &[&str]| assert!(std::process::Command::new(program).args(arguments).status().unwrap().success());
    let object = |source: &str| {
        let object = format!("{out}/{source}.o");
        run("g++", &["-c", "-fPIC", "-O1", "-o", &object, &format!("src/{source}")]);
        object
    };
    for (archive, sources) in [("native", &["native.cc", "older.S", "rare.cc"][..]), ("beside", &["beside.cc"])] {
        let archive = format!("{out}/lib{archive}.a");
        let _ = std::fs::remove_file(&archive);
        let objects: Vec<String> = sources.iter().map(|source| object(source)).collect();
        run("ar", &[&["crs", &archive][..], &objects.iter().map(String::as_str).collect::<Vec<_>>()].concat());
    }
    println!("cargo::rustc-link-search=native={out}");
    println!("cargo::rustc-link-lib=static=native");
    println!("cargo::rustc-link-lib=static:-bundle=beside");
    println!("cargo::rustc-link-lib=stdc++");
}
"#;

const NATIVE: &str = r#"
unsafe extern "C" { fn enter(name: *const std::ffi::c_char) -> u32; fn older(); fn beside() -> u32; }
pub fn entries(name: &std::ffi::CStr) -> u32 {
    base::touch();
    unsafe { older() };
    unsafe { enter(name.as_ptr()) * beside() }
}
"#;

/// A function that only one plugin asks for, by a package of its own.
const RARE: &str = "unsafe extern \"C\" { fn rare() -> u32; }\npub fn call() -> u32 { native::entries(c\"rare\"); unsafe { rare() } }\n";

/// The name is the plugin's; every plugin has a constructor of its own too.
fn entering(plugin: &str, more: &str) -> String {
    let code = format!("base::say(\"{plugin} up\"); let _ = SeqCst;");
    with_constructor(&code).replace("    1\n", &format!("    {more}native::entries(c\"{plugin}\")\n"))
}

#[test]
fn g35_constructors_and_destructors_run_once_whoever_brings_them() {
    let workspace = Workspace::new();
    workspace.replace("Cargo.toml", "\"plugins/*\"", "\"plugins/*\", \"base\", \"native\", \"rare\"");
    workspace.package("base", "", "src/lib.rs", BASE);
    workspace.package("native", "[dependencies]\nbase = { path = \"../base\" }\n", "src/lib.rs", NATIVE);
    for (file, source) in CXX {
        workspace.write(&format!("native/src/{file}"), source);
    }
    workspace.write("native/build.rs", BUILD_SCRIPT);
    workspace.package("rare", "[dependencies]\nnative = { path = \"../native\" }\n", "src/lib.rs", RARE);
    for (name, more) in [("one", ""), ("two", "rare::call();\n    ")] {
        workspace.plugin(name, &entering(name, more));
        for package in ["base", "native", "rare"] {
            workspace.append(&format!("plugins/{name}/Cargo.toml"), &format!("{package} = {{ path = \"../../{package}\" }}\n"));
        }
    }
    workspace.build();
    let older = workspace.keep(&workspace.so("one"), "one.so");
    workspace.replace("plugins/one/src/lib.rs", "\"one up\"", "\"newer up\"");
    workspace.build();

    let first = "beside up\nbase first\nbase up\nnative early\nregistry up\nnative up 1\nolder first\nolder second\n";
    let ran = workspace.host([older.to_str().unwrap(), "two", "one"]).success();
    assert_eq!(
        ran.stdout,
        format!(
            "{first}one up\none is 1\nrare up\ntwo up\ntwo is 3\nnewer up\none is 3\ncalls: 3\n\
             registry down, 3\nnative down\nbase down\nbeside down\n"
        ),
        "{ran}"
    );
}

/// Two threads: the one's constructor waits for a thread that opens what the other is about to open. Were the loader's lock held
/// meanwhile, none of them would ever end.
const HOST: &str = r#"
use std::sync::atomic::Ordering::SeqCst;

fn wait_for(state: u32) {
    while api::CALLS.load(SeqCst) != state {
        std::thread::yield_now();
    }
}

fn main() {
    let other = std::thread::spawn(|| {
        api::CALLS.store(1, SeqCst);
        wait_for(2);
        println!("{}", unsafe { engraft::open("two") }.unwrap().name());
    });
    wait_for(1);
    println!("{}", unsafe { engraft::open("one") }.unwrap().name());
    other.join().unwrap();
}
"#;

#[test]
fn constructor_waits_for_thread_that_opens_plugin() {
    let workspace = Workspace::new();
    let code = "api::CALLS.store(2, SeqCst); std::thread::spawn(|| unsafe { engraft::open(\"two\") }.unwrap()).join().unwrap();";
    workspace.plugin("one", &with_constructor(code));
    workspace.plugin("two", PLUGIN);
    workspace.write("host/src/main.rs", HOST);
    workspace.build();
    for _ in 0..20 {
        workspace.host([] as [&str; 0]).success().prints(&["one\n", "two\n"]);
    }
}

#[test]
fn constructor_that_opens_its_own_plugin_gets_error() {
    let workspace = Workspace::new();
    let code = "println!(\"{}\", unsafe { engraft::open(\"one\") }.unwrap_err()); let _ = SeqCst;";
    workspace.plugin("one", &with_constructor(code));
    workspace.build();
    workspace.host(["one"]).success().prints(&["E12: the plugin ", "one is 1\n"]);
}

/// Constructors of shared libraries are the loader's: while it runs them, others can't see what the plugin brings.
#[test]
fn constructor_of_needed_library_can_not_open_plugin_that_shares_a_package() {
    let workspace = Workspace::new();
    let source = "void hook(void) __attribute__((weak));\n\
                  __attribute__((constructor)) static void up(void) { if (hook) hook(); }\nint needed(void) { return 1; }\n";
    let source = workspace.write("needed.c", source);
    let library = workspace.root.join("libneeded.so");
    let compiled = Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(&source).status().unwrap();
    assert!(compiled.success());

    workspace.append(
        "api/src/lib.rs",
        "pub static HOOK: std::sync::OnceLock<fn()> = std::sync::OnceLock::new();\n\
         #[unsafe(no_mangle)]\npub extern \"C\" fn hook() { HOOK.get().unwrap()() }\n",
    );
    workspace.replace(
        "host/src/main.rs",
        "fn main() {",
        "fn main() {\n    api::HOOK.set(|| println!(\"within: {}\", unsafe { engraft::open(\"two\") }.unwrap_err())).unwrap();\n",
    );
    workspace.replace("Cargo.toml", "\"plugins/*\"", "\"plugins/*\", \"shared\"");
    workspace.package("shared", "", "src/lib.rs", "pub fn value() -> u32 { 1 }\n");
    let plugin = PLUGIN.replace("    1\n", "    shared::value()\n");
    let needed = "#[link(name = \"needed\")]\nunsafe extern \"C\" { fn needed() -> u32; }\n#[engraft::export]\npub fn of_c() -> u32 { unsafe { needed() } }\n";
    for (name, source) in [("one", format!("{plugin}{needed}")), ("two", plugin)] {
        let more = format!("{PLUGIN_SETTINGS}{DEPENDENCIES}shared = {{ path = \"../../shared\" }}\n");
        workspace.package(&format!("plugins/{name}"), &more, "src/lib.rs", &source);
    }
    workspace.write("plugins/one/build.rs", "fn main() { println!(\"cargo::rustc-link-search=native=../..\"); }\n");
    workspace.replace("plugins/one/build.rs", "../..", workspace.root.to_str().unwrap());
    workspace.build();
    let mut host = run_at(&workspace.output("host"), &workspace.root);
    let ran = Ran::of(host.args(["one", "two"]).env("LD_LIBRARY_PATH", &workspace.root)).success();
    ran.prints(&["within: E12: ", "`shared 0.1.0`", "one is 1\n", "two is 1\n"]);
}
