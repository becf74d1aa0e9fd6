//! What `cargo metadata` says of a workspace, or cargo's own words for why it can't.

use crate::hook::scripts::TOOL;
use anyhow::Result;
use cargo_metadata::{Metadata, MetadataCommand};
use std::path::Path;

/// Asks cargo about the workspace of this manifest, or of the working directory.
pub fn read(manifest_path: Option<&Path>, arguments: Vec<String>) -> Result<Metadata> {
    let mut metadata = MetadataCommand::new();
    if let Some(path) = manifest_path {
        metadata.manifest_path(path);
    }
    metadata.other_options(arguments);
    // cargo asks the compiler for its version, and the hook may stand before the compiler.
    if let Ok(engraft) = std::env::current_exe() {
        metadata.env(TOOL, engraft);
    }
    metadata.exec().map_err(|error| match error {
        // cargo's own words are the best there are.
        cargo_metadata::Error::CargoMetadata { stderr } => anyhow::anyhow!("{}", stderr.trim().trim_start_matches("error: ")),
        other => anyhow::Error::new(other).context("failed to run `cargo metadata`"),
    })
}
