//! A host that keeps running while a plugin is edited, and opens plugins on request.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use anyhow::{Context, Result, ensure};

use crate::program::{Program, number};

/// A running `HOST edited`.
pub(crate) struct RunningHost {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl RunningHost {
    /// Starts the host.
    pub(crate) fn start(host: &Program) -> Result<Self> {
        let mut command = host.command(["edited"]);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("failed to start {}", host.path.display()))?;
        let input = child.stdin.take().context("the host has no stdin")?;
        let output = BufReader::new(child.stdout.take().context("the host has no stdout")?);
        Ok(Self { child, input, output })
    }

    /// Lets the host open a plugin, and returns the plugin's constant.
    pub(crate) fn open(&mut self, plugin: &Path) -> Result<u64> {
        writeln!(self.input, "{}", plugin.display()).context("the host reads no more")?;
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        Ok(number(&line, "edited").with_context(|| format!("the host did not open {}", plugin.display()))? as u64)
    }

    /// Ends the host.
    pub(crate) fn stop(self) -> Result<()> {
        let Self { mut child, input, output } = self;
        drop((input, output));
        let status = child.wait()?;
        ensure!(status.success(), "the host failed with {status}");
        Ok(())
    }
}
