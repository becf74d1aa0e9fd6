//! Reads what an audit takes, and puts what it finds into words.

use super::finished::Finished;
use super::promise::{Oddity, Promise, Shared};
use super::rules::{self, Broken};
use super::shared_objects;
use crate::link::arguments::{self, Kind};
use crate::link::libraries::Library;
use crate::link::origins::Origins;
use crate::link::request::{LinkRequest, Product};
use crate::link::undefined;
use crate::rustc::supported;
use crate::start::Unsupported;
use anyhow::{Context, Result};
use engraft_manifest::Origin;
use std::path::Path;

/// Refuses a link in which rustc does not name the libraries that it is about, or takes the toolchain's from a shared object.
pub fn named(request: &LinkRequest, libraries: &[Library], given: &[String]) -> Result<()> {
    let takes_std = |argument: &String| argument.starts_with("-lstd-") || argument.contains("/libstd-") && argument.ends_with(".so");
    if let Some(library) = given.iter().find(|argument| takes_std(argument)) {
        return Err(of_shared_object(request, library));
    }
    let is_named = match &request.product {
        Product::Host { .. } => !libraries.is_empty(),
        Product::Plugin { library, .. } => libraries.iter().any(|known| known.is_of(library)) && libraries.iter().any(Library::is_engraft),
    };
    if is_named { Ok(()) } else { Err(supported::differs(&request.toolchain, "does not name the Rust libraries of a link by their paths")) }
}

/// Reads the libraries that the linked file has and shares with others.
pub fn shared(libraries: &[Library], origins: &Origins) -> Result<Vec<Shared>> {
    let shared = origins.carried(libraries).filter(|(library, origin)| *origin == Origin::Bundled && !library.is_per_file_runtime());
    let read = shared.map(|(library, _)| {
        let archive = std::fs::read(&library.argument).with_context(|| format!("failed to read the library {}", library.argument))?;
        Ok(Shared { label: library.label(), crate_name: library.crate_name.clone(), path: (&library.argument).into(), archive })
    });
    read.collect()
}

/// What these libraries promise, in a link with these arguments.
pub fn promise<'s>(request: &LinkRequest, shared: &'s [Shared], given: &[String]) -> Result<Promise<'s>> {
    let mut promise = Promise::of(shared, matches!(request.product, Product::Plugin { .. }))?;
    for argument in given {
        if let Kind::Object(path) = arguments::kind(argument)
            && let Ok(object) = std::fs::read(path)
        {
            promise.keep_private(&object).with_context(|| format!("failed to read {}", path.display()))?;
        }
    }
    Ok(promise)
}

/// Refuses libraries that a compiler made in a way that Engraft does not know.
pub fn promised(request: &LinkRequest, libraries: &[Library], promise: &Promise<'_>) -> Result<()> {
    let what = match &promise.oddity {
        Some(Oddity::Member { name, package }) => {
            format!("names the objects of a library otherwise than `….rcgu.o`: `{name}` has code of `{package}`")
        }
        Some(Oddity::Direct { symbol, package }) => format!(
            "has code of `{package}` refer directly to what it shares, so that each file would use its own: {:#}",
            rustc_demangle::demangle(symbol)
        ),
        None => {
            // Engraft's own library is like all others, and has functions that plugins call.
            let hides = |library: &Library| library.is_engraft() && !promise.shared.values().any(|label| *label == library.label());
            match request.product {
                Product::Host { .. } if libraries.iter().any(hides) => {
                    "hides the symbols of libraries (`-Z default-visibility`)".to_owned()
                }
                _ => return Ok(()),
            }
        }
    };
    Err(supported::differs(&request.toolchain, &what))
}

/// Refuses a linked file that does not keep what its libraries promise. `has_list` says whether it was linked with a list of exports.
pub fn kept(request: &LinkRequest, file: &Path, promise: &Promise<'_>, has_list: bool, planned: &[String]) -> Result<()> {
    let bytes = std::fs::read(file).with_context(|| format!("failed to read {}", file.display()))?;
    let finished = Finished::read(&bytes).with_context(|| format!("failed to audit {}", file.display()))?;
    let is_plugin = matches!(request.product, Product::Plugin { .. });
    // What can't stand between quotes is in no list, and nothing calls it.
    let is_listed = |symbol: &str| !has_list || !symbol.contains(['"', '\\', '\n']);
    if let Some(broken) = rules::first_broken(&finished, promise, is_plugin, is_listed) {
        return Err(error(request, promise, &broken));
    }
    let libraries = undefined::dynamic_symbols(file)?.libraries;
    match shared_objects::first_of_rust(&libraries, &request.linker, planned) {
        Some(library) => Err(of_shared_object(request, library)),
        None => Ok(()),
    }
}

fn of_shared_object(request: &LinkRequest, library: &str) -> anyhow::Error {
    Unsupported(format!(
        "`{}` needs `{library}`, a shared object with Rust packages of its own, of which Engraft can't tell whether host and plugin have the \
         same\nhelp: remove `crate-type = [\"dylib\"]` from packages that it depends on, and `-C prefer-dynamic` from the flags",
        request.name
    ))
    .into()
}

fn error(request: &LinkRequest, promise: &Promise<'_>, broken: &Broken) -> anyhow::Error {
    const BY_WHOM: &str = "Engraft takes such flags out of the arguments that cargo and rustc give; a wrapper script around the linker, or a \
                           configuration of the C compiler's, may add them";
    let name = &request.name;
    let words = match broken {
        Broken::Symbolic => format!(
            "the linker made the loader search `{name}` itself first, which splits shared packages\nhelp: {}",
            of_flags("-Bsymbolic", BY_WHOM)
        ),
        Broken::OwnInit => format!(
            "the linker made the loader run a function whenever it maps `{name}`, and not once in a process\nhelp: {}",
            of_flags("-init", BY_WHOM)
        ),
        Broken::Bound(symbols) => format!(
            "the linker bound symbols within `{name}` that it shares with its host and other plugins:\n{}\nhelp: {}",
            list(symbols, promise),
            of_flags("-Bsymbolic-functions", BY_WHOM)
        ),
        Broken::Unexported(symbols) => format!(
            "the linker did not export from `{name}` what it shares with others, with {}:\n{}\nhelp: {}",
            request.toolchain.version,
            list(symbols, promise),
            of_flags("--exclude-libs", BY_WHOM)
        ),
        Broken::NoLoader => {
            format!("the linker made `{name}` a static program, which can't open plugins\nhelp: {}", of_flags("-static", BY_WHOM))
        }
        Broken::NoAllocator => {
            return supported::differs(&request.toolchain, "does not call the allocator's functions `__rust_alloc` and so on");
        }
        Broken::Allocator => return supported::differs(&request.toolchain, "gives a plugin an allocator of its own"),
    };
    Unsupported(words).into()
}

fn of_flags(flag: &str, by_whom: &str) -> String {
    format!("a flag such as `{flag}` does that. {by_whom}")
}

/// Some of the symbols, for people.
fn list(symbols: &[String], promise: &Promise<'_>) -> String {
    const SHOWN: usize = 3;
    let line = |symbol: &String| {
        let package = promise.shared.get(symbol.as_str()).copied().unwrap_or_default();
        format!("  {:#}\n    of package `{package}`", rustc_demangle::demangle(symbol))
    };
    let mut lines: Vec<String> = symbols.iter().take(SHOWN).map(line).collect();
    if symbols.len() > SHOWN {
        lines.push(format!("  and {} more", symbols.len() - SHOWN));
    }
    lines.join("\n")
}
