//! Where a plugin is looked for: the path as given, or for a bare name the plugin directories.

use crate::sys;
use std::ffi::OsStr;
use std::io;
use std::path::{Component, Path, PathBuf};

/// Directories, separated as in `PATH`, that are searched before those beside the executable.
const PLUGIN_PATH: &str = "ENGRAFT_PLUGIN_PATH";

/// Where a plugin may be.
pub(crate) struct Places {
    /// Absolute paths, in the order in which they are tried.
    pub(crate) tried: Vec<PathBuf>,
    /// Why the directories beside the executable are not among them, if it should be: the system does not say where the executable is.
    pub(crate) unknown_program: Option<io::Error>,
}

/// The places at which a plugin may be.
///
/// In a program with more rights than whoever started it (setuid) a bare name is nowhere. Whoever starts it chooses the environment, and with a
/// hard link of the program also the directory that it stands in: so the system's loader follows neither LD_LIBRARY_PATH nor `$ORIGIN` there.
pub(crate) fn places(asked: &Path) -> Places {
    let absolute = |path: PathBuf| std::path::absolute(&path).unwrap_or(path);
    let only = |path| Places { tried: vec![path], unknown_program: None };
    if asked.is_absolute() {
        return only(asked.to_owned());
    }
    if !is_bare_name(asked) {
        return only(absolute(asked.to_owned()));
    }
    if sys::is_privileged() {
        return Places { tried: Vec::new(), unknown_program: None };
    }
    let given = std::env::var_os(PLUGIN_PATH).unwrap_or_default();
    let directories = std::env::split_paths(&given).filter(|path| !path.as_os_str().is_empty());
    let mut tried: Vec<PathBuf> = directories.map(|directory| absolute(directory.join(file_name(asked)))).collect();
    let unknown_program = match std::env::current_exe() {
        Ok(executable) => {
            add_beside(&executable, asked, &mut tried);
            None
        }
        Err(error) => Some(error),
    };
    Places { tried, unknown_program }
}

/// Adds where a plugin may be for this executable: in `plugins/` beside it, where an installed program has its own, or where cargo puts
/// what it builds. It puts examples and tests one directory below programs and shared objects.
fn add_beside(executable: &Path, asked: &Path, tried: &mut Vec<PathBuf>) {
    let Some(directory) = executable.parent() else { return };
    tried.push(directory.join("plugins").join(file_name(asked)));
    let Some(library) = library_name(asked) else { return };
    tried.push(directory.join(&library));
    let is_below = directory.file_name().is_some_and(|name| name == "deps" || name == "examples");
    if let Some(above) = directory.parent().filter(|_| is_below) {
        tried.push(above.join(&library));
    }
}

/// What cargo calls the shared object of a package with this name. A file's name is not a package's.
fn library_name(name: &Path) -> Option<String> {
    let name = name.to_str().filter(|name| !name.ends_with(".so"))?;
    let mut library = String::new();
    for part in ["lib", name, ".so"] {
        for character in part.chars() {
            library.push(if character == '-' { '_' } else { character });
        }
    }
    Some(library)
}

/// Whether a path is only a name: `filter`, but not `./filter` nor `plugins/filter`.
fn is_bare_name(path: &Path) -> bool {
    let mut components = path.components();
    matches!((components.next(), components.next()), (Some(Component::Normal(_)), None)) && !path.to_string_lossy().ends_with('/')
}

/// The file of a plugin with this name. Names may have dots, so only `.so` counts as an extension.
fn file_name(name: &Path) -> PathBuf {
    if name.extension() == Some(OsStr::new("so")) {
        return name.to_owned();
    }
    let mut file = name.as_os_str().to_owned();
    file.push(".so");
    file.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_name_has_no_directory() {
        for (path, bare) in [
            ("filter", true),
            ("filter.so", true),
            ("v1.2", true),
            ("./filter", false),
            ("a/filter", false),
            ("/filter", false),
            ("..", false),
            ("filter/", false),
            ("", false),
        ] {
            assert_eq!(is_bare_name(Path::new(path)), bare, "{path}");
        }
    }

    #[test]
    fn plugins_are_found_where_cargo_puts_them() {
        let of = |directory: &str, name: &str| -> Vec<String> {
            let mut tried = Vec::new();
            add_beside(&Path::new(directory).join("program"), Path::new(name), &mut tried);
            tried.iter().map(|path| path.display().to_string()).collect()
        };
        assert_eq!(of("/t/debug", "my-filter"), ["/t/debug/plugins/my-filter.so", "/t/debug/libmy_filter.so"]);
        assert_eq!(
            of("/t/debug/deps", "filter"),
            ["/t/debug/deps/plugins/filter.so", "/t/debug/deps/libfilter.so", "/t/debug/libfilter.so"]
        );
        assert_eq!(of("/t/debug/examples", "filter")[1..], ["/t/debug/examples/libfilter.so", "/t/debug/libfilter.so"]);
        assert_eq!(of("/usr/bin", "filter.so"), ["/usr/bin/plugins/filter.so"]);
    }

    #[test]
    fn a_name_gets_its_extension_once() {
        for (name, file) in [("filter", "filter.so"), ("filter.so", "filter.so"), ("v1.2", "v1.2.so"), ("größe", "größe.so")] {
            assert_eq!(file_name(Path::new(name)), Path::new(file));
        }
    }
}
