//! A page as mdBook reads it: its links, the names of its headings, its fenced blocks. Each with its line, counted from 1.

use std::collections::HashSet;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// Something on a page, and its line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct At<T> {
    pub(super) line: usize,
    pub(super) what: T,
}

/// Where the page's links lead, as they are written; pictures too.
pub(super) fn links(text: &str) -> Vec<At<String>> {
    events(text)
        .filter_map(|At { line, what }| match what {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => Some(At { line, what: dest_url.into_string() }),
            _ => None,
        })
        .collect()
}

/// What may stand behind the `#` of a link to this page: mdBook makes it of a heading's words, and so does GitHub.
pub(super) fn anchors(text: &str) -> HashSet<String> {
    let mut anchors = HashSet::new();
    let mut heading: Option<String> = None;
    for At { what, .. } in events(text) {
        match (what, &mut heading) {
            (Event::Start(Tag::Heading { .. }), _) => heading = Some(String::new()),
            (Event::Text(words) | Event::Code(words), Some(heading)) => heading.push_str(&words),
            (Event::End(TagEnd::Heading(_)), Some(words)) => {
                let name = anchor(words);
                let again = (1..).map(|number| format!("{name}-{number}"));
                let free = std::iter::once(name.clone()).chain(again).find(|name| !anchors.contains(name));
                anchors.extend(free);
                heading = None;
            }
            _ => {}
        }
    }
    anchors
}

/// The words behind the opening backticks of each fenced block; they begin with the language.
pub(super) fn fences(text: &str) -> Vec<At<String>> {
    events(text)
        .filter_map(|At { line, what }| match what {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(words))) => Some(At { line, what: words.into_string() }),
            _ => None,
        })
        .collect()
}

fn events(text: &str) -> impl Iterator<Item = At<Event<'_>>> {
    let parser = Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES);
    parser.into_offset_iter().map(|(what, range)| At { line: text[..range.start].matches('\n').count() + 1, what })
}

fn anchor(words: &str) -> String {
    let kept = |c: char| match c {
        '_' | '-' => Some(c),
        c if c.is_alphanumeric() => Some(c),
        c if c.is_whitespace() => Some('-'),
        _ => None,
    };
    words.trim().to_lowercase().chars().filter_map(kept).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines_and_words(found: Vec<At<String>>) -> Vec<(usize, String)> {
        found.into_iter().map(|At { line, what }| (line, what)).collect()
    }

    #[test]
    fn links_are_found_where_they_are_links() {
        let text = "# A\n\n[a](b.md#c) and ![d](e.svg)\n\n```text\n[no](no.md)\n```\n\n| `[no](no.md)` | [x](y) |\n|---|---|\n| [in](cell.md) | |\n";
        let found = lines_and_words(links(text));
        let found: Vec<_> = found.iter().map(|(line, link)| (*line, link.as_str())).collect();
        assert_eq!(found, [(3, "b.md#c"), (3, "e.svg"), (9, "y"), (11, "cell.md")]);
    }

    #[test]
    fn anchors_are_made_of_the_words_of_headings() {
        let text = "# E01: `OpenError::Incompatible`\n\n## Another key, and more\n\n## Twice\n\n## Twice\n\nNo heading\n";
        let mut found: Vec<_> = anchors(text).into_iter().collect();
        found.sort();
        assert_eq!(found, ["another-key-and-more", "e01-openerrorincompatible", "twice", "twice-1"]);
    }

    #[test]
    fn fences_tell_their_language() {
        let text = "```rust,ignore\n```\n\n```\n```\n\n    indented\n\n- item\n\n  ```sh\n  ls\n  ```\n";
        let expected = [(1, "rust,ignore".to_owned()), (4, String::new()), (11, "sh".to_owned())];
        assert_eq!(lines_and_words(fences(text)), expected);
    }
}
