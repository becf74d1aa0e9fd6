//! `book`: mdBook makes the book of `docs/`. That its links lead somewhere and its code is built are rules of `tidy`.

use anyhow::{Context, Result, ensure};
use mdbook_driver::MDBook;
use mdbook_driver::book::BookItem;

use crate::repository;

pub(crate) fn run() -> Result<()> {
    let book = MDBook::load(repository::root().join("docs")).context("failed to read docs/book.toml and what docs/SUMMARY.md names")?;
    book.build().context("failed to make the book")?;
    let made = book.build_dir_for("html");
    for item in book.iter() {
        let BookItem::Chapter(chapter) = item else { continue };
        // Of a chapter that it can't read, mdBook makes one without a page.
        let page = chapter.path.as_ref().with_context(|| format!("docs/SUMMARY.md: `{}` has no page", chapter.name))?;
        let page = made.join(page).with_extension("html");
        ensure!(page.is_file(), "mdBook made no {}", page.display());
    }
    let first = made.join("index.html");
    println!("book: {}", first.canonicalize().unwrap_or(first).display());
    Ok(())
}
