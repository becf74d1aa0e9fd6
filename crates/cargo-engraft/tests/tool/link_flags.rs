//! Flags by which the linker would give each file copies of what it shares: taken out with a line that names them, or refused by name.

use crate::ran::Ran;
use crate::workspace::{DEPENDENCIES, PLUGIN_SETTINGS, Workspace};
use std::process::Command;

/// Plugins of which each calls a package that no host has.
fn with_a_counter() -> Workspace {
    let workspace = Workspace::new();
    workspace.replace("Cargo.toml", "\"host\"", "\"host\", \"counter\"");
    workspace.package(
        "counter",
        "",
        "src/lib.rs",
        "use std::sync::atomic::*;\nstatic COUNT: AtomicU32 = AtomicU32::new(0);\n\
         pub fn count() -> u32 { COUNT.fetch_add(1, Ordering::Relaxed) + 1 }\n",
    );
    for name in ["one", "two"] {
        let more = format!("{PLUGIN_SETTINGS}{DEPENDENCIES}counter = {{ path = \"../../counter\" }}\n");
        let source = "#[engraft::export]\npub fn value() -> u32 { counter::count() }\n";
        workspace.package(&format!("plugins/{name}"), &more, "src/lib.rs", source);
    }
    workspace
}

#[track_caller]
fn shares_the_counter(workspace: &Workspace) {
    workspace.host(["one", "two"]).success().prints(&["one is 1\n", "two is 2\n"]);
}

/// The flag is named once, with its origin.
#[track_caller]
fn warned(ran: Ran, flags: &[(&str, &str)]) {
    let warnings: Vec<&str> = ran.stderr.lines().filter(|line| line.starts_with("warning: the linker flag ")).collect();
    assert_eq!(warnings.len(), flags.len(), "{ran}");
    for (flag, origin) in flags {
        let start = format!("warning: the linker flag `{flag}` ({origin}) is left out: with it ");
        assert!(warnings.iter().any(|line| line.starts_with(&start)), "{start}\n{ran}");
    }
}

#[test]
fn flags_from_rustflags_do_not_split_a_package() {
    let workspace = with_a_counter();
    // What distributions set, in several spellings.
    let flags = "-Clink-arg=-Wl,-Bsymbolic-functions -C link-arg=-Wl,--exclude-libs,ALL -Clink-args=-Wl,-z,now,-z,defs -Clink-arg=-Xlinker \
                 -Clink-arg=--no-undefined";
    let build = || Ran::of(workspace.command(["build"]).env("RUSTFLAGS", flags)).success();
    let named = [
        ("-Bsymbolic-functions", "from RUSTFLAGS"),
        ("--exclude-libs=ALL", "from RUSTFLAGS"),
        ("-z defs", "from RUSTFLAGS"),
        ("--no-undefined", "from RUSTFLAGS"),
    ];
    warned(build(), &named);
    shares_the_counter(&workspace);
    // Also where nothing is linked again.
    warned(build(), &named);
}

#[test]
fn flags_from_build_scripts_do_not_split_a_package() {
    let workspace = with_a_counter();
    workspace.build().never_says(&["warning"]);
    let script = |flag: &str| format!("fn main() {{ println!(\"cargo::rustc-link-arg={flag}\"); }}\n");
    workspace.write("host/build.rs", &script("-Wl,--exclude-libs=ALL"));
    workspace.write("plugins/one/build.rs", &script("-Wl,-Bsymbolic"));
    workspace.write("plugins/two/build.rs", &script("-Wl,--version-script=/dev/null"));
    warned(
        workspace.build(),
        &[
            ("--exclude-libs=ALL", "from the build script of `host`"),
            ("-Bsymbolic", "from the build script of `one`"),
            ("--version-script=/dev/null", "from the build script of `two`"),
        ],
    );
    shares_the_counter(&workspace);

    workspace.write("host/build.rs", &script("-static"));
    workspace
        .engraft(["build"])
        .ended(101)
        .says(&[
            "error: `host` can't be built: the linker flag `-static`: with it the program has no dynamic loader",
            "\nhelp: remove the flag",
        ])
        .never_says(&["linking with", "undefined", "process didn't exit"]);
}

/// The loader would run it each time that a plugin brings the package, and Engraft would not know.
#[test]
fn function_that_the_linker_has_the_loader_run_is_refused() {
    let workspace = Workspace::new();
    let counter = "pub static RUNS: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);\n\
                   #[unsafe(no_mangle)]\npub extern \"C\" fn begin() { RUNS.fetch_add(1, std::sync::atomic::Ordering::Relaxed); }\n";
    workspace.package("counter", "", "src/lib.rs", counter);
    workspace.replace("Cargo.toml", "\"host\"", "\"host\", \"counter\"");
    let value = "pub fn value() -> u32 { counter::RUNS.load(std::sync::atomic::Ordering::Relaxed) }\n";
    let constructor = "#[used]\n#[unsafe(link_section = \".init_array\")]\nstatic BEGIN: extern \"C\" fn() = begin;\n";
    workspace.append("counter/src/lib.rs", constructor);
    for name in ["one", "two"] {
        workspace.plugin(name, &format!("#[engraft::export]\n{value}// {name}\n"));
        workspace.append(&format!("plugins/{name}/Cargo.toml"), "counter = { path = \"../../counter\" }\n");
    }
    let with_flag = |flag: &str| {
        let script = format!("fn main() {{ println!(\"cargo::rustc-link-arg={flag}\"); }}\n");
        workspace.write("plugins/two/build.rs", &script);
        workspace.engraft(["build"])
    };
    for flag in ["-init=begin", "-fini=begin"] {
        let because = "with it the loader runs the function in every file that brings it, not once in a process\nhelp: remove the flag";
        let refused = with_flag(&format!("-Wl,{flag}")).ended(101);
        refused.says(&[&format!("error: `two` can't be linked with `{flag}`: {because}")]).never_says(&["linking with", "didn't exit"]);
    }
    // The flag changes the order in which the loader runs files' lists, in which Engraft leaves nothing of a plugin's.
    with_flag("-Wl,-z,initfirst").success().never_says(&["warning"]);
    workspace.host(["one", "two"]).success().prints(&["one is 1\n", "two is 1\n"]);
    // A host is loaded once.
    workspace.write("plugins/two/build.rs", "fn main() {}\n");
    workspace.write("host/build.rs", "fn main() { println!(\"cargo::rustc-link-arg=-Wl,-init=first\"); }\n");
    workspace.append("host/src/main.rs", "#[unsafe(no_mangle)]\npub extern \"C\" fn first() { println!(\"first\"); }\n");
    workspace.build().never_says(&["warning"]);
    let ran = workspace.host(["one", "two"]).success();
    assert_eq!((ran.stdout.matches("first\n").count(), ran.stdout.matches(" is 1\n").count()), (1, 2), "{ran}");
}

#[test]
fn flags_with_which_nothing_can_be_linked_are_refused_before_anything_is_compiled() {
    let workspace = Workspace::new();
    let refused = |command: &mut Command, texts: &[&str]| {
        Ran::of(command).ended(101).says(texts).says(&["\nhelp: remove the flag"]).never_says(&["Compiling", "linking with"]);
    };
    for (flags, found) in [
        ("-Clink-arg=-static", "the linker flag `-static`"),
        ("-C link-args=-static-pie", "the linker flag `-static-pie`"),
        ("-Ctarget-feature=+crt-static", "`-C target-feature=+crt-static`"),
        ("-C prefer-dynamic", "`-C prefer-dynamic`"),
    ] {
        refused(workspace.command(["build"]).env("RUSTFLAGS", flags), &["error: RUSTFLAGS: ", found]);
    }
    for (key, flags) in [
        ("build", "['-Cprefer-dynamic']"),
        ("target.x86_64-unknown-linux-gnu", "'-C prefer-dynamic=yes'"),
        ("build", "['-C', 'link-arg=-static']"),
    ] {
        let file = workspace.write(".cargo/config.toml", &format!("[{key}]\nrustflags = {flags}\n"));
        refused(&mut workspace.command(["build"]), &[&format!("error: `{key}.rustflags` in {}: ", file.display())]);
    }
}

/// What no argument tells, the linked file does.
#[test]
fn flags_that_a_wrapper_around_the_linker_adds_are_found_in_what_it_links() {
    const MORE: &str = "#[unsafe(no_mangle)]\npub extern \"C\" fn more() {}\n";
    let workspace = with_a_counter();
    workspace.build();
    // In front of the real one, under its name: cargo compiles nothing anew.
    workspace.script("tools/cc", "#!/bin/sh\nPATH=${PATH#*:}\nexec cc \"$@\" $ADDED\n");
    let path = format!("{}:{}", workspace.root.join("tools").display(), std::env::var("PATH").unwrap());
    let build = |added: &str| {
        workspace.append("plugins/one/src/lib.rs", MORE);
        let ran = Ran::of(workspace.command(["build"]).env("PATH", &path).env("ADDED", added));
        workspace.replace("plugins/one/src/lib.rs", MORE, "");
        ran
    };
    build("-Wl,-z,now").success();
    build("-Wl,-Bsymbolic-functions")
        .ended(101)
        .says(&["error: the linker bound symbols within `one` that it shares", "of package `one 0.1.0`", "\nhelp: "])
        .never_says(&["linking with"]);
    build("-Wl,-Bsymbolic").ended(101).says(&["the linker made the loader search `one` itself first"]);
    for flag in ["-Wl,-init=more", "-Wl,-fini=more"] {
        build(flag)
            .ended(101)
            .says(&["the linker made the loader run a function whenever it maps `one`, and not once in a process\nhelp: "]);
    }
    workspace.write("list.ver", "{ local: *; };");
    let hidden = format!("-Wl,--version-script={}", workspace.root.join("list.ver").display());
    build(&hidden).ended(101).says(&["the linker did not export from `one` what it shares with others"]);
    workspace.append("host/src/main.rs", "// Linked again.\n");
    build("-Wl,--exclude-libs,ALL")
        .ended(101)
        .says(&["error: the linker did not export from `host` what it shares with others", "\nhelp: "])
        .never_says(&["linking with", "process didn't exit"]);
}
