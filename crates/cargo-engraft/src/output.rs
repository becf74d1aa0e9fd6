//! What is said to people, on standard error and in cargo's style: a verb in bold green, twelve columns wide.

use anstyle::{AnsiColor, Style};

const VERB: Style = AnsiColor::Green.on_default().bold();
const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const HELP: Style = AnsiColor::Cyan.on_default().bold();

/// Whether steps are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Steps {
    /// `--quiet`.
    Silent,
    /// As cargo does.
    Told,
    /// `--verbose`: with the commands.
    Verbose,
}

impl Steps {
    /// Tells a step.
    pub fn tell(self, verb: &str, what: &str) {
        if self != Self::Silent {
            anstream::eprintln!("{VERB}{verb:>12}{VERB:#} {what}");
        }
    }

    /// Tells a command, for those who asked for it.
    pub fn tell_command(self, command: &std::process::Command) {
        if self == Self::Verbose {
            self.tell("Running", &format!("`{command:?}`"));
        }
    }
}

/// Says something that the user should know about though the work goes on. `--quiet` does not silence it.
pub fn warning(text: &str) {
    anstream::eprintln!("{WARNING}warning{WARNING:#}: {}", with_help(text));
}

/// Says why the work ended, with all causes.
pub fn error(error: &anyhow::Error) {
    let mut text = error.to_string();
    for cause in error.chain().skip(1) {
        text.push_str(&format!("\n  caused by: {cause}"));
    }
    // The mend comes last, whatever the cause is that names it.
    let (help, rest): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| line.trim_start().starts_with("help:"));
    let text = [rest, help.iter().map(|line| line.trim_start()).collect()].concat().join("\n");
    anstream::eprintln!("{ERROR}error{ERROR:#}: {}", with_help(&text));
}

fn with_help(text: &str) -> String {
    let colour = |line: &str| match line.strip_prefix("help:") {
        Some(rest) => format!("{HELP}help{HELP:#}:{rest}"),
        None => line.to_owned(),
    };
    text.lines().map(colour).collect::<Vec<_>>().join("\n")
}
