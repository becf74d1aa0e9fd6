//! Builds the variants one after the other, in one target directory, and takes each one's files out of it.

use crate::harness::{command, place};
use crate::variant::{VARIANTS, Variant};
use crate::{checkout, toolchain};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The files of a variant.
pub struct Built {
    /// The variant.
    pub name: &'static str,
    /// Its host.
    pub host: PathBuf,
    /// Its plugin.
    pub plugin: PathBuf,
}

impl Built {
    /// All variants; none for one that can't be built for want of a toolchain.
    pub fn all() -> Vec<Option<Self>> {
        let other = toolchain::other();
        let built = VARIANTS.iter().map(|variant| match (&other, variant.other_compiler) {
            (None, true) => None,
            (Some(toolchain), true) => Some(Self::new(variant, command::engraft_of(toolchain, "build"))),
            (_, false) => Some(Self::new(variant, command::engraft("build"))),
        });
        built.collect()
    }

    fn new(variant: &'static Variant, build: Command) -> Self {
        Self::build(variant, build).unwrap_or_else(|error| panic!("the variant `{}` is not built: {error}", variant.name))
    }

    fn build(variant: &'static Variant, mut build: Command) -> Result<Self, String> {
        let target = place::target();
        let directory = target.join("matrix");
        // What other fixtures have in common with this one is compiled already. Elsewhere is elsewhere in everything.
        let (source, target) = match variant.elsewhere {
            true => (directory.join("elsewhere/below/source"), directory.join("elsewhere/target")),
            false => (directory.join("source"), target),
        };
        let _locked = place::lock(&target);
        checkout::write(&source, variant)?;
        build.args(variant.arguments).envs(variant.environment.iter().copied());
        command::build(build.current_dir(&source).arg("--target-dir").arg(&target))?;

        let profile = if variant.arguments.contains(&"--release") { "release" } else { "debug" };
        let output = target.join("engraft").join(profile);
        let kept = directory.join("kept").join(variant.name);
        let built = Self { name: variant.name, host: kept.join("matrix-host"), plugin: kept.join("matrix-plugin.so") };
        let keep = || -> std::io::Result<()> {
            fs::create_dir_all(&kept)?;
            keep(&output.join("matrix-host"), &built.host)?;
            keep(&output.join("plugins/matrix-plugin.so"), &built.plugin)
        };
        keep().map_err(|error| format!("failed to fill {}: {error}", kept.display()))?;
        Ok(built)
    }
}

/// A second name: the next variant's files take the place of these, and don't change them.
fn keep(file: &Path, kept: &Path) -> std::io::Result<()> {
    if kept.exists() {
        fs::remove_file(kept)?;
    }
    fs::hard_link(file, kept)
}
