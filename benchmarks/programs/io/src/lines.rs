//! Writes a file and reads it line by line.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Result, Write};
use std::path::Path;

/// Returns the number of bytes in all lines, over all passes.
pub(crate) fn written_and_read(passes: u32) -> Result<usize> {
    let path = std::env::temp_dir().join(format!("engraft-benchmark-io-{}", std::process::id()));
    let total = (0..passes).try_fold(0, |total, _| {
        write(&path)?;
        Ok(total + read(&path)?)
    });
    std::fs::remove_file(&path)?;
    total
}

fn write(path: &Path) -> Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    for at in 0..20_000_u32 {
        writeln!(file, "{at}: a line of a file, not very long")?;
    }
    file.flush()
}

fn read(path: &Path) -> Result<usize> {
    BufReader::new(File::open(path)?).lines().try_fold(0, |total, line| Ok(total + line?.len()))
}
