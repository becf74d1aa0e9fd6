//! Whether a plugin's file still is what was opened.

use crate::candidate::{Access, Candidate};
use crate::{OpenError, Plugin, sys};
use std::fs::Metadata;
use std::io::ErrorKind;
use std::time::SystemTime;

/// What has become of the file that a plugin was opened from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileState {
    /// The path leads to what is open: to that file, or to another of the same build.
    Unchanged,
    /// Another file is there now: opening the path again would give a new plugin, or an error.
    Replaced,
    /// That very file was written to. The system may have changed running code; it should have been replaced instead.
    Rewritten,
    /// There is none.
    Gone,
    /// It can't be told: the system does not let this process look.
    Unreadable,
}

/// What is remembered of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// Device and inode: by these the loader tells whether it has mapped a file already.
    pub(crate) inode: (u64, u64),
    len: u64,
    modified: Option<SystemTime>,
}

impl Stamp {
    pub(crate) fn of(data: &Metadata) -> Self {
        Self { inode: sys::inode(data), len: data.len(), modified: data.modified().ok() }
    }

    /// When the file was last written, in seconds since 1970: in a log it tells a stale file. None if the system doesn't say.
    pub(crate) fn modified_unix(self) -> Option<u64> {
        self.modified?.duration_since(SystemTime::UNIX_EPOCH).ok().map(|since| since.as_secs())
    }

    /// What became of the file of which this was remembered, given the one that is there now, and whether that is of the same build.
    fn state(self, now: Self, same_build: bool, is_copy: bool) -> FileState {
        match (self.inode == now.inode, same_build) {
            // Also when its content is the old one again: pages that were written to may have been the code's in between.
            (true, _) if !is_copy && self != now => FileState::Rewritten,
            (_, true) => FileState::Unchanged,
            (true, false) if !is_copy => FileState::Rewritten,
            (_, false) => FileState::Replaced,
        }
    }
}

impl Plugin {
    /// Whether the file that the plugin was opened from still is what was opened.
    ///
    /// It looks at the file's metadata and reads the whole file, each time anew. A file of the same build that took the
    /// first one's place counts as unchanged; the same file with another modification time counts as rewritten, unless the plugin
    /// is a [private copy](crate::OpenOptions::private_copy), which no writing can reach.
    ///
    /// ```no_run
    /// use engraft::FileState;
    ///
    /// # fn reload(plugin: engraft::Plugin) -> Result<(), engraft::OpenError> {
    /// if plugin.file_state() == FileState::Replaced {
    ///     // SAFETY: this file comes out of our own build.
    ///     let newer = unsafe { engraft::open(plugin.path()) }?;
    ///     println!("{} has generation {} now", newer.name(), newer.generation());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn file_state(self) -> FileState {
        let state = |now: Stamp, same_build| self.stamp().state(now, same_build, self.is_copy());
        // One look at the file: what is there may change between two.
        match Candidate::find(self.path(), Access::default()) {
            Ok(now) => state(now.stamp, now.build_id() == self.build_id()),
            Err(OpenError::NotFound { .. }) => FileState::Gone,
            Err(OpenError::Unreadable { source, .. }) if source.kind() == ErrorKind::NotADirectory => FileState::Gone,
            Err(OpenError::Unreadable { .. }) => FileState::Unreadable,
            // No plugin any more: only whether it is the same file is to be told.
            Err(_) => match std::fs::metadata(self.path()) {
                Ok(data) => state(Stamp::of(&data), false),
                Err(_) => FileState::Gone,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn what_became_of_a_file() {
        let at = |seconds| Some(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
        let then = Stamp { inode: (1, 2), len: 100, modified: at(5) };
        let elsewhere = Stamp { inode: (1, 3), modified: at(9), ..then };
        let rewritten = [Stamp { len: 101, ..then }, Stamp { modified: at(6), ..then }];
        for (now, same_build, of_file, of_copy) in [
            (then, true, FileState::Unchanged, FileState::Unchanged),
            (then, false, FileState::Rewritten, FileState::Replaced),
            (rewritten[0], false, FileState::Rewritten, FileState::Replaced),
            (rewritten[1], false, FileState::Rewritten, FileState::Replaced),
            (rewritten[1], true, FileState::Rewritten, FileState::Unchanged),
            (elsewhere, true, FileState::Unchanged, FileState::Unchanged),
            (elsewhere, false, FileState::Replaced, FileState::Replaced),
        ] {
            assert_eq!(then.state(now, same_build, false), of_file, "{now:?} {same_build}");
            assert_eq!(then.state(now, same_build, true), of_copy, "copy: {now:?} {same_build}");
        }
    }
}
