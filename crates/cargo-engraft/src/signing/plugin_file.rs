//! A file that is to be signed or checked: whether it is a plugin, and as it left the linker.

use super::refusal::Refusal;
use anyhow::{Context, Result};
use engraft_manifest::{BuildId, Identity, NotARecord, Role, find_note};
use std::path::Path;

/// A complete plugin whose digest is right.
#[derive(Debug)]
pub struct PluginFile {
    /// Which build it is.
    pub build: BuildId,
}

impl PluginFile {
    /// Reads a whole file; the inner error says why no program would open it. Whether its packages fit is not asked here.
    pub fn read(path: &Path) -> Result<Result<Self, Refusal>> {
        let reading = || format!("failed to read {}", path.display());
        if !std::fs::metadata(path).with_context(reading)?.is_file() {
            return Ok(Err(Refusal::NotAPlugin("not a regular file".to_owned())));
        }
        Ok(Self::of(std::fs::read(path).with_context(reading)?))
    }

    fn of(mut bytes: Vec<u8>) -> Result<Self, Refusal> {
        let note = find_note(&bytes, bytes.len() as u64).map_err(|found| match found {
            NotARecord::Truncated { .. } | NotARecord::Corrupt(_) => Refusal::Altered(found.to_string()),
            other => Refusal::NotAPlugin(other.to_string()),
        })?;
        let (build, at) = (note.build_id, note.build_id_offset as usize);
        let role = Identity::read(note.record).map(|identity| identity.role);
        bytes[at..at + build.0.len()].fill(0);
        if blake3::hash(&bytes).as_bytes() != &build.0 {
            return Err(Refusal::Altered("its content is not what its digest says".to_owned()));
        }
        match role {
            Ok(Role::Plugin) => Ok(Self { build }),
            Ok(Role::Host) => Err(Refusal::Host),
            Err(error) => Err(Refusal::NotAPlugin(format!("its manifest can't be read: {error}"))),
        }
    }
}
