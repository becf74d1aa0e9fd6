//! Formats explanations of errors for a terminal.

use super::page::Kind;
use crate::output::bold;

/// The maximum width of a line.
const WIDTH: usize = 100;

/// A line for each kind: its code, and the first sentence of its cause.
pub fn list(kinds: &[Kind]) -> String {
    let first = |cause: &'static str| cause.split_once(". ").map_or(cause, |(first, _)| first).trim_end_matches('.');
    kinds.iter().map(|kind| format!("{}  {}\n", bold(kind.code), first(kind.cause))).collect()
}

/// The full explanation of a kind.
pub fn explanation(kind: &Kind) -> String {
    let example: String = kind.example.lines().map(|line| format!("    {line}\n")).collect();
    let title = bold(&format!("{}: {}", kind.code, kind.name));
    format!("{title}\n\n{}\n{example}\n{}", wrapped(kind.cause), wrapped(&format!("What to do: {}", kind.fix)))
}

/// Wraps a paragraph to the maximum width.
fn wrapped(paragraph: &str) -> String {
    let (mut text, mut column) = (String::new(), 0);
    for word in paragraph.split_whitespace() {
        let len = word.chars().count();
        if column > 0 && column + 1 + len > WIDTH {
            text.push('\n');
            column = 0;
        }
        if column > 0 {
            text.push(' ');
            column += 1;
        }
        text.push_str(word);
        column += len;
    }
    text + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kind_is_printed_in_full_and_in_one_line() {
        let kind = Kind {
            code: "E99",
            name: "OpenError::Lost",
            cause: "It is lost. Nobody knows.",
            example: "E99: lost\nhelp: look",
            fix: "Look.",
        };
        let plain = |text: &str| anstream::adapter::strip_str(text).to_string();
        assert_eq!(plain(&list(&[kind, kind])), "E99  It is lost\nE99  It is lost\n");
        let expected = "E99: OpenError::Lost\n\nIt is lost. Nobody knows.\n\n    E99: lost\n    help: look\n\nWhat to do: Look.\n";
        assert_eq!(plain(&explanation(&kind)), expected);
    }

    #[test]
    fn long_lines_are_wrapped() {
        let long = "word ".repeat(60);
        assert_eq!(wrapped(&long).split_whitespace().count(), 60);
        assert!(wrapped(&long).lines().all(|line| line.len() <= WIDTH) && wrapped(&long).lines().count() == 3);
        assert_eq!(wrapped(&"x".repeat(150)).trim_end().len(), 150);
    }
}
