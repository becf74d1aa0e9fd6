//! The name by which the crate that is being compiled knows engraft, from rustc's command line.
//!
//! A macro can't ask whether a path resolves, but it runs in rustc's process, whose arguments name every direct dependency with its file
//! (`--extern`, <https://doc.rust-lang.org/rustc/command-line-arguments.html#--extern-specify-where-an-external-library-is-located>). Other
//! programs that expand macros, such as rust-analyzer, have no such arguments.

use std::path::Path;

/// What the compiler's arguments say about engraft.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum KnownAs {
    /// It is a direct dependency of this name.
    Name(String),
    /// It is no direct dependency.
    Nothing,
    /// These are not the arguments of a compiler.
    Unknown,
}

/// Reads the arguments of this process.
pub(crate) fn of_this_compiler() -> KnownAs {
    read(std::env::args_os().filter_map(|argument| argument.into_string().ok()), |file| std::fs::read_to_string(file).ok())
}

/// Reads a compiler's arguments; `text_of` reads a file of arguments (`@file`), one on each line.
fn read(arguments: impl Iterator<Item = String>, text_of: impl Fn(&str) -> Option<String>) -> KnownAs {
    let (mut is_compiler, mut renamed, mut is_value) = (false, None, false);
    let lines = arguments.flat_map(|argument| match argument.strip_prefix('@').and_then(&text_of) {
        Some(text) => text.lines().map(str::to_owned).collect(),
        None => vec![argument],
    });
    for argument in lines {
        is_compiler |= argument == "--crate-name" || argument == "--extern";
        let value = if std::mem::take(&mut is_value) { Some(argument.as_str()) } else { argument.strip_prefix("--extern=") };
        is_value = argument == "--extern";
        // `priv:name=path`, of which only the name must be there.
        let Some((names, file)) = value.map(|value| value.split_once('=').unwrap_or((value, ""))) else { continue };
        let name = names.rsplit(':').next().unwrap_or(names);
        if name == "engraft" {
            return KnownAs::Name(name.to_owned());
        }
        if is_engraft(file) {
            renamed = Some(name.to_owned());
        }
    }
    match renamed {
        Some(name) => KnownAs::Name(name),
        None if is_compiler => KnownAs::Nothing,
        None => KnownAs::Unknown,
    }
}

/// Whether this is the file of the library engraft: `libengraft-0123456789abcdef.rmeta`.
fn is_engraft(file: &str) -> bool {
    let stem = Path::new(file).file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    stem == "libengraft" || stem.starts_with("libengraft-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn engraft_is_found_under_its_name_and_others() {
        let name = |name: &str| KnownAs::Name(name.to_owned());
        for (line, expected) in [
            ("rustc --crate-name p --extern engraft=/t/libengraft-1.rmeta --extern log=/t/liblog-2.rmeta", name("engraft")),
            ("rustc --crate-name p --extern log=/t/liblog-2.rmeta --extern=priv:grafting=/t/libengraft-1.rlib", name("grafting")),
            ("rustc --crate-name p --extern old=/t/libengraft-1.rmeta --extern engraft=/t/libengraft-2.rmeta", name("engraft")),
            ("rustc --crate-name p --extern engraft", name("engraft")),
            ("rustc --crate-name p --extern m=/t/libengraft_macros-1.so", KnownAs::Nothing),
            ("rustc --crate-name p --extern api=/t/libapi-1.rmeta", KnownAs::Nothing),
            ("rustc --crate-name p", KnownAs::Nothing),
            ("rustc @/t/arguments", name("g")),
            ("rustc @/t/absent --crate-name p", KnownAs::Nothing),
            ("rust-analyzer proc-macro", KnownAs::Unknown),
            ("", KnownAs::Unknown),
        ] {
            let text_of = |file: &str| (file == "/t/arguments").then(|| "--extern\ng=/t/libengraft-1.rlib\n".to_owned());
            assert_eq!(read(line.split_whitespace().map(str::to_owned), text_of), expected, "{line}");
        }
    }
}
