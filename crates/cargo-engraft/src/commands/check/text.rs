//! Verdicts as people read them: a line for each plugin, the library's own words below what it would refuse, and a sum.

use super::report::{Plugin, Report, Verdict};
use crate::output::{self, Tone};

/// The whole text.
pub fn of(report: &Report) -> String {
    let mut text: String = report.plugins.iter().map(plugin).collect();
    let count = |verdict| report.plugins.iter().filter(|plugin| plugin.verdict == verdict).count();
    let told = [
        (count(Verdict::Opens), "would open"),
        (count(Verdict::Refused), "would be refused"),
        (count(Verdict::Undecided), "can't be told"),
    ];
    let told: Vec<String> = told.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    let told = if told.is_empty() { "no plugin is there".to_owned() } else { told.join(", ") };
    text += &output::step(Tone::Good, "Checked", &format!("for {}: {told}", report.host));
    let mut codes: Vec<&str> = report.plugins.iter().filter_map(|plugin| Some(plugin.error.as_ref()?.code.as_str())).collect();
    codes.sort_unstable();
    codes.dedup();
    if !codes.is_empty() {
        text += &output::with_help(&format!("help: `cargo engraft explain {}` tells more\n", codes.join(" ")));
    }
    text
}

fn plugin(plugin: &Plugin) -> String {
    let (tone, verb) = match plugin.verdict {
        Verdict::Opens => (Tone::Good, "Opens"),
        Verdict::Refused => (Tone::Bad, "Refused"),
        Verdict::Undecided => (Tone::Doubtful, "Unknown"),
    };
    let same = plugin.same_as.as_ref().map_or_else(String::new, |same| format!(" (as {same}, which has the same content)"));
    let line = output::step(tone, verb, &format!("{}{same}", plugin.path));
    let error = plugin.error.as_ref().map_or_else(String::new, |error| output::with_help(&error.text) + "\n");
    line + &error
}

#[cfg(test)]
mod tests {
    use super::super::report::{Error, SCHEMA};
    use super::*;

    fn plugin(path: &str, verdict: Verdict, code: Option<&str>) -> Plugin {
        let error = |code: &str| Error { code: code.into(), text: format!("{code}: it is not\nhelp: do"), differences: vec![] };
        Plugin { path: path.into(), verdict, name: None, build_id: None, same_as: None, error: code.map(error) }
    }

    #[test]
    fn each_plugin_has_a_line_and_the_codes_are_told_once() {
        let mut same = plugin("/p/c.so", Verdict::Opens, None);
        same.same_as = Some("/p/a.so".into());
        let plugins = vec![
            plugin("/p/a.so", Verdict::Opens, None),
            plugin("/p/b.so", Verdict::Refused, Some("E04")),
            same,
            plugin("/p/d.so", Verdict::Undecided, Some("E03")),
            plugin("/p/e.so", Verdict::Refused, Some("E04")),
        ];
        let report = Report { schema: SCHEMA, host: "/app".into(), verdict: Verdict::Undecided, plugins };
        let expected = "       Opens /p/a.so
     Refused /p/b.so
E04: it is not
help: do
       Opens /p/c.so (as /p/a.so, which has the same content)
     Unknown /p/d.so
E03: it is not
help: do
     Refused /p/e.so
E04: it is not
help: do
     Checked for /app: 2 would open, 2 would be refused, 1 can't be told
help: `cargo engraft explain E03 E04` tells more
";
        assert_eq!(anstream::adapter::strip_str(&of(&report)).to_string(), expected);
        let none = Report { plugins: vec![], verdict: Verdict::Opens, ..report };
        assert_eq!(anstream::adapter::strip_str(&of(&none)).to_string(), "     Checked for /app: no plugin is there\n");
    }
}
