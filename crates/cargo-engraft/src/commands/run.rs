//! `cargo engraft run`: builds everything and becomes the host.

use super::build::Build;
use super::options::BuildOptions;
use crate::cargo::invocation::{Executable, Outcome};
use crate::cargo::workspace::Graph;
use anyhow::{Context, Result, bail};
use cargo_metadata::TargetKind;
use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::process::Command;

/// The subcommand. On success it does not return: the host takes this process's place.
pub fn command(options: &BuildOptions, strip: bool, bin: Option<&str>, example: Option<&str>, arguments: &[OsString]) -> Result<u8> {
    // `-p` says whose binary is to run; everything is linked, or the host would run with stale plugins.
    let everything = BuildOptions { packages: Vec::new(), ..options.clone() };
    let build = Build::prepare(&everything, if example.is_some() { Graph::WithDevelopment } else { Graph::Normal })?.stripping(strip)?;
    build.workspace.check_names(&options.packages)?;
    let wanted = |executable: &&Executable| {
        let package = build.workspace.hosts.iter().find(|host| host.id == executable.package);
        package.is_some_and(|package| options.packages.is_empty() || options.packages.contains(&package.name))
    };
    let extra = match example {
        Some(name) => vec!["--lib".to_owned(), "--bins".to_owned(), "--example".to_owned(), name.to_owned()],
        None => Vec::new(),
    };
    let mut artifacts = match build.cargo("build", &extra)? {
        Outcome::Failed(code) => return Ok(code),
        Outcome::Built(artifacts) => artifacts,
    };
    build.strip_hosts(&mut artifacts)?;
    build.link_plugins(&artifacts, if example.is_some() { "examples/plugins" } else { "plugins" })?;
    build.place_hosts(&artifacts.executables)?;

    let kind = if example.is_some() { TargetKind::Example } else { TargetKind::Bin };
    let named = |executable: &&Executable| bin.or(example).is_none_or(|name| executable.name == name);
    let candidates: Vec<&Executable> =
        artifacts.executables.iter().filter(|executable| executable.kind == kind).filter(wanted).filter(named).collect();
    let default = |executable: &&&Executable| {
        let package = build.workspace.member(&executable.package);
        package.is_some_and(|package| package.default_run.as_ref() == Some(&executable.name))
    };
    let host = match candidates[..] {
        [host] => host,
        [] => {
            let all: Vec<&str> = build.workspace.hosts.iter().flat_map(|host| host.binaries.iter().map(String::as_str)).collect();
            let name = bin.or(example).map_or(String::new(), |name| format!(" `{name}`"));
            let place = if options.packages.is_empty() { "the workspace".to_owned() } else { options.packages.join(", ") };
            bail!("no host{name} in {place}\nhelp: hosts: {}", all.join(", "))
        }
        _ => candidates.iter().find(default).with_context(|| {
            let mut names: Vec<&str> = candidates.iter().map(|executable| executable.name.as_str()).collect();
            names.sort_unstable();
            let count = candidates.len();
            format!("the workspace has {count} hosts, and it is not said which to run\nhelp: choose one with --bin: {}", names.join(", "))
        })?,
    };
    let program = build.place(host)?;
    let mut command = Command::new(&program);
    command.args(arguments);
    build.steps().tell("Running", &format!("`{}`", program.display()));
    // The session's file and the lock go away with `build`, which `exec` would never drop.
    drop(build);
    Err(command.exec()).with_context(|| format!("failed to run {}", program.display()))
}
