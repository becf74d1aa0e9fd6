//! The verdict of `open` without opening.

use crate::candidate::Access;
use crate::{Keyring, OpenError, open};
use engraft_manifest::BuildId;
use std::path::{Path, PathBuf};

/// A plugin that would open.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Checked {
    /// The absolute path at which it was found.
    pub path: PathBuf,
    /// The digest of its content.
    pub build_id: BuildId,
}

/// Says whether [`open`](crate::open) would open a plugin as the process is now, and finds the same reasons against it.
///
/// Nothing of the file is mapped and none of its code runs, so this is safe for any file. What only mapping can tell is left out: a
/// missing shared library, and what initialisers come to. `path` is the same as for [`open`](crate::open).
///
/// # Errors
///
/// Those of [`open`](crate::open), but for what mapping and initialising tell.
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
    open::check(path.as_ref(), Access::InPlace)
}

impl Keyring {
    /// Says whether [`Keyring::open`] would open a plugin, as [`check`] does for [`open`](crate::open).
    ///
    /// # Errors
    ///
    /// Those of [`Keyring::open`], but for what mapping and initialising tell.
    pub fn check(&self, path: impl AsRef<Path>) -> Result<Checked, OpenError> {
        open::check(path.as_ref(), Access::Signed(self))
    }
}
