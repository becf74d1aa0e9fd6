//! Opening a plugin: find, judge, map, register, initialise, publish.

use crate::candidate::Candidate;
use crate::initialise::{self, Halt, InitFailure};
use crate::plugin::Opened;
use crate::process::{self, STAGES};
use crate::registration::Entry;
use crate::stages::{Blocked, Mapping, Next, Opening};
use crate::sys::Library;
use crate::timings::step;
use crate::{LoaderError, OpenError, Plugin, Timings, host, sys};
use engraft_manifest::HEAD;
use std::path::{Path, PathBuf};
use tracing::debug_span;

/// Opens a plugin: from here on it is a part of this process.
///
/// `path` is an absolute path, a path relative to the working directory (`plugins/filter.so`), or a bare name
/// (`filter`), which is looked for as `filter.so` in the directories of the environment variable
/// `ENGRAFT_PLUGIN_PATH` and then in `plugins/` beside the executable.
///
/// The file is read and judged before any of it is mapped: it must be complete, linked by Engraft, by the same
/// compiler, and every package that it borrows must be this program's own, down to the last source line and
/// compiler flag. What is open already is not opened again: the same content, under whatever path, gives the
/// same [`Plugin`]. A path whose file has changed gives a new plugin beside the older one.
///
/// # Errors
///
/// [`OpenError`] says what was expected and found. Nothing of a refused file has run.
///
/// # Safety
///
/// Plugins are native code. The caller vouches for what the file does once it is mapped, and that nobody
/// changes the file's content while this process lives.
///
/// # Threads
///
/// May be called from any number of threads. The same content is mapped once, and whoever else asks for it waits until it is open.
/// Mapping is one thread's turn at a time; [initialisers](macro@crate::init) of different plugins run side by side, and a package
/// that several plugins need is waited for alone. Plugins, initialisers and threads that those start may open plugins: what would
/// wait for itself is an error. What no library can see is an initialiser that waits by other means, such as joining a thread,
/// for a thread that waits for it here.
///
/// A plugin's constructors (`.init_array`) may open other plugins too; they, and the initialisers of what they open, must not wait
/// for other threads, because the system's loader keeps a lock meanwhile that new threads need too. Constructors of shared
/// objects that something else loads must not open plugins: the loader's lock would be taken before this library's turn.
///
/// # Examples
///
/// ```no_run
/// # fn main() -> Result<(), engraft::OpenError> {
/// // SAFETY: this file comes out of our own build.
/// let filter = unsafe { engraft::open("plugins/filter.so") }?;
/// println!("{} from {}", filter.name(), filter.path().display());
/// # Ok(())
/// # }
/// ```
pub unsafe fn open(path: impl AsRef<Path>) -> Result<Plugin, OpenError> {
    let asked = path.as_ref();
    let span = tracing::debug_span!("engraft::open", path = %asked.display());
    let _entered = span.enter();
    // SAFETY: the caller vouches for the file, as this function's own contract asks.
    let result = unsafe { open_found(asked) };
    match &result {
        Ok(plugin) => {
            let (build_id, modified) = (plugin.build_id().short(), plugin.stamp().modified_unix());
            tracing::info!(name = plugin.name(), path = %plugin.path().display(), %build_id, modified, "plugin open")
        }
        Err(error) => tracing::error!(%error, "plugin not opened"),
    }
    result
}

/// # Safety
///
/// As [`open`].
unsafe fn open_found(asked: &Path) -> Result<Plugin, OpenError> {
    // Before the file is looked for: a program that can't open any plugin should not complain about one.
    let host = host::this()?;
    initialise::host(host).map_err(|halt| halted(halt, None))?;
    let mut head = [0; HEAD];
    let mut times = Timings::default();
    let candidate = step(&mut times.judge, debug_span!("find"), || Candidate::find(asked, &mut head))?;
    let path = candidate.path.clone();
    let next = step(&mut times.judge, debug_span!("turn"), || STAGES.begin(candidate.build_id));
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
    let initialised = step(&mut times.initialise, debug_span!("initialise"), || initialise::plugin(&mut opening, host));
    plugin.set_timings(times);
    match &initialised {
        Ok(()) => {
            step(&mut times.publish, debug_span!("publish"), || process::publish(plugin));
            plugin.set_timings(times);
            opening.end(Ok(()));
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
    candidate: Candidate<'_>,
    turn: Mapping<'static, Plugin, InitFailure>,
    times: &mut Timings,
) -> Result<Opening<'static, Plugin, InitFailure>, OpenError> {
    let claim = step(&mut times.judge, debug_span!("judge"), || process::admit(&candidate, &turn))?;
    let Candidate { path, file, build_id, stamp, .. } = candidate;
    let failed = |reason| OpenError::Map { path: path.clone(), source: LoaderError::new(reason) };
    // The loader takes a file of a name that it knows for the one that it has mapped. So the first file at a path is mapped under that
    // path, where debuggers find it, and later ones through their descriptors; as is one whose path leads elsewhere by now.
    let by_descriptor = claim.name_taken || !sys::is_at(&path, stamp.inode);
    let name = if by_descriptor { sys::descriptor_path(&file) } else { path.clone() };
    let name = sys::loader_path(&name).ok_or_else(|| failed("its path contains a NUL byte".to_owned()))?;
    // SAFETY: the caller vouches for the file, and it was judged to fit.
    let library = step(&mut times.map, debug_span!("map"), || unsafe { Library::open(&name) }).map_err(failed)?;
    if by_descriptor {
        sys::keep_open(file);
    }
    let Some(entry) = Entry::of(library).filter(|entry| entry.build_id() == Some(build_id)) else {
        claim.stray();
        return Err(failed("another file was put in its place after it was judged, and that one was mapped".to_owned()));
    };
    Ok(step(&mut times.register, debug_span!("register"), || {
        let plugin = Plugin::new(Opened { path, build_id, stamp, entry, is_ready_when_mapped: claim.is_ready_when_mapped });
        claim.mapped(plugin, entry.initialisers());
        turn.mapped(plugin)
    }))
}

/// The error for what could not be initialised, while the plugin at this path was opened or the program began.
pub(crate) fn halted(halt: Halt, path: Option<PathBuf>) -> OpenError {
    match halt {
        Halt::Failed(InitFailure { package, location, cause }) => OpenError::InitFailed { path, package, location, cause },
        Halt::Blocked(blocked, package) => blocked_at(blocked, path.unwrap_or_default(), Some(package)),
    }
}

fn blocked_at(blocked: Blocked, path: PathBuf, package: Option<String>) -> OpenError {
    match blocked {
        Blocked::Recursive => OpenError::Recursive { path, package },
        Blocked::Cycle => OpenError::WaitCycle { path, package },
    }
}
