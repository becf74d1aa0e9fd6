//! Where the debug information of an object is that was stripped: the object's section `.gnu_debuglink` names a file beside it.

use crate::sys;
use engraft_manifest::{SECTION, parts_of_note};
use object::{Object, ObjectSection, ReadCache};
use std::fs::File;
use std::path::{Path, PathBuf};

/// The file that an object refers to, if it is of the same packages as the object: a newer one's lines would be wrong.
///
/// Of the section's checksum nothing is asked, because that takes reading all of a file that can be large.
pub(super) fn of(object: &Path) -> Option<PathBuf> {
    let (link, wanted) = with_file(object, |file| Some((file.gnu_debuglink().ok()??.0.to_owned(), record(file))))?;
    // The object's real place, for a program that is known as /proc/self/exe.
    let directory = object.canonicalize().ok()?.parent()?.to_owned();
    // A name, which `join` would take for more if it began with a slash.
    let name = Path::new(std::str::from_utf8(&link).ok()?).file_name()?;
    let places = [directory.join(name), directory.join(".debug").join(name)];
    places.into_iter().find(|place| with_file(place, |file| Some(record(file))).is_some_and(|known| known == wanted))
}

/// What a file's note says of its packages; nothing if Engraft did not link it. The digest differs from that of the stripped file.
fn record<'data>(file: &object::File<'data, &'data ReadCache<File>>) -> Option<Vec<u8>> {
    let section = file.section_by_name(SECTION)?;
    Some(parts_of_note(section.data().ok()?)?.1.to_vec())
}

/// Asks something of a file, of which no more is read than that takes.
fn with_file<T>(path: &Path, ask: impl for<'data> FnOnce(&object::File<'data, &'data ReadCache<File>>) -> Option<T>) -> Option<T> {
    let read = ReadCache::new(sys::open_file(path).ok()?.ok()?.0);
    let file = object::File::parse(&read).ok()?;
    ask(&file)
}
