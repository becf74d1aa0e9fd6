//! After a plugin's link: every symbol that it leaves undefined must be one that a host exports, or that a C library it names has.

use super::arguments::search_directories;
use super::libraries::Library;
use super::linked_file;
use anyhow::{Context, Result};
use engraft::DynamicSymbols;
use engraft_manifest::{Manifest, Origin};
use object::{Object, ObjectSymbol};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Reads the dynamic symbols of a linked file.
pub fn dynamic_symbols(path: &Path) -> Result<DynamicSymbols> {
    let read = || DynamicSymbols::read(&std::fs::read(path)?);
    read().with_context(|| format!("failed to read the dynamic symbols of {}", path.display()))
}

/// The symbols that a plugin needs and that nothing has when this host opens it.
pub fn missing(plugin: &DynamicSymbols, host: &DynamicSymbols, linker: &Path, arguments: &[String]) -> Result<Vec<Vec<u8>>> {
    let mut missing: Vec<Vec<u8>> =
        plugin.needed.iter().filter(|name| !host.exported.contains(*name) && !plugin.exported.contains(*name)).cloned().collect();
    // Rarely anything is left: C libraries whose symbols have no versions.
    for library in &plugin.libraries {
        if missing.is_empty() {
            break;
        }
        if let Some(path) = locate(library, linker, arguments) {
            let library = dynamic_symbols(&path)?;
            missing.retain(|name| !library.exported.contains(name));
        }
    }
    missing.sort();
    Ok(missing)
}

/// Finds a shared library where the linker found it: its `-L` directories, then those of the C compiler.
pub(super) fn locate(library: &str, linker: &Path, arguments: &[String]) -> Option<PathBuf> {
    let given = search_directories(arguments).map(|dir| dir.join(library)).find(|path| path.is_file());
    given.or_else(|| {
        let output = Command::new(linker).arg(format!("-print-file-name={library}")).output().ok()?;
        Some(PathBuf::from(String::from_utf8(output.stdout).ok()?.trim())).filter(|path| path.is_file())
    })
}

/// Says which package each missing symbol belongs to, and why the host may not have it.
pub fn explain(missing: &[Vec<u8>], libraries: &[Library], host: &Path) -> Result<String> {
    let linked = linked_file::read(host)?.ok();
    let manifest = linked.as_ref().and_then(|linked| Manifest::decode(&linked.record).ok());
    let is_partial = |library: &Library| {
        let package = manifest.as_ref().and_then(|manifest| manifest.package(library.key));
        package.is_some_and(|package| package.origin == Origin::Partial)
    };
    let mut to_name = BTreeSet::new();
    let mut lines = Vec::new();
    for name in missing {
        let name = String::from_utf8_lossy(name);
        let readable = format!("{:#}", rustc_demangle::demangle(&name));
        let owner = libraries.iter().find_map(|library| definition(library, &name));
        lines.push(match owner {
            Some((library, _)) if is_partial(library) => {
                to_name.extend(library.record.as_ref().map(|record| record.name.as_str()));
                format!("  {readable}\n    of package `{}`, of which the host has only a part, by `export = \"api\"`", library.label())
            }
            Some((library, true)) => format!("  {readable}\n    of package `{}`, which keeps it hidden", library.label()),
            Some((library, false)) => format!("  {readable}\n    of package `{}`", library.label()),
            None => format!("  {readable}\n    of no package in this link: a C library that is not linked, perhaps"),
        });
    }
    if !to_name.is_empty() {
        lines.push(format!("help: {}", engraft_manifest::remedy_for_api(&Vec::from_iter(to_name))));
    }
    Ok(format!(
        "the host {} does not export {} that the plugin needs:\n{}",
        host.display(),
        if missing.len() == 1 { "a symbol".to_owned() } else { format!("{} symbols", missing.len()) },
        lines.join("\n")
    ))
}

/// Whether a library defines a symbol: the library, and whether the symbol is hidden.
fn definition<'l>(library: &'l Library, name: &str) -> Option<(&'l Library, bool)> {
    let bytes = std::fs::read(&library.argument).ok()?;
    let archive = object::read::archive::ArchiveFile::parse(bytes.as_slice()).ok()?;
    for member in archive.members().flatten() {
        let Ok(data) = member.data(bytes.as_slice()) else { continue };
        let Ok(file) = object::File::parse(data) else { continue };
        let found = file.symbols().find(|symbol| !symbol.is_undefined() && symbol.name() == Ok(name));
        if let Some(symbol) = found {
            return Some((library, symbol.scope() != object::SymbolScope::Dynamic));
        }
    }
    None
}
