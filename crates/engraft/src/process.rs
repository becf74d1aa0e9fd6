//! What this process consists of: its packages, and the plugins that are open or being opened.
//!
//! One lock, held only to look and to change, never while a plugin is read, mapped or initialised.

use crate::candidate::Candidate;
use crate::host::{self, Host};
use crate::plugin::Opened;
use crate::{OpenError, Plugin};
use engraft_manifest::{BuildId, Fault, Hash, Identity, Key, Known, Manifest, Toolchain, differences, judge};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::ThreadId;

static PROCESS: Mutex<Process> = Mutex::new(Process::new());
static CHANGED: Condvar = Condvar::new();

/// The table. Trees and not hash maps: they need no random keys, which the first `open` would wait for.
struct Process {
    /// The packages that plugins brought. The host's own are in its record, and may be here too where a plugin has one of them.
    brought: BTreeMap<Key, Hash>,
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

/// How far a plugin is.
enum State {
    /// This thread is mapping it.
    Opening(ThreadId),
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
    /// Packages that came into the table for this plugin.
    brought: Vec<Key>,
    /// Whether a file was mapped under this plugin's path before.
    pub(crate) name_taken: bool,
}

/// Judges a plugin against the process. If it fits, its packages are the process's from here on.
///
/// Waits while another thread opens the same content.
pub(crate) fn admit(candidate: &Candidate) -> Result<Admission, OpenError> {
    let host = host::this()?;
    let mut process = lock();
    loop {
        match process.plugins.get(&candidate.build_id) {
            Some(State::Open(plugin)) => return Ok(Admission::Open(*plugin)),
            Some(State::Opening(thread)) if *thread == std::thread::current().id() => {
                return Err(OpenError::Recursive { path: candidate.path.clone() });
            }
            Some(State::Opening(_)) => process = CHANGED.wait(process).unwrap_or_else(PoisonError::into_inner),
            None => break,
        }
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
    let new: Vec<(Key, Hash)> = identity.bundled.iter().filter(|(key, _)| !process.brought.contains_key(key)).collect();
    process.brought.extend(new.iter().copied());
    process.plugins.insert(candidate.build_id, State::Opening(std::thread::current().id()));
    let name_taken = !process.names.insert(candidate.path.clone());
    let brought = new.into_iter().map(|(key, _)| key).collect();
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
            process.brought.remove(key);
        }
        if let Some(State::Opening(_)) = process.plugins.get(&self.build_id) {
            process.plugins.remove(&self.build_id);
        }
        drop(process);
        CHANGED.notify_all();
    }
}

/// All packages of the process.
struct Packages<'p> {
    host: &'p Host,
    brought: &'p BTreeMap<Key, Hash>,
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
        self.brought.get(&key).copied()
    }
}

#[cold]
fn refusal(candidate: &Candidate, plugin: &Identity<'_>, faults: &[Fault], host: &Host, opened: &[Plugin]) -> OpenError {
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
