//! What an [`OpenError`] says to people.

use super::report::{Report, WithCauses};
use super::{LoaderError, LoaderFault, OpenError};
use crate::sys;
use engraft_manifest::Damage;
use std::fmt;
use std::io::{self, ErrorKind};
use std::path::Path;

impl fmt::Debug for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = self.code();
        match self {
            Self::UnsupportedPlatform { os, arch } => Report::new(f, code, "plugins can't be opened on this platform yet")
                .fact("expected", "Linux with glibc on x86_64")
                .fact("found", format_args!("{os} on {arch}, or another C library"))
                .help("link the plugin's crate into the program instead, as an ordinary dependency"),
            Self::HostNotLinked { library: Some(library), .. } => {
                Report::new(f, code, "this is not the program's copy of `engraft`, so it can't open plugins")
                    .fact("expected", "a call of `open` in the program that `cargo engraft` linked, or in one of its plugins")
                    .fact("found", format_args!("another copy of `engraft`, in the shared library {}", library.display()))
                    .help("make the library a plugin (`plugin = true` under [package.metadata.engraft]): plugins use the program's copy; or open plugins in the program, and pass the library what it needs of them")
            }
            Self::HostNotLinked { program, library: None } => {
                let report = Report::new(f, code, "this program was not linked by Engraft, so it has nothing that a plugin could borrow")
                    .fact("expected", "a manifest that `cargo engraft` put into the program");
                let report = match program {
                    Some(program) => report.fact("found", format_args!("none in {}", program.display())),
                    None => report.fact("found", "none"),
                };
                // What Engraft has built stands there, and was linked by others only if it does not use the library.
                if program.iter().flat_map(|program| program.components()).any(|part| part.as_os_str() == "engraft") {
                    report.help("none of its code names `engraft`, so that rustc left that out: add `use engraft as _;` to the host's main.rs")
                } else {
                    report.help("run `cargo engraft init` in its workspace once, and build it again with `cargo build`, `run` or `test`")
                }
            }
            Self::NotFound { path, tried, .. } if tried.is_empty() && sys::is_privileged() => {
                Report::new(f, code, format_args!("there is no plugin `{}`", path.display()))
                    .fact("expected", "a path with a `/`: this program has more rights than whoever started it (setuid, setgid, capabilities)")
                    .fact("found", "a bare name; whoever starts the program could choose the directories in which it would be looked for")
                    .help("open plugins by absolute paths, in directories that only those can write to whose rights the program has")
            }
            Self::NotFound { path, tried, working_directory, unknown_program } => {
                let report = Report::new(f, code, format_args!("there is no plugin `{}`", path.display()))
                    .facts("tried", tried.iter().map(|path| path.display()))
                    .fact("expected", if tried.is_empty() { "a plugin's file" } else { "a plugin's file at one of these paths" })
                    .fact("found", "none");
                let report = match working_directory {
                    Some(directory) => report.fact("working directory", directory.display()),
                    None => report.fact("working directory", "not known"),
                };
                match unknown_program {
                    Some(error) => report
                        .fact("not tried", format_args!("`plugins/` beside the program, whose path is not known: {}", WithCauses(error)))
                        .help("mount /proc, or name the plugin's directory: `ENGRAFT_PLUGIN_PATH=/directory`, or its absolute path in the call of `open`"),
                    None => report.help(not_found(path)),
                }
            }
            Self::Unreadable { path, source } => Report::new(f, code, format_args!("the plugin {} can't be read", path.display()))
                .fact("expected", "a file that this user may read")
                .fact("found", WithCauses(source))
                .help(unreadable(path, source)),
            Self::NotAPlugin { path, found } => Report::new(f, code, format_args!("{} is not an Engraft plugin", path.display()))
                .fact("expected", "a shared object linked by `cargo engraft build`")
                .fact("found", found)
                .help(found.help()),
            Self::Altered { path, damage } => {
                Report::new(f, code, format_args!("the plugin {} is not what Engraft's linker made", path.display()))
                    .fact("expected", "a complete file, in which every byte is as it was linked")
                    .fact("found", damage)
                    .help(altered(*damage))
            }
            Self::Unsigned { path, signature } => Report::new(f, code, format_args!("nobody has signed the plugin {}", path.display()))
                .fact("expected", format_args!("a signature at {}", signature.display()))
                .fact("found", "none")
                .help(format_args!("whoever has a key that this program trusts signs it with `cargo engraft sign {}`", path.display())),
            Self::UnknownKey { path, key, trusted } => {
                let report = Report::new(f, code, format_args!("the plugin {} is signed by a key that is not trusted", path.display()));
                let report = match &trusted[..] {
                    [] => report.fact("expected", "a key that this program trusts; it trusts none"),
                    trusted => report.facts("expected", trusted.iter().map(|key| format!("a signature by the key {key}"))),
                };
                report
                    .fact("found", format_args!("one by the key {key}"))
                    .help("have it signed by a key that is trusted; or, if you know that key to be its author's, give it to `Keyring::trust`")
            }
            Self::BadSignature { path, signature, fault } => {
                Report::new(f, code, format_args!("the signature of the plugin {} does not hold", path.display()))
                    .fact("expected", "a signature that a trusted key made for this very file")
                    .fact("found", format_args!("in {}, {fault}", signature.display()))
                    .help(format_args!(
                        "a plugin that was built again is signed again: `cargo engraft sign {}`; otherwise somebody may have put the file there",
                        path.display()
                    ))
            }
            Self::NotCopied { path, source } => {
                Report::new(f, code, format_args!("the plugin {} can't be copied into memory", path.display()))
                    .fact("expected", "memory for the file's size, and that it may be executed (`memfd_create`)")
                    .fact("found", WithCauses(source))
                    .help("`ulimit -n` and the container's memory limit tell what this process may have; `sysctl vm.memfd_noexec` whether copies may be executed")
            }
            Self::RustLibrary { path, library } => {
                Report::new(f, code, format_args!("the plugin {} needs a Rust shared object", path.display()))
                    .fact("expected", "only C libraries: packages in a Rust shared object are in no manifest, so nothing proves that they fit")
                    .fact("found", library.display())
                    .help("remove `crate-type = [\"dylib\"]` and `-C prefer-dynamic` where that library is built, and rebuild it; C code gets a Rust library with `crate-type = [\"cdylib\"]`")
            }
            Self::OtherLibraries { path, libraries } => {
                Report::new(f, code, format_args!("the plugin {} needs libraries that nobody has signed", path.display()))
                    .fact("expected", "only shared libraries that this program has loaded already: its keyring refuses others")
                    .facts("found", libraries.iter().map(|library| format!("`{library}`, which is not loaded")))
                    .help("link them into the plugin statically, or into this program; or have the keyring let them be loaded: `refuse_other_libraries(false)`")
            }
            Self::Forked { path, package } => {
                let report = Report::new(f, code, format_args!("the plugin {} can't be opened in this forked process", path.display()));
                let report = report.fact("expected", "a process that was forked when no other thread was opening a plugin");
                match package {
                    Some(package) => report.fact("found", format_args!("the package `{package}`, which a thread of the parent process was initializing")),
                    None => report.fact("found", "a plugin that a thread of the parent process was opening; that thread does not exist here"),
                }
                .help("fork before plugins are opened or when that is done, or start a new program with `std::process::Command`")
            }
            Self::Manifest { path, source } => {
                Report::new(f, code, format_args!("the manifest of the plugin {} can't be understood", path.display()))
                    .fact("expected", "the record that Engraft's linker wrote into the file")
                    .fact("found", source)
                    .help("the file was altered after it was linked: build it again with `cargo engraft build`")
            }
            Self::Toolchain { path, expected, found } => {
                Report::new(f, code, format_args!("the plugin {} was built by another compiler", path.display()))
                    .fact("expected", format_args!("{expected} (this program's)"))
                    .fact("found", format_args!("{found} (the plugin's)"))
                    .help("build both with one toolchain, which a `rust-toolchain.toml` in the workspace pins: `cargo engraft build`")
            }
            Self::CpuFeatures { path, missing } => {
                Report::new(f, code, format_args!("the plugin {} was compiled for another kind of CPU", path.display()))
                    .fact("expected", "a plugin that needs only CPU features that this machine has")
                    .fact("found", format_args!("one that needs {}", missing.join(", ")))
                    .help("build host and plugin without `-C target-cpu` and `-C target-feature`, or for the least CPU that they run on (`-C target-cpu=x86-64-v2`)")
            }
            Self::Incompatible { path, differences } => {
                let sum = engraft_manifest::report(differences);
                Report::new(f, code, format_args!("the plugin {} does not fit this program", path.display()))
                    .fact("expected", "packages that are this program's own, down to the last source line and compiler flag")
                    .facts("found", &sum.groups)
                    .help(sum.remedies.join("\nhelp: "))
            }
            Self::Rewritten { path, opened_as } => {
                Report::new(f, code, format_args!("the file {} was written anew in place, under a running program", path.display()))
                    .fact("expected", "a new file: opened plugins can't be trusted any more when theirs are written to")
                    .fact("found", format_args!("new content in the very file that is open as {}", opened_as.display()))
                    .help(
                        "replace plugins by renaming a new file over the old one, as `cargo engraft build` does, and restart this program",
                    )
            }
            Self::Recursive { path, package } => {
                let report = Report::new(f, code, format_args!("the plugin {} can't be opened from its own beginnings", path.display()));
                match package {
                    None => report
                        .fact("expected", "a plugin that is not being opened on this very thread")
                        .fact("found", "a call of `open` for it while it is opened, from its constructor or initialiser")
                        .help("open it from an exported function instead"),
                    Some(package) => report
                        .fact("expected", format_args!("the package `{package}` ready, which the plugin needs"))
                        .fact("found", "that package being mapped or initialised on this very thread, by what opens the plugin")
                        .help("open plugins from `main` or an exported function, not from a constructor or initialiser of a package that they need"),
                }
            }
            Self::WaitCycle { path, package } => {
                let report = Report::new(f, code, format_args!("the plugin {} can't be opened now", path.display()));
                let report = match package {
                    Some(package) => report
                        .fact("expected", format_args!("the package `{package}` ready, which the plugin needs"))
                        .fact("found", "another thread that initialises it, and that this one can't wait for: it waits for this one, or this one runs a constructor"),
                    None => report
                        .fact("expected", "a plugin that nobody is opening, or a thread that ends doing so")
                        .fact("found", "another thread that is opening it, and that this one can't wait for: it waits for this one, or this one runs a constructor"),
                };
                report.help("open it again later, or open plugins from `main` or an exported function instead of from constructors and initialisers")
            }
            Self::InitFailed { path, package, location, cause } => {
                let report = match path {
                    Some(path) => Report::new(f, code, format_args!("the plugin {} was not opened: an initialiser failed", path.display())),
                    None => Report::new(f, code, "this program could not start: an initialiser failed"),
                };
                report
                    .fact("initialiser", format_args!("of `{package}`, at {location}"))
                    .fact("expected", "that it returns, with `()` or `Ok(())`")
                    .fact("found", cause)
                    .help("mend the cause and start the program again: initialisers run once in a process")
            }
            Self::Map { path, source } => {
                let fault = source.fault();
                Report::new(f, code, format_args!("the system's loader could not map the plugin {}", path.display()))
                    .fact("expected", fault.expected())
                    .fact("found", source)
                    .help(fault.help(path.display()))
            }
        }
    }
}

/// What helps when there is no such file.
fn not_found(asked: &Path) -> &'static str {
    if asked.is_relative() && asked.components().count() > 1 {
        "relative paths start at the working directory; a bare name is searched for in `plugins/` beside the program, and beside it, where cargo puts `libNAME.so`"
    } else {
        "`cargo build` puts `libNAME.so` beside the program, and `cargo engraft build` puts plugins into `plugins/` beside it"
    }
}

/// What helps when a file is not what it was.
fn altered(damage: Damage) -> &'static str {
    match damage {
        Damage::Shortened { .. } | Damage::Lengthened { .. } => {
            "strip with `cargo engraft build --strip`, or the profile's `strip`, which do it before the digest is computed; or copy the file again"
        }
        Damage::Unsealed => "build it again with `cargo engraft build`",
        _ => "copy it again from where it was built, or build it again with `cargo engraft build`",
    }
}

/// What helps when a file is there and can't be read.
pub(super) fn unreadable(path: &Path, error: &io::Error) -> String {
    let path = path.display();
    match error.kind() {
        ErrorKind::PermissionDenied => {
            format!("make the file and the directories above it readable for this user: `namei -l {path}` shows them")
        }
        ErrorKind::NotADirectory => format!("a directory of the path is a file: `namei -l {path}` shows which"),
        ErrorKind::UnexpectedEof => {
            "the file became shorter while it was read: replace plugins by renaming a new file over the old one".to_owned()
        }
        // The system has the same words for these everywhere.
        _ => match LoaderError::new(error.to_string()).fault() {
            fault @ (LoaderFault::OpenFiles | LoaderFault::Memory) => fault.help(path),
            _ => format!("`namei -l {path}` shows every part of the path, and links along it"),
        },
    }
}
