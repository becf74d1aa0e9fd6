//! The compiler flags that cargo adds to its own: those of the environment, or else of the configuration.

use super::config::Config;

/// Flags, and who gives them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flags {
    /// In words, such as `RUSTFLAGS ask`.
    asks: &'static str,
    /// One after the other, separated by blanks.
    words: String,
}

/// Looks for them as cargo does.
#[must_use]
pub fn read(config: &Config, target: Option<&str>, variable: impl Fn(&str) -> Option<String>) -> Option<Flags> {
    let from_env = variable("CARGO_ENCODED_RUSTFLAGS").map(|flags| flags.replace('\x1f', " ")).or_else(|| variable("RUSTFLAGS"));
    let triple = target.unwrap_or("x86_64-unknown-linux-gnu");
    let in_file = || config.get(&["target", triple, "rustflags"]).or_else(|| config.get(&["build", "rustflags"])).map(ToString::to_string);
    let asks = if from_env.is_some() { "RUSTFLAGS ask" } else { "the configured rustflags ask" };
    // A list of flags reads like the flags when its punctuation is blank.
    Some(Flags { asks, words: from_env.or_else(in_file)?.replace(['[', ']', '"', ',', '\''], " ") })
}

/// Whether they ask for LTO, in words.
#[must_use]
pub fn lto(config: &Config, target: Option<&str>, variable: impl Fn(&str) -> Option<String>) -> Option<String> {
    let flags = read(config, target, variable)?;
    let name = |word: &str| word.trim_start_matches("-C").split('=').next().map(str::to_owned);
    let asked = flags.words.split_whitespace().any(|word| matches!(name(word).as_deref(), Some("lto" | "linker-plugin-lto")));
    asked.then(|| format!("{} for LTO", flags.asks))
}

/// Whether they ask for a C library that is linked statically, in words.
#[must_use]
pub fn static_libc(config: &Config, target: Option<&str>, variable: impl Fn(&str) -> Option<String>) -> Option<String> {
    let flags = read(config, target, variable)?;
    is_static_libc(flags.words.split_whitespace()).then(|| format!("{} for `crt-static`", flags.asks))
}

/// Whether target features (`-C target-feature=…`) ask for a C library that is linked statically. The last mention counts.
#[must_use]
pub fn is_static_libc<'f>(options: impl Iterator<Item = &'f str>) -> bool {
    let features = options.filter_map(|option| option.rsplit_once("target-feature=")).flat_map(|(_, features)| features.split(','));
    let asked = features.filter_map(|feature| feature.strip_suffix("crt-static"));
    asked.last() == Some("+")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_mention_of_static_libc_counts() {
        for (flags, expected) in [
            ("-Ctarget-feature=+crt-static", true),
            ("-C target-feature=+avx2,+crt-static", true),
            ("target-feature=+crt-static", true),
            ("-Ctarget-feature=+crt-static -C target-feature=-crt-static", false),
            ("-Ctarget-feature=+avx2", false),
            ("--cfg +crt-static", false),
            ("", false),
        ] {
            assert_eq!(is_static_libc(flags.split_whitespace()), expected, "{flags}");
        }
    }
}
