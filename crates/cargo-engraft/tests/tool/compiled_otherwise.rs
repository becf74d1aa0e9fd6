//! Plugins whose own packages were compiled with other flags than their host's: what one process can't be made of is refused.

use crate::linked;
use crate::ran::Ran;
use crate::workspace::{PLUGIN, Workspace};
use std::fs;

/// Puts `tools/wrapper` before Engraft's own, so that cargo has one package compiled with other flags than all others.
const CARGO: &str = "#!/bin/sh\nINNER=\"$RUSTC_WRAPPER\" RUSTC_WRAPPER=\"$(dirname \"$0\")/wrapper\" exec cargo \"$@\"\n";

/// A workspace in which each of these plugins is compiled with flags of its own.
fn with_flags(plugins: &[(&str, &str)]) -> Workspace {
    let workspace = Workspace::new();
    let cases = plugins.iter().map(|(name, flags)| {
        workspace.plugin(name, PLUGIN);
        format!("  *\"--crate-name {name} \"*) set -- \"$@\" {flags} ;;\n")
    });
    let cases: String = cases.collect();
    workspace.script("tools/cargo", CARGO);
    workspace.script("tools/wrapper", &format!("#!/bin/sh\ncase \"$* \" in\n{cases}esac\nexec ${{INNER:+\"$INNER\"}} \"$@\"\n"));
    workspace
}

#[track_caller]
fn build(workspace: &Workspace, names: &[&str]) -> Ran {
    let packages = names.iter().flat_map(|name| ["-p", name]);
    Ran::of(workspace.command(["build", "-p", "host"].into_iter().chain(packages)).env("CARGO", workspace.root.join("tools/cargo")))
}

/// A feature that this machine lacks and that comes alone: AMD's CPUs of 2012 have the one, some of Intel's since 2020 the other.
fn lacking_feature() -> &'static str {
    if is_x86_feature_detected!("tbm") { "kl" } else { "tbm" }
}

/// No host that was built by itself differs from the plugin in anything else.
#[test]
fn plugin_that_aborts_is_refused_by_host_that_unwinds() {
    let workspace = with_flags(&[("aborting", "-Cpanic=abort")]);
    build(&workspace, &["aborting"]).ended(100).says(&[
        "error: the plugin `aborting` does not fit the host ",
        "\n  the whole plugin: compiled with `-C panic=abort`, the host with `-C panic=unwind`\n",
        "\nhelp: build both with the same `RUSTFLAGS`, [profile] settings and `.cargo/config.toml`: `cargo engraft build`\n",
    ]);
    // A plugin that was linked by others, as far as its record says.
    build(&workspace, &["one"]).success();
    let plugin = workspace.keep(&workspace.so("one"), "one.so");
    let mut bytes = fs::read(&plugin).unwrap();
    let modifiers = b"-C panic=unwind";
    let at = bytes.windows(modifiers.len()).position(|window| window == modifiers).unwrap();
    bytes[at..at + modifiers.len()].copy_from_slice(b"-C panic=abort ");
    engraft_manifest::seal(&mut bytes).unwrap();
    fs::write(&plugin, bytes).unwrap();
    let found = "  found: the whole plugin: compiled with `-C panic=abort `, the host with `-C panic=unwind`\n";
    workspace.host([&plugin]).success().prints(&["refused: E01: ", found, "calls: 0\n"]);
    let host = workspace.output("host").display().to_string();
    workspace.engraft(["check", "--host", &host, &plugin.display().to_string()]).ended(100).prints(&[found]);
}

#[test]
fn f11_plugin_for_cpu_features_that_this_machine_lacks_is_refused() {
    let lacking = lacking_feature();
    let workspace = with_flags(&[("lacking", &format!("-Ctarget-feature=+{lacking}")), ("native", "-Ctarget-cpu=native")]);
    build(&workspace, &["lacking", "native"]).success();
    let refused = format!("E25: the plugin {} was compiled for another kind of CPU\n", workspace.so("lacking").display());
    let found = format!("\n  found: one that needs {lacking}\n");
    let ran = workspace.host(["lacking", "native"]).success();
    ran.prints(&[&format!("refused: {refused}"), &found, "native is 1\ncalls: 1\n"]);
    let host = workspace.output("host").display().to_string();
    let path = workspace.so("lacking").display().to_string();
    workspace.engraft(["check", "--host", &host, &path]).ended(100).prints(&[&refused, &found]);
    workspace.engraft(["inspect", &path]).success().prints(&[&format!("\n  CPU features: {lacking}\n")]);

    // The word `native` is another CPU on each machine.
    linked::manifest(&workspace.so("native"), |manifest| {
        let package = manifest.packages.iter().find(|package| package.name == "native").unwrap();
        let features: Vec<String> =
            manifest.cpu_features.split(' ').filter(|name| !name.is_empty()).map(|name| format!("-C target-feature=+{name}")).collect();
        let flags = manifest.flags(package);
        assert!(!flags.contains(&"-C target-cpu=native"), "{flags:?}");
        let recorded: Vec<&str> = flags.iter().copied().filter(|flag| flag.starts_with("-C target-feature=")).collect();
        assert_eq!(recorded, features);
        assert_eq!(features.is_empty(), !is_x86_feature_detected!("sse3"));
    });
}
