//! What this process consists of: its packages, their initialisers, and the plugins that are open.
//!
//! Packages are added only by the thread whose turn it is to map ([`stages`](crate::stages)). The lock around them is held only to
//! look and to change, never while a plugin is mapped or initialised, so that a constructor may look too.

use crate::candidate::Candidate;
use crate::fork_lock::ForkLock;
use crate::host::{self, Host};
use crate::initialise::InitFailure;
use crate::registration::{FunctionList, Init};
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
    /// How many plugins the loader is mapping now, each within a constructor of the one before.
    loading: usize,
    /// Where the next open plugin goes.
    next_opened: &'static Link,
    /// Names under which files were mapped: the loader takes a second file of one name for the first.
    names: SortedMap<PathBuf, ()>,
    /// Files that were mapped, by device and inode: the loader takes new content of one file for the old.
    inodes: SortedMap<(u64, u64), PathBuf>,
    /// The path of a file that was mapped without having been judged, if that has happened.
    stray: Option<PathBuf>,
}

impl Process {
    const fn new() -> Self {
        Self {
            brought: SortedMap::new(),
            mapped: Vec::new(),
            loading: 0,
            next_opened: &OPENED,
            names: SortedMap::new(),
            inodes: SortedMap::new(),
            stray: None,
        }
    }
}

/// A package that plugins brought.
struct Brought {
    hash: Hash,
    /// The table with its initialisers in the plugin that brought it first: the functions of later ones would work on
    /// statics that nobody uses. None until that plugin is mapped.
    initialisers: Option<&'static [Init]>,
}

/// A plugin that was judged to fit, and whose packages are the process's from there on.
///
/// They are removed again if this is dropped before the loader is called. From then on the plugin counts as mapped, whatever happens: if this
/// is dropped before it is known what was mapped, nothing is judged in this process any more.
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
    progress: Progress,
}

/// How far a claimed plugin is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Progress {
    /// Nothing of it is mapped.
    Judged,
    /// The loader has been called for it.
    Loading,
    /// It is mapped, and the process knows it.
    Mapped,
}

/// Whether a plugin fits into the process as it is now.
pub(crate) fn check(candidate: &Candidate) -> Result<(), OpenError> {
    fit(candidate, host::this()?).map(drop)
}

/// Judges a plugin against the process, in which nothing changes as long as it is this thread's turn.
pub(crate) fn admit(candidate: &Candidate, _turn: &Mapping<'_, Plugin, InitFailure>) -> Result<Claim, OpenError> {
    let host = host::this()?;
    let (identity, mut process) = fit(candidate, host)?;
    // The loader shows a plugin's symbols to others only after the constructors of libraries that it needs, so one that is opened by such a
    // constructor would use its own copy of a package that both bring, or find none that it takes from there. Of what the host has, everybody uses the host's; and
    // of the runtimes that every file brings and the host has (`compiler_builtins`), each uses its own.
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
        progress: Progress::Judged,
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
    verdict::check_cpu(candidate, &identity)?;
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
    /// The loader is called next.
    ///
    /// This makes room for what [`mapped`](Self::mapped) adds. Between the two nobody's code runs, neither a subscriber nor an allocator.
    pub(crate) fn loading(&mut self) {
        self.progress = Progress::Loading;
        let Some(mut process) = PROCESS.lock() else { return };
        process.loading += 1;
        let depth = process.loading;
        process.mapped.reserve(depth);
        if let Some(inode) = self.inode {
            process.inodes.insert(inode, self.path.clone());
        }
    }

    /// The loader has mapped nothing.
    pub(crate) fn refused(mut self) {
        self.progress = Progress::Judged;
        let Some(mut process) = PROCESS.lock() else { return };
        process.loading -= 1;
        if let Some(inode) = self.inode {
            process.inodes.remove(&inode);
        }
    }

    /// The plugin is mapped: its packages stay, and the initialisers of those that nobody had before are its own.
    pub(crate) fn mapped(mut self, plugin: Plugin, initialisers: &'static [Init]) {
        self.progress = Progress::Mapped;
        let Some(mut process) = PROCESS.lock() else { return };
        process.loading -= 1;
        process.mapped.push(plugin);
        for key in &self.brought {
            if let Some(brought) = process.brought.get_mut(key) {
                brought.initialisers = Some(initialisers);
            }
        }
    }

    /// Another file was mapped in the plugin's place. Its symbols are everybody's now, and nobody knows what they are.
    pub(crate) fn stray(self) {
        // Dropped while it is `Loading`, after which nothing is judged any more.
        drop(self);
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let Some(mut process) = PROCESS.lock() else { return };
        match self.progress {
            Progress::Judged => {
                for key in &self.brought {
                    process.brought.remove(key);
                }
                if self.owns_name {
                    process.names.remove(&self.path);
                }
            }
            Progress::Loading => {
                process.loading -= 1;
                process.stray = Some(std::mem::take(&mut self.path));
            }
            Progress::Mapped => {}
        }
    }
}

/// The packages with initialisers that plugins brought, each after what it depends on.
pub(crate) fn initialising() -> Vec<Key> {
    mapped().iter().flat_map(|plugin| plugin.identity().initialisers()).collect()
}

/// The constructors and destructors that a mapped plugin needs, in the order in which they are called or registered: of packages that it
/// takes from plugins before it, and of what it brings, unless the host has it: a host's own have run when the program started.
pub(crate) fn lists_for(plugin: Plugin, host: &Host) -> Vec<&'static FunctionList> {
    let mapped = mapped();
    let identity = plugin.identity();
    let borrowed =
        mapped.iter().flat_map(|other| other.function_lists()).filter(|list| identity.hosted.hash_of(Key(list.package)).is_some());
    let needed = borrowed.chain(plugin.function_lists());
    needed.filter(|list| !list.is_empty() && host.identity().bundled.hash_of(Key(list.package)).is_none()).collect()
}

/// The constructors and destructors of packages of a plugin that is perhaps not mapped, as mapped plugins have them.
pub(crate) fn lists_of(identity: &Identity<'_>, host: &Host) -> Vec<&'static FunctionList> {
    let lists = mapped().into_iter().flat_map(Plugin::function_lists);
    lists.filter(|list| identity.has(Key(list.package)) && host.identity().bundled.hash_of(Key(list.package)).is_none()).collect()
}

/// A list as the first plugin has it that brought it: the functions of later ones would work on variables that nobody uses.
pub(crate) fn first_list(id: [u8; 16]) -> Option<&'static FunctionList> {
    mapped().into_iter().flat_map(Plugin::function_lists).find(|list| list.id == id && !list.is_empty())
}

/// Makes an initialised plugin one of the process's.
pub(crate) fn publish(plugin: Plugin) {
    let mut process = PROCESS.lock();
    // In a forked child that has lost the table, the list is walked from its beginning.
    let mut link = process.as_ref().map_or(&OPENED, |process| process.next_opened);
    loop {
        let published = link.get_or_init(|| Published { plugin, next: First::new() });
        link = &published.next;
        if published.plugin == plugin {
            break;
        }
    }
    if let Some(process) = &mut process {
        process.next_opened = link;
    }
}

/// The table in which the initialisers of a package stand: the host's, if it has the package, else the first plugin's that brought it.
pub(crate) fn initialisers_of(key: Key) -> &'static [Init] {
    if host::linked().is_none_or(|host| host.identity().initialisers().any(|own| own == key)) {
        return host::initialisers();
    }
    let initialisers = |process: MutexGuard<'_, Process>| process.brought.get(&key)?.initialisers;
    PROCESS.lock().and_then(initialisers).unwrap_or_default()
}

/// What people call the package with this key, if the process has it.
pub(crate) fn label_of(key: Key) -> Option<String> {
    let mapped = mapped();
    let of_host = host::linked().and_then(|host| Some(host.manifest()?.package(key)?.label()));
    of_host.or_else(|| mapped.iter().find_map(|plugin| Some(plugin.manifest().package(key)?.label())))
}

fn mapped() -> Vec<Plugin> {
    PROCESS.lock().map(|process| process.mapped.clone()).unwrap_or_default()
}

/// In a forked child, before it starts another thread.
pub(crate) fn after_fork() {
    PROCESS.after_fork();
}
