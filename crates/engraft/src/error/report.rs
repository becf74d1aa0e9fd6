//! The one form of all errors' texts: `E03: what failed`, a fact a line, then what helps.

use std::error::Error;
use std::fmt;

/// An error's text, written line by line.
pub(super) struct Report<'f, 'a> {
    f: &'f mut fmt::Formatter<'a>,
    result: fmt::Result,
}

impl<'f, 'a> Report<'f, 'a> {
    /// Begins with the code and with what was being done.
    pub(super) fn new(f: &'f mut fmt::Formatter<'a>, code: &str, what: impl fmt::Display) -> Self {
        let result = write!(f, "{code}: {what}");
        Self { f, result }
    }

    /// Begins with what was being done, in an error that has no code: none of `open`'s.
    #[cfg(feature = "tools")]
    pub(super) fn without_code(f: &'f mut fmt::Formatter<'a>, what: impl fmt::Display) -> Self {
        let result = write!(f, "{what}");
        Self { f, result }
    }

    /// Adds a fact under its label: `tried`, `expected`, `found`.
    pub(super) fn fact(self, label: &str, fact: impl fmt::Display) -> Self {
        self.line(format_args!("\n  {label}: {fact}"))
    }

    /// Adds several facts under one label, a line each.
    pub(super) fn facts<T: fmt::Display>(self, label: &str, facts: impl IntoIterator<Item = T>) -> Self {
        facts.into_iter().fold(self, |report, fact| report.fact(label, fact))
    }

    /// Ends with what helps.
    pub(super) fn help(self, help: impl fmt::Display) -> fmt::Result {
        self.line(format_args!("\nhelp: {help}")).result
    }

    fn line(mut self, line: fmt::Arguments<'_>) -> Self {
        self.result = self.result.and_then(|()| self.f.write_fmt(line));
        self
    }
}

/// An error and all of its causes on one line: `cause: deeper cause`.
///
/// The texts of Engraft's errors contain their causes, so `source()` returns none: a reporter that prints an error and its sources prints
/// each cause once.
pub(crate) struct WithCauses<'e>(pub(crate) &'e dyn Error);

impl fmt::Display for WithCauses<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        std::iter::successors(self.0.source(), |&cause| cause.source()).try_for_each(|cause| write!(f, ": {cause}"))
    }
}
