//! The compiler flags that cargo adds to its own, from the environment or else from configuration files, and who sets them.
//!
//! cargo takes the first of: `CARGO_ENCODED_RUSTFLAGS`, `RUSTFLAGS`, the flags of the target, `build.rustflags`
//! (<https://doc.rust-lang.org/cargo/reference/config.html#buildrustflags>).

use super::config::Config;
use crate::rustc::arguments::Arguments;

/// Flags from one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flags {
    /// The place: `RUSTFLAGS`, or a key and the file that it stands in.
    pub origin: String,
    /// The flags.
    pub words: Vec<String>,
    /// Whether cargo uses them for sure: those below `target.'cfg(…)'` depend on the target.
    pub are_used: bool,
}

/// Finds the flags that cargo uses.
#[must_use]
pub fn read(config: &Config, target: Option<&str>, variable: impl Fn(&str) -> Option<String>) -> Vec<Flags> {
    let split = |text: String| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let of_env = |name: &str| Some(Flags { origin: name.to_owned(), words: split(variable(name)?), are_used: true });
    if let Some(encoded) = variable("CARGO_ENCODED_RUSTFLAGS") {
        let words = encoded.split('\x1f').map(str::to_owned).collect();
        return vec![Flags { origin: "CARGO_ENCODED_RUSTFLAGS".to_owned(), words, are_used: true }];
    }
    if let Some(flags) = of_env("RUSTFLAGS") {
        return vec![flags];
    }
    let triple = target.unwrap_or("x86_64-unknown-linux-gnu");
    let mut of_target: Vec<Flags> =
        of_env(&format!("CARGO_TARGET_{}_RUSTFLAGS", triple.to_uppercase().replace(['-', '.'], "_"))).into_iter().collect();
    for (file, table) in config.all(&["target"]).filter_map(|(file, value)| Some((file, value.as_table()?))) {
        for (key, value) in table.iter().filter(|(key, _)| *key == triple || key.starts_with("cfg(")) {
            of_target.extend(value.get("rustflags").map(|value| Flags {
                origin: format!(
                    "`target.{}.rustflags` in {}",
                    if key == triple { key.clone() } else { format!("'{key}'") },
                    file.display()
                ),
                words: words(value),
                are_used: key == triple,
            }));
        }
    }
    let of_build = of_env("CARGO_BUILD_RUSTFLAGS").into_iter().chain(config.all(&["build", "rustflags"]).map(|(file, value)| Flags {
        origin: format!("`build.rustflags` in {}", file.display()),
        words: words(value),
        are_used: true,
    }));
    if of_target.iter().any(|flags| flags.are_used) { of_target } else { of_target.into_iter().chain(of_build).collect() }
}

/// A list of flags, or a text of them.
fn words(value: &toml::Value) -> Vec<String> {
    match value {
        toml::Value::Array(list) => list.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect(),
        value => value.as_str().into_iter().flat_map(str::split_whitespace).map(str::to_owned).collect(),
    }
}

/// Whether they ask for LTO, in words.
#[must_use]
pub fn lto(flags: &[Flags]) -> Option<String> {
    let asks = |flags: &&Flags| {
        let codegen = Arguments::parse(&flags.words).codegen;
        codegen.iter().any(|option| matches!(option.split('=').next(), Some("lto" | "linker-plugin-lto")))
    };
    flags.iter().find(asks).map(|flags| format!("{} ask for LTO", flags.origin))
}

/// Whether they ask for a C library that is linked statically.
#[must_use]
pub fn static_libc(flags: &[Flags]) -> bool {
    flags.iter().any(|flags| Arguments::parse(&flags.words).codegen_all("target-feature").any(|features| features.contains("+crt-static")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origins(files: &[(&str, &str)], variables: &[(&str, &str)]) -> Vec<String> {
        let variable = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        read(&Config::of(files), None, variable).into_iter().map(|flags| format!("{} {}", flags.origin, flags.words.join(" "))).collect()
    }

    #[test]
    fn flags_come_from_where_cargo_takes_them() {
        let near = ("/w/.cargo/config.toml", "[build]\nrustflags = ['-Ca', '-C', 'b']");
        let far = ("/.cargo/config.toml", "[build]\nrustflags = '-Cc'");
        let target =
            ("/h/config.toml", "[target.x86_64-unknown-linux-gnu]\nrustflags = ['-Cd']\n[target.'cfg(unix)']\nrustflags = ['-Ce']");
        let of_build = ["`build.rustflags` in /w/.cargo/config.toml -Ca -C b", "`build.rustflags` in /.cargo/config.toml -Cc"];
        assert_eq!(origins(&[near, far], &[]), of_build);
        assert_eq!(
            origins(&[near, target], &[]),
            ["`target.'cfg(unix)'.rustflags` in /h/config.toml -Ce", "`target.x86_64-unknown-linux-gnu.rustflags` in /h/config.toml -Cd"]
        );
        assert_eq!(
            origins(&[near], &[("CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUSTFLAGS", "-Cf")]),
            ["CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUSTFLAGS -Cf"]
        );
        assert_eq!(origins(&[target], &[("RUSTFLAGS", " -Cg  -h")]), ["RUSTFLAGS -Cg -h"]);
        let encoded = [("RUSTFLAGS", "-x"), ("CARGO_ENCODED_RUSTFLAGS", "-C\x1fa b")];
        assert_eq!(origins(&[target], &encoded), ["CARGO_ENCODED_RUSTFLAGS -C a b"]);
    }
}
