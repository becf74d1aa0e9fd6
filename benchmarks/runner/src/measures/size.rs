//! `size`: the size of a plugin's file, as built and stripped.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::field::Field;
use crate::findings::{Findings, Row};
use crate::program;
use crate::samples::Samples;
use crate::unit::Unit;

/// The size limit of a stripped plugin, in bytes.
const SMALL: f64 = 60e3;
const HEAVY: f64 = 250e3;

pub(crate) fn take(field: &Field) -> Result<Findings> {
    let (mut built, mut stripped, mut heavy) = (Vec::new(), Vec::new(), Vec::new());
    for (contestant, of) in &field.present {
        built.push((contestant.name.to_owned(), one(size(&of.plugins[0])?)?));
        stripped.push((contestant.name.to_owned(), one(stripped_size(field, &of.plugins[0])?)?));
        if let Some(of) = &of.heavy {
            heavy.push((contestant.name.to_owned(), one(stripped_size(field, &of.plugin)?)?));
        }
    }
    let about = "The file of the plugin that does the three items of work.";
    let built = field.table("A plugin's file, as built", about, Unit::Size, built);
    let mut stripped = field.table("A plugin's file, stripped", about, Unit::Size, stripped);
    stripped.plot = Some("size");
    let heavy = field.table("A heavy plugin's file, stripped", "With an HTTP, TLS and SQL stack.", Unit::Size, heavy);
    let bars = vec![stripped.within("engraft", SMALL), heavy.within("engraft", HEAVY)];
    Ok(Findings { tables: vec![built, stripped, heavy], bars })
}

/// A row for a file's size as built, and one for its stripped size.
pub(super) fn rows(field: &Field, name: &str, file: &Path) -> Result<[Row; 2]> {
    let (built, stripped) = (one(size(file)?)?, one(stripped_size(field, file)?)?);
    Ok([Row { name: name.to_owned(), outcome: Ok(built) }, Row { name: format!("{name}, stripped"), outcome: Ok(stripped) }])
}

fn one(value: f64) -> Result<Samples> {
    Samples::new(vec![value]).context("nothing was measured")
}

fn size(file: &Path) -> Result<f64> {
    Ok(std::fs::metadata(file).with_context(|| format!("failed to read {}", file.display()))?.len() as f64)
}

/// Files that are not object files, such as wasm components, are not stripped.
fn stripped_size(field: &Field, file: &Path) -> Result<f64> {
    if !is_elf(file)? {
        return size(file);
    }
    let directory = field.scratch("stripped");
    std::fs::create_dir_all(&directory).with_context(|| format!("failed to make {}", directory.display()))?;
    let stripped: PathBuf = directory.join(file.file_name().unwrap_or_default());
    program::stdout_of(Command::new("strip").arg("-o").args([stripped.as_path(), file]))?;
    size(&stripped)
}

fn is_elf(file: &Path) -> Result<bool> {
    use std::io::Read;
    let mut magic = [0; 4];
    let mut opened = std::fs::File::open(file).with_context(|| format!("failed to open {}", file.display()))?;
    opened.read_exact(&mut magic).with_context(|| format!("failed to read {}", file.display()))?;
    Ok(magic == *b"\x7fELF")
}
