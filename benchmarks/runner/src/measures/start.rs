//! `start`: the cost of being a host, in start time and file size.

use std::process::Stdio;
use std::time::Instant;

use anyhow::{Result, ensure};

use super::size;
use crate::field::Field;
use crate::findings::{Findings, Row, Table};
use crate::heavy;
use crate::program::{self, Program};
use crate::turns::{Turn, by_turns};
use crate::unit::Unit;

const BAR: f64 = 1.2;

pub(crate) fn take(field: &Field) -> Result<Findings> {
    program::stdout_of(&mut field.place.cargo("build", &["engraft-host"]))?;
    let plain = Program::new(field.place.output("", "engraft-host"));
    let mut findings = Findings::default();
    compare(field, "a small host", &field.engraft()?.host, &plain, &mut findings)?;
    if let Some(of) = &field.engraft()?.heavy {
        compare(field, "a heavy host", &of.host, &heavy::plain(&field.place)?, &mut findings)?;
    }
    Ok(findings)
}

/// The same program, linked by Engraft and by cargo.
fn compare(field: &Field, which: &str, engraft: &Program, plain: &Program, findings: &mut Findings) -> Result<()> {
    let both = [("engraft host", engraft), ("plain release", plain)];
    let turns = both.map(|(name, program)| Turn::new(name, move || started(program)));
    let taken = by_turns(turns.into(), field.repetitions(31, 301))?;
    let start = Table {
        title: format!("Start of {which}"),
        about: "From before the program is started until its end is known; it does nothing in between.".to_owned(),
        unit: Unit::Time,
        rows: taken.into_iter().map(|(name, mut columns)| Row { name, outcome: Ok(columns.swap_remove(0)) }).collect(),
        plot: None,
    };
    findings.bars.push(start.at_most(both[0].0, BAR, both[1].0));
    let mut rows = Vec::new();
    for (name, program) in both {
        rows.extend(size::rows(field, name, &program.path)?);
    }
    let about = "A host has every package whole, and says which.".to_owned();
    findings.tables.extend([start, Table { title: format!("Size of {which}"), about, unit: Unit::Size, rows, plot: None }]);
    Ok(())
}

fn started(program: &Program) -> Result<Vec<f64>> {
    let mut command = program.command(["start"]);
    command.stdout(Stdio::null());
    let start = Instant::now();
    let status = command.status()?;
    let taken = start.elapsed();
    ensure!(status.success(), "{} failed with {status}", program.path.display());
    Ok(vec![taken.as_nanos() as f64])
}
