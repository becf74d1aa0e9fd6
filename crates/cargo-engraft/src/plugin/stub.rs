//! Links one plugin.
//!
//! rustc is left to find all libraries, native libraries and link options, and to check that they fit
//! together: the stub is a `cdylib` that depends on the plugin's library, and Engraft is its linker.

use super::fingerprint::Fingerprint;
use crate::link::binding::Undone;
use crate::link::report;
use crate::link::request::{Hosts, LinkRequest, Product};
use crate::link::strip::{Objcopy, debug_file, dwarf_package};
use crate::output::Steps;
use crate::place;
use crate::role::LINK_REQUEST;
use crate::rustc::record::PackageRecord;
use crate::rustc::session::Session;
use crate::rustc::{messages::Messages, sysroot};
use anyhow::{Context, Result, bail};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What is needed to link a plugin.
#[derive(Debug)]
pub struct PluginLink<'a> {
    /// The package's name.
    pub name: &'a str,
    /// Any output of the plugin's library.
    pub library: &'a Path,
    /// The hosts it is for.
    pub hosts: Hosts,
    /// Where the plugin is to be.
    pub file: &'a Path,
    /// What strips it, if it is to be.
    pub objcopy: Option<&'a Objcopy>,
    /// The build's session.
    pub session: &'a Session,
    /// What is told.
    pub steps: Steps,
}

/// Links a plugin, unless nothing has changed since it was linked.
pub fn link(link: &PluginLink<'_>) -> Result<()> {
    let record = record_of(link.library)?;
    let settings = serde_json::to_vec(&(&record, &link.hosts, &link.session.profile, link.objcopy))?;
    let remembered = remembered_at(link);
    // Taken before anything is read: what is replaced while this links makes it link again next time.
    let hosts = match &link.hosts {
        Hosts::Built(hosts) => hosts.as_slice(),
        Hosts::Expected(_) => &[],
    };
    let inputs = hosts.iter().map(PathBuf::as_path).chain([record.library.as_path(), link.session.engraft.as_path()]);
    let inputs = Fingerprint::now(&settings, inputs);
    if made(inputs.clone(), link).is_at(&remembered) {
        return Ok(());
    }
    let undone = link_now(link)?;
    made(inputs, link).write(&remembered)?;
    report::leave_undone(&remembered, link.file, undone)
}

fn record_of(library: &Path) -> Result<PackageRecord> {
    PackageRecord::read(library)?.with_context(|| format!("{} was not compiled under Engraft", library.display()))
}

/// Links a plugin. Returns the flags that were taken out of the link.
pub fn link_now(link: &PluginLink<'_>) -> Result<Vec<Undone>> {
    let record = record_of(link.library)?;
    let packages = PackageRecord::closure(std::slice::from_ref(&record.library))?;
    let engraft = packages.iter().find(|package| package.is_engraft());
    let engraft = engraft.with_context(|| {
        format!(
            "the plugin `{}` does not use `engraft`, so it exports nothing\nhelp: mark what hosts may look up with `#[engraft::export]`",
            link.name
        )
    })?;
    let last = |option: &str| record.link_options.iter().rev().find_map(|given| given.strip_prefix(option));
    let linker = last("-Clinker=").unwrap_or("cc").to_owned();
    // Those of proc macros too, which are loaded again with the metadata of what uses them.
    let directories: BTreeSet<&Path> = packages
        .iter()
        .flat_map(|package| package.externs.iter().chain([&package.library]))
        .filter_map(|library| library.parent())
        .collect();
    let request = LinkRequest {
        product: Product::Plugin { library: record.library.clone(), hosts: link.hosts.clone() },
        name: link.name.to_owned(),
        profile: link.session.profile.clone(),
        toolchain: sysroot::toolchain(link.session, &record.compiler)?,
        target: record.link_options.iter().find_map(|option| option.strip_prefix("--target=")).map(str::to_owned),
        linker: PathBuf::from(&linker),
        libraries: directories.into_iter().map(Path::to_owned).collect(),
    };

    link.steps.tell("Linking", &format!("{} v{} (plugin)", record.name, record.version));
    let directory = link.file.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(directory).with_context(|| format!("failed to create {}", directory.display()))?;
    let scratch = place::scratch(directory)?;
    let source = scratch.path().join("stub.rs");
    place::write_unseen(&source, stub_source(&record))?;
    let request_file = scratch.path().join("request.json");
    place::write_unseen(&request_file, serde_json::to_vec(&request)?)?;

    let mut command = Command::new(&record.compiler);
    command.arg(&source).args(["--crate-name", "engraft_plugin", "--crate-type", "cdylib", "--edition", "2024", "--cap-lints", "allow"]);
    command.arg(format!("--extern=plugin={}", record.library.display())).arg(format!("--extern=engraft={}", engraft.library.display()));
    for directory in &request.libraries {
        command.arg("-L").arg(format!("dependency={}", directory.display()));
    }
    command.args(record.native_search.iter().flat_map(|search| ["-L", search]));
    command.args(link_options(&record.link_options)).args(sysroot::argument(link.session, &record.compiler)?);
    if last("-Csplit-debuginfo=") == Some("unpacked") {
        // What the stub's own code had in a file of its own would go away with its directory.
        command.arg("-Csplit-debuginfo=off");
    }
    // The plugin's own identity makes the stub's symbols as distinct as the plugin's.
    command.args(record.metadata.iter().map(|metadata| format!("-Cmetadata={metadata}")));
    // The last match counts: the stub's directory is in the workspace's, under another name each time.
    command.args(link.session.remaps(None, false)).arg(format!("--remap-path-prefix={}=/stub", scratch.path().display()));
    command.arg(format!("-Clinker={}", LinkRequest::stand_in(&link.session.linkers, &link.session.engraft, &linker)?.display()));
    let output = scratch.path().join(link.file.file_name().unwrap_or_default());
    command.arg("-o").arg(&output).env(LINK_REQUEST, &request_file);
    link.steps.tell_command(&command);
    let messages =
        Messages { session: link.session, package: None, externs: std::slice::from_ref(&record.library), compiler: &record.compiler };
    run(&mut command, &request_file, link.name, &messages)?;

    let stripped = scratch.path().join("stripped");
    if let Some(objcopy) = link.objcopy {
        objcopy.strip(&output, &debug_file(&output), &stripped)?;
    }
    // What a file refers to is there before it, and removed after it.
    let beside = [debug_file, dwarf_package].map(|of| (of(&output), of(link.file)));
    let (made_now, absent): (Vec<_>, Vec<_>) = beside.iter().partition(|(from, _)| from.exists());
    let file = (if link.objcopy.is_some() { stripped } else { output }, link.file.to_owned());
    for (from, to) in made_now.into_iter().chain([&file]) {
        std::fs::rename(from, to).with_context(|| format!("failed to place {}", to.display()))?;
    }
    absent.into_iter().try_for_each(|(_, to)| place::remove(to))?;
    let undone = report::read_undone(&request_file.with_extension(report::UNDONE))?;
    Ok(undone.map_or_else(Vec::new, |undone| undone.flags))
}

/// With what a link makes, or does not.
fn made(inputs: Fingerprint, link: &PluginLink<'_>) -> Fingerprint {
    inputs.with(link.file).with(&debug_file(link.file)).with(&dwarf_package(link.file))
}

/// The whole of the stub. `plugin` and `engraft` are given by `--extern`.
fn stub_source(record: &PackageRecord) -> String {
    format!("extern crate plugin as _;\nengraft::__plugin!({:?}, {:?});\n", record.crate_name, record.key().0)
}

/// Runs rustc; when the linker driver has refused, its words stand alone, without rustc's around them.
fn run(command: &mut Command, request: &Path, name: &str, messages: &Messages<'_>) -> Result<()> {
    let output = command.output().context("failed to run rustc")?;
    if let Some(refusal) = report::take_refusal(request)? {
        return Err(refusal);
    }
    let words = String::from_utf8_lossy(&output.stderr);
    let words = messages.translate(&words).map_or(words, Into::into);
    if !output.status.success() {
        bail!("failed to link the plugin `{name}`\n{}", words.trim_end());
    }
    eprint!("{words}");
    Ok(())
}

fn remembered_at(link: &PluginLink<'_>) -> PathBuf {
    remembered_of(link.session, link.name, link.file)
}

fn remembered_of(session: &Session, name: &str, file: &Path) -> PathBuf {
    let key = blake3::hash(file.as_os_str().as_encoded_bytes()).to_hex();
    session.own_dir.join("plugins").join(format!("{name}-{}", &key[..16]))
}

/// The file that names the flags that were taken out of a plugin's link.
pub fn undone_path(session: &Session, name: &str, file: &Path) -> PathBuf {
    remembered_of(session, name, file).with_extension(report::UNDONE)
}

/// The options with which the library was compiled, as far as they are for a link.
fn link_options(options: &[String]) -> impl Iterator<Item = &String> {
    options.iter().filter(|option| {
        let name = option.trim_start_matches("-C").split('=').next().unwrap_or_default();
        !matches!(name, "linker" | "lto" | "linker-plugin-lto")
    })
}
