//! `tidy`: the architecture's rules as checks. Each rule is a pure function over a path and a text
//! in a file of its own; here the files are read, every rule is asked, and all findings are told at once.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};

use crate::repository;
use finding::Finding;
use source::Source;

mod architecture;
mod catalogue;
mod dependency_reason;
mod entry_file;
mod finding;
mod ignored_test;
mod length;
mod links;
mod markdown;
mod module_name;
mod opening;
mod path_pattern;
mod platform;
mod quoted_rows;
mod section_end;
mod shown_code;
mod sleep;
mod snippet;
mod source;
mod summary;
mod unsafe_code;

/// Path, relative to the root, to text.
type Texts = BTreeMap<String, String>;

/// A rule that looks at one `.rs` file at a time.
type SourceRule = fn(&str, &Source) -> Vec<Finding>;

const SOURCE_RULES: [SourceRule; 9] = [
    opening::check,
    length::check_file,
    entry_file::check,
    module_name::check,
    unsafe_code::check,
    platform::check,
    ignored_test::check,
    sleep::check,
    section_end::check,
];

/// Checks the repository's files; fails when a rule is broken, after telling every place.
pub(crate) fn run() -> Result<()> {
    let texts = read(repository::files()?)?;
    for warning in warnings(&texts) {
        println!("warning: {warning}");
    }
    let findings = findings(&texts);
    for finding in &findings {
        println!("{finding}");
    }
    match findings.len() {
        0 => Ok(()),
        1 => bail!("1 finding"),
        several => bail!("{several} findings"),
    }
}

fn read(paths: Vec<String>) -> Result<Texts> {
    paths
        .into_iter()
        .map(|path| {
            let bytes = std::fs::read(repository::root().join(&path)).with_context(|| format!("failed to read {path}"))?;
            // Golden files may be binary: no rule reads them, so their loss is none.
            Ok((path, String::from_utf8_lossy(&bytes).into_owned()))
        })
        .collect()
}

fn findings(texts: &Texts) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in rust_files(texts) {
        let source = Source::new(text);
        findings.extend(SOURCE_RULES.iter().flat_map(|rule| rule(path, &source)));
    }
    findings.extend(length::check_median(rust_files(texts)));
    let text_rules = [
        ("ARCHITECTURE.md", architecture::check as fn(&str, &str) -> _),
        ("Cargo.toml", dependency_reason::check),
        ("benchmarks/Cargo.toml", dependency_reason::check),
        ("benchmarks/programs/Cargo.toml", dependency_reason::check),
    ];
    for (path, rule) in text_rules {
        findings.extend(texts.get(path).into_iter().flat_map(|text| rule(path, text)));
    }
    let file = |path: &str| texts.get(path).map(String::as_str);
    if let Some(text) = file("README.md") {
        findings.extend(shown_code::check_readme("README.md", text, &file));
    }
    for (path, text) in pages(texts) {
        findings.extend(links::check(path, text, texts));
        findings.extend(quoted_rows::check(path, text, &file));
        if path.starts_with("docs/") {
            findings.extend(shown_code::check(path, text, &file));
        }
    }
    if let Some(text) = file(summary::PATH) {
        findings.extend(summary::check(text, texts));
    }
    if let Some(text) = texts.get("docs/catalogue.md") {
        findings.extend(catalogue::check("docs/catalogue.md", text, rust_files(texts)));
    }
    findings.sort();
    findings
}

fn warnings(texts: &Texts) -> Vec<Finding> {
    rust_files(texts).filter_map(|(path, text)| length::warn(path, text)).collect()
}

/// What people read.
fn pages(texts: &Texts) -> impl Iterator<Item = (&str, &str)> {
    texts.iter().filter(|(path, _)| path.ends_with(".md")).map(|(path, text)| (path.as_str(), text.as_str()))
}

fn rust_files(texts: &Texts) -> impl Iterator<Item = (&str, &str)> + Clone {
    texts.iter().filter(|(path, _)| path.ends_with(".rs")).map(|(path, text)| (path.as_str(), text.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(files: &[(&str, &str)]) -> Texts {
        let owned = |(path, text): &(&str, &str)| ((*path).to_owned(), (*text).to_owned());
        files.iter().map(owned).collect()
    }

    #[test]
    fn a_tidy_repository_has_no_findings() {
        let files = [
            ("crates/engraft/src/lib.rs", "//! The library.\n\nmod open;\n"),
            ("crates/engraft/src/open.rs", "//! Opens.\n\npub fn open() {}\n"),
            ("Cargo.toml", "[workspace.dependencies]\n# dlopen.\nlibc = \"0.2\"\n"),
        ];
        assert_eq!(findings(&texts(&files)), []);
    }

    #[test]
    fn findings_of_all_rules_come_together_in_order_of_place() {
        let files = [
            ("crates/engraft/src/utils.rs", "unsafe fn f() {}\n"),
            ("Cargo.toml", "[workspace.dependencies]\nlibc = \"0.2\"\n"),
            ("README.md", "Engraft\n"),
        ];
        let findings = findings(&texts(&files));
        let places: Vec<_> = findings.iter().map(Finding::place).collect();
        assert_eq!(
            places,
            [
                "Cargo.toml:2",
                "README.md:1",
                "crates/engraft/src/utils.rs:1",
                "crates/engraft/src/utils.rs:1",
                "crates/engraft/src/utils.rs:1",
            ]
        );
    }

    #[test]
    fn the_books_pages_are_held_to_their_links_their_code_and_their_table() {
        let files = [
            ("docs/SUMMARY.md", "# Summary\n\n- [Start](start.md)\n"),
            ("docs/left-out.md", "# Left out\n"),
            ("docs/start.md", "# Start\n\n[Next](next.md)\n\n```rust\nfn main() {}\n```\n"),
        ];
        let findings = findings(&texts(&files));
        let places: Vec<_> = findings.iter().map(Finding::place).collect();
        assert_eq!(places, ["docs/SUMMARY.md:1", "docs/start.md:3", "docs/start.md:5"]);
    }
}
