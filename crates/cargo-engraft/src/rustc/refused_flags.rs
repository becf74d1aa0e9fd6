//! Compiler flags with which no host and no plugin can be built, refused before anything is compiled with them.

use super::arguments::Arguments;
use crate::link::binding::{self, Makes};
use anyhow::Result;

/// Why these flags can't be used; none if they can.
///
/// # Errors
///
/// A response file that a flag names can't be read.
pub fn reason(flags: &Arguments) -> Result<Option<String>> {
    // Without a value it means yes.
    let prefers_dynamic = flags.codegen.iter().rev().find_map(|option| option.strip_prefix("prefer-dynamic"));
    if prefers_dynamic.is_some_and(|value| !matches!(value, "=no" | "=n" | "=off" | "=false")) {
        return Ok(Some(
            "`-C prefer-dynamic` puts Rust packages into shared objects (`libstd-….so`), where Engraft can't tell whether host and plugin \
             have the same\nhelp: remove the flag: `cargo engraft build` already links plugins without copies of the host's packages"
                .to_owned(),
        ));
    }
    if is_static_libc(flags.codegen.iter().cloned()) {
        return Ok(Some(
            "`-C target-feature=+crt-static` makes a program without the dynamic loader, which can't open plugins\nhelp: remove the flag"
                .to_owned(),
        ));
    }
    let given = flags.codegen.iter().flat_map(|option| match option.split_once('=') {
        Some(("link-arg", argument)) => vec![argument.to_owned()],
        Some(("link-args", arguments)) => arguments.split_whitespace().map(str::to_owned).collect(),
        _ => Vec::new(),
    });
    let checked = binding::check(&given.collect::<Vec<_>>(), Makes::Host)?;
    let refused = checked
        .refused
        .first()
        .map(|refused| format!("the linker flag `{}`: with it {}\nhelp: remove the flag", refused.flag, refused.because));
    Ok(refused)
}

/// Whether these `-C` options ask for a C library that is linked statically. The last mention of it counts.
pub fn is_static_libc(codegen: impl Iterator<Item = String>) -> bool {
    let features: Vec<String> = codegen.filter_map(|option| Some(option.strip_prefix("target-feature=")?.to_owned())).collect();
    features.iter().flat_map(|features| features.split(',')).filter_map(|feature| feature.strip_suffix("crt-static")).next_back()
        == Some("+")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_refused_in_every_spelling() {
        for (line, word) in [
            ("-C prefer-dynamic", "prefer-dynamic"),
            ("-Cprefer-dynamic=yes", "prefer-dynamic"),
            ("--codegen prefer-dynamic", "prefer-dynamic"),
            ("-C prefer-dynamic=no -Cprefer-dynamic", "prefer-dynamic"),
            ("-Ctarget-feature=+avx2,+crt-static", "crt-static"),
            ("-Ctarget-feature=+crt-static -Ctarget-feature=+avx2", "crt-static"),
            ("-C link-arg=-static", "`-static`"),
            ("-Clink-args=-lz\u{a0}-static-pie", "`-static-pie`"),
            ("-Clink-arg=-Wl,-Bstatic", "`-Bstatic`"),
            ("-Cprefer-dynamic -Cprefer-dynamic=no", ""),
            ("-Ctarget-feature=+crt-static -Ctarget-feature=-crt-static", ""),
            ("-C link-arg=-Wl,-Bsymbolic -Copt-level=3 -C link-arg=-static-libgcc", ""),
        ] {
            let line: Vec<String> = line.split(' ').map(|word| word.replace('\u{a0}', " ")).collect();
            let reason = reason(&Arguments::parse(&line)).unwrap();
            assert_eq!(reason.is_some(), !word.is_empty(), "{line:?}");
            assert!(reason.unwrap_or_default().contains(word), "{line:?}");
        }
    }
}
