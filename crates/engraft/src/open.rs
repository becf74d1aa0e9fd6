//! Opening a plugin: find, judge, map, register, initialise, publish.

use crate::candidate::{Access, Candidate};
use crate::initialise::{self, Halt, InitFailure};
use crate::plugin::Opened;
use crate::process::{self, STAGES};
use crate::registration::Entry;
use crate::stages::{Blocked, Mapping, Next, Opening};
use crate::sys::Library;
use crate::timings::{enter, timed};
use crate::{Keyring, LoaderError, OpenError, Plugin, Timings, any_file, host, rust_libraries, sys};
use std::path::{Path, PathBuf};
use std::time::Instant;
use tracing::debug_span;

/// Opens the plugin at a path, or of a name.
///
/// # Safety
///
/// The caller vouches for what the file does once it is mapped, and unless a copy of it is, that nobody changes its content.
pub(crate) unsafe fn open(asked: &Path, access: Access<'_>) -> Result<Plugin, OpenError> {
    let span = tracing::debug_span!("engraft::open", path = %asked.display());
    let _entered = span.enter();
    // SAFETY: the caller vouches for the file, as this function's own contract asks.
    let result = unsafe { open_found(asked, access) };
    // At level debug and on one line, because the caller gets all of it. The values are made only if somebody listens.
    match &result {
        Ok(plugin) => tracing::debug!(
            name = plugin.name(),
            path = %plugin.path().display(),
            build_id = %plugin.build_id().short(),
            modified = plugin.stamp().modified_unix(),
            "plugin open"
        ),
        Err(error) => tracing::debug!(error = error.to_string().lines().next(), "plugin not opened"),
    }
    result
}

/// Opens a plugin that a trusted key has signed.
pub(crate) fn open_signed(asked: &Path, keyring: &Keyring) -> Result<Plugin, OpenError> {
    // SAFETY: a program that trusts a key has its owner vouch for what the file does, and a private copy can't be changed.
    unsafe { open(asked, Access { copies: true, keyring: Some(keyring) }) }
}

/// # Safety
///
/// As [`open`].
unsafe fn open_found(asked: &Path, access: Access<'_>) -> Result<Plugin, OpenError> {
    // Also in a program that can't open plugins, which counts on its packages all the same.
    initialise::host().map_err(|halt| halted(halt, None))?;
    // Before the file is looked for: such a program should not complain about a file.
    let host = host::this()?;
    let mut times = Timings::default();
    let finding = enter(debug_span!("find"));
    let candidate = timed(&mut times.judge, || Candidate::find(asked, access))?;
    drop(finding);
    access.keyring.map_or(Ok(()), |keyring| keyring.admit(&candidate))?;
    let path = candidate.path.clone();
    let waiting = enter(debug_span!("turn"));
    let next = timed(&mut times.judge, || STAGES.begin(candidate.build_id()));
    drop(waiting);
    let mut opening = match next.map_err(|blocked| blocked_at(blocked, path.clone(), None))? {
        Next::Open(plugin) => return Ok(plugin),
        Next::Failed(failure) => return Err(halted(Halt::Failed(failure), Some(path))),
        // SAFETY: the caller vouches for the file.
        Next::Map(turn) => unsafe { map(candidate, turn, &mut times) }?,
        Next::Initialise(opening) => {
            times = opening.plugin().timings();
            opening
        }
    };
    let plugin = opening.plugin();
    let initialising = enter(debug_span!("initialise"));
    let initialised = timed(&mut times.initialise, || initialise::plugin(&mut opening, host));
    drop(initialising);
    plugin.set_timings(times);
    match &initialised {
        Ok(()) => {
            let publishing = enter(debug_span!("publish"));
            timed(&mut times.publish, || process::publish(plugin));
            plugin.set_timings(times);
            opening.end(Ok(()));
            drop(publishing);
        }
        Err(Halt::Failed(failure)) => opening.end(Err(failure.clone())),
        Err(Halt::Blocked(..)) => drop(opening),
    }
    initialised.map(|()| plugin).map_err(|halt| halted(halt, Some(path)))
}

/// Judges a file, and maps it if it fits.
///
/// # Safety
///
/// As [`open`].
unsafe fn map(
    candidate: Candidate,
    turn: Mapping<'static, Plugin, InitFailure>,
    times: &mut Timings,
) -> Result<Opening<'static, Plugin, InitFailure>, OpenError> {
    let judging = enter(debug_span!("judge"));
    timed(&mut times.judge, || rust_libraries::refuse(&candidate))?;
    let mut claim = timed(&mut times.judge, || process::admit(&candidate, &turn))?;
    drop(judging);
    let build_id = candidate.build_id();
    let Candidate { path, file, is_copy, stamp, .. } = candidate;
    let in_host = || host::this().ok()?.manifest();
    let failed = |path, reason: String| OpenError::Map { path, source: LoaderError::new(reason) };
    // The loader takes a file of a name that it knows for the one that it has mapped. So the first file at a path is mapped under that
    // path, where debuggers find it, and later ones through their descriptors; as are copies, and one whose path leads elsewhere by now.
    let by_descriptor = !claim.owns_name || !sys::is_at(&path, stamp.inode);
    let name = match if by_descriptor { sys::descriptor_path(&file) } else { Ok(path.clone()) } {
        Ok(name) => name,
        Err(error) => return Err(failed(path, LoaderError::no_proc(&error))),
    };
    let Some(name) = sys::loader_path(&name) else { return Err(failed(path, "its path contains a NUL byte".to_owned())) };
    let room = Plugin::room();
    let mapping = enter(debug_span!("map"));
    claim.loading();
    // From here until the turn knows that the plugin is mapped, nobody else's code may run but constructors of libraries that the plugin
    // needs: no span begins or ends, and nothing is allocated.
    // SAFETY: the caller vouches for the file, and it was judged to fit.
    let library = match timed(&mut times.map, || unsafe { Library::open(&name) }) {
        Ok(library) => library,
        Err(words) => {
            claim.refused();
            let names_origin = || any_file::dynamic(&file).is_ok_and(|read| read.is_ok_and(|dynamic| dynamic.names_origin()));
            let source = LoaderError::new(sys::with_reason(words)).beside(in_host).without_directory(by_descriptor && names_origin());
            return Err(OpenError::Map { path, source });
        }
    };
    let registering = Instant::now();
    if by_descriptor {
        sys::keep_open(file);
    }
    let Some(entry) = Entry::of(library).filter(|entry| entry.build_id() == Some(build_id)) else {
        claim.stray();
        return Err(failed(path, "another file was put in its place after it was judged, and that one was mapped".to_owned()));
    };
    let is_ready_when_mapped = claim.is_ready_when_mapped && entry.function_lists().is_empty();
    let plugin = Plugin::new(room, Opened { path, build_id, stamp, is_copy, entry, is_ready_when_mapped });
    claim.mapped(plugin, entry.initialisers());
    let opening = turn.mapped(plugin);
    times.register += registering.elapsed();
    drop(mapping);
    Ok(opening)
}

/// The error for what could not be initialised, while the plugin at this path was opened or the program began.
pub(crate) fn halted(halt: Halt, path: Option<PathBuf>) -> OpenError {
    match halt {
        Halt::Failed(InitFailure { package, location, cause }) => OpenError::InitFailed { path, package, location, cause },
        Halt::Blocked(blocked, package) => blocked_at(blocked, path.unwrap_or_default(), Some(package)),
    }
}

pub(crate) fn blocked_at(blocked: Blocked, path: PathBuf, package: Option<String>) -> OpenError {
    match blocked {
        Blocked::Recursive => OpenError::Recursive { path, package },
        Blocked::Cycle => OpenError::WaitCycle { path, package },
        Blocked::Forked => OpenError::Forked { path, package },
    }
}
