//! Runs the initialisers of packages: the host's, and those that a plugin brings; each once, after those it depends on.

use crate::host::Host;
use crate::outcome::Cause;
use crate::process::{self, STAGES};
use crate::registration::Init;
use crate::stages::{Blocked, Initialised, Once, Opening};
use crate::{Plugin, slow};
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
    // Asked of the table and not of the record, which nobody has read yet: so most programs pay nothing here.
    if host.initialisers().is_empty() {
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

/// Runs what has to have run before a mapped plugin is used.
pub(crate) fn plugin(opening: &mut Opening<'_, Plugin, InitFailure>, of: &Host) -> Result<(), Halt> {
    let host_is_ready = host(of)?;
    if host_is_ready && !opening.plugin().has_initialisers() {
        return Ok(());
    }
    opening.initialises();
    let identity = opening.plugin().identity();
    if !host_is_ready {
        // The plugin is opened by one of the host's initialisers, or beside them: what it has of the host must be ready.
        // What those packages depend on comes before them, and is the plugin's too: its linker saw all of it.
        of.identity().initialisers().filter(|key| identity.has(*key)).try_for_each(|key| package(key, of))?;
    }
    identity.initialisers().try_for_each(|key| package(key, of))
}

/// Runs the initialisers of one package, unless they have run.
fn package(key: Key, host: &Host) -> Result<(), Halt> {
    let label = || process::label_of(key, host).unwrap_or_else(|| host.manifest().map_or("the host", |manifest| manifest.name).to_owned());
    match STAGES.once(Initialised::Package(key)) {
        Ok(Once::Done) => Ok(()),
        Ok(Once::Failed(failure)) => Err(Halt::Failed(failure)),
        Ok(Once::Run(running)) => {
            let outcome = run_all(process::initialisers_of(key, host), key, &label);
            running.end(outcome.clone());
            outcome.map_err(Halt::Failed)
        }
        Err(blocked) => Err(Halt::Blocked(blocked, label())),
    }
}

/// Runs a package's initialisers in the order of their paths, up to one that fails.
fn run_all(table: &[Init], key: Key, package: &dyn Fn() -> String) -> Result<(), InitFailure> {
    let mut own: Vec<&Init> = table.iter().filter(|init| init.package == key.0).collect();
    own.sort_by_key(|init| (init.module, init.name));
    if own.is_empty() {
        // Its manifest names some, so that the code would run without them: the linker took them away, or another tool did.
        let cause =
            Cause::Returned(Box::<dyn Error + Send + Sync>::from("the manifest names initialisers that the file does not have").into());
        return Err(InitFailure { package: package(), location: "unknown".to_owned(), cause });
    }
    own.into_iter().try_for_each(|init| {
        run(init, package).map_err(|cause| {
            let failure = InitFailure { package: package(), location: format!("{}:{}", init.file, init.line), cause };
            tracing::error!(package = failure.package, location = failure.location, cause = %failure.cause, "initialiser failed");
            failure
        })
    })
}

fn run(init: &Init, package: &dyn Fn() -> String) -> Result<(), Cause> {
    let _entered = tracing::debug_span!("engraft::init", module = init.module, name = init.name).entered();
    let _watched = slow::watch(package(), init);
    // What it leaves behind when it panics is its package's own; nobody goes on with that package.
    catch_unwind(AssertUnwindSafe(init.run)).unwrap_or_else(|payload| Err(Cause::of_panic(payload)))
}
