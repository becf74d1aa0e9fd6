//! One link, from rustc's call to the finished file: gathers facts, plans, runs the real linker, checks, puts in place.

use super::audit;
use super::binding::{self, Makes};
use super::constructors::Constructors;
use super::content::Members;
use super::exported::Exported;
use super::libraries::{self, Library};
use super::manifest::Marked;
use super::native;
use super::origins::Origins;
use super::plan::{Facts, Treatment, plan};
use super::request::{Hosts, LinkRequest, Product};
use super::slices::Slices;
use super::{
    apart, arguments, beside, bytecode, descriptions, initialisers, layout, manifest, note, report, room, save, slices_beside, symbols,
    undefined,
};
use crate::rustc::supported;
use crate::start::{Incompatible, Unsupported};
use crate::{exit, place};
use anyhow::{Context, Result};
use engraft_manifest::Origin;
use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Links in rustc's name. Says nothing when all goes well; a failing linker's words and exit code pass through.
pub fn run(request_path: &Path, given: &[OsString]) -> Result<u8> {
    let request = LinkRequest::read(request_path)?;
    let result = link(&request, request_path, given);
    if let Err(error) = &result {
        report::leave_refusal(request_path, error)?;
    }
    result
}

fn link(request: &LinkRequest, request_path: &Path, original: &[OsString]) -> Result<u8> {
    let given = arguments::expand(original)?;
    let Some(output) = arguments::output(&given) else {
        // Questions about the linker itself (`--version`) have no output.
        return real_linker(request, original);
    };
    let scratch = place::scratch(&place::beside(&output))?;

    let libraries = libraries::identify(request, &given)?;
    audit::check::named(request, &libraries, &given)?;
    if matches!(request.product, Product::Host { .. }) && !libraries.iter().any(Library::is_engraft) {
        // It could use `engraft` but doesn't: rustc links only what code names.
        // By the original arguments: what rustc put into a file would not fit the system's limit.
        return real_linker(request, original);
    }
    let checked = check_flags(request, &given)?;
    report::leave_undone(request_path, &output, checked.undone)?;
    let (rustcs, given) = (given, checked.kept);
    let origins = Origins::of(request, &libraries)?;
    let shared = audit::check::shared(&libraries, &origins)?;
    let promise = audit::check::promise(request, &shared, &given)?;
    audit::check::promised(request, &libraries, &promise)?;
    if let (Product::Plugin { .. }, Some(package)) = (&request.product, promise.allocator) {
        return Err(own_allocator(request, package));
    }
    let mut constructors = Constructors::default();
    let exports = match &request.product {
        Product::Host { .. } => Vec::new(),
        Product::Plugin { library, .. } => descriptions::of_library(library)?,
    };
    let mut marked = Marked { exports, initialisers: initialisers::collect(request, &given, &libraries, &origins)?, slices: Vec::new() };
    let mut slices = Slices::default();
    let mut ignores_bytecode = false;
    for (library, _) in origins.carried(&libraries) {
        ignores_bytecode |= bytecode::is_beside_code(library)?;
    }
    let mut facts = Facts {
        treatments: treat_libraries(request, &libraries, &origins, &mut constructors, &mut slices, scratch.path())?,
        plugin: matches!(request.product, Product::Plugin { .. }),
        note: scratch.path().join("note.o"),
        versions: None,
        exported: None,
        layout: match request.product {
            Product::Host { .. } => layout::of_host(&libraries, scratch.path(), &request.linker, &given)?,
            Product::Plugin { .. } => layout::of_plugin(&request.linker, &given)?,
        },
        // No library's file is called so: by such a name the loader would take this file for one that another file needs.
        name: format!("engraft:{}", request.name),
        ignores_bytecode,
        output: scratch.path().join("output"),
    };
    treat_objects(&given, scratch.path(), &mut facts)?;
    let mut nodes = apart::nodes(request, &libraries, &given, &facts)?;
    if let Product::Plugin { library, .. } = &request.product {
        let own = libraries.iter().find(|candidate| candidate.is_of(library)).context("the plugin's own library is not linked")?;
        let beside = beside::files(&given, &facts);
        let paths: Vec<PathBuf> = beside.iter().map(|(_, path)| path.clone()).collect();
        slices.beside = slices_beside::linked(&paths, &given, origins.carried(&libraries).map(|(library, _)| library))?;
        slices.check(request, &libraries, &origins)?;
        for (argument, path) in beside {
            let copy = constructors.take_beside(&path, own.key, scratch.path())?;
            facts.treatments.extend(copy.map(|copy| (argument, Treatment::Replace(copy))));
        }
        marked.slices = slices.within(&libraries, own.key);
    }
    let record = manifest::encode(request, &libraries, &origins, &marked)?;
    place::write_unseen(&facts.note, note::object_file(&record, !facts.plugin, &constructors.in_order())?)?;
    let mut exported = Exported::of(&libraries, &origins, &given, &facts, &nodes)?;
    facts.exported = exported.as_ref().map(|exported| exported.write(scratch.path())).transpose()?;
    let planned = loop {
        facts.versions = apart::write(&nodes, scratch.path(), &request.linker, &given)?;
        let planned = if exported.is_some() { plan(&arguments::with_symbols(&given), &facts) } else { plan(&given, &facts) };
        if let Some(directory) = std::env::var_os(save::VARIABLE) {
            save::save(Path::new(&directory), &request.name, &request.linker, &rustcs, &planned, request_path)?;
        }
        let response = scratch.path().join("arguments.rsp");
        place::write_unseen(&response, arguments::write_response(&planned))?;
        let (code, said) = link_for_real(request, &response)?;
        if code != exit::FINE {
            room::check(&said, scratch.path(), &output, &planned)?;
            return Ok(code);
        }
        if apart::stand_ins(&mut nodes, request, &facts.output, &planned)? {
            continue;
        }
        let Some(exported) = exported.take() else { break planned };
        facts.exported = Some(exported.write_linked(&facts.output, scratch.path())?);
    };
    audit::check::kept(request, &facts.output, &promise, facts.exported.is_some(), &planned)?;
    note::seal(&facts.output)?;
    if let Product::Plugin { hosts: Hosts::Built(hosts), .. } = &request.product {
        check_undefined(request, &facts.output, hosts, &planned, &libraries)?;
    }
    place::put(&facts.output, &output)?;
    Ok(exit::FINE)
}

/// The arguments without flags by which packages would not be shared.
fn check_flags(request: &LinkRequest, given: &[String]) -> Result<binding::Checked> {
    let makes = match request.product {
        Product::Host { .. } => Makes::Host,
        Product::Plugin { .. } => Makes::Plugin,
    };
    let checked = binding::check(given, makes)?;
    if let Some(refused) = checked.refused.first() {
        let (flag, because) = (&refused.flag, refused.because);
        return Err(
            Unsupported(format!("`{}` can't be linked with `{flag}`: with it {because}\nhelp: remove the flag", request.name)).into()
        );
    }
    if makes == Makes::Plugin && !checked.export_list {
        return Err(supported::differs(
            &request.toolchain,
            "gives the linker no list of exported symbols (`--version-script`) that Engraft knows",
        ));
    }
    Ok(checked)
}

fn real_linker(request: &LinkRequest, arguments: &[impl AsRef<OsStr>]) -> Result<u8> {
    let status = Command::new(&request.linker).args(arguments).status();
    Ok(exit::code_of(request.linker.as_os_str(), status.with_context(|| format!("failed to run the linker {}", request.linker.display()))?))
}

/// The same with arguments in a file, and with what it said on standard error, which is passed on.
fn link_for_real(request: &LinkRequest, response: &Path) -> Result<(u8, Vec<u8>)> {
    let mut linker = Command::new(&request.linker);
    let ran = linker.arg(format!("@{}", response.display())).stdout(Stdio::inherit()).output();
    let ran = ran.with_context(|| format!("failed to run the linker {}", request.linker.display()))?;
    std::io::stderr().write_all(&ran.stderr)?;
    Ok((exit::code_of(request.linker.as_os_str(), ran.status), ran.stderr))
}

fn treat_libraries(
    request: &LinkRequest,
    libraries: &[Library],
    origins: &Origins,
    constructors: &mut Constructors,
    slices: &mut Slices,
    scratch: &Path,
) -> Result<HashMap<String, Treatment>> {
    let shared: Vec<&Library> =
        origins.carried(libraries).filter(|(_, origin)| *origin != Origin::Private).map(|(library, _)| library).collect();
    let metadata = native::metadata_for(&shared, libraries)?;
    let mut treatments = HashMap::new();
    let order = initialisers::order(libraries);
    for (index, (library, origin)) in libraries.iter().zip(&origins.each).enumerate() {
        let treatment = if *origin == Origin::Hosted {
            Treatment::Drop
        } else if *origin == Origin::Private || library.is_per_file_runtime() {
            Treatment::Keep
        } else if *origin == Origin::Partial {
            Treatment::Partial(native::split(library, &metadata, HashMap::new(), scratch)?)
        } else {
            let mut replaced = HashMap::new();
            if matches!(request.product, Product::Plugin { .. }) {
                let bytes = std::fs::read(&library.argument)?;
                let Members { rust, native, .. } = Members::of(Path::new(&library.argument), &bytes)?;
                for range in rust.into_iter().chain(native) {
                    slices.look(index, &bytes[range.clone()], &symbols::globals(&bytes[range])?)?;
                }
                let place = order.iter().position(|&placed| placed == index).unwrap_or_default();
                replaced = constructors.take(library, &bytes, place + 1)?;
            }
            native::split(library, &metadata, replaced, scratch)?.map_or(Treatment::Whole, Treatment::Split)
        };
        treatments.insert(library.argument.clone(), treatment);
    }
    Ok(treatments)
}

/// A process has one allocator: a plugin that brought its own would free what it never allocated.
fn own_allocator(request: &LinkRequest, package: &str) -> anyhow::Error {
    incompatible(format!(
        "the plugin `{}` brings a `#[global_allocator]` along, in the package `{package}`; the process's allocator is the host's\n\
         help: remove it from the plugin, or put it into the host",
        request.name
    ))
}

/// The objects that rustc made for this link: the allocator's are exported by a host and left out of a plugin.
fn treat_objects(given: &[String], scratch: &Path, facts: &mut Facts) -> Result<()> {
    for (index, argument) in given.iter().enumerate() {
        let arguments::Kind::Object(path) = arguments::kind(argument) else { continue };
        let Ok(mut object) = std::fs::read(path) else { continue };
        let globals = symbols::globals(&object).with_context(|| format!("failed to read {}", path.display()))?;
        // rustc's list of symbols to keep alive defines nothing; in a plugin the host keeps them.
        let only_mentions = !globals.is_empty() && !globals.iter().any(|symbol| symbol.defined);
        let allocator = symbols::define_allocator(&globals);
        if facts.plugin && (allocator || only_mentions) {
            facts.treatments.insert(argument.clone(), Treatment::Drop);
        } else if allocator && symbols::make_visible(&mut object, symbols::is_allocator_symbol)? {
            let copy = scratch.join(format!("allocator.{index}.o"));
            place::write_unseen(&copy, object)?;
            facts.treatments.insert(argument.clone(), Treatment::Replace(copy));
        }
    }
    Ok(())
}

fn check_undefined(request: &LinkRequest, plugin: &Path, hosts: &[PathBuf], planned: &[String], libraries: &[Library]) -> Result<()> {
    let symbols = undefined::dynamic_symbols(plugin)?;
    for host in hosts {
        let missing = undefined::missing(&symbols, &undefined::dynamic_symbols(host)?, &request.linker, planned)?;
        if !missing.is_empty() {
            return Err(incompatible(format!(
                "the plugin `{}` would not load: {}",
                request.name,
                undefined::explain(&missing, libraries, host)?
            )));
        }
    }
    Ok(())
}

fn incompatible(words: String) -> anyhow::Error {
    Incompatible(words).into()
}
