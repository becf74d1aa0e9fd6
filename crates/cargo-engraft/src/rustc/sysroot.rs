//! A sysroot without the standard library's sources, for compilers that have them (the component `rust-src`).
//!
//! With these sources rustc writes other debug information, and for crates that use macros of the standard library other metadata: it takes
//! positions from within the sources. `--remap-path-prefix` makes only the names equal. So each unit is compiled as if the
//! component were not installed.

use super::session::Session;
use super::toolchain::{self, Toolchain};
use crate::place;
use anyhow::{Context, Result};
use std::io::ErrorKind;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

/// Where a sysroot has the sources. rustc looks for them nowhere else.
const SOURCES: &str = "lib/rustlib/src";
/// The file by which rustc knows that they are there.
const PROOF: &str = "rust/library/std/src/lib.rs";

/// The sysroots of one build, each named after the compiler that it is for.
fn directory(session: &Session) -> PathBuf {
    session.own_dir.join("sysroots")
}

/// Forgets the sysroots of the build before: components and targets may have been installed since.
pub fn forget(session: &Session) -> Result<()> {
    let directory = directory(session);
    match std::fs::remove_dir_all(&directory) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("failed to remove {}", directory.display()))
        }
        _ => Ok(()),
    }
}

/// The argument that hides the sources from a compiler; none if it has no sources.
pub fn argument(session: &Session, compiler: &Path) -> Result<Option<String>> {
    Ok(hidden(session, compiler)?.map(|sysroot| format!("--sysroot={}", sysroot.display())))
}

/// A compiler, with the sysroot that it is called with.
pub fn toolchain(session: &Session, compiler: &Path) -> Result<Toolchain> {
    let toolchain = Toolchain::ask(compiler)?;
    Ok(match hidden(session, compiler)? {
        Some(sysroot) => Toolchain { sysroot, ..toolchain },
        None => toolchain,
    })
}

/// A sysroot of links to all that a compiler's own one has but the sources; none if it has no sources.
fn hidden(session: &Session, compiler: &Path) -> Result<Option<PathBuf>> {
    let digest = blake3::hash(compiler.as_os_str().as_encoded_bytes()).to_hex();
    let made = directory(session).join(&digest[..16]);
    if !made.exists() {
        make(&toolchain::sysroot(compiler)?, &made)?;
    }
    Ok(made.join("lib").exists().then_some(made))
}

/// Where the sources are that are hidden.
pub fn sources(session: &Session, compiler: &Path) -> Option<PathBuf> {
    hidden(session, compiler).ok()??;
    Some(toolchain::sysroot(compiler).ok()?.join(SOURCES).join("rust"))
}

/// Makes the sysroot at `made`, or an empty directory where there is nothing to hide. Several wrappers may do so at once.
fn make(real: &Path, made: &Path) -> Result<()> {
    let fill = || -> Result<()> {
        let parent = made.parent().unwrap_or(made);
        std::fs::create_dir_all(parent)?;
        let scratch = place::scratch(parent)?;
        let filled = scratch.path().join("sysroot");
        std::fs::create_dir(&filled)?;
        if real.join(SOURCES).join(PROOF).is_file() {
            link_all(real, &filled, Path::new(SOURCES))?;
        }
        match std::fs::rename(&filled, made) {
            Err(_) if made.is_dir() => Ok(()),
            renamed => Ok(renamed?),
        }
    };
    fill().with_context(|| format!("failed to make a copy of the sysroot {} at {}", real.display(), made.display()))
}

/// Links everything in one directory from another, but for what is at a path below it.
fn link_all(from: &Path, to: &Path, without: &Path) -> Result<()> {
    let mut parts = without.components();
    let hidden = parts.next();
    for entry in std::fs::read_dir(from)? {
        let name = entry?.file_name();
        let (from, to) = (from.join(&name), to.join(&name));
        if hidden.is_none_or(|hidden| hidden.as_os_str() != name) {
            symlink(from, to)?;
        } else if !parts.as_path().as_os_str().is_empty() {
            std::fs::create_dir(&to)?;
            link_all(&from, &to, parts.as_path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_but_the_sources_is_linked() {
        let root = tempfile::tempdir().unwrap();
        let (real, made) = (root.path().join("real"), root.path().join("made/x"));
        for file in
            ["bin/rustc", "lib/rustlib/target/lib/libstd.rlib", "lib/librustc_driver.so", "lib/rustlib/src/rust/library/std/src/lib.rs"]
        {
            let path = real.join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        make(&real, &made).unwrap();
        make(&real, &made).unwrap();
        for file in ["bin/rustc", "lib/rustlib/target/lib/libstd.rlib", "lib/librustc_driver.so"] {
            assert!(made.join(file).is_file(), "{file}");
        }
        assert!(!made.join(SOURCES).exists());
        assert_eq!(std::fs::read_dir(root.path().join("made")).unwrap().count(), 1);
    }
}
