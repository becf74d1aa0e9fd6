//! What is said to people, in cargo's style: a verb in bold green, twelve columns wide. What goes on and goes wrong is said on
//! standard error; what was asked for comes on standard output. Both have colour only where it is wanted.

use anstyle::{AnsiColor, Style};
use std::io::{ErrorKind, Write};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

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
            anstream::eprint!("{}", step(Tone::Good, verb, what));
        }
    }

    /// Tells a command, for those who asked for it.
    pub fn tell_command(self, command: &std::process::Command) {
        if self == Self::Verbose {
            self.tell("Running", &format!("`{command:?}`"));
        }
    }
}

/// Steps of what is mostly done at once: they are told from the moment on at which somebody may ask whether anything goes on.
#[derive(Debug, Clone, Copy)]
pub struct Progress(Instant);

impl Progress {
    const SILENT: Duration = Duration::from_secs(1);

    /// Of what begins now.
    #[must_use]
    pub fn begin() -> Self {
        Self(Instant::now())
    }

    /// Does a step. It is told if it is not done by then.
    pub fn step<T>(self, verb: &str, what: &str, work: impl FnOnce() -> T) -> T {
        let (done, is_done) = mpsc::channel::<()>();
        std::thread::scope(|scope| {
            scope.spawn(move || {
                if is_done.recv_timeout(self.left()) == Err(RecvTimeoutError::Timeout) {
                    Steps::Told.tell(verb, what);
                }
            });
            let result = work();
            drop(done);
            result
        })
    }

    fn left(self) -> Duration {
        Self::SILENT.saturating_sub(self.0.elapsed())
    }
}

/// What a step came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// As it should be.
    Good,
    /// Not as it should be.
    Bad,
    /// It can't be told.
    Doubtful,
}

/// A step as a line of a longer text.
#[must_use]
pub fn step(tone: Tone, verb: &str, what: &str) -> String {
    let style = match tone {
        Tone::Good => VERB,
        Tone::Bad => ERROR,
        Tone::Doubtful => WARNING,
    };
    format!("{style}{verb:>12}{style:#} {what}\n")
}

/// A word that stands out: a label, a heading.
#[must_use]
pub fn bold(text: &str) -> String {
    const BOLD: Style = Style::new().bold();
    format!("{BOLD}{text}{BOLD:#}")
}

/// A number with its digits in groups: `1,234,567`.
#[must_use]
pub fn number(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).unwrap_or_default()).collect();
    groups.join(",")
}

/// Prints what was asked for. Who reads no further, such as `head`, has had enough.
pub fn print(text: &str) -> std::io::Result<()> {
    let mut stdout = anstream::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// Says something that the user should know about though the work goes on. `--quiet` does not silence it.
pub fn warning(text: &str) {
    anstream::eprintln!("{WARNING}warning{WARNING:#}: {}", with_help(text));
}

/// Says why the work ended, with all causes.
pub fn error(error: &anyhow::Error) {
    anstream::eprintln!("{ERROR}error{ERROR:#}: {}", with_help(&text_of(error)));
}

/// The same to cargo, in the form of the compiler's messages (<https://doc.rust-lang.org/rustc/json.html>): a compiler that fails without
/// one cargo reports with its whole command line.
pub fn error_to_cargo(error: &anyhow::Error) {
    diagnostic("error", &text_of(error));
}

/// The same for a warning: cargo repeats it for as long as the unit is not compiled again.
pub fn warning_to_cargo(text: &str) {
    diagnostic("warning", text);
}

fn diagnostic(level: &str, text: &str) {
    let nothing: [(); 0] = [];
    let message = serde_json::json!({
        "$message_type": "diagnostic", "message": text, "code": null, "level": level, "spans": nothing, "children": nothing,
        "rendered": format!("{level}: {text}\n\n"),
    });
    eprintln!("{message}");
}

fn text_of(error: &anyhow::Error) -> String {
    let mut text = error.to_string();
    for cause in error.chain().skip(1) {
        text.push_str(&format!("\n  caused by: {cause}"));
    }
    // The mend comes last, whatever the cause is that names it.
    let (help, rest): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| line.trim_start().starts_with("help:"));
    [rest, help.iter().map(|line| line.trim_start()).collect()].concat().join("\n")
}

/// Gives lines that begin with `help:` their colour.
pub fn with_help(text: &str) -> String {
    let colour = |line: &str| match line.strip_prefix("help:") {
        Some(rest) => format!("{HELP}help{HELP:#}:{rest}"),
        None => line.to_owned(),
    };
    text.split('\n').map(colour).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_of_what_takes_long_are_told() {
        let (long, soon) = (Duration::from_secs(2), Duration::from_secs(3600));
        assert!(Instant::now().checked_sub(long).is_none_or(|begin| Progress(begin).left() == Duration::ZERO));
        // Whatever is left of it: what is done is not waited for.
        let begin = Progress(Instant::now() + soon);
        assert_eq!(begin.left(), Progress::SILENT);
        assert_eq!(begin.step("Reading", "nothing", || 7), 7);
    }
}
