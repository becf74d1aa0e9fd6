//! Chooses the source of the library `engraft` for a new workspace, so that it has the version of this program.

use std::path::{Path, PathBuf};

/// The crate `engraft` beside this crate, if this program was built from a checkout.
const BESIDE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../engraft");
/// All crates of Engraft have the same version.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The value of the dependency in `Cargo.toml`: the checkout from which this program was built, if it exists
/// and has this version, otherwise the published crate.
pub fn dependency() -> toml_edit::Value {
    match checkout().as_deref().and_then(Path::to_str) {
        Some(path) => {
            let mut table = toml_edit::InlineTable::new();
            table.insert("path", path.into());
            table.into()
        }
        None => VERSION.into(),
    }
}

/// The command that installs this version of this program.
pub fn install_command() -> String {
    match checkout().as_deref().and_then(Path::parent) {
        Some(crates) => format!("cargo install --locked --path {}", crates.join("cargo-engraft").display()),
        None => format!("cargo install --locked cargo-engraft@{VERSION}"),
    }
}

fn checkout() -> Option<PathBuf> {
    let directory = Path::new(BESIDE).canonicalize().ok()?;
    let read = |path: PathBuf| std::fs::read_to_string(path).ok()?.parse::<toml::Table>().ok();
    let manifest = read(directory.join("Cargo.toml"))?;
    let package = manifest.get("package")?.as_table()?;
    let version = match package.get("version")? {
        toml::Value::String(version) => version.clone(),
        _ => {
            // The checkout's workspace sets the version.
            let root = directory.ancestors().skip(1).find_map(|parent| read(parent.join("Cargo.toml")).filter(is_workspace))?;
            root.get("workspace")?.get("package")?.get("version")?.as_str()?.to_owned()
        }
    };
    (package.get("name")?.as_str()? == "engraft" && version == VERSION).then_some(directory)
}

fn is_workspace(manifest: &toml::Table) -> bool {
    manifest.contains_key("workspace")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checkout_is_found() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("../engraft").canonicalize().unwrap();
        assert_eq!(checkout(), Some(here));
    }
}
