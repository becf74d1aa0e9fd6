//! What was found, as data: what `doctor --json` writes.

use serde::Serialize;

/// What was found in a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Report {
    /// Version of this form: raised when something in it changes its meaning or goes away. New fields don't raise it.
    pub schema: u32,
    /// The workspace's root directory.
    pub workspace: String,
    /// What was found, by bug.
    pub findings: Vec<Finding>,
}

/// The version of the form.
pub const SCHEMA: u32 = 1;

/// One thing that leads, or led others, to a bug.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Finding {
    /// The bug's row in the catalogue (docs/catalogue.md), such as `B12`.
    pub bug: String,
    /// What is so, for people.
    pub what: String,
    /// Where: a file, perhaps with a line; null if it is in no one place.
    pub place: Option<String>,
    /// What helps, for people, with the command where there is one.
    pub mend: String,
    /// Whether it is so; if not, it looks so from the source, which may mean something else.
    pub certain: bool,
}

impl Finding {
    /// What is so, and what helps.
    pub fn new(bug: &str, what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { bug: bug.to_owned(), what: what.into(), place: None, mend: mend.into(), certain: true }
    }

    /// Where it is.
    #[must_use]
    pub fn at(mut self, place: impl ToString) -> Self {
        self.place = Some(place.to_string());
        self
    }

    /// It only looks so.
    #[must_use]
    pub fn perhaps(mut self) -> Self {
        self.certain = false;
        self
    }
}
