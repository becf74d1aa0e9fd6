//! Rule: what only some systems have stands in `sys`, so that the library compiles on all of them.

use super::finding::Finding;
use super::path_pattern;
use super::source::Source;

const LIBRARY: &str = "crates/engraft/src/**";
const SYSTEM: &str = "crates/engraft/src/sys/**";

/// What begins a path to something that is not everywhere.
const SPECIFIC: [&str; 2] = ["std::os::", "libc::"];

pub(super) fn check(path: &str, source: &Source<'_>) -> Vec<Finding> {
    if !path_pattern::matches(LIBRARY, path) || path_pattern::matches(SYSTEM, path) {
        return Vec::new();
    }
    let places = SPECIFIC.iter().flat_map(|specific| source.code().match_indices(specific));
    places
        .map(|(at, specific)| {
            Finding::new(
                path,
                source.line(at),
                format!("`{specific}` outside of `sys`"),
                "put it behind a function of crates/engraft/src/sys, which unsupported platforms have too",
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_to_a_system_stands_in_sys() {
        let code = "//! std::os::unix\nuse std::os::fd::AsFd;\nfn f() -> i32 { libc::O_RDONLY }\n";
        let cases: [(&str, &[usize]); 4] = [
            ("crates/engraft/src/open.rs", &[2, 3]),
            ("crates/engraft/src/sys/files.rs", &[]),
            ("crates/engraft/tests/open.rs", &[]),
            ("crates/cargo-engraft/src/exit.rs", &[]),
        ];
        for (path, expected) in cases {
            assert_eq!(Finding::lines(&check(path, &Source::new(code))), expected, "{path}");
        }
    }
}
