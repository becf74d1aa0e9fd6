//! Link-time optimisation would remove what plugins borrow: it is switched off, and one line says so.

use crate::ran::Ran;
use crate::workspace::Workspace;

#[track_caller]
fn built_without(ran: Ran, asked: &str) {
    let warnings: Vec<&str> = ran.stderr.lines().filter(|line| line.contains("warning: ")).collect();
    assert_eq!(warnings.len(), 1, "{ran}");
    assert!(warnings[0].starts_with("warning: ") && warnings[0].contains(asked), "{ran}");
    assert!(warnings[0].contains("built without, because link-time optimisation would remove the symbols that plugins borrow"), "{ran}");
}

#[test]
fn asked_for_by_the_manifest() {
    let workspace = Workspace::new();
    workspace.append("Cargo.toml", "[profile.dev]\nlto = true\n");
    built_without(workspace.build(), "profile `dev` asks for lto = true; ");
    workspace.host(["one"]).success().prints(&["one is 1"]);
    // Said again, though nothing is left to build; and `--quiet` does not hide it.
    built_without(workspace.engraft(["build", "-q"]).success(), "profile `dev` asks for lto = true; ");
}

#[test]
fn asked_for_by_a_configuration_file() {
    let workspace = Workspace::new();
    workspace.write(".cargo/config.toml", "[profile.dev]\nlto = \"thin\"\n");
    built_without(workspace.build(), "profile `dev` asks for lto = thin; ");
    workspace.host(["one"]).success().prints(&["one is 1"]);
}

#[test]
fn asked_for_by_the_environment() {
    let workspace = Workspace::new();
    built_without(
        Ran::of(workspace.command(["build"]).env("CARGO_PROFILE_DEV_LTO", "fat")).success(),
        "profile `dev` asks for lto = fat; ",
    );
    workspace.host(["one"]).success().prints(&["one is 1"]);
}

#[test]
fn asked_for_by_flags() {
    let workspace = Workspace::new();
    let ran = Ran::of(workspace.command(["build"]).env("RUSTFLAGS", "-Clto=fat -C lto=thin -C embed-bitcode=yes"));
    built_without(ran.success(), "RUSTFLAGS");
    workspace.host(["one"]).success().prints(&["one is 1"]);
}

#[test]
fn asked_for_by_flags_in_a_file() {
    let workspace = Workspace::new();
    workspace.write(".cargo/config.toml", "[build]\nrustflags = [\"-Clto=fat\", \"-Cembed-bitcode=yes\"]\n");
    built_without(workspace.build(), "rustflags");
    workspace.host(["one"]).success().prints(&["one is 1"]);
}

#[test]
fn not_asked_for_nothing_is_said() {
    let workspace = Workspace::new();
    for setting in ["false", "\"off\""] {
        workspace.write(".cargo/config.toml", &format!("[profile.dev]\nlto = {setting}\n[profile.release]\nlto = true\n"));
        workspace.build().never_says(&["warning"]);
    }
}
