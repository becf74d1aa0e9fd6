//! Rule: nothing waits by sleeping. It is too long on a fast machine and too short on a slow one.

use super::finding::Finding;
use super::source::{Source, closing, words};

pub(super) fn check(path: &str, source: &Source<'_>) -> Vec<Finding> {
    let code = source.code();
    words(code)
        .filter(|(at, word)| *word == "thread" && leads_to_sleep(&code[at + word.len()..]))
        .map(|(at, _)| {
            Finding::new(
                path,
                source.line(at),
                "`thread::sleep`",
                "wait for the event itself: a channel, a barrier, a condition variable, a child's exit",
            )
        })
        .collect()
}

/// Whether what follows the word `thread` is `::sleep…` or an import list with it.
fn leads_to_sleep(after: &str) -> bool {
    let Some(names) = after.trim_start().strip_prefix("::") else {
        return false;
    };
    let names = names.trim_start();
    let is_sleep = |word: &str| ["sleep", "sleep_ms", "sleep_until"].contains(&word);
    if names.starts_with('{') {
        let end = closing(names, 0, '{', '}').unwrap_or(names.len());
        return words(&names[..end]).any(|(_, word)| is_sleep(word));
    }
    words(names).next().is_some_and(|(_, word)| is_sleep(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sleeping_is_found_however_it_is_named() {
        let cases: [(&str, &[usize]); 7] = [
            ("thread::spawn(f);\n", &[]),
            ("tokio::time::sleep(d).await;\n", &[]),
            ("// thread::sleep\n\"thread::sleep\";\n", &[]),
            ("\nstd::thread::sleep(d);\n", &[2]),
            ("use std::thread::sleep;\n", &[1]),
            ("use std::thread::{self, sleep};\nfn sleep() {}\n", &[1]),
            ("use std::thread::{self, spawn};\nfn sleep() {}\n", &[]),
        ];
        for (text, expected) in cases {
            let found = Finding::lines(&check("a.rs", &Source::new(text)));
            assert_eq!(found, expected, "{text:?}");
        }
    }
}
