//! Starts other programs in a fixed environment. Errors show the command.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::{Context, Result, bail};

/// The variables that cargo sets for programs that it runs, and those that change output directories.
const NOT_PASSED_ON: [&str; 6] =
    ["LD_LIBRARY_PATH", "CARGO_TARGET_DIR", "CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH", "RUSTFLAGS", "RUSTC_WRAPPER"];

/// A program and its environment.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    /// Path of the program.
    pub(crate) path: PathBuf,
    /// The variables that it needs.
    pub(crate) environment: Vec<(&'static str, OsString)>,
}

impl Program {
    /// A program that needs no variables.
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path, environment: Vec::new() }
    }

    /// Returns a command that starts it.
    pub(crate) fn command<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Command {
        let mut command = command(&self.path);
        command.envs(self.environment.iter().map(|(name, value)| (name, value))).args(arguments);
        command
    }
}

/// Returns a command that starts the program at `path`, or the one with that name in the search path.
pub(crate) fn command(path: &Path) -> Command {
    let mut command = Command::new(path);
    for name in NOT_PASSED_ON {
        command.env_remove(name);
    }
    command.stdin(Stdio::null());
    command
}

/// Runs `command` and returns its stdout. Fails unless the exit code is 0; the error has the end of its stderr.
pub(crate) fn stdout_of(command: &mut Command) -> Result<String> {
    let shown = show(command);
    let Output { status, stdout, stderr } = command.output().with_context(|| format!("failed to start `{shown}`"))?;
    if !status.success() {
        bail!("`{shown}` failed with {status}: {}", ending(&String::from_utf8_lossy(&stderr)));
    }
    String::from_utf8(stdout).with_context(|| format!("`{shown}` wrote to stdout what is not UTF-8"))
}

/// Returns the numbers in the lines that start with `word`, in order.
pub(crate) fn numbers(text: &str, word: &str) -> Result<Vec<f64>> {
    values(text, word).map(|value| value.parse().with_context(|| format!("expected a number after `{word}`, found `{value}`"))).collect()
}

/// Returns the number in the only line that starts with `word`.
pub(crate) fn number(text: &str, word: &str) -> Result<f64> {
    match *numbers(text, word)? {
        [number] => Ok(number),
        _ => bail!("expected one line with `{word}`, found `{}`", text.trim()),
    }
}

/// Returns the text after `word` in the lines that start with it.
pub(crate) fn values<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = &'a str> {
    text.lines().filter_map(move |line| line.strip_prefix(word)?.strip_prefix(' '))
}

/// The last non-empty lines.
fn ending(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines[lines.len().saturating_sub(4)..].join(" / ")
}

fn show(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let words = std::iter::once(program.file_name().unwrap_or(program.as_os_str())).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_from_lines() -> Result<()> {
        let text = "open 12\nopened 13\nopen 14\nown 1.5\nanswer 200 10\n";
        assert_eq!(numbers(text, "open")?, [12.0, 14.0]);
        assert_eq!(number(text, "own")?, 1.5);
        assert_eq!(values(text, "answer").collect::<Vec<_>>(), ["200 10"]);
        for (word, told) in [("open", "expected one line"), ("call", "expected one line"), ("answer", "expected a number")] {
            let error = number(text, word).expect_err(word).to_string();
            assert!(error.starts_with(told), "{error}");
        }
        Ok(())
    }

    #[test]
    fn error_shows_command_and_end_of_stderr() {
        let error = stdout_of(command(Path::new("sh")).args(["-c", "echo well >&2; exit 3"])).expect_err("it fails");
        assert_eq!(error.to_string(), "`sh -c echo well >&2; exit 3` failed with exit status: 3: well");
        assert_eq!(ending("a\n\nb\nc\nd\ne\n"), "b / c / d / e");
    }
}
