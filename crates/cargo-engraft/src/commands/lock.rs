//! One build at a time in a target directory: a plugin must be linked from the libraries that its own build has made, and
//! the next build may replace them.

use crate::output::Steps;
use crate::role;
use crate::rustc::session::Session;
use anyhow::{Context, Result, bail};
use std::fs::{File, TryLockError};
use std::io::ErrorKind;
use std::path::Path;

/// Held from before cargo starts until the plugins are linked; ends with the value.
///
/// cargo's own lock ends with cargo, which is before plugins are linked.
#[derive(Debug)]
pub struct BuildLock {
    /// None where the file system has no locks; cargo goes on without, too.
    file: Option<File>,
}

impl BuildLock {
    /// Whether nobody else builds in the target directory. It can't be told where the file system has no locks.
    pub fn is_held(&self) -> bool {
        self.file.is_some()
    }

    /// Waits for the directory `engraft` of a target directory, in which `build` is cargo's.
    pub fn wait(engraft: &Path, build: &Path, steps: Steps) -> Result<Self> {
        refuse_within(build)?;
        let path = engraft.join(".lock");
        let acquire = || -> std::io::Result<Option<File>> {
            let file = File::options().create(true).truncate(false).write(true).open(&path)?;
            let locked = match file.try_lock() {
                Err(TryLockError::WouldBlock) => {
                    steps.tell("Blocking", &format!("waiting for another `cargo engraft` in {}", engraft.display()));
                    file.lock()
                }
                Err(TryLockError::Error(error)) => Err(error),
                Ok(()) => Ok(()),
            };
            match locked {
                Err(error) if error.kind() == ErrorKind::Unsupported => Ok(None),
                locked => locked.map(|()| Some(file)),
            }
        };
        let file = acquire().with_context(|| format!("failed to lock {}", path.display()))?;
        Ok(Self { file })
    }
}

/// A build within a build of the same directory would wait for ever: the outer one waits for the build script that started it.
fn refuse_within(build: &Path) -> Result<()> {
    // A session that is gone is one of a build that has ended.
    let outer = std::env::var_os(role::SESSION).and_then(|session| Session::read(Path::new(&session)).ok());
    let place = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    if outer.is_some_and(|outer| place(&outer.target_dir) == place(build)) {
        bail!(
            "`cargo engraft` was started by a build of `cargo engraft` in the same target directory, {}, and would wait for its end\n\
             help: give the inner one a directory of its own with --target-dir",
            build.display()
        );
    }
    Ok(())
}
