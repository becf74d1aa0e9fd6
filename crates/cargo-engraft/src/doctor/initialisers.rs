//! B4: finds initializers that do I/O or wait. They block `open`, and fail where the host does not expect it. Uses [`Calls`], so a finding is a guess.

use super::calls::{Calls, Marked};
use super::finding::Finding;

/// Path prefixes of functions that do I/O or wait.
const WAITING: [&str; 13] = [
    "std::fs::",
    "std::net::",
    "std::process::Command::",
    "std::io::stdin",
    "std::io::Stdin::",
    "std::thread::sleep",
    "std::os::unix::net::",
    "tokio::fs::",
    "tokio::net::",
    "tokio::process::",
    "reqwest::",
    "ureq::",
    "rusqlite::Connection::",
];

/// Checks the initializers of packages.
#[must_use]
pub fn check(packages: &[Calls]) -> Vec<Finding> {
    packages.iter().flat_map(check_package).collect()
}

fn check_package(calls: &Calls) -> Vec<Finding> {
    let waits = |called: &&String| WAITING.iter().any(|waiting| called.starts_with(waiting));
    let finding = |Marked { name, place }: &Marked| {
        let chain = calls.chain(name, |function| function.calls.iter().find(waits).cloned())?;
        let what = format!("the initializer `{name}` probably does I/O or waits while the plugin opens: {}", chain.join(" → "));
        let mend = "move it into an exported function that the host calls and that can return an error (see `start` in the template)";
        Some(Finding::new("B4", what, mend).at(place).uncertain())
    };
    calls.initialisers.iter().filter_map(finding).collect()
}

#[cfg(test)]
mod tests {
    use super::super::source::Source;
    use super::*;

    #[test]
    fn calls_are_followed_to_blocking_function() {
        let table = [
            ("#[engraft::init] fn start() { TABLE.set(1); }", None),
            ("#[engraft::init] fn start() { std::fs::read(\"a\").unwrap(); }", Some("start → std::fs::read")),
            ("#[init] fn start() { load(); } fn load() { File::open(\"a\").unwrap(); }", Some("start → load → std::fs::File::open")),
            ("#[init] fn start() { Table.fill(); } impl Table { fn fill(&self) { sleep(); } }", Some("start → fill → std::thread::sleep")),
            ("#[init] fn start() { first(); } fn first() { second(); } fn second() { first(); }", None),
            ("#[init] fn start() { std::thread::spawn(|| { File::open(\"a\"); }); }", None),
            ("fn start() { std::fs::read(\"a\").unwrap(); }", None),
            ("#[init] fn start() { fn later() { sleep(); } }", None),
        ];
        for (text, chain) in table {
            let text = format!("use engraft::init; use std::fs::File; use std::thread::sleep;\n{text}");
            let found = check(&Calls::by_package(&[Source::parse("p", "p/src/lib.rs", &text).unwrap()]));
            assert_eq!(found.len(), usize::from(chain.is_some()), "{text}: {found:?}");
            for (finding, chain) in found.iter().zip(chain) {
                assert!(finding.what.ends_with(chain), "{finding:?}");
                assert_eq!((finding.place.as_deref(), finding.certain), (Some("p/src/lib.rs:2"), false));
            }
        }
    }
}
