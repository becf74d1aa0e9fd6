//! A function of a file: its ids, whether it is a test, and whether it can fail.

use crate::tidy::source::{Source, closing, words};
use std::collections::HashSet;
use std::ops::Range;

/// What fails when something is not as it should be. `success` alone is too little: it is what every program does.
const ASSERTIONS: [&str; 12] = [
    "assert",
    "assert_eq",
    "assert_ne",
    "panic",
    "unwrap_err",
    "expect_err",
    // Of what a program that was run says.
    "prints",
    "never_prints",
    "says",
    "never_says",
    "ended",
    // Of the macros' tests.
    "compile_fail",
];

/// A function.
pub(super) struct Function<'s> {
    code: &'s str,
    start: usize,
    body: Range<usize>,
}

impl<'s> Function<'s> {
    /// The function of this name.
    pub(super) fn find(source: &'s Source<'_>, name: &str) -> Option<Self> {
        let code = source.code();
        let (start, _) = functions(code).find(|(_, found)| *found == name)?;
        // A test has no arguments with braces in them.
        let open = start + code[start..].find('{')?;
        Some(Self { code, start, body: open..closing(code, open, '{', '}')? })
    }

    /// Whether the attribute stands above it.
    pub(super) fn is_test(&self) -> bool {
        let before = &self.code[..self.start];
        let item = before.rfind(['}', ';', '{']).map_or(0, |end| end + 1);
        before[item..].contains("#[test]")
    }

    /// Whether something in it can fail, or in the functions of this file that it calls.
    pub(super) fn asserts(&self) -> bool {
        let mut seen = HashSet::new();
        let mut bodies = vec![&self.code[self.body.clone()]];
        while let Some(body) = bodies.pop() {
            for (_, word) in words(body) {
                if ASSERTIONS.contains(&word) {
                    return true;
                }
                if seen.insert(word) {
                    bodies.extend(functions(self.code).filter(|(_, name)| *name == word).filter_map(|(at, _)| {
                        let open = at + self.code[at..].find('{')?;
                        Some(&self.code[open..closing(self.code, open, '{', '}')?])
                    }));
                }
            }
        }
        false
    }
}

/// The names of a file's functions.
pub(super) fn names<'s>(source: &'s Source<'_>) -> impl Iterator<Item = &'s str> {
    functions(source.code()).map(|(_, name)| name)
}

/// Every `fn` with a name: where it stands, and the name.
fn functions(code: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut after_fn = None;
    words(code).filter_map(move |(at, word)| {
        let start = after_fn.take();
        if word == "fn" {
            after_fn = Some(at);
            return None;
        }
        // `fn(u32)` is a type: something stands between.
        start.filter(|&start| code[start + "fn".len()..at].trim().is_empty()).map(|start| (start, word))
    })
}

/// The ids that a name begins with: `b08` and `f14` of `b08_f14_new_content`.
pub(super) fn ids(name: &str) -> Vec<&str> {
    let is_id = |part: &&str| {
        let bytes = part.as_bytes();
        matches!(bytes, [letter, tens, ones] if b"sebghf".contains(letter) && tens.is_ascii_digit() && ones.is_ascii_digit())
    };
    name.split('_').take_while(is_id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_begin_with_ids() {
        let cases: [(&str, &[&str]); 5] = [
            ("b03_same_type", &["b03"]),
            ("b08_f14_new_content", &["b08", "f14"]),
            ("same_type_b03", &[]),
            ("s1_short", &[]),
            ("x01_unknown", &[]),
        ];
        for (name, expected) in cases {
            assert_eq!(ids(name), expected, "{name}");
        }
    }

    #[test]
    fn what_a_function_calls_counts() {
        let text = "fn a() { let x: fn(u8) = b; x(1) }\nfn b(_: u8) { c() }\nfn c() { assert!(true) }\nfn d() { e() }\nfn e() { d() }\n\
                    fn f() { \"assert\"; /* assert */ }\n";
        let source = Source::new(text);
        let asserting: Vec<_> = names(&source).filter(|name| Function::find(&source, name).is_some_and(|found| found.asserts())).collect();
        assert_eq!(asserting, ["a", "b", "c"]);
    }

    #[test]
    fn tests_have_the_attribute() {
        let source = Source::new("#[test]\n#[should_panic]\nfn a() {}\n/// Not a #[test].\nfn b() {}\nmod m { #[test] fn c() {} }\n");
        let tests: Vec<_> = names(&source).filter(|name| Function::find(&source, name).is_some_and(|found| found.is_test())).collect();
        assert_eq!(tests, ["a", "c"]);
    }
}
