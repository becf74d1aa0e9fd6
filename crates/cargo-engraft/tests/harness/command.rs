//! Starts programs and waits for them, but never for ever.

use super::environment;
use std::io::Read;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// The tool that was built for this test.
pub fn engraft(subcommand: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-engraft"));
    // As cargo calls it.
    command.args(["engraft", subcommand]);
    environment::clean(&mut command);
    command
}

/// The cargo that runs this test.
pub fn cargo(subcommand: &str) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.arg(subcommand);
    environment::clean(&mut command);
    command
}

/// The same with another toolchain: by way of rustup, as `cargo +toolchain engraft` is.
pub fn engraft_of(toolchain: &str, subcommand: &str) -> Command {
    let mut command = Command::new("rustup");
    command.args(["run", toolchain, env!("CARGO_BIN_EXE_cargo-engraft"), "engraft", subcommand]);
    environment::clean(&mut command);
    // Both name the toolchain that runs this test.
    command.env_remove("CARGO").env_remove("RUSTUP_TOOLCHAIN");
    command
}

/// A program that was built.
pub fn program(path: &Path) -> Command {
    let mut command = Command::new(path);
    environment::clean(&mut command);
    command
}

/// How a program ended, and what it said.
#[derive(Debug, Clone)]
pub struct Ended {
    /// Its exit code or signal.
    pub status: ExitStatus,
    /// What it wrote to standard output.
    pub stdout: String,
    /// What it wrote to standard error.
    pub stderr: String,
}

/// Builds take long on a cold and busy machine.
const FOR_BUILDS: Duration = Duration::from_secs(900);
/// A program that takes a minute hangs.
const FOR_PROGRAMS: Duration = Duration::from_secs(60);

/// Runs a build; when it fails, all that it said is the error.
pub fn build(command: &mut Command) -> Result<Ended, String> {
    let ended = run_for(command, FOR_BUILDS)?;
    if ended.status.success() { Ok(ended) } else { Err(format!("{command:?} failed: {ended}")) }
}

/// Runs a program to its end, however it ends.
pub fn run(command: &mut Command) -> Ended {
    run_for(command, FOR_PROGRAMS).unwrap_or_else(|error| panic!("{error}"))
}

fn run_for(command: &mut Command, limit: Duration) -> Result<Ended, String> {
    let deadline = Instant::now() + limit;
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| format!("failed to run {command:?}: {error}"))?;
    let stdout = read(child.stdout.take().expect("it is piped"));
    let stderr = read(child.stderr.take().expect("it is piped"));
    // A program's pipes end with it.
    let mut texts = [String::new(), String::new()];
    for (text, pipe) in texts.iter_mut().zip([stdout, stderr]) {
        let Ok(read) = pipe.recv_timeout(deadline.saturating_duration_since(Instant::now())) else {
            // It may have ended by itself in this very moment.
            let _ = child.kill();
            let _ = child.wait();
            return Err(format!("{command:?} did not end within {limit:?}"));
        };
        *text = read;
    }
    let status = child.wait().map_err(|error| format!("failed to wait for {command:?}: {error}"))?;
    let [stdout, stderr] = texts;
    Ok(Ended { status, stdout, stderr })
}

/// Reads to the end on a thread, so that neither pipe fills up while the other is waited for.
fn read(mut pipe: impl Read + Send + 'static) -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        // Of what can't be read, what was read before is still worth showing.
        let _ = pipe.read_to_end(&mut bytes);
        // Nobody listens any more after the deadline.
        let _ = sender.send(String::from_utf8_lossy(&bytes).into_owned());
    });
    receiver
}

impl std::fmt::Display for Ended {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}\n--- stdout\n{}\n--- stderr\n{}", self.status, self.stdout.trim_end(), self.stderr.trim_end())
    }
}
