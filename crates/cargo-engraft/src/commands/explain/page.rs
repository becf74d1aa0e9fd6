//! Takes the library's page about errors apart: a part for each kind, of which it says cause, example and mend.

/// One kind of error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// Its code.
    pub code: &'static str,
    /// Its name in Rust: `OpenError::NotFound`.
    pub name: &'static str,
    /// Why it comes.
    pub cause: &'static str,
    /// Its text in one case.
    pub example: &'static str,
    /// What to do about it.
    pub mend: &'static str,
}

/// All kinds, in order of their codes.
#[must_use]
pub fn kinds() -> Vec<Kind> {
    engraft::errors::PAGE
        .split("\n## ")
        .skip(1)
        .map(|part| kind(part).expect("a test of the library wrote every part in this form"))
        .collect()
}

fn kind(part: &'static str) -> Option<Kind> {
    let (title, rest) = part.split_once("\n\n")?;
    let (code, name) = title.split_once(": ")?;
    let (cause, rest) = rest.split_once("\n\n```text\n")?;
    let (example, rest) = rest.split_once("\n```\n\n")?;
    let mend = rest.strip_prefix("**What to do:** ")?.trim_end();
    Some(Kind { code, name: name.trim_matches('`'), cause, example, mend })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_the_page_is_a_kind() {
        let kinds = kinds();
        assert_eq!(kinds.len(), engraft::errors::PAGE.matches("\n## ").count());
        assert!(kinds.is_sorted_by_key(|kind| kind.code));
        for kind in &kinds {
            assert!(kind.example.starts_with(&format!("{}: ", kind.code)), "{kind:?}");
            assert!(kind.name.contains("Error::") && !kind.cause.is_empty() && kind.mend.len() > 40, "{kind:?}");
        }
        // A page that this code was not written for would not be understood at all.
        assert_eq!(kind("E01: `A::B`\n\nCause.\n\n```text\nE01: it\n```\n"), None);
    }
}
