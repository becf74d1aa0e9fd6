//! What a path package was made from, so that a difference can be traced to a file or a variable: rustc says which sources
//! and variables it has read, and the build script which files.
//!
//! This goes into the manifest, so that what is not the same in every checkout is left out: variables that a build
//! script may only have looked at, and what it reads outside of its package or in hidden directories, such as `.git`.

use super::dep_info;
use super::record::{CargoPackage, SourceRecord};
use super::session::Session;
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

/// The sources of a package, ordered by name. A variable is named `$NAME`.
pub fn of(dep_info: &Path, session: &Session, package: &CargoPackage) -> Result<Vec<SourceRecord>> {
    let text = std::fs::read_to_string(dep_info).with_context(|| format!("failed to read {}", dep_info.display()))?;
    let said = package.build_script_output();
    let mut paths = dep_info::sources(&text);
    paths.extend(files_of(&said).map(|path| package.dir.join(path)).filter(|path| path.is_file()));

    let mut sources = BTreeMap::new();
    let places = places(session, package)?;
    for path in paths {
        // What is not there is no source; of a directory, rustc names the files that it reads.
        let Ok(content) = std::fs::read(&path) else { continue };
        sources.insert(name(&places, package, &path)?, short_digest(&content));
    }
    for (name, value) in dep_info::variables(&text) {
        // Where things stand is not what they are.
        sources.insert(format!("${name}"), short_digest(package.without_places(&value, session).as_bytes()));
    }
    Ok(sources.into_iter().map(|(path, digest)| SourceRecord { path, digest }).collect())
}

/// The files of its package that a build script says its result depends on.
fn files_of(output: &str) -> impl Iterator<Item = &Path> {
    let said = output.lines().filter_map(|line| line.strip_prefix("cargo::").or_else(|| line.strip_prefix("cargo:")));
    let own =
        |path: &&Path| path.components().all(|part| matches!(part, Component::Normal(name) if !name.as_encoded_bytes().starts_with(b".")));
    said.filter_map(|said| said.strip_prefix("rerun-if-changed=")).map(Path::new).filter(own)
}

/// A file is named by the first of these that it is in: its name must not tell one checkout from another.
fn places(session: &Session, package: &CargoPackage) -> Result<Vec<(PathBuf, &'static str)>> {
    let mut places = vec![(package.dir.canonicalize()?, ""), (session.workspace.canonicalize()?, "./")];
    if let Some(generated) = &package.generated {
        places.insert(0, (generated.canonicalize()?, "$OUT_DIR/"));
    }
    Ok(places)
}

fn name(places: &[(PathBuf, &str)], package: &CargoPackage, path: &Path) -> Result<String> {
    let absolute = path.canonicalize()?;
    let named = places.iter().find_map(|(place, name)| Some(format!("{name}{}", absolute.strip_prefix(place).ok()?.display())));
    if let Some(name) = named {
        return Ok(name);
    }
    // What is named from the package's directory is found from there in every checkout; the rest is this machine's.
    let from_package = path.is_relative() || path.starts_with(&package.dir);
    let named = if from_package { relative(&absolute, &package.dir.canonicalize()?) } else { path.to_owned() };
    Ok(named.display().to_string())
}

/// A path as it is named from a directory.
fn relative(path: &Path, directory: &Path) -> PathBuf {
    let common = path.components().zip(directory.components()).take_while(|(one, other)| one == other).count();
    let up = directory.components().skip(common).map(|_| Component::ParentDir);
    up.chain(path.components().skip(common)).collect()
}

/// The beginning of a content's digest, by which records tell one content from another.
pub fn short_digest(content: &[u8]) -> u64 {
    let digest = blake3::hash(content);
    let (short, _) = digest.as_bytes().split_first_chunk::<8>().unwrap_or_else(|| unreachable!("a digest has 32 bytes"));
    u64::from_le_bytes(*short)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_outside_of_package_and_workspace_has_the_same_name_in_every_checkout() {
        for place in ["one", "deep/er/two"] {
            let root = tempfile::tempdir().unwrap();
            let dir = root.path().join(place).join("outside/package");
            let file = |path: PathBuf| {
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(&path, "").unwrap();
                path
            };
            file(dir.join("src/lib.rs"));
            file(dir.join("../../schema.sql"));
            let of_machine = file(root.path().join("include/x.h"));
            let package = CargoPackage { name: "p".into(), version: "1.0.0".into(), dir: dir.clone(), generated: None };
            let places = [(dir.canonicalize().unwrap(), "")];
            let name = |path: &Path| name(&places, &package, path).unwrap();
            assert_eq!(name(&dir.join("src/../../../schema.sql")), "../../schema.sql");
            assert_eq!(name(&dir.join("src/lib.rs")), "src/lib.rs");
            assert_eq!(name(&of_machine), of_machine.display().to_string());
        }
    }

    #[test]
    fn a_build_script_names_files_in_two_spellings() {
        let output = "cargo:rerun-if-changed=src/a.c\ncargo::rerun-if-changed=b c.h\ncargo:rerun-if-env-changed=CC\nwords\n\
            cargo:rerun-if-changed=../d.c\ncargo:rerun-if-changed=/usr/e.h\ncargo:rerun-if-changed=.git/HEAD\n";
        assert_eq!(files_of(output).collect::<Vec<_>>(), [Path::new("src/a.c"), Path::new("b c.h")]);
    }
}
