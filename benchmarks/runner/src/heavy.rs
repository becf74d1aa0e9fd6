//! The fixture whose host and plugin share an HTTP, TLS and SQL stack. It is a separate workspace, built in place.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::contestant::Heavy;
use crate::place::Place;
use crate::program::{self, Program};

const WORKSPACE: &str = "fixtures/heavy";

/// The files that Engraft builds.
pub(crate) fn by_engraft(place: &Place) -> Result<Heavy> {
    let outputs = build(program::command(&place.engraft), place)?.join("target/engraft").join(place.profile.directory());
    Ok(Heavy { host: Program::new(outputs.join("heavy")), verb: "engraft", plugin: outputs.join("plugins/heavy-plugin.so") })
}

/// The host, built by cargo.
pub(crate) fn plain(place: &Place) -> Result<Program> {
    let workspace = build(program::command(Path::new("cargo")), place)?;
    Ok(Program::new(workspace.join("target").join(place.profile.directory()).join("heavy")))
}

/// Builds the fixture and returns the paths.
fn build(mut command: Command, place: &Place) -> Result<PathBuf> {
    let workspace = place.repository.join(WORKSPACE);
    command.args(["build", "--quiet", "--locked", "--profile", place.profile.name(), "--manifest-path"]);
    program::stdout_of(command.arg(workspace.join("Cargo.toml")))?;
    Ok(workspace)
}
