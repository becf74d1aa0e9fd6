//! What this process consists of: its packages, and the plugins that are open or being opened.
//!
//! One lock, held only to look and to change, never while a plugin is read, mapped or initialised.

use crate::Plugin;
use crate::candidate::Candidate;
use crate::plugin::Opened;
use crate::{OpenError, host};
use engraft_manifest::{BuildId, Fault, Hash, Key, Known, Manifest, Toolchain, differences, judge};
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::{Condvar, LazyLock, Mutex, MutexGuard, PoisonError};
use std::thread::ThreadId;

static PROCESS: LazyLock<Mutex<Process>> = LazyLock::new(Mutex::default);
static CHANGED: Condvar = Condvar::new();

/// The table.
#[derive(Default)]
struct Process {
    /// Every package by what type identity is made from. Empty until the first plugin is judged.
    packages: HashMap<Key, Hash>,
    /// Plugins by their content, whatever their paths.
    plugins: HashMap<BuildId, State>,
    /// Open plugins, in order of opening.
    opened: Vec<Plugin>,
    /// Names under which files were mapped: the loader takes a second file of one name for the first.
    names: HashSet<PathBuf>,
    /// Files that were mapped, by device and inode: the loader takes new content of one file for the old.
    inodes: HashMap<(u64, u64), PathBuf>,
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
    let host = host::manifest()?;
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
    let manifest = candidate.manifest()?;
    if process.packages.is_empty() {
        process.packages = host.packages.iter().map(|package| (package.key, package.hash)).collect();
    }
    let faults = judge(&Table { packages: &process.packages, toolchain: host.toolchain }, &manifest);
    if !faults.is_empty() {
        let opened = process.opened.clone();
        drop(process);
        return Err(refusal(candidate, &manifest, &faults, host, &opened));
    }
    let new = manifest.bundled().filter(|package| !process.packages.contains_key(&package.key));
    let brought: Vec<(Key, Hash)> = new.map(|package| (package.key, package.hash)).collect();
    process.packages.extend(brought.iter().copied());
    process.plugins.insert(candidate.build_id, State::Opening(std::thread::current().id()));
    let name_taken = !process.names.insert(candidate.path.clone());
    Ok(Admission::Map(Claim {
        build_id: candidate.build_id,
        inode: candidate.inode,
        brought: brought.into_iter().map(|(key, _)| key).collect(),
        name_taken,
    }))
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
            process.packages.remove(key);
        }
        if let Some(State::Opening(_)) = process.plugins.get(&self.build_id) {
            process.plugins.remove(&self.build_id);
        }
        drop(process);
        CHANGED.notify_all();
    }
}

struct Table<'p> {
    packages: &'p HashMap<Key, Hash>,
    toolchain: Toolchain<'static>,
}

impl Known for Table<'_> {
    fn hash_of(&self, key: Key) -> Option<Hash> {
        self.packages.get(&key).copied()
    }

    fn toolchain(&self) -> Toolchain<'_> {
        self.toolchain
    }
}

fn refusal(candidate: &Candidate, plugin: &Manifest<'_>, faults: &[Fault], host: &Manifest<'_>, opened: &[Plugin]) -> OpenError {
    let path = candidate.path.clone();
    if faults.contains(&Fault::Toolchain) {
        let describe = |toolchain: Toolchain<'_>| format!("{} for {}", toolchain.version, toolchain.host);
        return OpenError::Toolchain { path, expected: describe(host.toolchain), found: describe(plugin.toolchain) };
    }
    let process: Vec<&Manifest<'_>> = std::iter::once(host).chain(opened.iter().map(|plugin| plugin.manifest())).collect();
    OpenError::Incompatible { path, differences: differences(plugin, faults, &process) }
}

fn lock() -> MutexGuard<'static, Process> {
    // Nothing panics while the lock is held; if it did, the table would still be whole.
    PROCESS.lock().unwrap_or_else(PoisonError::into_inner)
}
