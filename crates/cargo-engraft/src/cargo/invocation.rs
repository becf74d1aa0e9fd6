//! The one cargo invocation of a build, and the artifacts that it reports.

use crate::commands::options::BuildOptions;
use crate::exit;
use crate::link::save;
use crate::output::Steps;
use crate::rustc::session::Session;
use anyhow::{Context, Result};
use cargo_metadata::camino::Utf8PathBuf;
use cargo_metadata::{Artifact, Message, PackageId, TargetKind};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a build produced.
#[derive(Debug, Default)]
pub struct Artifacts {
    /// Executables: package, target name, kind of target, path.
    pub executables: Vec<Executable>,
    /// Libraries of packages: the path of one of the library's outputs.
    pub libraries: Vec<(PackageId, PathBuf)>,
}

/// An executable that cargo built.
#[derive(Debug, Clone)]
pub struct Executable {
    /// The package that it belongs to.
    pub package: PackageId,
    /// The name of its target.
    pub name: String,
    /// The kind of its target.
    pub kind: TargetKind,
    /// Whether it is a test harness.
    pub test: bool,
    /// Where it is.
    pub path: PathBuf,
    /// The source file that it begins with.
    pub source: PathBuf,
    /// The debug information that a profile keeps out of it, with `split-debuginfo = "packed"`.
    pub dwarf_package: Option<PathBuf>,
}

/// How a cargo run ended.
#[derive(Debug)]
pub enum Outcome {
    /// It built everything.
    Built(Artifacts),
    /// It failed, after it said why, with this exit code.
    Failed(u8),
}

/// A cargo command with this program as rustc wrapper.
pub fn command(subcommand: &str, options: &BuildOptions, session: &Session, session_file: &Path) -> Result<Command> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.arg(subcommand).args(options.cargo_arguments());
    cargo.arg("--target-dir").arg(&session.target_dir);
    // Goes before every other source of the setting. Those who asked for LTO are told by the build.
    cargo.arg("--config").arg(format!("profile.{}.lto=false", options.profile()));
    cargo.env("RUSTC_WRAPPER", &session.engraft).env(crate::role::SESSION, session_file);
    match session.api_digest()? {
        Some(digest) => cargo.env(crate::role::API, digest),
        None => cargo.env_remove(crate::role::API),
    };
    // A build directory that the user has configured is shared with builds that don't go through Engraft.
    cargo.env("CARGO_BUILD_BUILD_DIR", &session.target_dir);
    // Links run in other directories.
    if let Some(directory) = std::env::var_os(save::VARIABLE) {
        cargo.env(save::VARIABLE, std::path::absolute(&directory).unwrap_or(directory.into()));
    }
    Ok(cargo)
}

/// Runs a cargo command that builds, passing its messages on where the user wants to read them.
pub fn run(mut cargo: Command, options: &BuildOptions, steps: Steps) -> Result<Outcome> {
    let json = options.message_format.is_some();
    cargo.arg("--message-format").arg(options.message_format.as_deref().unwrap_or("json-render-diagnostics"));
    cargo.stdout(Stdio::piped());
    steps.tell_command(&cargo);
    let mut child = cargo.spawn().context("failed to run cargo")?;
    let stdout = child.stdout.take().context("cargo has no standard output")?;
    let mut artifacts = Artifacts::default();
    for line in BufReader::new(stdout).lines() {
        let line = line.context("failed to read cargo's messages")?;
        match serde_json::from_str(&line) {
            Ok(message) => {
                if json {
                    println!("{line}");
                }
                artifacts.take(message);
            }
            // A build script or macro that prints to standard output.
            Err(_) => println!("{line}"),
        }
    }
    let status = child.wait().context("failed to wait for cargo")?;
    Ok(if status.success() { Outcome::Built(artifacts) } else { Outcome::Failed(exit::code_of(cargo.get_program(), status)) })
}

/// Where the compiler wrote a library, beside which its record is. cargo gives a `.rlib` and a shared object second names in the directory
/// above, and a library that is a shared object too has no `.rmeta` that cargo knows of.
fn where_compiled(filenames: &[Utf8PathBuf]) -> Option<PathBuf> {
    let find = |extension| filenames.iter().find(|path| path.extension() == Some(extension));
    let above = || find("rlib").and_then(|path| Some(path.parent()?.join("deps").join(path.file_name()?)));
    find("rmeta").cloned().or_else(above).map(Utf8PathBuf::into_std_path_buf)
}

impl Artifacts {
    fn take(&mut self, message: Message) {
        let Message::CompilerArtifact(Artifact { package_id, target, filenames, executable, profile, .. }) = message else { return };
        let Some(kind) = target.kind.first().cloned() else { return };
        if let Some(path) = executable {
            // One that is there may be an earlier profile's; cargo names those that it made.
            let dwarf_package = filenames.into_iter().find(|path| path.extension() == Some("dwp")).map(Into::into);
            let (path, source) = (path.into(), target.src_path.into());
            let test = profile.test;
            self.executables.push(Executable { package: package_id, name: target.name, kind, test, path, source, dwarf_package });
        } else if matches!(kind, TargetKind::Lib | TargetKind::RLib) {
            self.libraries.extend(where_compiled(&filenames).map(|path| (package_id, path)));
        }
    }
}
