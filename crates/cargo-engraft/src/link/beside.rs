//! What is linked beside packages: the objects of a host's own crate, and archives of C code that no package bundles.
//!
//! A definition without a version would be taken for one of any version, so these get nodes as well: of their content.

use super::arguments::{self, Kind};
use super::nodes::{self, Input, Origin};
use super::plan::Facts;
use super::unmangled::{self, Definition};
use anyhow::Result;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What stands beside packages in these arguments and defines unmangled names.
pub fn inputs(given: &[String], facts: &Facts) -> Result<Vec<Input>> {
    let mut inputs = Vec::new();
    for argument in given {
        // What is treated is the allocator, or defines nothing.
        if let Kind::Object(path) = arguments::kind(argument)
            && !facts.treatments.contains_key(argument)
            && path.is_file()
        {
            inputs.push(input(path, unmangled::of_object(path)?)?);
        }
    }
    let paths: BTreeSet<PathBuf> = archives(given).into_iter().map(|(_, path)| path).collect();
    for path in paths {
        // Linkers read more than is understood here: thin archives, scripts.
        if let Ok(definitions) = unmangled::of_library(&path) {
            inputs.push(input(&path, definitions)?);
        }
    }
    Ok(inputs)
}

fn input(path: &Path, definitions: Vec<Definition>) -> Result<Input> {
    let mut hasher = blake3::Hasher::new();
    let mut objects: Vec<_> = definitions.iter().map(|definition| definition.object.clone()).collect();
    objects.dedup();
    for object in objects {
        hasher.update(unmangled::digest(path, &object)?.as_bytes());
    }
    let (label, node) = (path.display().to_string(), nodes::name(hasher.finalize().as_bytes()));
    Ok(Input { label, node, origin: Origin::Beside, file: path.to_owned(), definitions })
}

/// The objects and archives beside packages, by argument, that have no treatment yet.
pub fn files(given: &[String], facts: &Facts) -> Vec<(String, PathBuf)> {
    let objects = given.iter().filter_map(|argument| match arguments::kind(argument) {
        Kind::Object(path) if path.is_file() => Some((argument.clone(), path.to_owned())),
        _ => None,
    });
    objects.chain(archives(given)).filter(|(argument, _)| !facts.treatments.contains_key(argument)).collect()
}

/// The archives that a linker finds in the directories it is given, by argument. Those of the system's directories are the system's.
fn archives(given: &[String]) -> Vec<(String, PathBuf)> {
    let directories: Vec<&Path> = arguments::search_directories(given).collect();
    let mut found = Vec::new();
    let mut only_static = false;
    for argument in given {
        match argument.as_str() {
            "-Wl,-Bstatic" => only_static = true,
            "-Wl,-Bdynamic" => only_static = false,
            path if !path.starts_with('-') && path.ends_with(".a") && Path::new(path).is_file() => {
                found.push((argument.clone(), path.into()));
            }
            option => {
                let Some(name) = option.strip_prefix("-l") else { continue };
                let archive = name.strip_prefix(':').map_or_else(|| format!("lib{name}.a"), str::to_owned);
                let shared = format!("lib{name}.so");
                let first = directories.iter().find_map(|directory| {
                    let is_there = |file: &str| Some(directory.join(file)).filter(|path| path.is_file());
                    is_there(&shared).filter(|_| !only_static).or_else(|| is_there(&archive))
                });
                let archive = first.filter(|path| path.extension().is_some_and(|extension| extension == "a"));
                found.extend(archive.map(|path| (argument.clone(), path)));
            }
        }
    }
    // Named once for each package that wants it.
    found.sort();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn archives_are_found_as_a_linker_finds_them() {
        let directory = tempfile::tempdir().unwrap();
        for file in ["liba.a", "libb.a", "libb.so", "libc.a", "exact.a"] {
            std::fs::write(directory.path().join(file), "").unwrap();
        }
        let found = |words: &str| -> Vec<String> {
            let given: Vec<String> = words.split(' ').map(|word| word.replace("DIR", &directory.path().display().to_string())).collect();
            archives(&given).iter().map(|(_, path)| path.file_name().unwrap().to_string_lossy().into_owned()).collect()
        };
        assert_eq!(found("-L DIR -la -lb"), ["liba.a"]);
        assert_eq!(found("-LDIR -Wl,-Bstatic -lb -Wl,-Bdynamic -lb -l:exact.a -la -la"), ["exact.a", "liba.a", "libb.a"]);
        assert_eq!(found("-lc DIR/libc.a DIR/libc.a"), ["libc.a"]);
    }
}
