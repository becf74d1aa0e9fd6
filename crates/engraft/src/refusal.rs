//! The error for a plugin that does not fit a process: its faults, explained by the manifests of both.

use crate::OpenError;
use crate::candidate::Candidate;
use engraft_manifest::{Fault, Identity, Manifest, Toolchain, differences};

/// Explains the faults that a plugin was judged to have. `process` gives the manifests that the process consists of, the host's
/// first: it is asked only if packages differ.
#[cold]
pub(crate) fn of<'m>(
    candidate: &Candidate<'_>,
    plugin: &Identity<'_>,
    faults: &[Fault],
    toolchain: Toolchain<'_>,
    process: impl FnOnce() -> Vec<&'m Manifest<'m>>,
) -> OpenError {
    let path = candidate.path.clone();
    if faults.contains(&Fault::Toolchain) {
        let compiler = |toolchain: Toolchain<'_>| Box::new(toolchain.into());
        return OpenError::Toolchain { path, expected: compiler(toolchain), found: compiler(plugin.toolchain) };
    }
    let process = process();
    match candidate.with_manifest(|plugin| differences(plugin, faults, &process)) {
        Ok(differences) => OpenError::Incompatible { path, differences },
        Err(error) => error,
    }
}
