//! `--strip`: hosts without symbols and debug information, which are in files beside them.
//!
//! What cargo has built stays as it is, or cargo would build it again.

use super::build::Build;
use crate::cargo::invocation::{Artifacts, Executable};
use crate::link::strip::{Objcopy, debug_file};
use crate::place;
use crate::plugin::Fingerprint;
use crate::rustc::toolchain::Toolchain;
use anyhow::{Context, Result};
use cargo_metadata::TargetKind;
use std::path::{Path, PathBuf};

impl Build<'_> {
    /// The same build, of stripped hosts and plugins if that is asked for.
    pub fn stripping(mut self, strip: bool) -> Result<Self> {
        if strip {
            let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
            self.objcopy = Some(Objcopy::find(&Toolchain::ask(Path::new(&rustc))?)?);
        }
        Ok(self)
    }

    /// Puts stripped files in the place of the hosts that cargo has built, if that is asked for.
    ///
    /// Before plugins are linked: they are for the builds that people run.
    pub fn strip_hosts(&self, artifacts: &mut Artifacts) -> Result<()> {
        let Some(objcopy) = &self.objcopy else { return Ok(()) };
        for executable in &mut artifacts.executables {
            let program = !executable.test && matches!(executable.kind, TargetKind::Bin | TargetKind::Example);
            if program && self.workspace.hosts.iter().any(|host| host.id == executable.package) {
                executable.path = self.stripped(objcopy, executable)?;
            }
        }
        Ok(())
    }

    /// The stripped file of an executable, with its debug information beside it; made anew only if something has changed.
    fn stripped(&self, objcopy: &Objcopy, executable: &Executable) -> Result<PathBuf> {
        let name = executable.path.file_name().context("cargo built an executable without a name")?;
        let key = blake3::hash(executable.path.as_os_str().as_encoded_bytes()).to_hex();
        let directory = self.session.own_dir.join("stripped").join(&key[..16]);
        let (stripped, remembered) = (directory.join(name), directory.join("fingerprint"));
        let debug = debug_file(&stripped);
        let inputs = Fingerprint::now(&serde_json::to_vec(objcopy)?, [executable.path.as_path(), &self.session.engraft]);
        if inputs.clone().with(&debug).with(&stripped).is_at(&remembered) {
            return Ok(stripped);
        }
        self.steps().tell("Stripping", &format!("{} (host)", executable.name));
        std::fs::create_dir_all(&directory).with_context(|| format!("failed to create {}", directory.display()))?;
        let scratch = place::scratch(&directory)?;
        let (new, new_debug) = (scratch.path().join("stripped"), scratch.path().join(debug.file_name().unwrap_or_default()));
        objcopy.strip(&executable.path, &new_debug, &new)?;
        for (from, to) in [(&new_debug, &debug), (&new, &stripped)] {
            std::fs::rename(from, to).with_context(|| format!("failed to place {}", to.display()))?;
        }
        inputs.with(&debug).with(&stripped).write(&remembered)?;
        Ok(stripped)
    }
}
