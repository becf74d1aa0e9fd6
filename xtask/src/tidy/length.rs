//! Rule: files are small. 400 lines are a smell, 600 do not happen, half of them are under 200.

use super::finding::Finding;
use super::source::Source;

const SMELL: usize = 400;
const LIMIT: usize = 600;
const MEDIAN: usize = 200;

pub(super) fn check_file(path: &str, source: &Source<'_>) -> Vec<Finding> {
    let lines = source.text().lines().count();
    if lines <= LIMIT {
        return Vec::new();
    }
    vec![too_long(path, lines, LIMIT)]
}

/// A warning for a file that is on its way to the limit.
pub(super) fn warn(path: &str, text: &str) -> Option<Finding> {
    let lines = text.lines().count();
    (SMELL < lines && lines <= LIMIT).then(|| too_long(path, lines, SMELL))
}

fn too_long(path: &str, lines: usize, limit: usize) -> Finding {
    Finding::new(
        path,
        limit + 1,
        format!("the file has {lines} lines, more than {limit}"),
        "move one of the things that it answers for into a file of its own",
    )
}

/// Told at the longest file, where mending begins.
pub(super) fn check_median<'a>(files: impl Iterator<Item = (&'a str, &'a str)>) -> Option<Finding> {
    let mut lengths: Vec<_> = files.map(|(path, text)| (text.lines().count(), path)).collect();
    lengths.sort_unstable();
    let (median, _) = *lengths.get(lengths.len() / 2)?;
    let (longest, path) = *lengths.last()?;
    (median >= MEDIAN).then(|| {
        Finding::new(
            path,
            1,
            format!("half of the .rs files have {median} lines or more, and this is the longest with {longest}"),
            format!("split files until the median is under {MEDIAN}"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(count: usize) -> String {
        "x\n".repeat(count)
    }

    #[test]
    fn a_file_is_fine_then_a_warning_then_a_finding() {
        let cases = [(400, false, false), (401, true, false), (600, true, false), (601, false, true)];
        for (count, warned, found) in cases {
            let text = lines(count);
            assert_eq!(warn("a.rs", &text).is_some(), warned, "{count}");
            let findings = check_file("a.rs", &Source::new(&text));
            assert_eq!(!findings.is_empty(), found, "{count}");
        }
    }

    #[test]
    fn the_median_is_told_at_the_longest_file() {
        let (short, middle, long) = (lines(10), lines(200), lines(300));
        let fine = [("a.rs", &*short), ("b.rs", &*short), ("c.rs", &*long)];
        assert_eq!(check_median(fine.into_iter()), None);
        let found = [("a.rs", &*short), ("b.rs", &*long), ("c.rs", &*middle)];
        let finding = check_median(found.into_iter()).expect("200 is not under 200");
        assert_eq!(finding.place(), "b.rs:1");
        assert_eq!(check_median([].into_iter()), None);
    }
}
