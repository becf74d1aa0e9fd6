//! This program's own manifest, which its linker put into it.

use crate::{OpenError, sys};
use engraft_manifest::{Identity, Manifest, record_of_note};
use std::sync::OnceLock;

/// The packages of the running program.
pub(crate) fn identity() -> Result<&'static Identity<'static>, OpenError> {
    static IDENTITY: OnceLock<Option<Identity<'static>>> = OnceLock::new();
    if !sys::SUPPORTED {
        return Err(OpenError::UnsupportedPlatform);
    }
    IDENTITY.get_or_init(|| Identity::read(record()?).ok()).as_ref().ok_or(OpenError::HostNotLinked)
}

/// The whole manifest of the running program, for those who ask why something does not fit.
pub(crate) fn manifest() -> Option<Manifest<'static>> {
    Manifest::decode(record()?).ok()
}

fn record() -> Option<&'static [u8]> {
    record_of_note(sys::host_note()?)
}
