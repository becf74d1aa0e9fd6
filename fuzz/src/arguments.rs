//! The linker's arguments: what is written for the linker is read back as it was, and what is told of one is so.

use crate::linker_arguments::{Kind, expand, kind, output, parse_response, search_directories, write_response};
use std::ffi::OsString;
use std::path::Path;

/// Takes the bytes for a response file.
///
/// # Panics
///
/// Something does not hold.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let words = parse_response(&text);
    let written = write_response(&words);
    assert_eq!(parse_response(&written), words);
    assert!(written.len() <= 2 * text.len() + 3 * words.len(), "{} bytes for {}", written.len(), text.len());
    for word in &words {
        let extension = Path::new(word).extension();
        match kind(word) {
            Kind::Library(path) => assert!(path == Path::new(word) && extension.is_some_and(|extension| extension == "rlib")),
            Kind::Object(path) => assert!(path == Path::new(word) && extension.is_some_and(|extension| extension == "o")),
            Kind::Other => {}
        }
    }
    assert!(search_directories(&words).count() <= words.len());
    let follows = |path: &Path| words.windows(2).any(|pair| pair[0] == "-o" && Path::new(&pair[1]) == path);
    assert!(output(&words).is_none_or(|path| follows(&path)));
    // Those that name no response file stay what they are; a file is for the machine to have.
    let given: Vec<OsString> = words.iter().filter(|word| !word.starts_with('@')).map(OsString::from).collect();
    assert!(expand(&given).is_ok_and(|expanded| expanded.iter().map(OsString::from).eq(given.iter().cloned())));
}
