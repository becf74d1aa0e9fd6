//! The gateway as a child process: started, listened to, and ended, with a deadline on every wait.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

/// Far beyond what anything here takes: whoever waits this long waits for what will not come.
pub(crate) const DEADLINE: Duration = Duration::from_secs(60);

/// A gateway that listens.
pub(crate) struct Gateway {
    pub(crate) address: SocketAddr,
    process: Process,
}

impl Gateway {
    /// Starts one in `folder` and waits until it listens, on a port that the kernel chose.
    pub(crate) fn start(folder: &Path, configuration: &str) -> Self {
        Self::start_program(&executable(), folder, configuration)
    }

    /// The same with a copy of the gateway.
    pub(crate) fn start_program(program: &Path, folder: &Path, configuration: &str) -> Self {
        let mut process = Process::spawn(program, folder, configuration);
        let Some(line) = process.output.next() else {
            panic!("the gateway ended before it listened:\n{}", process.log.rest().join("\n"));
        };
        let address = line.strip_prefix("listening on http://").and_then(|address| address.parse().ok());
        Self { address: address.unwrap_or_else(|| panic!("no address in `{line}`")), process }
    }

    /// Waits for a log line that contains all of `parts`.
    pub(crate) fn log_line(&mut self, parts: &[&str]) {
        let log = &mut self.process.log;
        while let Some(line) = log.next() {
            if parts.iter().all(|part| line.contains(part)) {
                return;
            }
        }
        panic!("no line with {parts:?} in the log:\n{}", log.seen.join("\n"));
    }

    /// Sends SIGTERM, waits for an orderly end, and returns the whole log.
    pub(crate) fn stop(mut self) -> Vec<String> {
        // The shell's own `kill`: std has none, and `/bin/kill` is not everywhere.
        let kill = format!("kill -TERM {}", self.process.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().expect("a shell").success());
        let (success, log) = self.process.ended();
        assert!(success, "the gateway did not end well:\n{}", log.join("\n"));
        log
    }
}

/// What a gateway says that ends instead of listening.
pub(crate) fn refused(folder: &Path, configuration: &str) -> String {
    program_refused(&executable(), folder, configuration)
}

/// The same with a copy of the gateway.
pub(crate) fn program_refused(program: &Path, folder: &Path, configuration: &str) -> String {
    let (success, log) = Process::spawn(program, folder, configuration).ended();
    assert!(!success, "it ended with success:\n{}", log.join("\n"));
    log.join("\n")
}

struct Process {
    child: Child,
    output: Lines,
    log: Lines,
}

impl Process {
    fn spawn(program: &Path, folder: &Path, configuration: &str) -> Self {
        let file = folder.join("gateway.conf");
        fs::write(&file, configuration).expect("the configuration can be written");
        let mut child = Command::new(program)
            .arg("--config")
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| {
                panic!("can't start {}: {error}\nBuild it with `cargo engraft build`, or name it in GATEWAY.", program.display())
            });
        let output = Lines::of(child.stdout.take().expect("it is piped"));
        let log = Lines::of(child.stderr.take().expect("it is piped"));
        Self { child, output, log }
    }

    /// Waits for the end of both streams, and so of the process: whether it succeeded, and its log.
    fn ended(&mut self) -> (bool, Vec<String>) {
        self.output.rest();
        let log = self.log.rest().to_vec();
        (self.child.wait().expect("it can be waited for").success(), log)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // For a test that failed; an error means that the process has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a stream says, line by line, read by a thread so that waiting for it can have a deadline.
struct Lines {
    lines: Receiver<String>,
    seen: Vec<String>,
}

impl Lines {
    fn of(stream: impl Read + Send + 'static) -> Self {
        let (sender, lines) = channel();
        thread::spawn(move || {
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Self { lines, seen: vec![] }
    }

    /// The next line; `None` at the stream's end.
    fn next(&mut self) -> Option<String> {
        self.before(Instant::now() + DEADLINE)
    }

    /// All lines up to the stream's end, with those that were taken before.
    fn rest(&mut self) -> &[String] {
        let end = Instant::now() + DEADLINE;
        while self.before(end).is_some() {}
        &self.seen
    }

    fn before(&mut self, end: Instant) -> Option<String> {
        match self.lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
            Ok(line) => {
                self.seen.push(line.clone());
                Some(line)
            }
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => {
                panic!("nothing more within {DEADLINE:?} after:\n{}", self.seen.join("\n"))
            }
        }
    }
}

/// The gateway that Engraft has built: the one in `GATEWAY`, or this workspace's debug build.
pub(crate) fn executable() -> PathBuf {
    env::var_os("GATEWAY").map_or_else(
        || {
            // `<target>/tmp`: cargo's own word for where the target directory is, whatever set it.
            let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("it lies in the target directory");
            target.join("engraft/debug/gateway")
        },
        PathBuf::from,
    )
}
