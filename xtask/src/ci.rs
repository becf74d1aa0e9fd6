//! `ci`: the steps of CI, in the order in which they say something soonest.

use std::io::Write;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::{bench, book, examples, fuzz, heavy, miri, tidy};

mod clippy;
mod doc;
mod fmt;
mod next_rustc;
mod platforms;
mod test;

/// A name for messages, and what is done.
type Step<'a> = (&'a str, &'a dyn Fn() -> Result<()>);

/// Runs every step, up to the first that fails.
pub(crate) fn run() -> Result<()> {
    run_steps(
        &[
            ("fmt", &fmt::run),
            ("tidy", &tidy::run),
            ("clippy", &clippy::run),
            ("doc", &doc::run),
            ("book", &book::run),
            ("platforms", &platforms::run),
            ("test", &test::run),
            ("fuzz corpus", &fuzz::replay),
            ("miri", &miri::run),
            ("examples", &examples::run),
            ("next rustc", &next_rustc::run),
            ("heavy", &heavy::run),
            ("benchmarks", &bench::check),
        ],
        &mut std::io::stdout(),
    )
}

/// Runs `steps` in order and tells on `out` when each begins and ends. The error of the first
/// that fails comes back under the count, so that the last line printed is complete by itself.
fn run_steps(steps: &[Step<'_>], out: &mut dyn Write) -> Result<()> {
    for (passed, (name, step)) in steps.iter().enumerate() {
        writeln!(out, "ci: {name} ...")?;
        let start = Instant::now();
        let outcome = step();
        let verdict = if outcome.is_ok() { "passed" } else { "failed" };
        writeln!(out, "ci: {name} {verdict} in {}", seconds(start.elapsed()))?;
        outcome.with_context(|| format!("ci: {passed} passed, 1 failed: {name}"))?;
    }
    writeln!(out, "ci: {} passed, 0 failed", steps.len())?;
    Ok(())
}

fn seconds(elapsed: Duration) -> String {
    format!("{:.1} s", elapsed.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use anyhow::{Result, bail};

    use super::*;

    fn fine() -> Result<()> {
        Ok(())
    }

    fn broken() -> Result<()> {
        bail!("`cargo fmt` failed with exit status: 1")
    }

    fn never() -> Result<()> {
        panic!("no step runs after one that failed")
    }

    #[test]
    fn the_last_line_counts_the_steps() -> Result<()> {
        let mut out = Vec::new();
        run_steps(&[("a", &fine), ("b", &fine)], &mut out)?;
        let out = String::from_utf8(out)?;
        let lines: Vec<_> = out.lines().collect();
        assert_eq!(lines[0], "ci: a ...");
        assert!(lines[1].starts_with("ci: a passed in "));
        assert_eq!(lines.last(), Some(&"ci: 2 passed, 0 failed"));
        Ok(())
    }

    #[test]
    fn the_first_failure_ends_the_run_and_names_its_step() {
        let mut out = Vec::new();
        let error = run_steps(&[("a", &fine), ("b", &broken), ("c", &never)], &mut out).expect_err("b fails");
        assert_eq!(format!("{error:#}"), "ci: 1 passed, 1 failed: b: `cargo fmt` failed with exit status: 1");
    }

    #[test]
    fn elapsed_time_is_told_in_tenths() {
        assert_eq!(seconds(Duration::from_millis(61_234)), "61.2 s");
    }
}
