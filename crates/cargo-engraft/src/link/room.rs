//! Whether a linker failed for want of room on the disk. One that maps its output, as lld does, can't say so: the system ends it by a
//! signal when there is no room for a page that it writes.

use anyhow::{Context, Result};
use std::fs::File;
use std::io;
use std::path::Path;

/// How C compilers tell that the signal was `SIGBUS`.
const WORDS: [&str; 2] = ["Bus error", "signal 7"];

/// After a link that failed: the error if there was no room, given what the linker said. `scratch` is on the same disk as `output`.
///
/// No linked file is larger than what it was linked from: if there is room for that, it was something else.
pub fn check(said: &[u8], scratch: &Path, output: &Path, planned: &[String]) -> Result<()> {
    let said = String::from_utf8_lossy(said);
    if !WORDS.iter().any(|words| said.contains(words)) {
        return Ok(());
    }
    let inputs = planned.iter().filter_map(|argument| std::fs::metadata(argument).ok()).filter(|data| data.is_file());
    let probe = scratch.join("room");
    let filled = fill(&probe, inputs.map(|data| data.len()).sum());
    // What follows is an error in any case.
    let _ = std::fs::remove_file(&probe);
    filled.with_context(|| {
        let directory = output.parent().unwrap_or(output).display();
        format!("the linker could not write {}\nhelp: make room: `df {directory}` tells how much there is", output.display())
    })
}

fn fill(path: &Path, len: u64) -> io::Result<()> {
    io::copy(&mut io::Read::take(io::repeat(0), len), &mut File::create(path)?)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_linker_that_failed_for_other_reasons_had_room() {
        let scratch = tempfile::tempdir().unwrap();
        let (output, object) = (Path::new("/out/host"), scratch.path().join("a.o"));
        std::fs::write(&object, [0; 5000]).unwrap();
        let planned = [object.display().to_string(), "-lc".to_owned()];
        for said in ["ld.lld: error: undefined symbol: f", "collect2: fatal error: ld terminated with signal 7 [Bus error]"] {
            check(said.as_bytes(), scratch.path(), output, &planned).unwrap();
        }
        assert!(!scratch.path().join("room").exists());
        // Where there is no directory there is no room.
        let nowhere = scratch.path().join("nowhere");
        let error = check(b"Bus error", &nowhere, output, &planned).unwrap_err();
        assert_eq!(error.to_string(), "the linker could not write /out/host\nhelp: make room: `df /out` tells how much there is");
        check(b"", &nowhere, output, &planned).unwrap();
    }
}
