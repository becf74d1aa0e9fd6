//! How long it takes to link one plugin: a build that has only that to do, less one that has nothing to do.

use std::time::Instant;

use anyhow::{Context, Result};

use super::Built;
use super::figure::{Figure, Unit};
use super::samples::Samples;
use crate::engraft::Engraft;
use crate::process;

/// In seconds.
const BAR: f64 = 0.3;
const REPETITIONS: usize = 11;

pub(super) fn measure(engraft: &Engraft, workspace: &Built, plugin: &str) -> Result<Vec<Figure>> {
    let file = workspace.plugin(plugin);
    let (mut idle, mut linking) = (Vec::new(), Vec::new());
    for _ in 0..REPETITIONS {
        std::fs::remove_file(&file).with_context(|| format!("failed to remove {}", file.display()))?;
        linking.push(seconds(engraft, workspace)?);
        idle.push(seconds(engraft, workspace)?);
    }
    let samples = |values| Samples::new(values).context("nothing was measured");
    let (idle, linking) = (samples(idle)?, samples(linking)?);
    let figure = |name: String, value, bar, from| Figure { name, value, unit: Unit::Seconds, bar, from };
    let name = workspace.name;
    Ok(vec![
        figure(
            format!("link of {plugin}.so, {name}"),
            linking.median() - idle.median(),
            Some(BAR),
            format!("{}, less the next line, {REPETITIONS} builds", linking.show("s", 2)),
        ),
        figure(format!("build with nothing to do, {name}"), idle.median(), None, idle.show("s", 2)),
    ])
}

fn seconds(engraft: &Engraft, workspace: &Built) -> Result<f64> {
    let mut command = workspace.build(engraft);
    let start = Instant::now();
    process::check(&mut command)?;
    Ok(start.elapsed().as_secs_f64())
}
