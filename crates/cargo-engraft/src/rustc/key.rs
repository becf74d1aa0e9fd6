//! A package's key: what rustc makes type identity from, within one toolchain.

use engraft_manifest::Key;

/// The key of a crate, from what rustc makes its `StableCrateId` from beside its own version (`rustc_span::def_id::StableCrateId::new`).
///
/// The version is left out: that host and plugins have one toolchain is proven for all of their packages at once. So the
/// wrapper knows every key without asking the compiler for its version first.
#[must_use]
pub fn key(crate_name: &str, metadata: &[String]) -> Key {
    let mut metadata: Vec<&String> = metadata.iter().collect();
    metadata.sort();
    metadata.dedup();
    let mut hasher = blake3::Hasher::new();
    for part in [crate_name].into_iter().chain(metadata.into_iter().map(String::as_str)) {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    let mut key = [0; 16];
    hasher.finalize_xof().fill(&mut key);
    Key(key)
}
