//! A file that is to be signed or checked: whether it is a plugin, and as it left the linker.

use super::refusal::Refusal;
use anyhow::{Context, Result};
use engraft_manifest::{BuildId, Damage, FileDigest, FileKind, Identity, NotARecord, Role, find_note, has_traces};
use std::path::Path;

/// A file that says it was linked by Engraft, and is as long as it says.
#[derive(Debug)]
pub struct PluginFile {
    /// Which build it says it is.
    pub build: BuildId,
    /// What is wrong with the rest of it.
    fault: Option<Refusal>,
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

    /// The build that it is: a complete plugin whose content has the digest that it says.
    pub fn whole(self) -> Result<BuildId, Refusal> {
        self.fault.map_or(Ok(self.build), Err)
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
        let fault = match (Damage::of_content(note.build_id, digest.finish()), Identity::read(note.record)) {
            (Some(damage), _) => Some(damage.into()),
            (None, Err(error)) => Some(Refusal::Manifest(error)),
            (None, Ok(identity)) => (identity.role == Role::Host).then_some(Refusal::Host),
        };
        Ok(Self { build: note.build_id, fault })
    }
}

/// Whether a file without a record had one before it was altered: asked of what nothing else is known of, as `open` does.
fn had_one(bytes: &[u8], found: NotARecord) -> bool {
    use FileKind::{OtherElf, OtherMachine, SharedObject, Unknown};
    matches!(found, NotARecord::Other(Unknown | OtherMachine(_) | OtherElf(_) | SharedObject)) && has_traces(bytes)
}
