//! Reports linker flags that were taken out of links, with who sets them: a line for each, in every build.

use super::build::{Build, same_file};
use crate::cargo::flag_origin;
use crate::cargo::invocation::Artifacts;
use crate::link::report::{self, UNDONE, UndoneFlags};
use crate::{output, plugin};
use anyhow::Result;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Warns of what was taken out of the links of these hosts, and of the plugins in `directory`.
pub fn warn(build: &Build<'_>, artifacts: &Artifacts, directory: &Path) -> Result<()> {
    let is_current = |undone: &UndoneFlags| artifacts.executables.iter().any(|executable| same_file(&undone.output, &executable.path));
    let mut found: Vec<UndoneFlags> = Vec::new();
    for path in of_programs(&build.compiled) {
        // What an earlier build linked under another name is of no interest.
        found.extend(report::read_undone(&path)?.filter(is_current));
    }
    for plugin in build.workspace.plugins.iter().filter(|plugin| build.wanted(&plugin.package.name)) {
        let name = &plugin.package.name;
        found.extend(report::read_undone(&plugin::undone_path(&build.session, name, &directory.join(format!("{name}.so"))))?);
    }
    let flags: BTreeMap<String, String> =
        found.into_iter().flat_map(|undone| undone.flags).map(|undone| (undone.flag, undone.because)).collect();
    for (flag, because) in flags {
        let origin = flag_origin::of(&flag, &build.flags, &build.config, &build.compiled.join("build"));
        output::warning(&format!("the linker flag `{flag}` ({origin}) is left out: with it {because}"));
    }
    Ok(())
}

/// The files that wrappers' links left, beside what they linked.
fn of_programs(compiled: &Path) -> Vec<PathBuf> {
    let directories = [compiled.join("deps"), compiled.join("examples")];
    let entries = directories.iter().filter_map(|directory| std::fs::read_dir(directory).ok()).flatten();
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    paths.filter(|path| path.extension().is_some_and(|extension| extension == UNDONE)).collect()
}
