//! After an update of this program: cargo must compile everything again, and does not know it.
//!
//! cargo asks the compiler for its version only once, keeps the answer in `.rustc_info.json`, and asks again when the file of the compiler
//! has changed. That file is the hook's script, which stays when this program is updated.

use super::compiler::VERSION_LINE;
use super::scripts::COMPILER;
use super::target_place::TargetPlace;
use crate::place;
use crate::rustc::stamp::STAMP;
use anyhow::{Result, bail};
use std::path::Path;
use std::time::SystemTime;

/// Refuses to compile something that cargo would put beside what another version of this program compiled. cargo asks again the next time.
pub fn refuse_mixing(root: &Path, place: &TargetPlace) -> Result<()> {
    let kept = place.target_dir.join(".rustc_info.json");
    let Ok(answer) = std::fs::read_to_string(&kept) else { return Ok(()) };
    let changed = |path: &Path| std::fs::metadata(path).and_then(|data| data.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
    // One that is older than the script cargo does not read; it writes another in the end.
    if !is_of_another_version(&answer) || changed(&root.join(COMPILER)) > changed(&kept) {
        return Ok(());
    }
    place::remove(&kept)?;
    bail!(
        "cargo-engraft is {STAMP} now, and this target directory was compiled by another version\n\
         help: run the same command again: cargo then compiles everything with this one"
    )
}

/// Whether cargo has another version's answer, and not this one's.
fn is_of_another_version(kept: &str) -> bool {
    let mut versions = kept.split(VERSION_LINE).skip(1).peekable();
    // The answer stands in a JSON string.
    versions.peek().is_some() && !versions.any(|rest| rest.split(['\\', '"']).next() == Some(STAMP))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_of_other_versions_are_found() {
        let kept = |version: &str| format!("{{\"stdout\":\"release: 1.95.0\\n{version}\"}}");
        for (version, other) in [
            ("", false),
            (&*format!("engraft: {STAMP}\\n"), false),
            ("engraft: 0.0.1 1\\n", true),
            (&format!("engraft: {STAMP}1\\n"), true),
        ] {
            assert_eq!(is_of_another_version(&kept(version)), other, "{version}");
        }
    }
}
