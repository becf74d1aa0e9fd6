//! `cargo engraft explain` prints the text of `docs/errors.md` for every code.

use crate::ran::Ran;
use crate::tool;
use std::collections::BTreeSet;

fn explain(codes: &[&str]) -> Ran {
    let directory = std::env::temp_dir();
    Ran::of(tool::engraft(&directory, &directory).arg("explain").args(codes))
}

#[test]
fn every_code_is_explained_and_listed() {
    let page = std::fs::read_to_string(tool::crates().parent().unwrap().join("docs/errors.md")).unwrap();
    let parts: Vec<&str> = page.split("\n## ").skip(1).collect();
    let listed = explain(&[]).success();
    assert_eq!(listed.stdout.lines().count(), parts.len(), "{listed}");
    let words = |text: &str| text.replace("```text", "").replace("```", "").split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    for part in parts {
        let (code, _) = part.split_once(':').unwrap();
        assert!(listed.stdout.lines().any(|line| line.starts_with(&format!("{code}  "))), "{code}\n{listed}");
        let ran = explain(&[code]).success();
        let expected = part.replacen('`', "", 2).replace("**What to do:**", "What to do:");
        assert_eq!(words(&ran.stdout), words(&expected), "{ran}");
    }
}

#[test]
fn codes_can_be_lowercase() {
    let ran = explain(&["e03", "E01"]).success();
    assert!(ran.stdout.starts_with("E03: OpenError::NotFound\n\n") && ran.stdout.contains("\n\nE01: OpenError::Incompatible\n\n"), "{ran}");
}

#[test]
fn unknown_code_lists_all_codes() {
    let listed = explain(&[]).success();
    let codes: BTreeSet<&str> = listed.stdout.lines().map(|line| &line[..3]).collect();
    let ran = explain(&["E99"]).ended(2);
    assert!(ran.stdout.is_empty(), "{ran}");
    assert!(codes.iter().all(|code| ran.stderr.contains(code)), "{ran}");
    ran.says(&["error: invalid value 'E99' for '[CODE]...'"]);
}
