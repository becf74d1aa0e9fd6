//! Rule: the book has every page of `docs/`, each once. mdBook leaves out silently what `docs/SUMMARY.md` does not name.

use super::Texts;
use super::finding::Finding;
use super::markdown;

/// The book's table of contents.
pub(super) const PATH: &str = "docs/SUMMARY.md";

/// That what the table names is there is the rule for links.
pub(super) fn check(text: &str, texts: &Texts) -> Vec<Finding> {
    let named = markdown::links(text);
    let count = |page: &str| named.iter().filter(|link| link.what == page).count();
    let pages = texts.keys().filter(|path| path.ends_with(".md") && *path != PATH).filter_map(|path| path.strip_prefix("docs/"));
    pages
        .filter_map(|page| {
            let wrong = match count(page) {
                0 => format!("docs/{page} is not in the book"),
                1 => return None,
                several => format!("docs/{page} is in the book {several} times"),
            };
            Some(Finding::new(PATH, 1, wrong, "name every page once"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_named_once() {
        let files = ["README.md", "docs/SUMMARY.md", "docs/a.md", "docs/b.md", "docs/c.json"];
        let texts: Texts = files.iter().map(|path| ((*path).to_owned(), String::new())).collect();
        let findings = |summary: &str| check(summary, &texts).len();
        assert_eq!(findings("# Summary\n\n- [A](a.md)\n- [B](b.md)\n"), 0);
        assert_eq!(findings("# Summary\n\n- [A](a.md)\n"), 1);
        assert_eq!(findings("# Summary\n\n- [A](a.md)\n- [B](b.md)\n- [A again](a.md)\n"), 1);
    }
}
