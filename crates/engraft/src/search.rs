//! Where a plugin is looked for: the path as given, or for a bare name the plugin directories.

use crate::sys;
use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

/// Directories, separated as in `PATH`, that are searched before `plugins/` beside the executable.
/// `cargo engraft test` sets it, because cargo decides where test executables stand.
const PLUGIN_PATH: &str = "ENGRAFT_PLUGIN_PATH";

/// The absolute paths at which a plugin may be, in order.
///
/// In a program with more rights than whoever started it (setuid) a bare name is nowhere. Whoever starts it chooses the environment, and with a
/// hard link of the program also the directory that it stands in: so the system's loader follows neither LD_LIBRARY_PATH nor `$ORIGIN` there.
pub(crate) fn candidates(asked: &Path) -> Vec<PathBuf> {
    if asked.is_absolute() {
        return vec![asked.to_owned()];
    }
    let absolute = |path: PathBuf| std::path::absolute(&path).unwrap_or(path);
    if !is_bare_name(asked) {
        return vec![absolute(asked.to_owned())];
    }
    if sys::is_privileged() {
        return Vec::new();
    }
    let given = std::env::var_os(PLUGIN_PATH).unwrap_or_default();
    let mut directories: Vec<PathBuf> = std::env::split_paths(&given).filter(|path| !path.as_os_str().is_empty()).collect();
    let executable = std::env::current_exe().ok();
    directories.extend(executable.iter().filter_map(|path| path.parent()).map(|directory| directory.join("plugins")));
    directories.into_iter().map(|directory| absolute(directory.join(file_name(asked)))).collect()
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
    fn a_name_gets_its_extension_once() {
        for (name, file) in [("filter", "filter.so"), ("filter.so", "filter.so"), ("v1.2", "v1.2.so"), ("größe", "größe.so")] {
            assert_eq!(file_name(Path::new(name)), Path::new(file));
        }
    }
}
