//! Rule: links on our pages lead somewhere: to a file of the repository, and to a heading in it.
//!
//! The book has only what is in `docs/`. A page of it names other files by their address, which is looked for here too.

use super::Texts;
use super::finding::Finding;
use super::markdown::{self, At};

/// The directory of the book's pages.
const BOOK: &str = "docs/";
/// How a page of the book names a file, or a directory, that is no part of the book.
const OUTSIDE: [&str; 2] = ["https://github.com/engraft/engraft/blob/main/", "https://github.com/engraft/engraft/tree/main/"];

pub(super) fn check(path: &str, text: &str, texts: &Texts) -> Vec<Finding> {
    markdown::links(text).into_iter().filter_map(|link| judge(path, text, &link, texts)).collect()
}

fn judge(path: &str, text: &str, link: &At<String>, texts: &Texts) -> Option<Finding> {
    let finding = |wrong: String, mend: &str| Some(Finding::new(path, link.line, wrong, mend));
    let (target, anchor) = match link.what.split_once('#') {
        Some((target, anchor)) => (target, Some(anchor)),
        None => (link.what.as_str(), None),
    };
    let outside = OUTSIDE.iter().find_map(|address| target.strip_prefix(address));
    if outside.is_none() && (target.contains("://") || target.starts_with("mailto:")) {
        return None;
    }
    let file = match (outside, target) {
        (Some(file), _) => file.trim_end_matches('/').to_owned(),
        (None, "") => path.to_owned(),
        (None, relative) => resolve(path, relative),
    };
    if outside.is_none() && path.starts_with(BOOK) && !file.starts_with(BOOK) {
        return finding(format!("{target} leads out of the book"), &format!("write {}{file}", OUTSIDE[0]));
    }
    let is_directory = || texts.keys().any(|path| path.strip_prefix(&file).is_some_and(|rest| rest.starts_with('/')));
    let Some(found) = texts.get(&file).map(String::as_str).or_else(|| (file == path).then_some(text)) else {
        return match is_directory() {
            true => None,
            false => finding(format!("the link {} leads nowhere: there is no {file}", link.what), "correct it"),
        };
    };
    let anchor = anchor.filter(|anchor| file.ends_with(".md") && !markdown::anchors(found).contains(*anchor))?;
    finding(format!("{file} has no heading `#{anchor}`"), "name one that is there")
}

/// The path that a link on the page `path` leads to.
fn resolve(path: &str, relative: &str) -> String {
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    for part in relative.split('/') {
        match part {
            ".." => {
                parts.pop();
            }
            "." | "" => {}
            name => parts.push(name),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts() -> Texts {
        let files = [
            ("README.md", "# Engraft\n"),
            ("docs/errors.md", "# Errors\n\n## E01: `OpenError::Incompatible`\n"),
            ("docs/check.schema.json", "{}"),
            ("examples/hello/Cargo.toml", ""),
        ];
        files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
    }

    fn found(path: &str, text: &str) -> usize {
        check(path, text, &texts()).len()
    }

    #[test]
    fn links_that_lead_somewhere_are_fine() {
        for (path, link) in [
            ("README.md", "docs/errors.md#e01-openerrorincompatible"),
            ("README.md", "examples/hello"),
            ("README.md", "https://example.org/no.md"),
            ("docs/start.md", "errors.md"),
            ("docs/start.md", "./errors.md#errors"),
            ("docs/start.md", "check.schema.json"),
            ("docs/start.md", "#start"),
            ("docs/start.md", "https://github.com/engraft/engraft/blob/main/README.md#engraft"),
            ("docs/start.md", "https://github.com/engraft/engraft/tree/main/examples/hello"),
        ] {
            assert_eq!(found(path, &format!("# Start\n\n[x]({link})\n")), 0, "{path}: {link}");
        }
    }

    #[test]
    fn links_that_lead_nowhere_are_found() {
        for (path, link) in [
            ("README.md", "docs/error.md"),
            ("README.md", "docs/errors.md#e02"),
            ("docs/start.md", "concepts.md"),
            ("docs/start.md", "#end"),
            ("docs/start.md", "../README.md"),
            ("docs/start.md", "../examples/hello"),
            ("docs/start.md", "https://github.com/engraft/engraft/blob/main/docs/start2.md"),
            ("docs/start.md", "https://github.com/engraft/engraft/blob/main/README.md#start"),
        ] {
            assert_eq!(found(path, &format!("# Start\n\n[x]({link})\n")), 1, "{path}: {link}");
        }
    }
}
