//! The compiler: which one it is, and where its own libraries are.

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What `rustc -vV` says, and its sysroot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Toolchain {
    /// The version line, for example `rustc 1.95.0 (59807616e 2026-04-14)`.
    pub version: String,
    /// The release alone, for example `1.95.0`.
    pub release: String,
    /// The commit, or `unknown`.
    pub commit: String,
    /// The triple that the compiler runs on and compiles for when nothing else is asked.
    pub host: String,
    /// The directory that the toolchain is installed in.
    pub sysroot: PathBuf,
}

impl Toolchain {
    /// Asks a compiler.
    pub fn ask(rustc: &Path) -> Result<Self> {
        let text = output(rustc, &["-vV"])?;
        let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).map(str::to_owned);
        Ok(Self {
            version: text.lines().next().unwrap_or_default().to_owned(),
            release: field("release").context("`rustc -vV` names no release")?,
            commit: field("commit-hash").unwrap_or_else(|| "unknown".to_owned()),
            host: field("host").context("`rustc -vV` names no host")?,
            sysroot: sysroot(rustc)?,
        })
    }

    /// Whether a library belongs to the toolchain.
    #[must_use]
    pub fn has(&self, library: &Path) -> bool {
        library.starts_with(self.sysroot.join("lib"))
    }

    /// As the manifest has it.
    #[must_use]
    pub fn as_record(&self) -> engraft_manifest::Toolchain<'_> {
        engraft_manifest::Toolchain { version: &self.version, commit: &self.commit, host: &self.host }
    }
}

/// The directory that a compiler is installed in.
pub fn sysroot(rustc: &Path) -> Result<PathBuf> {
    Ok(output(rustc, &["--print", "sysroot"])?.trim().into())
}

fn output(rustc: &Path, arguments: &[&str]) -> Result<String> {
    let output = Command::new(rustc)
        .args(arguments)
        .output()
        .with_context(|| format!("failed to run {} {}", rustc.display(), arguments.join(" ")))?;
    if !output.status.success() {
        bail!("{} {} failed:\n{}", rustc.display(), arguments.join(" "), String::from_utf8_lossy(&output.stderr));
    }
    String::from_utf8(output.stdout).context("rustc's answer is not UTF-8")
}
