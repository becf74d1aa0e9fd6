//! This program's own manifest, which its linker put into it.

use crate::{OpenError, sys};
use engraft_manifest::{Manifest, record_of_note};
use std::sync::OnceLock;

/// The manifest of the running program.
pub(crate) fn manifest() -> Result<&'static Manifest<'static>, OpenError> {
    static MANIFEST: OnceLock<Option<Manifest<'static>>> = OnceLock::new();
    if !sys::SUPPORTED {
        return Err(OpenError::UnsupportedPlatform);
    }
    let read = || Manifest::decode(record_of_note(sys::host_note()?)?).ok();
    MANIFEST.get_or_init(read).as_ref().ok_or(OpenError::HostNotLinked)
}
