//! The `-C metadata` of a unit, made from what the unit is and not from where it stands.
//!
//! rustc makes `TypeId`s and symbol names from the metadata. cargo's own says where a path package stands if that is
//! outside of the workspace, so that two checkouts of one source would have different types; and it changes with settings that
//! change nothing of the result (`CARGO_INCREMENTAL`). Both go on into the metadata of every package that depends on such a one,
//! so it is replaced for all.
//!
//! What two units of one build differ in, they differ in here too: name and version of the package, target, features, flags, target
//! machine, and, through the metadata of the libraries that they are compiled against, in all of these for those.

use super::arguments::{Arguments, without_codegen};
use super::record::{CargoPackage, shaping_flags};
use super::session::Session;
use crate::place;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// The compiler's arguments with the unit's own metadata in the place of cargo's, and its salt if it has one.
///
/// Both are told to dependents: one that is not salted itself, such as a registry's package whose dependency is patched, is
/// another package when the salt is another. They are left beside the unit's output before the compiler runs: cargo starts dependents when the `.rmeta` is there,
/// which is before the compiler ends.
pub fn with_own_metadata(
    session: &Session,
    package: &CargoPackage,
    arguments: &Arguments,
    given: &[String],
    salt: Option<&str>,
) -> Result<Vec<String>> {
    let metadata = metadata(session, package, arguments)?;
    let out_dir = arguments.out_dir.as_deref().context("a unit is compiled without --out-dir")?;
    let stem = arguments.stem().context("a unit is compiled without --crate-name")?;
    let path = path(&out_dir.join(format!("lib{stem}.rmeta")));
    let told = format!("{metadata}{}", salt.unwrap_or_default());
    if std::fs::read_to_string(&path).ok().as_deref() != Some(&told) {
        place::write(&path, told.as_bytes())?;
    }
    let mut new = without_codegen(given, |option| option.starts_with("metadata="));
    new.extend([metadata.as_str()].into_iter().chain(salt).map(|metadata| format!("-Cmetadata={metadata}")));
    Ok(new)
}

/// Where a library's metadata is told to those that are compiled against it, given any of its outputs.
fn path(output: &Path) -> PathBuf {
    output.with_extension("engraft-metadata")
}

fn metadata(session: &Session, package: &CargoPackage, arguments: &Arguments) -> Result<String> {
    let mut externs = Vec::new();
    for library in &arguments.externs {
        // A library that cargo did not have compiled under Engraft is what its file's name says.
        let name = || library.file_name().unwrap_or_default().to_string_lossy().into_owned();
        externs.push(match std::fs::read_to_string(path(library)) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => name(),
            metadata => metadata.with_context(|| format!("failed to read the metadata of {}", library.display()))?,
        });
    }
    externs.sort();
    Ok(digest(&[
        &[session.place(package).name],
        &[arguments.crate_name.clone().unwrap_or_default(), arguments.target.clone().unwrap_or_default(), arguments.test.to_string()],
        &arguments.crate_types,
        &sorted(&arguments.features),
        &shaping_flags(arguments),
        &externs,
    ]))
}

fn sorted(list: &[String]) -> Vec<String> {
    let mut list = list.to_vec();
    list.sort();
    list
}

/// Lengths keep one part's end from passing for another one's beginning.
fn digest(lists: &[&[String]]) -> String {
    let mut hasher = blake3::Hasher::new();
    for list in lists {
        hasher.update(&(list.len() as u64).to_le_bytes());
        for part in *list {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
    }
    let mut text = hasher.finalize().to_hex().to_string();
    text.truncate(16);
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rustc::package_place::PackagePlace;

    /// The directory of a second package of one name and version.
    const TWIN: &str = "/home/.cargo/git/checkouts/api/abc";

    fn session(root: &str) -> Session {
        let twin = PackagePlace { name: "api-1.0.0-0a1b2c3d".into(), source: "git".into(), is_member: false, is_fetched: true };
        Session {
            engraft: "e".into(),
            user_wrapper: None,
            linkers: "l".into(),
            profile: "dev".into(),
            workspace: format!("{root}/w").into(),
            cargo_home: "/home/.cargo".into(),
            target_dir: format!("{root}/w/target").into(),
            own_dir: format!("{root}/w/target").into(),
            filled: Vec::new(),
            plugin_side: Vec::new(),
            plugins: std::collections::BTreeMap::new(),
            manifests: Vec::new(),
            places: [(TWIN.into(), twin)].into(),
            api: std::collections::BTreeMap::new(),
            links_declared: false,
        }
    }

    fn of(root: &str, dir: &str, version: &str, line: &str) -> String {
        let package = CargoPackage { name: "api".into(), version: version.into(), dir: dir.into(), generated: None };
        let line = format!("--crate-name api --out-dir /nowhere -C metadata=1 {line}");
        let arguments = Arguments::parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
        metadata(&session(root), &package, &arguments).unwrap()
    }

    #[test]
    fn a_place_is_none_of_a_units_identity() {
        let line = "--crate-type lib -C opt-level=3 --extern a=/nowhere/liba-1.rmeta";
        let directories = ["/one/w/api", "/two/w/api", "/one/api-clone", "/one/w/vendor/api", "/home/.cargo/registry/src/index/api-1.0.0"];
        let metadata: std::collections::HashSet<_> = directories.map(|directory| of("/one", directory, "1.0.0", line)).into();
        assert_eq!(metadata.len(), 1);
        assert_eq!(
            of(
                "/one",
                "/one/w/api",
                "1.0.0",
                "-C metadata=2 -C extra-filename=-3 -C incremental=i -C linker-flavor=gcc -C strip=debuginfo -Z threads=8"
            ),
            of("/one", "/one/w/api", "1.0.0", "")
        );
    }

    #[test]
    fn a_package_is_another_one_when_the_salt_of_a_dependency_is() {
        let directory = tempfile::tempdir().unwrap();
        let out = directory.path().display();
        let package = CargoPackage { name: "patched".into(), version: "1.0.0".into(), dir: "/one/w/patched".into(), generated: None };
        let given: Vec<String> =
            format!("--crate-name patched --out-dir {out} -Cmetadata=1").split_whitespace().map(str::to_owned).collect();
        let dependent = |salt| {
            let new = with_own_metadata(&session("/one"), &package, &Arguments::parse(&given), &given, salt).unwrap();
            assert_eq!(new.iter().filter(|argument| argument.starts_with("-Cmetadata=")).count(), 1 + usize::from(salt.is_some()));
            of("/one", "/home/.cargo/registry/src/index/user-1.0.0", "1.0.0", &format!("--extern patched={out}/libpatched.rmeta"))
        };
        let dependents: std::collections::HashSet<_> = [None, Some("a"), Some("b")].map(dependent).into();
        assert_eq!(dependents.len(), 3);
    }

    #[test]
    fn units_of_one_build_are_told_apart() {
        let units = [
            of("/one", "/one/w/api", "1.0.0", ""),
            of("/one", "/one/w/api", "1.0.1", ""),
            of("/one", TWIN, "1.0.0", ""),
            of("/one", "/one/w/api", "1.0.0", "--test"),
            of("/one", "/one/w/api", "1.0.0", "--crate-type lib"),
            of("/one", "/one/w/api", "1.0.0", "--crate-type bin"),
            of("/one", "/one/w/api", "1.0.0", "--target x86_64-unknown-linux-gnu"),
            of("/one", "/one/w/api", "1.0.0", "-C opt-level=3"),
            of("/one", "/one/w/api", "1.0.0", "--cfg feature=\"x\""),
            of("/one", "/one/w/api", "1.0.0", "--cfg x"),
            of("/one", "/one/w/api", "1.0.0", "--extern a=/nowhere/liba-1.rmeta"),
            of("/one", "/one/w/api", "1.0.0", "--extern a=/nowhere/liba-2.rmeta"),
        ];
        let different: std::collections::HashSet<_> = units.iter().collect();
        assert_eq!(different.len(), units.len());
    }
}
