//! Findings as data; `doctor --json` writes them.

use serde::Serialize;

/// The findings in a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Report {
    /// Version of this schema. It increases when a field changes its meaning or is removed, not when a field is added.
    pub schema: u32,
    /// Root directory of the workspace.
    pub workspace: String,
    /// The findings, sorted by bug.
    pub findings: Vec<Finding>,
}

/// The current version of the schema.
pub const SCHEMA: u32 = 1;

/// A cause of a known bug, found in the workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Finding {
    /// The bug's row in the catalog (docs/catalogue.md), such as `B12`.
    pub bug: String,
    /// The problem, for people.
    pub what: String,
    /// The file, with a line if known; null if the finding concerns no single file.
    pub place: Option<String>,
    /// How to fix it, for people, with a command if there is one.
    pub mend: String,
    /// Whether the problem certainly exists; false if the finding is a guess from the source code.
    pub certain: bool,
}

impl Finding {
    /// Creates a certain finding without a place.
    pub fn new(bug: &str, what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { bug: bug.to_owned(), what: what.into(), place: None, mend: mend.into(), certain: true }
    }

    /// Sets the place.
    #[must_use]
    pub fn at(mut self, place: impl ToString) -> Self {
        self.place = Some(place.to_string());
        self
    }

    /// Marks the finding as a guess.
    #[must_use]
    pub fn uncertain(mut self) -> Self {
        self.certain = false;
        self
    }
}
