//! A program that was run, and what is expected of it. A failed expectation shows everything that the program said.

use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Output};

/// What a program did.
pub struct Ran {
    command: String,
    /// Its exit code; none if a signal ended it.
    pub code: Option<i32>,
    /// The signal that ended it, if one did.
    signal: Option<i32>,
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
}

impl Ran {
    /// Runs a program to its end.
    #[track_caller]
    pub fn of(command: &mut Command) -> Self {
        let Output { status, stdout, stderr } = command.output().unwrap_or_else(|error| panic!("failed to run {command:?}: {error}"));
        let text = |bytes| String::from_utf8(bytes).expect("a program prints UTF-8");
        let words = std::iter::once(command.get_program()).chain(command.get_args());
        let command = words.map(|word| format!("{word:?} ")).collect();
        Self { command, code: status.code(), signal: status.signal(), stdout: text(stdout), stderr: text(stderr) }
    }

    /// It must have ended well.
    #[track_caller]
    pub fn success(self) -> Self {
        self.ended(0)
    }

    /// It must have ended with this code.
    #[track_caller]
    pub fn ended(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self}");
        self
    }

    /// This signal must have ended it.
    #[track_caller]
    pub fn ended_by(self, signal: i32) -> Self {
        assert_eq!(self.signal, Some(signal), "{self}");
        self
    }

    /// Its standard error must contain these texts, in any order.
    #[track_caller]
    pub fn says(self, texts: &[&str]) -> Self {
        for text in texts {
            assert!(self.stderr.contains(text), "expected on standard error: {text}\n{self}");
        }
        self
    }

    /// Its standard error must contain none of these texts.
    #[track_caller]
    pub fn never_says(self, texts: &[&str]) -> Self {
        for text in texts {
            assert!(!self.stderr.contains(text), "not expected on standard error: {text}\n{self}");
        }
        self
    }

    /// Its standard output must contain these texts, in any order.
    #[track_caller]
    pub fn prints(self, texts: &[&str]) -> Self {
        for text in texts {
            assert!(self.stdout.contains(text), "expected on standard output: {text}\n{self}");
        }
        self
    }

    /// Its standard output must contain none of these texts.
    #[track_caller]
    pub fn never_prints(self, texts: &[&str]) -> Self {
        for text in texts {
            assert!(!self.stdout.contains(text), "not expected on standard output: {text}\n{self}");
        }
        self
    }
}

impl std::fmt::Display for Ran {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}\ncode: {:?}, signal: {:?}\n--- stdout\n{}--- stderr\n{}---",
            self.command, self.code, self.signal, self.stdout, self.stderr
        )
    }
}
