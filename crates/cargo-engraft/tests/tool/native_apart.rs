//! Unmangled symbols: those of different packages stay apart, those of one package are one.

use crate::native::BUILD_SCRIPT;
use crate::ran::Ran;
use crate::workspace::{PLUGIN, Workspace, run_at};

/// Two variables and three functions, one of each as C++ compilers make those of inline functions. The names are the same in every package, the values are not.
const C: &str = r#"
__attribute__((visibility("default"))) int common_count = START;
__asm__(".pushsection .data.common_unique,\"aw\",@progbits\n.globl common_unique\n.type common_unique,@gnu_unique_object\n"
        ".size common_unique,4\ncommon_unique: .long START\n.popsection");
extern int common_unique;
static int own(void) { common_unique += 1; return common_count += 1; }
__attribute__((weak)) int common_inline(void) { return START; }
int common_inner(void) { return own(); }
int common_next(void) { int next = common_inner(); return next == common_unique && common_inline() == START ? next : 9999; }
"#;

/// A package's Rust side, from which plugins call the C code directly too.
const RUST: &str = r#"
mod raw {
    unsafe extern "C" {
        pub static common_count: u32;
        pub fn common_next() -> u32;
    }
}
pub fn next<T: From<u32>>() -> T {
    let next = unsafe { raw::common_next() };
    assert_eq!(next, unsafe { raw::common_count });
    next.into()
}
"#;

/// Makes a package whose C code counts from `start`; everything that Rust declares of it is visible, in one way or the other.
fn with_c_code(workspace: &Workspace, directory: &str, start: u32) {
    let visibility = if start.is_multiple_of(2) { "-fvisibility=default" } else { "-fvisibility=hidden" };
    let script = BUILD_SCRIPT.replace("NAME", "common_c").replace("-fvisibility=hidden", visibility);
    workspace.write(&format!("{directory}/build.rs"), &script);
    workspace.write(&format!("{directory}/src/counter.c"), &C.replace("START", &start.to_string()));
}

/// A library package with C code, as a member of the workspace.
fn c_package(workspace: &Workspace, name: &str, start: u32) {
    workspace.package(name, "", "src/lib.rs", RUST);
    with_c_code(workspace, name, start);
    workspace.replace("Cargo.toml", "\"host\"", &format!("\"host\", \"{name}\""));
}

/// A plugin whose value is an expression.
fn plugin(workspace: &Workspace, name: &str, value: &str, more: &str) {
    workspace.plugin(name, &format!("{}{more}", PLUGIN.replace("    1\n", &format!("    {value}\n"))));
}

fn depends(workspace: &Workspace, package: &str, on: &str) {
    let up = if package.contains('/') { "../.." } else { ".." };
    workspace.append(&format!("{package}/Cargo.toml"), &format!("{on} = {{ path = \"{up}/{on}\" }}\n"));
}

/// Plugins with their own C code under the same names.
fn two_with_c_code() -> Workspace {
    let workspace = Workspace::new();
    for (name, start) in [("one", 0), ("two", 71)] {
        plugin(&workspace, name, "next()", RUST);
        with_c_code(&workspace, &format!("plugins/{name}"), start);
    }
    workspace
}

#[test]
fn c_code_that_two_plugins_bring_under_one_name_stays_apart() {
    let workspace = two_with_c_code();
    for (profile, directory) in [("dev", "debug"), ("release", "release")] {
        workspace.engraft(["build", "--profile", profile]).success();
        let host = workspace.target.join("engraft").join(directory).join("host");
        for (order, printed) in [(["one", "two"], "one is 1\ntwo is 72\n"), (["two", "one"], "two is 72\none is 1\n")] {
            Ran::of(run_at(&host, &workspace.root).args(order)).success().prints(&[printed]);
        }
    }
}

#[test]
fn c_code_that_two_plugins_bring_stays_apart_with_gnu_ld() {
    let workspace = two_with_c_code();
    builds_with(&workspace, "bfd");
    workspace.host(["one", "two"]).success().prints(&["one is 1\ntwo is 72\n"]);
}

/// Archives that are linked beside their packages.
#[test]
fn c_code_that_is_not_bundled_stays_apart() {
    let workspace = Workspace::new();
    for (name, start) in [("one", 0), ("two", 70)] {
        plugin(&workspace, name, "next()", RUST);
        with_c_code(&workspace, &format!("plugins/{name}"), start);
        workspace.replace(&format!("plugins/{name}/build.rs"), "=static=", "=static:-bundle=");
        // These objects are linked as they are, unique symbols too.
        workspace.replace(&format!("plugins/{name}/src/counter.c"), "@gnu_unique_object", "@object");
    }
    workspace.build();
    workspace.host(["one", "two"]).success().prints(&["one is 1\ntwo is 71\n"]);
}

/// As an allocator does: a shared library asks for its own function, and the program has one in its place.
#[test]
fn a_program_stands_in_for_a_function_of_a_shared_library() {
    let workspace = Workspace::new();
    workspace.write("stand_in/say.c", "int say_hook(void) { return 1; }\nint say(void) { return say_hook(); }\n");
    workspace.write("stand_in/say.version", "SAY_1 { say; say_hook; };\n");
    workspace.package(
        "stand_in",
        "",
        "src/lib.rs",
        "#[link(name = \"say\")]\nunsafe extern \"C\" { fn say() -> u32; }\n\
         #[unsafe(no_mangle)]\npub extern \"C\" fn say_hook() -> u32 { 2 }\n\
         #[unsafe(no_mangle)]\npub extern \"C\" fn other() {}\n\
         pub fn said() -> u32 { unsafe { say() } }\n",
    );
    let library = workspace.root.join("libsay.so");
    workspace.write(
        "stand_in/build.rs",
        &format!(
            "fn main() {{\n    let done = std::process::Command::new(\"cc\").args([\"-shared\", \"-fPIC\", \"-Wl,--version-script=say.version\", \"-o\", {library:?}, \"say.c\"]).status();\n    \
             assert!(done.unwrap().success());\n    println!(\"cargo::rustc-link-search=native={}\");\n}}\n",
            workspace.root.display()
        ),
    );
    workspace.replace("Cargo.toml", "\"host\"", "\"host\", \"stand_in\"");
    depends(&workspace, "host", "stand_in");
    workspace.replace("host/src/main.rs", "fn main() {", "fn main() {\n    println!(\"said {}\", stand_in::said());");
    workspace.build();
    let mut host = run_at(&workspace.output("host"), &workspace.root);
    Ran::of(host.env("LD_LIBRARY_PATH", &workspace.root)).success().prints(&["said 2\none is 1\n"]);
}

/// Builds with another linker, of which cargo doesn't know: what was compiled stays as it is.
fn builds_with(workspace: &Workspace, linker: &str) {
    workspace.script("path/cc", &format!("#!/bin/sh\nPATH=${{PATH#*:}} exec cc \"$@\" -fuse-ld={linker}\n"));
    let path = format!("{}:{}", workspace.root.join("path").display(), std::env::var("PATH").unwrap());
    Ran::of(workspace.command(["build"]).env("PATH", path)).success();
}

/// Functions and variables of Rust's, with the host's own crate among those that have them.
#[test]
fn rust_items_without_mangling_stay_apart() {
    let workspace = Workspace::new();
    let items = |start: u32| {
        format!(
            "#[unsafe(no_mangle)]\npub static COMMON: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new({start});\n\
             #[unsafe(no_mangle)]\npub extern \"C\" fn common_next() -> u32 {{ COMMON.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1 }}\n\
             #[unsafe(export_name = \"größe (other-name)\")]\npub extern \"C\" fn other() -> u32 {{ {start} }}\n"
        )
    };
    plugin(&workspace, "one", "common_next() + other()", &items(0));
    plugin(&workspace, "two", "common_next() + other()", &items(70));
    workspace.append("host/src/main.rs", &items(500));
    workspace.replace("host/src/main.rs", "fn main() {", "fn main() {\n    println!(\"host is {}\", common_next());");
    workspace.replace("host/src/main.rs", "    println!(\"calls", "    println!(\"host is {}\", common_next());\n    println!(\"calls");
    workspace.build();
    workspace.host(["one", "two"]).success().prints(&["host is 501\none is 1\ntwo is 141\nhost is 502\n"]);
}

#[test]
fn a_host_and_a_plugin_with_other_packages_keep_their_own_c_code() {
    let workspace = Workspace::new();
    c_package(&workspace, "near", 500);
    c_package(&workspace, "far", 31);
    depends(&workspace, "host", "near");
    plugin(&workspace, "one", "far::next()", "");
    depends(&workspace, "plugins/one", "far");
    plugin(&workspace, "two", "near::next()", "");
    depends(&workspace, "plugins/two", "near");
    workspace.replace("host/src/main.rs", "fn main() {", "fn main() {\n    println!(\"host is {}\", near::next::<u32>());");
    workspace.build();
    workspace.host(["one", "two"]).success().prints(&["host is 501\none is 32\ntwo is 502\n"]);
}

#[test]
fn two_plugins_that_bring_one_package_share_its_c_code_beside_another_ones() {
    let workspace = Workspace::new();
    c_package(&workspace, "shared", 30);
    for name in ["one", "two"] {
        plugin(&workspace, name, "shared::next()", "");
        depends(&workspace, &format!("plugins/{name}"), "shared");
    }
    plugin(&workspace, "three", "next()", RUST);
    with_c_code(&workspace, "plugins/three", 70);
    workspace.build();
    workspace.host(["three", "one", "two"]).success().prints(&["three is 71\none is 31\ntwo is 32\n"]);
}

/// A plugin with two packages that count from here; the host has the first one if it is to.
fn with_two_packages(starts: [u32; 2], in_host: bool) -> Workspace {
    let workspace = Workspace::new();
    plugin(&workspace, "one", "near::next::<u32>() * 100 + far::next::<u32>()", "");
    for (name, start) in ["near", "far"].into_iter().zip(starts) {
        c_package(&workspace, name, start);
        depends(&workspace, "plugins/one", name);
    }
    if in_host {
        depends(&workspace, "host", "near");
        workspace.replace("host/src/main.rs", "fn main() {", "use near as _;\nfn main() {");
    }
    workspace
}

#[test]
fn a_plugin_whose_packages_mean_different_things_by_one_name_is_refused() {
    for (in_host, first) in [(true, "which the host has"), (false, "which the plugin brings along")] {
        with_two_packages([0, 70], in_host).engraft(["build"]).ended(100).says(&[
            "error: the plugin `one` needs two packages of which only one could be used: ",
            "\n  `common_count`, `common_inner`, `common_next`\n",
            &format!("    by the package `near 0.1.0`, {first}\n"),
            "    by the package `far 0.1.0`, which the plugin brings along\n",
            "\nhelp: ",
        ]);
    }
}

/// Two packages may compile the same C file: in any program there is one of it, so in a plugin too.
#[test]
fn a_plugin_may_have_the_same_c_code_from_two_packages() {
    for in_host in [true, false] {
        let workspace = with_two_packages([30, 30], in_host);
        workspace.build();
        workspace.host(["one"]).success().prints(&["one is 3132\n"]);
    }
}
