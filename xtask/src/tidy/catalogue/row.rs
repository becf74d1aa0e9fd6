//! The catalogue's table, row by row.

/// One row.
#[derive(Debug, PartialEq)]
pub(super) struct Row<'a> {
    /// Counted from 1.
    pub(super) line: usize,
    /// As the catalogue has it: `S1`, `G09, G22`, `G15–G17`.
    pub(super) id: &'a str,
    /// Every id that it stands for, as names of tests begin: `g15`, `g16`, `g17`.
    pub(super) ids: Vec<String>,
    /// The tests, as `path::function`.
    pub(super) tests: Vec<&'a str>,
    /// What is not held, and why.
    pub(super) open: Option<&'a str>,
}

/// The rows of every table whose first column is an id.
pub(super) fn read(text: &str) -> Vec<Row<'_>> {
    text.lines().enumerate().filter_map(|(index, line)| parse(index + 1, line)).collect()
}

fn parse(line: usize, text: &str) -> Option<Row<'_>> {
    let cells: Vec<&str> = text.trim().strip_prefix('|')?.strip_suffix('|')?.split('|').map(str::trim).collect();
    let [id, .., last] = cells[..] else { return None };
    let ids = ids(id)?;
    // Code spans are every other piece.
    let tests = last.split('`').skip(1).step_by(2).filter(|span| span.contains(".rs::")).collect();
    let open = last.split_once("open: ").map(|(_, why)| why.trim()).filter(|why| !why.is_empty());
    Some(Row { line, id, ids, tests, open })
}

/// What a label stands for: one id, several, or a range.
fn ids(label: &str) -> Option<Vec<String>> {
    let parts: Vec<(char, u32)> = label.split([',', '–']).map(|id| one(id.trim())).collect::<Option<_>>()?;
    let numbers: Vec<(char, u32)> = match parts[..] {
        [(letter, first), (_, last)] if label.contains('–') => (first..=last).map(|number| (letter, number)).collect(),
        _ => parts,
    };
    Some(numbers.into_iter().map(|(letter, number)| format!("{}{number:02}", letter.to_ascii_lowercase())).collect())
}

fn one(id: &str) -> Option<(char, u32)> {
    let letter = id.chars().next().filter(|letter| "SEBGHF".contains(*letter))?;
    Some((letter, id[1..].parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_stand_for_ids() {
        let cases: [(&str, &[&str]); 4] =
            [("S1", &["s01"]), ("S10", &["s10"]), ("G09, G22", &["g09", "g22"]), ("G15–G17", &["g15", "g16", "g17"])];
        for (label, expected) in cases {
            assert_eq!(ids(label).as_deref().unwrap_or_default(), expected, "{label}");
        }
        for label in ["id", "---", "", "S", "X1", "Sx"] {
            assert_eq!(ids(label), None, "{label}");
        }
    }

    #[test]
    fn a_row_has_tests_and_what_is_open() {
        let text =
            "| id | behaviour | tests |\n|---|---|---|\n| E4 | says `what` | `a/b.rs::e04_x`, `c.rs::e04_y`; open: a `Go` plugin |\n";
        let expected = Row {
            line: 3,
            id: "E4",
            ids: vec!["e04".to_owned()],
            tests: vec!["a/b.rs::e04_x", "c.rs::e04_y"],
            open: Some("a `Go` plugin"),
        };
        assert_eq!(read(text), [expected]);
    }
}
