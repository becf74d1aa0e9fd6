//! This program's own manifest, which its linker put into it.

use crate::registration::Init;
use crate::{OpenError, plain_order, sys};
use engraft_manifest::{BuildId, Identity, Key, Manifest, parts_of_note};
use std::sync::OnceLock;

/// The running program, as it was linked.
pub(crate) struct Host {
    /// Which build it is.
    pub(crate) build_id: BuildId,
    record: &'static [u8],
    /// Read when a plugin comes that was linked for another build.
    identity: OnceLock<Identity<'static>>,
    /// Decoded when somebody asks.
    manifest: OnceLock<Option<Manifest<'static>>>,
}

/// The running program, to open plugins in.
pub(crate) fn this() -> Result<&'static Host, OpenError> {
    if !sys::SUPPORTED {
        return Err(OpenError::unsupported_platform());
    }
    linked().ok_or_else(OpenError::host_not_linked)
}

/// The running program; none if Engraft did not link it.
pub(crate) fn linked() -> Option<&'static Host> {
    static HOST: OnceLock<Option<Host>> = OnceLock::new();
    let read = || {
        parts_of_note(sys::host_note()?).map(|(build_id, record)| Host {
            build_id,
            record,
            identity: OnceLock::new(),
            manifest: OnceLock::new(),
        })
    };
    HOST.get_or_init(read).as_ref()
}

/// The packages of the running program that have initialisers, each after what it depends on.
pub(crate) fn initialising() -> Vec<Key> {
    match linked() {
        Some(host) => host.identity().initialisers().collect(),
        None => plain_order::of(sys::host_initialisers()),
    }
}

/// The initialisers of all packages of the running program.
pub(crate) fn initialisers() -> &'static [Init] {
    sys::host_initialisers()
}

impl Host {
    /// Its packages.
    pub(crate) fn identity(&self) -> &Identity<'static> {
        self.identity.get_or_init(|| Identity::read(self.record).expect("Engraft's linker wrote this record into this program"))
    }

    /// The whole manifest, for those who ask why something does not fit.
    pub(crate) fn manifest(&self) -> Option<&Manifest<'static>> {
        self.manifest.get_or_init(|| Manifest::decode(self.record).ok()).as_ref()
    }
}
