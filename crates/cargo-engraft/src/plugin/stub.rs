//! Links one plugin.
//!
//! rustc is left to find all libraries, native libraries and link options, and to check that they fit
//! together: the stub is a `cdylib` that depends on the plugin's library, and Engraft is its linker.

use super::fingerprint::Fingerprint;
use crate::link::report;
use crate::link::request::{LinkRequest, Product};
use crate::link::strip::{Objcopy, Strip, debug_file};
use crate::output::Steps;
use crate::place;
use crate::role::LINK_REQUEST;
use crate::rustc::record::PackageRecord;
use crate::rustc::session::Session;
use crate::rustc::toolchain::Toolchain;
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
    pub hosts: Vec<PathBuf>,
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
    let record =
        PackageRecord::read(link.library)?.with_context(|| format!("{} was not compiled under Engraft", link.library.display()))?;
    let settings = serde_json::to_vec(&(&record, &link.hosts, &link.session.profile, link.objcopy))?;
    let remembered = remembered_at(link);
    // Taken before anything is read: what is replaced while this links makes it link again next time.
    let inputs = link.hosts.iter().map(PathBuf::as_path).chain([record.library.as_path(), link.session.engraft.as_path()]);
    let inputs = Fingerprint::now(&settings, inputs);
    if made(inputs.clone(), link).is_at(&remembered) {
        return Ok(());
    }
    let packages = PackageRecord::closure(std::slice::from_ref(&record.library))?;
    let engraft = packages.iter().find(|package| package.is_engraft());
    let engraft = engraft.with_context(|| {
        format!(
            "the plugin `{}` does not use `engraft`, so it exports nothing\nhelp: mark what hosts may look up with `#[engraft::export]`",
            link.name
        )
    })?;
    let linker = record.link_options.iter().rev().find_map(|option| option.strip_prefix("-Clinker=")).unwrap_or("cc").to_owned();
    // Those of proc macros too, which are loaded again with the metadata of what uses them.
    let directories: BTreeSet<&Path> = packages
        .iter()
        .flat_map(|package| package.externs.iter().chain([&package.library]))
        .filter_map(|library| library.parent())
        .collect();
    let debug = debug_file(link.file);
    let debug_name = debug.file_name().unwrap_or_default();
    let request = LinkRequest {
        product: Product::Plugin { library: record.library.clone(), hosts: link.hosts.clone() },
        name: link.name.to_owned(),
        profile: link.session.profile.clone(),
        toolchain: Toolchain::ask(&record.compiler)?,
        target: record.link_options.iter().find_map(|option| option.strip_prefix("--target=")).map(str::to_owned),
        linker: PathBuf::from(&linker),
        strip: link.objcopy.map(|objcopy| Strip { objcopy: objcopy.clone(), debug: debug_name.into() }),
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
    command.args(link_options(&record.link_options));
    // The plugin's own identity makes the stub's symbols as distinct as the plugin's.
    command.args(record.metadata.iter().map(|metadata| format!("-Cmetadata={metadata}")));
    // The last match counts: the stub's directory is in the workspace's, under another name each time.
    command.args(link.session.remaps(None)).arg(format!("--remap-path-prefix={}=/stub", scratch.path().display()));
    command.arg(format!("-Clinker={}", LinkRequest::stand_in(&link.session.linkers, &link.session.engraft, &linker)?.display()));
    let output = scratch.path().join("plugin.so");
    command.arg("-o").arg(&output).env(LINK_REQUEST, &request_file);
    link.steps.tell_command(&command);
    run(&mut command, &request_file, link.name)?;

    if link.objcopy.is_some() {
        // Before the file that refers to it.
        std::fs::rename(scratch.path().join(debug_name), &debug).with_context(|| format!("failed to place {}", debug.display()))?;
    }
    std::fs::rename(&output, link.file).with_context(|| format!("failed to place {}", link.file.display()))?;
    if link.objcopy.is_none() {
        place::remove(&debug)?;
    }
    made(inputs, link).write(&remembered)?;
    let undone = report::read_undone(&request_file.with_extension(report::UNDONE))?;
    report::leave_undone(&remembered, link.file, undone.map_or_else(Vec::new, |undone| undone.flags))
}

/// With what a link makes.
fn made(inputs: Fingerprint, link: &PluginLink<'_>) -> Fingerprint {
    let inputs = inputs.with(link.file);
    if link.objcopy.is_some() { inputs.with(&debug_file(link.file)) } else { inputs }
}

/// The whole of the stub. `plugin` and `engraft` are given by `--extern`.
fn stub_source(record: &PackageRecord) -> String {
    format!("extern crate plugin as _;\nengraft::__plugin!({:?}, {:?});\n", record.crate_name, record.key().0)
}

/// Runs rustc; when the linker driver has refused, its words stand alone, without rustc's around them.
fn run(command: &mut Command, request: &Path, name: &str) -> Result<()> {
    let output = command.output().context("failed to run rustc")?;
    if let Some(refusal) = report::take_refusal(request)? {
        return Err(refusal);
    }
    let words = String::from_utf8_lossy(&output.stderr);
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
    session.target_dir.join("plugins").join(format!("{name}-{}", &key[..16]))
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
