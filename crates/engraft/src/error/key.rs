//! Why a key is not trusted.

use super::report::{Report, WithCauses};
use std::error::Error;
use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why a [`Keyring`](crate::Keyring) does not take a key. Its text says what was expected and found, and what helps; `Debug` is the same.
#[non_exhaustive]
pub enum KeyError {
    /// The key's file can't be read.
    Unreadable {
        /// Its path.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// It is no public key that minisign or `cargo engraft keygen` writes.
    Malformed {
        /// The file that it stands in; none if the key was given as text.
        path: Option<PathBuf>,
    },
}

impl KeyError {
    /// The stable code of this kind of error, which the text begins with.
    ///
    /// ```
    /// let error = engraft::Keyring::new().trust("no key").unwrap_err();
    /// assert_eq!(error.code(), "E24");
    /// ```
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "E23",
            Self::Malformed { .. } => "E24",
        }
    }
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { path, source } => {
                Report::new(f, self.code(), format_args!("the public key {} can't be read", path.display()))
                    .fact("expected", "a file that this user may read")
                    .fact("found", WithCauses(source))
                    .help(super::open_text::unreadable(path, source))
            }
            Self::Malformed { path } => {
                let report = match path {
                    Some(path) => Report::new(f, self.code(), format_args!("{} holds no public key", path.display())),
                    None => Report::new(f, self.code(), "what was given is no public key"),
                };
                report
                    .fact("expected", "a minisign public key: a comment and a line that begins with RW, or that line alone")
                    .fact("found", "something else")
                    .help("`cargo engraft keygen` makes a pair of keys; the public one is in `engraft.pub`, and the secret one is never given to programs")
            }
        }
    }
}

impl fmt::Debug for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for KeyError {}
