//! The name by which the crate that is being compiled knows engraft, from rustc's command line.

use crate::rustc_arguments::RustcArguments;
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

/// The name, from the arguments of this process.
pub(crate) fn of_this_compiler() -> KnownAs {
    known_as(RustcArguments::this())
}

fn known_as(arguments: &RustcArguments) -> KnownAs {
    let externs = &arguments.externs;
    let by_name = externs.iter().find(|dependency| dependency.name == "engraft");
    let renamed = || externs.iter().rfind(|dependency| dependency.file.as_deref().is_some_and(is_engraft));
    match by_name.or_else(renamed) {
        Some(engraft) => KnownAs::Name(engraft.name.clone()),
        None if arguments.is_compiler => KnownAs::Nothing,
        None => KnownAs::Unknown,
    }
}

/// Whether this is the file of the library engraft: `libengraft-0123456789abcdef.rmeta`.
fn is_engraft(file: &Path) -> bool {
    let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    stem == "libengraft" || stem.starts_with("libengraft-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rustc_arguments::tests::parse;

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
            ("rust-analyzer proc-macro", KnownAs::Unknown),
            ("", KnownAs::Unknown),
        ] {
            assert_eq!(known_as(&parse(line)), expected, "{line}");
        }
    }
}
