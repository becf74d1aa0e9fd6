//! Runs everything: builds the contestants, runs the measures, and writes the page and its plots.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use crate::cli::Arguments;
use crate::contestant::Contestant;
use crate::field::Field;
use crate::findings::Findings;
use crate::page::Heading;
use crate::place::{Place, Profile};
use crate::{contestants, machine, measures, page, plot};

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("this crate is in no workspace")?.to_owned();
    let repository = root.parent().context("the workspace is in no repository")?.to_owned();
    let engraft = std::path::absolute(&arguments.engraft)?;
    let place = Place { repository, root, engraft, profile: Profile::Release };

    let field = Field::build(place, chosen(&arguments.with), arguments.quick);
    let (mut findings, mut failed) = (Findings::default(), Vec::new());
    for measure in
        measures::ALL.iter().filter(|measure| arguments.only.is_empty() || arguments.only.iter().any(|name| name == measure.name))
    {
        let start = Instant::now();
        eprintln!("measuring {}", measure.name);
        // Keep the results of the other measures if one fails.
        match (measure.take)(&field) {
            Ok(Findings { tables, bars }) => {
                findings.tables.extend(tables);
                findings.bars.extend(bars);
                eprintln!("measured {} in {:.1} s", measure.name, start.elapsed().as_secs_f64());
            }
            Err(error) => {
                eprintln!("failed to measure {}: {error:#}", measure.name);
                failed.push(measure.name);
            }
        }
    }
    // Only a full run replaces the page in the repository.
    let is_whole = arguments.is_whole() && failed.is_empty();
    let directory = if is_whole { field.place.root.clone() } else { field.place.root.join("target/part-of-a-run") };
    write(arguments, &field, &findings, &directory)?;
    ensure!(failed.is_empty(), "failed to measure {}", failed.join(", "));
    Ok(())
}

fn chosen(names: &[String]) -> Vec<&'static Contestant> {
    let is_chosen =
        |contestant: &&Contestant| names.is_empty() || contestant.name == "engraft" || names.iter().any(|name| name == contestant.name);
    contestants::ALL.iter().filter(is_chosen).collect()
}

fn write(arguments: &Arguments, field: &Field, findings: &Findings, directory: &Path) -> Result<()> {
    let plots = directory.join("plots");
    std::fs::create_dir_all(&plots).with_context(|| format!("failed to make {}", plots.display()))?;
    for table in &findings.tables {
        if let Some(name) = table.plot {
            plot::write(table, &plots.join(name).with_extension("svg"))?;
        }
    }
    let present = field.present.iter().map(|(contestant, _)| (contestant.name, contestant.way, None));
    let absent = field.absent.iter().map(|(contestant, why)| (contestant.name, contestant.way, Some(why.as_str())));
    let contestants: Vec<_> = present.chain(absent).collect();
    let heading = Heading { command: &arguments.as_typed(), facts: &machine::facts(field), contestants: &contestants };
    let file = directory.join("RESULTS.md");
    std::fs::write(&file, page::text(&heading, findings)).with_context(|| format!("failed to write {}", file.display()))?;
    for bar in &findings.bars {
        println!("{}: {}, {}: {}", bar.verdict(), bar.measure, bar.bar, bar.found);
    }
    println!("written: {}", file.display());
    Ok(())
}
