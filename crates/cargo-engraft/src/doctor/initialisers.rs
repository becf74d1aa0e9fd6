//! B4: initialisers that do I/O or wait, which keeps `open` waiting and fails where nobody expects it. Told from [`Calls`], so it may be wrong.

use super::calls::{Calls, Marked};
use super::finding::Finding;

/// What does I/O or waits, by the beginning of its path.
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

/// Looks through the functions of packages.
#[must_use]
pub fn check(packages: &[Calls]) -> Vec<Finding> {
    packages.iter().flat_map(of_package).collect()
}

fn of_package(calls: &Calls) -> Vec<Finding> {
    let waits = |called: &&String| WAITING.iter().any(|waiting| called.starts_with(waiting));
    let told = |Marked { name, place }: &Marked| {
        let way = calls.way(name, |function| function.calls.iter().find(waits).cloned())?;
        let what = format!("the initialiser `{name}` seems to do I/O or to wait while the plugin opens: {}", way.join(" → "));
        let mend = "move it into an exported function that the host calls, and that can give an error (see the template's `start`)";
        Some(Finding::new("B4", what, mend).at(place).perhaps())
    };
    calls.initialisers.iter().filter_map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::super::source::Source;
    use super::*;

    #[test]
    fn functions_are_followed_to_what_waits() {
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
        for (text, way) in table {
            let text = format!("use engraft::init; use std::fs::File; use std::thread::sleep;\n{text}");
            let found = check(&Calls::by_package(&[Source::parse("p", "p/src/lib.rs", &text).unwrap()]));
            assert_eq!(found.len(), usize::from(way.is_some()), "{text}: {found:?}");
            for (finding, way) in found.iter().zip(way) {
                assert!(finding.what.ends_with(way), "{finding:?}");
                assert_eq!((finding.place.as_deref(), finding.certain), (Some("p/src/lib.rs:2"), false));
            }
        }
    }
}
