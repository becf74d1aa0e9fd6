//! Shared objects that hold Rust packages: rustc links them for `crate-type = ["dylib"]` and `-C prefer-dynamic`, and no manifest has them.

use crate::link::undefined;
use std::path::Path;

/// The first of these libraries that holds Rust packages. They are looked for where the linker found them.
pub fn first_of_rust<'l>(libraries: &'l [String], linker: &Path, arguments: &[String]) -> Option<&'l str> {
    let of_others = libraries.iter().filter(|library| !engraft::is_of_the_c_library(library.as_bytes()));
    let locate =
        |library: &String| if library.contains('/') { Some(library.into()) } else { undefined::locate(library, linker, arguments) };
    of_others.filter(|library| locate(library).is_some_and(|path| engraft::is_rust_library(&path))).map(String::as_str).next()
}
