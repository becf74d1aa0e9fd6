//! Rule: `docs/catalogue.md` has every row of the acceptance catalogue, in order, each with tests that are there, carry the
//! row's id and assert something, or with what is open and why. And no test that carries an id is left out.

use super::finding::Finding;
use super::source::Source;
use function::Function;
use row::Row;

mod function;
mod row;

/// The catalogue's rows. A row that comes or goes is a decision, made here.
#[rustfmt::skip]
const IDS: [&str; 88] = [
    "S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8", "S9", "S10", "S11", "E1", "E2", "E3", "E4", "E5", "E6", "E7", "E8", "B1", "B2",
    "B3", "B4", "B5", "B6", "B7", "B8", "B9", "B10", "B11", "B12", "B13", "G01", "G02", "G04", "G05", "G06", "G07", "G08",
    "G09, G22", "G10", "G11", "G12", "G13", "G14", "G15–G17", "G18", "G19", "G20", "G21", "G23", "G25", "G26", "G27", "G28", "G29",
    "G30", "G31", "G32", "G33", "G34", "G35", "G36", "G37", "H01–H02", "H03–H04", "H05", "H06", "H07", "H08", "H10–H12", "H13–H14", "H15", "F1", "F2", "F3", "F4", "F5", "F6",
    "F7", "F8", "F9", "F10", "F11", "F12", "F13", "F14", "F15",
];

/// Behaviours of this fixture are run by this test.
const BEHAVIOURS: (&str, &str) = ("fixtures/catalogue/host/src/behaviours/", "crates/cargo-engraft/tests/catalogue.rs");

/// Where tests are that may carry ids.
const TESTS: [&str; 2] = ["crates/", "fixtures/catalogue/host/src/behaviours/"];

pub(super) fn check<'a>(path: &str, text: &str, rust_files: impl Iterator<Item = (&'a str, &'a str)> + Clone) -> Vec<Finding> {
    let rows = row::read(text);
    let mut findings = order(path, &rows);
    for row in &rows {
        let finding = |wrong: String, mend: &str| Finding::new(path, row.line, wrong, mend);
        if row.tests.is_empty() && row.open.is_none() {
            findings.push(finding(format!("{} has no test", row.id), "name one as `path::function`, or say `open: ` and why"));
        }
        for test in &row.tests {
            if let Err(wrong) = holds(row, test, rust_files.clone()) {
                findings.push(finding(format!("{}: {test} {wrong}", row.id), "name a test of this row that can fail"));
            }
        }
    }
    findings.extend(left_out(path, &rows, rust_files));
    findings
}

/// The rows are the catalogue's, in its order.
fn order(path: &str, rows: &[Row<'_>]) -> Vec<Finding> {
    let found: Vec<&str> = rows.iter().map(|row| row.id).collect();
    let same = found.iter().zip(IDS).take_while(|(found, id)| **found == *id).count();
    if found.len() == IDS.len() && same == IDS.len() {
        return Vec::new();
    }
    let line = rows.get(same).or(rows.last()).map_or(1, |row| row.line);
    let (found, wanted) = (found.get(same).unwrap_or(&"nothing"), IDS.get(same).unwrap_or(&"nothing more"));
    vec![Finding::new(
        path,
        line,
        format!("here stands {found} where the catalogue has {wanted}"),
        "keep every row, in the catalogue's order",
    )]
}

/// Whether a test is one of this row, and can fail.
fn holds<'a>(row: &Row<'_>, test: &str, mut rust_files: impl Iterator<Item = (&'a str, &'a str)> + Clone) -> Result<(), String> {
    let (file, name) = test.rsplit_once("::").unwrap_or((test, ""));
    let (_, text) = rust_files.clone().find(|(path, _)| *path == file).ok_or("is in a file that is not there")?;
    let source = Source::new(text);
    let function = Function::find(&source, name).ok_or("is not there")?;
    if !function::ids(name).iter().any(|id| row.ids.iter().any(|of_row| of_row == id)) {
        return Err("does not begin with the row's id".to_owned());
    }
    if !function.asserts() {
        return Err("asserts nothing".to_owned());
    }
    let (behaviours, runner) = BEHAVIOURS;
    let runs = if file.starts_with(behaviours) {
        rust_files.any(|(path, text)| path == runner && super::source::words(Source::new(text).code()).any(|(_, word)| word == name))
    } else {
        function.is_test()
    };
    if runs { Ok(()) } else { Err("is run by nobody".to_owned()) }
}

/// Functions that carry an id and are named in no row.
fn left_out<'a>(path: &str, rows: &[Row<'_>], rust_files: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, text) in rust_files.filter(|(file, _)| TESTS.iter().any(|tests| file.starts_with(tests))) {
        for name in function::names(&Source::new(text)).filter(|name| !function::ids(name).is_empty()) {
            let test = format!("{file}::{name}");
            if !rows.iter().any(|row| row.tests.contains(&test.as_str())) {
                findings.push(Finding::new(path, 1, format!("{test} carries an id and is in no row"), "name it in its row"));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEST: &str = "#[test]\nfn s01_reads() {\n    check();\n}\nfn check() { assert!(true) }\n#[test]\nfn s02_idle() { run(); }\n\
                        fn s03_alone() { assert!(true) }\n#[test]\nfn other() { panic!() }\n";

    fn table(rows: &[(&str, &str)]) -> String {
        let rows = rows.iter().map(|(id, tests)| format!("| {id} | is so | {tests} |\n"));
        format!("# Catalogue\n\n| id | behaviour | tests |\n|---|---|---|\n{}", rows.collect::<String>())
    }

    fn found(text: &str, files: &[(&str, &str)]) -> Vec<String> {
        check("c.md", text, files.iter().copied()).iter().map(Finding::to_string).collect()
    }

    #[test]
    fn a_whole_catalogue_is_fine() {
        let rows: Vec<_> = IDS.iter().map(|id| (*id, if *id == "S1" { "`a.rs::s01_reads`" } else { "open: nobody has done it" })).collect();
        assert_eq!(found(&table(&rows), &[("a.rs", TEST)]), [""; 0]);
    }

    #[test]
    fn a_row_that_is_missing_is_told() {
        let rows: Vec<_> = IDS.iter().filter(|id| **id != "E3").map(|id| (*id, "open: later")).collect();
        let findings = found(&table(&rows), &[]);
        assert!(matches!(&findings[..], [one] if one.contains("here stands E4 where the catalogue has E3")), "{findings:?}");
    }

    #[test]
    fn a_test_must_be_there_and_of_the_row_and_fail_if_need_be() {
        let cases = [
            ("S1", "", "S1 has no test"),
            ("S1", "`b.rs::s01_reads`", "is in a file that is not there"),
            ("S1", "`a.rs::s01_writes`", "is not there"),
            ("S1", "`a.rs::other`", "does not begin with the row's id"),
            ("S2", "`a.rs::s02_idle`", "asserts nothing"),
            ("S3", "`a.rs::s03_alone`", "is run by nobody"),
        ];
        for (id, tests, wrong) in cases {
            let rows: Vec<_> = IDS.iter().map(|row| (*row, if *row == id { tests } else { "open: later" })).collect();
            let findings = found(&table(&rows), &[("a.rs", TEST)]);
            assert!(matches!(&findings[..], [one] if one.contains(wrong)), "{tests}: {findings:?}");
        }
    }

    #[test]
    fn a_test_with_an_id_is_in_a_row() {
        let rows: Vec<_> = IDS.iter().map(|id| (*id, "open: later")).collect();
        let findings = found(&table(&rows), &[("crates/x/tests/a.rs", "#[test]\nfn g04_is_one() { assert!(true) }\n")]);
        assert!(matches!(&findings[..], [one] if one.contains("g04_is_one carries an id")), "{findings:?}");
    }
}
