//! `examples`: what README and the examples promise, done as a new user would do it.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::engraft::Engraft;
use crate::{process, repository};

const HELLO: &str = "examples/hello";
const GATEWAY: &str = "examples/gateway";

/// Builds and runs `hello`, then builds `gateway` and runs its end-to-end tests.
pub(crate) fn run() -> Result<()> {
    let engraft = Engraft::build()?;
    hello(&engraft).context("hello")?;
    gateway(&engraft).context("gateway")
}

fn hello(engraft: &Engraft) -> Result<()> {
    let directory = repository::root().join(HELLO);
    let cargo = |subcommand: &str| {
        let mut command = process::cargo();
        command.current_dir(&directory).env_remove("CARGO_TARGET_DIR").env("CARGO_ENGRAFT", engraft.program()).arg(subcommand);
        command
    };
    is_expected(&process::stdout_of(&mut cargo("run"))?)?;
    process::check(cargo("test").arg("--workspace"))?;
    // What is shipped.
    hello_runs(|subcommand, manifest| engraft.command(subcommand, manifest))?;
    process::check(&mut engraft.command("test", &Path::new(HELLO).join("Cargo.toml")))
}

/// Builds and runs `hello` by these commands, given a subcommand of `cargo engraft` and the manifest; it prints what is expected.
pub(crate) fn hello_runs(command: impl Fn(&str, &Path) -> Command) -> Result<()> {
    let manifest = Path::new(HELLO).join("Cargo.toml");
    process::check(&mut command("build", &manifest))?;
    is_expected(&process::stdout_of(&mut command("run", &manifest))?)
}

fn is_expected(found: &str) -> Result<()> {
    let path = repository::root().join(HELLO).join("expected.txt");
    if path.is_file() {
        let expected = std::fs::read_to_string(&path).with_context(|| format!("failed to read {}", path.display()))?;
        if let Some(difference) = first_difference(&expected, found) {
            bail!("stdout is not that of {HELLO}/expected.txt: {difference}");
        }
    }
    Ok(())
}

/// Where two texts part, in one line.
fn first_difference(expected: &str, found: &str) -> Option<String> {
    if expected == found {
        return None;
    }
    let (mut expected, mut found) = (expected.lines(), found.lines());
    for number in 1_u32.. {
        let (wanted, got) = (expected.next(), found.next());
        if wanted.is_none() && got.is_none() {
            break;
        }
        if wanted != got {
            return Some(format!("line {number} is {}, expected {}", quoted(got), quoted(wanted)));
        }
    }
    Some("the line endings differ".to_owned())
}

fn quoted(line: Option<&str>) -> String {
    line.map_or("nothing".to_owned(), |line| format!("`{line}`"))
}

fn gateway(engraft: &Engraft) -> Result<()> {
    let manifest = Path::new(GATEWAY).join("Cargo.toml");
    process::check(&mut engraft.command("build", &manifest))?;

    // Absolute, because a test's working directory is its package's.
    let program = repository::root().join(GATEWAY).join("target/engraft/debug/gateway");
    let program = program.canonicalize().with_context(|| format!("failed to find the built host {}", program.display()))?;
    let mut tests = process::cargo();
    tests
        .env("GATEWAY", program)
        .env("ENGRAFT", engraft.program())
        .env_remove("CARGO_TARGET_DIR")
        .args(["test", "--package=e2e", "--manifest-path"])
        .arg(manifest);
    process::check(&mut tests)
}

#[cfg(test)]
mod tests {
    use super::first_difference;

    #[test]
    fn texts_are_compared_line_by_line() {
        let cases = [
            ("a\nb\n", "a\nb\n", None),
            ("a\nb\n", "a\nc\n", Some("line 2 is `c`, expected `b`")),
            ("a\nb\n", "a\n", Some("line 2 is nothing, expected `b`")),
            ("a\n", "a\nb\n", Some("line 2 is `b`, expected nothing")),
            ("a\n", "a", Some("the line endings differ")),
        ];
        for (expected, found, difference) in cases {
            assert_eq!(first_difference(expected, found).as_deref(), difference);
        }
    }
}
