//! How large a plugin's file is.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::figure::{Figure, Unit};
use crate::process;

/// In KB, for the file as it is built and without what only debuggers read.
const BAR: f64 = 100.0;

pub(super) fn measure(plugin: &Path) -> Result<Vec<Figure>> {
    let stripped = plugin.with_extension("stripped");
    process::check(Command::new("strip").arg("-o").args([&stripped, plugin]))?;
    let figures = [("as built", plugin), ("stripped", &stripped)].into_iter().map(|(how, file)| figure(plugin, how, file)).collect();
    std::fs::remove_file(&stripped).with_context(|| format!("failed to remove {}", stripped.display()))?;
    figures
}

fn figure(plugin: &Path, how: &str, file: &Path) -> Result<Figure> {
    let bytes = std::fs::metadata(file).with_context(|| format!("failed to read {}", file.display()))?.len();
    let name = plugin.file_name().unwrap_or_default().to_string_lossy();
    Ok(Figure {
        name: format!("size of {name}, {how}"),
        value: bytes as f64 / 1000.0,
        unit: Unit::Kilobytes,
        bar: Some(BAR),
        from: format!("{bytes} bytes"),
    })
}
