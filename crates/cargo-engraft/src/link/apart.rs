//! Keeps the unmangled symbols of different packages apart: gathers what `nodes` decides on, and tells the linker.

use super::libraries::Library;
use super::nodes::{self, Double, Input, Nodes, Origin};
use super::plan::{Facts, Treatment, VersionScript};
use super::request::{LinkRequest, Product};
use super::{beside, linker, native, undefined, unmangled};
use crate::place;
use crate::start::Incompatible;
use anyhow::{Context, Result};
use object::LittleEndian as LE;
use object::elf::{FileHeader64, SHT_DYNSYM, VER_NDX_GLOBAL};
use object::read::ReadCache;
use object::read::elf::FileHeader;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs::File;
use std::path::Path;

/// The nodes of a link.
pub fn nodes(request: &LinkRequest, libraries: &[Library], given: &[String], facts: &Facts) -> Result<Nodes> {
    let mut inputs = Vec::new();
    // The toolchain's own packages are one in the whole process, and keep their names as they are. What a host keeps to itself, it
    // does not export.
    for library in libraries.iter().filter(|library| library.record.is_some()) {
        if !matches!(facts.treatments.get(&library.argument), Some(Treatment::Drop | Treatment::Keep)) {
            inputs.push(carried(library, facts)?);
        }
    }
    inputs.extend(beside::inputs(given, facts)?);
    if !inputs.iter().any(|input| !input.definitions.is_empty()) {
        return Ok(Nodes::default());
    }
    let plugin = matches!(request.product, Product::Plugin { .. });
    if plugin {
        inputs.extend(hosted(libraries, facts, &inputs)?);
    }
    let (nodes, doubles) = Nodes::assign(&inputs);
    // A host is linked as any program: of two definitions in archives the linker takes the first. In a plugin that would
    // let one package capture the symbols of another, perhaps of one that the host has as it should be.
    if plugin {
        refuse_differing(request, &inputs, &doubles)?;
    }
    Ok(nodes)
}

/// Refuses two packages that mean different things by one name. Often it is the same C file, compiled in both.
fn refuse_differing(request: &LinkRequest, inputs: &[Input], doubles: &[Double]) -> Result<()> {
    let mut differing: BTreeMap<[usize; 2], Vec<&str>> = BTreeMap::new();
    for double in doubles {
        let digest = |which: usize| unmangled::digest(&inputs[double.between[which]].file, &double.objects[which]);
        if digest(0)? != digest(1)? {
            differing.entry(double.between).or_default().push(&double.symbol);
        }
    }
    if differing.is_empty() { Ok(()) } else { Err(Incompatible(explain(request, inputs, &differing)).into()) }
}

/// A package that goes into the link, with its C symbols as visible as [`native`] makes them.
fn carried(library: &Library, facts: &Facts) -> Result<Input> {
    let mut definitions = unmangled::of_library(Path::new(&library.argument))?;
    if let Some(Treatment::Split(split) | Treatment::Partial(Some(split))) = facts.treatments.get(&library.argument) {
        for definition in &mut definitions {
            definition.hidden &= !split.declared.contains(&definition.name);
        }
    }
    Ok(input(library, Origin::Carried, definitions))
}

/// A plugin's hosted packages, with what their hosts export of them.
fn hosted(libraries: &[Library], facts: &Facts, carried: &[Input]) -> Result<Vec<Input>> {
    let names: HashSet<&str> = carried.iter().flat_map(|input| &input.definitions).map(|definition| &*definition.name).collect();
    let mut inputs = Vec::new();
    for library in libraries.iter().filter(|library| library.record.is_some()) {
        if matches!(facts.treatments.get(&library.argument), Some(Treatment::Drop)) {
            let mut definitions = unmangled::of_library(Path::new(&library.argument))?;
            definitions.retain(|definition| names.contains(&*definition.name));
            inputs.push(input(library, Origin::Hosted, definitions));
        }
    }
    let hidden = |inputs: &[Input]| -> BTreeSet<String> {
        let hidden = inputs.iter().flat_map(|input| &input.definitions).filter(|definition| definition.hidden);
        hidden.map(|definition| definition.name.clone()).collect()
    };
    let hidden = hidden(&inputs);
    if !hidden.is_empty() {
        let packages: Vec<&Library> = libraries.iter().collect();
        let declared = native::declared(&hidden, &native::metadata_for(&packages, libraries)?)?;
        for input in &mut inputs {
            input.definitions.retain(|definition| !definition.hidden || declared.contains(&definition.name));
        }
    }
    Ok(inputs)
}

fn input(library: &Library, origin: Origin, definitions: Vec<unmangled::Definition>) -> Input {
    let (node, file) = (nodes::name(&library.hash.0), (&library.argument).into());
    Input { label: format!("the package `{}`", library.label()), node, origin, file, definitions }
}

fn explain(request: &LinkRequest, inputs: &[Input], differing: &BTreeMap<[usize; 2], Vec<&str>>) -> String {
    const SHOWN: usize = 3;
    let pairs = differing.iter().map(|(between, symbols)| {
        let [one, other] = between.map(|index| {
            let input = &inputs[index];
            format!(
                "{}, {}",
                input.label,
                if input.origin == Origin::Hosted { "which the host has" } else { "which the plugin brings along" }
            )
        });
        let mut symbols: Vec<String> = symbols.iter().map(|symbol| format!("`{symbol}`")).collect();
        symbols.sort();
        symbols.dedup();
        let more = symbols.len().saturating_sub(SHOWN);
        symbols.truncate(SHOWN);
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        format!("  {}{more}\n    by {one}\n    by {other}", symbols.join(", "))
    });
    format!(
        "the plugin `{}` needs two packages of which only one could be used: they define the same unmangled symbols differently\n{}\n\
         help: depend on one of the two alone (`cargo tree -i PACKAGE` tells who asks for it), or give their symbols different names",
        request.name,
        pairs.collect::<Vec<_>>().join("\n"),
    )
}

/// Writes the nodes down for the linker; none if there is nothing to say.
pub fn write(nodes: &Nodes, directory: &Path, linker: &Path, given: &[String]) -> Result<Option<VersionScript>> {
    if nodes.is_empty() {
        return Ok(None);
    }
    let path = directory.join("nodes.ver");
    place::write_unseen(&path, nodes.script())?;
    Ok(Some(VersionScript { path, may_name_what_is_not_there: linker::knows(linker, given, UNDEFINED_VERSION)? }))
}

/// Has a linker accept that a version script names symbols that are not linked: C code that nobody needs. lld and mold have to be told
/// that this is all right, and GNU ld before 2.40 allows it but doesn't know the option.
pub const UNDEFINED_VERSION: &str = "--undefined-version";

/// Takes those symbols out of their nodes with which the linked file stands in for shared libraries, as an allocator or a
/// replacement of a C library's function does. The libraries ask for their own version, and would no longer find it there.
/// True if that changed anything: then the file must be linked again.
///
/// Nobody asks a plugin for such a symbol: the program's libraries come first. Only C++'s shared definitions must be one.
pub fn stand_ins(nodes: &mut Nodes, request: &LinkRequest, linked: &Path, planned: &[String]) -> Result<bool> {
    let mut names = HashSet::new();
    if !nodes.is_empty() {
        for library in undefined::dynamic_symbols(linked)?.libraries {
            if let Some(path) = undefined::locate(&library, &request.linker, planned) {
                versioned(&path, &mut names).with_context(|| format!("failed to read the symbols of {}", path.display()))?;
            }
        }
    }
    Ok(nodes.leave_out(&names, matches!(request.product, Product::Plugin { .. })))
}

/// The names that a shared library defines or needs in a certain version.
fn versioned(path: &Path, names: &mut HashSet<String>) -> Result<()> {
    let cache = ReadCache::new(File::open(path)?);
    let header = FileHeader64::<LE>::parse(&cache)?;
    let sections = header.sections(LE, &cache)?;
    let Some(versions) = sections.versions(LE, &cache)? else { return Ok(()) };
    let table = sections.symbols(LE, &cache, SHT_DYNSYM)?;
    for (index, symbol) in table.enumerate().skip(1) {
        if versions.version_index(LE, index).index() > VER_NDX_GLOBAL {
            names.insert(String::from_utf8_lossy(object::read::elf::Sym::name(symbol, LE, table.strings())?).into_owned());
        }
    }
    Ok(())
}
