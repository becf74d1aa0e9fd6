//! Prints findings for people: problem, place and fix, and a summary.

use crate::doctor::finding::{Finding, Report};
use crate::output::{self, Tone};

/// The text of a report.
pub fn report(report: &Report) -> String {
    let mut text: String = report.findings.iter().map(finding).collect();
    let sum = match report.findings.len() {
        0 => "no findings".to_owned(),
        1 => "1 finding".to_owned(),
        many => format!("{many} findings"),
    };
    text += &output::step(Tone::Good, "Examined", &format!("{}: {sum}", report.workspace));
    text
}

fn finding(finding: &Finding) -> String {
    let (tone, verb) = if finding.certain { (Tone::Bad, "Found") } else { (Tone::Doubtful, "Possible") };
    let place = finding.place.as_ref().map_or_else(String::new, |place| format!("  at {place}\n"));
    let line = output::step(tone, verb, &format!("{}: {}", finding.bug, finding.what));
    line + &place + &output::with_help(&format!("help: {}", finding.mend)) + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::finding::SCHEMA;

    #[test]
    fn report_lists_findings_with_fixes() {
        let findings = vec![Finding::new("B12", "one", "do"), Finding::new("B4", "other", "move").at("src/lib.rs:3").uncertain()];
        let full = Report { schema: SCHEMA, workspace: "/w".into(), findings };
        let expected = "       Found B12: one
help: do
    Possible B4: other
  at src/lib.rs:3
help: move
    Examined /w: 2 findings
";
        assert_eq!(anstream::adapter::strip_str(&report(&full)).to_string(), expected);
        let empty = Report { findings: vec![], ..full };
        assert_eq!(anstream::adapter::strip_str(&report(&empty)).to_string(), "    Examined /w: no findings\n");
    }
}
