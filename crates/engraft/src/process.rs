//! What this process consists of: its packages, and the plugins that are open or being opened.
//!
//! It is changed only by the thread whose [`Turn`](crate::turn::Turn) it is. The lock around it is held only to look and
//! to change, never while a plugin is mapped, so that a constructor may look too.

use crate::candidate::Candidate;
use crate::host::{self, Host};
use crate::plugin::Opened;
use crate::turn::Turn;
use crate::{OpenError, Plugin};
use engraft_manifest::{BuildId, Fault, Hash, Identity, Key, Known, Manifest, Toolchain, differences, judge};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

static PROCESS: Mutex<Process> = Mutex::new(Process::new());

/// The table. Trees and not hash maps: they need no random keys, which the first `open` would wait for.
struct Process {
    /// The packages that plugins brought. The host's own are in its record, and may be here too where a plugin has one of them.
    brought: BTreeMap<Key, Brought>,
    /// Plugins by their content, whatever their paths.
    plugins: BTreeMap<BuildId, State>,
    /// Open plugins, in order of opening.
    opened: Vec<Plugin>,
    /// Names under which files were mapped: the loader takes a second file of one name for the first.
    names: BTreeSet<PathBuf>,
    /// Files that were mapped, by device and inode: the loader takes new content of one file for the old.
    inodes: BTreeMap<(u64, u64), PathBuf>,
}

impl Process {
    const fn new() -> Self {
        Self { brought: BTreeMap::new(), plugins: BTreeMap::new(), opened: Vec::new(), names: BTreeSet::new(), inodes: BTreeMap::new() }
    }
}

/// A package that plugins brought.
struct Brought {
    hash: Hash,
    /// How many did: it is the process's as long as one of them was mapped.
    by: usize,
}

/// How far a plugin is.
enum State {
    /// It is being mapped, by the thread whose turn it is.
    Opening,
    /// It is open.
    Open(Plugin),
}

/// What a plugin that fits is to do next.
pub(crate) enum Admission {
    /// It is open already.
    Open(Plugin),
    /// It is for the caller to map.
    Map(Claim),
}

/// The right to map a plugin that was judged. Given back if it is dropped before [`publish`](Claim::publish).
pub(crate) struct Claim {
    build_id: BuildId,
    inode: (u64, u64),
    /// The packages that this plugin brings.
    brought: Vec<Key>,
    /// Whether a file was mapped under this plugin's path before.
    pub(crate) name_taken: bool,
}

/// Judges a plugin against the process. If it fits, its packages are the process's from here on.
///
/// The caller has its turn until the claim is published or dropped.
pub(crate) fn admit(candidate: &Candidate<'_>, _turn: &Turn) -> Result<Admission, OpenError> {
    let host = host::this()?;
    let mut process = lock();
    match process.plugins.get(&candidate.build_id) {
        Some(State::Open(plugin)) => return Ok(Admission::Open(*plugin)),
        Some(State::Opening) => return Err(OpenError::Recursive { path: candidate.path.clone() }),
        None => {}
    }
    if let Some(opened_as) = process.inodes.get(&candidate.inode) {
        return Err(OpenError::Rewritten { path: candidate.path.clone(), opened_as: opened_as.clone() });
    }
    let identity = candidate.identity()?;
    let faults = judge(&Packages { host, brought: &process.brought }, &identity);
    if !faults.is_empty() {
        let opened = process.opened.clone();
        drop(process);
        return Err(refusal(candidate, &identity, &faults, host, &opened));
    }
    let brought: Vec<Key> = identity.bundled.iter().map(|(key, _)| key).collect();
    for (key, hash) in identity.bundled.iter() {
        process.brought.entry(key).or_insert(Brought { hash, by: 0 }).by += 1;
    }
    process.plugins.insert(candidate.build_id, State::Opening);
    let name_taken = !process.names.insert(candidate.path.clone());
    Ok(Admission::Map(Claim { build_id: candidate.build_id, inode: candidate.inode, brought, name_taken }))
}

impl Claim {
    /// Makes a mapped plugin known to the process.
    pub(crate) fn publish(mut self, opened: Opened) -> Plugin {
        let plugin = Plugin::new(opened);
        let mut process = lock();
        process.plugins.insert(self.build_id, State::Open(plugin));
        process.opened.push(plugin);
        process.inodes.insert(self.inode, plugin.path().to_owned());
        self.brought.clear();
        drop(process);
        plugin
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let mut process = lock();
        for key in &self.brought {
            if let Some(brought) = process.brought.get_mut(key) {
                brought.by -= 1;
            }
        }
        process.brought.retain(|_, brought| brought.by > 0);
        if let Some(State::Opening) = process.plugins.get(&self.build_id) {
            process.plugins.remove(&self.build_id);
        }
    }
}

/// All packages of the process.
struct Packages<'p> {
    host: &'p Host,
    brought: &'p BTreeMap<Key, Brought>,
}

impl Known for Packages<'_> {
    fn host(&self) -> BuildId {
        self.host.build_id
    }

    fn toolchain(&self) -> Toolchain<'_> {
        self.host.identity().toolchain
    }

    fn in_host(&self, key: Key) -> Option<Hash> {
        self.host.identity().bundled.hash_of(key)
    }

    fn brought(&self, key: Key) -> Option<Hash> {
        self.brought.get(&key).map(|brought| brought.hash)
    }
}

#[cold]
fn refusal(candidate: &Candidate<'_>, plugin: &Identity<'_>, faults: &[Fault], host: &Host, opened: &[Plugin]) -> OpenError {
    let path = candidate.path.clone();
    if faults.contains(&Fault::Toolchain) {
        let describe = |toolchain: Toolchain<'_>| format!("{} for {}", toolchain.version, toolchain.host);
        return OpenError::Toolchain { path, expected: describe(host.identity().toolchain), found: describe(plugin.toolchain) };
    }
    let host = host.manifest();
    let process: Vec<&Manifest<'_>> = host.iter().chain(opened.iter().map(|plugin| plugin.manifest())).collect();
    match candidate.with_manifest(|plugin| differences(plugin, faults, &process)) {
        Ok(differences) => OpenError::Incompatible { path, differences },
        Err(error) => error,
    }
}

fn lock() -> MutexGuard<'static, Process> {
    // Nothing panics while the lock is held; if it did, the table would still be whole.
    PROCESS.lock().unwrap_or_else(PoisonError::into_inner)
}
