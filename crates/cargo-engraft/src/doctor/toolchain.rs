//! B12: checks that the workspace is pinned to one compiler.

use super::finding::Finding;
use super::output::Output;

/// How the workspace selects its compiler.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pin {
    /// It has no toolchain file.
    Missing,
    /// It allows any compiler, because host and plugins are always built together (`toolchain = "any"` in `[workspace.metadata.engraft]`).
    NotMeant,
    /// It has a toolchain file.
    File { path: String, text: String },
}

/// Checks the pin and the compilers of the outputs. `active` is the version line of the compiler in use, `channel` its name in rustup, if any.
#[must_use]
pub fn check(pin: &Pin, active: &str, channel: Option<&str>, outputs: &[Output]) -> Vec<Finding> {
    let mend = match channel {
        Some(channel) => format!("write `[toolchain]` and `channel = \"{channel}\"` into rust-toolchain.toml beside Cargo.toml"),
        None => "build host and plugins on one machine with this compiler: rustup has no name for it".to_owned(),
    };
    let pinned = match pin {
        Pin::NotMeant => None,
        Pin::Missing => Some(Finding::new("B12", "no rust-toolchain.toml pins the compiler for host and plugins", mend.as_str())),
        Pin::File { path, text } => match channel_in(text) {
            Some(named) if is_exact(&named) => None,
            Some(named) => {
                let what = format!("the toolchain `{named}` is not always the same compiler");
                Some(Finding::new("B12", what, mend.as_str()).at(path))
            }
            // A toolchain by path can be any compiler.
            None => Some(Finding::new("B12", "the toolchain file has no channel", mend.as_str()).at(path)),
        },
    };
    let of_another = outputs.iter().filter(|output| output.compiler != active).map(|output| {
        let what = format!("`{}` was built by {}, but {active} is in use", output.name, output.compiler);
        Finding::new("B12", what, "run `cargo engraft build`, and distribute host and plugins together").at(&output.path)
    });
    pinned.into_iter().chain(of_another).collect()
}

/// The channel in a toolchain file: TOML, or only the name in the legacy format.
fn channel_in(text: &str) -> Option<String> {
    match text.parse::<toml::Table>() {
        Ok(table) => table.get("toolchain")?.get("channel")?.as_str().map(str::to_owned),
        Err(_) => Some(text.trim().to_owned()).filter(|name| !name.is_empty() && !name.contains(char::is_whitespace)),
    }
}

/// Whether a channel always is the same compiler: a full version or a date.
fn is_exact(channel: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let mut parts = channel.split('-');
    let first = parts.next().unwrap_or_default();
    match first {
        "nightly" | "beta" | "stable" => parts.take(3).filter(|part| is_number(part)).count() == 3,
        version => version.split('.').count() == 3 && version.split('.').all(is_number),
    }
}

#[cfg(test)]
mod tests {
    use super::super::output::sample::output;
    use super::*;
    use engraft_manifest::Role;

    #[test]
    fn only_exact_channel_is_a_pin() {
        let table = [
            (None, 1),
            (Some("[toolchain]\nchannel = \"1.95.0\""), 0),
            (Some("[toolchain]\nchannel = \"1.95.0-x86_64-unknown-linux-gnu\""), 0),
            (Some("[toolchain]\nchannel = \"1.96.0-beta.3\""), 0),
            (Some("[toolchain]\nchannel = \"nightly-2026-05-14\""), 0),
            (Some("1.95.0\n"), 0),
            (Some("[toolchain]\nchannel = \"1.95\""), 1),
            (Some("[toolchain]\nchannel = \"stable\""), 1),
            (Some("[toolchain]\nchannel = \"nightly-x86_64-unknown-linux-gnu\""), 1),
            (Some("[toolchain]\npath = \"/opt/rust\""), 1),
            (Some("stable"), 1),
            (Some(""), 1),
        ];
        for (text, count) in table {
            let pin = text.map_or(Pin::Missing, |text| Pin::File { path: "/w/rust-toolchain.toml".into(), text: text.into() });
            let found = check(&pin, "rustc 1.95.0 (abc)", Some("1.95.0"), &[]);
            assert_eq!(found.len(), count, "{text:?}: {found:?}");
            assert!(found.iter().all(|finding| finding.mend.contains("channel = \"1.95.0\"")), "{found:?}");
        }
    }

    #[test]
    fn outputs_of_another_compiler_are_found() {
        let pin = Pin::NotMeant;
        let mut host = output(Role::Host, "host", vec![]);
        assert_eq!(check(&pin, &host.compiler, None, &[host.clone()]), []);
        host.compiler = "rustc 1.94.0 (def)".into();
        let found = check(&pin, "rustc 1.95.0 (abc)", None, &[host]);
        assert_eq!(found[0].what, "`host` was built by rustc 1.94.0 (def), but rustc 1.95.0 (abc) is in use");
    }
}
