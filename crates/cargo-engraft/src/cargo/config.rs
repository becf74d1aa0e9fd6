//! Reads the few settings of `.cargo/config.toml` that Engraft must know, because it takes their place in the environment.
//!
//! cargo looks in the directories from the current one upwards and then in its home; the nearest wins
//! (<https://doc.rust-lang.org/cargo/reference/config.html>). `cargo config get` would tell, but is unstable.

use anyhow::{Context, Result};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// cargo's configuration files, nearest first.
#[derive(Debug, Default)]
pub struct Config {
    files: Vec<(PathBuf, toml::Table)>,
}

impl Config {
    /// Reads all files that hold for a directory.
    pub fn read(directory: &Path, cargo_home: &Path) -> Result<Self> {
        let candidates = directory.ancestors().map(|dir| dir.join(".cargo")).chain([cargo_home.to_owned()]);
        let mut config = Self::default();
        for directory in candidates {
            let Some(path) = file_in(&directory) else { continue };
            if config.files.iter().any(|(known, _)| *known == path) {
                continue;
            }
            let text = std::fs::read_to_string(&path).with_context(|| format!("failed to read {}", path.display()))?;
            let table = text.parse().with_context(|| format!("failed to understand {}", path.display()))?;
            config.files.push((path, table));
        }
        Ok(config)
    }

    /// The nearest value under a path of keys.
    pub fn get(&self, keys: &[&str]) -> Option<&toml::Value> {
        self.find(keys).map(|(_, value)| value)
    }

    /// The nearest text under a path of keys that names a program: a path in it is relative to the directory that holds `.cargo`.
    pub fn program(&self, keys: &[&str]) -> Option<PathBuf> {
        let (file, value) = self.find(keys)?;
        program_in(file, value)
    }

    /// The nearest command under a path of keys: the program and its arguments, as a list or as words with spaces between them.
    pub fn command(&self, keys: &[&str], is_wanted: impl Fn(&Path) -> bool) -> Option<Vec<OsString>> {
        self.all(keys).find_map(|(file, value)| {
            let words: Vec<&str> = match value {
                toml::Value::Array(words) => words.iter().map(toml::Value::as_str).collect::<Option<_>>()?,
                text => text.as_str()?.split_whitespace().collect(),
            };
            let (program, arguments) = words.split_first()?;
            let program = program_in(file, &toml::Value::from(*program))?;
            is_wanted(&program).then(|| [program.into_os_string()].into_iter().chain(arguments.iter().map(OsString::from)).collect())
        })
    }

    /// All of them, nearest first.
    pub fn programs(&self, keys: &[&str]) -> impl Iterator<Item = PathBuf> {
        self.all(keys).filter_map(|(file, value)| program_in(file, value))
    }

    /// The values under a path of keys, nearest first, each with the file that it stands in.
    pub fn all<'c>(&'c self, keys: &[&str]) -> impl Iterator<Item = (&'c Path, &'c toml::Value)> {
        self.files.iter().filter_map(move |(file, root)| {
            let (last, tables) = keys.split_last()?;
            let table = tables.iter().try_fold(root, |table, key| table.get(*key)?.as_table())?;
            Some((file.as_path(), table.get(*last)?))
        })
    }

    fn find(&self, keys: &[&str]) -> Option<(&Path, &toml::Value)> {
        self.all(keys).next()
    }

    /// Made up for a test.
    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Self {
        Self { files: files.iter().map(|(path, text)| (path.into(), text.parse().unwrap())).collect() }
    }
}

fn program_in(file: &Path, value: &toml::Value) -> Option<PathBuf> {
    let program = value.as_str().filter(|program| !program.is_empty())?;
    let base = file.parent().and_then(Path::parent).unwrap_or(Path::new("."));
    Some(if program.contains('/') { base.join(program) } else { program.into() })
}

/// The configuration file in a directory `.cargo`. Two may be there; cargo takes the one without extension.
pub fn file_in(directory: &Path) -> Option<PathBuf> {
    ["config", "config.toml"].map(|name| directory.join(name)).into_iter().find(|path| path.is_file())
}

/// cargo's own directory.
pub fn cargo_home() -> Result<PathBuf> {
    if let Some(home) = std::env::var_os("CARGO_HOME") {
        return Ok(std::path::absolute(home)?);
    }
    let home = std::env::home_dir().context("failed to find the home directory, in which cargo keeps its own")?;
    Ok(home.join(".cargo"))
}

/// The wrapper around rustc that the user has configured, such as sccache; the environment goes before the files.
#[must_use]
pub fn rustc_wrapper(config: &Config, variable: impl Fn(&str) -> Option<String>) -> Option<PathBuf> {
    for name in ["RUSTC_WRAPPER", "CARGO_BUILD_RUSTC_WRAPPER"] {
        if let Some(value) = variable(name) {
            // Set and empty means: none, whatever the files say.
            return Some(PathBuf::from(value)).filter(|path| !path.as_os_str().is_empty());
        }
    }
    config.program(&["build", "rustc-wrapper"])
}

/// The target that is built for when the command line names none.
#[must_use]
pub fn default_target(config: &Config, variable: impl Fn(&str) -> Option<String>) -> Option<String> {
    let in_file = || match config.get(&["build", "target"])? {
        // Of several, those that Engraft can't link for would be refused by the wrapper.
        toml::Value::Array(targets) => targets.first()?.as_str(),
        target => target.as_str(),
    };
    variable("CARGO_BUILD_TARGET").or_else(|| in_file().map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_file_wins() {
        let config =
            Config::of(&[("/w/a/.cargo/config.toml", "[build]\njobs = 1"), ("/w/.cargo/config.toml", "[build]\njobs = 2\ntarget = 't'")]);
        assert_eq!(config.get(&["build", "jobs"]).and_then(toml::Value::as_integer), Some(1));
        assert_eq!(default_target(&config, |_| None).as_deref(), Some("t"));
        assert_eq!(default_target(&config, |_| Some("env".into())).as_deref(), Some("env"));
    }

    #[test]
    fn a_wrapper_is_found_where_cargo_finds_it() {
        let by_name = Config::of(&[("/w/.cargo/config.toml", "[build]\nrustc-wrapper = 'sccache'")]);
        let by_path = Config::of(&[("/w/.cargo/config.toml", "[build]\nrustc-wrapper = 'tools/wrap'")]);
        assert_eq!(rustc_wrapper(&by_name, |_| None), Some("sccache".into()));
        assert_eq!(rustc_wrapper(&by_path, |_| None), Some("/w/tools/wrap".into()));
        assert_eq!(rustc_wrapper(&by_name, |name| (name == "RUSTC_WRAPPER").then(|| "other".into())), Some("other".into()));
        assert_eq!(rustc_wrapper(&by_name, |name| (name == "RUSTC_WRAPPER").then(String::new)), None);
    }
}
