//! Rule: every dependency says why it is one, in a comment directly above it or on its line.
//!
//! Read line by line, not as TOML: comments are what TOML readers drop.

use super::finding::Finding;

const TABLE: &str = "workspace.dependencies";

pub(super) fn check(path: &str, text: &str) -> Vec<Finding> {
    dependencies(text)
        .into_iter()
        .filter(|dependency| !dependency.has_reason && !dependency.is_path)
        .map(|dependency| {
            Finding::new(
                path,
                dependency.line,
                format!("the dependency `{}` gives no reason", dependency.name),
                "say in a comment directly above it, or on its line, what it is for",
            )
        })
        .collect()
}

struct Dependency<'a> {
    name: &'a str,
    line: usize,
    has_reason: bool,
    is_path: bool,
}

fn dependencies(text: &str) -> Vec<Dependency<'_>> {
    let mut found: Vec<Dependency<'_>> = Vec::new();
    let (mut place, mut above, mut depth) = (Place::Elsewhere, false, 0_i32);
    for (index, line) in text.lines().enumerate() {
        let (code, comment) = split_comment(line);
        let code = code.trim();
        // In `[workspace.dependencies]` an entry begins on each line that continues none;
        // a table of its own, `[workspace.dependencies.name]`, is one entry.
        let mut begins = None;
        if depth == 0 && code.starts_with('[') {
            place = Place::of_header(code);
            begins = Place::own_name(code);
        } else if depth == 0 && place == Place::Table {
            begins = code.split_once('=').map(|(key, _)| key.trim());
        }
        if let Some(name) = begins {
            found.push(Dependency { name, line: index + 1, has_reason: above || comment.is_some_and(is_reason), is_path: false });
        }
        if let Some(last) = found.last_mut().filter(|_| place != Place::Elsewhere) {
            last.is_path |= has_key(code, "path");
        }
        depth += nesting(code);
        above = code.is_empty() && comment.is_some_and(is_reason);
    }
    found
}

#[derive(PartialEq, Eq)]
enum Place {
    /// In `[workspace.dependencies]`.
    Table,
    /// In `[workspace.dependencies.name]`.
    OwnTable,
    Elsewhere,
}

impl Place {
    fn of_header(header: &str) -> Self {
        if header == format!("[{TABLE}]") {
            Self::Table
        } else if Self::own_name(header).is_some() {
            Self::OwnTable
        } else {
            Self::Elsewhere
        }
    }

    fn own_name(header: &str) -> Option<&str> {
        let name = header.strip_prefix('[')?.strip_suffix(']')?;
        name.strip_prefix(TABLE)?.strip_prefix('.')
    }
}

/// The code of a line and, when it has one, its comment without the `#`.
fn split_comment(line: &str) -> (&str, Option<&str>) {
    let mut quote = None;
    for (at, c) in line.char_indices() {
        match (quote, c) {
            (None, '#') => return (&line[..at], Some(&line[at + 1..])),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), _) if c == open => quote = None,
            _ => {}
        }
    }
    (line, None)
}

/// A rule drawn over a group, `# --- tests only ---`, is no reason.
fn is_reason(comment: &str) -> bool {
    let comment = comment.trim();
    !comment.is_empty() && !comment.starts_with("---")
}

fn has_key(code: &str, key: &str) -> bool {
    code.split(['{', ',', '}']).filter_map(|part| part.split_once('=')).any(|(name, _)| name.trim() == key)
}

fn nesting(code: &str) -> i32 {
    let count = |brackets: [char; 2]| i32::try_from(code.matches(brackets).count()).unwrap_or(0);
    count(['{', '[']) - count(['}', ']'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_stands_above_or_on_the_line() {
        let cases: [(&str, &[usize]); 12] = [
            ("# Why.\nlibc = \"0.2\"", &[]),
            ("libc = \"0.2\" # Why.", &[]),
            ("libc = \"0.2\"", &[2]),
            ("# Why.\n\nlibc = \"0.2\"", &[4]),
            ("# Why.\nserde = \"1\"\nserde_json = \"1\"", &[4]),
            ("# --- tests only ---\nlibc = \"0.2\"", &[3]),
            ("#\nlibc = \"0.2\"", &[3]),
            ("libc = { git = \"https://a/#b\" }", &[2]),
            ("engraft = { path = \"crates/engraft\" }", &[]),
            ("# Why.\nsyn = { features = [\n  \"full\",\n] }\nquote = \"1\"", &[6]),
            ("[workspace.dependencies.libc]\nversion = \"0.2\"", &[2]),
            ("# Why.\n[workspace.dependencies.libc]\nversion = \"0.2\"", &[]),
        ];
        for (entries, expected) in cases {
            let text = format!("[workspace.dependencies]\n{entries}\n[profile.dev]\nopt-level = 3\n");
            let found = Finding::lines(&check("Cargo.toml", &text));
            assert_eq!(found, expected, "{entries:?}");
        }
    }

    #[test]
    fn other_tables_and_paths_of_their_own_table_need_none() {
        let text = "[dependencies]\nlibc = \"0.2\"\n[workspace.dependencies.engraft]\npath = \"a\"\n";
        assert_eq!(check("Cargo.toml", text), []);
    }
}
