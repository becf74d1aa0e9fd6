//! Rule: code that README and the book show is code that is built: a snippet equals the file it comes from.
//!
//! `<!-- from: examples/hello/api/src/lib.rs -->` above a fenced block promises the whole file,
//! `<!-- from: examples/hello/api/src/lib.rs#name -->` the region `name` of it (see [`snippet`]).
//! Rust always comes from somewhere. Other blocks may: those that don't are commands, their output, and settings.

use super::finding::Finding;
use super::markdown::{self, At};
use super::snippet;

/// README shows the API crate, the plugin and the host.
const AT_LEAST: usize = 3;
const MARK: &str = "<!-- from:";
/// Where code stands that CI builds and runs.
const BUILT: [&str; 2] = ["examples/", "fixtures/"];

/// Where the texts that snippets are compared with come from.
type Files<'a> = &'a dyn Fn(&str) -> Option<&'a str>;

pub(super) fn check_readme<'a>(path: &str, text: &str, files: Files<'a>) -> Vec<Finding> {
    let mut findings = check(path, text, files);
    let shown = shown_snippets(text).len();
    if shown < AT_LEAST {
        findings.push(Finding::new(
            path,
            1,
            format!("{shown} snippets are taken from examples, fewer than {AT_LEAST}"),
            format!("show API crate, plugin and host, each under `{MARK} path -->`"),
        ));
    }
    findings
}

pub(super) fn check<'a>(path: &str, text: &str, files: Files<'a>) -> Vec<Finding> {
    let shown = shown_snippets(text);
    let differing = shown.iter().filter_map(|shown| compare(path, shown, files));
    differing.chain(markdown::fences(text).iter().filter_map(|fence| promised(path, fence, &shown))).collect()
}

/// Whether a block says what it is, and Rust where it is from.
fn promised(path: &str, fence: &At<String>, shown: &[Shown<'_>]) -> Option<Finding> {
    let language = fence.what.split(',').next().unwrap_or_default();
    if language.is_empty() {
        return Some(Finding::new(
            path,
            fence.line,
            "a block without a language",
            "write `rust`, `sh`, `console`, `toml` or `text` behind its backticks",
        ));
    }
    let from_somewhere = shown.iter().any(|shown| shown.opened == Some(fence.line));
    if language != "rust" || from_somewhere {
        return None;
    }
    let mend = format!("take it from a file that CI builds, under `{MARK} path -->`");
    Some(Finding::new(path, fence.line, "Rust that nothing compiles", mend))
}

/// What a page promises to come from somewhere, and what it shows.
struct Shown<'a> {
    line: usize,
    from: &'a str,
    /// The line of the block's opening backticks.
    opened: Option<usize>,
    /// The lines of the fenced block; `None` when there is no block below the comment.
    block: Option<Vec<&'a str>>,
}

fn shown_snippets(text: &str) -> Vec<Shown<'_>> {
    let mut lines = text.lines().enumerate().peekable();
    let mut found = Vec::new();
    while let Some((index, line)) = lines.next() {
        // Inside of a block that promises nothing, a mark is an example of a mark.
        if let Some(fence) = fence(line) {
            lines.by_ref().find(|(_, line)| line.trim() == fence);
            continue;
        }
        let Some(from) = line.trim().strip_prefix(MARK) else {
            continue;
        };
        while lines.next_if(|(_, line)| line.trim().is_empty()).is_some() {}
        let opened = lines.next_if(|(_, line)| fence(line).is_some());
        found.push(Shown {
            line: index + 1,
            from: from.trim_end_matches("-->").trim(),
            opened: opened.map(|(index, _)| index + 1),
            block: opened.and_then(|(_, line)| fence(line)).map(|fence| {
                let block = lines.by_ref().map(|(_, line)| line);
                block.take_while(|line| line.trim() != fence).collect()
            }),
        });
    }
    found
}

/// The backticks that open a fenced block.
fn fence(line: &str) -> Option<&str> {
    let line = line.trim();
    let ticks = line.len() - line.trim_start_matches('`').len();
    (ticks >= 3).then(|| &line[..ticks])
}

fn compare<'a>(path: &str, shown: &Shown<'_>, files: Files<'a>) -> Option<Finding> {
    let Shown { line, from, .. } = *shown;
    let (file, region) = match from.split_once('#') {
        Some((file, region)) => (file, Some(region)),
        None => (from, None),
    };
    let finding = |wrong: String, mend: &str| Some(Finding::new(path, line, wrong, mend));
    let Some(block) = &shown.block else {
        return finding(format!("no fenced block below the mark of {from}"), "put the block there, or remove the mark");
    };
    if !BUILT.iter().any(|built| file.starts_with(built)) {
        return finding(format!("a snippet is from {file}, which CI does not build as a program"), "take it from examples/ or fixtures/");
    }
    let Some(text) = files(file) else {
        return finding(format!("a snippet is said to be from {file}, which is not in the repository"), "correct the path");
    };
    let wanted = match region {
        None => text.lines().collect(),
        Some(name) => match snippet::region(text, name) {
            Ok(lines) => lines,
            Err(snippet::Missing(mark)) => {
                return finding(format!("{file} has no line `{mark}`"), "add it there");
            }
        },
    };
    let same = block.iter().zip(&wanted).take_while(|(a, b)| a == b).count();
    if block.len() == same && wanted.len() == same {
        return None;
    }
    finding(format!("the snippet differs from {from} at its line {}", same + 1), "copy what stands there")
}

#[cfg(test)]
mod tests {
    use super::*;

    const API: &str = "pub trait Filter {}\n";
    const HOST: &str = "fn main() {\n    // shown: open\n    open();\n    // shown: end\n}\n";

    fn file(path: &str) -> Option<&'static str> {
        match path {
            "examples/api.rs" => Some(API),
            "examples/host.rs" => Some(HOST),
            _ => None,
        }
    }

    fn lines_found(text: &str) -> Vec<usize> {
        Finding::lines(&check_readme("README.md", text, &file))
    }

    /// `text`, below two snippets that are as they should be: five lines each.
    fn after_two(text: &str) -> String {
        let fine = "<!-- from: examples/api.rs -->\n\n```rust\npub trait Filter {}\n```\n";
        format!("{fine}{fine}{text}")
    }

    #[test]
    fn snippets_that_equal_their_source_are_fine() {
        let region = "<!-- from: examples/host.rs#open -->\n```rust\nopen();\n```\n```sh\nls\n```\n";
        assert_eq!(lines_found(&after_two(region)), [0; 0]);
    }

    #[test]
    fn every_broken_promise_is_found_at_its_mark() {
        let cases = [
            "<!-- from: examples/api.rs -->\n```rust\npub trait Filter;\n```\n",
            "<!-- from: examples/api.rs -->\n```rust\n```\n",
            "<!-- from: examples/api.rs -->\n```rust\npub trait Filter {}\nmore\n```\n",
            "<!-- from: examples/none.rs -->\n```rust\n```\n",
            "<!-- from: examples/host.rs#close -->\n```rust\n```\n",
            "<!-- from: examples/api.rs -->\nNo block.\n",
        ];
        for text in cases {
            assert_eq!(lines_found(&after_two(text)), [11], "{text}");
        }
    }

    #[test]
    fn three_snippets_are_the_least() {
        assert_eq!(lines_found(&after_two("")), [1]);
        let quoted = "````md\n<!-- from: examples/api.rs -->\n```rust\n```\n````\n";
        assert_eq!(lines_found(&after_two(quoted)), [1]);
    }

    #[test]
    fn rust_comes_from_somewhere_and_every_block_has_a_language() {
        for (text, expected) in [
            ("```rust\nfn main() {}\n```\n", &[1][..]),
            ("```rust,ignore\nfn main() {}\n```\n", &[1]),
            ("```\nls\n```\n", &[1]),
            ("```sh\nls\n```\n", &[]),
            ("```toml\nplugin = true\n```\n", &[]),
            ("<!-- from: examples/api.rs -->\n```rust\npub trait Filter {}\n```\n", &[]),
            ("<!-- from: crates/api.rs -->\n```rust\npub trait Filter {}\n```\n", &[1]),
        ] {
            assert_eq!(Finding::lines(&check("docs/start.md", text, &file)), expected, "{text}");
        }
    }
}
