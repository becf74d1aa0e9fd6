//! The state machine of `open` (`src/stages.rs`), run through thousands of interleavings by a model checker, which puts
//! its own locks and threads in the place of the system's, and tells when all threads wait.
//!
//! What the machine decides about is made up here: plugins, the packages they bring, and constructors and initialisers that
//! open other plugins. Constructors of shared libraries that a plugin needs run while the system's loader maps it.

/// What `src/sync.rs` is in the library.
mod sync {
    pub(crate) use shuttle::sync::{Condvar, Mutex, MutexGuard};
    pub(crate) use shuttle::thread::{ThreadId, current};
    use std::cell::Cell;
    pub(crate) use std::sync::{PoisonError, TryLockError};

    std::thread_local! {
        /// All threads of a model are one of the system's.
        pub(crate) static FORKS: Cell<usize> = const { Cell::new(0) };
    }

    pub(crate) fn forks() -> usize {
        FORKS.get()
    }
}

#[path = "../src/fork_lock.rs"]
#[allow(dead_code, reason = "a model is not forked")]
mod fork_lock;

#[path = "../src/sorted.rs"]
#[allow(dead_code, reason = "stages need a part of it")]
mod sorted;
#[path = "../src/stages.rs"]
#[allow(dead_code, reason = "what only a forked process asks")]
mod stages;

use engraft_manifest::{BuildId, Key};
use shuttle::sync::Mutex;
use shuttle::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use shuttle::thread::ThreadId;
use shuttle::{check_dfs, check_pct, check_random, thread};
use stages::{Blocked, Initialised, Next, Once, Opening, Stages};
use std::sync::Arc;

/// What there is to open. Numbers are indices.
struct World {
    /// The packages of the host that have initialisers, in their order.
    host: &'static [usize],
    plugins: &'static [Plugin],
    packages: &'static [Package],
    /// Whether threads can get into each other's way: then some get an error.
    is_entangled: bool,
}

/// A plugin: the packages that it takes from the host and that it brings, in their order, and what the constructor of a shared library
/// opens that it needs.
struct Plugin {
    takes: &'static [usize],
    brings: &'static [usize],
    library: &'static [usize],
}

/// A package: what its constructor opens, what its initialiser opens, and whether that fails.
struct Package {
    constructor: &'static [usize],
    opens: &'static [usize],
    fails: bool,
}

const fn brings(brings: &'static [usize]) -> Plugin {
    Plugin { takes: &[], brings, library: &[] }
}

const fn plain() -> Package {
    opens(&[])
}

const fn opens(opens: &'static [usize]) -> Package {
    Package { constructor: &[], opens, fails: false }
}

const fn constructs(constructor: &'static [usize]) -> Package {
    Package { constructor, opens: &[], fails: false }
}

/// A process in such a world.
struct Process {
    world: &'static World,
    stages: Stages<usize, usize>,
    mapped: Vec<AtomicUsize>,
    constructed: Vec<AtomicUsize>,
    started: Vec<AtomicUsize>,
    ended: Vec<AtomicUsize>,
    /// The threads that are mapping, one of them perhaps several times within itself.
    mapping: Mutex<Vec<ThreadId>>,
}

#[derive(Debug, PartialEq)]
enum Refused {
    Failed(usize),
    Blocked(Blocked),
}

impl Process {
    fn new(world: &'static World) -> Arc<Self> {
        let counters = |count: usize| (0..count).map(|_| AtomicUsize::new(0)).collect();
        let (plugins, packages) = (world.plugins.len(), world.packages.len());
        let (mapped, constructed, started, ended) = (counters(plugins), counters(packages), counters(packages), counters(packages));
        Arc::new(Self { world, stages: Stages::new(), mapped, constructed, started, ended, mapping: Mutex::new(Vec::new()) })
    }

    /// As `open.rs` does it.
    fn open(&self, plugin: usize) -> Result<usize, Refused> {
        self.initialise_host()?;
        let mut opening = match self.stages.begin(BuildId([plugin as u8; 32])).map_err(Refused::Blocked)? {
            Next::Open(open) => return Ok(open),
            Next::Failed(package) => return Err(Refused::Failed(package)),
            Next::Initialise(opening) => opening,
            Next::Map(turn) => {
                let this = thread::current().id();
                let alone = |mapping: &[ThreadId]| mapping.iter().all(|thread| *thread == this);
                assert!(alone(&self.mapping.lock().unwrap()), "one thread maps at a time");
                self.mapping.lock().unwrap().push(this);
                self.mapped[plugin].fetch_add(1, SeqCst);
                for &other in self.world.plugins[plugin].library {
                    self.check(other, self.open(other));
                }
                self.mapping.lock().unwrap().pop();
                turn.mapped(plugin)
            }
        };
        let initialised = self.initialise_plugin(&mut opening);
        match &initialised {
            Ok(()) => opening.end(Ok(())),
            Err(Refused::Failed(package)) => opening.end(Err(*package)),
            Err(Refused::Blocked(_)) => drop(opening),
        }
        initialised.map(|()| plugin)
    }

    /// As `initialise.rs` does it, and the two below.
    fn initialise_host(&self) -> Result<bool, Refused> {
        let running = match self.stages.once_unless_under_way(Initialised::Host) {
            None => return Ok(false),
            Some(Once::Done) => return Ok(true),
            Some(Once::Failed(package)) => return Err(Refused::Failed(package)),
            Some(Once::Run(running)) => running,
        };
        let outcome = self.world.host.iter().try_for_each(|&package| self.initialise(package));
        match &outcome {
            Ok(()) => running.end(Ok(())),
            Err(Refused::Failed(package)) => running.end(Err(*package)),
            Err(Refused::Blocked(_)) => drop(running),
        }
        outcome.map(|()| true)
    }

    fn initialise_plugin(&self, opening: &mut Opening<'_, usize, usize>) -> Result<(), Refused> {
        let Plugin { takes, brings, .. } = &self.world.plugins[opening.plugin()];
        let host_is_ready = match self.stages.ended(Initialised::Host) {
            None => false,
            Some(outcome) => outcome.map(|()| true).map_err(Refused::Failed)?,
        };
        if host_is_ready && brings.is_empty() {
            return Ok(());
        }
        opening.initialises();
        brings.iter().try_for_each(|&package| self.construct(package))?;
        if !host_is_ready {
            takes.iter().try_for_each(|&package| self.initialise(package))?;
        }
        brings.iter().try_for_each(|&package| self.initialise(package))
    }

    fn construct(&self, package: usize) -> Result<(), Refused> {
        match self.stages.once(Initialised::List([package as u8; 16])).map_err(Refused::Blocked)? {
            Once::Done => Ok(()),
            Once::Failed(package) => Err(Refused::Failed(package)),
            Once::Run(running) => {
                for &other in self.world.packages[package].constructor {
                    self.check(other, self.open(other));
                }
                self.constructed[package].fetch_add(1, SeqCst);
                running.end(Ok(()));
                Ok(())
            }
        }
    }

    fn initialise(&self, package: usize) -> Result<(), Refused> {
        match self.stages.once(Initialised::Package(Key([package as u8; 16]))).map_err(Refused::Blocked)? {
            Once::Done => Ok(()),
            Once::Failed(package) => Err(Refused::Failed(package)),
            Once::Run(running) => {
                self.started[package].fetch_add(1, SeqCst);
                let of_host = self.world.host.contains(&package);
                assert!(of_host || self.constructed[package].load(SeqCst) == 1, "package {package} is constructed");
                for &other in self.world.packages[package].opens {
                    self.check(other, self.open(other));
                }
                self.ended[package].fetch_add(1, SeqCst);
                let outcome = if self.world.packages[package].fails { Err(package) } else { Ok(()) };
                running.end(outcome);
                outcome.map_err(Refused::Failed)
            }
        }
    }

    /// What must hold of whatever an `open` has come to.
    fn check(&self, plugin: usize, result: Result<usize, Refused>) {
        match result {
            Ok(open) => {
                assert_eq!(open, plugin);
                assert_eq!(self.stages.opened(BuildId([plugin as u8; 32])), Some(Ok(plugin)));
                for &package in self.world.plugins[plugin].takes.iter().chain(self.world.plugins[plugin].brings) {
                    assert_eq!(self.ended[package].load(SeqCst), 1, "package {package} of plugin {plugin} is ready");
                }
            }
            Err(Refused::Failed(package)) => {
                let Plugin { takes, brings, .. } = &self.world.plugins[plugin];
                assert_eq!(self.stages.opened(BuildId([plugin as u8; 32])), Some(Err(package)));
                assert!(self.world.packages[package].fails && takes.iter().chain(*brings).any(|&own| own == package));
            }
            Err(Refused::Blocked(_)) => assert!(self.world.is_entangled, "nobody is in the way of plugin {plugin}"),
        }
    }

    /// Opens plugins from as many threads as there are lists of them; then all again, when nobody is in the way.
    fn run(world: &'static World, threads: &'static [&'static [usize]]) {
        let process = Self::new(world);
        let handles = threads.iter().map(|plugins| {
            let process = process.clone();
            thread::spawn(move || plugins.iter().for_each(|&plugin| process.check(plugin, process.open(plugin))))
        });
        handles.collect::<Vec<_>>().into_iter().for_each(|handle| handle.join().unwrap());
        for plugin in 0..world.plugins.len() {
            let result = process.open(plugin);
            assert!(!matches!(result, Err(Refused::Blocked(_))), "nobody is left to wait for");
            process.check(plugin, result);
        }
        let at_most_once = |counters: &[AtomicUsize]| counters.iter().all(|counter| counter.load(SeqCst) <= 1);
        assert!(at_most_once(&process.mapped), "nothing is mapped twice");
        assert!(at_most_once(&process.constructed), "nothing is constructed twice");
        assert!(at_most_once(&process.started), "nothing is initialised twice");
    }
}

/// Two plugins that share a package, and one that has nothing to initialise.
static SHARED: World = World {
    host: &[],
    plugins: &[brings(&[0, 1]), brings(&[0, 2]), brings(&[])],
    packages: &[plain(), plain(), plain()],
    is_entangled: false,
};

/// Initialisers that open each other's plugins: whoever comes second would wait for ever.
static CROSSED: World =
    World { host: &[], plugins: &[brings(&[0]), brings(&[1])], packages: &[opens(&[1]), opens(&[0])], is_entangled: true };

/// Three in a ring, over a package that two of them share and that fails in the end.
static RING: World = World {
    host: &[],
    plugins: &[brings(&[0, 3]), brings(&[1]), brings(&[2, 3])],
    packages: &[opens(&[1]), opens(&[2]), opens(&[0]), Package { fails: true, ..plain() }],
    is_entangled: true,
};

/// A shared library's constructor opens what other threads open and initialise.
static LIBRARY: World = World {
    host: &[],
    plugins: &[Plugin { takes: &[], brings: &[0], library: &[1, 2] }, brings(&[1]), brings(&[])],
    packages: &[plain(), opens(&[2, 0])],
    is_entangled: true,
};

/// Packages' constructors open each other's plugins, of which two share a package that is constructed already.
static CONSTRUCTORS: World = World {
    host: &[],
    plugins: &[brings(&[0, 1]), brings(&[0, 2]), brings(&[3]), brings(&[])],
    packages: &[plain(), constructs(&[1, 3]), constructs(&[2]), constructs(&[0, 3])],
    is_entangled: true,
};

/// One package's constructor opens plugins that nobody else is at.
static CONSTRUCTOR: World = World {
    host: &[],
    plugins: &[brings(&[0, 1]), brings(&[0, 2]), brings(&[])],
    packages: &[plain(), constructs(&[1, 2]), plain()],
    is_entangled: false,
};

/// The host's own initialisers open plugins, of which one needs what comes after them.
static HOST: World = World {
    host: &[0, 1],
    plugins: &[Plugin { takes: &[1], brings: &[2], library: &[] }, Plugin { takes: &[0], brings: &[], library: &[] }, brings(&[2])],
    packages: &[opens(&[0, 1, 2]), plain(), plain()],
    is_entangled: true,
};

#[test]
fn two_threads_that_open_the_same() {
    check_dfs(|| Process::run(&SHARED, &[&[0], &[0]]), Some(20_000));
    check_random(|| Process::run(&SHARED, &[&[0], &[0]]), 3_000);
}

#[test]
fn hosts_initialisers_that_open_plugins_beside_other_threads() {
    check_random(|| Process::run(&HOST, &[&[0], &[1, 2], &[2, 0]]), 3_000);
    check_pct(|| Process::run(&HOST, &[&[0], &[1], &[2]]), 3_000, 4);
}

#[test]
fn plugins_that_share_a_package() {
    check_random(|| Process::run(&SHARED, &[&[0, 1], &[1, 2], &[2, 0, 1]]), 3_000);
}

#[test]
fn f06_initialisers_that_open_each_others_plugins_never_hang() {
    check_random(|| Process::run(&CROSSED, &[&[0], &[1], &[0, 1]]), 3_000);
    check_pct(|| Process::run(&CROSSED, &[&[0], &[1], &[1, 0]]), 3_000, 3);
}

#[test]
fn a_ring_of_initialisers_over_one_that_fails() {
    check_random(|| Process::run(&RING, &[&[0, 1], &[1, 2], &[2, 0]]), 3_000);
    check_pct(|| Process::run(&RING, &[&[0], &[1], &[2]]), 3_000, 4);
}

#[test]
fn library_constructor_opens_what_others_open() {
    check_random(|| Process::run(&LIBRARY, &[&[0], &[1, 2], &[2, 1]]), 3_000);
    check_pct(|| Process::run(&LIBRARY, &[&[0], &[1], &[2]]), 3_000, 4);
}

#[test]
fn constructors_that_open_each_others_plugins_never_hang() {
    check_random(|| Process::run(&CONSTRUCTORS, &[&[0, 3], &[1, 2], &[2, 1]]), 3_000);
    check_pct(|| Process::run(&CONSTRUCTORS, &[&[0], &[1], &[2]]), 3_000, 4);
}

#[test]
fn constructor_that_opens_plugins_keeps_nobody_from_opening_them() {
    check_random(|| Process::run(&CONSTRUCTOR, &[&[0], &[1, 2], &[2, 1]]), 3_000);
    check_pct(|| Process::run(&CONSTRUCTOR, &[&[0], &[1], &[2]]), 3_000, 4);
}

/// Build ids of the plugins below.
const PLUGINS: [BuildId; 4] = [BuildId([0; 32]), BuildId([1; 32]), BuildId([2; 32]), BuildId([3; 32])];

fn package(number: u8) -> Initialised {
    Initialised::Package(Key([number; 16]))
}

/// A thread is left at what it does, as in a child of a process in which another thread has forked.
fn left_by_another_thread(stages: &Arc<Stages<usize, usize>>, begin: impl FnOnce(&Stages<usize, usize>) + Send + 'static) {
    let stages = stages.clone();
    thread::spawn(move || begin(&stages)).join().unwrap();
    sync::FORKS.set(sync::FORKS.get() + 1);
}

fn blocked<T>(result: Result<T, Blocked>) -> Option<Blocked> {
    result.err()
}

#[test]
fn child_does_not_wait_for_thread_that_was_initializing() {
    check_dfs(
        || {
            let stages = Arc::new(Stages::new());
            // This thread goes on in the child with what it was at.
            let Ok(Once::Run(own)) = stages.once(package(1)) else { panic!("nobody was at it") };
            left_by_another_thread(&stages, |stages| {
                let Ok(Next::Map(turn)) = stages.begin(PLUGINS[0]) else { panic!("nobody was at it") };
                let mut opening = turn.mapped(0);
                opening.initialises();
                std::mem::forget((stages.once(package(0)), opening));
            });
            assert_eq!(blocked(stages.begin(PLUGINS[0])), Some(Blocked::Forked));
            assert_eq!(blocked(stages.once(package(0))), Some(Blocked::Forked));
            assert_eq!(blocked(stages.once(package(1))), Some(Blocked::Recursive));
            // Asked without beginning anything, it is the same.
            assert_eq!((stages.can_open(PLUGINS[0]), stages.can_initialise(package(0))), (Err(Blocked::Forked), Err(Blocked::Forked)));
            assert_eq!((stages.can_open(PLUGINS[1]), stages.can_initialise(package(1)), stages.can_map()), (Ok(()), Ok(()), Ok(())));
            own.end(Ok(()));
            assert!(matches!(stages.once(package(1)), Ok(Once::Done)));
            // Another plugin has nothing to do with it, and threads of the child wait for each other.
            let other = stages.clone();
            let thread = thread::spawn(move || assert!(matches!(other.begin(PLUGINS[1]), Ok(Next::Map(_)))));
            let Ok(Next::Map(turn)) = stages.begin(PLUGINS[2]) else { panic!("it can be mapped") };
            turn.mapped(2).end(Ok(()));
            thread.join().unwrap();
        },
        Some(5_000),
    );
}

#[test]
fn child_maps_nothing_when_another_thread_was_mapping() {
    check_dfs(
        || {
            let stages = Arc::new(Stages::new());
            let Ok(Next::Map(turn)) = stages.begin(PLUGINS[3]) else { panic!("nobody was at it") };
            turn.mapped(3).end(Ok(()));
            left_by_another_thread(&stages, |stages| std::mem::forget(stages.begin(PLUGINS[0])));
            assert_eq!(blocked(stages.begin(PLUGINS[0])), Some(Blocked::Forked));
            assert_eq!(blocked(stages.begin(PLUGINS[1])), Some(Blocked::Forked));
            assert_eq!((stages.can_open(PLUGINS[0]), stages.can_map()), (Err(Blocked::Forked), Err(Blocked::Forked)));
            assert_eq!(stages.can_open(PLUGINS[3]), Ok(()));
            assert!(matches!(stages.begin(PLUGINS[3]), Ok(Next::Open(3))), "it was open");
        },
        None,
    );
}

#[test]
fn child_gets_an_error_from_a_table_that_was_being_changed() {
    check_dfs(
        || {
            let lock = Arc::new(fork_lock::ForkLock::new(1));
            let held = lock.clone();
            thread::spawn(move || std::mem::forget(held.lock())).join().unwrap();
            lock.after_fork();
            assert!(lock.lock().is_none());
            let free = fork_lock::ForkLock::new(2);
            free.after_fork();
            assert_eq!(free.lock().map(|value| *value), Some(2));
        },
        None,
    );
}
