//! This program's own manifest, which its linker put into it.

use crate::registration::Init;
use crate::{OpenError, sys};
use engraft_manifest::{BuildId, Identity, Manifest, parts_of_note};

/// The running program, as it was linked.
pub(crate) struct Host {
    /// Which build it is.
    pub(crate) build_id: BuildId,
    record: &'static [u8],
    /// Read when a plugin comes that was linked for another build.
    identity: sys::First<Identity<'static>>,
    /// Decoded when somebody asks.
    manifest: sys::First<Option<Manifest<'static>>>,
}

/// The running program.
pub(crate) fn this() -> Result<&'static Host, OpenError> {
    static HOST: sys::First<Option<Host>> = sys::First::new();
    if !sys::SUPPORTED {
        return Err(OpenError::unsupported_platform());
    }
    let read = || {
        parts_of_note(sys::host_note()?).map(|(build_id, record)| Host {
            build_id,
            record,
            identity: sys::First::new(),
            manifest: sys::First::new(),
        })
    };
    HOST.get_or_init(read).as_ref().ok_or_else(OpenError::host_not_linked)
}

impl Host {
    /// Its packages.
    pub(crate) fn identity(&self) -> &Identity<'static> {
        self.identity.get_or_init(|| Identity::read(self.record).expect("Engraft's linker wrote this record into this program"))
    }

    /// The initialisers of its packages.
    pub(crate) fn initialisers(&self) -> &'static [Init] {
        sys::host_initialisers()
    }

    /// The whole manifest, for those who ask why something does not fit.
    pub(crate) fn manifest(&self) -> Option<&Manifest<'static>> {
        self.manifest.get_or_init(|| Manifest::decode(self.record).ok()).as_ref()
    }
}
