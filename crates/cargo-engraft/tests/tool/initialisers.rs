//! Initialisers: in which order they run, that they run once, and what becomes of those that fail.

use crate::linked;
use crate::workspace::{DEPENDENCIES, PLUGIN, PLUGIN_SETTINGS, Workspace};
use engraft_manifest::Initialiser;
use std::path::Path;

/// An API whose log the initialisers write into, and which has one itself.
const API: &str = r#"
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

pub static CALLS: AtomicU32 = AtomicU32::new(0);
static LOG: Mutex<Vec<String>> = Mutex::new(Vec::new());

pub fn log(text: &str) {
    LOG.lock().unwrap().push(text.to_owned());
}

pub fn take_log() -> String {
    std::mem::take(&mut *LOG.lock().unwrap()).join(" ")
}

#[engraft::init]
fn start() {
    log("api");
    CALLS.store(100, SeqCst);
}
"#;

/// Opens what it is told to open, and says after each what has run since.
const HOST: &str = r#"
#[engraft::init]
fn second() {
    api::log("host::second");
}

#[engraft::init]
fn first() {
    api::log("host::first");
}

ATTRIBUTE
fn main() {
    println!("main after [{}]", api::take_log());
    for name in std::env::args().skip(1) {
        match unsafe { engraft::open(&name) } {
            Ok(plugin) => println!("{name} open after [{}]", api::take_log()),
            Err(error) => println!("{name} refused after [{}]: {error}", api::take_log()),
        }
    }
    println!("{} calls", api::CALLS.load(std::sync::atomic::Ordering::SeqCst));
}
"#;

/// A workspace in which `api` has an initialiser, and the host two.
pub fn workspace(main_attribute: &str) -> Workspace {
    let workspace = Workspace::new();
    workspace.package("api", "[dependencies]\nengraft.workspace = true\n", "src/lib.rs", API);
    workspace.write("host/src/main.rs", &HOST.replace("ATTRIBUTE", main_attribute));
    workspace
}

/// An initialiser that runs `code`.
pub fn initialiser(name: &str, code: &str) -> String {
    format!("\n#[engraft::init]\nfn {name}() {{ {code} }}\n")
}

/// A package with an initialiser that writes its name down, for plugins only.
fn shared_package(workspace: &Workspace, name: &str, dependencies: &str) {
    let source = format!("pub fn touch() {{}}\n{}", initialiser("start", &format!("api::log(\"{name}\");")));
    workspace.package(&format!("shared/{name}"), &format!("{DEPENDENCIES}{dependencies}"), "src/lib.rs", &source);
    workspace.replace("Cargo.toml", "\"plugins/*\"", &format!("\"plugins/*\", \"shared/{name}\""));
}

/// A plugin that depends on packages of `shared/`, and has an initialiser.
fn plugin_with(workspace: &Workspace, name: &str, dependencies: &[&str], code: &str) {
    let lines: String =
        dependencies.iter().map(|dependency| format!("{dependency} = {{ path = \"../../shared/{dependency}\" }}\n")).collect();
    let touches: String = dependencies.iter().map(|dependency| format!("{dependency}::touch();")).collect();
    let source = format!("{PLUGIN}\npub fn touch() {{ {touches} }}\n{}", initialiser("start", code));
    workspace.package(&format!("plugins/{name}"), &format!("{PLUGIN_SETTINGS}{DEPENDENCIES}{lines}"), "src/lib.rs", &source);
}

#[test]
fn s06_b11_the_hosts_run_before_main_by_graph_and_name_and_its_own_crate_last() {
    let workspace = workspace("#[engraft::main]");
    workspace.build();
    workspace.host(["one"]).success().prints(&["main after [api host::first host::second]\n", "one open after []\n", "100 calls"]);
}

#[test]
fn s01_initialisers_are_listed_in_their_order_by_files_that_nobody_has_opened() {
    let workspace = workspace("#[engraft::main]");
    shared_package(&workspace, "b", "");
    shared_package(&workspace, "a", "b = { path = \"../b\" }\n");
    workspace.append("shared/a/src/lib.rs", "pub fn reach() { b::touch() }\npub mod inner { #[engraft::init]\nfn last() {} }\n");
    plugin_with(&workspace, "one", &["a"], "");
    workspace.build();
    let listed = |file: &Path| {
        linked::manifest(file, |manifest| {
            let package = |key| manifest.package(key).map_or("", |package| package.name);
            let line = |init: &Initialiser<'_>| format!("{}::{} {}:{}", package(init.key), init.path, init.file, init.line);
            manifest.initialisers.iter().map(line).collect::<Vec<_>>()
        })
    };
    let of_plugin = listed(&workspace.so("one"));
    let expected = [
        "b::start shared/b/src/lib.rs:4",
        "a::inner::last shared/a/src/lib.rs:7",
        "a::start shared/a/src/lib.rs:4",
        "one::start plugins/one/src/lib.rs:11",
    ];
    assert_eq!(of_plugin, expected);
    assert_eq!(
        listed(&workspace.output("host")),
        ["api::start api/src/lib.rs:17", "::first host/src/main.rs:8", "::second host/src/main.rs:3"]
    );
}

#[test]
fn s06_without_main_the_hosts_run_in_the_first_open() {
    let workspace = workspace("");
    workspace.build();
    let ran = workspace.host(["one", "one"]).success();
    ran.prints(&["main after []\n", "one open after [api host::first host::second]\none open after []\n"]);
}

#[test]
fn s06_g11_a_plugins_extra_ones_run_inside_open_once_and_in_order_of_dependency() {
    let workspace = workspace("#[engraft::main]");
    // `a` depends on `b`: by name alone `a` would be the first.
    shared_package(&workspace, "b", "");
    shared_package(&workspace, "a", "b = { path = \"../b\" }\n");
    shared_package(&workspace, "c", "");
    workspace.append("shared/a/src/lib.rs", "pub fn reach() { b::touch() }\n");
    // Within a package, paths count: `inner::last` comes before `start`.
    workspace.append("shared/a/src/lib.rs", "pub mod inner { #[engraft::init]\nfn last() { api::log(\"a::inner\"); } }\n");
    plugin_with(&workspace, "one", &["a", "c"], "api::log(\"one\");");
    plugin_with(&workspace, "two", &["a"], "api::log(\"two\");");
    workspace.build();
    let ran = workspace.host(["one", "one", "two"]).success();
    ran.prints(&["one open after [b a::inner a c one]\n", "one open after []\n", "two open after [two]\n"]);
    // A package that only the second brings, in another process.
    workspace.host(["two", "one"]).success().prints(&["two open after [b a::inner a two]\n", "one open after [c one]\n"]);
}

#[test]
fn b04_f07_an_error_and_a_panic_are_errors_of_open_and_stay() {
    let workspace = workspace("#[engraft::main]");
    shared_package(&workspace, "b", "");
    plugin_with(&workspace, "one", &["b"], "panic!(\"no {}\", \"table\");");
    let failing = "\n#[engraft::init]\nfn start() -> Result<(), String> { api::log(\"two\"); Err(\"no licence\".to_owned()) }\n";
    workspace.plugin("two", &format!("{PLUGIN}{failing}"));
    workspace.plugin("three", &format!("{PLUGIN}{}", initialiser("start", "api::log(\"three\");")));
    workspace.build();
    let ran = workspace.host(["one", "one", "two", "two", "three"]).success();
    ran.prints(&[
        "one refused after [b]: ",
        "initialiser: of `one 0.1.0`, at ",
        "plugins/one/src/lib.rs:",
        "found: it panicked: no table",
        "one refused after []: ",
        "two refused after [two]: ",
        "found: no licence",
        "two refused after []: ",
        "three open after [three]\n",
    ]);
}

#[test]
fn b04_a_package_that_failed_refuses_whoever_brings_it_and_one_that_succeeded_stays() {
    let workspace = workspace("#[engraft::main]");
    shared_package(&workspace, "a", "");
    shared_package(&workspace, "b", "");
    workspace.append(
        "shared/b/src/lib.rs",
        "#[engraft::init]\nfn then() -> Result<(), std::num::ParseIntError> { \"x\".parse::<u8>()?; Ok(()) }\n",
    );
    plugin_with(&workspace, "one", &["a", "b"], "api::log(\"one\");");
    plugin_with(&workspace, "two", &["b"], "api::log(\"two\");");
    plugin_with(&workspace, "three", &["a"], "api::log(\"three\");");
    workspace.build();
    let ran = workspace.host(["one", "two", "three"]).success();
    ran.prints(&[
        "one refused after [a b]: ",
        "two refused after []: ",
        "of `b 0.1.0`, at ",
        "invalid digit",
        "three open after [three]\n",
    ]);
}

#[test]
fn b04_a_host_whose_initialiser_fails_does_not_reach_main() {
    let workspace = workspace("#[engraft::main]");
    workspace.append("api/src/lib.rs", "#[engraft::init]\nfn then() -> Result<(), &'static str> { Err(\"no entropy\") }\n");
    workspace.build();
    let ran = workspace.host(["one"]).ended(1).never_prints(&["main"]);
    ran.says(&["this program could not start", "`api 0.1.0`", "api/src/lib.rs:", "no entropy"]);
    // Without the attribute the first `open` says so, and every other.
    workspace.replace("host/src/main.rs", "#[engraft::main]", "");
    workspace.build();
    let ran = workspace.host(["one", "one"]).success();
    assert_eq!(ran.stdout.matches("one refused after").count(), 2, "{ran}");
    ran.prints(&["main after []\n", "no entropy"]);
}

/// What the host does in its `main`, or in an initialiser of its own, in place of opening what it is told to.
fn with_host(code: &str) -> Workspace {
    let workspace = workspace("#[engraft::main]");
    workspace.write("host/src/main.rs", code);
    workspace
}

const STATIC: &str = r#"
use std::sync::atomic::Ordering::SeqCst;

#[engraft::main]
fn main() {
    assert_eq!(api::CALLS.load(SeqCst), 100, "the shared package's initialiser ran");
    api::CALLS.store(7, SeqCst);
    let plugin = unsafe { engraft::open("one") }.unwrap();
    assert_eq!(api::CALLS.load(SeqCst), 70, "the plugin's initialiser saw the host's value, and the shared one did not run again");
    assert_eq!(plugin.lookup::<fn() -> u32>("value").unwrap()(), 1);
    println!("at last {}", api::CALLS.load(SeqCst));
}
"#;

#[test]
fn h01_h02_a_static_goes_from_initialiser_to_host_to_the_plugins_initialiser_and_back() {
    let workspace = with_host(STATIC);
    let code = "api::CALLS.store(api::CALLS.load(std::sync::atomic::Ordering::SeqCst) * 10, std::sync::atomic::Ordering::SeqCst);";
    workspace.plugin("one", &format!("{PLUGIN}{}", initialiser("start", code)));
    workspace.build();
    workspace.host([] as [&str; 0]).success().prints(&["at last 71\n"]);
}

#[test]
fn h08_an_initialiser_calls_c_and_catches_a_panic() {
    let workspace = workspace("#[engraft::main]");
    let code = "assert_eq!(unsafe { labs(-7) }, 7);
        let caught = std::panic::catch_unwind(|| panic!(\"{}\", unsafe { labs(-8) })).unwrap_err();
        api::log(caught.downcast_ref::<String>().unwrap());";
    let c = "unsafe extern \"C\" { fn labs(number: std::ffi::c_long) -> std::ffi::c_long; }";
    workspace.plugin("one", &format!("{PLUGIN}{c}{}", initialiser("start", code)));
    workspace.build();
    workspace.host(["one"]).success().prints(&["one open after [8]\n"]);
}

const OPENING_INITIALISER: &str = r#"
#[engraft::init]
fn open() {
    for name in ["one", "two"] {
        match unsafe { engraft::open(name) } {
            Ok(plugin) => println!("{name} is {}", plugin.lookup::<fn() -> u32>("value").unwrap()()),
            Err(error) => println!("{name} refused: {}", error.code()),
        }
    }
    api::log("host");
}

#[engraft::main]
fn main() {
    println!("main after [{}]", api::take_log());
}
"#;

#[test]
fn g26_a_plugin_refused_in_the_hosts_own_initialiser_runs_no_code_and_one_that_fits_is_ready() {
    let workspace = with_host(OPENING_INITIALISER);
    let constructor = "extern \"C\" fn constructor() { println!(\"constructor\"); }
        #[used]
        #[unsafe(link_section = \".init_array\")]
        static CONSTRUCTOR: extern \"C\" fn() = constructor;";
    workspace.plugin("one", &format!("{PLUGIN}{constructor}{}", initialiser("start", "api::log(\"one\");")));
    workspace.plugin("two", &format!("{PLUGIN}{}", initialiser("start", "api::log(\"two\");")));
    workspace.build();
    let of_older_api = workspace.keep(&workspace.so("one"), "one.so");
    workspace.append("api/src/lib.rs", "pub fn more() {}\n");
    workspace.build();
    std::fs::rename(of_older_api, workspace.so("one")).unwrap();
    let ran = workspace.host([] as [&str; 0]).success().never_prints(&["constructor"]);
    ran.prints(&["one refused: E01\n", "two is 1\n", "main after [api two host]\n"]);
}

#[test]
fn an_initialiser_of_a_package_that_a_plugin_needs_can_not_open_it() {
    let workspace = workspace("#[engraft::main]");
    let code = "if let Err(error) = unsafe { engraft::open(\"one\") } { println!(\"{error}\"); }";
    workspace.append("api/src/lib.rs", &initialiser("open", code));
    workspace.build();
    let ran = workspace.host(["one"]).success();
    ran.prints(&["E12: ", "`api 0.1.0`", "main after [api host::first host::second]\n", "one open after []\n"]);
}

#[test]
fn g18_a_package_that_the_first_plugin_brings_without_using_it_is_initialised_for_the_second() {
    let workspace = workspace("#[engraft::main]");
    shared_package(&workspace, "a", "");
    workspace.append(
        "shared/a/src/lib.rs",
        "pub static STATE: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);\n\
         #[engraft::init]\nfn zero() { STATE.fetch_add(5, std::sync::atomic::Ordering::SeqCst); }\n",
    );
    plugin_with(&workspace, "one", &[], "api::log(\"one\");");
    workspace.append("plugins/one/Cargo.toml", "a = { path = \"../../shared/a\" }\n");
    workspace.append("plugins/one/src/lib.rs", "use a as _;\n");
    plugin_with(&workspace, "two", &["a"], "api::log(&a::STATE.load(std::sync::atomic::Ordering::SeqCst).to_string());");
    workspace.build();
    workspace.host(["one", "two"]).success().prints(&["one open after [a one]\n", "two open after [5]\n"]);
    workspace.host(["two", "one"]).success().prints(&["two open after [a 5]\n", "one open after [one]\n"]);
}

/// What the one host has, the other host has only from a plugin; a third plugin is linked for the first host, and takes it from there.
#[test]
fn b11_a_package_that_another_plugin_brought_is_ready_or_refuses_who_takes_it_from_there() {
    let workspace = workspace("#[engraft::main]");
    let host = std::fs::read_to_string(workspace.root.join("host/src/main.rs")).unwrap();
    for (package, code) in [("a", "api::log(\"a\"); Ok(())"), ("b", "api::log(\"b\"); Err(\"not today\")")] {
        let source = format!("pub fn touch() {{}}\n#[engraft::init]\nfn start() -> Result<(), &'static str> {{ {code} }}\n");
        workspace.package(&format!("shared/{package}"), DEPENDENCIES, "src/lib.rs", &source);
    }
    let both = "a = { path = \"../shared/a\" }\nb = { path = \"../shared/b\" }\n";
    workspace.package("richer", &format!("{DEPENDENCIES}{both}"), "src/main.rs", &format!("use a as _;\nuse b as _;\n{host}"));
    workspace.replace("Cargo.toml", "\"plugins/*\"", "\"plugins/*\", \"shared/*\", \"richer\"");
    for (plugin, package, host) in
        [("brings_a", "a", "host"), ("brings_b", "b", "host"), ("takes_a", "a", "richer"), ("takes_b", "b", "richer")]
    {
        plugin_with(&workspace, plugin, &[package], "");
        workspace.replace(&format!("plugins/{plugin}/Cargo.toml"), "plugin = true", &format!("plugin = true\nhosts = [\"{host}\"]"));
    }
    workspace.build();
    workspace.host(["takes_a"]).success().prints(&["takes_a refused", "E01"]);
    workspace.host(["brings_a", "takes_a"]).success().prints(&["brings_a open after [a]\n", "takes_a open after []\n"]);
    let ran = workspace.host(["brings_b", "takes_b"]).success();
    ran.prints(&["brings_b refused after [b]: E13", "takes_b refused after []: E13", "not today"]);
}
