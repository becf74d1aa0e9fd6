//! Runs the initialisers of packages: the host's, and those that a plugin brings; each once, after those it depends on.

use crate::host::Host;
use crate::outcome::Cause;
use crate::process::{self, STAGES};
use crate::registration::{Init, path_within};
use crate::stages::{Blocked, Initialised, Once, Opening};
use crate::{Plugin, fork, slow};
use engraft_manifest::Key;
use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};

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
pub(crate) fn host(host: &Host) -> Result<bool, Halt> {
    fork::notice();
    if host_is_ready(host)? {
        return Ok(true);
    }
    let running = match STAGES.once_unless_under_way(Initialised::Host) {
        None => return Ok(false),
        Some(Once::Done) => return Ok(true),
        Some(Once::Failed(failure)) => return Err(Halt::Failed(failure)),
        Some(Once::Run(running)) => running,
    };
    let outcome = host.identity().initialisers().try_for_each(|key| package(key, host));
    match &outcome {
        Ok(()) => running.end(Ok(())),
        Err(Halt::Failed(failure)) => running.end(Err(failure.clone())),
        Err(Halt::Blocked(..)) => drop(running),
    }
    outcome.map(|()| true)
}

/// Waits until the host's initialisers have run, on whatever thread. True also on the thread that runs them.
pub(crate) fn host_and_wait(of: &Host) -> Result<(), Halt> {
    while !host(of)? {
        match STAGES.once(Initialised::Host) {
            // Whoever was at it could not go on: it is for this thread to try.
            Ok(Once::Run(running)) => drop(running),
            Ok(Once::Done) | Err(Blocked::Recursive) => break,
            Ok(Once::Failed(failure)) => return Err(Halt::Failed(failure)),
            Err(blocked @ (Blocked::Cycle | Blocked::Forked)) => return Err(Halt::Blocked(blocked, name_of(of))),
        }
    }
    Ok(())
}

/// Runs what has to have run before a mapped plugin is used.
pub(crate) fn plugin(opening: &mut Opening<'_, Plugin, InitFailure>, of: &Host) -> Result<(), Halt> {
    let plugin = opening.plugin();
    let host_is_ready = host_is_ready(of)?;
    if host_is_ready && plugin.is_ready_when_mapped() {
        return Ok(());
    }
    opening.initialises();
    let identity = plugin.identity();
    if !host_is_ready {
        // The plugin is opened by one of the host's initialisers, or beside them: what it has of the host must be ready.
        // What those packages depend on comes before them, and is the plugin's too: its linker saw all of it.
        of.identity().initialisers().filter(|key| identity.has(*key)).try_for_each(|key| package(key, of))?;
    }
    // What it takes from a host, this process may have from another plugin.
    process::initialising().into_iter().filter(|key| identity.hosted.hash_of(*key).is_some()).try_for_each(|key| package(key, of))?;
    identity.initialisers().try_for_each(|key| package(key, of))
}

/// Whether the host's initialisers have run. Runs none: this thread may have its turn to map.
fn host_is_ready(host: &Host) -> Result<bool, Halt> {
    // Asked of the table and not of the record, which nobody has read yet: so most programs pay nothing here.
    if host.initialisers().is_empty() {
        return Ok(true);
    }
    match STAGES.ended(Initialised::Host) {
        None => Ok(false),
        Some(outcome) => outcome.map(|()| true).map_err(Halt::Failed),
    }
}

/// Runs the initialisers of one package, unless they have run.
fn package(key: Key, host: &Host) -> Result<(), Halt> {
    match STAGES.once(Initialised::Package(key)) {
        Ok(Once::Done) => Ok(()),
        Ok(Once::Failed(failure)) => Err(Halt::Failed(failure)),
        Ok(Once::Run(running)) => {
            // Also what a subscriber to spans and warnings may do must not make them run twice.
            let ran = catch_unwind(AssertUnwindSafe(|| run_all(process::initialisers_of(key, host), key)));
            let ran = ran.unwrap_or_else(|payload| Err(("unknown".to_owned(), Cause::of_panic(payload))));
            let outcome = ran.map_err(|(location, cause)| InitFailure { package: label(key, host), location, cause });
            running.end(outcome.clone());
            if let Err(InitFailure { package, location, cause }) = &outcome {
                tracing::error!(package, location, %cause, "initialiser failed");
            }
            outcome.map_err(Halt::Failed)
        }
        Err(blocked) => Err(Halt::Blocked(blocked, label(key, host))),
    }
}

/// What people call the package with this key; the host's own crate by the host's name.
fn label(key: Key, host: &Host) -> String {
    process::label_of(key, host).unwrap_or_else(|| name_of(host))
}

fn name_of(host: &Host) -> String {
    host.manifest().map_or("the host", |manifest| manifest.name).to_owned()
}

/// Runs a package's initialisers in the order of their paths, up to one that fails; where that stands, and why.
fn run_all(table: &[Init], key: Key) -> Result<(), (String, Cause)> {
    let mut own: Vec<&Init> = table.iter().filter(|init| init.package == key.0).collect();
    own.sort_by_key(|init| path_within(init.module, init.name));
    if own.is_empty() {
        // Its record names some, so that the code would run without them: the linker took them away, or another tool did.
        let cause = Box::<dyn Error + Send + Sync>::from("the manifest names initialisers that the file does not have");
        return Err(("unknown".to_owned(), Cause::Returned(cause.into())));
    }
    own.into_iter().try_for_each(|init| run(init).map_err(|cause| (format!("{}:{}", init.file, init.line), cause)))
}

fn run(init: &Init) -> Result<(), Cause> {
    let _entered = tracing::debug_span!("engraft::init", module = init.module, name = init.name).entered();
    let _watched = slow::watch(init);
    // What it leaves behind when it panics is its package's own; nobody goes on with that package.
    catch_unwind(AssertUnwindSafe(init.run)).unwrap_or_else(|payload| Err(Cause::of_panic(payload)))
}
