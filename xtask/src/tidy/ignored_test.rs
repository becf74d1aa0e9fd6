//! Rule: no test is ignored. A test that can't run says nothing; a slow one is made fast.

use super::finding::Finding;
use super::source::{Source, attributes, words};

pub(super) fn check(path: &str, source: &Source<'_>) -> Vec<Finding> {
    attributes(source.code())
        .into_iter()
        .filter(|range| ignores(&source.code()[range.clone()]))
        .map(|range| Finding::new(path, source.line(range.start), "an ignored test", "make it pass wherever CI runs, or remove it"))
        .collect()
}

/// `#[ignore]`, with or without a reason, also under a `cfg_attr`. Other attributes may have an
/// argument of that name.
fn ignores(attribute: &str) -> bool {
    let mut words = words(attribute).map(|(_, word)| word);
    match words.next() {
        Some("ignore") => true,
        Some("cfg_attr") => words.any(|word| word == "ignore"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ignored_tests_are_found() {
        let cases: [(&str, &[usize]); 6] = [
            ("#[test]\nfn f() {}\n", &[]),
            ("#[test]\n#[ignore]\nfn f() {}\n", &[2]),
            ("#[test]\n#[ignore = \"slow\"]\nfn f() {}\n", &[2]),
            ("#[cfg_attr(miri, ignore)]\nfn f() {}\n", &[1]),
            ("#[serde(ignore)]\nstruct S;\n", &[]),
            ("// #[ignore]\nfn ignore() {}\n", &[]),
        ];
        for (text, expected) in cases {
            let found = Finding::lines(&check("a.rs", &Source::new(text)));
            assert_eq!(found, expected, "{text:?}");
        }
    }
}
