//! Whether a plugin fits a host and what other plugins brought, and the error that says why not: for this process, and for one that is only
//! rehearsed.

use crate::candidate::Candidate;
use crate::{OpenError, sys};
use engraft_manifest::{Fault, Hash, Identity, Key, Known, Manifest, Toolchain, differences, judge};

/// How many of the CPU features that a machine lacks are listed: a record may name very many.
const LISTED: usize = 64;

/// Refuses a plugin whose code needs CPU features that this machine lacks.
pub(crate) fn check_cpu(candidate: &Candidate, plugin: &Identity<'_>) -> Result<(), OpenError> {
    // Most plugins need none beyond those that all machines of the target have.
    if plugin.cpu_features.is_empty() {
        return Ok(());
    }
    let lacking = plugin.cpu_features.split_ascii_whitespace().filter(|name| !sys::has_cpu_feature(name)).take(LISTED);
    let missing: Vec<String> = lacking.map(str::to_owned).collect();
    if missing.is_empty() { Ok(()) } else { Err(OpenError::CpuFeatures { path: candidate.path.clone(), missing }) }
}

/// The rules that a plugin breaks beside a host and the packages that plugins `brought`.
pub(crate) fn faults(plugin: &Identity<'_>, host: &Identity<'_>, brought: impl Fn(Key) -> Option<Hash>) -> Vec<Fault> {
    judge(&Packages { host, brought }, plugin)
}

/// All packages of a process.
struct Packages<'p, B> {
    host: &'p Identity<'p>,
    brought: B,
}

impl<B: Fn(Key) -> Option<Hash>> Known for Packages<'_, B> {
    fn toolchain(&self) -> Toolchain<'_> {
        self.host.toolchain
    }

    fn modifiers(&self) -> &str {
        self.host.modifiers
    }

    fn in_host(&self, key: Key) -> Option<Hash> {
        self.host.bundled.hash_of(key)
    }

    fn is_private(&self, key: Key) -> bool {
        self.host.is_private(key)
    }

    fn is_partial(&self, key: Key) -> bool {
        self.host.is_partial(key)
    }

    fn brought(&self, key: Key) -> Option<Hash> {
        (self.brought)(key)
    }
}

/// Explains the faults that a plugin was judged to have. `process` gives the manifests that the process consists of, the host's
/// first: it is asked only if packages differ.
#[cold]
pub(crate) fn refusal<'m>(
    candidate: &Candidate,
    plugin: &Identity<'_>,
    faults: &[Fault],
    host: &Identity<'_>,
    process: impl FnOnce() -> Vec<&'m Manifest<'m>>,
) -> OpenError {
    let path = candidate.path.clone();
    if faults.contains(&Fault::Toolchain) {
        let compiler = |toolchain: Toolchain<'_>| Box::new(toolchain.into());
        return OpenError::Toolchain { path, expected: compiler(host.toolchain), found: compiler(plugin.toolchain) };
    }
    let process = process();
    match candidate.with_manifest(|plugin| differences(plugin, faults, &process)) {
        Ok(differences) => OpenError::Incompatible { path, differences },
        Err(error) => error,
    }
}
