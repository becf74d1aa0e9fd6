//! Rule: `main.rs`, `lib.rs` and `mod.rs` hold no logic: they are the table of contents.
//!
//! Logic is what decides, repeats or binds; items and re-exports are none. The `fn main` of a
//! `main.rs` may do so in a few lines, for it is what chooses who does the work.

use super::finding::Finding;
use super::path_pattern;
use super::source::{Source, attributes, closing, words};

/// Not examples and fixtures: a program of one page is best read on that page.
const WHERE: [&str; 5] = ["crates/**", "xtask/**", "benchmarks/work/**", "benchmarks/protocol/**", "benchmarks/runner/**"];
const ENTRY_FILES: [&str; 3] = ["main.rs", "lib.rs", "mod.rs"];
const LOGIC: [&str; 6] = ["if", "match", "for", "while", "loop", "let"];
const MAIN_LINES: usize = 12;

pub(super) fn check(path: &str, source: &Source<'_>) -> Vec<Finding> {
    let applies = WHERE.iter().any(|pattern| path_pattern::matches(pattern, path));
    let name = path.rsplit('/').next().unwrap_or(path);
    if !applies || !ENTRY_FILES.contains(&name) {
        return Vec::new();
    }
    let mut findings = Vec::new();
    let mut exempt = attributes(source.code());
    if let Some(body) = (name == "main.rs").then(|| main_body(source)).flatten() {
        let lines = source.line(body.end) - source.line(body.start);
        if lines > MAIN_LINES + 1 {
            findings.push(Finding::new(
                path,
                source.line(body.start),
                format!("`fn main` has more than {MAIN_LINES} lines"),
                "move what it does into a module, and call that",
            ));
        }
        exempt.push(body);
    }
    let logic = words(source.code()).filter(|(at, word)| {
        LOGIC.contains(word) && !exempt.iter().any(|range| range.contains(at)) && !(*word == "for" && is_no_loop(source.code(), *at))
    });
    findings.extend(logic.map(|(at, word)| {
        Finding::new(
            path,
            source.line(at),
            format!("`{word}` in {name}, which holds no logic"),
            "move it into a module named after what it does",
        )
    }));
    findings
}

fn main_body(source: &Source<'_>) -> Option<std::ops::Range<usize>> {
    let code = source.code();
    let start = code.find("fn main(")?;
    let open = start + code[start..].find('{')?;
    Some(open..closing(code, open, '{', '}')?)
}

/// `for` in `impl Trait for Type` and in `for<'a>`.
fn is_no_loop(code: &str, at: usize) -> bool {
    let before = &code[..at];
    let statement = before.rfind(['{', '}', ';']).map_or(0, |end| end + 1);
    let implements = words(&before[statement..]).any(|(_, word)| word == "impl");
    implements || code[at + "for".len()..].trim_start().starts_with('<')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines_found(path: &str, text: &str) -> Vec<usize> {
        Finding::lines(&check(path, &Source::new(text)))
    }

    #[test]
    fn a_table_of_contents_is_fine() {
        let text = "//! If in doubt, let it match.\n#![cfg_attr(x, allow(for))]\nmod open;\n\
                    pub use open::open;\nimpl<T> Trait for T {}\nfn f<F>(f: F) where F: for<'a> Fn(&'a u8) {}\n\
                    pub fn export(a: T, b: T) -> T { export::expand(a, b) }\n";
        for path in ["crates/engraft/src/lib.rs", "crates/engraft/src/main.rs"] {
            assert_eq!(lines_found(path, text), [0; 0]);
        }
    }

    #[test]
    fn logic_is_found_where_it_stands() {
        let text = "mod a;\nfn f() {\n    let x = 1;\n    if x > 0 { for y in z {} }\n}\n";
        assert_eq!(lines_found("crates/a/src/lib.rs", text), [3, 4, 4]);
        assert_eq!(lines_found("crates/a/tests/it/mod.rs", text), [3, 4, 4]);
        assert_eq!(lines_found("crates/a/src/open.rs", text), [0; 0]);
        assert_eq!(lines_found("examples/a/src/lib.rs", text), [0; 0]);
    }

    #[test]
    fn main_may_decide_in_a_few_lines() {
        let main = |lines| format!("mod a;\nfn main() {{\n{}}}\n", "if a::b() {}\n".repeat(lines));
        assert_eq!(lines_found("xtask/src/main.rs", &main(12)), [0; 0]);
        assert_eq!(lines_found("xtask/src/main.rs", &main(13)), [2]);
        let beside = "fn main() {}\nfn f() { while true {} }\n";
        assert_eq!(lines_found("xtask/src/main.rs", beside), [2]);
    }
}
