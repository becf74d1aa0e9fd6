//! The keys that signatures are checked with.

use anyhow::{Context, Result};
use engraft_manifest::PublicKey;
use std::path::Path;

/// Reads a key file, minisign's or ours.
pub fn read(path: &Path) -> Result<PublicKey> {
    let text = std::fs::read_to_string(path).with_context(|| format!("failed to read the public key {}", path.display()))?;
    parse(&text).with_context(|| format!("{} is no public key", path.display()))
}

/// The key in the text of a key file, or in its second line alone.
pub fn parse(text: &str) -> Result<PublicKey> {
    PublicKey::read(text).context(
        "expected the line of a minisign public key: 56 characters that begin with RW\n\
         help: it is the second line of the file engraft.pub, which `cargo engraft keygen` has made",
    )
}
