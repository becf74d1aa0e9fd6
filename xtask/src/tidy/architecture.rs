//! Rule: ARCHITECTURE.md stays a bird's eye view, which is what makes it read and kept true.

use super::finding::Finding;

const LIMIT: usize = 120;

pub(super) fn check(path: &str, text: &str) -> Vec<Finding> {
    let lines = text.lines().count();
    if lines <= LIMIT {
        return Vec::new();
    }
    vec![Finding::new(
        path,
        LIMIT + 1,
        format!("the page has {lines} lines, more than {LIMIT}"),
        "move details to the `//!` of the file that they are about",
    )]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_at_most_120_lines() {
        for (count, expected) in [(120, &[] as &[usize]), (121, &[121])] {
            let found = check("ARCHITECTURE.md", &"x\n".repeat(count));
            assert_eq!(Finding::lines(&found), expected, "{count}");
        }
    }
}
