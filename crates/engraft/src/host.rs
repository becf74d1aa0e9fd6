//! This program's own manifest, which its linker put into it.

use crate::{OpenError, sys};
use engraft_manifest::{Manifest, NOTE_HEADER, note_len, record_of_note};
use std::sync::OnceLock;

/// The symbol that the linker driver puts on a host's note.
const NOTE: &std::ffi::CStr = c"engraft_host_note";

/// The manifest of the running program.
pub(crate) fn manifest() -> Result<&'static Manifest<'static>, OpenError> {
    static MANIFEST: OnceLock<Option<Manifest<'static>>> = OnceLock::new();
    if !sys::SUPPORTED {
        return Err(OpenError::UnsupportedPlatform);
    }
    MANIFEST.get_or_init(|| Manifest::decode(record_of_note(note()?)?).ok()).as_ref().ok_or(OpenError::HostNotLinked)
}

/// The note's bytes, where the loader mapped them.
fn note() -> Option<&'static [u8]> {
    let start = sys::own_symbol(NOTE)?;
    // SAFETY: Engraft's linker defines this symbol, on a note: it begins with a header of this size, in
    // memory that is mapped for as long as the executable is and never written.
    let header = unsafe { start.cast::<[u8; NOTE_HEADER]>().read() };
    // SAFETY: as above; the header says how long the whole note is.
    Some(unsafe { std::slice::from_raw_parts(start.as_ptr(), note_len(header)) })
}
