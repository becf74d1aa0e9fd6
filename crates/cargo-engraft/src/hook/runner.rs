//! In place of a program: brings the plugins up to date that it may open, and then becomes the program.
//!
//! cargo builds what a command names: for `cargo run -p host` no plugin, and for `cargo test -p host` none that an edit made stale.

use super::facts::{Facts, Plugin};
use super::freshness::{Host, Stale};
use super::scripts::{OWN_RUNNER, RUNNER, TARGET};
use super::target_place::TargetPlace;
use crate::cargo::config::{self, Config};
use crate::exit;
use crate::output::{self, Steps};
use anyhow::{Context, Result};
use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Runs a program of the workspace with this root: `given` are the program and its arguments. A runner that the user has configured
/// runs it in the end.
pub fn run(root: &Path, given: &[OsString]) -> Result<u8> {
    let program = given.first().context("the runner was called without a program")?;
    match bring_up_to_date(root, Path::new(program)) {
        Ok(exit::FINE) => {}
        Ok(code) => return Ok(code),
        // The program may well run without; what it opens is checked then.
        Err(error) => output::warning(&format!("failed to look for plugins that are out of date: {error:#}")),
    }
    let own = own_runner(&Config::read(root, &config::cargo_home()?)?);
    let mut words = own.iter().flatten().chain(given);
    let first = words.next().unwrap_or(program);
    Err(Command::new(first).args(words).exec()).with_context(|| format!("failed to run {}", Path::new(first).display()))
}

/// The nearest runner that cargo's configuration names, apart from the hook. One that the hook took the place of comes first.
fn own_runner(config: &Config) -> Option<Vec<OsString>> {
    let displaced = config.command(&["engraft", OWN_RUNNER], |_| true);
    displaced.or_else(|| config.command(&["target", TARGET, "runner"], |program| !program.ends_with(RUNNER)))
}

/// Builds plugins of which one is not what it should be. Returns cargo's exit code.
fn bring_up_to_date(root: &Path, program: &Path) -> Result<u8> {
    let program = std::path::absolute(program)?;
    let Some(host) = Host::read(&program)? else { return Ok(exit::FINE) };
    let target = std::env::var("CARGO_BUILD_TARGET").ok();
    let targets: Vec<&str> = target.as_deref().into_iter().chain([TARGET]).collect();
    let Some(directories) = TargetPlace::of_program(&program, &targets) else { return Ok(exit::FINE) };
    let facts = Facts::of(root, &directories)?;
    let plugins: Vec<&Plugin> = facts.plugins.values().filter(|plugin| is_for(plugin, &program)).collect();
    let stale = || -> Result<Vec<(&Plugin, Stale)>> {
        let mut stale = Vec::new();
        for plugin in &plugins {
            let (file, dep_info) = files(plugin, &program, &directories);
            stale.extend(host.check(&file, &dep_info, root)?.map(|why| (*plugin, why)));
        }
        Ok(stale)
    };
    let found = stale()?;
    if found.is_empty() {
        return Ok(exit::FINE);
    }
    let names: Vec<&str> = found.iter().map(|(plugin, _)| plugin.compiled.name.as_str()).collect();
    Steps::Told.tell("Updating", &format!("{}: {}", list(&names), reason(&found[0].1)));
    let code = build(root, &directories, &facts)?;
    if code != exit::FINE {
        return Ok(code);
    }
    for (plugin, why) in stale()? {
        output::warning(&text(&plugin.compiled.name, &why, &program));
    }
    Ok(exit::FINE)
}

/// Whether a plugin is for a program: one of a package that it names, or by its own name. Tests have a hash in their names.
fn is_for(plugin: &Plugin, program: &Path) -> bool {
    let Some(hosts) = &plugin.hosts else { return true };
    let package = std::env::var("CARGO_PKG_NAME").unwrap_or_default();
    let name = program.file_name().unwrap_or_default().to_string_lossy();
    hosts.iter().any(|host| *host == package || *host == *name)
}

/// Where the program finds a plugin by its name, and the file that says what that is made from.
fn files(plugin: &Plugin, program: &Path, directories: &TargetPlace) -> (PathBuf, PathBuf) {
    let deps = directories.profile_dir.join("deps");
    let beside = if program.starts_with(&deps) { &deps } else { &directories.profile_dir };
    let name = &plugin.crate_name;
    // The compiler's own file is complete; where builds have a directory of their own, cargo puts a copy beside the shared object.
    let of_compiler = deps.join(format!("{name}.d"));
    let dep_info = if of_compiler.is_file() { of_compiler } else { beside.join(format!("lib{name}.d")) };
    (beside.join(format!("lib{name}.so")), dep_info)
}

/// Builds hosts and plugins together, so that both have the same features.
fn build(root: &Path, directories: &TargetPlace, facts: &Facts) -> Result<u8> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["build", "--offline", "--profile", &directories.profile()]).current_dir(root);
    cargo.args(directories.target().iter().flat_map(|target| ["--target", target]));
    for name in facts.hosts.iter().chain(facts.plugins.values().map(|plugin| &plugin.compiled.name)) {
        cargo.args(["--package", name]);
    }
    // Where it is built and what that prints on standard output is the caller's affair; programs' output stays their own.
    cargo.stdout(std::process::Stdio::null()).env("CARGO_TARGET_DIR", target_directory(directories));
    let status = cargo.status().context("failed to run cargo")?;
    Ok(exit::code_of(cargo.get_program(), status))
}

/// The target directory of the cargo that has started this, which may have it from its command line.
fn target_directory(directories: &TargetPlace) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| directories.target_dir.clone(), PathBuf::from)
}

fn reason(why: &Stale) -> String {
    match why {
        Stale::Missing => "not built".to_owned(),
        Stale::Older(source) => format!("older than {}", source.display()),
        Stale::Unfit(_) => "built for another build of this program".to_owned(),
    }
}

fn text(name: &str, why: &Stale, program: &Path) -> String {
    match why {
        Stale::Missing => format!("the plugin `{name}` was not built\nhelp: cargo build --package {name}"),
        Stale::Older(source) => format!("the plugin `{name}` is older than {}\nhelp: cargo build --package {name}", source.display()),
        Stale::Unfit(report) => format!("the plugin `{name}` does not fit {}:\n{report}", program.display()),
    }
}

fn list(names: &[&str]) -> String {
    let plural = if names.len() == 1 { "plugin" } else { "plugins" };
    format!("{plural} {}", names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runner_of_the_user_runs_the_program() {
        let hook = "[target.x86_64-unknown-linux-gnu]\nrunner = '.cargo/engraft/runner'\n";
        let of = |files: &[(&str, &str)]| own_runner(&Config::of(files)).map(|words| words.join(" ".as_ref()).into_string().unwrap());
        assert_eq!(of(&[("/w/.cargo/config.toml", hook)]), None);
        let home = ("/home/.cargo/config.toml", "[target.x86_64-unknown-linux-gnu]\nrunner = 'valgrind -q'");
        assert_eq!(of(&[("/w/.cargo/config.toml", hook), home]).as_deref(), Some("valgrind -q"));
        let displaced = format!("{hook}[engraft]\nrunner = ['tools/run', 'a b']\n");
        assert_eq!(of(&[("/w/.cargo/config.toml", &displaced), home]).as_deref(), Some("/w/tools/run a b"));
    }
}
