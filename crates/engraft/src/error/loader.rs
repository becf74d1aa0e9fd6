//! What the system's loader said, and what it means.

use crate::missing_symbol;
use engraft_manifest::{Manifest, remedy_for_api};
use std::error::Error;
use std::fmt;
use std::io;

/// The system's loader, in its own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoaderError {
    words: String,
    /// The package of the symbol that was not found, if the host has a part of it.
    partial: Option<String>,
    /// Whether the file was mapped from a descriptor, and has the loader look for libraries in its own directory.
    lacks_directory: bool,
}

/// What the loader could not do, as far as its words tell.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LoaderFault {
    /// A shared library is not there; its name.
    MissingLibrary(String),
    /// A shared library is not there; its name. The plugin has it looked for in its own directory (`$ORIGIN`), and was mapped from a
    /// descriptor, which is in none: as a private copy, or as a later file at a path.
    NoOrigin(String),
    /// A shared library is of a version that lacks something; the version that is needed, and the library.
    OldLibrary {
        /// Such as `GLIBC_2.38`.
        version: String,
        /// Such as `/lib/x86_64-linux-gnu/libc.so.6`.
        library: String,
    },
    /// No library has this symbol.
    MissingSymbol(String),
    /// The host has only a part of a package, by `export = "api"`, and this symbol is in the rest of it.
    NotInPart {
        /// The symbol.
        symbol: String,
        /// The package's name.
        package: String,
    },
    /// `/proc` does not have the descriptors of this process: it is not mounted, or it is another PID namespace's.
    NoProc,
    /// The memory for thread-locals that is reserved when a program starts is used up.
    StaticThreadLocals,
    /// The system does not let the file be executed: a `noexec` mount, SELinux.
    NotExecutable,
    /// The system does not let a file be read.
    NotReadable,
    /// There is no memory or address space for it.
    Memory,
    /// This process has as many files open as it may.
    OpenFiles,
    /// This machine's processor lacks instructions that the file asks for.
    Processor,
    /// Something else: see the words.
    Other,
}

/// How the words begin that are not the loader's.
const NO_PROC: &str = "no path in /proc leads to this process's descriptors";

impl LoaderError {
    pub(crate) fn new(words: impl Into<String>) -> Self {
        Self { words: words.into(), partial: None, lacks_directory: false }
    }

    /// Words for a file that the loader was not asked to map, because no path leads to its descriptor.
    pub(crate) fn no_proc(error: &io::Error) -> String {
        format!("{NO_PROC}: {error}")
    }

    /// Looks whether the host has a part of the package that the words are about.
    pub(crate) fn beside<'m>(mut self, host: impl FnOnce() -> Option<&'m Manifest<'m>>) -> Self {
        if let LoaderFault::MissingSymbol(symbol) = self.fault() {
            self.partial = host().and_then(|host| missing_symbol::owner(&symbol, host));
        }
        self
    }

    /// Says whether the file has the loader look in its own directory, and was mapped from where it has none.
    pub(crate) fn without_directory(self, lacks_directory: bool) -> Self {
        Self { lacks_directory, ..self }
    }

    /// The loader's own words.
    #[must_use]
    pub fn words(&self) -> &str {
        &self.words
    }

    /// What they mean. Told from the texts of glibc in English; anything else is [`LoaderFault::Other`].
    #[must_use]
    pub fn fault(&self) -> LoaderFault {
        let words = self.words.as_str();
        let has = |part: &str| words.contains(part);
        if words.starts_with(NO_PROC) {
            return LoaderFault::NoProc;
        }
        if has("static TLS") {
            return LoaderFault::StaticThreadLocals;
        }
        if let Some((_, symbol)) = words.split_once("undefined symbol: ") {
            let symbol = symbol.split([',', ' ']).next().unwrap_or(symbol);
            let symbol = symbol.to_owned();
            return match self.partial.clone() {
                Some(package) => LoaderFault::NotInPart { symbol, package },
                None => LoaderFault::MissingSymbol(symbol),
            };
        }
        if let Some((library, behind)) = words.split_once(": version `")
            && let Some((version, _)) = behind.split_once("' not found")
        {
            return LoaderFault::OldLibrary { version: version.to_owned(), library: library.to_owned() };
        }
        if has("Too many open files") {
            return LoaderFault::OpenFiles;
        }
        if has("Cannot allocate memory") || has("out of memory") {
            return LoaderFault::Memory;
        }
        if has("CPU ISA level") {
            return LoaderFault::Processor;
        }
        if let Some((library, reason)) = words.split_once(": cannot open shared object file") {
            return match reason {
                _ if reason.contains("Permission denied") => LoaderFault::NotReadable,
                _ if self.lacks_directory => LoaderFault::NoOrigin(library.to_owned()),
                _ => LoaderFault::MissingLibrary(library.to_owned()),
            };
        }
        if has("Operation not permitted") || has("Permission denied") {
            return LoaderFault::NotExecutable;
        }
        LoaderFault::Other
    }
}

impl fmt::Display for LoaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

impl Error for LoaderError {}

impl LoaderFault {
    /// What would have been needed.
    pub(super) fn expected(&self) -> String {
        match self {
            Self::MissingLibrary(library) => format!("the shared library `{library}`"),
            Self::NoOrigin(library) => {
                format!("the shared library `{library}`, which the plugin has looked for in `$ORIGIN`, its own directory")
            }
            Self::OldLibrary { version, library } => format!("`{version}` in {library}"),
            Self::MissingSymbol(symbol) => format!("`{symbol}`, in this program or in a library that the plugin is linked with"),
            Self::NotInPart { symbol, package } => {
                format!("`{symbol}` in the part that this program has of the package `{package}`, by `export = \"api\"`")
            }
            Self::NoProc => {
                "`/proc` with this process's descriptors: a private copy, and a later file at a path, are mapped through those".to_owned()
            }
            Self::StaticThreadLocals => "room for its thread-locals in the static TLS block".to_owned(),
            Self::NotExecutable => "a file that may be mapped executable".to_owned(),
            Self::NotReadable => "that every library it needs can be read".to_owned(),
            Self::Memory => "memory and address space to map it into".to_owned(),
            Self::OpenFiles => "a free file descriptor".to_owned(),
            Self::Processor => "a processor with all instructions that the file was built for".to_owned(),
            Self::Other => "a file that the loader maps and binds".to_owned(),
        }
    }

    /// What helps with the plugin at `path`.
    pub(super) fn help(&self, path: impl fmt::Display) -> String {
        match self {
            Self::MissingLibrary(library) => {
                format!("install `{library}`, or add its directory to LD_LIBRARY_PATH; `ldd {path}` lists what is needed and where it was found")
            }
            Self::NoOrigin(library) => format!(
                "a private copy, and a later file at the path of an open plugin, are in no directory: install `{library}` for the whole system, add its directory to LD_LIBRARY_PATH, link the plugin with an absolute `-rpath`, or open a plugin that nobody changes in place"
            ),
            Self::OldLibrary { .. } => {
                "the plugin was built on a newer system: build it on one as old as the oldest that it is to run on".to_owned()
            }
            Self::MissingSymbol(_) => {
                "build host and plugin together, with `cargo engraft build`; a C library that defines it must be linked by a package of the plugin"
                    .to_owned()
            }
            Self::NotInPart { package, .. } => remedy_for_api(&[package]),
            Self::NoProc => format!(
                "mount this PID namespace's own: `mount -t proc proc /proc`; without it, `engraft::open` still opens {path} in place, once"
            ),
            Self::StaticThreadLocals => format!(
                "reserve more when the program starts: GLIBC_TUNABLES=glibc.rtld.optional_static_tls=16384; `ldd {path}` lists the libraries that may ask for it"
            ),
            Self::NotExecutable => format!(
                "`findmnt -T {path}` tells whether the file system is mounted `noexec`; under SELinux, `ausearch -m avc -ts recent` tells what was denied"
            ),
            Self::NotReadable => format!("`ldd {path}` lists the libraries; make the one that is named readable for this user"),
            Self::Memory => "`ulimit -v` and the container's memory limit tell how much this process may have".to_owned(),
            Self::OpenFiles => "`ulimit -n` tells how many files this process may have open; raise it, or close some".to_owned(),
            Self::Processor => "build the plugin for the machine that it runs on, without `-C target-cpu` of a newer one".to_owned(),
            Self::Other => format!("`LD_DEBUG=files,libs` before the program's command tells each of the loader's steps; `ldd {path}` lists what is needed"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e07_what_the_loaders_words_mean() {
        let library = |name: &str| LoaderFault::MissingLibrary(name.to_owned());
        let symbol = |name: &str| LoaderFault::MissingSymbol(name.to_owned());
        let glibc = LoaderFault::OldLibrary { version: "GLIBC_2.38".into(), library: "/lib/libc.so.6".into() };
        let table = [
            ("libssl.so.3: cannot open shared object file: No such file or directory", library("libssl.so.3")),
            ("libssl.so.3: cannot open shared object file: Permission denied", LoaderFault::NotReadable),
            ("libssl.so.3: cannot open shared object file: Too many open files", LoaderFault::OpenFiles),
            ("no path in /proc leads to this process's descriptors: No such file or directory (os error 2)", LoaderFault::NoProc),
            ("/p/one.so: cannot allocate memory in static TLS block", LoaderFault::StaticThreadLocals),
            ("/p/one.so: failed to map segment from shared object: Operation not permitted", LoaderFault::NotExecutable),
            ("/p/one.so: failed to map segment from shared object: Permission denied", LoaderFault::NotExecutable),
            ("/p/one.so: cannot make segment writable for relocation: Permission denied", LoaderFault::NotExecutable),
            ("/p/one.so: cannot enable executable stack as shared object requires: Permission denied", LoaderFault::NotExecutable),
            ("/p/one.so: failed to map segment from shared object: Cannot allocate memory", LoaderFault::Memory),
            ("/p/one.so: cannot create shared object descriptor: Cannot allocate memory", LoaderFault::Memory),
            ("/p/one.so: undefined symbol: c_value", symbol("c_value")),
            ("/p/one.so: undefined symbol: c_value, version V_2", symbol("c_value")),
            ("/lib/libc.so.6: version `GLIBC_2.38' not found (required by /p/one.so)", glibc),
            ("/p/one.so: CPU ISA level is lower than required", LoaderFault::Processor),
            ("/p/one.so: invalid ELF header", LoaderFault::Other),
            ("", LoaderFault::Other),
        ];
        for (words, expected) in table {
            let error = LoaderError::new(words);
            assert_eq!(error.fault(), expected, "{words}");
            assert_eq!(error.words(), words);
            assert!(!expected.help("/p/one.so").is_empty() && !expected.expected().is_empty());
        }
    }
}
