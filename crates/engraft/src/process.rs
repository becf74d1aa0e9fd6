//! What this process consists of: its packages, their initialisers, and the plugins that are open.
//!
//! Packages are added only by the thread whose turn it is to map ([`stages`](crate::stages)). The lock around them is held only to
//! look and to change, never while a plugin is mapped or initialised, so that a constructor may look too.

use crate::candidate::Candidate;
use crate::fork_lock::ForkLock;
use crate::host::{self, Host};
use crate::initialise::InitFailure;
use crate::registration::Init;
use crate::sorted::SortedMap;
use crate::stages::{Mapping, Stages};
use crate::sys::First;
use crate::{LoaderError, OpenError, Plugin, verdict};
use engraft_manifest::{Hash, Identity, Key, Package};
use std::path::PathBuf;
use std::sync::MutexGuard;

/// How far every plugin and every initialiser of this process is.
pub(crate) static STAGES: Stages<Plugin, InitFailure> = Stages::new();

static PROCESS: ForkLock<Process> = ForkLock::new(Process::new());

/// Open plugins, in order of opening. The list only grows, so that no reader waits for anybody.
static OPENED: Link = First::new();

type Link = First<Published>;

struct Published {
    plugin: Plugin,
    next: Link,
}

/// The table.
struct Process {
    /// The packages that plugins brought. The host's own are in its record, and may be here too where a plugin has one of them.
    brought: SortedMap<Key, Brought>,
    /// Mapped plugins, whatever became of them then.
    mapped: Vec<Plugin>,
    /// Names under which files were mapped: the loader takes a second file of one name for the first.
    names: SortedMap<PathBuf, ()>,
    /// Files that were mapped, by device and inode: the loader takes new content of one file for the old.
    inodes: SortedMap<(u64, u64), PathBuf>,
    /// The path of a file that was mapped without having been judged, if that has happened.
    stray: Option<PathBuf>,
}

impl Process {
    const fn new() -> Self {
        Self { brought: SortedMap::new(), mapped: Vec::new(), names: SortedMap::new(), inodes: SortedMap::new(), stray: None }
    }
}

/// A package that plugins brought.
struct Brought {
    hash: Hash,
    /// The table with its initialisers in the plugin that brought it first: the functions of later ones would work on
    /// statics that nobody uses. None until that plugin is mapped.
    initialisers: Option<&'static [Init]>,
}

/// A plugin that was judged to fit, and whose packages are the process's from there on. They are taken out again if this is
/// dropped before the plugin is [`mapped`](Claim::mapped).
pub(crate) struct Claim {
    /// The file that the loader is to map; none if it is a copy, which nobody ever sees again.
    inode: Option<(u64, u64)>,
    path: PathBuf,
    /// The packages that this plugin is the first to bring.
    brought: Vec<Key>,
    /// Whether it may be mapped under its path: it is no copy, and no file was mapped under that before.
    pub(crate) owns_name: bool,
    /// Whether there is nothing to initialise: the linker proved the plugin for this very host, and it brings no initialisers.
    pub(crate) is_ready_when_mapped: bool,
    is_mapped: bool,
}

/// Whether a plugin fits into the process as it is now.
pub(crate) fn check(candidate: &Candidate) -> Result<(), OpenError> {
    fit(candidate, host::this()?).map(drop)
}

/// Judges a plugin against the process, in which nothing changes as long as it is this thread's turn.
pub(crate) fn admit(candidate: &Candidate, _turn: &Mapping<'_, Plugin, InitFailure>) -> Result<Claim, OpenError> {
    let host = host::this()?;
    let (identity, mut process) = fit(candidate, host)?;
    // The loader shows a plugin's symbols to others only after its constructors, so one that is opened by such a
    // constructor would use its own copy of a package that both bring, or find none that it takes from there. Of what the host has, everybody uses the host's; and
    // of `compiler_builtins`, which every file brings and the host has, each uses its own.
    let by_plugin = |key| process.brought.get(&key).is_some_and(|brought| brought.initialisers.is_none());
    let is_being_mapped = |key| by_plugin(key) && host.identity().bundled.hash_of(key).is_none();
    if let Some((key, _)) = identity.bundled.iter().chain(identity.hosted.iter()).find(|(key, _)| is_being_mapped(*key)) {
        drop(process);
        let package = candidate.with_manifest(|manifest| manifest.package(key).map(Package::label))?;
        return Err(OpenError::Recursive { path: candidate.path.clone(), package });
    }
    let mut brought = Vec::new();
    for (key, hash) in identity.bundled.iter() {
        if process.brought.get(&key).is_none() {
            process.brought.insert(key, Brought { hash, initialisers: None });
            brought.push(key);
        }
    }
    Ok(Claim {
        inode: (!candidate.is_copy).then_some(candidate.stamp.inode),
        path: candidate.path.clone(),
        brought,
        owns_name: !candidate.is_copy && process.names.insert(candidate.path.clone(), ()).is_none(),
        is_ready_when_mapped: identity.initialisers().len() == 0 && identity.hosts().any(|linked_for| linked_for == host.build_id),
        is_mapped: false,
    })
}

/// The rules by which a plugin is one of the process's; its packages, and the process, in which they may be added.
fn fit<'c>(candidate: &'c Candidate, host: &Host) -> Result<(Identity<'c>, MutexGuard<'static, Process>), OpenError> {
    let process = PROCESS.lock().ok_or_else(|| OpenError::Forked { path: candidate.path.clone(), package: None })?;
    if let Some(stray) = &process.stray {
        let reason = format!(
            "{} was put in another file's place while that was being opened, and was mapped unseen: nothing can be judged in this process any more",
            stray.display()
        );
        return Err(OpenError::Map { path: candidate.path.clone(), source: LoaderError::new(reason) });
    }
    if let Some(opened_as) = process.inodes.get(&candidate.stamp.inode).filter(|_| !candidate.is_copy) {
        return Err(OpenError::Rewritten { path: candidate.path.clone(), opened_as: opened_as.clone() });
    }
    let identity = candidate.identity()?;
    let faults = verdict::faults(&identity, host.identity(), |key| process.brought.get(&key).map(|brought| brought.hash));
    if faults.is_empty() {
        return Ok((identity, process));
    }
    let mapped = process.mapped.clone();
    drop(process);
    let manifests = || host.manifest().into_iter().chain(mapped.iter().map(|plugin| plugin.manifest())).collect();
    Err(verdict::refusal(candidate, &identity, &faults, host.identity(), manifests))
}

/// The open plugins, in order of opening.
pub(crate) fn opened() -> Vec<Plugin> {
    std::iter::successors(OPENED.get(), |published| published.next.get()).map(|published| published.plugin).collect()
}

impl Claim {
    /// The plugin is mapped: its packages stay, and the initialisers of those that nobody had before are its own.
    pub(crate) fn mapped(mut self, plugin: Plugin, initialisers: &'static [Init]) {
        self.is_mapped = true;
        let Some(mut process) = PROCESS.lock() else { return };
        process.mapped.push(plugin);
        if let Some(inode) = self.inode {
            process.inodes.insert(inode, self.path.clone());
        }
        for key in &self.brought {
            if let Some(brought) = process.brought.get_mut(key) {
                brought.initialisers = Some(initialisers);
            }
        }
    }

    /// Another file was mapped in the plugin's place. Its symbols are everybody's now, and what they are nobody knows.
    pub(crate) fn stray(self) {
        if let Some(mut process) = PROCESS.lock() {
            process.stray = Some(self.path.clone());
        }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if !self.is_mapped
            && let Some(mut process) = PROCESS.lock()
        {
            for key in &self.brought {
                process.brought.remove(key);
            }
            if self.owns_name {
                process.names.remove(&self.path);
            }
        }
    }
}

/// The packages with initialisers that plugins brought, each after what it depends on.
pub(crate) fn initialising() -> Vec<Key> {
    mapped().iter().flat_map(|plugin| plugin.identity().initialisers()).collect()
}

/// Makes an initialised plugin one of the process's.
pub(crate) fn publish(plugin: Plugin) {
    let mut link = &OPENED;
    loop {
        // It is this one's place, or that of one which was published before.
        let published = link.get_or_init(|| Published { plugin, next: First::new() });
        if published.plugin == plugin {
            return;
        }
        link = &published.next;
    }
}

/// The table in which the initialisers of a package stand: the host's, if it has the package, else the first plugin's that brought it.
pub(crate) fn initialisers_of(key: Key, host: &Host) -> &'static [Init] {
    if host.identity().initialisers().any(|own| own == key) {
        return host.initialisers();
    }
    let initialisers = |process: MutexGuard<'_, Process>| process.brought.get(&key)?.initialisers;
    PROCESS.lock().and_then(initialisers).unwrap_or_default()
}

/// What people call the package with this key, if the process has it.
pub(crate) fn label_of(key: Key, host: &Host) -> Option<String> {
    let mapped = mapped();
    let of_host = host.manifest().and_then(|manifest| Some(manifest.package(key)?.label()));
    of_host.or_else(|| mapped.iter().find_map(|plugin| Some(plugin.manifest().package(key)?.label())))
}

fn mapped() -> Vec<Plugin> {
    PROCESS.lock().map(|process| process.mapped.clone()).unwrap_or_default()
}

/// In a forked child, before it starts another thread.
pub(crate) fn after_fork() {
    PROCESS.after_fork();
}
