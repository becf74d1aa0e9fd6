//! Rule: a module is named after what it does. A name that fits everything attracts everything.

use super::finding::Finding;
use super::source::{Source, words};

const VAGUE: [&str; 8] = ["util", "utils", "helper", "helpers", "common", "manager", "managers", "misc"];

pub(super) fn check(path: &str, source: &Source<'_>) -> Vec<Finding> {
    let of_file = path.split('/').map(|name| name.strip_suffix(".rs").unwrap_or(name)).map(|name| (1, name));
    let all: Vec<_> = words(source.code()).collect();
    // `mod utils;` is found at its file; `mod utils { … }` has none.
    let inline = all.windows(2).filter_map(|pair| match *pair {
        [(_, "mod"), (at, name)] if opens_block(source.code(), at + name.len()) => Some((source.line(at), name)),
        _ => None,
    });
    of_file
        .chain(inline)
        .filter(|(_, name)| VAGUE.contains(name))
        .map(|(line, name)| {
            Finding::new(
                path,
                line,
                format!("`{name}` as a module's name says nothing"),
                "name it after what it does, or move its parts to where they are used",
            )
        })
        .collect()
}

fn opens_block(code: &str, after_name: usize) -> bool {
    code[after_name..].trim_start().starts_with('{')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vague_names_are_found_in_paths_and_in_text() {
        let cases: [(&str, &str, &[usize]); 8] = [
            ("crates/a/src/link_plan.rs", "mod plan {}\n", &[]),
            ("crates/a/src/utils.rs", "", &[1]),
            ("crates/a/src/common/elf.rs", "", &[1]),
            ("crates/a/tests/common/mod.rs", "", &[1]),
            ("crates/a/src/link.rs", "\nmod helpers {\n}\n", &[2]),
            ("crates/a/src/link.rs", "mod utils;\n", &[]),
            ("crates/a/src/link.rs", "// mod misc {}\nfn common() {}\n", &[]),
            ("crates/a/src/utilisation.rs", "", &[]),
        ];
        for (path, text, expected) in cases {
            let found = Finding::lines(&check(path, &Source::new(text)));
            assert_eq!(found, expected, "{path}: {text:?}");
        }
    }
}
