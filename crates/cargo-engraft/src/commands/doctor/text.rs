//! What was found, as people read it: what, where, and what helps; and a line about all.

use crate::doctor::finding::{Finding, Report};
use crate::output::{self, Tone};

/// The whole text.
pub fn of(report: &Report) -> String {
    let mut text: String = report.findings.iter().map(finding).collect();
    let sum = match report.findings.len() {
        0 => "nothing was found".to_owned(),
        1 => "1 finding".to_owned(),
        many => format!("{many} findings"),
    };
    text += &output::step(Tone::Good, "Examined", &format!("{}: {sum}", report.workspace));
    text
}

fn finding(finding: &Finding) -> String {
    let (tone, verb) = if finding.certain { (Tone::Bad, "Found") } else { (Tone::Doubtful, "Perhaps") };
    let place = finding.place.as_ref().map_or_else(String::new, |place| format!("  at {place}\n"));
    let line = output::step(tone, verb, &format!("{}: {}", finding.bug, finding.what));
    line + &place + &output::with_help(&format!("help: {}", finding.mend)) + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::finding::SCHEMA;

    #[test]
    fn findings_have_their_mends_and_nothing_is_one_line() {
        let findings = vec![Finding::new("B12", "one", "do"), Finding::new("B4", "other", "move").at("src/lib.rs:3").perhaps()];
        let report = Report { schema: SCHEMA, workspace: "/w".into(), findings };
        let expected = "       Found B12: one
help: do
     Perhaps B4: other
  at src/lib.rs:3
help: move
    Examined /w: 2 findings
";
        assert_eq!(anstream::adapter::strip_str(&of(&report)).to_string(), expected);
        let nothing = Report { findings: vec![], ..report };
        assert_eq!(anstream::adapter::strip_str(&of(&nothing)).to_string(), "    Examined /w: nothing was found\n");
    }
}
