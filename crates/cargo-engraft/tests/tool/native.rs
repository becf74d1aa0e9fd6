//! C code in packages: what Rust declares of a shared package's C code, a plugin can call.

use crate::ran::Ran;
use crate::workspace::{PLUGIN, Workspace, run_at};

/// Compiles `src/counter.c` as the `cc` crate would, with every symbol hidden.
pub const BUILD_SCRIPT: &str = r#"
fn main() {
    let out = std::env::var("OUT_DIR").unwrap();
    let run = |program: &str, arguments: &[&str]| assert!(std::process::Command::new(program).args(arguments).status().unwrap().success());
    let (object, archive) = (format!("{out}/counter.o"), format!("{out}/libNAME.a"));
    run("cc", &["-c", "-fPIC", "-O2", "-ffunction-sections", "-fvisibility=hidden", "-o", &object, "src/counter.c"]);
    let _ = std::fs::remove_file(&archive);
    run("ar", &["crs", &archive, &object]);
    println!("cargo::rustc-link-search=native={out}");
    println!("cargo::rustc-link-lib=static=NAME");
}
"#;

/// A counter, a function that Rust never declares, and one that is called by C alone.
const C: &str = r"
static unsigned counter;
unsigned PREFIX_inner(void) { return ++counter; }
unsigned PREFIX_next(void) { return PREFIX_inner(); }
unsigned PREFIX_secret(void) { return 99; }
unsigned PREFIX_step(unsigned by) { return counter += by; }
";

/// The C function is only called from a generic function, so that whoever instantiates it needs its symbol.
const RUST: &str = r#"
mod raw {
    unsafe extern "C" {
        pub fn PREFIX_next() -> u32;
    }
}
pub fn next<T: From<u32>>() -> T {
    unsafe { raw::PREFIX_next() }.into()
}
#[inline(always)]
pub fn step(by: u32) -> u32 {
    unsafe extern "C" {
        fn PREFIX_step(by: u32) -> u32;
    }
    unsafe { PREFIX_step(by) }
}
"#;

fn native_code(workspace: &Workspace, directory: &str, prefix: &str) {
    workspace.write(&format!("{directory}/build.rs"), &BUILD_SCRIPT.replace("NAME", &format!("{prefix}_c")));
    workspace.write(&format!("{directory}/src/counter.c"), &C.replace("PREFIX", prefix));
}

/// A package with C code that the host and the plugin have, and of which the host uses as much as `used` says.
fn with_shared(used: &str) -> Workspace {
    let workspace = Workspace::new();
    workspace.package("native", "", "src/lib.rs", &RUST.replace("PREFIX", "shared"));
    native_code(&workspace, "native", "shared");
    workspace.replace("Cargo.toml", "\"host\"", "\"host\", \"native\"");
    workspace.append("host/Cargo.toml", "native = { path = \"../native\" }\n");
    workspace.append("plugins/one/Cargo.toml", "native = { path = \"../../native\" }\n");
    workspace.write("plugins/one/src/lib.rs", &PLUGIN.replace("    1\n", "    native::next::<f64>() as u32 * 10 + native::step(1)\n"));
    workspace.replace("host/src/main.rs", "fn main() {", &format!("fn main() {{\n    {used}\n"));
    workspace
}

#[track_caller]
fn builds_and_prints(workspace: &Workspace, printed: &str) {
    for (profile, directory) in [("dev", "debug"), ("release", "release")] {
        workspace.engraft(["build", "--profile", profile]).success();
        let host = workspace.target.join("engraft").join(directory).join("host");
        Ran::of(&mut run_at(&host, &workspace.root)).success().prints(&[printed]);
    }
}

#[test]
fn hidden_c_code_of_a_shared_package_is_called_from_a_plugin() {
    builds_and_prints(&with_shared("native::step(0);"), "one is 12\n");
}

/// Nothing in the host calls it, so nothing but the declaration says that it must be there.
#[test]
fn c_code_that_the_host_itself_never_calls_is_there() {
    builds_and_prints(&with_shared("use native as _;"), "one is 12\n");
}

#[test]
fn a_c_variable_is_one_for_both() {
    builds_and_prints(&with_shared("assert_eq!(native::next::<u64>(), 1);"), "one is 23\n");
}

/// C symbols that no Rust code declares stay private: they are named when a plugin wants one.
#[test]
fn c_code_that_rust_does_not_declare_is_missed_by_name_and_package() {
    let workspace = with_shared("native::step(0);");
    workspace.append(
        "plugins/one/src/lib.rs",
        "unsafe extern \"C\" { fn shared_secret() -> u32; }\n#[engraft::export]\npub fn secret() -> u32 { unsafe { shared_secret() } }\n",
    );
    workspace.engraft(["build"]).ended(100).says(&["\n  shared_secret\n    of package `native 0.1.0`, which keeps it hidden\n"]);
}

#[test]
fn a_plugin_may_bring_c_code_of_its_own() {
    let workspace = Workspace::new();
    native_code(&workspace, "plugins/one", "own");
    workspace.write(
        "plugins/one/src/lib.rs",
        &format!("{}{}", RUST.replace("PREFIX", "own"), PLUGIN.replace("    1\n", "    next::<f64>() as u32 * 10 + step(1)\n")),
    );
    builds_and_prints(&workspace, "one is 12\n");
}

#[test]
fn a_plugin_may_bring_a_package_with_c_code() {
    let workspace = Workspace::new();
    workspace.package("native", "", "src/lib.rs", &RUST.replace("PREFIX", "brought"));
    native_code(&workspace, "native", "brought");
    workspace.replace("Cargo.toml", "\"host\"", "\"host\", \"native\"");
    for name in ["one", "two"] {
        workspace.plugin(name, &PLUGIN.replace("    1\n", "    native::next()\n"));
        workspace.append(&format!("plugins/{name}/Cargo.toml"), "native = { path = \"../../native\" }\n");
    }
    for (profile, directory) in [("dev", "debug"), ("release", "release")] {
        workspace.engraft(["build", "--profile", profile]).success();
        let host = workspace.target.join("engraft").join(directory).join("host");
        // Both bring the same package, so there is one of it.
        Ran::of(run_at(&host, &workspace.root).args(["one", "two"])).success().prints(&["one is 1\ntwo is 2\n"]);
    }
}

/// rustc's metadata says nothing of C code: a package with other C code must be another one all the same.
#[test]
fn a_plugin_does_not_open_in_a_host_with_other_c_code() {
    let workspace = with_shared("native::step(0);");
    workspace.build();
    let plugin = workspace.keep(&workspace.so("one"), "one.so");
    workspace.replace("native/src/counter.c", "return ++counter;", "return counter += 1000;");
    // Only the archive that the build script makes comes out differently.
    workspace.replace("native/build.rs", "fn main() {", "fn main() {\n    println!(\"cargo::rerun-if-changed=src/counter.c\");");
    workspace.build();
    workspace.host([&plugin]).success().prints(&["refused: ", "native 0.1.0: "]).never_prints(&["one is"]);
}

/// Host and plugin would each have code of their own made of it, and its symbols are in no symbol table.
#[test]
fn build_refuses_c_code_that_is_only_bytecode() {
    let workspace = with_shared("native::step(0);");
    workspace.replace("native/build.rs", "\"-O2\"", "\"-O2\", \"-flto\", \"-fno-fat-lto-objects\"");
    workspace.engraft(["build"]).ended(101).says(&[
        "the C code of `native 0.1.0` was compiled for link-time optimization (`-flto`), to no machine code that host and plugins could share\n",
        "help: compile it without: `CFLAGS=-fno-lto CXXFLAGS=-fno-lto cargo engraft build`",
    ]);
    // With machine code beside it, that is what is linked.
    workspace.replace("native/build.rs", "\"-fno-fat-lto-objects\"", "\"-ffat-lto-objects\"");
    workspace.build();
    workspace.host(["one"]).success().prints(&["one is 12\n"]);
}
