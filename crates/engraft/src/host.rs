//! This program's own manifest, which its linker put into it.

use crate::{OpenError, sys};
use engraft_manifest::{BuildId, Identity, Manifest, parts_of_note};
use std::sync::OnceLock;

/// What a verdict needs to know of the running program.
pub(crate) struct Host {
    /// Which build it is.
    pub(crate) build_id: BuildId,
    /// Its packages.
    pub(crate) identity: Identity<'static>,
}

/// The running program.
pub(crate) fn this() -> Result<&'static Host, OpenError> {
    static HOST: OnceLock<Option<Host>> = OnceLock::new();
    if !sys::SUPPORTED {
        return Err(OpenError::UnsupportedPlatform);
    }
    let read = || {
        let (build_id, record) = parts_of_note(sys::host_note()?)?;
        Some(Host { build_id, identity: Identity::read(record).ok()? })
    };
    HOST.get_or_init(read).as_ref().ok_or(OpenError::HostNotLinked)
}

/// The whole manifest of the running program, for those who ask why something does not fit.
pub(crate) fn manifest() -> Option<Manifest<'static>> {
    let (_, record) = parts_of_note(sys::host_note()?)?;
    Manifest::decode(record).ok()
}
