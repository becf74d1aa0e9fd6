//! What can be said of a plugin's file without opening it: [`verify`] whether it is whole, [`check`] whether it fits as well.

use crate::candidate::{Access, Candidate};
use crate::initialise::{self, Halt};
use crate::open::{blocked_at, halted};
use crate::process::{self, STAGES};
use crate::{Keyring, OpenError, fork, host, rust_libraries, sys};
use engraft_manifest::{BuildId, KeyId};
use std::path::{Path, PathBuf};

/// A plugin's file in which nothing was found wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Checked {
    /// The absolute path at which it was found.
    pub path: PathBuf,
    /// The digest of its content.
    pub build_id: BuildId,
    /// The key that has signed it, if a [`Keyring`] was asked.
    pub signed_by: Option<KeyId>,
    /// The shared libraries that the system's loader maps with it, by the names under which it looks for them.
    pub libraries: Vec<String>,
    /// The directories in which the plugin has the loader look for them (`RUNPATH`, `RPATH`), as they stand in the file: an empty one is the
    /// working directory, and `$ORIGIN` in one stands for the file's own. The loader looks in others as well: `ld.so(8)`.
    pub directories: Vec<PathBuf>,
}

/// Says whether a file is a plugin exactly as Engraft's linker made it, whatever program it is for.
///
/// Nothing of the file is mapped and none of its code runs, so this is safe for any file, in any program. `path` is the same as for
/// [`open`](crate::open()).
///
/// # Errors
///
/// Those of [`open`](crate::open()) that are about the file alone: it is not there, no plugin, or was altered.
///
/// # Examples
///
/// ```
/// let error = engraft::verify("/dev/null").unwrap_err();
/// assert_eq!(error.code(), "E04");
/// ```
pub fn verify(path: impl AsRef<Path>) -> Result<Checked, OpenError> {
    whole(path.as_ref(), None)
}

/// Says whether [`open`](crate::open()) would open a plugin as the process is now, and finds the same reasons against it.
///
/// Nothing of the file is mapped and none of its code runs, so this is safe for any file. What only mapping can tell is left out: a
/// missing shared library, a symbol that is not in the part that the host has of a package, and what initialisers come to. All of its record is read, also what opening leaves to whoever asks for it.
/// `path` is the same as for [`open`](crate::open()).
///
/// # Errors
///
/// Those of [`open`](crate::open()), but for what mapping and initialising tell.
///
/// # Examples
///
/// ```no_run
/// match engraft::check("uploads/filter.so") {
///     Ok(checked) => println!("{} would open", checked.path.display()),
///     Err(error) => println!("{error}"),
/// }
/// ```
pub fn check(path: impl AsRef<Path>) -> Result<Checked, OpenError> {
    fits(path.as_ref(), None)
}

impl Keyring {
    /// Says whether a file is a plugin exactly as Engraft's linker made it and signed by a trusted key, as [`verify`] does without.
    ///
    /// # Errors
    ///
    /// Those of [`Keyring::open`] that are about the file and its signature alone.
    pub fn verify(&self, path: impl AsRef<Path>) -> Result<Checked, OpenError> {
        whole(path.as_ref(), Some(self))
    }

    /// Says whether [`Keyring::open`] would open a plugin, as [`check`] does for [`open`](crate::open()).
    ///
    /// # Errors
    ///
    /// Those of [`Keyring::open`], but for what mapping and initialising tell.
    pub fn check(&self, path: impl AsRef<Path>) -> Result<Checked, OpenError> {
        fits(path.as_ref(), Some(self))
    }
}

fn whole(asked: &Path, keyring: Option<&Keyring>) -> Result<Checked, OpenError> {
    let candidate = Candidate::find(asked, Access { copies: false, keyring })?;
    // Whatever it says of itself, it says it as a plugin.
    candidate.identity()?;
    candidate.checked()
}

fn fits(asked: &Path, keyring: Option<&Keyring>) -> Result<Checked, OpenError> {
    let host = host::this()?;
    fork::notice();
    let candidate = Candidate::find(asked, Access { copies: false, keyring })?;
    keyring.map_or(Ok(()), |keyring| keyring.admit(&candidate))?;
    let blocked = |blocked| blocked_at(blocked, candidate.path.clone(), None);
    STAGES.can_open(candidate.build_id()).map_err(blocked)?;
    match STAGES.opened(candidate.build_id()) {
        Some(Ok(_)) => {}
        Some(Err(failure)) => return Err(halted(Halt::Failed(failure), Some(candidate.path))),
        None => {
            STAGES.can_map().map_err(blocked)?;
            rust_libraries::refuse(&candidate).and_then(|()| process::check(&candidate))?;
        }
    }
    initialise::can_run(&candidate.identity()?, host).map_err(|halt| halted(halt, Some(candidate.path.clone())))?;
    candidate.checked()
}

impl Candidate {
    /// Nothing was found wrong, and all that the file says of itself can be read.
    fn checked(&self) -> Result<Checked, OpenError> {
        let dynamic = self.dynamic()?;
        let directories = dynamic.directories().map(|directory| sys::path_of(directory.to_owned())).collect();
        let libraries = dynamic.needed.iter().map(|library| String::from_utf8_lossy(library).into_owned()).collect();
        self.with_manifest(|_| Checked {
            path: self.path.clone(),
            build_id: self.build_id(),
            signed_by: self.signed_by,
            libraries,
            directories,
        })
    }
}
