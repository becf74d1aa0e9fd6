//! The compiler that cargo would call if the hook were not there.

use super::scripts::{COMPILER, OWN_COMPILER};
use crate::cargo::config::{self, Config};
use anyhow::Result;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Finds it: a `build.rustc` of the user's own, else the toolchain that rustup has chosen for cargo, else what `PATH` has.
///
/// rustup's own `rustc` would find the toolchain too, but takes longer than some compilations do.
pub fn find(root: &Path, variable: impl Fn(&str) -> Option<OsString>) -> Result<PathBuf> {
    let config = Config::read(root, &config::cargo_home()?)?;
    if let Some(own) = own(&config) {
        return Ok(own);
    }
    let toolchain = variable("RUSTUP_TOOLCHAIN").and_then(|toolchain| {
        let home = variable("RUSTUP_HOME").map(PathBuf::from).or_else(|| Some(std::env::home_dir()?.join(".rustup")))?;
        // The variable may also be the path of a toolchain.
        Some(home.join("toolchains").join(toolchain).join("bin/rustc"))
    });
    Ok(toolchain.filter(|rustc| rustc.is_file()).unwrap_or_else(|| "rustc".into()))
}

/// The compiler that a cargo must be told of so that it calls none through the hook; none if it does not anyway.
pub fn behind_hook(config: &Config, variable: impl Fn(&str) -> Option<OsString>) -> Result<Option<PathBuf>> {
    let hook = config.program(&["build", "rustc"]).filter(|program| is_hook(program));
    // Such a variable goes before the file.
    match hook.filter(|_| variable("RUSTC").is_none() && variable("CARGO_BUILD_RUSTC").is_none()) {
        Some(hook) => find(hook.ancestors().nth(Path::new(COMPILER).components().count()).unwrap_or(&hook), variable).map(Some),
        None => Ok(None),
    }
}

fn is_hook(compiler: &Path) -> bool {
    compiler.ends_with(COMPILER)
}

/// The nearest compiler that cargo's configuration names, apart from the hook. One that the hook took the place of comes first.
fn own(config: &Config) -> Option<PathBuf> {
    let displaced = config.program(&["engraft", OWN_COMPILER]);
    displaced.or_else(|| config.programs(&["build", "rustc"]).find(|program| !is_hook(program)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compiler_of_the_user_is_called_by_the_hook() {
        let hook = ("/w/.cargo/config.toml", "[build]\nrustc = '.cargo/engraft/rustc'");
        assert_eq!(own(&Config::of(&[hook])), None);
        let with = |text| own(&Config::of(&[hook, ("/home/.cargo/config.toml", text)]));
        assert_eq!(with("[build]\nrustc = 'my-rustc'"), Some("my-rustc".into()));
        assert_eq!(with("[build]\nrustc = 'bin/my-rustc'"), Some("/home/bin/my-rustc".into()));
        assert_eq!(with("[build]\njobs = 1"), None);
        let displaced = ("/w/.cargo/config.toml", "[build]\nrustc = '.cargo/engraft/rustc'\n[engraft]\nrustc = 'tools/rustc'");
        assert_eq!(own(&Config::of(&[displaced, ("/home/.cargo/config.toml", "[build]\nrustc = 'x'")])), Some("/w/tools/rustc".into()));
        assert!(is_hook(Path::new("/w/.cargo/engraft/rustc")));
    }
}
