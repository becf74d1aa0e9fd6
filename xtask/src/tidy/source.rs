//! A Rust file as the rules read it: its text, and its code without what only looks like code.
//!
//! No parser: the rules ask for words and where they stand, and must also read files that don't
//! compile (the macros' ui tests).

use std::ops::Range;

mod mask;

/// One `.rs` file.
#[derive(Debug)]
pub(super) struct Source<'a> {
    text: &'a str,
    code: String,
}

impl<'a> Source<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, code: mask::code(text) }
    }

    /// The file as it is.
    pub(super) fn text(&self) -> &'a str {
        self.text
    }

    /// The file with comments, strings and characters blanked, line by line as in the text.
    pub(super) fn code(&self) -> &str {
        &self.code
    }

    /// The line, counted from 1, of an offset into the code.
    pub(super) fn line(&self, offset: usize) -> usize {
        self.code[..offset].matches('\n').count() + 1
    }
}

/// Every identifier and keyword of `code`, with its offset.
pub(super) fn words(code: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let start = from + code[from..].find(is_word)?;
        let length = code[start..].find(|c| !is_word(c));
        from = length.map_or(code.len(), |length| start + length);
        Some((start, &code[start..from]))
    })
}

/// Every attribute of `code`, `#[…]` or `#![…]`, brackets included.
pub(super) fn attributes(code: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (start, _) in code.match_indices('#') {
        let opens = code[start..].starts_with("#[") || code[start..].starts_with("#![");
        let inside = found.last().is_some_and(|last| last.contains(&start));
        if opens && !inside {
            let end = closing(code, start, '[', ']').map_or(code.len(), |at| at + 1);
            found.push(start..end);
        }
    }
    found
}

/// Where the first `open` after `from` is closed again.
pub(super) fn closing(code: &str, from: usize, open: char, close: char) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in code[from..].char_indices() {
        if c == open {
            depth += 1;
        } else if c == close && depth > 0 {
            depth -= 1;
            if depth == 0 {
                return Some(from + at);
            }
        }
    }
    None
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_with_their_offsets() {
        let found: Vec<_> = words("fn a_1(){}").collect();
        assert_eq!(found, [(0, "fn"), (3, "a_1")]);
    }

    #[test]
    fn attributes_may_nest_brackets() {
        let code = "#![a]\n#[b(c[1])] fn f() { x[#y] }";
        let found: Vec<_> = attributes(code).into_iter().map(|r| &code[r]).collect();
        assert_eq!(found, ["#![a]", "#[b(c[1])]"]);
    }

    #[test]
    fn a_bracket_is_closed_by_its_own_partner() {
        assert_eq!(closing("f { { } } }", 0, '{', '}'), Some(8));
        assert_eq!(closing("f { {", 0, '{', '}'), None);
    }

    #[test]
    fn lines_are_those_of_the_text() {
        let source = Source::new("/* a\n */ let x = \"é\n\";\nend");
        let end = source.code().find("end").expect("code is kept");
        assert_eq!(source.line(end), 4);
    }
}
