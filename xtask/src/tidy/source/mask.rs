//! Blanks what only looks like code: comments, strings, characters.

/// `text` with every comment, string and character literal replaced by spaces, newlines kept.
pub(super) fn code(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let blank = comment(rest).or_else(|| raw_string(rest)).or_else(|| string(rest)).or_else(|| character(rest));
        // A word is kept whole, or the `r` at the end of `for"…"` would begin a raw string.
        let length = blank.unwrap_or_else(|| word(rest).unwrap_or(first.len_utf8()));
        let (token, after) = rest.split_at(length);
        let keep = |c| blank.is_none() || c == '\n';
        code.extend(token.chars().map(|c| if keep(c) { c } else { ' ' }));
        rest = after;
    }
    code
}

fn comment(rest: &str) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if !rest.starts_with("/*") {
        return None;
    }
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        // Bytes, because both marks are ASCII and so never inside another character.
        match rest.as_bytes().get(at..at + 2) {
            Some(b"/*") => (depth, at) = (depth + 1, at + 2),
            Some(b"*/") => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return Some(at);
        }
    }
    Some(rest.len())
}

/// `r"…"`, `r#"…"#` and the same after `b` and `c`.
fn raw_string(rest: &str) -> Option<usize> {
    let prefix = ["r", "br", "cr"].into_iter().find(|prefix| rest.starts_with(prefix))?;
    let after = &rest[prefix.len()..];
    let hashes = after.len() - after.trim_start_matches('#').len();
    let content = after[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let length = content.find(&end).map(|at| at + end.len());
    Some(prefix.len() + hashes + 1 + length.unwrap_or(content.len()))
}

/// `"…"`. A `b` or `c` before it was kept as a word, which no rule minds.
fn string(rest: &str) -> Option<usize> {
    let content = rest.strip_prefix('"')?;
    let mut escaped = false;
    for (at, c) in content.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(at + 2),
            _ => {}
        }
    }
    Some(rest.len())
}

/// `'x'` and `'\…'`, but not the lifetime `'x`.
fn character(rest: &str) -> Option<usize> {
    let content = rest.strip_prefix('\'')?;
    let mut chars = content.chars();
    let first = chars.next()?;
    if first == '\\' {
        let escaped = chars.next()?.len_utf8();
        let skipped = 1 + escaped;
        return Some(1 + skipped + content[skipped..].find('\'')? + 1);
    }
    (chars.next() == Some('\'')).then(|| first.len_utf8() + 2)
}

fn word(rest: &str) -> Option<usize> {
    let length = rest.find(|c: char| c != '_' && !c.is_alphanumeric()).unwrap_or(rest.len());
    (length > 0).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::code;

    #[test]
    fn only_code_is_left() {
        let cases = [
            ("a // b\nc", "a     \nc"),
            ("a /* b /* c */ d */ e", "a                   e"),
            ("a /* b", "a     "),
            (r#"f("unsafe \" if") g"#, "f(              ) g"),
            (r##"r#"a " if"# b"##, "            b"),
            (r#"br"a\" b"#, "       b"),
            ("r#match + for\"x\"", "r#match + for   "),
            ("'a' '\\'' '\\u{1}' b'x'", "                 b   "),
            ("fn f<'a>(x: &'a str)", "fn f<'a>(x: &'a str)"),
            ("\"é\n\" x", "  \n  x"),
        ];
        for (text, expected) in cases {
            assert_eq!(code(text), expected, "of {text:?}");
        }
    }
}
