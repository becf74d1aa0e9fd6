//! Why a plugin was not opened, and why a look-up failed: data here, its texts for people in the files below.

mod compiler;
mod found;
mod key;
mod loader;
mod lookup;
mod lookup_text;
#[cfg(test)]
mod mends;
#[cfg(feature = "tools")]
mod no_host;
mod open_text;
mod report;
#[cfg(test)]
mod snapshots;

pub use compiler::Compiler;
pub use found::Found;
pub use key::KeyError;
pub use loader::{LoaderError, LoaderFault};
pub use lookup::{LookupError, OnePackage, SameName, Unexported};
#[cfg(feature = "tools")]
pub use no_host::NoHost;
pub(crate) use report::WithCauses;

use crate::{Cause, sys};
use engraft_manifest::{Damage, DecodeError, Difference, KeyId, SignatureFault};
use std::error::Error;
use std::io;
use std::path::PathBuf;

/// Why a plugin was not opened. Its text says what was tried, what was expected and found, and what helps.
///
/// The text contains the causes too: [`Error::source`] returns none, and a reporter that prints sources prints each cause once.
/// The causes themselves are in the variants' fields.
///
/// A file that was refused has not run, and the process is as it was. Only what was mapped stays mapped:
/// [`OpenError::InitFailed`] says that a plugin's own code failed, [`OpenError::Map`] that the system's loader did.
///
/// `Debug` is the same text as `Display`: `unwrap` and a `main` that returns the error print that one. All texts are
/// in [`errors`](crate::errors).
///
/// ```no_run
/// use engraft::OpenError;
///
/// // SAFETY: this file comes out of our own build.
/// match unsafe { engraft::open("filter") } {
///     Ok(filter) => println!("{} is open", filter.name()),
///     Err(OpenError::NotFound { .. }) => println!("going without the filter"),
///     Err(error) => eprintln!("{error}"),
/// }
/// ```
#[non_exhaustive]
pub enum OpenError {
    /// Plugins can't be opened on this platform yet.
    UnsupportedPlatform {
        /// The operating system, as `std::env::consts::OS` names it.
        os: &'static str,
        /// The machine, as `std::env::consts::ARCH` names it.
        arch: &'static str,
    },
    /// This program was built without `cargo engraft`, so it exports nothing that a plugin could borrow.
    ///
    /// Or `open` was called in a shared library that has a copy of `engraft` of its own.
    HostNotLinked {
        /// The program, if its path is known.
        program: Option<PathBuf>,
        /// The shared library that this copy of `engraft` is in; none if it is in the program.
        library: Option<PathBuf>,
    },
    /// There is no such file.
    NotFound {
        /// What was asked for.
        path: PathBuf,
        /// Every absolute path that was tried, in order.
        tried: Vec<PathBuf>,
        /// The working directory, which relative paths start from.
        working_directory: Option<PathBuf>,
        /// Why `plugins/` beside the program was not searched for a bare name: the program's path is not known, as without `/proc`.
        unknown_program: Option<io::Error>,
    },
    /// The file can't be read.
    Unreadable {
        /// Its absolute path.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The file is no plugin that Engraft linked.
    NotAPlugin {
        /// Its absolute path.
        path: PathBuf,
        /// What it is.
        found: Found,
    },
    /// The file is not what Engraft's linker made: it was truncated or altered since.
    Altered {
        /// Its absolute path.
        path: PathBuf,
        /// In what it differs.
        damage: Damage,
    },
    /// Nobody has signed the plugin. Only a [`Keyring`](crate::Keyring) asks for that.
    Unsigned {
        /// Its absolute path.
        path: PathBuf,
        /// Where its signature should be.
        signature: PathBuf,
    },
    /// The plugin was signed by a key that the keyring does not have.
    UnknownKey {
        /// Its absolute path.
        path: PathBuf,
        /// The key that its signature names.
        key: KeyId,
        /// The keys that are trusted.
        trusted: Vec<KeyId>,
    },
    /// The plugin's signature does not hold.
    BadSignature {
        /// Its absolute path.
        path: PathBuf,
        /// The signature's path.
        signature: PathBuf,
        /// What is wrong with it.
        fault: SignatureFault,
    },
    /// The plugin needs a Rust shared object (`crate-type = ["dylib"]`): the packages in it are in no manifest.
    RustLibrary {
        /// The plugin's absolute path.
        path: PathBuf,
        /// The library, where the system's loader would find it.
        library: PathBuf,
    },
    /// The plugin needs shared libraries that this process has not loaded, which nobody has signed. Only a [`Keyring`](crate::Keyring)
    /// that was told to refuse them asks for that.
    OtherLibraries {
        /// Its absolute path.
        path: PathBuf,
        /// Their names; never empty.
        libraries: Vec<String>,
    },
    /// This process was forked while another thread was opening a plugin. That thread does not exist here, so what it was at stays unfinished.
    Forked {
        /// The plugin's absolute path.
        path: PathBuf,
        /// The package that was being initialised; none if it was something else.
        package: Option<String>,
    },
    /// The file can't be copied into memory, where it was to be mapped from.
    NotCopied {
        /// Its absolute path.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The file's manifest does not say what a manifest says.
    Manifest {
        /// Its absolute path.
        path: PathBuf,
        /// What is wrong with it.
        source: DecodeError,
    },
    /// The plugin was built by another compiler than this program.
    Toolchain {
        /// Its absolute path.
        path: PathBuf,
        /// This program's compiler.
        expected: Box<Compiler>,
        /// The plugin's compiler.
        found: Box<Compiler>,
    },
    /// The plugin's code was compiled for CPU features that this machine lacks.
    CpuFeatures {
        /// Its absolute path.
        path: PathBuf,
        /// The features, by rustc's names.
        missing: Vec<String>,
    },
    /// Packages that the plugin borrows or brings are not the same as this program's.
    Incompatible {
        /// Its absolute path.
        path: PathBuf,
        /// Every package at which a difference begins; never empty.
        differences: Vec<Difference>,
    },
    /// The file was written anew in place while its older content was open, so the running code may have changed.
    Rewritten {
        /// Its absolute path.
        path: PathBuf,
        /// The path under which the older content was opened.
        opened_as: PathBuf,
    },
    /// The plugin, or a package that it needs, is being opened or initialised on this very thread: its own constructor or
    /// initialiser opens it.
    Recursive {
        /// Its absolute path.
        path: PathBuf,
        /// The package that is not ready; none if it is the plugin that opens itself.
        package: Option<String>,
    },
    /// Another thread is at the plugin, or at a package that it needs, and waits for this one, or would have to.
    WaitCycle {
        /// Its absolute path.
        path: PathBuf,
        /// The package that is not ready; none if it is the plugin itself.
        package: Option<String>,
    },
    /// An initialiser failed. The plugin stays as it is, mapped and never open; opening it again gives the same error.
    InitFailed {
        /// The plugin's absolute path; none if it was an initialiser of this program that ran before anything was opened.
        path: Option<PathBuf>,
        /// Name and version of the initialiser's package, or the name of this program.
        package: String,
        /// Where the initialiser stands: `src/lib.rs:12`.
        location: String,
        /// What it came to.
        cause: Cause,
    },
    /// The system's loader could not map the file.
    ///
    /// For want of memory it may leave a part of the file mapped, of which nothing runs and no symbol is found. Opening it again may work.
    Map {
        /// Its absolute path.
        path: PathBuf,
        /// The loader's words, and what they mean.
        source: LoaderError,
    },
}

impl OpenError {
    /// The stable code of this kind of error, which the text begins with. [`errors`](crate::errors) lists them all.
    ///
    /// ```
    /// let error = engraft::OpenError::Recursive { path: "/plugins/filter.so".into(), package: None };
    /// assert_eq!(error.code(), "E12");
    /// assert!(error.to_string().starts_with("E12: "));
    /// ```
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Incompatible { .. } => "E01",
            Self::Toolchain { .. } => "E02",
            Self::NotFound { .. } => "E03",
            Self::NotAPlugin { .. } => "E04",
            Self::Map { .. } => "E07",
            Self::Unreadable { .. } => "E09",
            Self::Manifest { .. } => "E10",
            Self::Rewritten { .. } => "E11",
            Self::Recursive { .. } => "E12",
            Self::InitFailed { .. } => "E13",
            Self::WaitCycle { .. } => "E14",
            Self::UnsupportedPlatform { .. } => "E15",
            Self::HostNotLinked { .. } => "E16",
            Self::Altered { .. } => "E18",
            Self::Unsigned { .. } => "E19",
            Self::UnknownKey { .. } => "E20",
            Self::BadSignature { .. } => "E21",
            Self::NotCopied { .. } => "E22",
            Self::CpuFeatures { .. } => "E25",
            Self::RustLibrary { .. } => "E26",
            Self::OtherLibraries { .. } => "E27",
            Self::Forked { .. } => "E28",
        }
    }

    /// This platform, on which nothing can be opened.
    pub(crate) fn unsupported_platform() -> Self {
        Self::UnsupportedPlatform { os: std::env::consts::OS, arch: std::env::consts::ARCH }
    }

    /// This program, which cargo linked without Engraft.
    pub(crate) fn host_not_linked() -> Self {
        Self::HostNotLinked { program: std::env::current_exe().ok(), library: sys::own_library() }
    }
}

impl Error for OpenError {}
