//! `host-run-time`: the cost of being a host for a program that does its own work and opens no plugin.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, ensure};

use crate::field::Field;
use crate::findings::{Findings, Row, Table};
use crate::program::{self, Program};
use crate::turns::{Turn, by_turns};
use crate::unit::Unit;

const BAR: f64 = 1.01;
const WAYS: [&str; 2] = ["engraft host", "plain release"];

/// The programs of the workspace, and what they do.
const PROGRAMS: [(&str, &str); 3] = [
    ("cpu", "A simulation in floating point, a search by regular expressions, SHA-256."),
    ("alloc", "Many small strings, vectors, boxes and tree nodes, which live for a short while."),
    ("io", "Messages over loopback by tasks of tokio, in one thread; lines of a file, written and read."),
];

pub(crate) fn take(field: &Field) -> Result<Findings> {
    let workspace = field.place.root.join("programs");
    for command in [program::command(&field.place.engraft), program::command(Path::new("cargo"))] {
        build(command, &workspace)?;
    }
    let mut findings = Findings::default();
    for (name, about) in PROGRAMS {
        let both = ["target/engraft/release", "target/release"].map(|outputs| Program::new(workspace.join(outputs).join(name)));
        let table = compare(field, name, about, &both)?;
        findings.bars.push(table.at_most(WAYS[0], BAR, WAYS[1]));
        findings.tables.push(table);
    }
    Ok(findings)
}

fn build(mut command: Command, workspace: &Path) -> Result<()> {
    command.args(["build", "--release", "--quiet", "--locked", "--manifest-path"]).arg(workspace.join("Cargo.toml"));
    program::stdout_of(&mut command).map(drop)
}

fn compare(field: &Field, name: &str, about: &str, both: &[Program; 2]) -> Result<Table> {
    let answers = [answer(&both[0])?, answer(&both[1])?];
    ensure!(answers[0] == answers[1], "`{name}` answers `{}` as a host, and `{}` without", answers[0], answers[1]);
    // The measure looks for differences of 1 %. The machine's own variations are larger and must cancel out.
    let turns = WAYS.into_iter().zip(both).map(|(way, program)| Turn::new(way, || ran(program)));
    let taken = by_turns(turns.collect(), field.repetitions(7, 41))?;
    Ok(Table {
        title: format!("Run time of a program, {name}"),
        about: format!("{about} Without starting the process; each in a fresh one."),
        unit: Unit::Time,
        rows: taken.into_iter().map(|(name, mut columns)| Row { name, outcome: Ok(columns.swap_remove(0)) }).collect(),
        plot: None,
    })
}

fn ran(program: &Program) -> Result<Vec<f64>> {
    Ok(vec![program::number(&run(program)?, "ran")?])
}

fn answer(program: &Program) -> Result<String> {
    Ok(program::values(&run(program)?, "answer").collect())
}

fn run(program: &Program) -> Result<String> {
    program::stdout_of(&mut program.command::<&str>([]))
}
