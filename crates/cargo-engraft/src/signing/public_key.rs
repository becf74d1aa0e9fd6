//! A key that signatures are checked with.

use super::key_id::KeyId;
use anyhow::{Context, Result, anyhow};
use std::path::Path;

/// A public key.
#[derive(Debug, Clone)]
pub struct PublicKey {
    pub id: KeyId,
    pub key: minisign_verify::PublicKey,
}

impl PublicKey {
    /// Reads a key file, minisign's or ours.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| format!("failed to read the public key {}", path.display()))?;
        Self::parse(&text).with_context(|| format!("{} is no public key", path.display()))
    }

    /// Of the text of a key file, or of its second line alone.
    pub fn parse(text: &str) -> Result<Self> {
        // The first line of a file is a comment.
        let line = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with("untrusted comment:"));
        let line = line.unwrap_or_default();
        let wrong = |_| {
            anyhow!(
                "expected the line of a minisign public key, 56 characters that begin with RW\n\
                 help: it is the second line of the file that `cargo engraft keygen` wrote, engraft.pub"
            )
        };
        let key = minisign_verify::PublicKey::from_base64(line).map_err(wrong)?;
        let id = minisign::PublicKey::from_base64(line).context("failed to read the key's id")?;
        Ok(Self { id: KeyId::new(id.keynum()), key })
    }
}
