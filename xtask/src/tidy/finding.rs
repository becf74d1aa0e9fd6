//! A place where a rule is broken, and what to do about it.

use std::fmt;

/// Printed as `path:line: what is wrong; what to do`, which terminals and editors turn into a link.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Finding {
    path: String,
    line: usize,
    wrong: String,
    mend: String,
}

impl Finding {
    /// `line` counts from 1.
    pub(super) fn new(path: &str, line: usize, wrong: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, wrong: wrong.into(), mend: mend.into() }
    }

    /// `path:line`.
    #[cfg(test)]
    pub(super) fn place(&self) -> String {
        format!("{}:{}", self.path, self.line)
    }

    /// The lines of `findings`, for the rules' tests.
    #[cfg(test)]
    pub(super) fn lines(findings: &[Self]) -> Vec<usize> {
        findings.iter().map(|finding| finding.line).collect()
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, line, wrong, mend } = self;
        write!(f, "{path}:{line}: {wrong}; {mend}")
    }
}

#[cfg(test)]
mod tests {
    use super::Finding;

    #[test]
    fn one_line_says_where_what_and_how() {
        let finding = Finding::new("src/a.rs", 7, "this is wrong", "do that");
        assert_eq!(finding.to_string(), "src/a.rs:7: this is wrong; do that");
    }
}
