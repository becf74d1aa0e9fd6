//! Rule: code that README shows is code that is built: a snippet equals the file it comes from.
//!
//! `<!-- from: examples/hello/api/src/lib.rs -->` above a fenced block promises the whole file,
//! `<!-- from: examples/hello/api/src/lib.rs#name -->` the region `name` of it (see [`snippet`]).
//! A block without such a comment promises nothing: commands and their output.

use super::finding::Finding;
use super::snippet;

/// The API crate, the plugin and the host.
const AT_LEAST: usize = 3;
const MARK: &str = "<!-- from:";

/// Where the texts that snippets are compared with come from.
type Files<'a> = &'a dyn Fn(&str) -> Option<&'a str>;

pub(super) fn check<'a>(path: &str, text: &str, files: Files<'a>) -> Vec<Finding> {
    let shown = shown_snippets(text);
    let mut findings: Vec<_> = shown.iter().filter_map(|shown| compare(path, shown, files)).collect();
    if shown.len() < AT_LEAST {
        findings.push(Finding::new(
            path,
            1,
            format!("{} snippets are taken from examples, fewer than {AT_LEAST}", shown.len()),
            format!("show API crate, plugin and host, each under `{MARK} path -->`"),
        ));
    }
    findings
}

/// What README promises to come from somewhere, and what it shows.
struct Shown<'a> {
    line: usize,
    from: &'a str,
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
    const HOST: &str = "fn main() {\n    // README: open\n    open();\n    // README: end\n}\n";

    fn file(path: &str) -> Option<&'static str> {
        match path {
            "api.rs" => Some(API),
            "host.rs" => Some(HOST),
            _ => None,
        }
    }

    fn lines_found(text: &str) -> Vec<usize> {
        Finding::lines(&check("README.md", text, &file))
    }

    /// `text`, below two snippets that are as they should be: five lines each.
    fn after_two(text: &str) -> String {
        let fine = "<!-- from: api.rs -->\n\n```rust\npub trait Filter {}\n```\n";
        format!("{fine}{fine}{text}")
    }

    #[test]
    fn snippets_that_equal_their_source_are_fine() {
        let region = "<!-- from: host.rs#open -->\n```rust\nopen();\n```\n```sh\nls\n```\n";
        assert_eq!(lines_found(&after_two(region)), [0; 0]);
    }

    #[test]
    fn every_broken_promise_is_found_at_its_mark() {
        let cases = [
            "<!-- from: api.rs -->\n```rust\npub trait Filter;\n```\n",
            "<!-- from: api.rs -->\n```rust\n```\n",
            "<!-- from: api.rs -->\n```rust\npub trait Filter {}\nmore\n```\n",
            "<!-- from: none.rs -->\n```rust\n```\n",
            "<!-- from: host.rs#close -->\n```rust\n```\n",
            "<!-- from: api.rs -->\nNo block.\n",
        ];
        for text in cases {
            assert_eq!(lines_found(&after_two(text)), [11], "{text}");
        }
    }

    #[test]
    fn three_snippets_are_the_least() {
        assert_eq!(lines_found(&after_two("")), [1]);
        let quoted = "````md\n<!-- from: api.rs -->\n```rust\n```\n````\n";
        assert_eq!(lines_found(&after_two(quoted)), [1]);
    }
}
