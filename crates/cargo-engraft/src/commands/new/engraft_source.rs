//! Where a new workspace gets the library `engraft` from, so that it fits this program.

use std::path::{Path, PathBuf};

/// The crate `engraft` beside this one, if this program was built from a checkout.
const BESIDE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../engraft");
/// Engraft's crates have one version.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The value of the dependency in `Cargo.toml`: the checkout that this program was built from, as long as
/// it is there and of this version, or the published crate.
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

fn checkout() -> Option<PathBuf> {
    let directory = Path::new(BESIDE).canonicalize().ok()?;
    let read = |path: PathBuf| std::fs::read_to_string(path).ok()?.parse::<toml::Table>().ok();
    let manifest = read(directory.join("Cargo.toml"))?;
    let package = manifest.get("package")?.as_table()?;
    let version = match package.get("version")? {
        toml::Value::String(version) => version.clone(),
        _ => {
            // Inherited from the checkout's workspace.
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
    fn in_a_checkout_it_is_the_checkout() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("../engraft").canonicalize().unwrap();
        assert_eq!(checkout(), Some(here));
    }
}
