//! Runs the initialisers of packages: the host's, and those that a plugin brings; each once, after those it depends on.

use crate::host::{self, Host};
use crate::outcome::Cause;
use crate::process::{self, STAGES};
use crate::registration::{FunctionList, Init, path_within};
use crate::stages::{Blocked, Initialised, Once, Opening};
use crate::timings::enter;
use crate::{Plugin, fork, slow};
use engraft_manifest::{Identity, Key};
use std::any::Any;
use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use tracing::debug_span;

/// What an initialiser's failure was, for as long as the process lives.
#[derive(Clone)]
pub(crate) struct InitFailure {
    /// The package's name and version.
    pub(crate) package: String,
    /// Where the initialiser stands: `src/lib.rs:12`.
    pub(crate) location: String,
    pub(crate) cause: Cause,
}

/// Why something is not initialised.
pub(crate) enum Halt {
    /// An initialiser has failed, now or before.
    Failed(InitFailure),
    /// Another thread, or this one, is initialising a package, and can't be waited for; which package.
    Blocked(Blocked, String),
}

/// Runs the host's initialisers, unless somebody has. False if somebody is at it, perhaps this thread.
///
/// Also in a program that Engraft did not link.
pub(crate) fn host() -> Result<bool, Halt> {
    fork::notice();
    if host_is_ready()? {
        return Ok(true);
    }
    let running = match STAGES.once_unless_under_way(Initialised::Host) {
        None => return Ok(false),
        Some(Once::Done) => return Ok(true),
        Some(Once::Failed(failure)) => return Err(Halt::Failed(failure)),
        Some(Once::Run(running)) => running,
    };
    let outcome = host::initialising().into_iter().try_for_each(package);
    match &outcome {
        Ok(()) => running.end(Ok(())),
        Err(Halt::Failed(failure)) => running.end(Err(failure.clone())),
        Err(Halt::Blocked(..)) => drop(running),
    }
    outcome.map(|()| true)
}

/// Waits until the host's initialisers have run, on whatever thread. True also on the thread that runs them.
pub(crate) fn host_and_wait() -> Result<(), Halt> {
    while !host()? {
        match STAGES.once(Initialised::Host) {
            // Whoever was at it could not go on: it is for this thread to try.
            Ok(Once::Run(running)) => drop(running),
            Ok(Once::Done) | Err(Blocked::Recursive) => break,
            Ok(Once::Failed(failure)) => return Err(Halt::Failed(failure)),
            Err(blocked @ (Blocked::Cycle | Blocked::Forked)) => return Err(Halt::Blocked(blocked, host_name())),
        }
    }
    Ok(())
}

/// Runs what has to have run before a mapped plugin is used.
pub(crate) fn plugin(opening: &mut Opening<'_, Plugin, InitFailure>, of: &Host) -> Result<(), Halt> {
    let plugin = opening.plugin();
    let host_is_ready = host_is_ready()?;
    if host_is_ready && plugin.is_ready_when_mapped() {
        return Ok(());
    }
    opening.initialises();
    process::lists_for(plugin, of).into_iter().try_for_each(construct)?;
    let identity = plugin.identity();
    if !host_is_ready {
        // The plugin is opened by one of the host's initialisers, or beside them: what it has of the host must be ready.
        // What those packages depend on comes before them, and is the plugin's too: its linker saw all of it.
        of.identity().initialisers().filter(|key| identity.has(*key)).try_for_each(package)?;
    }
    // What it takes from a host, this process may have from another plugin.
    process::initialising().into_iter().filter(|key| identity.hosted.hash_of(*key).is_some()).try_for_each(package)?;
    identity.initialisers().try_for_each(package)
}

/// Whether all that has to run before a plugin is used can run, now or when other threads have done their part. Runs nothing.
pub(crate) fn can_run(identity: &Identity<'_>, of: &Host) -> Result<(), Halt> {
    let can = |what, key| STAGES.can_initialise(what).map_err(|blocked| Halt::Blocked(blocked, label(key)));
    let lists = process::lists_of(identity, of);
    lists.into_iter().try_for_each(|list| can(Initialised::List(list.id), Key(list.package)))?;
    let borrowed = of.identity().initialisers().chain(process::initialising()).filter(|key| identity.has(*key));
    borrowed.chain(identity.initialisers()).try_for_each(|key| can(Initialised::Package(key), key))
}

/// Calls the constructors in a list, or registers the destructors in it, unless that was done.
///
/// Constructors of all packages come before initialisers of any, as in a program, where they run before `main`.
fn construct(list: &FunctionList) -> Result<(), Halt> {
    match STAGES.once(Initialised::List(list.id)) {
        Ok(Once::Done) => Ok(()),
        Ok(Once::Failed(failure)) => Err(Halt::Failed(failure)),
        Ok(Once::Run(running)) => {
            if let Some(first) = process::first_list(list.id) {
                first.run();
            }
            running.end(Ok(()));
            Ok(())
        }
        Err(blocked) => Err(Halt::Blocked(blocked, label(Key(list.package)))),
    }
}

/// Whether the host's initialisers have run. Runs none: this thread may have its turn to map.
fn host_is_ready() -> Result<bool, Halt> {
    // Asked of the table and not of the record, which nobody has read yet: so most programs pay nothing here.
    if host::initialisers().is_empty() {
        return Ok(true);
    }
    match STAGES.ended(Initialised::Host) {
        None => Ok(false),
        Some(outcome) => outcome.map(|()| true).map_err(Halt::Failed),
    }
}

/// Runs the initialisers of one package, unless they have run.
fn package(key: Key) -> Result<(), Halt> {
    match STAGES.once(Initialised::Package(key)) {
        Ok(Once::Done) => Ok(()),
        Ok(Once::Failed(failure)) => Err(Halt::Failed(failure)),
        Ok(Once::Run(running)) => {
            let mut observers = Observers::default();
            let ran = run_all(process::initialisers_of(key), key, &mut observers);
            let outcome = ran.map_err(|(location, cause)| InitFailure { package: label(key), location, cause });
            running.end(outcome.clone());
            observers.go_on();
            outcome.map_err(Halt::Failed)
        }
        Err(blocked) => Err(Halt::Blocked(blocked, label(key))),
    }
}

/// What people call the package with this key.
fn label(key: Key) -> String {
    // No manifest names a host's own crate.
    let own = || Some(host::initialisers().iter().find(|init| init.package == key.0)?.label.to_owned());
    process::label_of(key).or_else(own).unwrap_or_else(host_name)
}

fn host_name() -> String {
    host::linked().and_then(Host::manifest).map_or("the host", |manifest| manifest.name).to_owned()
}

/// Runs a package's initialisers in the order of their paths, up to one that fails; where that stands, and why.
fn run_all(table: &[Init], key: Key, observers: &mut Observers) -> Result<(), (String, Cause)> {
    let mut own: Vec<&Init> = table.iter().filter(|init| init.package == key.0).collect();
    own.sort_by_key(|init| path_within(init.module, init.name));
    if own.is_empty() {
        // Its record names some, so that the code would run without them: the linker took them away, or another tool did.
        let cause = Box::<dyn Error + Send + Sync>::from("the manifest names initialisers that the file does not have");
        return Err(("unknown".to_owned(), Cause::Returned(cause.into())));
    }
    own.into_iter().try_for_each(|init| run(init, observers).map_err(|cause| (format!("{}:{}", init.file, init.line), cause)))
}

fn run(init: &Init, observers: &mut Observers) -> Result<(), Cause> {
    let entered = observers.run(|| enter(debug_span!("engraft::init", module = init.module, name = init.name)));
    let watched = observers.run(|| slow::watch(init));
    // What it leaves behind when it panics is its package's own; nobody goes on with that package.
    let outcome = catch_unwind(AssertUnwindSafe(init.run)).unwrap_or_else(|payload| Err(Cause::of_panic(payload)));
    observers.run(|| drop(watched));
    observers.run(|| drop(entered));
    outcome
}

/// Runs subscribers around initialisers. Their panics are no failures of the initialisers, and must not keep those from running once: they
/// go on when the outcome is recorded.
#[derive(Default)]
struct Observers {
    panic: Option<Box<dyn Any + Send>>,
}

impl Observers {
    fn run<T>(&mut self, observe: impl FnOnce() -> T) -> Option<T> {
        match catch_unwind(AssertUnwindSafe(observe)) {
            Ok(observed) => Some(observed),
            Err(payload) => {
                // An earlier one is forgotten: dropping it could panic again.
                std::mem::forget(self.panic.replace(payload));
                None
            }
        }
    }

    /// Continues a subscriber's panic, if there was one.
    fn go_on(self) {
        if let Some(payload) = self.panic {
            resume_unwind(payload);
        }
    }
}
