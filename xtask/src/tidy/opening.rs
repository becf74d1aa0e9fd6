//! Rule: a source file opens with `//!`, so that nobody has to guess what it answers for.

use super::finding::Finding;
use super::path_pattern;
use super::source::Source;

/// Not tests, examples or fixtures: there the name and the page say it.
const WHERE: [&str; 3] = ["crates/*/src/**", "xtask/**", "benchmarks/**"];

pub(super) fn check(path: &str, source: &Source<'_>) -> Vec<Finding> {
    let applies = WHERE.iter().any(|pattern| path_pattern::matches(pattern, path));
    if !applies || source.text().starts_with("//!") {
        return Vec::new();
    }
    vec![Finding::new(path, 1, "the file doesn't open with `//!`", "say in its first lines what it answers for and why it exists")]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_open_with_their_purpose() {
        let cases = [
            ("crates/engraft/src/open.rs", "//! Opens.\n", true),
            ("crates/engraft/src/open.rs", "use std::io;\n", false),
            ("crates/engraft/src/sys/elf.rs", "// Elf.\n", false),
            ("crates/engraft/src/open.rs", "", false),
            ("xtask/src/ci.rs", "mod fmt;\n", false),
            ("crates/engraft/tests/open.rs", "use std::io;\n", true),
            ("examples/hello/api/src/lib.rs", "pub fn f() {}\n", true),
        ];
        for (path, text, fine) in cases {
            let findings = check(path, &Source::new(text));
            assert_eq!(findings.is_empty(), fine, "{path}: {text:?}");
        }
    }
}
