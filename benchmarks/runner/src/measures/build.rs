//! `build`: the time that Engraft adds to building a whole workspace from an empty target directory.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result};

use crate::field::Field;
use crate::findings::{Findings, Row, Table};
use crate::program;
use crate::turns::{Turn, from_the_first};
use crate::unit::Unit;

const BAR: f64 = 1.1;
const WAYS: [&str; 2] = ["cargo engraft build", "cargo build"];

pub(crate) fn take(field: &Field) -> Result<Findings> {
    let workspace = if field.quick { "examples/hello" } else { "examples/gateway" };
    let manifest = field.place.repository.join(workspace).join("Cargo.toml");
    let target = field.scratch("build");
    let programs = [field.place.engraft.as_path(), Path::new("cargo")];
    let turns =
        WAYS.into_iter().zip(programs).map(|(way, program)| Turn::new(way, || clean(program::command(program), &manifest, &target)));
    let taken = from_the_first(turns.collect(), field.repetitions(2, 3))?;
    let table = Table {
        title: format!("Clean build of {workspace}"),
        about: "In release, from an empty target directory. `cargo build` makes the host and the plugins' libraries; \
                `cargo engraft build` links the plugins, too."
            .to_owned(),
        unit: Unit::Time,
        rows: taken.into_iter().map(|(name, mut columns)| Row { name, outcome: Ok(columns.swap_remove(0)) }).collect(),
        plot: None,
    };
    let bar = table.at_most(WAYS[0], BAR, WAYS[1]);
    Ok(Findings { tables: vec![table], bars: vec![bar] })
}

fn clean(mut command: Command, manifest: &Path, target: &Path) -> Result<Vec<f64>> {
    if target.exists() {
        std::fs::remove_dir_all(target).with_context(|| format!("failed to remove {}", target.display()))?;
    }
    command.env("CARGO_TARGET_DIR", target).args(["build", "--release", "--quiet", "--locked", "--manifest-path"]).arg(manifest);
    let start = Instant::now();
    program::stdout_of(&mut command)?;
    Ok(vec![start.elapsed().as_nanos() as f64])
}
