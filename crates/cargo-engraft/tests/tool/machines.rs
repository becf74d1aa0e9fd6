//! What is built is the same on every machine: one workspace, built in two environments that differ in all that a machine can differ in.

use crate::ran::Ran;
use crate::workspace::{Workspace, run_at};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

const API: &str = r#"
#[derive(Debug, Clone, outside::Answer)]
pub struct Item { pub names: Vec<String> }
pub fn five() -> u32 { unsafe { native::five() } }
pub fn checked(x: u32) -> u32 { match x { 0..9 => x, _ => unreachable!("not {x} of {}", x + 1) } }
"#;

/// A package from the registry, a macro outside of the workspace, C code, and what has places in it: panics, generic code, debug information.
fn with_everything(workspace: Workspace) -> Workspace {
    // Debug information of C code names its directory. That is no part of a package, and makes hosts differ.
    workspace.append("Cargo.toml", "[profile.dev.package.blake3]\ndebug = false\n");
    let answer = "#[proc_macro_derive(Answer)]\npub fn answer(_: proc_macro::TokenStream) -> proc_macro::TokenStream {\n    \
        format!(\"pub const PLACE: &str = {:?};\", file!()).parse().unwrap()\n}\n";
    workspace.package("../outside", "[lib]\nproc-macro = true\n[workspace]\n", "src/lib.rs", answer);
    workspace.package("native", "", "src/lib.rs", "unsafe extern \"C\" {\n    pub fn five() -> u32;\n}\n");
    workspace.write("native/src/five.c", "unsigned five(void) { return 5; }\n");
    workspace.write(
        "native/build.rs",
        r#"
fn main() {
    let out = std::env::var("OUT_DIR").unwrap();
    let run = |program: &str, arguments: &[&str]| assert!(std::process::Command::new(program).args(arguments).status().unwrap().success());
    run("cc", &["-c", "-fPIC", "-o", &format!("{out}/five.o"), "src/five.c"]);
    run("ar", &["crs", &format!("{out}/libfive.a"), &format!("{out}/five.o")]);
    println!("cargo::rustc-link-search=native={out}");
    println!("cargo::rustc-link-lib=static=five");
}
"#,
    );
    workspace.replace("Cargo.toml", "\"host\"", "\"host\", \"native\"");
    workspace.append(
        "api/Cargo.toml",
        "[dependencies]\nnative = { path = \"../native\" }\noutside = { path = \"../../outside\" }\nonce_cell = \"1\"\n",
    );
    workspace.append("api/src/lib.rs", API);
    workspace.append("plugins/one/Cargo.toml", "once_cell = \"1\"\n");
    workspace.append(
        "plugins/one/src/lib.rs",
        "#[engraft::export]\npub fn more(x: u32) -> u32 {\n    static SEEN: once_cell::sync::OnceCell<String> = once_cell::sync::OnceCell::new();\n    \
         api::checked(x) + api::five() + SEEN.get_or_init(|| api::PLACE.to_owned()).len() as u32\n}\n",
    );
    workspace.append("host/src/main.rs", "pub fn used() -> u32 { api::checked(5) + api::five() }\n");
    workspace
}

/// A compiler whose sysroot has the component `rust-src`, as far as the compiler looks: it takes the names of files that are there.
fn compiler_with_sources(workspace: &Workspace) -> PathBuf {
    let asked = Ran::of(Command::new("rustc").args(["--print", "sysroot"]).current_dir(&workspace.root)).success().stdout;
    let real = Path::new(asked.trim());
    let sysroot = workspace.root.join("../toolchain");
    let link = |below: &str| {
        fs::create_dir_all(sysroot.join(below)).unwrap();
        for entry in fs::read_dir(real.join(below)).unwrap().map(|entry| entry.unwrap().file_name()) {
            if !["lib", "rustlib", "src"].map(Into::into).contains(&entry) {
                symlink(real.join(below).join(&entry), sysroot.join(below).join(&entry)).unwrap();
            }
        }
    };
    for below in ["", "lib", "lib/rustlib"] {
        link(below);
    }
    for (name, files) in [
        ("core", &["lib.rs", "fmt/mod.rs", "option.rs", "result.rs", "ops/function.rs", "ptr/mod.rs", "panicking.rs", "macros/mod.rs"][..]),
        ("alloc", &["lib.rs", "vec/mod.rs", "string.rs", "alloc.rs", "raw_vec/mod.rs", "boxed.rs", "fmt.rs"]),
        ("std", &["lib.rs", "rt.rs", "macros.rs", "thread/mod.rs", "io/mod.rs"]),
    ] {
        for file in files {
            workspace.write(&format!("../toolchain/lib/rustlib/src/rust/library/{name}/src/{file}"), "// A source.\n");
        }
    }
    // A compiler that is told where its sysroot is, is told once.
    let script = "#!/bin/sh\ncase \" $*\" in *\" --sysroot\"*) exec rustc \"$@\" ;; esac\nexec rustc \"--sysroot=SYSROOT\" \"$@\"\n";
    workspace.script("../toolchain/rustc", &script.replace("SYSROOT", &sysroot.display().to_string()))
}

/// The package registry in another directory, and its packages in yet another one.
fn vendored(workspace: &Workspace) {
    let vendor = workspace.root.join("third-party/vendor");
    let told = Ran::of(workspace.cargo(["vendor", "--versioned-dirs"]).arg(&vendor)).success().stdout;
    workspace.write(".cargo/config.toml", &told);
}

fn files(workspace: &Workspace) -> [PathBuf; 2] {
    [workspace.output("host"), workspace.so("one")]
}

#[test]
fn f12_g30_two_machines_build_the_same_bytes() {
    let here = with_everything(Workspace::new());
    Ran::of(here.command(["build", "-j1"]).env("LANG", "C").env("TZ", "UTC").env("COLUMNS", "40")).success();

    let there = with_everything(Workspace::cold_at("a-much-longer-name/with spaces/of a directory"));
    vendored(&there);
    let home = there.root.join("../home");
    fs::create_dir_all(&home).unwrap();
    let compiler = compiler_with_sources(&there);
    let mut build = there.command(["build", "-j2"]);
    build.env("LANG", "de_DE.UTF-8").env("LC_ALL", "tr_TR.UTF-8").env("TZ", "Asia/Kolkata").env("COLUMNS", "200").env("TERM", "dumb");
    build.env("RUSTUP_HOME", rustup_home()).env("HOME", &home).env("CARGO_HOME", home.join("cargo")).env("USER", "somebody");
    build.env("CARGO_TERM_COLOR", "always").env("RUSTC", &compiler).env("SOMETHING", "else");
    // Settings of a link are the machine's too.
    build.env("CARGO_ENCODED_RUSTFLAGS", "-Clinker-flavor=gcc\u{1f}-Csave-temps=no");
    // As nobody else may read what this user makes.
    let program = build.get_program().to_owned();
    let mut shell = Command::new("sh");
    shell.args(["-c", "umask 077; exec \"$@\"", "sh"]).arg(program).args(build.get_args()).current_dir(&there.root);
    for (name, value) in build.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    Ran::of(&mut shell).success();

    Ran::of(run_at(&here.output("host"), Path::new("/")).arg(there.so("one"))).success().prints(&["one is 1\n"]);
    for (one, other) in files(&here).iter().zip(files(&there)) {
        // Not by `assert_eq`: nobody wants to read the bytes.
        assert!(fs::read(one).unwrap() == fs::read(&other).unwrap(), "{} and {} differ", one.display(), other.display());
    }
}

fn rustup_home() -> PathBuf {
    let home = || std::env::home_dir().unwrap().join(".rustup");
    std::env::var_os("RUSTUP_HOME").map_or_else(home, PathBuf::from)
}
