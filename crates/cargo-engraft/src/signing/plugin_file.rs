//! A file that is to be signed or checked: whether it is a plugin, and as it left the linker.

use super::refusal::Refusal;
use anyhow::{Context, Result};
use engraft_manifest::{BuildId, Damage, FileDigest, FileKind, Identity, NotARecord, Role, find_note, has_traces};
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
            return Ok(Err(Refusal::NotRegular));
        }
        Ok(Self::of(&std::fs::read(path).with_context(reading)?))
    }

    fn of(bytes: &[u8]) -> Result<Self, Refusal> {
        let len = bytes.len() as u64;
        let note =
            find_note(bytes, len).map_err(|found| if had_one(bytes, found) { Damage::Headers.into() } else { Refusal::from(found) })?;
        if let Some(damage) = Damage::of_length(&note, len) {
            return Err(damage.into());
        }
        let mut digest = FileDigest::new(note.build_id_offset);
        digest.update(bytes);
        let (linked, found) = (note.build_id, digest.finish());
        if linked != found {
            return Err(Damage::Content { linked, found }.into());
        }
        match Identity::read(note.record).map_err(Refusal::Manifest)?.role {
            Role::Plugin => Ok(Self { build: linked }),
            Role::Host => Err(Refusal::Host),
        }
    }
}

/// Whether a file without a record had one before it was altered: asked of what nothing else is known of, as `open` does.
fn had_one(bytes: &[u8], found: NotARecord) -> bool {
    use FileKind::{OtherElf, OtherMachine, SharedObject, Unknown};
    matches!(found, NotARecord::Other(Unknown | OtherMachine(_) | OtherElf(_) | SharedObject)) && has_traces(bytes)
}
