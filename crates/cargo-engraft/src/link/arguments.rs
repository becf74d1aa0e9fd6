//! The linker's arguments as rustc gives them: response files read, and the few that Engraft acts on told apart.

use anyhow::{Context, Result, ensure};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The arguments, with `@file` replaced by what is in the file.
///
/// rustc falls back to a response file when a command line grows too long for the system. There it writes
/// one argument a line, with a backslash before spaces, quotes and backslashes (`rustc_codegen_ssa::back::command`).
pub fn expand(arguments: &[OsString]) -> Result<Vec<String>> {
    let mut expanded = Vec::with_capacity(arguments.len());
    for argument in arguments {
        let argument = argument.to_str().with_context(|| format!("a linker argument is not UTF-8: {}", argument.to_string_lossy()))?;
        expanded.extend(expand_word(argument)?);
    }
    Ok(expanded)
}

/// One word, or if it is `@file`, the words of that file, which may name others.
pub fn expand_word(word: &str) -> Result<Vec<String>> {
    /// Deeper than anybody nests them; a file that names itself ends here.
    const DEEPEST: usize = 16;
    fn expand(word: &str, depth: usize, into: &mut Vec<String>) -> Result<()> {
        let Some(file) = word.strip_prefix('@').filter(|file| !file.is_empty()) else {
            into.push(word.to_owned());
            return Ok(());
        };
        ensure!(depth < DEEPEST, "the response file {file} names others, more than {DEEPEST} deep");
        let text = std::fs::read_to_string(file).with_context(|| format!("failed to read the response file {file}"))?;
        parse_response(&text).iter().try_for_each(|word| expand(word, depth + 1, into))
    }
    let mut words = Vec::new();
    expand(word, 0, &mut words)?;
    Ok(words)
}

/// The arguments without those by which rustc and people ask for a file without symbols.
#[must_use]
pub fn with_symbols(arguments: &[String]) -> Vec<String> {
    let strips = |argument: &&String| ["-s", "-Wl,-s", "-Wl,--strip-all"].contains(&argument.as_str());
    arguments.iter().filter(|argument| !strips(argument)).cloned().collect()
}

/// The words of a response file, by the rules of GCC and clang: blanks separate, quotes group, a backslash escapes.
#[must_use]
pub fn parse_response(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => word.get_or_insert_default().extend(characters.next()),
            '"' | '\'' if quote == Some(character) => quote = None,
            '"' | '\'' if quote.is_none() => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            blank if blank.is_whitespace() && quote.is_none() => words.extend(word.take()),
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    words
}

/// The text of a response file with these words.
#[must_use]
pub fn write_response(words: &[String]) -> String {
    let mut text = String::new();
    for word in words {
        if word.is_empty() {
            text.push_str("\"\"");
        }
        for character in word.chars() {
            if matches!(character, '\\' | '"' | '\'') || character.is_whitespace() {
                text.push('\\');
            }
            text.push(character);
        }
        text.push('\n');
    }
    text
}

/// What one argument is to Engraft.
#[derive(Debug, PartialEq, Eq)]
pub enum Kind<'a> {
    /// A Rust library.
    Library(&'a Path),
    /// An object file.
    Object(&'a Path),
    /// Anything else.
    Other,
}

/// What an argument is.
#[must_use]
pub fn kind(argument: &str) -> Kind<'_> {
    let path = Path::new(argument);
    if argument.starts_with('-') {
        return Kind::Other;
    }
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("rlib") => Kind::Library(path),
        Some("o") => Kind::Object(path),
        _ => Kind::Other,
    }
}

/// The directories of `-L`.
pub fn search_directories(arguments: &[String]) -> impl Iterator<Item = &Path> {
    let glued = arguments.iter().filter_map(|argument| argument.strip_prefix("-L").filter(|dir| !dir.is_empty()));
    let separate = arguments.windows(2).filter(|pair| pair[0] == "-L").map(|pair| pair[1].as_str());
    glued.chain(separate).map(Path::new)
}

/// The path after `-o`.
#[must_use]
pub fn output(arguments: &[String]) -> Option<PathBuf> {
    let at = arguments.iter().position(|argument| argument == "-o")?;
    arguments.get(at + 1).map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn response_files_come_back_as_written() {
        for words in [vec![], vec!["-o", "a b"], vec!["it's", "back\\slash", "quo\"te"], vec!["", "x"], vec!["tab\there", "ü"]] {
            let words: Vec<String> = words.into_iter().map(str::to_owned).collect();
            assert_eq!(parse_response(&write_response(&words)), words);
        }
        assert_eq!(parse_response("\"a b\" 'c \"d'\\ e\n\nf"), ["a b", "c \"d e", "f"]);
    }

    #[test]
    fn only_what_leaves_out_symbols_is_left_out() {
        let words = ["-s", "-shared", "-Wl,--strip-all", "-Wl,--strip-debug", "a.o"].map(str::to_owned);
        assert_eq!(with_symbols(&words), ["-shared", "-Wl,--strip-debug", "a.o"]);
    }

    #[test]
    fn arguments_are_told_apart() {
        assert_eq!(kind("/t/libapi-1.rlib"), Kind::Library(Path::new("/t/libapi-1.rlib")));
        assert_eq!(kind("/t/a.rcgu.o"), Kind::Object(Path::new("/t/a.rcgu.o")));
        assert_eq!(kind("-Wl,--version-script=/t/list"), Kind::Other);
        assert_eq!(kind("-l:libx.rlib"), Kind::Other);
        assert_eq!(output(&["-o".into(), "x".into()]), Some("x".into()));
        assert_eq!(output(&["-o".into()]), None);
    }
}
