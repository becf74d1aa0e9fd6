//! Rule: `unsafe` stands in few places, and each has a reason.

use super::finding::Finding;
use super::path_pattern;
use super::source::{Source, words};

/// Where `unsafe` may stand, and why it can't do without.
const ALLOWED: [(&str, &str); 9] = [
    ("crates/engraft/src/sys/**", "talks to the dynamic loader and reads the memory that it maps"),
    ("crates/engraft/src/open_options.rs", "`open` is unsafe: only its caller can vouch for a file"),
    ("crates/engraft/src/open.rs", "maps what the caller or a trusted key vouches for"),
    ("crates/engraft/src/registration.rs", "turns what generated code put into link sections into checked references"),
    ("crates/engraft-macros/src/**", "writes the `unsafe` attributes of generated code"),
    ("crates/*/tests/**", "`open` is unsafe, and tests break its contract on purpose"),
    ("examples/**", "`open` is unsafe: a program vouches for its plugins"),
    ("benchmarks/contestants/**", "what Engraft is measured beside vouches for its plugins too, and speaks C"),
    ("fixtures/**", "`open` is unsafe, and fixtures bring C code"),
];

pub(super) fn check(path: &str, source: &Source<'_>) -> Vec<Finding> {
    let allowed = ALLOWED.iter().any(|(pattern, _)| path_pattern::matches(pattern, path));
    if allowed {
        return Vec::new();
    }
    words(source.code())
        .filter(|(_, word)| *word == "unsafe")
        .map(|(at, _)| {
            Finding::new(
                path,
                source.line(at),
                "`unsafe` outside of the places that may hold it",
                "use a safe layer of crates/engraft/src/sys, or give the file a row with its \
                 reason in xtask/src/tidy/unsafe_code.rs",
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unsafe_stands_only_where_a_row_allows_it() {
        let code = "//! unsafe\n#![forbid(unsafe_code)]\nunsafe fn f() {}\n#[unsafe(no_mangle)]\n";
        let cases: [(&str, &str, &[usize]); 6] = [
            ("crates/engraft/src/judge.rs", code, &[3, 4]),
            ("crates/engraft-manifest/src/lib.rs", code, &[3, 4]),
            ("crates/engraft/src/judge.rs", "fn f() -> &str { \"unsafe\" }", &[]),
            ("crates/engraft/src/sys/dl.rs", code, &[]),
            ("crates/engraft/tests/open.rs", code, &[]),
            ("examples/hello/host/src/main.rs", code, &[]),
        ];
        for (path, text, expected) in cases {
            let found = Finding::lines(&check(path, &Source::new(text)));
            assert_eq!(found, expected, "{path}");
        }
    }
}
