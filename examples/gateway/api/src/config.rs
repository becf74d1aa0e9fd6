//! A stage's part of the configuration file, and errors that point into that file.

use std::error::Error;
use std::fmt::{self, Display, Formatter};
use std::path::{Path, PathBuf};

/// The lines of one stage's section.
#[derive(Clone, Debug)]
pub struct Config {
    stage: String,
    file: PathBuf,
    settings: Vec<Setting>,
}

/// One `key = value` line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// What stands before the `=`.
    pub key: String,
    /// What stands behind it, without the white space around it.
    pub value: String,
    /// The line's number, from 1.
    pub line: usize,
}

impl Config {
    /// The section `[stage]` of `file`.
    #[must_use]
    pub fn new(stage: impl Into<String>, file: impl Into<PathBuf>, settings: Vec<Setting>) -> Self {
        Self { stage: stage.into(), file: file.into(), settings }
    }

    /// The stage whose section this is.
    #[must_use]
    pub fn stage(&self) -> &str {
        &self.stage
    }

    /// Every setting of that key, in the order of the file.
    pub fn all<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a Setting> {
        self.settings.iter().filter(move |setting| setting.key == key)
    }

    /// The setting of that key, if there is one; an error if there are several.
    pub fn one<'a>(&'a self, key: &'a str) -> Result<Option<&'a Setting>, ConfigError> {
        let mut all = self.all(key);
        let first = all.next();
        match all.next() {
            Some(second) => Err(self.wrong(second, format_args!("`{key}` is given a second time"))),
            None => Ok(first),
        }
    }

    /// An error if any key is not among `known`: a misspelt key must not pass for a missing one.
    pub fn only(&self, known: &[&str]) -> Result<(), ConfigError> {
        match self.settings.iter().find(|setting| !known.contains(&setting.key.as_str())) {
            Some(setting) => {
                let (key, known) = (&setting.key, known.join("`, `"));
                Err(self.wrong(setting, format_args!("unknown key `{key}`; known here: `{known}`")))
            }
            None => Ok(()),
        }
    }

    /// A path in the configuration is meant from the configuration file's own folder.
    #[must_use]
    pub fn beside(&self, path: impl AsRef<Path>) -> PathBuf {
        self.file.parent().unwrap_or(Path::new("")).join(path)
    }

    /// The error that says what is wrong with a setting, and where it stands.
    pub fn wrong(&self, setting: &Setting, why: impl Display) -> ConfigError {
        self.error(Some(setting.line), &why)
    }

    /// The error that says what the section lacks.
    pub fn lacks(&self, what: impl Display) -> ConfigError {
        self.error(None, &format_args!("section [{}] lacks {what}", self.stage))
    }

    fn error(&self, line: Option<usize>, why: &dyn Display) -> ConfigError {
        ConfigError { file: self.file.clone(), line, why: why.to_string() }
    }
}

/// Something in the configuration file that can't be used: `gateway.conf:7: why`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    file: PathBuf,
    line: Option<usize>,
    why: String,
}

impl Display for ConfigError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, "{line}:")?;
        }
        write!(f, " {}", self.why)
    }
}

impl Error for ConfigError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(keys: &[&str]) -> Config {
        let setting = |(i, key): (usize, &&str)| Setting { key: (*key).into(), value: i.to_string(), line: i + 1 };
        Config::new("sink", "/etc/gateway.conf", keys.iter().enumerate().map(setting).collect())
    }

    #[test]
    fn a_key_given_twice_is_an_error_where_one_is_wanted() {
        let config = config(&["rule", "database", "rule"]);
        assert_eq!(config.one("database").unwrap().unwrap().line, 2);
        assert_eq!(config.one("queue").unwrap(), None);
        assert_eq!(config.all("rule").map(|setting| setting.line).collect::<Vec<_>>(), [1, 3]);
        let error = config.one("rule").unwrap_err();
        assert_eq!(error.to_string(), "/etc/gateway.conf:3: `rule` is given a second time");
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line() {
        let config = config(&["database", "quueue"]);
        let error = config.only(&["database", "queue"]).unwrap_err();
        assert_eq!(error.to_string(), "/etc/gateway.conf:2: unknown key `quueue`; known here: `database`, `queue`");
        config.only(&["database", "quueue"]).unwrap();
    }

    #[test]
    fn paths_are_meant_from_the_files_folder() {
        assert_eq!(config(&[]).beside("requests.db"), Path::new("/etc/requests.db"));
        assert_eq!(config(&[]).beside("/var/requests.db"), Path::new("/var/requests.db"));
        let error = config(&[]).lacks("`database`");
        assert_eq!(error.to_string(), "/etc/gateway.conf: section [sink] lacks `database`");
    }
}
