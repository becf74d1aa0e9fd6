//! What a program with a keyring would say of a file: the same checks, in the same order.

use super::refusal::Refusal;
use super::{PluginFile, beside};
use anyhow::{Context, Result};
use engraft_manifest::{BuildId, KeyId, PublicKey, verify_signature};
use std::io::ErrorKind;
use std::path::Path;

/// A plugin with a signature that holds.
#[derive(Debug)]
pub struct Signed {
    /// Who signed it.
    pub key: KeyId,
    /// Which build it is.
    pub build: BuildId,
}

/// Judges a file by these keys. The outer error says that it could not be judged.
pub fn judge(file: &Path, keys: &[PublicKey]) -> Result<Result<Signed, Refusal>> {
    let build = match PluginFile::read(file)? {
        Ok(plugin) => plugin.build,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let place = beside(file);
    let text = match std::fs::read(&place) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Err(Refusal::Unsigned(place))),
        text => text.with_context(|| format!("failed to read {}", place.display()))?,
    };
    // What is not text is no signature either.
    let verified = verify_signature(&String::from_utf8(text).unwrap_or_default(), build, keys);
    Ok(verified.map(|key| Signed { key, build }).map_err(|fault| Refusal::Signature(place, fault)))
}
