//! Who sets a linker flag: the places from which cargo and rustc take such flags are searched for its name.

use super::config::Config;
use super::rustflags::Flags;
use std::path::Path;

/// The keys of configuration and the directives of build scripts that name linker flags begin so, and contain this.
const DIRECTIVE: &str = "link-arg";

/// Where a flag comes from, in words, given its text as [`crate::link::binding`] writes it.
///
/// `build` is the directory of build scripts' outputs. A flag that is in none of the places is named by none: a wrapper script, or a
/// default of the C compiler's, may add it.
#[must_use]
pub fn of(flag: &str, flags: &[Flags], config: &Config, build: &Path) -> String {
    let name = name(flag);
    let in_flags = flags.iter().find(|flags| flags.words.iter().any(|word| word.contains(name))).map(|flags| flags.origin.clone());
    in_flags
        .or_else(|| of_override(name, config))
        .or_else(|| of_build_script(name, build))
        .map_or_else(|| "origin unknown".to_owned(), |origin| format!("from {origin}"))
}

/// The part of a flag by which it is found in every spelling: `-z defs` may be written `-Wl,-z,defs` or `-zdefs`.
fn name(flag: &str) -> &str {
    let flag = flag.trim_start_matches('-');
    flag.strip_prefix("z ").unwrap_or_else(|| flag.split('=').next().unwrap_or(flag))
}

/// An override of a build script (`[target.TRIPLE.LINKS]`).
fn of_override(name: &str, config: &Config) -> Option<String> {
    config.all(&["target"]).find_map(|(file, targets)| {
        targets.as_table()?.iter().find_map(|(triple, target)| {
            target.as_table()?.iter().find_map(|(links, settings)| {
                let names_it = |(key, value): (&String, &toml::Value)| key.contains(DIRECTIVE) && value.to_string().contains(name);
                let found = settings.as_table()?.iter().any(names_it);
                found.then(|| format!("`target.{triple}.{links}` in {}", file.display()))
            })
        })
    })
}

/// What build scripts said, cargo keeps in `PACKAGE-HASH/output`.
fn of_build_script(name: &str, build: &Path) -> Option<String> {
    let mut directories: Vec<_> = std::fs::read_dir(build).ok()?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    directories.sort();
    directories.iter().find_map(|directory| {
        let output = std::fs::read_to_string(directory.join("output")).ok()?;
        let named = output.lines().any(|line| line.starts_with("cargo:") && line.contains(DIRECTIVE) && line.contains(name));
        let package = directory.file_name()?.to_string_lossy().into_owned();
        named.then(|| format!("the build script of `{}`", package.rsplit_once('-').map_or(&*package, |(package, _)| package)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flag_is_found_where_it_is_set() {
        let directory = tempfile::tempdir().unwrap();
        let script = directory.path().join("api-sys-0123456789abcdef");
        std::fs::create_dir(&script).unwrap();
        std::fs::write(script.join("output"), "cargo:rerun-if-changed=x\ncargo::rustc-link-arg=-Wl,-z,defs\n").unwrap();
        let config =
            Config::of(&[("/w/.cargo/config.toml", "[target.x86_64-unknown-linux-gnu.z]\nrustc-link-arg = ['-Wl,--exclude-libs,ALL']\n")]);
        let flags = [Flags { origin: "RUSTFLAGS".into(), words: vec!["-Clink-arg=-Wl,-Bsymbolic".into()], are_used: true }];
        for (flag, origin) in [
            ("-Bsymbolic", "from RUSTFLAGS"),
            ("--exclude-libs=ALL", "from `target.x86_64-unknown-linux-gnu.z` in /w/.cargo/config.toml"),
            ("-z defs", "from the build script of `api-sys`"),
            ("--no-undefined", "origin unknown"),
        ] {
            assert_eq!(of(flag, &flags, &config, directory.path()), origin, "{flag}");
        }
    }
}
