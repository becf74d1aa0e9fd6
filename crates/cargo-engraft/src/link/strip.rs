//! The files with debug information that stand beside a linked one, and how what `--strip` takes out of it gets into one of them.

use super::{linked_file, note};
use crate::rustc::toolchain::Toolchain;
use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The program that does it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Objcopy {
    program: PathBuf,
    /// Where it finds its own libraries, if the system does not know.
    libraries: Option<PathBuf>,
}

impl Objcopy {
    /// The toolchain's own, or the system's.
    pub fn find(toolchain: &Toolchain) -> Result<Self> {
        Self::among(toolchain, std::env::var_os("PATH").as_deref())
    }

    fn among(toolchain: &Toolchain, path: Option<&OsStr>) -> Result<Self> {
        let program = toolchain.sysroot.join("lib/rustlib").join(&toolchain.host).join("bin/rust-objcopy");
        if program.is_file() {
            // It is made to be started by rustc, which knows where LLVM is.
            return Ok(Self { program, libraries: Some(toolchain.sysroot.join("lib")) });
        }
        let found = std::env::split_paths(path.unwrap_or_default()).map(|directory| directory.join("objcopy")).find(|file| file.is_file());
        match found {
            Some(program) => Ok(Self { program, libraries: None }),
            None => bail!(
                "to strip takes `objcopy`: it is neither in PATH nor, as `rust-objcopy`, in the toolchain {}\n\
                 help: install it, with the system's package binutils",
                toolchain.sysroot.display()
            ),
        }
    }

    /// Makes two new files from `linked`: `debug` with what is only for debuggers and backtraces, and `stripped` with all else and with
    /// a digest of its own.
    ///
    /// What `stripped` refers to is the name and content of `debug`, so it is to be beside that under this name.
    pub fn strip(&self, linked: &Path, debug: &Path, stripped: &Path) -> Result<()> {
        self.split(linked, debug, stripped).with_context(|| format!("failed to strip {}", linked.display()))?;
        // Programs that don't use Engraft have no digest.
        if linked_file::read(linked)?.is_ok() {
            note::seal(stripped)?;
        }
        Ok(())
    }

    fn split(&self, linked: &Path, debug: &Path, stripped: &Path) -> Result<()> {
        self.run([OsStr::new("--only-keep-debug"), linked.as_os_str(), debug.as_os_str()])?;
        let mut reference = OsString::from("--add-gnu-debuglink=");
        reference.push(debug);
        self.run([OsStr::new("--strip-all"), &reference, linked.as_os_str(), stripped.as_os_str()])
    }

    fn run<const N: usize>(&self, arguments: [&OsStr; N]) -> Result<()> {
        const LIBRARIES: &str = "LD_LIBRARY_PATH";
        let mut command = Command::new(&self.program);
        command.args(arguments);
        if let Some(libraries) = &self.libraries {
            let others = std::env::var_os(LIBRARIES).unwrap_or_default();
            let directories = std::iter::once(libraries.clone()).chain(std::env::split_paths(&others));
            command.env(LIBRARIES, std::env::join_paths(directories)?);
        }
        let output = command.output().with_context(|| format!("failed to run {}", self.program.display()))?;
        if !output.status.success() {
            bail!("{command:?} failed: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr).trim_end());
        }
        Ok(())
    }
}

/// Where the debug information of a file stands when that is stripped: `filter.so.debug` beside `filter.so`.
pub fn debug_file(file: &Path) -> PathBuf {
    with_suffix(file, ".debug")
}

/// Where rustc puts, and debuggers look for, what `split-debuginfo = "packed"` keeps out of a file: `filter.so.dwp` beside `filter.so`.
pub fn dwarf_package(file: &Path) -> PathBuf {
    with_suffix(file, ".dwp")
}

fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use object::{Object, ObjectSection};

    fn toolchain(sysroot: &Path) -> Toolchain {
        let text = String::new;
        Toolchain { version: text(), release: text(), commit: text(), host: "h".to_owned(), sysroot: sysroot.to_owned() }
    }

    #[test]
    fn the_toolchains_own_goes_before_the_systems() {
        let directory = tempfile::tempdir().unwrap();
        let file = |path: &str| {
            let path = directory.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, "").unwrap();
            path
        };
        let toolchain = toolchain(directory.path());
        let path = std::env::join_paths([directory.path().join("a"), directory.path().join("b")]).unwrap();
        let among = |path: Option<&OsStr>| Objcopy::among(&toolchain, path).map_err(|error| error.to_string());
        for none in [None, Some(&*path)] {
            assert!(among(none).unwrap_err().contains("\nhelp: install it"));
        }
        let program = file("b/objcopy");
        assert_eq!(among(Some(&path)), Ok(Objcopy { program, libraries: None }));
        let program = file("lib/rustlib/h/bin/rust-objcopy");
        assert_eq!(among(Some(&path)), Ok(Objcopy { program, libraries: Some(directory.path().join("lib")) }));
    }

    /// On this very program, by both that there are.
    #[test]
    fn a_program_is_split_and_still_runs() {
        let systems = Objcopy::among(&toolchain(Path::new("/nowhere")), std::env::var_os("PATH").as_deref()).unwrap();
        let own = Objcopy::find(&Toolchain::ask(Path::new("rustc")).unwrap()).unwrap();
        for objcopy in [systems, own] {
            let directory = tempfile::tempdir().unwrap();
            let (debug, stripped) = (directory.path().join("p.debug"), directory.path().join("p"));
            objcopy.split(&std::env::current_exe().unwrap(), &debug, &stripped).unwrap();
            let sections = |path: &Path| {
                let bytes = std::fs::read(path).unwrap();
                let file = object::File::parse(&*bytes).unwrap();
                let link = file.gnu_debuglink().unwrap().map(|(name, _)| name.to_owned());
                let names = file.sections().filter(|section| section.size() > 0).map(|section| section.name().unwrap().to_owned());
                (names.collect::<Vec<String>>(), link)
            };
            let has = |names: &[String], name: &str| names.iter().any(|known| known == name);
            let (names, link) = sections(&stripped);
            assert_eq!(link.as_deref(), Some(&b"p.debug"[..]));
            assert!(has(&names, ".dynsym") && !has(&names, ".symtab") && !has(&names, ".debug_info"), "{names:?}");
            let (names, link) = sections(&debug);
            assert_eq!(link, None);
            assert!(has(&names, ".symtab") && has(&names, ".debug_info"), "{names:?}");
            let listed = Command::new(&stripped).arg("--list").output().unwrap();
            assert!(listed.status.success() && String::from_utf8_lossy(&listed.stdout).contains("a_program_is_split"), "{listed:?}");
        }
    }

    #[test]
    fn the_programs_own_words_are_told() {
        let objcopy = Objcopy::find(&Toolchain::ask(Path::new("rustc")).unwrap()).unwrap();
        let directory = tempfile::tempdir().unwrap();
        let absent = directory.path().join("absent");
        let error = objcopy.split(&absent, &directory.path().join("d"), &directory.path().join("s")).unwrap_err().to_string();
        assert!(
            error.contains("objcopy") && error.contains("failed: exit status: ") && error.contains(&*absent.to_string_lossy()),
            "{error}"
        );
    }
}
