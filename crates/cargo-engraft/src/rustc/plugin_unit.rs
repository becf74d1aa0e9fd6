//! A plugin of which cargo makes the shared object, in the call that compiles its library (`crate-type = ["lib", "cdylib"]`).
//!
//! rustc compiles only the library. Engraft links the shared object from it, to where cargo expects it.

use super::arguments::Arguments;
use super::dep_info;
use super::record::PackageRecord;
use super::session::{Session, SessionPlugin};
use crate::link::request::Hosts;
use crate::output::{self, Steps};
use crate::place;
use crate::plugin::{self, PluginLink};
use anyhow::{Context, Result};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The compiler's arguments for the library alone.
///
/// cargo does not ask for the metadata in a file of its own, because nothing may begin before a shared object is linked. Others read
/// it: [`super::salt`].
pub fn as_library(given: &[String]) -> Vec<String> {
    let mut kept = Vec::with_capacity(given.len());
    let mut rest = given.iter();
    while let Some(argument) = rest.next() {
        if argument == "--crate-type" {
            rest.next();
        } else if argument.starts_with("--emit=") {
            kept.push("--emit=dep-info,metadata,link".to_owned());
        } else if !argument.starts_with("--crate-type=") {
            kept.push(argument.clone());
        }
    }
    kept.extend(["--crate-type".to_owned(), "lib".to_owned()]);
    kept
}

/// Links the shared object of a library that was compiled just now.
pub fn link(session: &Session, plugin: &SessionPlugin, arguments: &Arguments) -> Result<()> {
    let out_dir = arguments.out_dir.as_deref().context("a plugin is compiled without --out-dir")?;
    let stem = arguments.stem().context("a plugin is compiled without --crate-name")?;
    let library = out_dir.join(format!("lib{stem}.rlib"));
    let undone = plugin::link_now(&PluginLink {
        name: &plugin.name,
        library: &library,
        hosts: Hosts::Expected(plugin.expected.clone()),
        file: &library.with_extension("so"),
        objcopy: None,
        session,
        steps: Steps::Silent,
    })?;
    for undone in undone {
        output::warning_to_cargo(&format!(
            "the linker flag `{}` is left out of `{}`: with it {}",
            undone.flag, plugin.name, undone.because
        ));
    }
    let path = out_dir.join(format!("{stem}.d"));
    let text = std::fs::read_to_string(&path).with_context(|| format!("failed to read {}", path.display()))?;
    let mut sources = session.manifests.clone();
    sources.extend(sources_of_dependencies(session, &library)?);
    place::write(&path, dep_info::with_sources(&text, &sources).as_bytes())
}

/// The sources of the packages that only plugins have: with them in its dependency file, whoever wants to know whether the plugin is older
/// than what it was made from need not look further.
fn sources_of_dependencies(session: &Session, library: &Path) -> Result<BTreeSet<PathBuf>> {
    let mut sources = BTreeSet::new();
    for record in PackageRecord::closure(&[library.to_owned()])? {
        let listed = session.places.iter().find(|(directory, place)| place.name == record.place && session.plugin_side.contains(directory));
        let Some((directory, _)) = listed.filter(|_| record.library != library) else { continue };
        // The directory in which cargo runs the compiler.
        let base = if directory.starts_with(&session.workspace) { &session.workspace } else { directory };
        let stem = record.library.file_stem().unwrap_or_default().to_string_lossy();
        let dep_info = record.library.with_file_name(format!("{}.d", stem.strip_prefix("lib").unwrap_or(&stem)));
        // cargo has it, but need not.
        let text = std::fs::read_to_string(dep_info).unwrap_or_default();
        sources.extend(dep_info::sources(&text).iter().map(|source| base.join(source)));
    }
    Ok(sources)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_library_is_compiled() {
        let line = "--crate-name one src/lib.rs --crate-type lib --crate-type cdylib --emit=dep-info,link -C opt-level=3";
        let given: Vec<String> = line.split(' ').map(str::to_owned).collect();
        let expected = "--crate-name one src/lib.rs --emit=dep-info,metadata,link -C opt-level=3 --crate-type lib";
        assert_eq!(as_library(&given).join(" "), expected);
    }
}
