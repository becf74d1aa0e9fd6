//! Starting other programs: from the repository's root, without stdin, with errors that show the command.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::{Context, Result, bail, ensure};

use crate::repository;

/// The cargo that started this program, to be run in the repository's root.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(cargo_path());
    command.current_dir(repository::root());
    forget_cargo_run(&mut command);
    command
}

/// Runs `command`, whose output goes where ours goes, and expects exit code 0.
pub(crate) fn check(command: &mut Command) -> Result<()> {
    let shown = show(command);
    let status = command.stdin(Stdio::null()).status().with_context(|| format!("failed to start `{shown}`"))?;
    ensure!(status.success(), "`{shown}` failed with {status}");
    Ok(())
}

/// Runs `command`, expects exit code 0 and returns its stdout; its stderr goes where ours goes.
pub(crate) fn stdout_of(command: &mut Command) -> Result<String> {
    let shown = show(command);
    let Output { status, stdout, .. } =
        command.stdin(Stdio::null()).stderr(Stdio::inherit()).output().with_context(|| format!("failed to start `{shown}`"))?;
    let stdout = String::from_utf8(stdout).with_context(|| format!("`{shown}` wrote to stdout what is not UTF-8"))?;
    if !status.success() {
        // What a failed program wrote is the best hint at why; the error itself stays one line.
        eprint!("{stdout}");
        bail!("`{shown}` failed with {status}");
    }
    Ok(stdout)
}

/// Takes back what `cargo run` set for this program, so that the child's environment is a user's.
///
/// The library path matters most: it names the toolchain's `libstd.so`, and a host that wrongly
/// needs that file would start here and nowhere else.
pub(crate) fn forget_cargo_run(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(is_about_this_package) {
            command.env_remove(name);
        }
    }
    let Some(paths) = std::env::var_os("LD_LIBRARY_PATH") else {
        return;
    };
    match without(&paths, &cargos_own_directories()) {
        Some(paths) => command.env("LD_LIBRARY_PATH", paths),
        None => command.env_remove("LD_LIBRARY_PATH"),
    };
}

fn cargo_path() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

fn is_about_this_package(variable: &str) -> bool {
    variable.starts_with("CARGO_PKG_") || variable.starts_with("CARGO_MANIFEST_")
}

/// The toolchain (two above `bin/cargo`) and the directory that this program was built into.
fn cargos_own_directories() -> Vec<PathBuf> {
    let cargo = PathBuf::from(cargo_path());
    let toolchain = cargo.parent().and_then(Path::parent);
    let program = std::env::current_exe().ok();
    let output = program.as_deref().and_then(Path::parent);
    [toolchain, output].into_iter().flatten().filter(|directory| directory.is_absolute()).map(Path::to_owned).collect()
}

/// The entries of a search path that are not in one of `directories`; `None` when none is left.
fn without(paths: &OsString, directories: &[PathBuf]) -> Option<OsString> {
    let left: Vec<PathBuf> = std::env::split_paths(paths).filter(|path| !directories.iter().any(|own| path.starts_with(own))).collect();
    // Joining what was split can't fail: no entry contains the separator.
    (!left.is_empty()).then(|| std::env::join_paths(left).unwrap_or_default())
}

fn show(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str());
    let words = std::iter::once(name).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_one_would_type_it() {
        let mut command = Command::new("/toolchain/bin/cargo");
        command.args(["fmt", "--all"]);
        assert_eq!(show(&command), "cargo fmt --all");
    }

    #[test]
    fn cargos_own_entries_leave_the_library_path() {
        let own = [PathBuf::from("/toolchain"), PathBuf::from("/target/debug")];
        let left = |paths: &str| without(&paths.into(), &own);
        assert_eq!(left("/target/debug/deps:/toolchain/lib"), None);
        assert_eq!(left("/toolchain/lib:/opt/lib"), Some("/opt/lib".into()));
    }

    #[test]
    fn only_this_packages_variables_are_forgotten() {
        assert!(is_about_this_package("CARGO_PKG_NAME"));
        assert!(is_about_this_package("CARGO_MANIFEST_DIR"));
        assert!(!is_about_this_package("CARGO_HOME"));
        assert!(!is_about_this_package("CARGO_TARGET_DIR"));
    }
}
