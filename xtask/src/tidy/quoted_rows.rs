//! Rule: figures that README and the book quote are those of one run: below `<!-- rows of: benchmarks/RESULTS.md -->` stands a table of which
//! every row is a line of that file.

use super::finding::Finding;

const MARK: &str = "<!-- rows of:";

pub(super) fn check<'a>(path: &str, text: &str, files: &dyn Fn(&str) -> Option<&'a str>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut lines = text.lines().zip(1..);
    while let Some((line, number)) = lines.next() {
        let Some(from) = line.trim().strip_prefix(MARK) else { continue };
        let from = from.trim_end_matches("-->").trim();
        let Some(source) = files(from) else {
            findings.push(Finding::new(path, number, format!("{from} does not exist"), "name the file that the rows are from"));
            continue;
        };
        let table = lines.by_ref().skip_while(|(line, _)| line.is_empty()).take_while(|(line, _)| line.starts_with('|'));
        // The first two are its head.
        let rows: Vec<_> = table.skip(2).collect();
        if rows.is_empty() {
            findings.push(Finding::new(path, number, "no table with rows follows", format!("quote rows of {from} below the comment")));
        }
        let others = rows.iter().filter(|(row, _)| !source.lines().any(|line| line == *row));
        findings.extend(others.map(|(_, at)| Finding::new(path, *at, format!("no row of {from}"), "copy the row from there as it is")));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_quoted_as_they_are() {
        let results = "# R\n\n| call | 1.000× |\n| open | 1.2× |\n";
        let files = |path: &str| (path == "benchmarks/RESULTS.md").then_some(results);
        let page = |from: &str, rows: &str| format!("<!-- rows of: {from} -->\n\n| what | figure |\n|---|---|\n{rows}\nend\n");
        let cases: [(&str, &str, &[usize]); 5] = [
            ("benchmarks/RESULTS.md", "| open | 1.2× |\n| call | 1.000× |\n", &[]),
            ("benchmarks/RESULTS.md", "| open | 1.2× |\n| call | 0.999× |\n", &[6]),
            ("benchmarks/RESULTS.md", "| open | 1.20× |\n| call | 1× |\n", &[5, 6]),
            ("benchmarks/RESULTS.md", "", &[1]),
            ("benchmarks/OTHER.md", "| open | 1.2× |\n", &[1]),
        ];
        for (from, rows, expected) in cases {
            assert_eq!(Finding::lines(&check("README.md", &page(from, rows), &files)), expected, "{from} {rows}");
        }
    }
}
