//! Parses the library's page about errors, which has a section with cause, example and fix for each kind.

/// One kind of error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// The code, such as `E03`.
    pub code: &'static str,
    /// The name in Rust: `OpenError::NotFound`.
    pub name: &'static str,
    /// Why the error occurs.
    pub cause: &'static str,
    /// An example of the error's text.
    pub example: &'static str,
    /// How to fix it.
    pub fix: &'static str,
}

/// All kinds, sorted by code.
#[must_use]
pub fn kinds() -> Vec<Kind> {
    engraft::errors::PAGE
        .split("\n## ")
        .skip(1)
        .map(|part| kind(part).expect("a test of the library checks the form of every section"))
        .collect()
}

fn kind(part: &'static str) -> Option<Kind> {
    let (title, rest) = part.split_once("\n\n")?;
    let (code, name) = title.split_once(": ")?;
    let (cause, rest) = rest.split_once("\n\n```text\n")?;
    let (example, rest) = rest.split_once("\n```\n\n")?;
    let fix = rest.strip_prefix("**What to do:** ")?.trim_end();
    Some(Kind { code, name: name.trim_matches('`'), cause, example, fix })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_section_of_the_page_is_a_kind() {
        let kinds = kinds();
        assert_eq!(kinds.len(), engraft::errors::PAGE.matches("\n## ").count());
        assert!(kinds.is_sorted_by_key(|kind| kind.code));
        for kind in &kinds {
            assert!(kind.example.starts_with(&format!("{}: ", kind.code)), "{kind:?}");
            assert!(kind.name.contains("Error::") && !kind.cause.is_empty() && kind.fix.len() > 40, "{kind:?}");
        }
        // A section in another form is not parsed.
        assert_eq!(kind("E01: `A::B`\n\nCause.\n\n```text\nE01: it\n```\n"), None);
    }
}
