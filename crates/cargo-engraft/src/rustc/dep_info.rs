//! Reads the dependency file (`.d`, in make's syntax) in which rustc names the sources of a crate, and the variables that it reads.

use std::path::PathBuf;

/// The source files of the first rule, in the order of the file. Spaces in names are escaped with a backslash.
#[must_use]
pub fn sources(dep_info: &str) -> Vec<PathBuf> {
    let rule = dep_info.lines().find(|line| !line.starts_with('#') && line.contains(": "));
    let Some((_, files)) = rule.and_then(|line| line.split_once(": ")) else { return Vec::new() };
    let mut sources = Vec::new();
    let mut name = String::new();
    let mut characters = files.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => name.extend(characters.next()),
            ' ' => push(&mut sources, &mut name),
            other => name.push(other),
        }
    }
    push(&mut sources, &mut name);
    sources
}

/// The variables that the crate's source reads by `env!` and `option_env!`, where they are set.
#[must_use]
pub fn variables(dep_info: &str) -> Vec<(String, String)> {
    let lines = dep_info.lines().filter_map(|line| line.strip_prefix("# env-dep:")?.split_once('='));
    lines.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// The text with a variable that the crate depends on as if its source read it: cargo compares that with its own environment.
#[must_use]
pub fn with_variable(dep_info: &str, name: &str, value: Option<&str>) -> String {
    let value = value.map_or_else(String::new, |value| format!("={value}"));
    format!("{dep_info}\n# env-dep:{name}{value}\n")
}

/// The text with more files that the crate depends on. cargo reads only the first rule.
#[must_use]
pub fn with_sources(dep_info: &str, more: &[PathBuf]) -> String {
    let escaped = |path: &PathBuf| format!(" {}", path.display().to_string().replace('\\', "\\\\").replace(' ', "\\ "));
    let more: String = more.iter().map(escaped).collect();
    let mut is_first = true;
    let mut line = |line: &str| {
        let is_rule = !line.starts_with('#') && line.contains(": ");
        let more = if is_rule && std::mem::take(&mut is_first) { more.as_str() } else { "" };
        format!("{line}{more}\n")
    };
    dep_info.lines().map(&mut line).collect()
}

fn push(sources: &mut Vec<PathBuf>, name: &mut String) {
    if !name.is_empty() {
        sources.push(std::mem::take(name).into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_spaces_are_whole() {
        let text = "/t/a.d: src/lib.rs src/a\\ b.rs\n\n/t/liba.rmeta: src/lib.rs\n\nsrc/lib.rs:\n";
        assert_eq!(sources(text), [PathBuf::from("src/lib.rs"), PathBuf::from("src/a b.rs")]);
        assert_eq!(sources("# env-dep:X=1: 2\n"), Vec::<PathBuf>::new());
        assert_eq!(sources(""), Vec::<PathBuf>::new());
    }

    #[test]
    fn a_variable_is_added_whether_it_is_set_or_not() {
        let text = "/t/a.d: src/lib.rs\n";
        assert_eq!(variables(&with_variable(text, "X", Some("1"))), [("X".to_owned(), "1".to_owned())]);
        assert_eq!(with_variable(text, "X", None), "/t/a.d: src/lib.rs\n\n# env-dep:X\n");
    }

    #[test]
    fn files_are_added_to_the_first_rule() {
        let text = with_sources("# x: y\n/t/a.d: src/lib.rs\n\n/t/liba.rmeta: src/lib.rs\n", &["/w/Cargo.toml".into(), "/a b\\c".into()]);
        assert_eq!(text, "# x: y\n/t/a.d: src/lib.rs /w/Cargo.toml /a\\ b\\\\c\n\n/t/liba.rmeta: src/lib.rs\n");
        assert_eq!(sources(&text), [PathBuf::from("src/lib.rs"), "/w/Cargo.toml".into(), "/a b\\c".into()]);
    }

    #[test]
    fn variables_that_are_set_are_read() {
        let text = "/t/a.d: src/lib.rs\n\n# env-dep:TAG=a=b\n# env-dep:UNSET\n";
        assert_eq!(variables(text), [("TAG".to_owned(), "a=b".to_owned())]);
    }
}
