//! How a program opens plugins that it vouches for: [`open`], and [`OpenOptions`] for those who want more.

use crate::candidate::Access;
use crate::{OpenError, Plugin, open as steps};
use std::path::Path;

/// Opens a plugin: from here on it is a part of this process.
///
/// `path` is an absolute path, a path relative to the working directory (`plugins/filter.so`), or a bare name
/// (`filter`), which is looked for as `filter.so` in the directories of the environment variable
/// `ENGRAFT_PLUGIN_PATH`, then in `plugins/` beside the executable, and then beside it as cargo names shared objects. A program with more rights than whoever started it (setuid) finds no
/// bare names.
///
/// The file is read and judged before any of it is mapped: every byte of it must be as Engraft's linker wrote it, by the same
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
/// changes the file's content while this process lives. With [`OpenOptions::private_copy`] nobody can, and a [`Keyring`](crate::Keyring)
/// opens only what was signed by somebody whom the program trusts: that is safe.
///
/// # Threads
///
/// May be called from any number of threads. The same content is mapped once, and whoever else asks for it waits until it is open.
/// Mapping is one thread's turn at a time; [initialisers](macro@crate::init) of different plugins run side by side, and a package
/// that several plugins need is waited for alone. Plugins, initialisers and threads that those start may open plugins: what would
/// wait for itself is an error. What no library can see is an initialiser that waits by other means, such as joining a thread,
/// for a thread that waits for it here.
///
/// A plugin's constructors (`.init_array`) run once in a process for each package, before its initialisers and after those of all packages
/// that it depends on, whichever plugin brings the package. They run after the system's loader has returned, on the thread that opens the
/// plugin, and may do what initialisers may. Its destructors (`.fini_array`) run once when the process exits, in the reverse order.
///
/// Constructors of other shared objects run within the loader, which keeps a lock meanwhile that new threads need too. They must not wait
/// for threads; those that something else loads must not open plugins.
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
    // SAFETY: the caller vouches for the file, as this function's own contract asks.
    unsafe { OpenOptions::new().open(path) }
}

/// Opens plugins in other ways than [`open`] does.
///
/// ```no_run
/// # fn main() -> Result<(), engraft::OpenError> {
/// // SAFETY: this file comes out of our own build.
/// let filter = unsafe { engraft::OpenOptions::new().private_copy(true).open("filter") }?;
/// # drop(filter.path());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct OpenOptions {
    private_copy: bool,
}

impl OpenOptions {
    /// As [`open`] does it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether a copy of the file is mapped in its place, in memory of this process that nobody can write to.
    ///
    /// What is as it was linked is copied, and the copy is sealed (`memfd_create`, `F_SEAL_WRITE`) and read once more. So nobody can change the file between the check and
    /// the mapping, and whatever becomes of it on disk afterwards, the running code stays as it is. It costs
    /// memory of the file's size for the rest of the process, and a descriptor. Backtraces and debuggers read it through
    /// `/proc/<process>/fd`; of a file that was built with `--strip`, std's backtraces don't find the separate debug information then.
    /// The copy is in no directory, so libraries that the plugin has looked for in `$ORIGIN` are not found ([`LoaderFault::NoOrigin`](crate::LoaderFault::NoOrigin)).
    ///
    /// What is open already stays as it was opened.
    pub fn private_copy(&mut self, private_copy: bool) -> &mut Self {
        self.private_copy = private_copy;
        self
    }

    /// Opens a plugin with these options; `path` is the same as for [`open`].
    ///
    /// # Errors
    ///
    /// Those of [`open`], and [`OpenError::NotCopied`] if there is to be a private copy and the system can't make one.
    ///
    /// # Safety
    ///
    /// As for [`open`]; with a private copy the caller need not vouch that nobody changes the file.
    pub unsafe fn open(&self, path: impl AsRef<Path>) -> Result<Plugin, OpenError> {
        let access = Access { copies: self.private_copy, keyring: None };
        // SAFETY: the caller vouches for the file.
        unsafe { steps::open(path.as_ref(), access) }
    }
}
